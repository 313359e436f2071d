import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemRandom } from '@holdfast/kernel';
import { type BenchRow, benchReport, measure } from '@holdfast/testkit';
import { artifactsInFolder, fastEngine } from '@holdfast/zk';
import { test } from 'vitest';
import { attestedInputs, openedProver, ROOT } from './attested-fixture.node.ts';

const ROUNDS = Number(process.env.HOLDFAST_BENCH_ROUNDS ?? 10);

/** Milliseconds of processor time, with those of processes that have ended; of this process alone where there is no /proc. */
function processor(): number {
	const { user, system } = process.cpuUsage();
	let children = 0;
	try {
		// Fields 16 and 17 of proc_pid_stat(5), in hundredths of a second; the name in field 2 may hold spaces.
		const [u = 0, s = 0] = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]?.split(' ').slice(13, 15).map(Number) ?? [];
		children = (u + s) * 10;
	} catch {
		// Another system.
	}
	return (user + system) / 1000 + children;
}

/** UltraHonk beside Groth16 on one statement about one attestation, in turns, both warm; the native prover is a new process each time, as in the app. */
test('over 18 by attestation, two engines', { timeout: 1_800_000 }, async () => {
	const prover = await openedProver();
	const engine = fastEngine({ artifacts: await artifactsInFolder(join(ROOT, 'circuits'), { production: false }), random: systemRandom });
	const inputs = attestedInputs();
	const runs = [
		{ what: 'Groth16', run: (): Promise<unknown> => engine.prove('bound', inputs), wall: [] as number[], cpu: [] as number[] },
		{ what: 'UltraHonk', run: (): Promise<unknown> => prover.prove('bound', inputs), wall: [] as number[], cpu: [] as number[] },
	];
	for (const { run } of runs) for (let i = 0; i < 2; i++) await run();
	for (let round = 0; round < ROUNDS; round++) {
		for (const { run, wall, cpu } of runs) {
			const [start, used] = [performance.now(), processor()];
			await run();
			wall.push(performance.now() - start);
			cpu.push(processor() - used);
		}
	}
	const { publicSignals, proof } = await prover.prove('bound', inputs);
	benchReport(
		'Over 18 by attestation, two engines',
		[
			...runs.flatMap(({ what, wall, cpu }): BenchRow[] =>
				(['wall', 'processor'] as const).map((part) => ({
					what: `prove, ${what}, ${part}`,
					times: part === 'wall' ? wall : cpu,
					...(what === 'Groth16' ? {} : { beside: `prove, Groth16, ${part}` }),
				})),
			),
			{ what: 'verify, UltraHonk', times: await measure(ROUNDS, () => prover.verify('bound', publicSignals, proof)) },
		],
		{ 'proof, bytes': Math.floor((proof.length * 3) / 4) },
	);
	await prover.close();
	await engine.close();
});
