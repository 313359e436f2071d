import fc from 'fast-check';
import { zKey } from 'snarkjs';
import { describe, expect, test } from 'vitest';
import { fixture } from '../test/fixtures.ts';
import { g1Bytes, joinSections, type SmallKey, smallKeySections } from '../test/small-zkey.ts';
import { FIELD_MODULUS, SCALAR_MODULUS } from './curve.ts';
import { Groth16Error } from './errors.ts';
import { loadProvingKey } from './proving-key.ts';

const SHAPE: SmallKey = { variables: 6, publicSignals: 2, domainSize: 8 };
const GOOD = joinSections(smallKeySections(SHAPE));

const changed = (change: (sections: Map<number, number[]>) => void): Uint8Array => {
	const sections = smallKeySections(SHAPE);
	change(sections);
	return joinSections(sections);
};
const section = (sections: Map<number, number[]>, id: number): number[] => sections.get(id) as number[];
const littleEndian = (value: bigint): number[] => Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn));

function refusal(bytes: Uint8Array): { code: string; reason: unknown } | undefined {
	try {
		loadProvingKey(bytes);
		return undefined;
	} catch (error) {
		if (!(error instanceof Groth16Error)) throw error;
		return { code: error.code, reason: error.data.reason };
	}
}

test('a well-formed key is read', () => {
	const key = loadProvingKey(GOOD);
	expect(key).toMatchObject({ variables: 6, publicSignals: 2, domainSize: 8, contributions: 3 });
	expect(key.verificationKey.IC).toHaveLength(3);
});

test('its verification key is the one that snarkjs exports', async () => {
	const bytes = fixture('signed-claim.zkey');
	const { vk_alphabeta_12: _, ...expected } = await zKey.exportVerificationKey(bytes);
	const key = loadProvingKey(bytes);
	expect(key.verificationKey).toEqual(expected);
	expect(key.contributions).toBe(1);
});

describe('refused, with the reason', () => {
	test.each<[string, (sections: Map<number, number[]>) => void]>([
		['not a Groth16 key', (s) => section(s, 1).splice(0, 1, 2)],
		['section 9 is missing', (s) => s.delete(9)],
		['section 5 has a wrong length', (s) => section(s, 5).splice(0, 64)],
		['section 7 has a wrong length', (s) => section(s, 7).push(...Array(128).fill(0))],
		['section 10 has a wrong length', (s) => section(s, 10).splice(0, 10)],
		['section 4 has a wrong length', (s) => section(s, 4).splice(0, 1, 3)],
		['not on BN254', (s) => section(s, 2).splice(4, 1, 0)],
		['not on BN254', (s) => section(s, 2).splice(40, 1, 0)],
		['not on BN254', (s) => section(s, 2).splice(0, 1, 48)],
		['domain size', (s) => section(s, 2).splice(80, 4, 7, 0, 0, 0)],
		['domain size', (s) => section(s, 2).splice(80, 4, 0, 0, 0, 0x80)],
		['domain size', (s) => section(s, 2).splice(80, 4, 0, 0, 0, 0)],
		['signal counts', (s) => section(s, 2).splice(72, 4, 0xff, 0xff, 0xff, 0xff)],
		['signal counts', (s) => section(s, 2).splice(76, 4, 6, 0, 0, 0)],
		['a coefficient of an unknown matrix', (s) => section(s, 4).splice(4, 1, 2)],
		['a coefficient outside the domain', (s) => section(s, 4).splice(8, 1, 8)],
		['a coefficient of an unknown signal', (s) => section(s, 4).splice(12, 1, 6)],
		['a number outside its field', (s) => section(s, 4).splice(16, 32, ...littleEndian(SCALAR_MODULUS))],
		['a number outside its field', (s) => section(s, 9).splice(64, 32, ...littleEndian(FIELD_MODULUS))],
		['a point of A is not on the curve', (s) => section(s, 5).splice(64, 1, (section(s, 5)[64] as number) ^ 1)],
		['a point of B1 is not on the curve', (s) => section(s, 6).splice(64, 1, (section(s, 6)[64] as number) ^ 1)],
		['a point of B2 is not on the curve', (s) => section(s, 7).splice(128, 1, (section(s, 7)[128] as number) ^ 1)],
		['a point of C or H is not on the curve', (s) => section(s, 8).splice(64, 1, (section(s, 8)[64] as number) ^ 1)],
		['a point of C or H is not on the curve', (s) => section(s, 9).splice(64, 1, (section(s, 9)[64] as number) ^ 1)],
		['a point of IC is not on the curve', (s) => section(s, 3).splice(0, 1, (section(s, 3)[0] as number) ^ 1)],
		['a point of alpha1 is not on the curve', (s) => section(s, 2).splice(84, 1, (section(s, 2)[84] as number) ^ 1)],
		['alpha1 is infinite', (s) => section(s, 2).splice(84, 64, ...g1Bytes(0))],
	])('%s', (reason, change) => {
		expect(refusal(changed(change))).toEqual({ code: 'groth16/bad-key', reason });
	});

	test('bytes that are no key, or more than one', () => {
		expect(refusal(new Uint8Array(0))).toMatchObject({ reason: 'not a zkey file' });
		expect(refusal(Uint8Array.from([...GOOD, 0]))).toMatchObject({ reason: 'bytes after the last section' });
		const version = GOOD.slice();
		version[4] = 2;
		expect(refusal(version)).toMatchObject({ reason: 'unknown version' });
		const twice = GOOD.slice();
		twice[28] = 1; // the second section's number
		expect(refusal(twice)).toMatchObject({ reason: 'section 1 stands twice' });
	});

	test('every truncation', () => {
		fc.assert(
			fc.property(fc.integer({ min: 0, max: GOOD.length - 1 }), (length) => {
				expect(refusal(GOOD.slice(0, length))?.code).toBe('groth16/bad-key');
			}),
			{ numRuns: 100 },
		);
	});
});

test('a garbled key is refused or read, never anything else', () => {
	const headerAndTerms = [12, 16, 24, 30, 36, 40, 110, 112, 116, 120];
	fc.assert(
		fc.property(
			fc.array(fc.tuple(fc.oneof(fc.constantFrom(...headerAndTerms), fc.integer({ min: 0, max: GOOD.length - 1 })), fc.integer({ min: 0, max: 255 })), {
				minLength: 1,
				maxLength: 4,
			}),
			(changes) => {
				const bytes = GOOD.slice();
				for (const [at, value] of changes) bytes[at] = value;
				expect(['groth16/bad-key', undefined]).toContain(refusal(bytes)?.code);
			},
		),
		{ numRuns: 60 },
	);
});
