import { Secret } from '@holdfast/kernel';
import { utf8 } from './bytes.ts';
import { CryptoError } from './errors.ts';
import { SecretBytes } from './secretBytes.ts';

/** The cost of argon2id (RFC 9106 §3.1). */
export interface Argon2Params {
	/** Memory in KiB, at least 8 for each lane. */
	readonly m: number;
	/** Passes. */
	readonly t: number;
	/** Lanes. */
	readonly p: number;
}

/**
 * argon2id 1.3 (RFC 9106): 32 bytes of key from a passphrase, in Unicode NFKC so that it is the same
 * on every keyboard. Works on a thread of its own. Throws `crypto/bad-parameters`.
 */
export async function deriveKek(passphrase: Secret<string> | string, params: Argon2Params & { readonly salt: Uint8Array }): Promise<SecretBytes> {
	const { m, t, p, salt } = params;
	const whole = [m, t, p].every((value) => Number.isSafeInteger(value) && value >= 1 && value < 2 ** 32);
	if (!whole || p > 255 || m < 8 * p || salt.length < 8) {
		throw new CryptoError('crypto/bad-parameters', 'These parameters for argon2id are out of range.', { data: { m, t, p, salt: salt.length } });
	}
	const password = utf8((passphrase instanceof Secret ? passphrase.reveal() : passphrase).normalize('NFKC'));
	try {
		// Loaded here, so that importing this package does not load a native addon.
		const { hashRaw } = await import('@node-rs/argon2');
		const raw = await hashRaw(password, { algorithm: 2, version: 1, memoryCost: m, timeCost: t, parallelism: p, outputLen: 32, salt });
		return SecretBytes.take(raw);
	} finally {
		password.fill(0);
	}
}
