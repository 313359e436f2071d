import { hexDecode, type Jwk, jwkThumbprint, jwkToPublicKey, type KeyType, publicKeyToJwk } from '@holdfast/crypto';
import type { VerificationMethod } from 'did-resolver';
import { DidError, invalidDid } from './errors.ts';
import { decodeBase58, decodeMultibase, decodeMultikey } from './multikey.ts';

/**
 * The public key of a verification method as a JWK with its required members only, whatever form the
 * document gives it in: publicKeyJwk, publicKeyMultibase (Multikey, or raw for the 2018–2020 suites),
 * publicKeyBase58, publicKeyHex, publicKeyBase64. Checked to be on its curve.
 *
 * A method may not give two different keys.
 *
 * @throws DidError did/unsupported-key (an account address instead of a key, an unknown curve), did/invalid
 */
export function verificationMethodJwk(method: VerificationMethod): Jwk {
	const found: Jwk[] = [];
	if (method.publicKeyJwk !== undefined) found.push(fromJwk(method.publicKeyJwk as unknown as Jwk));
	if (method.publicKeyMultibase !== undefined) found.push(fromMultibase(method.type, method.publicKeyMultibase));
	if (method.publicKeyBase58 !== undefined) found.push(fromRaw(typeOfSuite(method.type), decodeBase58(method.publicKeyBase58)));
	if (method.publicKeyHex !== undefined) found.push(fromRaw(typeOfSuite(method.type), decodeHex(method.publicKeyHex)));
	if (method.publicKeyBase64 !== undefined) found.push(fromRaw(typeOfSuite(method.type), decodeBase64(method.publicKeyBase64)));
	const [jwk, ...others] = found;
	if (jwk === undefined) {
		const account = method.blockchainAccountId !== undefined || method.ethereumAddress !== undefined;
		throw new DidError('did/unsupported-key', { data: { reason: account ? 'account-address' : 'no-key-material' } });
	}
	if (others.some((other) => jwkThumbprint(other) !== jwkThumbprint(jwk))) throw invalidDid('two-keys-in-one-method');
	return jwk;
}

function fromJwk(jwk: Jwk): Jwk {
	const known = ['Ed25519', 'X25519', 'secp256k1', 'P-256'].includes(jwk.crv);
	if (!known) throw new DidError('did/unsupported-key', { data: { reason: 'curve' } });
	try {
		const { type, publicKey } = jwkToPublicKey(jwk);
		return publicKeyToJwk(type, publicKey);
	} catch (error) {
		throw invalidDid('public-key', error);
	}
}

function fromMultibase(suite: string, text: string): Jwk {
	const bytes = decodeMultibase(text);
	// Some 2018–2020 suites put the raw key there. A prefixed key is always one byte longer than any raw one.
	if (suite !== 'Multikey' && (bytes.length === 32 || bytes.length === 33)) return fromRaw(typeOfSuite(suite), bytes);
	const { type, publicKey } = decodeMultikey(text);
	return fromRaw(type, publicKey);
}

function fromRaw(type: KeyType, bytes: Uint8Array): Jwk {
	try {
		return publicKeyToJwk(type, bytes);
	} catch (error) {
		throw invalidDid('public-key', error);
	}
}

/** Key type from a suite's name: `Ed25519VerificationKey2018`, `EcdsaSecp256k1VerificationKey2019`, did:ethr's `Secp256r1`. */
function typeOfSuite(suite: string): KeyType {
	if (/secp256k1/i.test(suite)) return 'Secp256k1';
	if (/secp256r1|p-?256/i.test(suite)) return 'Secp256r1';
	if (/x25519/i.test(suite)) return 'X25519';
	if (/ed25519/i.test(suite)) return 'Ed25519';
	throw new DidError('did/unsupported-key', { data: { reason: 'suite' } });
}

function decodeHex(text: string): Uint8Array {
	const hex = text.startsWith('0x') ? text.slice(2) : text;
	if (hex.length > 256) throw invalidDid('hex');
	try {
		return hexDecode(hex.toLowerCase());
	} catch {
		throw invalidDid('hex');
	}
}

function decodeBase64(text: string): Uint8Array {
	if (text.length > 256 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) throw invalidDid('base64');
	try {
		return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
	} catch {
		throw invalidDid('base64');
	}
}
