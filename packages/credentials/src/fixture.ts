import { base64urlDecode, base64urlEncode, generateKeyPair, type KeyType, type Signer, signerOf, utf8, utf8Decode } from '@holdfast/crypto';
import type { Clock, Json, JsonObject, ReportNode } from '@holdfast/kernel';
import { systemRandom, walkReport } from '@holdfast/kernel';
import { type CredentialFormatId, didJwk, type IssueInput, issue, type PresentInput, present, type Verification, type VerifyInput, verify } from './index.ts';
import { encodeJson, signCompact } from './jws.ts';

// What the tests of this package build credentials with. Real keys, a clock that stands still.

export const NOW = 1_780_000_000;
export const NONCE = 'n-0S6_WzA2Mj';
export const AUDIENCE = 'x509_san_dns:verifier.example';
export const clock: Clock = { now: () => NOW * 1000 };
export const io = { random: systemRandom };

export const newSigner = (type: KeyType = 'Secp256r1', kid?: string): Signer => signerOf(generateKeyPair(type, systemRandom), kid);

export const CLAIMS: JsonObject = {
	given_name: 'Erika',
	family_name: 'Mustermann',
	birthdate: '1984-01-26',
	address: { locality: 'Köln', country: 'DE' },
	nationalities: ['DE', 'FR'],
	score: 12.5,
	member: true,
	note: null,
};

export interface Parties {
	readonly format: CredentialFormatId;
	readonly issuer: Signer;
	readonly holder: Signer;
	issue(change?: Partial<IssueInput>): Promise<string>;
	present(raw: string, change?: Partial<PresentInput>): Promise<string>;
	verify(presentation: string, change?: Partial<Omit<VerifyInput, 'expected'>> & { expected?: Partial<VerifyInput['expected']> }): Promise<Verification>;
}

export const ISSUER = 'https://issuer.example';

export function parties(format: CredentialFormatId, issuerType: KeyType = 'Secp256r1', holderType: KeyType = 'Secp256r1'): Parties {
	const issuer = newSigner(issuerType, 'key-1');
	const holder = newSigner(holderType);
	return {
		format,
		issuer,
		holder,
		issue: (change) =>
			issue(
				{
					format,
					issuer: ISSUER,
					signer: issuer,
					type: 'urn:example:membership',
					claims: CLAIMS,
					holder: { jwk: holder.publicJwk },
					issuedAt: NOW - 1_000,
					validUntil: NOW + 100_000,
					...change,
				},
				io,
			),
		present: (raw, change) => present({ raw, disclose: 'all', holder, nonce: NONCE, audience: AUDIENCE, issuedAt: NOW, ...change }),
		verify: (presentation, change) =>
			verify({
				presentation,
				format,
				keys: { resolve: async () => ({ jwk: issuer.publicJwk, how: 'test key' }) },
				trust: () => ({ result: 'passed', reason: 'Known in this test.' }),
				...change,
				expected: { now: clock, nonce: NONCE, audience: AUDIENCE, requireHolderBinding: true, ...change?.expected },
			}),
	};
}

export const holderDid = (signer: Signer): string => didJwk(signer.publicJwk);

/** The decoded parts of a compact JWS. */
export function takeApart(compact: string): { header: JsonObject; payload: JsonObject; signature: string } {
	const [header = '', payload = '', signature = ''] = compact.split('.');
	const decode = (part: string): JsonObject => JSON.parse(utf8Decode(base64urlDecode(part)));
	return { header: decode(header), payload: decode(payload), signature };
}

/** Puts changed parts together and keeps the old signature. */
export function forge(compact: string, change: { header?: JsonObject; payload?: JsonObject; signature?: string }): string {
	const parts = takeApart(compact);
	return `${encodeJson(change.header ?? parts.header)}.${encodeJson(change.payload ?? parts.payload)}.${change.signature ?? parts.signature}`;
}

/** Signs whatever is given: what a careless or hostile issuer or holder would send. */
export const signAnything = (header: JsonObject, payload: JsonObject, signer: Signer): Promise<string> => signCompact(header, payload, signer);

export const encodeDisclosure = (content: readonly Json[]): string => base64urlEncode(utf8(JSON.stringify(content)));

export const failures = (report: ReportNode): string[] =>
	[...walkReport(report)].filter((node) => node.result === 'failed' && !node.children).map((node) => `${node.check} ${node.code}`);

export const nodeOf = (report: ReportNode, check: string): ReportNode => {
	for (const node of walkReport(report)) if (node.check === check) return node;
	throw new Error(`no check ${check}`);
};
