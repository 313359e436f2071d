import { systemRandom } from '@holdfast/kernel';
import type { Claim } from './claims.ts';
import type { Engine } from './engine.ts';
import { issue, requestBlind, unblind } from './issuance.ts';
import { issuerPublicKey } from './keys.ts';
import { type BbsRequest, overAge } from './request.ts';
import type { BbsIssuerKeyResolver, BbsTrustPolicy } from './verify.ts';

/** An issuer, a holder and a verifier for the tests. */
export const ISSUER = 'did:web:registry.example';
export const KEY_ID = 'did:web:registry.example#bbs-1';
export const TYPE = 'https://registry.example/person';
export const ISSUER_SECRET: Uint8Array = new Uint8Array(32).fill(7);
export const HOLDER_SECRET: Uint8Array = new Uint8Array(32).fill(9);
export const TODAY = '2026-11-25';
export const NOW: number = Date.parse(`${TODAY}T12:00:00Z`);
const ISSUE_NONCE = 'nonce-of-the-issuer';

const PUBLIC_KEY = issuerPublicKey(ISSUER_SECRET);

export const keys: BbsIssuerKeyResolver = {
	resolve: async ({ issuer, keyId }) => {
		if (issuer !== ISSUER || keyId !== KEY_ID) throw new Error('not found');
		return { publicKey: PUBLIC_KEY, how: 'a list in the test' };
	},
};

export const trust: BbsTrustPolicy = ({ issuer }) =>
	issuer === ISSUER ? { result: 'passed', reason: 'It is on the list of the test.' } : { result: 'failed', reason: 'It is not on the list of the test.' };

export const person = (birthDate: string): Claim[] => [
	{ name: 'family_name', kind: 'text', value: 'Ångström' },
	{ name: 'birth_date', kind: 'date', value: birthDate },
	{ name: 'resident', kind: 'boolean', value: true },
	{ name: 'points', kind: 'integer', value: 4711 },
	{ name: 'middle_name', kind: 'text', value: null },
];

export interface Given {
	readonly claims?: readonly Claim[];
	readonly birthDate?: string;
	readonly expires?: string;
	readonly secret?: Uint8Array;
	readonly key?: Uint8Array;
}

/** A credential through the whole of issuance. */
export function credentialOf(engine: Engine, given: Given = {}): string {
	const key = given.key ?? ISSUER_SECRET;
	const context = { issuer: ISSUER, publicKey: issuerPublicKey(key), nonce: ISSUE_NONCE };
	const secret = given.secret ?? HOLDER_SECRET;
	const { request, salt } = requestBlind(engine, context, { secret, random: systemRandom });
	const issued = issue(engine, {
		key,
		issuer: ISSUER,
		keyId: KEY_ID,
		type: TYPE,
		claims: given.claims ?? person(given.birthDate ?? '1990-05-17'),
		expires: given.expires ?? '2027-12-31',
		request,
		nonce: ISSUE_NONCE,
	});
	return unblind(engine, { issued, salt, secret, context });
}

export const requestOf = (given: Partial<BbsRequest> = {}): BbsRequest => ({
	nonce: 'nonce-of-the-verifier',
	audience: 'x509_hash:bar.example',
	responseUri: 'https://bar.example/answer',
	types: [TYPE],
	disclose: [],
	bounds: [overAge('birth_date', 18, TODAY)],
	...given,
});
