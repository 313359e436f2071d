import { ed25519 } from '@noble/curves/ed25519.js';
import { p256 } from '@noble/curves/nist.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { concat } from './bytes.ts';
import { CryptoError } from './errors.ts';
import { algOf, jwkToPublicKey, publicKeyToJwk } from './jwk.ts';
import type { Jwk, JwsAlg, KeyPair, KeyType, Signer } from './keyTypes.ts';
import { type KeyBytes, useBytes } from './secretBytes.ts';

/**
 * The JWS signature (RFC 7515 §5.1) over `data`, the signing input: 64 bytes. Deterministic: Ed25519
 * (RFC 8032), or ECDSA with SHA-256 and RFC 6979 nonces, r ‖ s, low s. Throws `crypto/bad-key` for X25519.
 */
export function signJws(type: KeyType, privateKey: KeyBytes, data: Uint8Array): Uint8Array {
	const alg = algOf(type);
	return useBytes(privateKey, (key) => {
		if (alg === 'EdDSA') return ed25519.sign(data, key);
		return (alg === 'ES256' ? p256 : secp256k1).sign(data, key, { prehash: true, lowS: true, format: 'compact' });
	});
}

/**
 * Whether `signature` is the one of `jwk` over `data` with `alg`.
 *
 * False, never an error, for a key of another algorithm, a key that is not valid, or a wrong length.
 * Ed25519 is checked as in RFC 8032 (canonical encodings, no small-order keys). ES256K takes low s only
 * (one signature has one form); ES256 takes high s too, as JOSE issuers emit both.
 */
export function verifyJws(alg: JwsAlg, jwk: Jwk, data: Uint8Array, signature: Uint8Array): boolean {
	if (signature.length !== 64) return false;
	try {
		const { type, publicKey } = jwkToPublicKey(jwk);
		if (type === 'X25519' || algOf(type) !== alg) return false;
		switch (alg) {
			case 'EdDSA':
				return ed25519.verify(signature, data, publicKey, { zip215: false });
			case 'ES256':
				return p256.verify(signature, data, publicKey, { prehash: true, lowS: false, format: 'compact' });
			case 'ES256K':
				return secp256k1.verify(signature, data, publicKey, { prehash: true, lowS: true, format: 'compact' });
		}
	} catch {
		return false;
	}
}

/** A {@link Signer} for a key pair that lives in this process. */
export function signerOf(pair: KeyPair, kid?: string): Signer {
	return {
		alg: algOf(pair.type),
		publicJwk: publicKeyToJwk(pair.type, pair.publicKey),
		...(kid === undefined ? {} : { kid }),
		sign: async (data) => signJws(pair.type, pair.privateKey, data),
	};
}

/**
 * A recoverable secp256k1 signature over a 32-byte digest, as Ethereum uses it: r ‖ s ‖ parity (0 or 1),
 * 65 bytes, low s. The caller shows a person what the digest stands for. Throws `crypto/bad-parameters`.
 */
export function signDigestRecoverable(privateKey: KeyBytes, digest: Uint8Array): Uint8Array {
	if (digest.length !== 32) throw new CryptoError('crypto/bad-parameters', 'A digest has 32 bytes.', { data: { length: digest.length } });
	return useBytes(privateKey, (key) => {
		const signature = secp256k1.sign(digest, key, { prehash: false, lowS: true, format: 'recovered' });
		// noble puts the recovery byte first.
		return concat(signature.subarray(1), signature.subarray(0, 1));
	});
}
