import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { systemRandom } from '@holdfast/kernel';
import { type BenchRow, benchReport, measure } from '@holdfast/testkit';
import { curves, groth16 } from 'snarkjs';
import { test } from 'vitest';
import { semaphoreArtifactsInFolder } from './artifacts-folder.node.ts';
import { SemaphoreGroup, TREE_DEPTH } from './group.ts';
import { deriveIdentity } from './identity.ts';
import { createSemaphoreProver } from './prover.node.ts';
import { hashOfValue } from './values.ts';
import { createSemaphoreVerifier } from './verify.ts';

const FOLDER = fileURLToPath(new URL('../../../circuits/semaphore/', import.meta.url));
const ROUNDS = Number(process.env.HOLDFAST_BENCH_ROUNDS ?? 10);

/**
 * The wallet's prover beside `snarkjs.groth16.fullProve` on the same files, which is all that `generateProof` of
 * @semaphore-protocol/proof does between hashing its arguments and packing the points. In turns, so that what else the machine does
 * weighs on both alike.
 */
test('anonymous membership', { timeout: 1_800_000 }, async () => {
	const artifacts = await semaphoreArtifactsInFolder(FOLDER);
	const identity = deriveIdentity(new Uint8Array(32).fill(7), 'bench');
	const others = Array.from({ length: 1000 }, (_, i) => BigInt(i + 1));
	const group = new SemaphoreGroup([...others, identity.commitment]);
	const [message, scope] = [1n, 2n];
	const path = group.path(identity.commitment);
	const inputs = {
		secret: identity.secretScalar.reveal(),
		merkleProofLength: path.siblings.length,
		merkleProofIndex: path.index,
		merkleProofSiblings: Array.from({ length: TREE_DEPTH }, (_, i) => path.siblings[i] ?? 0n),
		scope: hashOfValue(scope),
		message: hashOfValue(message),
	};
	const inMemory = (name: string) => ({ type: 'mem' as const, data: new Uint8Array(readFileSync(`${FOLDER}${name}`)) });
	const [wasm, zkey] = [inMemory('semaphore-20.wasm'), inMemory('semaphore-20.zkey')];
	const prover = createSemaphoreProver({ artifacts, random: systemRandom });
	const provers = [
		{ what: 'snarkjs', run: (): Promise<unknown> => groth16.fullProve(inputs, wasm, zkey), wall: [] as number[], cpu: [] as number[] },
		{ what: 'Holdfast', run: (): Promise<unknown> => prover.prove({ identity, group, message, scope }), wall: [] as number[], cpu: [] as number[] },
	];
	for (const { run } of provers) for (let i = 0; i < 2; i++) await run();
	for (let round = 0; round < ROUNDS; round++) {
		for (const { run, wall, cpu } of provers) {
			const [start, used] = [performance.now(), process.cpuUsage()];
			await run();
			const { user, system } = process.cpuUsage(used);
			wall.push(performance.now() - start);
			cpu.push((user + system) / 1000);
		}
	}
	const rows = provers.flatMap(({ what, wall, cpu }): BenchRow[] => {
		const beside = (part: string) => (what === 'snarkjs' ? {} : { beside: `prove, snarkjs, ${part}` });
		return [
			{ what: `prove, ${what}, wall`, times: wall, ...beside('wall') },
			{ what: `prove, ${what}, processor`, times: cpu, ...beside('processor') },
		];
	});
	const proof = await prover.prove({ identity, group, message, scope });
	const verify = await createSemaphoreVerifier(artifacts);
	benchReport(
		'Anonymous membership (Semaphore v4, depth 20)',
		[
			...rows,
			{ what: 'verify', times: await measure(ROUNDS, () => verify(proof, { root: group.root, message, scope })) },
			{ what: 'identity from seed', times: await measure(ROUNDS, () => deriveIdentity(new Uint8Array(32).fill(7), 'bench')) },
			{ what: 'group of 1,000', times: await measure(3, () => new SemaphoreGroup(others), 1) },
		],
		{ 'proof, bytes': JSON.stringify(proof).length, 'zkey, bytes': zkey.data.length, 'wasm, bytes': wasm.data.length },
	);
	await prover.close();
	await (await curves.getCurveFromName('bn128')).terminate();
});
