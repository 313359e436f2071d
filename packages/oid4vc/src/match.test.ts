import type { Json, JsonObject } from '@holdfast/kernel';
import { DcqlQuery as DcqlModel } from 'dcql';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { CLAIMS, hold, newSigner, testClock, VCT } from './fixture.ts';
import { type DcqlQuery, type HeldCredential, match, parseDcql, type QueryMatch } from './index.ts';
import { selectPaths } from './shared/select.ts';

const clock = testClock();
const signer = newSigner();
let pid: HeldCredential;
let vc: HeldCredential;
let card: HeldCredential;
const CARD = 'https://credentials.example/library_card';
beforeAll(async () => {
	pid = await hold('dc+sd-jwt', signer, clock);
	vc = await hold('jwt_vc_json', signer, clock);
	card = await hold('dc+sd-jwt', signer, clock, { number: 7, member: true, family_name: 'Lovelace' }, CARD);
});

const query = (more: object = {}): DcqlQuery => parseDcql({ credentials: [{ id: 'q', format: 'dc+sd-jwt', meta: { vct_values: [VCT] }, ...more }] });
const first = (asked: DcqlQuery, held: readonly HeldCredential[] = [pid, vc, card]): QueryMatch => match(asked, held).queries[0] ?? fail();
const disclosed = (more: object): unknown => first(query(more)).candidates[0]?.disclose;

describe('discloses the least', () => {
	test('the claims asked for, each by its place', () => {
		expect(disclosed({ claims: [{ path: ['given_name'] }, { path: ['address', 'locality'] }, { path: ['given_name'] }] })).toEqual([
			['given_name'],
			['address', 'locality'],
		]);
	});
	test('nothing that can be hidden where no claims are named (§6.4.1)', () => {
		expect(disclosed({})).toEqual([]);
	});
	test('every element for null, one for a number', () => {
		expect(disclosed({ claims: [{ path: ['nationalities', null] }] })).toEqual([
			['nationalities', 0],
			['nationalities', 1],
		]);
		expect(disclosed({ claims: [{ path: ['nationalities', 1] }] })).toEqual([['nationalities', 1]]);
	});
	test('only the elements with a value asked for', () => {
		expect(disclosed({ claims: [{ path: ['nationalities', null], values: ['FR', 'DE'] }] })).toEqual([['nationalities', 1]]);
	});
	test('the first set of claims that can be met', () => {
		const claims = [
			{ id: 'a', path: ['email'] },
			{ id: 'b', path: ['birthdate'] },
			{ id: 'c', path: ['given_name'] },
		];
		const found = first(query({ claims, claim_sets: [['a', 'c'], ['b'], ['c']] }));
		expect(found.candidates[0]).toMatchObject({ disclose: [['birthdate']], claimSet: 1 });
	});
	test('nothing for what every presentation tells', () => {
		expect(disclosed({ claims: [{ path: ['vct'] }, { path: ['given_name'] }] })).toEqual([['given_name']]);
	});
	test('everything in a format that cannot hide, saying what was asked', () => {
		const found = first(
			parseDcql({
				credentials: [
					{ id: 'q', format: 'jwt_vc_json', meta: { type_values: [['IdentityCredential']] }, claims: [{ path: ['credentialSubject', 'given_name'] }] },
				],
			}),
		);
		expect(found.candidates[0]?.asked).toEqual([['given_name']]);
		expect(found.candidates[0]?.disclose).toEqual(expect.arrayContaining(Object.keys(CLAIMS).map((name) => [name])));
	});
});

describe('says what is missing', () => {
	test.each<[string, object, RegExp]>([
		['the type', { meta: { vct_values: ['https://x.example/diploma'] } }, /You hold no credential of type diploma/],
		['the type, without its version', { meta: { vct_values: ['urn:eudi:pid:1'] } }, /You hold no credential of type pid/],
		['the claim', { claims: [{ path: ['email'] }, { path: ['given_name', 'x'] }] }, /does not hold: email, given name › x/],
		['the value', { claims: [{ path: ['given_name'], values: ['Grace'] }] }, /does not hold the value asked for in: given name/],
		['the authority', { trusted_authorities: [{ type: 'aki', values: ['AAAA'] }] }, /authorities/],
	])('%s', (_name, more, reason) => {
		const result = match(query(more), [pid, vc, card]);
		expect(result.satisfiable).toBe(false);
		expect(result.proposal).toEqual([]);
		expect(result.missing.join()).toMatch(reason);
		expect(result.missing.join()).not.toContain('Ada');
	});
	test('the format', () => {
		expect(first(parseDcql({ credentials: [{ id: 'q', format: 'mso_mdoc', meta: { doctype_value: 'org.iso.18013.5.1.mDL' } }] })).reason).toMatch(
			/mobile document.*does not support/,
		);
	});
	test('the key that it is bound to', () => {
		const { holder: _holder, ...parsed } = pid.parsed;
		const unbound: HeldCredential = { id: 'unbound', parsed };
		expect(first(query(), [unbound]).reason).toMatch(/not bound to a key/);
		expect(first(query({ require_cryptographic_holder_binding: false }), [unbound]).candidates).toHaveLength(1);
	});
});

describe('credential sets', () => {
	const sets = (credential_sets: unknown): DcqlQuery =>
		parseDcql({
			credentials: [
				{ id: 'diploma', format: 'dc+sd-jwt', meta: { vct_values: ['https://x.example/diploma'] } },
				{ id: 'pid', format: 'dc+sd-jwt', meta: { vct_values: [VCT] } },
				{ id: 'card', format: 'dc+sd-jwt', meta: { vct_values: [CARD] } },
			],
			credential_sets,
		});
	test('proposes the first option that works, and nothing optional', () => {
		const result = match(sets([{ options: [['diploma'], ['pid']] }, { required: false, options: [['card']] }]), [pid, card]);
		expect(result).toMatchObject({
			satisfiable: true,
			missing: [],
			sets: [
				{ required: true, options: [{ available: false }, { available: true }] },
				{ required: false, options: [{ available: true }] },
			],
		});
		expect(result.proposal.map((each) => each.queryId)).toEqual(['pid']);
	});
	test('an option needs all of its credentials', () => {
		expect(match(sets([{ options: [['pid', 'diploma']] }]), [pid, card])).toMatchObject({ satisfiable: false });
		expect(match(sets([{ options: [['pid', 'card']] }]), [pid, card]).proposal).toHaveLength(2);
	});
});

// Our own matching finds the concrete places to disclose; whether a query can be answered at all has to agree with `dcql`.
test('agrees with dcql about whether a query can be answered', () => {
	const name = fc.constantFrom('given_name', 'family_name', 'birthdate', 'nationalities', 'address', 'locality', 'number', 'member', 'nothing');
	const part = fc.oneof({ weight: 4, arbitrary: name }, { weight: 1, arbitrary: fc.constantFrom(0, 1, 5) }, { weight: 1, arbitrary: fc.constant(null) });
	const claim = fc.record(
		{
			path: fc.tuple(name, fc.array(part, { maxLength: 2 })).map(([head, tail]) => [head, ...tail]),
			values: fc.subarray<string | number | boolean>(['Ada', 'GB', 'FR', 7, true, 'London'], { minLength: 1 }),
		},
		{ requiredKeys: ['path'] },
	);
	const credential = fc
		.record({
			vct: fc.constantFrom(VCT, CARD, 'https://x.example/none'),
			claims: fc.option(fc.array(claim, { minLength: 1, maxLength: 4 }), { nil: undefined }),
			sets: fc.boolean(),
		})
		.map(({ vct, claims, sets }) => ({
			format: 'dc+sd-jwt',
			meta: { vct_values: [vct] },
			...(claims ? { claims: claims.map((each, index) => ({ ...each, id: `c${index}` })) } : {}),
			...(claims && sets ? { claim_sets: claims.map((_, index) => claims.slice(index).map((__, at) => `c${index + at}`)) } : {}),
		}));
	fc.assert(
		fc.property(fc.array(credential, { minLength: 1, maxLength: 3 }), (credentials) => {
			const asked = parseDcql({ credentials: credentials.map((each, index) => ({ ...each, id: `q${index}` })) });
			const held = [pid, card];
			const theirs = DcqlModel.query(
				DcqlModel.parse(asked as Parameters<typeof DcqlModel.parse>[0]),
				held.map(({ parsed }) => ({
					credential_format: 'dc+sd-jwt' as const,
					vct: parsed.type,
					claims: parsed.document as never,
					cryptographic_holder_binding: true,
				})),
			);
			expect(match(asked, held).satisfiable).toBe(theirs.can_be_satisfied);
		}),
		{ numRuns: 500 },
	);
});

describe('claims path pointers (§7.1)', () => {
	const document: JsonObject = { name: 'A', degrees: [{ type: 'B' }, { type: 'M' }, { other: 1 }], nothing: null, nested: { list: [[1, 2], [3]] } };
	test.each<[(string | number | null)[], Json[]]>([
		[['name'], ['A']],
		[
			['degrees', null, 'type'],
			['B', 'M'],
		],
		[['degrees', 1, 'type'], ['M']],
		[['degrees', 9], []],
		[['degrees', 'type'], []],
		[['name', 0], []],
		[['name', null], []],
		[['nothing'], []],
		[
			['nested', 'list', null, null],
			[1, 2, 3],
		],
		[['constructor'], []],
		[['__proto__'], []],
	])('%j', (path, values) => {
		const found = selectPaths(document, path);
		expect(found.map((each) => each.value)).toEqual(values);
		// Each concrete path leads to the same value again.
		for (const each of found) expect(selectPaths(document, each.path)).toEqual([each]);
	});
});

function fail(): never {
	throw new Error('not there');
}
