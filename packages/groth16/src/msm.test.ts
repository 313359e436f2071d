import fc from 'fast-check';
import { curves } from 'snarkjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Harness } from '../test/harness.ts';
import { SCALAR_MODULUS } from './curve.ts';
import { ENTRIES_AT_A_TIME } from './msm.ts';

type Curve = Awaited<ReturnType<typeof curves.getCurveFromName>>;
const r = SCALAR_MODULUS;
let curve: Curve;
let harness: Harness;

beforeAll(async () => {
	curve = await curves.getCurveFromName('bn128');
	harness = new Harness();
});
afterAll(() => curve.terminate());

const scalarBytes = (scalars: readonly bigint[]): Uint8Array => {
	const bytes = new Uint8Array(scalars.length * 32);
	for (const [k, scalar] of scalars.entries()) for (let i = 0; i < 32; i++) bytes[k * 32 + i] = Number((scalar >> BigInt(8 * i)) & 0xffn);
	return bytes;
};

const adversarial = [0n, 1n, 2n, r - 1n, r - 2n, r >> 1n, (r >> 1n) + 1n, ...Array.from({ length: 254 }, (_, i) => 1n << BigInt(i))].filter(
	(value) => value < r,
);
const scalar = fc.oneof(
	fc.constantFrom(...adversarial),
	fc.bigInt({ min: 0n, max: 1n }),
	fc.bigInt({ min: 0n, max: 2n ** 16n }),
	fc.bigInt({ min: 0n, max: 2n ** 64n }),
	fc.bigInt({ min: 0n, max: r - 1n }),
);

describe.each(['g1', 'g2'] as const)('%s agrees with snarkjs', (name) => {
	const reference = () => (name === 'g1' ? curve.G1 : curve.G2);
	/** Multiples of the generator: 0 is infinity, k and -k are each other's negative. */
	const points = new Map<number, Uint8Array>();
	const point = (k: number): Uint8Array => {
		let found = points.get(k);
		if (!found) {
			const group = reference();
			const positive = group.toAffine(group.timesScalar(group.g, BigInt(Math.abs(k))));
			found = k === 0 ? group.zeroAffine : k < 0 ? group.toAffine(group.neg(positive)) : positive;
			points.set(k, found);
		}
		return found;
	};
	const expected = async (bases: readonly Uint8Array[], scalars: readonly bigint[]): Promise<bigint[]> => {
		const joined = new Uint8Array(bases.length * (bases[0]?.length ?? 0));
		for (const [i, base] of bases.entries()) joined.set(base, i * base.length);
		const group = reference();
		const sum = group.toAffine(await group.multiExpAffine(joined, scalarBytes(scalars)));
		return sum.every((byte) => byte === 0) ? (sum.length === 64 ? [0n, 0n] : [0n, 0n, 0n, 0n]) : group.toObject(sum).slice(0, 2).flat();
	};
	const mine = (bases: readonly Uint8Array[], scalars: readonly bigint[], windowBits: number): bigint[] => {
		const group = harness.groups[name];
		return harness.multiExponentiate(group, harness.bases(group, bases, { windowBits }), scalars);
	};

	test('for any scalars, repeated points, negatives and infinity', async () => {
		const pair = fc.tuple(fc.integer({ min: -4, max: 4 }), scalar);
		await fc.assert(
			fc.asyncProperty(fc.array(pair, { minLength: 1, maxLength: 24 }), fc.integer({ min: 2, max: 9 }), async (pairs, windowBits) => {
				const bases = pairs.map(([k]) => point(k));
				const scalars = pairs.map(([, s]) => s);
				expect(mine(bases, scalars, windowBits)).toEqual(await expected(bases, scalars));
			}),
			{ numRuns: name === 'g1' ? 60 : 30 },
		);
	});

	test('with a table, for any window width', async () => {
		const group = harness.groups[name];
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.tuple(fc.integer({ min: -4, max: 4 }), scalar), { minLength: 1, maxLength: 12 }),
				fc.integer({ min: 2, max: 15 }),
				fc.integer({ min: 1, max: 3 }),
				async (pairs, windowBits, sets) => {
					const bases = pairs.map(([k]) => point(k));
					const scalars = pairs.map(([, s]) => s);
					const table = harness.table(group, harness.bases(group, bases, { windowBits, sets }));
					expect(harness.multiExponentiate(group, table, scalars)).toEqual(await expected(bases, scalars));
				},
			),
			{ numRuns: 15 },
		);
	});

	test.each([
		['all scalars equal', 200, (_: number) => r - 12345n],
		['all ones', 200, () => 1n],
		['all zeros', 20, () => 0n],
		['all r - 1', 50, () => r - 1n],
		['powers of two', 250, (i: number) => (1n << BigInt(i)) % r],
		['one full scalar among bits', 200, (i: number) => (i === 77 ? r >> 2n : BigInt(i & 1))],
	] as const)('%s', async (_, count, scalarOf) => {
		const bases = Array.from({ length: count }, (_, i) => point(i + 1));
		const scalars = bases.map((_, i) => scalarOf(i));
		expect(mine(bases, scalars, 6)).toEqual(await expected(bases, scalars));
	});

	test('one point many times, with equal scalars', async () => {
		const bases = Array.from({ length: 100 }, () => point(3));
		const scalars = bases.map(() => r - 7n);
		expect(mine(bases, scalars, 5)).toEqual(await expected(bases, scalars));
	});

	test('a point and its negative cancel', () => {
		expect(mine([point(2), point(-2)], [5n, 5n], 4).every((part) => part === 0n)).toBe(true);
	});
});

test('a bucket larger than the scratch memory is summed in pieces', async () => {
	const count = ENTRIES_AT_A_TIME + 100;
	const group = curve.G1;
	const few = Array.from({ length: 64 }, (_, i) => group.toAffine(group.timesScalar(group.g, BigInt(i + 1))));
	const bases = Array.from({ length: count }, (_, i) => few[i % few.length] as Uint8Array);
	const g1 = harness.groups.g1;
	const sum = harness.multiExponentiate(g1, harness.bases(g1, bases, { windowBits: 4 }), Array(count).fill(1n));
	const total = Array.from({ length: count }, (_, i) => BigInt((i % few.length) + 1)).reduce((x, y) => x + y);
	expect(sum).toEqual(group.toObject(group.toAffine(group.timesScalar(group.g, total))).slice(0, 2));
});
