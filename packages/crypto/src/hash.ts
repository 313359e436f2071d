import { hkdf as nobleHkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js';
import { utf8 } from './bytes.ts';
import { type KeyBytes, SecretBytes, useBytes } from './secretBytes.ts';

/** SHA-256 (FIPS 180-4), 32 bytes. A string is hashed as UTF-8. */
export const sha256 = (data: Uint8Array | string): Uint8Array => nobleSha256(typeof data === 'string' ? utf8(data) : data);

/** HMAC-SHA-256 (RFC 2104), 32 bytes. */
export const hmacSha256 = (key: KeyBytes, data: Uint8Array): Uint8Array => useBytes(key, (bytes) => hmac(nobleSha256, bytes, data));

/**
 * HKDF-SHA-256 (RFC 5869): `length` bytes (at most 8,160) of key for the purpose `info`.
 * Different `info` gives independent keys; a missing salt is 32 zero bytes.
 */
export function hkdf(key: KeyBytes, options: { readonly info: Uint8Array | string; readonly salt?: Uint8Array; readonly length?: number }): SecretBytes {
	const info = typeof options.info === 'string' ? utf8(options.info) : options.info;
	return useBytes(key, (bytes) => SecretBytes.take(nobleHkdf(nobleSha256, bytes, options.salt, info, options.length ?? 32)));
}
