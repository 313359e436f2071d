import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { findCheck, firstFailure, type ReportNode, systemRandom } from '@holdfast/kernel';
import { curves, groth16 } from 'snarkjs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import vectors from '../test/vectors.json' with { type: 'json' };
import { openSemaphoreArtifacts, type SemaphoreArtifacts } from './artifacts.ts';
import { semaphoreArtifactsInFolder } from './artifacts-folder.node.ts';
import { SemaphoreGroup } from './group.ts';
import { identityOf, nullifierOf } from './identity.ts';
import { FIELD_ORDER } from './numbers.ts';
import { type SemaphoreProof, unpackPoints } from './proof.ts';
import { createSemaphoreProver, type SemaphoreProver } from './prover.node.ts';
import { hashOfValue, toValue } from './values.ts';
import { createSemaphoreVerifier, type ExpectedMembership, type SemaphoreVerifier } from './verify.ts';

const FOLDER = fileURLToPath(new URL('../../../circuits/semaphore/', import.meta.url));

const member = identityOf(new TextEncoder().encode('member 6'));
const group = new SemaphoreGroup(vectors.members.map(BigInt));
const expected: ExpectedMembership = { root: group.root, message: toValue('Hello world'), scope: toValue('election 1') };

let artifacts: SemaphoreArtifacts;
let prover: SemaphoreProver;
let verify: SemaphoreVerifier;
let proof: SemaphoreProof;

beforeAll(async () => {
	artifacts = await semaphoreArtifactsInFolder(FOLDER);
	prover = createSemaphoreProver({ artifacts, random: systemRandom });
	verify = await createSemaphoreVerifier(artifacts);
	proof = await prover.prove({ identity: member, group, ...expected });
});

afterAll(async () => {
	await prover.close();
	await (await curves.getCurveFromName('bn128')).terminate();
});

/** What `verifyProof` of @semaphore-protocol/proof 4.14 does, on the key that the project published for this depth. */
async function verifyAsReference({ merkleTreeRoot, nullifier, message, scope, points }: SemaphoreProof): Promise<boolean> {
	const key = JSON.parse(readFileSync(`${FOLDER}semaphore-20.json`, 'utf8'));
	const signals = [merkleTreeRoot, nullifier, String(hashOfValue(BigInt(message))), String(hashOfValue(BigInt(scope)))];
	const [p0, p1, p2, p3, p4, p5, p6, p7] = points;
	return groth16.verify(key, signals, {
		pi_a: [p0, p1],
		pi_b: [
			[p3, p2],
			[p5, p4],
		],
		pi_c: [p6, p7],
		protocol: 'groth16',
		curve: 'bn128',
	});
}

const code = (report: ReportNode): string | undefined => firstFailure(report)?.code;
const failure = async (run: () => Promise<unknown>): Promise<unknown> =>
	run().then(
		() => 'nothing thrown',
		(error: { code?: string }) => error.code,
	);

test('a proof made here holds here and by the reference’s verifier', async () => {
	const report = verify(proof, expected);
	expect(report.result).toBe('passed');
	expect(report.children?.map(({ check }) => check)).toEqual([
		'semaphore/format',
		'semaphore/depth',
		'semaphore/setup',
		'semaphore/root',
		'semaphore/message',
		'semaphore/scope',
		'semaphore/proof',
	]);
	expect(findCheck(report, 'semaphore/setup')?.evidence).toMatchObject({ contributions: '386' });
	expect(await verifyAsReference(proof)).toBe(true);
	expect(await verifyAsReference({ ...proof, scope: '1' })).toBe(false);
	expect(JSON.stringify(proof).length).toBeLessThan(1100);
});

test('proofs that Semaphore’s own library made hold here, and show the nullifier that is expected here', () => {
	for (const { message, scope, proof: theirs } of vectors.proofs) {
		expect(verify(theirs, { root: group.root, message: toValue(message), scope: toValue(scope) }).result).toBe('passed');
		expect(theirs.nullifier).toBe(String(nullifierOf(member, toValue(scope))));
	}
	expect(Object.keys(proof)).toEqual(Object.keys(vectors.proofs[0]?.proof ?? {}));
});

test('one member has one nullifier in a scope whatever the message, another in another scope; another member has another', async () => {
	const again = await prover.prove({ identity: member, group, message: 1n, scope: expected.scope });
	expect(again.nullifier).toBe(proof.nullifier);
	expect(again.points).not.toEqual(proof.points);
	expect(verify(again, { ...expected, message: 1n }).result).toBe('passed');
	expect(nullifierOf(member, 1n)).not.toBe(nullifierOf(member, 2n));
	expect(nullifierOf(identityOf(new TextEncoder().encode('member 5')), expected.scope)).not.toBe(BigInt(proof.nullifier));
});

test('a group of one, whose tree has no level, is proven too', async () => {
	const alone = new SemaphoreGroup([member.commitment]);
	const mine = await prover.prove({ identity: member, group: alone, message: 0n, scope: 0n });
	expect(verify(mine, { root: member.commitment, message: 0n, scope: 0n }).result).toBe('passed');
	expect(await verifyAsReference(mine)).toBe(true);
});

test('another group, message or scope than the verifier’s own is refused', () => {
	const smaller = new SemaphoreGroup(vectors.members.slice(0, 7).map(BigInt));
	expect(code(verify(proof, { ...expected, root: smaller.root }))).toBe('semaphore/wrong-group');
	expect(code(verify(proof, { ...expected, message: 1n }))).toBe('semaphore/wrong-message');
	expect(code(verify(proof, { ...expected, scope: 1n }))).toBe('semaphore/wrong-scope');
});

test('a proof that is made to fit the verifier’s expectation does not hold', () => {
	expect(code(verify({ ...proof, merkleTreeRoot: '5' }, { ...expected, root: 5n }))).toBe('groth16/invalid');
	expect(code(verify({ ...proof, message: '5' }, { ...expected, message: 5n }))).toBe('groth16/invalid');
	expect(code(verify({ ...proof, scope: '5' }, { ...expected, scope: 5n }))).toBe('groth16/invalid');
	// A second vote under another nullifier.
	expect(code(verify({ ...proof, nullifier: String(BigInt(proof.nullifier) + 1n) }, expected))).toBe('groth16/invalid');
	expect(code(verify({ ...proof, nullifier: String(BigInt(proof.nullifier) + FIELD_ORDER) }, expected))).toBe('semaphore/malformed');
	expect(code(verify({ ...proof, merkleTreeDepth: 16 }, expected))).toBe('semaphore/wrong-depth');
});

test('changed points are refused, on their curves or not', () => {
	const theirs = vectors.proofs[1]?.proof.points ?? [];
	expect(code(verify({ ...proof, points: theirs }, expected))).toBe('groth16/invalid');
	for (let i = 0; i < 8; i++) {
		const points = proof.points.map((each, at) => (at === i ? String(BigInt(each) ^ 1n) : each));
		expect(code(verify({ ...proof, points }, expected)), String(i)).toBe('groth16/proof-points');
	}
	expect(unpackPoints(proof.points).pi_b[0]).toEqual([proof.points[3], proof.points[2]]);
});

test('what is not a proof in its one spelling is not read', () => {
	const { scope: _, ...lacking } = proof;
	for (const bad of [
		null,
		'',
		[],
		{},
		lacking,
		{ ...proof, extra: 1 },
		{ ...proof, merkleTreeDepth: 0 },
		{ ...proof, merkleTreeDepth: 33 },
		{ ...proof, merkleTreeDepth: '20' },
		{ ...proof, nullifier: `0${proof.nullifier}` },
		{ ...proof, message: String(1n << 256n) },
		{ ...proof, message: '-1' },
		{ ...proof, points: proof.points.slice(1) },
		{ ...proof, points: [...proof.points.slice(1), 1] },
	]) {
		expect(code(verify(bad, expected))).toBe('semaphore/malformed');
	}
});

test('who is not a member cannot prove; a stopped proof says so and the next one is made', async () => {
	const stranger = identityOf(new TextEncoder().encode('stranger'));
	expect(await failure(() => prover.prove({ identity: stranger, group, ...expected }))).toBe('semaphore/not-a-member');
	expect(await failure(() => prover.prove({ identity: member, group, message: -1n, scope: 1n }))).toBe('semaphore/bad-value');
	const stop = new AbortController();
	const stopped = prover.prove({ identity: member, group, ...expected }, { signal: stop.signal, onProgress: () => stop.abort() });
	expect(await failure(() => stopped)).toBe('semaphore/aborted');
	expect(verify(await prover.prove({ identity: member, group, ...expected }), expected).result).toBe('passed');
});

test('changed, missing or unpinned files are not used', async () => {
	const manifest = JSON.parse(readFileSync(`${FOLDER}manifest.json`, 'utf8'));
	const files = (change: (path: string, bytes: Uint8Array) => Uint8Array) => async (path: string) => change(path, readFileSync(`${FOLDER}${path}`));
	const asIs = files((_, bytes) => bytes);
	const open = (json: unknown, read = asIs) => openSemaphoreArtifacts({ manifest: json, read });

	const flipped = files((_, bytes) => {
		const changed = Uint8Array.from(bytes);
		changed[1000] = (changed[1000] ?? 0) ^ 1;
		return changed;
	});
	const damaged = open(manifest, flipped);
	for (const load of [damaged.calculator, damaged.provingKey, damaged.verificationKey]) expect(await failure(load)).toBe('semaphore/artifact-mismatch');
	expect(await failure(() => createSemaphoreVerifier(damaged))).toBe('semaphore/artifact-mismatch');
	const unable = createSemaphoreProver({ artifacts: damaged, random: systemRandom });
	expect(await failure(() => unable.prove({ identity: member, group, ...expected }))).toBe('semaphore/artifact-mismatch');
	await unable.close();

	const gone = open(manifest, async () => {
		throw new Error('no such file');
	});
	expect(await failure(gone.calculator)).toBe('semaphore/artifact-missing');
	expect(await failure(() => semaphoreArtifactsInFolder(`${FOLDER}nowhere`))).toBe('semaphore/artifact-missing');

	// The key itself says how many contributed, and which key verifies.
	expect(await failure(open({ ...manifest, contributions: 385 }).provingKey)).toBe('semaphore/insecure-setup');
	const otherKey = { ...manifest.vkey, sha256: '' };
	const swapped = JSON.stringify({ ...JSON.parse(readFileSync(`${FOLDER}semaphore-20.json`, 'utf8')), nPublic: 3 });
	const bytes = new TextEncoder().encode(swapped);
	otherKey.sha256 = Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex');
	otherKey.bytes = bytes.length;
	const withOtherKey = open(
		{ ...manifest, vkey: otherKey },
		files((path, original) => (path === manifest.vkey.path ? bytes : original)),
	);
	expect(await failure(withOtherKey.provingKey)).toBe('semaphore/artifact-mismatch');
	// A verification key that contradicts itself accepts nothing.
	expect(code((await createSemaphoreVerifier(withOtherKey))(proof, expected))).toBe('groth16/key-count');

	expect(() => open({ ...manifest, contributions: 0 })).toThrow(expect.objectContaining({ code: 'semaphore/insecure-setup' }));
	for (const change of [
		{ version: 2 },
		{ depth: 16 },
		{ publicSignals: [] },
		{ setup: { label: 'development', name: '' } },
		{ zkey: { ...manifest.zkey, path: '../semaphore-20.zkey' } },
		{ zkey: { ...manifest.zkey, sha256: manifest.zkey.sha256.slice(0, 24) } },
		{ zkey: { ...manifest.zkey, bytes: 1e9 } },
		{ more: 1 },
	]) {
		expect(() => open({ ...manifest, ...change })).toThrow(expect.objectContaining({ code: 'semaphore/artifact-malformed' }));
	}
});
