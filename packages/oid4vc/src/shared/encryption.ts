import { generateKeyPair, publicKeyToJwk } from '@holdfast/crypto';
import type { JsonObject, Random } from '@holdfast/kernel';
import { CompactEncrypt, compactDecrypt, decodeProtectedHeader, importJWK } from 'jose';
import { parseJsonObject } from './http.ts';
import { base64urlEncode, utf8, utf8Decode } from './jose.ts';

// Response encryption (OpenID4VP 1.0 §8.3): JWE with ECDH-ES on P-256 and AES-GCM.

const ENC = ['A256GCM', 'A128GCM'] as const;
export type ContentEncryption = (typeof ENC)[number];
/** In our order of preference. */
export const contentEncryptions: readonly ContentEncryption[] = ENC;

/** A fresh P-256 key pair for one answer, as JWKs. The private one is a secret. */
export function newEncryptionKey(random: Random, kid: string): { readonly publicJwk: JsonObject; readonly privateJwk: JsonObject } {
	const pair = generateKeyPair('Secp256r1', random);
	const { kty, crv, x, y } = publicKeyToJwk('Secp256r1', pair.publicKey);
	const members = { kty, crv, x, y: y ?? '', kid, alg: 'ECDH-ES', use: 'enc' };
	const d = pair.privateKey.use((bytes) => base64urlEncode(bytes));
	pair.privateKey.wipe();
	return { publicJwk: members, privateJwk: { ...members, d } };
}

export async function encryptJson(payload: JsonObject, jwk: JsonObject, enc: ContentEncryption): Promise<string> {
	const key = await importJWK({ ...jwk }, 'ECDH-ES');
	const kid = typeof jwk.kid === 'string' ? { kid: jwk.kid } : {};
	return new CompactEncrypt(utf8(JSON.stringify(payload))).setProtectedHeader({ alg: 'ECDH-ES', enc, ...kid }).encrypt(key);
}

/** The JSON object in a JWE, or null where it is none, is for another key, or was changed. */
export async function decryptJson(jwe: string, privateJwk: JsonObject): Promise<JsonObject | null> {
	try {
		const header = decodeProtectedHeader(jwe);
		// Nobody needs compression here, and it could make little much.
		if (header.zip !== undefined || header.crit !== undefined) return null;
		if (header.kid !== undefined && header.kid !== privateJwk.kid) return null;
		const key = await importJWK({ ...privateJwk }, 'ECDH-ES');
		const { plaintext } = await compactDecrypt(jwe, key, { keyManagementAlgorithms: ['ECDH-ES'], contentEncryptionAlgorithms: [...ENC] });
		return parseJsonObject(utf8Decode(plaintext));
	} catch {
		return null;
	}
}
