import { existsSync } from 'node:fs';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { base64urlDecode, base64urlEncode, sha256, utf8 } from '@holdfast/crypto';
import { findCheck, systemRandom } from '@holdfast/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeDevelopmentReferenceString } from './development-string.node.ts';
import type { AgeEngine } from './engine.ts';
import { openEngine } from './engine-barretenberg.node.ts';
import { inputsOf, NOW, newSigner, ordinary, party, statementOf } from './fixture.ts';
import type { AgeProof, Statement } from './model.ts';
import { importCanonicalReferenceString, openReferenceString, type ReferenceStringFolder } from './reference-string-folder.node.ts';

// Through the prover and the verifier, once; what the circuit refuses is tested in circuit.test.ts.

const root = join(import.meta.dirname, '..', '..', '..');
const circuits = join(root, 'circuits', 'sd-jwt', 'target');
const folder = join(root, '.cache', 'zk-sd-jwt', 'development-string');

const who = party();
const statement = statementOf(who);
let string: ReferenceStringFolder;
let engine: AgeEngine;
let proof: AgeProof;

beforeAll(async () => {
	// Points are made once on a machine: they are the same work for every run.
	if (!existsSync(join(folder, 'reference-string.sha256'))) await makeDevelopmentReferenceString(folder, 2 ** 18 + 1, systemRandom);
	string = await openReferenceString(folder, { allowDevelopment: true });
	engine = openEngine({ referenceString: string, circuits, threads: 2 });
	// On the very birthday.
	proof = await engine.prove(await inputsOf(who, await ordinary(who, '2008-05-28')));
}, 300_000);

afterAll(() => engine?.close());

const codeOf = async (shown: unknown, change: Partial<Statement> = {}): Promise<string | undefined> => {
	const report = await engine.verify(shown, { ...statement, ...change });
	expect(report.result).toBe('failed');
	return report.code;
};

describe('a proof', () => {
	it('holds, and the verdict says with which setup and what it leaves open', async () => {
		const report = await engine.verify(JSON.parse(JSON.stringify(proof)), statement);
		expect(findCheck(report, 'zk-sd-jwt/proof')?.result).toBe('passed');
		expect(findCheck(report, 'zk-sd-jwt/setup')).toMatchObject({
			result: 'warning',
			code: 'zk-sd-jwt/development-setup',
			evidence: { setup: 'development', sha256: string.id },
		});
		expect(findCheck(report, 'zk-sd-jwt/revocation')?.result).toBe('skipped');
		expect(report.result).toBe('warning');
	});

	it('holds for nothing else than what was asked', async () => {
		const other: Partial<Statement>[] = [
			{ issuer: newSigner().publicJwk },
			{ requestHash: sha256(utf8('another nonce')) },
			{ vct: 'urn:eudi:pid:2' },
			{ cutoff: statement.cutoff - 1 },
			{ cutoff: statement.cutoff + 1 },
			{ now: NOW + 1 },
			{ claim: { kind: 'date', name: 'birth_date' } },
			{ claim: { kind: 'flag', name: 'birthdate' } },
			{ claim: { kind: 'date', name: 'birthdate', parent: 'person' } },
		];
		for (const change of other) expect(await codeOf(proof, change)).toBe('zk-sd-jwt/invalid-proof');
	});

	it('does not hold with a changed byte, wherever it is', async () => {
		const bytes = base64urlDecode(proof.proof);
		// Commitments, sumcheck, evaluations, openings; the last byte of a field element, and the first.
		for (const at of [31, 40, 3_007, 7_000, 11_999, bytes.length - 1]) {
			const changed = bytes.slice();
			changed[at] = (changed[at] ?? 0) ^ 1;
			expect(await codeOf({ ...proof, proof: base64urlEncode(changed) })).toBe('zk-sd-jwt/invalid-proof');
		}
		expect(await codeOf({ ...proof, proof: base64urlEncode(new Uint8Array(bytes.length)) })).toBe('zk-sd-jwt/invalid-proof');
	});

	it.each([
		['nothing', undefined],
		['a shorter one', { proof: 'AAAA' }],
		['another type', { type: 'groth16' }],
		['another version', { v: 2 }],
		['a circuit that is not there', { circuit: 'toString' }],
		['what is not base64url', { proof: '!'.repeat(19_542) }],
	])('in another form is refused: %s', async (_, change) => {
		expect(await codeOf(change && { ...proof, ...change })).toBe('zk-sd-jwt/bad-proof');
	});

	it('for another circuit is refused', async () => {
		expect(await codeOf({ ...proof, artifact: '0'.repeat(64) })).toBe('zk-sd-jwt/other-circuit');
	});

	it('does not hold under the string of the public ceremony', async () => {
		const { startVerifier, PROOF_SYSTEM } = await import('./barretenberg.node.ts');
		const { CANONICAL_G2, CANONICAL_G2_SHA256, CANONICAL_X1 } = await import('./reference-string.ts');
		const { readVerificationKey } = await import('./reference-string-folder.node.ts');
		const { publicFields, publicInputsOf } = await import('./statement.ts');
		const verificationKey = (await readVerificationKey(string, proof.artifact)) ?? new Uint8Array();
		const bytes = base64urlDecode(proof.proof);
		const question = {
			verificationKey,
			publicInputs: publicFields(publicInputsOf(statement)),
			proof: Array.from({ length: bytes.length / 32 }, (_, i) => bytes.slice(32 * i, 32 * i + 32)),
			settings: PROOF_SYSTEM,
		};
		const results: boolean[] = [];
		for (const each of [string, { setup: 'canonical', id: CANONICAL_G2_SHA256, g2: CANONICAL_G2, x1: CANONICAL_X1 } as const]) {
			const api = await startVerifier(each);
			results.push((await api.circuitVerify(question)).verified);
			await api.destroy();
		}
		// The same proof, key and code: only [x]_2 differs, so the pairing is really taken with it.
		expect(results).toEqual([true, false]);
	});
});

describe('the engine', () => {
	it('makes no proof of what does not hold, and says so', async () => {
		const inputs = await inputsOf(who, await ordinary(who));
		await expect(engine.prove({ ...inputs, said: { ...inputs.said, cutoff: '0x1' } })).rejects.toMatchObject({ code: 'zk-sd-jwt/unfulfilled' });
	});

	it('can be stopped', async () => {
		const inputs = await inputsOf(who, await ordinary(who));
		const controller = new AbortController();
		const proving = engine.prove(inputs, { signal: controller.signal, onStage: (stage) => stage === 'proof' && setTimeout(() => controller.abort(), 200) });
		await expect(proving).rejects.toMatchObject({ code: 'zk-sd-jwt/cancelled' });
		await expect(engine.prove(inputs, { signal: controller.signal })).rejects.toMatchObject({ code: 'zk-sd-jwt/cancelled' });
	});

	it('computes the verification key itself where the one that it kept is damaged', async () => {
		const { readVerificationKey } = await import('./reference-string-folder.node.ts');
		const { ARTIFACT_SHA256 } = await import('./artifact.ts');
		const place = await mkdtemp(join(tmpdir(), 'holdfast-string-'));
		await cp(folder, place, { recursive: true });
		const copy = await openReferenceString(place, { allowDevelopment: true });
		const name = (await readdir(place)).find((each) => each.endsWith('.key')) ?? '';
		const kept = await readFile(join(place, name));
		await writeFile(join(place, name), kept.with(kept.length - 1, 1 ^ (kept.at(-1) ?? 0)));
		const circuit = ARTIFACT_SHA256.small;
		expect(await readVerificationKey(copy, circuit)).toBeUndefined();
		const again = openEngine({ referenceString: copy, circuits, threads: 2 });
		expect(findCheck(await again.verify(proof, statement), 'zk-sd-jwt/proof')?.result).toBe('passed');
		await again.close();
		expect(Buffer.from((await readVerificationKey(copy, circuit)) ?? [])).toEqual(kept.subarray(32));
		await rm(place, { recursive: true });
	});

	it('refuses a circuit that was changed or is missing', async () => {
		const place = await mkdtemp(join(tmpdir(), 'holdfast-circuits-'));
		const broken = openEngine({ referenceString: string, circuits: place, threads: 1 });
		const inputs = await inputsOf(who, await ordinary(who));
		await expect(broken.prove(inputs)).rejects.toMatchObject({ code: 'zk-sd-jwt/bad-artifact' });
		await writeFile(join(place, 'small.json'), (await readFile(join(circuits, 'small.json'), 'utf8')).replace('1.0.0', '1.0.1'));
		await expect(broken.prove(inputs)).rejects.toMatchObject({ code: 'zk-sd-jwt/bad-artifact' });
		await expect(broken.verify(proof, statement)).rejects.toMatchObject({ code: 'zk-sd-jwt/bad-artifact' });
		await rm(place, { recursive: true });
	});
});

describe('a reference string', () => {
	it('for development is refused where it is not allowed', async () => {
		await expect(openReferenceString(folder, { allowDevelopment: false })).rejects.toMatchObject({ code: 'zk-sd-jwt/development-setup' });
	});

	it('that is missing, changed, or of two halves is refused', async () => {
		const place = await mkdtemp(join(tmpdir(), 'holdfast-string-'));
		const open = () => openReferenceString(place, { allowDevelopment: true });
		await expect(open()).rejects.toMatchObject({ code: 'zk-sd-jwt/no-reference-string' });
		await cp(folder, place, { recursive: true });
		await open();
		const g1 = await readFile(join(place, 'bn254_g1.dat'));
		g1[1_000_000] = (g1[1_000_000] ?? 0) ^ 1;
		await writeFile(join(place, 'bn254_g1.dat'), g1);
		await expect(open()).rejects.toMatchObject({ code: 'zk-sd-jwt/bad-reference-string' });
		await rm(place, { recursive: true });
		const { describeReferenceString, CANONICAL_G2, CANONICAL_X1, G1_GENERATOR } = await import('./reference-string.ts');
		g1[1_000_000] = (g1[1_000_000] ?? 0) ^ 1;
		expect(describeReferenceString(g1, string.g2).setup).toBe('development');
		// The first points of the ceremony's file: one number x in both halves, so the constants are what they are said to be.
		expect(describeReferenceString(new Uint8Array([...G1_GENERATOR, ...CANONICAL_X1]), CANONICAL_G2).setup).toBe('canonical');
		expect(() => describeReferenceString(g1, CANONICAL_G2)).toThrow('do not belong together');
		expect(() => describeReferenceString(g1.subarray(64), string.g2)).toThrow('generator');
		expect(() => describeReferenceString(g1.subarray(0, 100), string.g2)).toThrow('form');
		const off = g1.subarray(0, 128).slice();
		off[127] = (off[127] ?? 0) ^ 1;
		expect(() => describeReferenceString(off, string.g2)).toThrow('not on the curve');
	});

	it('that a person imports must be the one of the public ceremony', async () => {
		const place = join(tmpdir(), `holdfast-import-${process.pid}`);
		const g1 = await readFile(join(folder, 'bn254_g1.dat'));
		// The x coordinates, as a compressed file has them.
		const compressed = Buffer.concat(Array.from({ length: 256 }, (_, i) => g1.subarray(64 * i, 64 * i + 32)));
		for (const file of [compressed, compressed.subarray(1), new Uint8Array(0), compressed.subarray(0, 32)]) {
			await expect(importCanonicalReferenceString(place, new Uint8Array(file))).rejects.toMatchObject({ code: 'zk-sd-jwt/bad-reference-string' });
		}
		expect(existsSync(place)).toBe(false);
	});
});
