import type { Random } from '@holdfast/kernel';
import { ed25519, x25519 } from '@noble/curves/ed25519.js';
import { p256 } from '@noble/curves/nist.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { CryptoError } from './errors.ts';
import type { KeyPair, KeyType } from './keyTypes.ts';
import { type KeyBytes, SecretBytes, useBytes } from './secretBytes.ts';

/** A new random key pair. */
export function generateKeyPair(type: KeyType, random: Random): KeyPair {
	for (;;) {
		const bytes = random.bytes(32);
		// About 2^-32 of all strings are no P-256 scalar (2^-128 for secp256k1): draw again.
		if (isPrivateKey(type, bytes)) return pairOf(type, SecretBytes.take(bytes));
	}
}

/** The pair for 32 bytes of private key, which are copied. Throws `crypto/bad-key` where they are no key of `type`. */
export function keyPairFromPrivate(type: KeyType, privateKey: KeyBytes): KeyPair {
	return useBytes(privateKey, (bytes) => {
		if (!isPrivateKey(type, bytes)) throw new CryptoError('crypto/bad-key', `These bytes are not a private key for ${type}.`, { data: { type } });
		return pairOf(type, SecretBytes.copy(bytes));
	});
}

/** Whether `bytes` are a private key of `type`: 32 bytes, and for the EC curves from 1 to n − 1. */
function isPrivateKey(type: KeyType, bytes: Uint8Array): boolean {
	if (bytes.length !== 32) return false;
	if (type === 'Secp256k1') return secp256k1.utils.isValidSecretKey(bytes);
	if (type === 'Secp256r1') return p256.utils.isValidSecretKey(bytes);
	return true;
}

function pairOf(type: KeyType, privateKey: SecretBytes): KeyPair {
	return { type, publicKey: privateKey.use((bytes) => publicKeyOf(type, bytes)), privateKey };
}

function publicKeyOf(type: KeyType, privateKey: Uint8Array): Uint8Array {
	switch (type) {
		case 'Ed25519':
			return ed25519.getPublicKey(privateKey);
		case 'X25519':
			return x25519.getPublicKey(privateKey);
		case 'Secp256k1':
			return secp256k1.getPublicKey(privateKey, true);
		case 'Secp256r1':
			return p256.getPublicKey(privateKey, true);
	}
}
