import { x25519 } from '@noble/curves/ed25519.js';
import { p256 } from '@noble/curves/nist.js';
import { CryptoError } from './errors.ts';
import { type KeyBytes, SecretBytes, useBytes } from './secretBytes.ts';

/** The X25519 shared secret (RFC 7748 §6.1), 32 bytes. Throws `crypto/agreement-failed` for a small-order key. */
export const x25519SharedSecret = (privateKey: KeyBytes, publicKey: Uint8Array): SecretBytes =>
	agree(() => useBytes(privateKey, (key) => x25519.getSharedSecret(key, publicKey)));

/**
 * The P-256 shared secret (SEC 1 §3.3.1, RFC 7518 §4.6): the 32 bytes of the x coordinate.
 * `publicKey` is compressed or uncompressed SEC1. Throws `crypto/agreement-failed` off the curve.
 */
export const ecdhP256 = (privateKey: KeyBytes, publicKey: Uint8Array): SecretBytes =>
	agree(() => useBytes(privateKey, (key) => p256.getSharedSecret(key, publicKey, true).slice(1)));

function agree(work: () => Uint8Array): SecretBytes {
	try {
		return SecretBytes.take(work());
	} catch (error) {
		if (error instanceof CryptoError) throw error;
		throw new CryptoError('crypto/agreement-failed', 'No shared secret can be made with this public key.');
	}
}
