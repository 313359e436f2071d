// Compiles the circuits: node circuits/build.mjs [circuit …]. The same source gives the same constraint system, byte for byte,
// and manifest.json says which. Nothing is written outside circuits/out.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);

export const CIRCUITS_FOLDER = dirname(fileURLToPath(import.meta.url));
export const OUT = join(CIRCUITS_FOLDER, 'out');
export const CIRCUITS = ['bound', 'bound-revocable', 'member', 'same-holder'];

export const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

/**
 * Compiles one circuit into a folder of its own and returns the paths of the results.
 * The compiler runs in WebAssembly, sees no folder above its own and follows no symbolic links, and npm may have linked
 * circomlib: sources are copied.
 */
export async function compile(circuit, { folder = join(OUT, circuit), source = CIRCUITS_FOLDER, wasm = true } = {}) {
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });
	const circomlib = dirname(require.resolve('circomlib/package.json'));
	cpSync(join(circomlib, 'circuits'), join(folder, 'circomlib'), { recursive: true, dereference: true });
	cpSync(join(source, 'lib'), join(folder, 'lib'), { recursive: true });
	cpSync(join(source, `${circuit}.circom`), join(folder, `${circuit}.circom`));
	const cli = require.resolve('circom2/cli.js');
	await run(process.execPath, [cli, `${circuit}.circom`, '--r1cs', '--sym', ...(wasm ? ['--wasm'] : []), '--O2', '-l', 'circomlib', '-o', '.'], folder);
	return {
		r1cs: join(folder, `${circuit}.r1cs`),
		sym: join(folder, `${circuit}.sym`),
		wasm: join(folder, `${circuit}_js`, `${circuit}.wasm`),
	};
}

function run(command, args, cwd) {
	return new Promise((resolve, reject) => {
		const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
		let output = '';
		for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data));
		child.on('error', reject);
		child.on('close', (code) => (code === 0 ? resolve(output) : reject(new Error(`circom ended with ${code}:\n${output}`))));
	});
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const chosen = process.argv.slice(2);
	for (const circuit of chosen.length > 0 ? chosen : CIRCUITS) {
		const { r1cs, wasm } = await compile(circuit);
		process.stdout.write(`${circuit}  r1cs ${sha256(readFileSync(r1cs))}  wasm ${sha256(readFileSync(wasm))}\n`);
	}
}
