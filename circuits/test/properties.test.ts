import { type AttestedValue, type BoundStatement, issuerPublicKey } from '@holdfast/zk';
import { boundsOf, claimNameHash, encodeValue, KIND_NUMBERS, publicSet, readDate, SUBGROUP_ORDER, signField, verifyField } from '@holdfast/zk/reference';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { P } from '../soundness/r1cs.ts';
import { type Judge, judge } from './judge.ts';
import { bound, boundRevocable, inputsOf, member, raw, SECRET_KEY, sameHolder } from './raw.ts';

/** How many random statements each property tries; `HOLDFAST_STATEMENTS=1000` for the long run. */
// biome-ignore lint/suspicious/noUndeclaredEnvVars: turbo does not run these tests.
const RUNS = Number(process.env.HOLDFAST_STATEMENTS ?? 25);

/** Dates around which mistakes are made. */
const awkward = [
	'1900-02-28',
	'1900-03-01',
	'1904-02-29',
	'2000-02-29',
	'2004-02-29',
	'2008-02-29',
	'2008-11-24',
	'2008-11-25',
	'2008-11-26',
	'2100-02-28',
	'2100-12-31',
	'0001-01-01',
	'9999-12-31',
];
const dates = fc.oneof(
	fc.constantFrom(...awkward),
	fc
		.integer({ min: Date.UTC(1900, 0, 1) / 86_400_000, max: Date.UTC(2100, 11, 31) / 86_400_000 })
		.map((days) => new Date(days * 86_400_000).toISOString().slice(0, 10)),
);
const numbers = fc.oneof(
	fc.constantFrom(-(2 ** 47), 2 ** 47 - 1, -1, 0, 1),
	fc.integer({ min: -100, max: 100 }),
	fc.integer({ min: -(2 ** 47), max: 2 ** 47 - 1 }),
);

/** The statement, the plain way: dates compare as texts do, numbers as numbers. */
function isTrue(statement: BoundStatement, value: string | number): boolean {
	if (statement.op === 'between') return value >= statement.from && value <= statement.to;
	return statement.op === '>=' ? value >= statement.value : value <= statement.value;
}

const statements = fc
	.oneof(fc.tuple(dates, dates, dates), fc.tuple(numbers, numbers, numbers))
	.chain(([value, a, b]) =>
		fc.constantFrom<{ statement: BoundStatement; value: string | number }>(
			{ value, statement: { kind: 'bound', claim: ['x'], op: '<=', value: a } },
			{ value, statement: { kind: 'bound', claim: ['x'], op: '>=', value: a } },
			{ value, statement: { kind: 'bound', claim: ['x'], op: 'between', from: a <= b ? a : b, to: a <= b ? b : a } },
			{ value: a, statement: { kind: 'bound', claim: ['x'], op: '<=', value: a } },
		),
	);

/** Field elements at every edge that a comparison has. */
const elements = fc.oneof(
	fc.bigInt({ min: 0n, max: P - 1n }),
	fc.constantFrom(
		0n,
		1n,
		7n,
		8n,
		2n ** 27n - 1n,
		2n ** 27n,
		2n ** 48n - 1n,
		2n ** 48n,
		P - 1n,
		P - 2n,
		(P - 1n) / 2n,
		(P + 1n) / 2n,
		P - 2n ** 48n,
		P - 2n ** 27n,
	),
	fc.bigInt({ min: 0n, max: 2n ** 49n }),
	fc.bigInt({ min: 20_000_000n, max: 20_300_000n }),
);

describe.each([
	['between3', 3n],
	['between27', 27n],
	['between48', 48n],
] as const)('%s', (part, bits) => {
	test('accepts exactly numbers of so many bits in order, whatever field elements it is given', async () => {
		const { accepts } = await judge(part);
		await fc.assert(
			fc.asyncProperty(elements, elements, elements, async (low, value, high) => {
				const small = [low, value, high].every((each) => each < 2n ** bits);
				expect(await accepts(inputsOf({ low, value, high }))).toBe(small && low <= value && value <= high);
			}),
			{ numRuns: 20 * RUNS },
		);
		expect(await accepts(inputsOf({ low: 5n, value: 5n, high: 5n }))).toBe(true);
	});
});

describe('the signature', () => {
	test('is accepted by the circuit exactly where it is by the reference', async () => {
		const { accepts } = await judge('eddsa');
		const key = issuerPublicKey(SECRET_KEY);
		const changes = fc.constantFrom('none', 'S', 'S + order', 'S - 1', 'R8.x', 'R8.y', '-R8', 'message', 'key');
		await fc.assert(
			fc.asyncProperty(fc.bigInt({ min: 0n, max: P - 1n }), changes, async (message, change) => {
				const signature = signField(SECRET_KEY, message);
				let { S } = signature;
				let [x, y] = signature.R8;
				let A = key;
				let signed = message;
				if (change === 'S') S = (S + 1n) % SUBGROUP_ORDER;
				if (change === 'S + order') S += SUBGROUP_ORDER;
				if (change === 'S - 1') S = (S - 1n + SUBGROUP_ORDER) % SUBGROUP_ORDER;
				if (change === 'R8.x') x = (x + 1n) % P;
				if (change === 'R8.y') y = (y + 1n) % P;
				if (change === '-R8') x = P - x;
				if (change === 'message') signed = (message + 1n) % P;
				if (change === 'key') A = issuerPublicKey(new Uint8Array(32).fill(1));
				const expected = verifyField(A, signed, { R8: [x, y], S });
				expect(expected).toBe(change === 'none');
				expect(await accepts(inputsOf({ A: [A.x, A.y], R8: [x, y], S, message: signed }))).toBe(expected);
			}),
			{ numRuns: RUNS },
		);
	});
});

describe('whole statements', () => {
	let bounds: Judge;
	let revocable: Judge;
	let members: Judge;
	let same: Judge;
	beforeAll(async () => {
		[bounds, revocable, members, same] = (await Promise.all(['bound', 'bound-revocable', 'member', 'same-holder'].map(judge))) as [Judge, Judge, Judge, Judge];
	});

	test('bounds are proven exactly where they are true', async () => {
		let fulfilled = 0;
		await fc.assert(
			fc.asyncProperty(statements, async ({ statement, value }) => {
				const encoded = encodeValue(value);
				const { kind, low, high } = boundsOf(statement);
				expect(encoded?.kind).toBe(kind);
				const subject = raw({ name: claimNameHash(['x']), kind: KIND_NUMBERS[kind], value: encoded?.value ?? 0n });
				const expected = isTrue(statement, value);
				if (expected) fulfilled += 1;
				expect(await bounds.accepts(bound(subject, { low, high }))).toBe(expected);
			}),
			{ numRuns: RUNS },
		);
		expect(fulfilled).toBeGreaterThan(0);
	});

	test('a period is fulfilled exactly by the days in it', async () => {
		await fc.assert(
			fc.asyncProperty(dates, dates, dates, async (from, until, today) => {
				const [a, b, day] = [from, until, today].map((date) => BigInt(readDate(date) ?? 0)) as [bigint, bigint, bigint];
				expect(await bounds.accepts(bound(raw({ from: a, until: b }), { today: day }))).toBe(from <= today && today <= until);
			}),
			{ numRuns: Math.ceil(RUNS / 2) },
		);
	});

	test('membership is proven exactly of what is in the list', async () => {
		const values = fc.oneof(
			fc.uniqueArray(fc.constantFrom('AT', 'BE', 'DE', 'FR', 'IT', 'US', '', 'de'), { minLength: 1, maxLength: 8 }),
			fc.uniqueArray(fc.integer({ min: -5, max: 5 }), { minLength: 1, maxLength: 8 }),
		) as fc.Arbitrary<readonly AttestedValue[]>;
		await fc.assert(
			fc.asyncProperty(values, fc.constantFrom<AttestedValue>('AT', 'DE', 'US', '', 'de', -5, 0, 3), async (set, value) => {
				const encoded = encodeValue(value);
				const list = publicSet({ kind: 'member', claim: ['x'], set });
				const elementsOfSet = set.map((each) => encodeValue(each)?.value ?? 0n).sort((a, b) => (a < b ? -1 : 1));
				const subject = raw({ kind: KIND_NUMBERS[encoded?.kind ?? 'text'], value: encoded?.value ?? 0n });
				const inputs = member(subject, elementsOfSet, { set: list.root, kind: BigInt(KIND_NUMBERS[list.kind]) });
				expect(await members.accepts(inputs)).toBe(set.includes(value));
			}),
			{ numRuns: Math.ceil(RUNS / 2) },
		);
	});

	test('non-revocation is proven exactly of places that are not in the list', async () => {
		await fc.assert(
			fc.asyncProperty(fc.uniqueArray(fc.integer({ min: 1, max: 9 }), { maxLength: 6 }), fc.integer({ min: 0, max: 9 }), async (revoked, place) => {
				expect(await revocable.accepts(boundRevocable(raw({ rev: BigInt(place) }), revoked))).toBe(place !== 0 && !revoked.includes(place));
			}),
			{ numRuns: Math.ceil(RUNS / 3) },
		);
	});

	test('one holder is proven exactly of one secret', async () => {
		await fc.assert(
			fc.asyncProperty(fc.bigInt({ min: 0n, max: 2n }), fc.bigInt({ min: 0n, max: 2n }), fc.bigInt({ min: 0n, max: P - 1n }), async (a, b, blinding) => {
				expect(await same.accepts(sameHolder(raw({ secret: a }), raw({ secret: b, blinding, type: 5n })))).toBe(a === b);
			}),
			{ numRuns: Math.ceil(RUNS / 3) },
		);
	});
});
