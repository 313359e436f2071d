import { base64urlDecode, base64urlEncode, utf8, utf8Decode } from '@holdfast/crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Claim, type ClaimKind, claimScalar, isValue, sortClaims } from './claims.ts';
import { type BbsCredential, parse, parseIssued, writeCredential } from './credential.ts';
import { BbsError } from './errors.ts';
import { compactLength, compactProof, expandProof, presentationLayout, type StatementKind } from './layout.ts';
import { LIMITS } from './limits.ts';
import { type Presentation, parsePresentation, writePresentation } from './presentation.ts';
import { type BbsRequest, checkRequest, requestHash } from './request.ts';

const day = fc
	.date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true })
	.map((date) => date.toISOString().slice(0, 10));
const name = fc.stringMatching(/^[a-z][a-z0-9_]{0,12}$/);
const wellFormed = fc.string({ unit: 'grapheme', maxLength: 40 });
const claim: fc.Arbitrary<Claim> = fc.oneof(
	fc.record({ name, kind: fc.constant<ClaimKind>('text'), value: fc.option(wellFormed) }),
	fc.record({ name, kind: fc.constant<ClaimKind>('date'), value: fc.option(day) }),
	fc.record({ name, kind: fc.constant<ClaimKind>('boolean'), value: fc.option(fc.boolean()) }),
	fc.record({ name, kind: fc.constant<ClaimKind>('integer'), value: fc.integer({ min: 0, max: LIMITS.integer }) }),
);
const claims = fc.uniqueArray(claim, { selector: (each) => each.name, minLength: 1, maxLength: 8 });
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const identifier = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 });
const credential: fc.Arbitrary<BbsCredential> = fc
	.record({ issuer: identifier, keyId: identifier, type: identifier, claims, expires: day, publicKey: bytes(96), signature: bytes(80), salt: bytes(32) })
	.map((fields) => {
		const sorted = sortClaims(fields.claims);
		// e must be between 0 and the order.
		const signature = Uint8Array.from(fields.signature).fill(1, 48, 49);
		return { ...fields, claims: sorted, signature, schema: sorted.map(({ name, kind }) => ({ name, kind })) };
	});
const presentation: fc.Arbitrary<Presentation> = fc
	.record({
		credential,
		shown: fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
		day,
		requestHash: bytes(32),
		nym: fc.option(bytes(48)),
		proof: fc.uint8Array({ maxLength: 300 }),
	})
	.map(({ credential: { issuer, keyId, type, schema, claims: all }, shown, day, requestHash, nym, proof }) => ({
		issuer,
		keyId,
		type,
		schema,
		disclosed: all.filter((_, at) => shown[at]).map(({ name, value }) => ({ name, value })),
		day,
		requestHash,
		...(nym ? { pseudonym: nym } : {}),
		proof,
	}));

const code = (fn: () => unknown): string | undefined => {
	try {
		fn();
	} catch (error) {
		if (error instanceof BbsError) return error.code;
		throw error;
	}
	return undefined;
};

test('a credential is read as it was written', () => {
	fc.assert(
		fc.property(credential, (value) => {
			expect(parse(writeCredential(value))).toEqual(value);
		}),
	);
});

test('a presentation is read as it was written', () => {
	fc.assert(
		fc.property(presentation, (value) => {
			expect(parsePresentation(writePresentation(value))).toEqual(value);
		}),
	);
});

/** Any change to a string that leaves it a string: what is then read, if anything, is written as exactly this string. */
test('no value has two spellings, and nothing but coded errors is thrown', () => {
	fc.assert(
		fc.property(
			fc.oneof(credential.map(writeCredential), presentation.map(writePresentation)),
			fc.nat(),
			fc.string({ maxLength: 3 }),
			fc.nat(3),
			(text, at, insert, drop) => {
				const place = at % text.length;
				const changed = text.slice(0, place) + insert + text.slice(place + drop);
				for (const [read, write] of [
					[parse, writeCredential],
					[parsePresentation, writePresentation],
				] as const) {
					try {
						const value = read(changed);
						expect((write as (value: unknown) => string)(value)).toBe(changed);
					} catch (error) {
						expect(error).toBeInstanceOf(BbsError);
					}
				}
			},
		),
		{ numRuns: 500 },
	);
});

const json = (prefix: string, value: unknown): string => `${prefix}.${base64urlEncode(utf8(typeof value === 'string' ? value : JSON.stringify(value)))}`;

test('arbitrary JSON is refused, not believed', () => {
	fc.assert(
		fc.property(fc.jsonValue(), (value) => {
			for (const [prefix, read] of [
				['bbs-credential-1', parse],
				['bbs-issued-1', parseIssued],
				['bbs-presentation-1', parsePresentation],
			] as const) {
				expect(code(() => read(json(prefix, value)))).toBe('bbs/malformed');
			}
		}),
	);
});

describe('refused', () => {
	const [sample] = fc.sample(credential, { numRuns: 1, seed: 5 });
	if (!sample) throw new Error('no sample');
	const text = writeCredential(sample);
	const fields = JSON.parse(utf8Decode(base64urlDecode(text.split('.')[1] ?? ''))) as Record<string, unknown>;
	test.each<[string, string]>([
		['nothing', ''],
		['another prefix', text.replace('bbs-credential-1', 'bbs-credential-2')],
		['padding', `${text}=`],
		['not JSON', json('bbs-credential-1', '{')],
		['deep nesting', json('bbs-credential-1', '['.repeat(40_000))],
		['a key twice', json('bbs-credential-1', `{"iss":"x",${JSON.stringify(fields).slice(1)}`)],
		['white space', json('bbs-credential-1', JSON.stringify(fields, null, 1))],
		['one key too many', json('bbs-credential-1', { ...fields, more: 1 })],
		['an inherited key', json('bbs-credential-1', `{"__proto__":{},${JSON.stringify(fields).slice(1)}`)],
		['no issuer', json('bbs-credential-1', { ...fields, iss: '' })],
		['claims twice', json('bbs-credential-1', { ...fields, claims: [...(fields.claims as []), ...(fields.claims as [])] })],
		['a value too few', json('bbs-credential-1', { ...fields, values: (fields.values as []).slice(1) })],
		['a day that does not exist', json('bbs-credential-1', { ...fields, exp: '2026-02-30' })],
		['a short signature', json('bbs-credential-1', { ...fields, sig: base64urlEncode(new Uint8Array(79)) })],
		['e of a signature not below the order', json('bbs-credential-1', { ...fields, sig: base64urlEncode(new Uint8Array(80).fill(255)) })],
		['e of a signature that is 0', json('bbs-credential-1', { ...fields, sig: base64urlEncode(new Uint8Array(80)) })],
	])('%s', (_, value) => {
		expect(code(() => parse(value))).toBe('bbs/malformed');
	});
	test('more than the limit', () => {
		expect(code(() => parse(`bbs-credential-1.${'A'.repeat(LIMITS.compact)}`))).toBe('bbs/too-large');
	});
	test('a string cut short anywhere', () => {
		for (let length = 0; length < text.length; length += 7) expect(code(() => parse(text.slice(0, length)))).toBe('bbs/malformed');
	});
});

describe('claims', () => {
	test.each<[string, Claim[]]>([
		['none', []],
		['too many', Array.from({ length: 33 }, (_, at) => ({ name: `c${at}`, kind: 'boolean', value: true }))],
		[
			'a name twice',
			[
				{ name: 'a', kind: 'boolean', value: true },
				{ name: 'a', kind: 'text', value: 'x' },
			],
		],
		['a name with a space', [{ name: 'a b', kind: 'boolean', value: true }]],
		['a date that does not exist', [{ name: 'a', kind: 'date', value: '1900-02-29' }]],
		['a negative integer', [{ name: 'a', kind: 'integer', value: -1 }]],
		['minus zero', [{ name: 'a', kind: 'integer', value: -0 }]],
		['a fraction', [{ name: 'a', kind: 'integer', value: 1.5 }]],
		['an integer beyond the limit', [{ name: 'a', kind: 'integer', value: LIMITS.integer + 1 }]],
		['half a character', [{ name: 'a', kind: 'text', value: '\ud800' }]],
		['a text beyond the limit', [{ name: 'a', kind: 'text', value: 'ä'.repeat(2049) }]],
		['a value of another kind', [{ name: 'a', kind: 'boolean', value: 'true' }]],
	])('%s are refused', (_, value) => {
		expect(code(() => sortClaims(value))).toBe('bbs/bad-claim');
	});

	test('two values of a kind have two scalars', () => {
		fc.assert(
			fc.property(claim, claim, (a, b) => {
				fc.pre(a.kind === b.kind && a.value !== b.value);
				expect(claimScalar(a.kind, a.value)).not.toBe(claimScalar(b.kind, b.value));
			}),
			{ numRuns: 300 },
		);
		expect(isValue('text', '')).toBe(true);
		expect(claimScalar('text', '')).not.toBe(claimScalar('text', null));
		expect(claimScalar('boolean', null)).not.toBe(claimScalar('boolean', false));
	});

	test('a date without a value is below every date', () => {
		expect(claimScalar('date', null)).toBe(0n);
		expect(claimScalar('date', '0001-01-01')).toBe(10101n);
	});
});

describe('requests', () => {
	const request: BbsRequest = {
		nonce: 'n'.repeat(16),
		audience: 'a',
		responseUri: 'r',
		types: ['t'],
		disclose: ['x'],
		bounds: [{ claim: 'd', kind: 'date', max: '2008-01-01' }],
	};

	test.each<[string, Partial<BbsRequest>]>([
		['a short nonce', { nonce: 'n'.repeat(15) }],
		['no audience', { audience: '' }],
		['no address', { responseUri: '' }],
		['no type', { types: [] }],
		['an empty type', { types: [''] }],
		['too many types', { types: Array.from({ length: 9 }, (_, at) => `t${at}`) }],
		['an empty purpose', { pseudonym: { purpose: '' } }],
		['a claim shown and bounded', { disclose: ['d'] }],
		['a name that is not one', { disclose: ['a\u202eb'] }],
		['a claim twice', { disclose: ['x', 'x'] }],
		[
			'two bounds on a claim',
			{
				bounds: [
					{ claim: 'd', kind: 'date', max: '2008-01-01' },
					{ claim: 'd', kind: 'date', min: '2008-01-01' },
				],
			},
		],
		['too many bounds', { bounds: Array.from({ length: 5 }, (_, at) => ({ claim: `c${at}`, kind: 'integer', min: 1 })) }],
		['a bound without an end', { bounds: [{ claim: 'd', kind: 'date' }] }],
		['a bound on a day that does not exist', { bounds: [{ claim: 'd', kind: 'date', max: '2100-02-29' }] }],
		['a bound on a fraction', { bounds: [{ claim: 'd', kind: 'integer', min: 0.5 }] }],
		['a bound beyond the integers', { bounds: [{ claim: 'd', kind: 'integer', max: 2 ** 53 }] }],
		['an empty range', { bounds: [{ claim: 'd', kind: 'integer', min: 3, max: 2 }] }],
	])('%s is refused', (_, change) => {
		expect(() => checkRequest(request)).not.toThrow();
		expect(code(() => checkRequest({ ...request, ...change }))).toBe('bbs/bad-request');
	});

	test('every field changes the hash, and no two lists run together', () => {
		const changes: Partial<BbsRequest>[] = [
			{},
			{ nonce: 'm'.repeat(16) },
			{ audience: 'b' },
			{ responseUri: 's' },
			{ types: ['u'] },
			{ types: ['t', 'u'] },
			{ disclose: [] },
			{ disclose: ['x', 'y'] },
			{ disclose: ['xy'] },
			{ bounds: [] },
			{ bounds: [{ claim: 'd', kind: 'date', max: '2008-01-02' }] },
			{ bounds: [{ claim: 'd', kind: 'date', min: '2008-01-01' }] },
			{ bounds: [{ claim: 'd', kind: 'integer', max: 20080101 }] },
			{ pseudonym: { purpose: 'p' } },
			{ pseudonym: { purpose: 'q' } },
			{ query: 'p' },
		];
		expect(new Set(changes.map((change) => base64urlEncode(requestHash({ ...request, ...change })))).size).toBe(changes.length);
	});
});

describe('layout', () => {
	const kinds = fc.array(fc.constantFrom<StatementKind>('bound', 'pseudonym'), { maxLength: 6 });
	test('points and scalars survive; all else is refused', () => {
		fc.assert(
			fc.property(fc.integer({ min: 3, max: 36 }), kinds, fc.nat(), (hidden, statements, at) => {
				const layout = presentationLayout(hidden, statements);
				const compact = new Uint8Array(compactLength(layout)).fill(1);
				let offset = 0;
				for (const segment of layout) {
					if (segment === 'point') compact[offset] = 0x80;
					if (typeof segment === 'string') offset += segment === 'point' ? 48 : 32;
				}
				const full = expandProof(layout, compact);
				expect(compactProof(layout, full)).toEqual(compact);
				expect(code(() => expandProof(layout, compact.subarray(1)))).toBe('bbs/bad-proof');
				expect(code(() => expandProof(layout, Uint8Array.from([...compact, 0])))).toBe('bbs/bad-proof');
				const place = at % full.length;
				const flipped = Uint8Array.from(full);
				flipped[place] = (flipped[place] ?? 0) ^ 0xff;
				try {
					// A change to a point or scalar is a change to what is sent; one to the rest is found.
					expect(compactProof(layout, flipped)).not.toEqual(compact);
				} catch (error) {
					expect((error as BbsError).code).toBe('bbs/engine-failed');
				}
			}),
		);
	});

	test('the identity, an uncompressed point and a scalar with a second spelling are refused', () => {
		const layout = presentationLayout(3, []);
		const compact = new Uint8Array(compactLength(layout)).fill(1);
		for (const at of [0, 48, 96]) compact[at] = 0x80;
		expect(code(() => expandProof(layout, compact))).toBeUndefined();
		for (const byte of [0xc0, 0x00, 0x40]) expect(code(() => expandProof(layout, compact.with(48, byte)))).toBe('bbs/bad-proof');
		expect(code(() => expandProof(layout, Uint8Array.from(compact).fill(255, 144, 176)))).toBe('bbs/bad-proof');
	});
});
