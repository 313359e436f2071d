import { type Argon2Params, base64urlDecode, base64urlEncode, CryptoError, deriveKek, hkdf, open, SecretBytes, seal } from '@holdfast/crypto';
import type { Clock, Random, Secret } from '@holdfast/kernel';
import { AttemptLimit } from './attempts.node.ts';
import type { DeviceWrap } from './deviceWrap.ts';
import { damaged, VaultError } from './errors.ts';
import { checkMac, readHeader, type VaultHeader, wrapContext, writeHeader } from './header.node.ts';
import { checkKdf } from './kdf.ts';

const SALT_LENGTH = 16;

/** A passphrase, hidden or as it comes from a caller that cannot hide it. */
export type Passphrase = Secret<string> | string;

/** What the vault key is split into. Each is independent of the others (HKDF). */
export type SubkeyPurpose = 'database' | 'mnemonic' | 'seed' | 'private-keys' | 'log' | 'export';

export const subkey = (vaultKey: SecretBytes, purpose: SubkeyPurpose): SecretBytes => hkdf(vaultKey, { info: `holdfast/vault/${purpose}/v1` });

/** Makes the parts of a header that hold the vault key for `passphrase`, with a new salt. */
export async function wrapVaultKey(
	vaultKey: SecretBytes,
	passphrase: Passphrase,
	kdf: Argon2Params,
	random: Random,
): Promise<Pick<VaultHeader, 'm' | 't' | 'p' | 'salt' | 'wrapped'>> {
	const salt = random.bytes(SALT_LENGTH);
	const kek = await deriveKek(passphrase, { ...kdf, salt });
	try {
		const wrapped = vaultKey.use((bytes) => seal(kek, bytes, wrapContext(kdf, salt), random));
		return { m: kdf.m, t: kdf.t, p: kdf.p, salt: base64urlEncode(salt), wrapped: base64urlEncode(wrapped) };
	} finally {
		kek.wipe();
	}
}

/**
 * The vault key for a passphrase. Throws `vault/wrong-passphrase` `{ retryAfterMs, attempts }` after the
 * full work of argon2id, `vault/locked-out` before any, and what reading the header throws.
 */
export async function unwrapVaultKey(
	dir: string,
	passphrase: Passphrase,
	options: { readonly clock: Clock; readonly floor?: Argon2Params },
): Promise<{ vaultKey: SecretBytes; header: VaultHeader }> {
	const read = readHeader(dir);
	checkKdf(read.kdf, options.floor);
	const limit = new AttemptLimit(dir, options.clock);
	limit.begin();
	const kek = await deriveKek(passphrase, { ...read.kdf, salt: read.salt });
	let vaultKey: SecretBytes;
	try {
		vaultKey = SecretBytes.take(open(kek, read.wrapped, wrapContext(read.kdf, read.salt)));
	} catch (error) {
		if (error instanceof CryptoError && error.code === 'crypto/open-failed') throw limit.failed();
		throw error;
	} finally {
		kek.wipe();
	}
	checkMac(read, vaultKey);
	limit.succeeded();
	return { vaultKey, header: read.header };
}

/** The vault key as this device keeps it. Throws `vault/device-unavailable`. */
export async function unwrapOnDevice(dir: string, device: DeviceWrap): Promise<{ vaultKey: SecretBytes; header: VaultHeader }> {
	const read = readHeader(dir);
	const kept = read.header.device;
	if (!kept || kept.backend !== device.backend) throw unavailable();
	requireUsable(device);
	const bytes = await device.unwrap(base64urlDecode(kept.wrapped)).catch((cause: unknown) => {
		throw unavailable(cause);
	});
	if (bytes.length !== 32) throw damaged('header');
	const vaultKey = SecretBytes.take(bytes);
	checkMac(read, vaultKey);
	return { vaultKey, header: read.header };
}

/** Writes a header that also holds the vault key wrapped by the device. Throws `vault/device-unavailable`. */
export async function keepOnDevice(dir: string, header: VaultHeader, vaultKey: SecretBytes, device: DeviceWrap): Promise<void> {
	requireUsable(device);
	const copy = vaultKey.use((bytes) => Uint8Array.from(bytes));
	try {
		const wrapped = await device.wrap(copy).catch((cause: unknown) => {
			throw unavailable(cause);
		});
		writeHeader(dir, { ...header, device: { backend: device.backend, wrapped: base64urlEncode(wrapped) } }, vaultKey);
	} finally {
		copy.fill(0);
	}
}

function requireUsable(device: DeviceWrap): void {
	// These keep the key under a password that everybody knows.
	if (device.backend === 'basic_text' || device.backend === 'unknown' || device.backend === '') throw unavailable();
}

const unavailable = (cause?: unknown): VaultError =>
	new VaultError('vault/device-unavailable', 'This device cannot keep the key safely. Unlock with your passphrase.', cause === undefined ? {} : { cause });
