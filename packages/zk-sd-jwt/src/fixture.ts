import { base64urlEncode, generateKeyPair, type Signer, sha256, signerOf, utf8 } from '@holdfast/crypto';
import { systemRandom } from '@holdfast/kernel';
import { type CircuitInputs, circuitInputs } from './inputs.ts';
import type { AnsweringClaim, Statement } from './model.ts';

// An issuer that was never prepared for proofs: it signs ordinary SD-JWT VCs. Real keys; times are given.

export const NOW = 1_780_000_000; // 2026-05-28
export const TODAY = 2026_05_28;
export const VCT = 'urn:eudi:pid:1';

export const newSigner = (): Signer => signerOf(generateKeyPair('Secp256r1', systemRandom));

export const encodeDisclosure = (text: string): string => base64urlEncode(utf8(text));
export const digestOf = (disclosure: string): string => base64urlEncode(sha256(utf8(disclosure)));
export const disclosureOf = (name: string, value: unknown, salt = '2GLC42sKQveCfGfryNRN9w'): string => encodeDisclosure(JSON.stringify([salt, name, value]));

export interface Party {
	readonly issuer: Signer;
	readonly holder: Signer;
}

export const party = (): Party => ({ issuer: newSigner(), holder: newSigner() });

export const cnfOf = (holder: Signer): object => ({ jwk: { kty: 'EC', crv: 'P-256', x: holder.publicJwk.x, y: holder.publicJwk.y } });

/** Signs a payload as it is written, disclosures behind it. */
export async function signText(
	issuer: Signer,
	payload: string,
	disclosures: readonly string[],
	header: object = { alg: 'ES256', typ: 'dc+sd-jwt' },
): Promise<string> {
	const signed = `${base64urlEncode(utf8(JSON.stringify(header)))}.${base64urlEncode(utf8(payload))}`;
	return [`${signed}.${base64urlEncode(await issuer.sign(utf8(signed)))}`, ...disclosures, ''].join('~');
}

/** The members of an ordinary payload, in an ordinary order. */
export function payloadOf(who: Party, disclosures: readonly string[], change: object = {}): object {
	return {
		iss: 'https://pid.example',
		vct: VCT,
		iat: NOW - 1000,
		exp: NOW + 100_000,
		_sd: disclosures.map(digestOf),
		_sd_alg: 'sha-256',
		cnf: cnfOf(who.holder),
		...change,
	};
}

/** An ordinary credential with a birth date beside other claims. */
export async function ordinary(who: Party, birthdate = '1990-01-31', change: object = {}): Promise<string> {
	const disclosures = [disclosureOf('given_name', 'Erika'), disclosureOf('birthdate', birthdate), disclosureOf('family_name', 'Mustermann')];
	return signText(who.issuer, JSON.stringify(payloadOf(who, disclosures, change)), disclosures);
}

export const MESSAGE = utf8('the request: audience, nonce, query');
export const BIRTHDATE: AnsweringClaim = { kind: 'date', name: 'birthdate' };

export const statementOf = (who: Party, change: Partial<Statement> = {}): Statement => ({
	issuer: who.issuer.publicJwk,
	vct: VCT,
	claim: BIRTHDATE,
	cutoff: TODAY - 18_00_00,
	now: NOW,
	requestHash: sha256(MESSAGE),
	...change,
});

export async function inputsOf(who: Party, credential: string, change: Partial<Statement> = {}): Promise<CircuitInputs> {
	return circuitInputs(credential, statementOf(who, change), { message: MESSAGE, signature: await who.holder.sign(MESSAGE) });
}
