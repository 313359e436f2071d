import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CIRCUITS, CIRCUITS_FOLDER, compile, OUT } from '../build.mjs';

export const COMPILED = join(OUT, 'test');
/** Small circuits over single templates. */
export const PARTS = ['between3', 'between27', 'between48', 'eddsa'] as const;

/** Compiles every circuit from its source, anew: what the tests look at is never an old one. Only `bound` and the parts as programs too. */
export default async function setup(): Promise<void> {
	const parts = join(COMPILED, 'sources');
	rmSync(parts, { recursive: true, force: true });
	mkdirSync(parts, { recursive: true });
	cpSync(join(CIRCUITS_FOLDER, 'lib'), join(parts, 'lib'), { recursive: true });
	for (const part of PARTS) copyFileSync(join(CIRCUITS_FOLDER, 'test', 'circuits', `${part}.circom`), join(parts, `${part}.circom`));
	const jobs = [
		...CIRCUITS.map((circuit) => () => compile(circuit, { folder: join(COMPILED, circuit), wasm: circuit === 'bound' })),
		...PARTS.map((part) => () => compile(part, { folder: join(COMPILED, part), source: parts })),
	];
	const next = async (): Promise<void> => {
		for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) await job();
	};
	await Promise.all([next(), next()]);
}

export const compiled = (circuit: string): { readonly r1cs: string; readonly sym: string; readonly wasm: string } => {
	const file = (name: string): string => join(COMPILED, circuit, name);
	return { r1cs: file(`${circuit}.r1cs`), sym: file(`${circuit}.sym`), wasm: file(join(`${circuit}_js`, `${circuit}.wasm`)) };
};

export const readCompiledWasm = (circuit: string): Uint8Array => new Uint8Array(readFileSync(compiled(circuit).wasm));
