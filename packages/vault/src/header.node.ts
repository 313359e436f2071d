import { type Argon2Params, base64urlDecode, base64urlEncode, constantTimeEqual, hkdf, hmacSha256, type SecretBytes, sha256, utf8 } from '@holdfast/crypto';
import { z } from 'zod';
import { damaged, VaultError } from './errors.ts';
import { readTextFile, vaultFiles, writeFileAtomic } from './files.node.ts';

export const HEADER_VERSION = 1;

/**
 * What stands in `vault.json`: everything that is needed, beside the passphrase, to open the database.
 * Byte strings are base64url.
 */
export interface VaultHeader {
	readonly v: typeof HEADER_VERSION;
	readonly kdf: 'argon2id';
	/** KiB */
	readonly m: number;
	readonly t: number;
	readonly p: number;
	readonly salt: string;
	/** The vault key, sealed with the KEK. */
	readonly wrapped: string;
	/** The vault key, sealed by the operating system, where a person chose "remember on this device". */
	readonly device: { readonly backend: string; readonly wrapped: string } | null;
}

const zText = z.string().max(4096);
const zHeader = z.strictObject({
	v: z.literal(HEADER_VERSION),
	kdf: z.literal('argon2id'),
	m: z.int().positive(),
	t: z.int().positive(),
	p: z.int().positive(),
	salt: zText,
	wrapped: zText,
	device: z.strictObject({ backend: zText, wrapped: zText }).nullable(),
	mac: zText,
	checksum: zText,
});

export interface ReadHeader {
	readonly header: VaultHeader;
	readonly mac: Uint8Array;
	readonly kdf: Argon2Params;
	readonly salt: Uint8Array;
	readonly wrapped: Uint8Array;
}

/**
 * Reads `vault.json`, or its copy where the first is damaged (which repairs the first). Throws
 * `vault/not-found`, `vault/newer-version`, and `vault/damaged` `{ part: 'header' }` where both are damaged.
 */
export function readHeader(dir: string): ReadHeader {
	const files = vaultFiles(dir);
	const text = readTextFile(files.header);
	const copy = readTextFile(files.headerCopy);
	if (text === undefined && copy === undefined) throw new VaultError('vault/not-found', 'There is no vault in this folder yet.');
	const first = parseHeader(text);
	if (first) {
		// The copy lags behind only after a crash between the two writes. An old one would keep an old passphrase alive.
		if (text !== undefined && copy !== text) writeFileAtomic(files.headerCopy, text);
		return first;
	}
	const second = parseHeader(copy);
	if (!second || copy === undefined) throw damaged('header');
	writeFileAtomic(files.header, copy);
	return second;
}

function parseHeader(text: string | undefined): ReadHeader | undefined {
	if (text === undefined || text.length > 32_768) return undefined;
	try {
		const json: unknown = JSON.parse(text);
		const version = z.looseObject({ v: z.int() }).safeParse(json);
		if (version.success && version.data.v > HEADER_VERSION) {
			throw new VaultError('vault/newer-version', 'This vault was made by a newer Holdfast. Install the newest version.', {
				data: { version: version.data.v },
			});
		}
		const { mac, checksum, ...header } = zHeader.parse(json);
		const claimed = base64urlDecode(checksum);
		if (!constantTimeEqual(claimed, checksumOf(header, mac))) return undefined;
		return {
			header,
			mac: base64urlDecode(mac),
			kdf: { m: header.m, t: header.t, p: header.p },
			salt: base64urlDecode(header.salt),
			wrapped: base64urlDecode(header.wrapped),
		};
	} catch (error) {
		if (error instanceof VaultError) throw error;
		return undefined;
	}
}

/** Writes the header and its copy, each atomically. */
export function writeHeader(dir: string, header: VaultHeader, vaultKey: SecretBytes): void {
	const mac = base64urlEncode(macOf(header, vaultKey));
	const checksum = base64urlEncode(checksumOf(header, mac));
	const text = `${JSON.stringify({ ...header, mac, checksum }, null, '\t')}\n`;
	const files = vaultFiles(dir);
	writeFileAtomic(files.header, text);
	writeFileAtomic(files.headerCopy, text);
}

/** Throws `vault/damaged` where the header is not the one that was written with this vault key. */
export function checkMac(read: ReadHeader, vaultKey: SecretBytes): void {
	if (!constantTimeEqual(read.mac, macOf(read.header, vaultKey))) throw damaged('header');
}

/** What the wrapped vault key is bound to: no parameter can be changed without the box failing to open. */
export const wrapContext = (kdf: Argon2Params, salt: Uint8Array): Uint8Array =>
	utf8(JSON.stringify(['holdfast/vault/wrapped/v1', 'argon2id', kdf.m, kdf.t, kdf.p, base64urlEncode(salt)]));

function macOf(header: VaultHeader, vaultKey: SecretBytes): Uint8Array {
	const key = hkdf(vaultKey, { info: 'holdfast/vault/header/v1' });
	try {
		return hmacSha256(key, utf8(canonical(header)));
	} finally {
		key.wipe();
	}
}

/** Not secret: tells accidental damage from a wrong passphrase. */
const checksumOf = (header: VaultHeader, mac: string): Uint8Array => sha256(`${canonical(header)}.${mac}`);

const canonical = (header: VaultHeader): string =>
	JSON.stringify([
		header.v,
		header.kdf,
		header.m,
		header.t,
		header.p,
		header.salt,
		header.wrapped,
		header.device && [header.device.backend, header.device.wrapped],
	]);
