import * as library from '@docknetwork/crypto-wasm';
import { base64urlDecode, base64urlEncode, utf8 } from '@holdfast/crypto';
import { findCheck, walkReport } from '@holdfast/kernel';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { scalarToBytes } from './ciphersuite.ts';
import { messagesOf, parse, swapExponent, writeCredential } from './credential.ts';
import { createEngine, type Engine } from './engine.ts';
import { credentialOf, HOLDER_SECRET, ISSUER, KEY_ID, keys, NOW, person, requestOf, TODAY, TYPE, trust } from './fixture.ts';
import { issuerPublicKey } from './keys.ts';
import { compactProof, presentationLayout } from './layout.ts';
import { assertAnswers, present } from './present.ts';
import { type Presentation, parsePresentation, writePresentation } from './presentation.ts';
import { type BbsRequest, overAge, pseudonymBase, requestHash } from './request.ts';
import { holderScalars } from './secrets.ts';
import { buildStatement } from './statement.ts';
import { type Verification, type VerifyInput, verify } from './verify.ts';

const FULL: Partial<BbsRequest> = { disclose: ['resident'], pseudonym: { purpose: 'one visit a day' }, query: '{"credentials":[]}' };

let engine: Engine;
let credential: string;
let request: BbsRequest;
/** Answers `request`: over 18, one claim shown, a pseudonym. Made once, because making it takes a second. */
let answer: string;

beforeAll(async () => {
	engine = await createEngine();
	credential = credentialOf(engine, { birthDate: '2008-11-25' });
	request = requestOf(FULL);
	answer = present(engine, { credential, secret: HOLDER_SECRET, request, now: NOW });
});

const check = (change: Partial<VerifyInput> = {}): Promise<Verification> => verify(engine, { presentation: answer, request, now: NOW, keys, trust, ...change });
const altered = (change: (presentation: Presentation) => Partial<Presentation>): string => {
	const presentation = parsePresentation(answer);
	return writePresentation({ ...presentation, ...change(presentation) });
};
const codeOf = ({ report }: Verification, name: string): string | undefined => findCheck(report, name)?.code;

/** Failed, and nothing of what it says is handed on. */
function expectNothing(verification: Verification): void {
	expect(verification.report.result).toBe('failed');
	expect(verification).toMatchObject({ claims: {}, learned: [], unproven: [] });
	expect(verification.pseudonym).toBeUndefined();
	for (const node of walkReport(verification.report)) if (/^(validity|bound|pseudonym\/)/.test(node.check)) expect(node.result).toBe('skipped');
}

test('over 18, a shown claim and a pseudonym, on the very birthday', async () => {
	const verification = await check();
	expect(verification.report.result).toBe('passed');
	expect(verification.claims).toEqual({ resident: true });
	expect(verification).toMatchObject({ issuer: ISSUER, type: TYPE });
	expect(findCheck(verification.report, 'bound/birth_date')).toMatchObject({ result: 'passed', evidence: { max: '2008-11-25' } });
	expect(findCheck(verification.report, 'validity')).toMatchObject({ result: 'passed', evidence: { day: TODAY } });
	expect(findCheck(verification.report, 'revocation')).toMatchObject({ result: 'skipped', code: 'bbs/no-revocation' });
	const text = JSON.stringify(verification) + answer + Buffer.from(answer.split('.')[1] ?? '', 'base64url').toString();
	// Neither the hidden claims nor the day of expiry stand anywhere.
	expect(text.replaceAll('on or before 2008-11-25', '').replaceAll('"max":"2008-11-25"', '')).not.toMatch(/Ångström|2008|2027|4711/);
});

describe('a presentation for one request is worthless for another', () => {
	test.each<[string, Partial<BbsRequest>]>([
		['nonce', { nonce: 'another-nonce-of-the-verifier' }],
		['audience', { audience: 'x509_hash:club.example' }],
		['address', { responseUri: 'https://bar.example/elsewhere' }],
		['cutoff, looser', { bounds: [overAge('birth_date', 16, TODAY)] }],
		['cutoff, stricter', { bounds: [overAge('birth_date', 19, TODAY)] }],
		['purpose of the pseudonym', { pseudonym: { purpose: 'one vote' } }],
		['query', { query: '{"credentials":[1]}' }],
		['types', { types: [TYPE, 'https://registry.example/citizen'] }],
	])('%s', async (_, change) => {
		const other = { ...request, ...change };
		const honest = await check({ request: other });
		expect(codeOf(honest, 'request-binding')).toBe('bbs/wrong-request');
		expectNothing(honest);
		// The hash in it can be replaced by anybody; the proof then does not hold.
		const forged = await check({ request: other, presentation: altered(() => ({ requestHash: requestHash(other) })) });
		expect(findCheck(forged.report, 'request-binding')?.result).toBe('passed');
		expect(codeOf(forged, 'proof')).toBe('bbs/bad-proof');
		expectNothing(forged);
	});
});

describe('refused', () => {
	test.each<[string, string, string, () => Partial<VerifyInput>]>([
		[
			'another key than the issuer’s',
			'proof',
			'bbs/bad-proof',
			() => ({ keys: { resolve: async () => ({ publicKey: issuerPublicKey(new Uint8Array(32)), how: '' }) } }),
		],
		['an issuer without a key', 'issuer-key', 'bbs/issuer-key-not-found', () => ({ presentation: altered(() => ({ issuer: 'did:web:nobody.example' })) })],
		['a key that is no point', 'issuer-key', 'bbs/bad-key', () => ({ keys: { resolve: async () => ({ publicKey: new Uint8Array(96).fill(1), how: '' }) } })],
		['an issuer that is not trusted', 'issuer-trust', 'bbs/untrusted-issuer', () => ({ trust: () => ({ result: 'failed', reason: 'No.' }) })],
		[
			'another issuer’s name with a key that is found',
			'proof',
			'bbs/bad-proof',
			() => ({
				presentation: altered(() => ({ issuer: 'did:web:other.example' })),
				keys: { resolve: () => keys.resolve({ issuer: ISSUER, keyId: KEY_ID }) },
				trust: () => ({ result: 'passed', reason: '' }),
			}),
		],
		['another type than was asked for', 'type', 'bbs/wrong-type', () => ({ presentation: altered(() => ({ type: `${TYPE}/king` })) })],
		[
			'a shown value that was changed',
			'proof',
			'bbs/bad-proof',
			() => ({ presentation: altered(() => ({ disclosed: [{ name: 'resident', value: false }] })) }),
		],
		['a shown claim that is missing', 'disclosed', 'bbs/claim-missing', () => ({ presentation: altered(() => ({ disclosed: [] })) })],
		[
			'a claim shown that nobody asked for',
			'disclosed',
			'bbs/unrequested-claim',
			() => ({
				presentation: altered(() => ({
					disclosed: [
						{ name: 'middle_name', value: null },
						{ name: 'resident', value: true },
					],
				})),
			}),
		],
		[
			'a bounded claim that the credential does not have',
			'disclosed',
			'bbs/claim-missing',
			() => ({ presentation: altered(({ schema }) => ({ schema: schema.filter(({ name }) => name !== 'birth_date') })) }),
		],
		[
			'a bounded claim of another kind',
			'disclosed',
			'bbs/claim-missing',
			() => ({
				presentation: altered(({ schema }) => ({
					schema: schema.map((claim) => (claim.name === 'birth_date' ? { ...claim, kind: 'integer' as const } : claim)),
				})),
			}),
		],
		[
			'a schema with a claim more',
			'proof',
			'bbs/bad-proof',
			() => ({ presentation: altered(({ schema }) => ({ schema: [...schema, { name: 'zodiac', kind: 'text' as const }] })) }),
		],
		[
			'two claims that changed places',
			'proof',
			'bbs/bad-proof',
			() => ({
				presentation: altered(({ schema }) => ({ schema: schema.map((claim) => (claim.name === 'middle_name' ? { ...claim, name: 'nickname' } : claim)) })),
			}),
		],
		['a pseudonym that is missing', 'pseudonym', 'bbs/pseudonym-missing', () => ({ presentation: writePresentation(without(parsePresentation(answer))) })],
		[
			'a pseudonym that is the identity',
			'pseudonym',
			'bbs/bad-proof',
			() => ({ presentation: altered(() => ({ pseudonym: Uint8Array.of(0xc0, ...new Uint8Array(47)) })) }),
		],
		['a pseudonym outside of the group', 'pseudonym', 'bbs/bad-proof', () => ({ presentation: altered(() => ({ pseudonym: new Uint8Array(48).fill(0x81) })) })],
		['another pseudonym', 'proof', 'bbs/bad-proof', () => ({ presentation: altered(() => ({ pseudonym: library.generateRandomG1Element(utf8('another')) })) })],
		[
			'a pseudonym that nobody asked for',
			'pseudonym',
			'bbs/unrequested-claim',
			() => ({ request: withoutPseudonym(), presentation: altered(() => ({ requestHash: requestHash(withoutPseudonym()) })) }),
		],
		['another day, near enough', 'proof', 'bbs/bad-proof', () => ({ presentation: altered(() => ({ day: '2026-11-26' })) })],
		['a day in the past', 'day', 'bbs/wrong-day', () => ({ now: Date.parse('2026-11-27T00:00:00Z') })],
		['a day to come', 'day', 'bbs/wrong-day', () => ({ now: Date.parse('2026-11-23T23:59:59Z') })],
		['an empty proof', 'proof', 'bbs/bad-proof', () => ({ presentation: altered(() => ({ proof: new Uint8Array() })) })],
		['a proof of zeros', 'proof', 'bbs/bad-proof', () => ({ presentation: altered(({ proof }) => ({ proof: new Uint8Array(proof.length) })) })],
		['a proof of ones', 'proof', 'bbs/bad-proof', () => ({ presentation: altered(({ proof }) => ({ proof: new Uint8Array(proof.length).fill(255) })) })],
		['a proof with a byte more', 'proof', 'bbs/bad-proof', () => ({ presentation: altered(({ proof }) => ({ proof: Uint8Array.from([...proof, 0]) })) })],
	])('%s', async (_, name, code, change) => {
		const verification = await check(change());
		expect(codeOf(verification, name)).toBe(code);
		expectNothing(verification);
	});

	const without = ({ pseudonym: _, ...rest }: Presentation): Presentation => rest;
	function withoutPseudonym(): BbsRequest {
		const { pseudonym: _, ...rest } = request;
		return rest;
	}

	test('one bit, anywhere in the proof', async () => {
		const { proof } = parsePresentation(answer);
		for (let bit = 0; bit < proof.length * 8; bit += 3001) {
			const flipped = Uint8Array.from(proof);
			flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
			expectNothing(await check({ presentation: altered(() => ({ proof: flipped })) }));
		}
	});

	test('one character, anywhere else, and a string cut short', async () => {
		const start = answer.length - 5000;
		for (let at = 0; at < answer.length; at += at < start ? 37 : 601) {
			const changed = answer.slice(0, at) + (answer[at] === 'A' ? 'B' : 'A') + answer.slice(at + 1);
			expectNothing(await check({ presentation: changed }));
			expectNothing(await check({ presentation: answer.slice(0, at) }));
		}
	});

	test('whatever text it is', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.oneof(
					fc.string(),
					fc.json().map((text) => `bbs-presentation-1.${base64urlEncode(utf8(text))}`),
				),
				async (presentation) => {
					expectNothing(await check({ presentation }));
				},
			),
		);
	});

	test('and after all this a good one still holds', async () => {
		expect((await check()).report.result).toBe('passed');
	});
});

test('a proof made before midnight is still good after it', async () => {
	expect((await check({ now: Date.parse('2026-11-26T00:00:10Z') })).report.result).toBe('passed');
});

test('no key is looked for where the rest does not fit', async () => {
	let asked = 0;
	const counting: typeof keys = {
		resolve: (about) => {
			asked++;
			return keys.resolve(about);
		},
	};
	await check({ request: { ...request, nonce: 'another-nonce-of-the-verifier' }, keys: counting });
	expect(asked).toBe(0);
	await check({ presentation: altered(() => ({ proof: new Uint8Array() })), keys: counting });
	expect(asked).toBe(1);
});

test('an issuer about whom nobody decided is a warning', async () => {
	const { trust: _, ...rest } = { presentation: answer, request, now: NOW, keys, trust };
	expect((await verify(engine, rest)).report).toMatchObject({ result: 'warning', code: 'bbs/untrusted-issuer' });
});

test('a verifier’s own mistake throws', async () => {
	await expect(check({ request: { ...request, nonce: '' } })).rejects.toThrow(expect.objectContaining({ code: 'bbs/bad-request' }));
});

describe('the wallet refuses, before it proves anything', () => {
	const minor = () => credentialOf(engine, { birthDate: '2008-11-26' });
	test.each<[string, string, () => { credential?: string; change?: Partial<BbsRequest>; now?: number }]>([
		['17 years and 364 days', 'bbs/statement-false', () => ({ credential: minor() })],
		['17 years', 'bbs/statement-false', () => ({ credential: credentialOf(engine, { birthDate: '2009-11-25' }) })],
		['no birth date', 'bbs/statement-false', () => ({ credential: credentialOf(engine, { claims: [{ name: 'birth_date', kind: 'date', value: null }] }) })],
		['too young for a lower bound', 'bbs/statement-false', () => ({ change: { bounds: [{ claim: 'birth_date', kind: 'date', min: '2008-11-26' }] } })],
		['an integer beyond the bound', 'bbs/statement-false', () => ({ change: { bounds: [{ claim: 'points', kind: 'integer', min: 4712 }] } })],
		['a claim that it does not have', 'bbs/claim-missing', () => ({ change: { bounds: [{ claim: 'shoe_size', kind: 'integer', min: 1 }] } })],
		['a claim to show that it does not have', 'bbs/claim-missing', () => ({ change: { disclose: ['shoe_size'] } })],
		['a bound on a text', 'bbs/claim-missing', () => ({ change: { bounds: [{ claim: 'family_name', kind: 'integer', min: 1 }] } })],
		['another type', 'bbs/wrong-type', () => ({ change: { types: ['x'] } })],
		['an expired credential', 'bbs/expired', () => ({ credential: credentialOf(engine, { expires: '2026-11-24' }) })],
		['a credential that has expired since', 'bbs/expired', () => ({ now: Date.parse('2028-01-01') })],
		['a request without a nonce', 'bbs/bad-request', () => ({ change: { nonce: '' } })],
	])('%s', (_, code, given) => {
		const { credential: other, change, now } = given();
		const input = { credential: other ?? credential, secret: HOLDER_SECRET, request: requestOf(change), now: now ?? NOW };
		const coded = expect.objectContaining({ code });
		expect(() => present(engine, input)).toThrow(coded);
		expect(() => assertAnswers(parse(input.credential), input.request, input.now)).toThrow(coded);
	});

	test('another wallet’s credential', () => {
		expect(() => present(engine, { credential, secret: new Uint8Array(32), request, now: NOW })).toThrow(expect.objectContaining({ code: 'bbs/wrong-holder' }));
	});

	test('a credential that was changed', () => {
		const changed = writeCredential({ ...parse(credential), expires: '2099-01-01' });
		expect(() => present(engine, { credential: changed, secret: HOLDER_SECRET, request, now: NOW })).toThrow(
			expect.objectContaining({ code: 'bbs/wrong-holder' }),
		);
	});

	test('its errors hold no claim', () => {
		try {
			present(engine, { credential: minor(), secret: HOLDER_SECRET, request: requestOf(), now: NOW });
			expect.unreachable();
		} catch (error) {
			expect(JSON.stringify(error) + String(error)).not.toMatch(/2008/);
		}
	});
});

describe('a dishonest wallet', () => {
	/** Proves `statement` for `given`, as present() does but without asking whether it is true. */
	function prove(
		given: string,
		asked: BbsRequest,
		change: (statement: ReturnType<typeof buildStatement>, messages: Map<number, Uint8Array>) => { equalities?: Uint8Array[]; bounded: Uint8Array[] },
	): string {
		const own = parse(given);
		const shown = { ...own, disclosed: [], day: TODAY, requestHash: requestHash(asked) };
		const messages = messagesOf(engine.params(own.schema.length), own, holderScalars(HOLDER_SECRET, own.salt));
		const statement = buildStatement(engine, 'holder', asked, shown, own.publicKey);
		const { equalities, bounded } = change(statement, messages);
		const at = (place: number): Uint8Array => messages.get(place) ?? new Uint8Array();
		const witnesses = [
			library.generatePoKBBSSignatureWitness(swapExponent(own.signature), new Map(statement.hidden.map((place) => [place, at(place)])), false),
			...bounded.map((value) => library.generateBoundCheckBppWitness(value)),
		];
		const proof = library.generateCompositeProofG1WithDeconstructedProofSpec(
			statement.statements,
			equalities ?? statement.equalities,
			statement.setup,
			witnesses,
			statement.context,
		);
		return writePresentation({ ...shown, proof: compactProof(presentationLayout(statement.hidden.length, statement.kinds), proof) });
	}
	const equal = (...pairs: [number, number][]) =>
		pairs.map(([place, at]) =>
			library.generateWitnessEqualityMetaStatement(
				new Set([
					[0, place],
					[at, 0],
				] as [number, number][]),
			),
		);
	const EXPIRES = 3;
	const BIRTH = 4;
	const POINTS = 7;

	test('can’t prove about a date that it makes up', async () => {
		const minor = credentialOf(engine, { birthDate: '2012-01-01' });
		const asked = requestOf();
		const presentation = prove(minor, asked, (_, messages) => ({ bounded: [messages.get(EXPIRES) ?? new Uint8Array(), scalarToBytes(19900517n)] }));
		const verification = await verify(engine, { presentation, request: asked, now: NOW, keys, trust });
		expect(codeOf(verification, 'proof')).toBe('bbs/bad-proof');
	});

	test('can’t prove about another claim than was asked', async () => {
		const asked = requestOf();
		// A child with so many points that they read like a birth date: the bound is true of them.
		const child = credentialOf(engine, { claims: person('2012-01-01').map((claim) => (claim.name === 'points' ? { ...claim, value: 19900517 } : claim)) });
		const about = (place: number) =>
			prove(place === POINTS ? child : credential, asked, (_, messages) => ({
				equalities: equal([EXPIRES, 1], [place, 2]),
				bounded: [EXPIRES, place].map((each) => messages.get(each) ?? new Uint8Array()),
			}));
		const report = async (presentation: string) => verify(engine, { presentation, request: asked, now: NOW, keys, trust });
		expect(codeOf(await report(about(POINTS)), 'proof')).toBe('bbs/bad-proof');
		// The same means, used honestly, are believed.
		expect((await report(about(BIRTH))).report.result).toBe('passed');
	});

	test('can’t show the pseudonym of another secret', async () => {
		const asked = requestOf({ bounds: [], pseudonym: { purpose: 'one visit a day' } });
		const own = parse(credential);
		const messages = messagesOf(engine.params(own.schema.length), own, holderScalars(HOLDER_SECRET, own.salt));
		const at = (place: number): Uint8Array => messages.get(place) ?? new Uint8Array();
		const base = pseudonymBase(asked) ?? new Uint8Array();
		const withSecret = (link: Uint8Array): Promise<Verification> => {
			const shown = { ...own, disclosed: [], day: TODAY, requestHash: requestHash(asked), pseudonym: library.pedersenCommitmentG1([base], [link]) };
			const { statements, equalities, setup, context, hidden, kinds } = buildStatement(engine, 'holder', asked, shown, own.publicKey);
			const witnesses = [
				library.generatePoKBBSSignatureWitness(swapExponent(own.signature), new Map(hidden.map((place) => [place, at(place)])), false),
				library.generateBoundCheckBppWitness(at(EXPIRES)),
				library.generatePedersenCommitmentWitness([link]),
			];
			const proof = library.generateCompositeProofG1WithDeconstructedProofSpec(statements, equalities, setup, witnesses, context);
			const presentation = writePresentation({ ...shown, proof: compactProof(presentationLayout(hidden.length, kinds), proof) });
			return verify(engine, { presentation, request: asked, now: NOW, keys, trust });
		};
		expect(codeOf(await withSecret(scalarToBytes(holderScalars(new Uint8Array(32), own.salt).link)), 'proof')).toBe('bbs/bad-proof');
		// The same means, used honestly, are believed.
		expect((await withSecret(at(1))).report.result).toBe('passed');
	});

	test('can’t prove a bound that is false', () => {
		const minor = credentialOf(engine, { birthDate: '2008-11-26' });
		expect(() => prove(minor, requestOf(), (_, messages) => ({ bounded: [EXPIRES, BIRTH].map((place) => messages.get(place) ?? new Uint8Array()) }))).toThrow();
	});
});

describe('birthdays, proven', () => {
	test.each([
		['29 February, on 1 March', '2008-02-29', '2026-03-01'],
		['born in 1900, which had no 29 February', '1900-03-01', '1918-03-01'],
		['asked in 2100, which has none', '2082-02-28', '2100-02-28'],
	])('%s', async (_, birthDate, today) => {
		const own = credentialOf(engine, { birthDate, expires: '2110-01-01' });
		const asked = requestOf({ bounds: [overAge('birth_date', 18, today)] });
		const now = Date.parse(`${today}T10:00:00Z`);
		const presentation = present(engine, { credential: own, secret: HOLDER_SECRET, request: asked, now });
		expect((await verify(engine, { presentation, request: asked, now, keys, trust })).report.result).toBe('passed');
	});
});

test('the last day of validity, a range of integers, and one claim at its very ends', async () => {
	const own = credentialOf(engine, { expires: TODAY });
	const asked = requestOf({ bounds: [{ claim: 'points', kind: 'integer', min: 4711, max: 4711 }], disclose: ['birth_date', 'family_name', 'middle_name'] });
	const presentation = present(engine, { credential: own, secret: HOLDER_SECRET, request: asked, now: NOW });
	const verification = await verify(engine, { presentation, request: asked, now: NOW, keys, trust });
	expect(verification.report.result).toBe('passed');
	expect(verification.claims).toEqual({ birth_date: '1990-05-17', family_name: 'Ångström', middle_name: null });
});

test('base64url of a presentation is not malleable', () => {
	expect(base64urlEncode(base64urlDecode(answer.split('.')[1] ?? ''))).toBe(answer.split('.')[1]);
});
