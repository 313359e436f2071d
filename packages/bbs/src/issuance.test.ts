import { hexEncode } from '@holdfast/crypto';
import { findCheck, systemRandom } from '@holdfast/kernel';
import { bls12_381 } from '@noble/curves/bls12-381.js';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { API_ID, createGenerators, P1 } from './ciphersuite.ts';
import { type Claim, claimScalar, sortClaims } from './claims.ts';
import { domainOf, parse, parseIssued, writeCredential, writeIssued } from './credential.ts';
import { createEngine, type Engine } from './engine.ts';
import { credentialOf, HOLDER_SECRET, ISSUER, ISSUER_SECRET, KEY_ID, NOW, person, TYPE } from './fixture.ts';
import { check, issue, requestBlind, unblind } from './issuance.ts';
import { issuerPublicKey, publicKeyFromMultibase, publicKeyToMultibase } from './keys.ts';
import { holderScalars } from './secrets.ts';

let engine: Engine;
beforeAll(async () => {
	engine = await createEngine();
});

const publicKey = issuerPublicKey(ISSUER_SECRET);
const nonce = 'nonce-of-the-issuer';
const context = { issuer: ISSUER, publicKey, nonce };
const holder = { secret: HOLDER_SECRET, random: systemRandom };
const input = { key: ISSUER_SECRET, issuer: ISSUER, keyId: KEY_ID, type: TYPE, claims: person('1990-05-17'), expires: '2027-12-31', nonce };
const expected = { issuer: ISSUER, type: TYPE, now: NOW };
const coded = (code: string) => expect.objectContaining({ code });

test('any claims: requested, issued, unblinded, checked', () => {
	const claims = fc.uniqueArray(
		fc.oneof(
			fc.record({
				name: fc.stringMatching(/^[a-z]{1,8}$/),
				kind: fc.constant('text' as const),
				value: fc.option(fc.string({ unit: 'grapheme', maxLength: 20 })),
			}),
			fc.record({ name: fc.stringMatching(/^[a-z]{1,8}$/), kind: fc.constant('integer' as const), value: fc.nat() }),
			fc.record({
				name: fc.stringMatching(/^[a-z]{1,8}$/),
				kind: fc.constant('date' as const),
				value: fc.constantFrom('1900-01-01', '2100-12-31', '2008-02-29', null),
			}),
		),
		{ selector: (claim) => claim.name, minLength: 1, maxLength: 6 },
	);
	fc.assert(
		fc.property(claims, fc.uint8Array({ minLength: 32, maxLength: 32 }), (given, secret) => {
			const credential = credentialOf(engine, { claims: given, secret });
			expect(parse(credential).claims).toEqual(sortClaims(given));
			expect(check(engine, { credential, secret, publicKey, expected }).result).toBe('passed');
		}),
		{ numRuns: 6 },
	);
});

test('a second implementation finds the signature good: e(A, W + e·BP2) = e(B, BP2), draft §3.6.2', () => {
	const { G1, G2 } = bls12_381;
	const read = parse(credentialOf(engine));
	const { link, blinding } = holderScalars(HOLDER_SECRET, read.salt);
	// birth_date, family_name, middle_name, points, resident
	const claims = [1990_05_17n, claimScalar('text', 'Ångström'), claimScalar('text', null), 4711n, claimScalar('boolean', true)];
	const all = [domainOf(engine.params(claims.length), read.publicKey, read), link, blinding, 2027_12_31n, ...claims];
	// B = P1 + Q_1 · domain + H_1 · msg_1 + …
	const B = createGenerators(all.length, API_ID).reduce((sum, h, at) => sum.add(G1.Point.fromBytes(h).multiply(all[at] ?? 0n)), G1.Point.fromBytes(P1));
	const A = G1.Point.fromBytes(read.signature.slice(0, 48));
	const e = BigInt(`0x${hexEncode(read.signature.slice(48))}`);
	const left = bls12_381.pairing(A, G2.Point.fromBytes(read.publicKey).add(G2.Point.BASE.multiply(e)));
	expect(bls12_381.fields.Fp12.eql(left, bls12_381.pairing(B, G2.Point.BASE))).toBe(true);
	expect(bls12_381.fields.Fp12.eql(left, bls12_381.pairing(B.add(G1.Point.BASE), G2.Point.BASE))).toBe(false);
});

test('the order in which an issuer gives the claims does not matter', () => {
	const credential = credentialOf(engine, { claims: person('1990-05-17').toReversed() });
	expect(parse(credential).claims.map(({ name }) => name)).toEqual(['birth_date', 'family_name', 'middle_name', 'points', 'resident']);
	expect(check(engine, { credential, secret: HOLDER_SECRET, publicKey, expected }).result).toBe('passed');
});

test('two requests of one holder have nothing in common', () => {
	const [a, b] = [requestBlind(engine, context, holder), requestBlind(engine, context, holder)];
	const read = ({ request }: { request: string }) =>
		JSON.parse(Buffer.from(request.split('.')[1] ?? '', 'base64url').toString()) as { commitment: string; proof: string };
	expect(read(a).commitment).not.toBe(read(b).commitment);
	expect(read(a).proof.slice(0, 40)).not.toBe(read(b).proof.slice(0, 40));
});

describe('the issuer refuses', () => {
	const flip = (request: string, at: number): string => {
		const [prefix, body = ''] = request.split('.');
		const bytes = Buffer.from(body, 'base64url').toString();
		return `${prefix}.${Buffer.from(bytes.slice(0, at) + (bytes[at] === 'A' ? 'B' : 'A') + bytes.slice(at + 1)).toString('base64url')}`;
	};

	test('a request for another nonce, issuer or key', () => {
		const { request } = requestBlind(engine, context, holder);
		expect(() => issue(engine, { ...input, request, nonce: 'another-nonce-16' })).toThrow(coded('bbs/bad-commitment'));
		expect(() => issue(engine, { ...input, request, issuer: 'did:web:other.example' })).toThrow(coded('bbs/bad-commitment'));
		expect(() => issue(engine, { ...input, request, key: new Uint8Array(32).fill(1) })).toThrow(coded('bbs/bad-commitment'));
		expect(() => issue(engine, { ...input, request })).not.toThrow();
	});

	test('somebody else’s commitment with one’s own proof', () => {
		const read = (text: string) => JSON.parse(Buffer.from(text.split('.')[1] ?? '', 'base64url').toString()) as object;
		const [mine, theirs] = [requestBlind(engine, context, holder), requestBlind(engine, context, { ...holder, secret: new Uint8Array(32).fill(1) })];
		const mixed = { ...read(theirs.request), proof: (read(mine.request) as { proof: string }).proof };
		expect(() => issue(engine, { ...input, request: `bbs-request-1.${Buffer.from(JSON.stringify(mixed)).toString('base64url')}` })).toThrow(
			coded('bbs/bad-commitment'),
		);
	});

	test('a changed request, wherever it was changed', () => {
		const { request } = requestBlind(engine, context, holder);
		for (let at = 0; at < 300; at += 23) {
			expect(() => issue(engine, { ...input, request: flip(request, at) })).toThrow(
				expect.objectContaining({ code: expect.stringMatching(/^bbs\/(bad-commitment|bad-proof|malformed)$/) }),
			);
		}
	});

	test.each<[string, object, string]>([
		['a day of expiry that does not exist', { expires: '2027-02-29' }, 'bbs/bad-claim'],
		['a birth date that does not exist', { claims: person('2100-02-29') }, 'bbs/bad-claim'],
		['a short nonce', { nonce: 'short' }, 'bbs/bad-request'],
		['a short key', { key: new Uint8Array(16) }, 'bbs/bad-key'],
		['an empty type', { type: '' }, 'bbs/malformed'],
	])('%s', (_, change, code) => {
		const { request } = requestBlind(engine, context, holder);
		expect(() => issue(engine, { ...input, request, ...change })).toThrow(coded(code));
	});
});

describe('the holder refuses', () => {
	const issued = () => {
		const { request, salt } = requestBlind(engine, context, holder);
		return { issued: issue(engine, { ...input, request }), salt };
	};

	test('another issuer or key than was asked', () => {
		const given = issued();
		expect(() => unblind(engine, { ...given, secret: HOLDER_SECRET, context: { ...context, issuer: 'did:web:other.example' } })).toThrow(
			coded('bbs/wrong-issuer'),
		);
		expect(() => unblind(engine, { ...given, secret: HOLDER_SECRET, context: { ...context, publicKey: issuerPublicKey(new Uint8Array(32)) } })).toThrow(
			coded('bbs/wrong-issuer'),
		);
	});

	test('a signature for another secret or salt', () => {
		const given = issued();
		expect(() => unblind(engine, { ...given, secret: new Uint8Array(32), context })).toThrow(coded('bbs/bad-signature'));
		expect(() => unblind(engine, { ...given, salt: new Uint8Array(32), secret: HOLDER_SECRET, context })).toThrow(coded('bbs/bad-signature'));
	});

	test.each<[string, (value: ReturnType<typeof parseIssued>) => ReturnType<typeof parseIssued>]>([
		['a claim', (value) => ({ ...value, claims: value.claims.map((claim) => (claim.name === 'points' ? { ...claim, value: 4712 } : claim)) })],
		['the day of expiry', (value) => ({ ...value, expires: '2099-12-31' })],
		['the type', (value) => ({ ...value, type: 'https://registry.example/king' })],
		['the key id', (value) => ({ ...value, keyId: `${KEY_ID}0` })],
		[
			'a claim’s name',
			(value) => ({ ...value, claims: value.claims, schema: value.schema.map((claim) => (claim.name === 'points' ? { ...claim, name: 'pointt' } : claim)) }),
		],
		['the signature’s point', (value) => ({ ...value, signature: value.signature.with(20, (value.signature[20] ?? 0) ^ 1) })],
		['the signature’s exponent', (value) => ({ ...value, signature: value.signature.with(79, (value.signature[79] ?? 0) ^ 1) })],
		['two values', (value) => ({ ...value, claims: swap(value.claims) })],
	])('%s that was changed after signing', (_, change) => {
		const given = issued();
		const changed = writeIssued(change(parseIssued(given.issued)));
		expect(() => unblind(engine, { issued: changed, salt: given.salt, secret: HOLDER_SECRET, context })).toThrow(coded('bbs/bad-signature'));
	});

	/** Swaps the values of the two texts. */
	function swap(claims: readonly Claim[]): Claim[] {
		const value = (name: string) => claims.find((claim) => claim.name === name)?.value ?? null;
		return claims.map((claim) =>
			claim.name === 'family_name'
				? { ...claim, value: value('middle_name') }
				: claim.name === 'middle_name'
					? { ...claim, value: value('family_name') }
					: claim,
		);
	}
});

test('check names what is wrong', () => {
	const credential = credentialOf(engine);
	const report = (change: Partial<Parameters<typeof check>[1]>) => check(engine, { credential, secret: HOLDER_SECRET, publicKey, expected, ...change });
	expect(report({}).result).toBe('passed');
	expect(findCheck(report({ credential: credential.slice(0, -4) }), 'format')?.code).toBe('bbs/malformed');
	expect(findCheck(report({ expected: { ...expected, issuer: 'did:web:other.example' } }), 'issuer')?.code).toBe('bbs/wrong-issuer');
	expect(findCheck(report({ publicKey: issuerPublicKey(new Uint8Array(32)) }), 'issuer-key')?.code).toBe('bbs/bad-key');
	expect(findCheck(report({ expected: { ...expected, type: 'x' } }), 'type')?.code).toBe('bbs/wrong-type');
	expect(findCheck(report({ expected: { ...expected, now: Date.parse('2028-01-01') } }), 'expiry')?.code).toBe('bbs/expired');
	expect(findCheck(report({ expected: { ...expected, now: Date.parse('2027-12-31T23:00:00Z') } }), 'expiry')?.result).toBe('passed');
	expect(findCheck(report({ secret: new Uint8Array(32) }), 'signature')?.code).toBe('bbs/bad-signature');
	const changed = writeCredential({ ...parse(credential), expires: '2030-01-01' });
	expect(findCheck(report({ credential: changed }), 'signature')?.code).toBe('bbs/bad-signature');
});

describe('public keys', () => {
	test('as Multikey and back', () => {
		const text = publicKeyToMultibase(publicKey);
		// vc-di-bbs §2.1.1: the multicodec 0xeb01 in base58btc begins like this.
		expect(text).toMatch(/^zUC7[1-9A-HJ-NP-Za-km-z]{130,132}$/);
		expect(publicKeyFromMultibase(text)).toEqual(publicKey);
	});

	test('differ for different secrets', () => {
		expect(issuerPublicKey(new Uint8Array(32).fill(8))).not.toEqual(publicKey);
	});

	test.each<[string, () => unknown]>([
		['another base', () => publicKeyFromMultibase(`u${publicKeyToMultibase(publicKey).slice(1)}`)],
		['a character that base58 does not have', () => publicKeyFromMultibase(publicKeyToMultibase(publicKey).replace('C', '0'))],
		['another multicodec', () => publicKeyFromMultibase('z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK')],
		['a very long text', () => publicKeyFromMultibase(`z${'1'.repeat(1_000_000)}`)],
		['the identity', () => publicKeyToMultibase(Uint8Array.of(0xc0, ...new Uint8Array(95)))],
		['a point off the curve', () => publicKeyToMultibase(publicKey.with(95, (publicKey[95] ?? 0) ^ 1))],
		['too few bytes', () => publicKeyToMultibase(publicKey.subarray(1))],
	])('%s is refused', (_, read) => {
		expect(read).toThrow(coded('bbs/bad-key'));
	});
});
