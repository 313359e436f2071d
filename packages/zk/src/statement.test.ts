import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FIELD_ORDER } from './field.ts';
import { claimNameHash, textHash } from './hash.ts';
import { ageAsked, boundsOf, circuitFor, overAge, publicSet, readStatement, readStatementRequest, revocationAgeOf, scopeHash } from './statement.ts';

const bad = expect.objectContaining({ code: 'zk/bad-statement' });

test('"over N" becomes a bound on the birth date, and is recognised again', () => {
	expect(overAge(18, 20_261_125)).toEqual({ kind: 'bound', claim: ['birthdate'], op: '<=', value: '2008-11-25' });
	expect(overAge(18, 20_240_229)).toMatchObject({ value: '2006-02-28' });
	for (const years of [0, 12, 18, 21, 65, 120]) expect(ageAsked(overAge(years, 20_240_229), 20_240_229)).toBe(years);
	expect(ageAsked({ kind: 'bound', claim: ['birthdate'], op: '<=', value: '2008-11-24' }, 20_261_125)).toBeUndefined();
	expect(ageAsked({ kind: 'bound', claim: ['birthdate'], op: '>=', value: '2008-11-25' }, 20_261_125)).toBeUndefined();
});

test('bounds are numbers of 48 bits, in order', () => {
	expect(boundsOf({ kind: 'bound', claim: ['a'], op: '>=', value: 5 })).toEqual({ kind: 'integer', low: 5n + 2n ** 47n, high: 2n ** 48n - 1n });
	expect(boundsOf({ kind: 'bound', claim: ['a'], op: '<=', value: '2008-11-25' })).toEqual({ kind: 'date', low: 0n, high: 20_081_125n });
	expect(boundsOf({ kind: 'bound', claim: ['a'], op: 'between', from: -3, to: 3 })).toEqual({ kind: 'integer', low: 2n ** 47n - 3n, high: 2n ** 47n + 3n });
	fc.assert(
		fc.property(fc.integer({ min: -(2 ** 47), max: 2 ** 47 - 1 }), fc.integer({ min: -(2 ** 47), max: 2 ** 47 - 1 }), (a, b) => {
			const [from, to] = [Math.min(a, b), Math.max(a, b)];
			const { low, high } = boundsOf({ kind: 'bound', claim: ['a'], op: 'between', from, to });
			expect(0n <= low && low <= high && high < 2n ** 48n).toBe(true);
		}),
	);
});

describe('requests that are refused', () => {
	const statement = { kind: 'bound', claim: ['a'], op: '<=', value: 3 };
	test.each([
		['unknown kind', { kind: 'less' }],
		['no claim', { kind: 'bound', op: '<=', value: 3 }],
		['an empty path', { ...statement, claim: [] }],
		['a place in a list', { ...statement, claim: ['a', 0] }],
		['a fraction', { ...statement, value: 1.5 }],
		['a text', { ...statement, value: 'DE' }],
		['a date that does not exist', { ...statement, value: '2026-02-29' }],
		['a number too large', { ...statement, value: 2 ** 47 }],
		['bounds in the wrong order', { kind: 'bound', claim: ['a'], op: 'between', from: 3, to: 2 }],
		['bounds of two kinds', { kind: 'bound', claim: ['a'], op: 'between', from: 3, to: '2026-01-01' }],
		['a member too many', { ...statement, note: 'x' }],
		['an empty set', { kind: 'member', claim: ['a'], set: [] }],
		['33 values', { kind: 'member', claim: ['a'], set: Array.from({ length: 33 }, (_, index) => index) }],
		['values of two kinds', { kind: 'member', claim: ['a'], set: ['DE', 3] }],
		['an object as value', { kind: 'member', claim: ['a'], set: [{}] }],
		['two statements in one', { kind: 'same-holder', claim: ['a'] }],
	])('%s', (_name, value) => expect(() => readStatement(value)).toThrow(bad));

	test.each([
		['no type', { statement, types: [] }],
		['revocation of a set', { statement: { kind: 'member', claim: ['a'], set: [1] }, types: ['t'], notRevoked: true }],
		['two credentials, one type', { statement: { kind: 'same-holder' }, types: ['t'] }],
		['a scope without verifier', { statement, types: ['t'], scope: { purpose: 'x' } }],
		['an unknown member', { statement, types: ['t'], more: 1 }],
	])('%s', (_name, value) => expect(() => readStatementRequest(value)).toThrow(bad));
});

test('a request survives the wire', () => {
	const request = { statement: overAge(18, 20_261_125), types: ['t'], notRevoked: true, scope: { verifier: 'v', purpose: 'p', epoch: '2026' } } as const;
	expect(readStatementRequest(JSON.parse(JSON.stringify(request)))).toEqual(request);
	expect(circuitFor(request)).toBe('bound-revocable');
});

test('the age of a list of revoked credentials is a whole number of seconds, and only there with one', () => {
	const request = { statement: overAge(18, 20_261_125), types: ['t'], notRevoked: true };
	expect(revocationAgeOf(readStatementRequest(request))).toBe(86_400);
	expect(revocationAgeOf(readStatementRequest({ ...request, maxRevocationAgeSec: 3600 }))).toBe(3600);
	const bad = expect.objectContaining({ code: 'zk/bad-statement' });
	for (const maxRevocationAgeSec of [0, -1, 1.5, '3600', null, 1e12]) expect(() => readStatementRequest({ ...request, maxRevocationAgeSec })).toThrow(bad);
	expect(() => readStatementRequest({ ...request, notRevoked: false, maxRevocationAgeSec: 3600 })).toThrow(bad);
});

test('reading throws only its own errors', () => {
	fc.assert(
		fc.property(
			fc.oneof(
				fc.jsonValue(),
				fc.record(
					{ kind: fc.constantFrom('bound', 'member', 'same-holder'), claim: fc.anything(), op: fc.anything(), value: fc.anything(), set: fc.anything() },
					{ requiredKeys: [] },
				),
			),
			(value) => {
				try {
					readStatement(value);
				} catch (error) {
					expect(error).toMatchObject({ code: 'zk/bad-statement' });
				}
			},
		),
	);
});

test('a set does not depend on order or repetition, and holds nothing that was not listed', () => {
	const set = (values: readonly string[]) => publicSet({ kind: 'member', claim: ['a'], set: values });
	expect(set(['DE', 'FR', 'IT']).root).toBe(set(['IT', 'DE', 'FR', 'DE']).root);
	expect(set(['DE', 'FR']).root).not.toBe(set(['DE', 'FR', 'IT']).root);
	expect(set(['DE', 'FR']).path(0n)).toBeUndefined();
	expect(set(['DE', 'FR']).path(textHash('IT'))).toBeUndefined();
	expect(set(['DE', 'FR']).path(textHash('FR'))).toBeDefined();
});

test('names, scopes and texts do not run into each other', () => {
	expect(claimNameHash(['a', 'b'])).not.toBe(claimNameHash(['a,b']));
	expect(claimNameHash(['a', 0])).toBe(claimNameHash(['a', null]));
	expect(claimNameHash(['a', '0'])).not.toBe(claimNameHash(['a', 0]));
	expect(scopeHash({ verifier: 'ab', purpose: 'c' })).not.toBe(scopeHash({ verifier: 'a', purpose: 'bc' }));
	expect(scopeHash({ verifier: 'a', purpose: 'b' })).not.toBe(scopeHash({ verifier: 'a', purpose: 'b', epoch: 'x' }));
	expect(scopeHash(undefined)).toBe(0n);
	fc.assert(fc.property(fc.string(), (text) => textHash(text) > 0n && textHash(text) < FIELD_ORDER));
});
