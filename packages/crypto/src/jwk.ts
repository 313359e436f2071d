import { ed25519 } from '@noble/curves/ed25519.js';
import { p256 } from '@noble/curves/nist.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { base64urlDecode, base64urlEncode, concat } from './bytes.ts';
import { CryptoError } from './errors.ts';
import { sha256 } from './hash.ts';
import type { Jwk, JwsAlg, KeyType, PublicKey } from './keyTypes.ts';

const CURVES = {
	Ed25519: { kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA' },
	X25519: { kty: 'OKP', crv: 'X25519', alg: undefined },
	Secp256k1: { kty: 'EC', crv: 'secp256k1', alg: 'ES256K' },
	Secp256r1: { kty: 'EC', crv: 'P-256', alg: 'ES256' },
} as const;

const TYPE_OF_CRV: ReadonlyMap<string, KeyType> = new Map(Object.entries(CURVES).map(([type, curve]) => [curve.crv, type as KeyType]));

/** The JWS algorithm of a key type. Throws `crypto/bad-key` for X25519, which signs nothing. */
export function algOf(type: KeyType): JwsAlg {
	const { alg } = CURVES[type];
	if (alg === undefined) throw new CryptoError('crypto/bad-key', 'An X25519 key agrees on secrets; it cannot sign.', { data: { type } });
	return alg;
}

/** A public key as a JWK with its required members only. Throws `crypto/bad-key` for a point that is not on the curve. */
export function publicKeyToJwk(type: KeyType, publicKey: Uint8Array): Jwk {
	const { kty, crv } = CURVES[type];
	if (kty === 'OKP') {
		checkOkp(type, publicKey);
		return { kty, crv, x: base64urlEncode(publicKey) };
	}
	const uncompressed = uncompressedPublicKey(type, publicKey);
	return { kty, crv, x: base64urlEncode(uncompressed.subarray(1, 33)), y: base64urlEncode(uncompressed.subarray(33)) };
}

/**
 * The key in a JWK, checked: known curve, exact lengths, on the curve, not of small order, and
 * without a private part (`d`), which a public place must never carry. Throws `crypto/bad-key`.
 */
export function jwkToPublicKey(jwk: Jwk): PublicKey {
	const type = TYPE_OF_CRV.get(jwk.crv);
	if (!type || CURVES[type].kty !== jwk.kty) throw badKey('This kind of key is not supported.', 'curve');
	if ('d' in jwk) throw badKey('This key carries its private part. It must not be used any more.', 'private');
	const x = coordinate(jwk.x);
	if (jwk.kty === 'OKP') {
		if (jwk.y !== undefined) throw badKey('This key has a member too many.', 'y');
		checkOkp(type, x);
		return { type, publicKey: x };
	}
	return { type, publicKey: compress(type, concat(Uint8Array.of(4), x, coordinate(jwk.y))) };
}

/** A key that {@link jwkThumbprint} can name: ours, or an RSA key of somebody else. */
export type ThumbprintJwk = Jwk | { readonly kty: 'RSA'; readonly n: string; readonly e: string };

/** The JWK thumbprint (RFC 7638, SHA-256) in base64url: the name of a key, whatever its `kid` says. */
export function jwkThumbprint(jwk: ThumbprintJwk): string {
	return base64urlEncode(sha256(JSON.stringify(requiredMembers(jwk))));
}

function requiredMembers(jwk: ThumbprintJwk): object {
	// RFC 7638 §3.2: the required members in lexicographic order.
	if (jwk.kty === 'RSA') return { e: text(jwk.e), kty: jwk.kty, n: text(jwk.n) };
	if (jwk.kty === 'EC') return { crv: text(jwk.crv), kty: jwk.kty, x: text(jwk.x), y: text(jwk.y) };
	if (jwk.kty === 'OKP') return { crv: text(jwk.crv), kty: jwk.kty, x: text(jwk.x) };
	throw badKey('This kind of key is not supported.', 'kty');
}

function text(value: unknown): string {
	if (typeof value !== 'string') throw badKey('This key lacks a required member.', 'member');
	return value;
}

/** 65 bytes of uncompressed SEC1 from either form of an EC key. Throws `crypto/bad-key`. */
export function uncompressedPublicKey(type: KeyType, publicKey: Uint8Array): Uint8Array {
	return pointOf(type, publicKey).toBytes(false);
}

const compress = (type: KeyType, publicKey: Uint8Array): Uint8Array => pointOf(type, publicKey).toBytes(true);

function pointOf(type: KeyType, publicKey: Uint8Array): { toBytes(compressed: boolean): Uint8Array } {
	if (type !== 'Secp256k1' && type !== 'Secp256r1') throw badKey('This key has no such form.', 'curve');
	try {
		// fromBytes checks the length and the curve equation; neither curve has a cofactor.
		return (type === 'Secp256k1' ? secp256k1 : p256).Point.fromBytes(publicKey);
	} catch {
		throw badKey('This is not a public key: it is not a point on its curve.', 'point');
	}
}

function checkOkp(type: KeyType, publicKey: Uint8Array): void {
	if (publicKey.length !== 32) throw badKey('This is not a public key: it has the wrong length.', 'length');
	// Every 32 bytes are an X25519 key (RFC 7748 §5); the shared secret is checked instead.
	if (type === 'Ed25519' && !isEd25519Point(publicKey)) throw badKey('This is not a public key: it is not a point on its curve.', 'point');
}

function isEd25519Point(publicKey: Uint8Array): boolean {
	try {
		return !ed25519.Point.fromBytes(publicKey, false).isSmallOrder();
	} catch {
		return false;
	}
}

function coordinate(value: string | undefined): Uint8Array {
	if (typeof value !== 'string' || value.length !== 43) throw badKey('This key has a coordinate of the wrong length.', 'length');
	try {
		return base64urlDecode(value);
	} catch {
		throw badKey('This key is not encoded correctly.', 'encoding');
	}
}

const badKey = (message: string, problem: string) => new CryptoError('crypto/bad-key', message, { data: { problem } });
