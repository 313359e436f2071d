import { sha256, utf8 } from '@holdfast/crypto';
import { failed, findCheck, passed, walkReport } from '@holdfast/kernel';
import { overAge } from '@holdfast/zk';
import type { Statement } from '@holdfast/zk-sd-jwt';
import { expect, test } from 'vitest';
import type { Session } from '../session.node.ts';
import type { ProofContext } from './route.node.ts';
import { sdJwtRoute } from './sd-jwt-route.node.ts';
import { canonical } from './statement-query.ts';

// What the verifier itself checks of a proof from an ordinary document, and what it has the proof checked for. The proof is
// taken to hold for one statement only, as zk-sd-jwt's own tests show of real ones.

const NOW = Date.parse('2026-11-26T12:00:00Z');
const KEY = { kty: 'EC', crv: 'P-256', x: 'x', y: 'y' } as const;
const ISSUER = 'did:web:office.example';
const TYPE = 'urn:eudi:pid:1';
const request = { statement: overAge(18, 20_261_126), types: [TYPE] };
const context: ProofContext = { nonce: 'n', audience: 'decentralized_identifier:did:web:door.example', responseUri: 'https://door.example/r', query: '{}' };
const answer = { v: 1, iss: ISSUER, kid: 'k', vct: TYPE, day: 20_261_126, proof: { proof: 'a' } };

/** The statement that the proof is taken to hold for. */
const proven = (day = '2026-11-26'): Statement => ({
	issuer: KEY,
	vct: TYPE,
	claim: { kind: 'date', name: 'birthdate' },
	cutoff: 20_081_126,
	now: Date.parse(`${day}T00:00:00Z`) / 1000,
	requestHash: sha256(utf8(canonical({ type: 'holdfast/proof-request/1', ...context }))),
});

function judge(
	change: object = {},
	{ asked = request, in: at = context, holdsFor = proven(), trusted = true, text = JSON.stringify({ ...answer, ...change }) } = {},
) {
	const session = {
		clock: { now: () => NOW },
		keys: { issuer: { resolve: async ({ issuer }: { issuer: string }) => ({ jwk: issuer === ISSUER ? KEY : { ...KEY, x: 'z' }, how: 'did:web' }) } },
		vault: { trustedIssuers: { get: () => (trusted ? { name: 'Office' } : undefined) }, dids: { get: () => undefined } },
		proofs: {
			ordinary: async () => ({
				verify: async (_proof: unknown, statement: Statement) =>
					JSON.stringify(statement) === JSON.stringify(holdsFor)
						? passed({ check: 'zk-sd-jwt/proof', title: 'Proof', reason: 'It holds.' })
						: failed({ check: 'zk-sd-jwt/proof', title: 'Proof', reason: 'It does not hold.', code: 'zk-sd-jwt/invalid-proof' }),
			}),
		},
	};
	return sdJwtRoute.verify(session as unknown as Session, text, '', asked, at);
}

const failures = async (verifying: ReturnType<typeof judge>): Promise<string[]> =>
	[...walkReport((await verifying).report)].filter((node) => node.result === 'failed' && node.children === undefined).map((node) => node.check);

test('a proof for the verifier’s own statement, today, of an issuer that it trusts is believed', async () => {
	const { report, issuer, type } = await judge();
	expect(report.result).toBe('passed');
	expect(findCheck(report, 'issuer-trust')?.result).toBe('passed');
	expect([issuer, type]).toEqual([ISSUER, TYPE]);
});

test.each([
	['another nonce', { nonce: 'o' }],
	['another audience', { audience: 'decentralized_identifier:did:web:other.example' }],
	['another response address', { responseUri: 'https://other.example/r' }],
	['another query', { query: '{"a":1}' }],
])('%s: the proof is for another request', async (_, change) => {
	expect(await failures(judge({}, { in: { ...context, ...change } }))).toEqual(['zk-sd-jwt/proof']);
});

test('another cutoff or claim than the verifier’s', async () => {
	expect(await failures(judge({}, { asked: { ...request, statement: overAge(21, 20_261_126) } }))).toEqual(['zk-sd-jwt/proof']);
	expect(await failures(judge({}, { asked: { ...request, statement: overAge(18, 20_261_126, ['date_of_issuance']) } }))).toEqual(['zk-sd-jwt/proof']);
	await expect(judge({}, { asked: { ...request, statement: { kind: 'bound', claim: ['birthdate'], op: '>=', value: '1900-01-01' } } })).rejects.toMatchObject({
		code: 'zk/bad-statement',
	});
});

test('another type than was asked for', async () => {
	expect(await failures(judge({}, { asked: { ...request, types: ['urn:other'] } }))).toEqual(['type']);
	// Said to be of the type: then the proof does not hold.
	expect(await failures(judge({}, { holdsFor: { ...proven(), vct: 'urn:other' } }))).toEqual(['zk-sd-jwt/proof']);
	const either = { ...request, types: ['urn:other', TYPE] };
	expect(await failures(judge({ vct: 'urn:other' }, { asked: either }))).toEqual(['zk-sd-jwt/proof']);
});

test('an issuer that is not trusted, or that only lends its name', async () => {
	expect(await failures(judge({}, { trusted: false }))).toEqual(['issuer-trust']);
	expect(await failures(judge({ iss: 'did:web:other.example' }))).toEqual(['zk-sd-jwt/proof']);
});

test.each([
	[20_261_124, '2026-11-24', false],
	[20_261_125, '2026-11-25', true],
	[20_261_127, '2026-11-27', true],
	[20_261_128, '2026-11-28', false],
	[20_251_126, '2025-11-26', false],
])('valid on %i', async (day, text, near) => {
	expect(await failures(judge({ day }, { holdsFor: proven(text) }))).toEqual(near ? [] : ['day']);
	// The day that is said is the one that is proven.
	if (near) expect(await failures(judge({ day }, { holdsFor: proven() }))).toEqual(['zk-sd-jwt/proof']);
});

test.each([
	'',
	'null',
	'[]',
	'{}',
	JSON.stringify({ ...answer, v: 2 }),
	JSON.stringify({ ...answer, day: '20261126' }),
	JSON.stringify({ ...answer, more: 1 }),
])('%s is no proof', async (text) => {
	expect(await failures(judge({}, { text }))).toEqual(['proof/format']);
});
