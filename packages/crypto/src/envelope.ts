import type { Random } from '@holdfast/kernel';
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { concat } from './bytes.ts';
import { CryptoError } from './errors.ts';
import { type KeyBytes, useBytes } from './secretBytes.ts';

const NONCE_LENGTH = 24;
const TAG_LENGTH = 16;
const KEY_LENGTH = 32;

/**
 * Encrypts and authenticates with XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03).
 *
 * @param key 32 bytes
 * @param aad authenticated, not encrypted: say here what the box is for, so that it opens nowhere else
 * @returns nonce (24 bytes, random: 192 bits never collide in practice) ‖ ciphertext ‖ tag (16 bytes)
 */
export function seal(key: KeyBytes, plaintext: Uint8Array, aad: Uint8Array, random: Random): Uint8Array {
	const nonce = random.bytes(NONCE_LENGTH);
	return useBytes(key, (bytes) => {
		checkKey(bytes);
		return concat(nonce, xchacha20poly1305(bytes, nonce, aad).encrypt(plaintext));
	});
}

/** Opens what {@link seal} made. Throws `crypto/open-failed` for a wrong key, other `aad` or any changed byte. */
export function open(key: KeyBytes, box: Uint8Array, aad: Uint8Array): Uint8Array {
	return useBytes(key, (bytes) => {
		checkKey(bytes);
		if (box.length < NONCE_LENGTH + TAG_LENGTH) throw openFailed();
		try {
			return xchacha20poly1305(bytes, box.subarray(0, NONCE_LENGTH), aad).decrypt(box.subarray(NONCE_LENGTH));
		} catch {
			throw openFailed();
		}
	});
}

function checkKey(key: Uint8Array): void {
	if (key.length !== KEY_LENGTH) throw new CryptoError('crypto/bad-key', 'An envelope key has 32 bytes.', { data: { length: key.length } });
}

const openFailed = () => new CryptoError('crypto/open-failed', 'This data could not be decrypted: the key is not the right one, or the data was changed.');
