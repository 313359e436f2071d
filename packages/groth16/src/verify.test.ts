import { findCheck, firstFailure } from '@holdfast/kernel';
import { bn254 } from '@noble/curves/bn254.js';
import fc from 'fast-check';
import { curves, groth16 } from 'snarkjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fixture, inMemory, witnessFile } from '../test/fixtures.ts';
import { EXAMPLE, signedClaimInput } from '../test/signed-claim.ts';
import { FIELD_MODULUS, SCALAR_MODULUS } from './curve.ts';
import { loadProvingKey } from './proving-key.ts';
import { createVerifier, verify } from './verify.ts';

// biome-ignore lint/suspicious/noExplicitAny: tests take JSON apart and put it together wrongly.
type Json = any;

let key: Json;
let proof: Json;
let signals: string[];

beforeAll(async () => {
	const zkey = fixture('signed-claim.zkey');
	key = loadProvingKey(zkey).verificationKey;
	({ proof, publicSignals: signals } = await groth16.prove(inMemory(zkey), inMemory(await witnessFile(signedClaimInput(EXAMPLE)))));
});
afterAll(async () => {
	await (await curves.getCurveFromName('bn128')).terminate();
});

const codeOf = (k: unknown, s: unknown, p: unknown): string | undefined => firstFailure(verify(k, s, p))?.code;
const changed = (source: Json, change: (copy: Json) => void): Json => {
	const copy = structuredClone(source);
	change(copy);
	return copy;
};

test('snarkjs’s proof passes, every check of it', () => {
	const report = verify(key, signals, proof);
	expect(report.result).toBe('passed');
	for (const check of ['key', 'public-signals', 'points', 'equation']) expect(findCheck(report, check)?.result).toBe('passed');
});

test('a verifier judges one proof after the other', () => {
	const judge = createVerifier(key);
	const results = [signals, changed(signals, (s) => s.reverse()), signals].map((each) => judge(each, proof).result);
	expect(results).toEqual(['passed', 'failed', 'passed']);
});

describe('the proof', () => {
	const other = (): Json => bn254.G1.Point.BASE.multiply(5n).toAffine();
	/** On the twist, outside the subgroup: found by counting up x. */
	const outside = (): Json => {
		const { Fp2 } = bn254.fields;
		const b = Fp2.fromBigTuple([
			19485874751759354771024239261021720505790618469301721065564631296452457478373n,
			266929791119991161246907387137283842545076965332900288569378510910307636690n,
		]);
		for (let i = 1n; ; i++) {
			const x = Fp2.fromBigTuple([i, 0n]);
			try {
				const y = Fp2.sqrt(Fp2.add(Fp2.mul(Fp2.sqr(x), x), b));
				if (!bn254.G2.Point.fromAffine({ x, y }).isTorsionFree())
					return [
						[String(x.c0), String(x.c1)],
						[String(y.c0), String(y.c1)],
						['1', '0'],
					];
			} catch {
				// No square root: not an x of the curve.
			}
		}
	};

	test.each<[string, string, (p: Json) => void]>([
		['another A', 'groth16/invalid', (p) => (p.pi_a = [String(other().x), String(other().y), '1'])],
		['another C', 'groth16/invalid', (p) => (p.pi_c = [String(other().x), String(other().y), '1'])],
		['A and C exchanged', 'groth16/invalid', (p) => ([p.pi_a, p.pi_c] = [p.pi_c, p.pi_a])],
		['A negative', 'groth16/invalid', (p) => (p.pi_a[1] = String(FIELD_MODULUS - BigInt(p.pi_a[1])))],
		['A infinite', 'groth16/invalid', (p) => (p.pi_a = ['0', '1', '0'])],
		[
			'B infinite',
			'groth16/invalid',
			(p) =>
				(p.pi_b = [
					['0', '0'],
					['1', '0'],
					['0', '0'],
				]),
		],
		['A off the curve', 'groth16/proof-points', (p) => (p.pi_a[0] = String(BigInt(p.pi_a[0]) + 1n))],
		['B off the curve', 'groth16/proof-points', (p) => (p.pi_b[0][0] = String(BigInt(p.pi_b[0][0]) + 1n))],
		['B outside the subgroup', 'groth16/proof-points', (p) => (p.pi_b = outside())],
		['C off the curve', 'groth16/proof-points', (p) => (p.pi_c = ['1', '1', '1'])],
		['a coordinate written in a second way', 'groth16/proof-points', (p) => (p.pi_a[0] = String(BigInt(p.pi_a[0]) + FIELD_MODULUS))],
		['a coordinate with a leading zero', 'groth16/proof-points', (p) => (p.pi_a[0] = `0${p.pi_a[0]}`)],
		['projective coordinates', 'groth16/proof-points', (p) => (p.pi_a[2] = '2')],
		['a number for a string', 'groth16/proof-points', (p) => (p.pi_a[2] = 1)],
		['another protocol', 'groth16/proof-kind', (p) => (p.protocol = 'plonk')],
		['another curve', 'groth16/proof-kind', (p) => (p.curve = 'bls12381')],
	])('with %s is refused', (_, code, change) => {
		expect(codeOf(key, signals, changed(proof, change))).toBe(code);
	});
});

describe('public signals', () => {
	test.each<[string, string, (s: Json) => void]>([
		['one changed', 'groth16/invalid', (s) => (s[0] = String((BigInt(s[0]) + 1n) % SCALAR_MODULUS))],
		['one plus the order', 'groth16/signal-range', (s) => (s[0] = String(BigInt(s[0]) + SCALAR_MODULUS))],
		['a negative one', 'groth16/signal-range', (s) => (s[0] = '-1')],
		['one missing', 'groth16/signal-count', (s) => s.pop()],
		['one too many', 'groth16/signal-count', (s) => s.push('0')],
		['a number for a string', 'groth16/signal-range', (s) => (s[3] = 18)],
	])('with %s are refused', (_, code, change) => {
		expect(codeOf(key, changed(signals, change), proof)).toBe(code);
	});
});

describe('the verification key', () => {
	test.each<[string, string, (k: Json) => void]>([
		['gamma = delta', 'groth16/key-unfinished', (k) => (k.vk_gamma_2 = k.vk_delta_2)],
		['another alpha', 'groth16/invalid', (k) => (k.vk_alpha_1 = ['1', '2', '1'])],
		['alpha infinite', 'groth16/key-infinite', (k) => (k.vk_alpha_1 = ['0', '1', '0'])],
		['beta off the curve', 'groth16/key-points', (k) => (k.vk_beta_2[0][0] = '1')],
		['an IC point off the curve', 'groth16/key-points', (k) => (k.IC[1] = ['1', '1', '1'])],
		['an IC point less', 'groth16/key-count', (k) => k.IC.pop()],
		['no IC', 'groth16/key-points', (k) => (k.IC = [])],
		['another protocol', 'groth16/key-kind', (k) => (k.protocol = 'fflonk')],
	])('with %s is refused', (_, code, change) => {
		expect(codeOf(changed(key, change), signals, proof)).toBe(code);
	});
});

test('anything at all is refused without a throw', () => {
	const judge = createVerifier(key);
	fc.assert(
		fc.property(fc.anything(), fc.anything(), fc.anything(), (a, b, c) => {
			expect(verify(a, b, c).result).toBe('failed');
			expect(judge(b, c).result).toBe('failed');
			expect(judge(signals, c).result).toBe('failed');
		}),
		{ numRuns: 30 },
	);
});
