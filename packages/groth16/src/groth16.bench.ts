import { systemRandom } from '@holdfast/kernel';
import { curves, groth16 } from 'snarkjs';
import { test } from 'vitest';
import { fixture, inMemory } from '../test/fixtures.ts';
import { EXAMPLE, signedClaimInput } from '../test/signed-claim.ts';
import { createProver, createVerifier, loadProvingKey } from './index.ts';

/**
 * This prover beside snarkjs, from inputs to proof, both warm, same key and circuit, in turns, so that what else the
 * machine does weighs on all alike. Prints wall and processor time (all threads), p50 and p95, memory, and ratios of the
 * medians. `HOLDFAST_BENCH_ROUNDS` sets the rounds (default 12).
 */
const ROUNDS = Number(process.env.HOLDFAST_BENCH_ROUNDS ?? 12);

const print = (line: string): void => {
	process.stdout.write(`${line}\n`);
};
const at = (values: number[], part: number): number => [...values].sort((a, b) => a - b)[Math.ceil(values.length * part) - 1] ?? 0;
const ms = (value: number): string => `${value.toFixed(0).padStart(6)} ms`;

/** The most that the process's memory grows, in MB, while something runs. */
async function growth(run: () => Promise<unknown>): Promise<number> {
	const start = process.memoryUsage.rss();
	let most = start;
	const look = (): void => {
		most = Math.max(most, process.memoryUsage.rss());
	};
	const watch = setInterval(look, 10);
	await run();
	look();
	clearInterval(watch);
	return (most - start) / 2 ** 20;
}

test('proving', { timeout: 1_800_000 }, async () => {
	const zkey = fixture('signed-claim.zkey');
	const calculator = fixture('signed-claim.wasm');
	const inputs = signedClaimInput(EXAMPLE);
	const options = { random: systemRandom, calculator };
	const three = async (prove: () => Promise<unknown>): Promise<void> => {
		for (let i = 0; i < 3; i++) await prove();
	};

	// Keys of their own: a key serves one prover, and keeps its tables.
	const started = performance.now();
	const key = loadProvingKey(zkey);
	const loaded = performance.now() - started;
	const plain = createProver(key, options);
	const single = createProver(loadProvingKey(zkey), { ...options, workers: 1 });
	const tabledKey = loadProvingKey(zkey);
	const tabled = createProver(tabledKey, options);
	const snarkjs = (): Promise<unknown> => groth16.fullProve(inputs, inMemory(calculator), inMemory(zkey));

	const size = tabledKey.parts.arena.used;
	await tabled.prepareTables();
	const tables = (tabledKey.parts.arena.used - size) / 2 ** 20;
	const memory = {
		plain: await growth(() => three(() => plain.prove({ inputs }))),
		snarkjs: await growth(() => three(snarkjs)),
	};
	const runs: [string, () => Promise<unknown>][] = [
		['snarkjs', snarkjs],
		['2 threads, tables', () => tabled.prove({ inputs })],
		['2 threads', () => plain.prove({ inputs })],
		['1 thread', () => single.prove({ inputs })],
	];
	for (const [, run] of runs) await three(run);

	const wall = runs.map((): number[] => []);
	const processor = runs.map((): number[] => []);
	for (let round = 0; round < ROUNDS; round++) {
		for (const [i, [, run]] of runs.entries()) {
			const [start, cpu] = [performance.now(), process.cpuUsage()];
			await run();
			wall[i]?.push(performance.now() - start);
			const used = process.cpuUsage(cpu);
			processor[i]?.push((used.user + used.system) / 1000);
		}
	}
	print(`\n${key.variables} signals, domain ${key.domainSize}; ${ROUNDS} rounds; key loaded in ${loaded.toFixed(0)} ms`);
	print('                     wall p50   wall p95   cpu p50    of snarkjs: wall   cpu');
	for (const [i, [name]] of runs.entries()) {
		const [w, c] = [wall[i] as number[], processor[i] as number[]];
		const ratio = (mine: number[], theirs: number[]): string => (at(mine, 0.5) / at(theirs, 0.5)).toFixed(2).padStart(6);
		print(
			`${name.padEnd(19)}${ms(at(w, 0.5))}  ${ms(at(w, 0.95))}  ${ms(at(c, 0.5))}        ${ratio(w, wall[0] as number[])}       ${ratio(c, processor[0] as number[])}`,
		);
	}
	print(`memory: 2 threads +${memory.plain.toFixed(0)} MB, their tables +${tables.toFixed(0)} MB, snarkjs +${memory.snarkjs.toFixed(0)} MB`);

	const { proof, publicSignals } = await tabled.prove({ inputs });
	const verifier = createVerifier(key.verificationKey);
	const verification = [0, 1].map((): number[] => []);
	for (let round = 0; round < ROUNDS; round++) {
		const start = performance.now();
		verifier(publicSignals, proof);
		const middle = performance.now();
		await groth16.verify(key.verificationKey, publicSignals, proof);
		verification[0]?.push(middle - start);
		verification[1]?.push(performance.now() - middle);
	}
	print(`verify: here ${ms(at(verification[0] as number[], 0.5)).trim()}, snarkjs ${ms(at(verification[1] as number[], 0.5)).trim()}`);

	await Promise.all([plain, single, tabled].map((prover) => prover.close()));
	await (await curves.getCurveFromName('bn128')).terminate();
});
