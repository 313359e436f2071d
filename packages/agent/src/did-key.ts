import { base64urlDecode, base64urlEncode, type Jwk, jwkToPublicKey, type KeyType, publicKeyToJwk, utf8, utf8Decode } from '@holdfast/crypto';
import type { DIDDocument } from 'did-resolver';
import { z } from 'zod';
import { DidError, invalidDid } from './errors.ts';
import { decodeMultikey, encodeMultikey } from './multikey.ts';

// Veramo's own packages for these two methods drop leading zeros of EC coordinates, so that about one
// key in 128 gives a JWK that nobody accepts, and their did:key makes no P-256 keys.

const CONTEXT = ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/jwk/v1'];

/** did:key for a public key (The did:key Method v0.9 §3.1). */
export const didKeyFor = (type: KeyType, publicKey: Uint8Array): string => `did:key:${encodeMultikey(type, publicKey)}`;

/** The document that a did:key stands for. @throws DidError did/invalid, did/unsupported-key */
export function didKeyDocument(did: string, id: string): DIDDocument {
	// The multikey is the whole identifier: base64url and other spellings of the same key are other DIDs.
	if (!id.startsWith('z')) throw invalidDid('multibase');
	const { type, publicKey } = decodeMultikey(id);
	return documentOf(did, `${did}#${id}`, type, toJwk(type, publicKey));
}

/** did:jwk for a public key (did:jwk specification, "Create"). */
export function didJwkFor(type: KeyType, publicKey: Uint8Array): string {
	const jwk = publicKeyToJwk(type, publicKey);
	return `did:jwk:${base64urlEncode(utf8(JSON.stringify(jwk)))}`;
}

const jwkSchema = z.looseObject({
	kty: z.enum(['EC', 'OKP']),
	crv: z.enum(['Ed25519', 'X25519', 'secp256k1', 'P-256']),
	x: z.string(),
	y: z.string().optional(),
	use: z.string().optional(),
});

/** The document that a did:jwk stands for (did:jwk specification, "Read"). @throws DidError did/invalid, did/unsupported-key */
export function didJwkDocument(did: string, id: string): DIDDocument {
	let json: unknown;
	try {
		json = JSON.parse(utf8Decode(base64urlDecode(id)));
	} catch {
		throw invalidDid('encoding');
	}
	const parsed = jwkSchema.safeParse(json);
	if (!parsed.success) throw new DidError('did/unsupported-key', { data: { reason: 'curve' } });
	const { use, ...jwk } = parsed.data;
	try {
		const { type } = jwkToPublicKey(jwk as Jwk);
		const { kty, crv, x, y } = jwk;
		const publicJwk: Jwk = { kty, crv, x, ...(y === undefined ? {} : { y }) };
		return documentOf(did, `${did}#0`, type, publicJwk, use);
	} catch (error) {
		throw invalidDid('public-key', error);
	}
}

function toJwk(type: KeyType, publicKey: Uint8Array): Jwk {
	try {
		return publicKeyToJwk(type, publicKey);
	} catch (error) {
		throw invalidDid('public-key', error);
	}
}

function documentOf(did: string, methodId: string, type: KeyType, publicKeyJwk: Jwk, use?: string): DIDDocument {
	const base = { '@context': CONTEXT, id: did, verificationMethod: [{ id: methodId, type: 'JsonWebKey', controller: did, publicKeyJwk: { ...publicKeyJwk } }] };
	const refs = [methodId];
	const signs = type !== 'X25519' && use !== 'enc';
	return {
		...base,
		...(signs ? { authentication: refs, assertionMethod: refs, capabilityInvocation: refs, capabilityDelegation: refs } : {}),
		...(type === 'X25519' && use !== 'sig' ? { keyAgreement: refs } : {}),
	};
}
