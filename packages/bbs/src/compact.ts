import { base64urlDecode, base64urlEncode, concat, utf8, utf8Decode } from '@holdfast/crypto';
import { BbsError } from './errors.ts';
import { LIMITS } from './limits.ts';

/**
 * Compact strings of this package: `<prefix>.<base64url of JSON>`. The JSON has one spelling only (our key
 * order, no spaces, no duplicates), so that two spellings of one value can't tell two holders apart.
 */
export const writeCompact = (prefix: string, value: unknown): string => `${prefix}.${base64urlEncode(utf8(JSON.stringify(value)))}`;

/**
 * Reads a compact string with `read`, which must rebuild the value from what it has checked. Refuses any
 * other spelling of it. Throws `bbs/too-large` and `bbs/malformed` only.
 */
export function readCompact<T>(prefix: string, text: string, read: (json: unknown) => T, write: (value: T) => string): T {
	if (typeof text !== 'string' || !text.startsWith(`${prefix}.`)) throw malformed();
	if (text.length > LIMITS.compact) throw new BbsError('bbs/too-large', 'This is too large to be read.', { data: { limit: LIMITS.compact } });
	let value: T;
	try {
		value = read(JSON.parse(utf8Decode(base64urlDecode(text.slice(prefix.length + 1)))));
	} catch (cause) {
		throw cause instanceof BbsError ? cause : malformed(cause);
	}
	if (write(value) !== text) throw malformed();
	return value;
}

export const malformed = (cause?: unknown): BbsError =>
	new BbsError('bbs/malformed', 'This is damaged or not what it claims to be.', cause === undefined ? {} : { cause });

/** An object with exactly these keys, else `bbs/malformed`. */
export function record<K extends string>(json: unknown, keys: readonly K[]): Record<K, unknown> {
	if (typeof json !== 'object' || json === null || Array.isArray(json)) throw malformed();
	const own = Object.keys(json);
	if (own.length !== keys.length || !keys.every((key) => Object.hasOwn(json, key))) throw malformed();
	return json as Record<K, unknown>;
}

export function array(json: unknown, max: number): readonly unknown[] {
	if (!Array.isArray(json) || json.length > max) throw malformed();
	return json;
}

/** A non-empty text of at most `LIMITS.identifier` bytes. */
export function identifier(json: unknown): string {
	if (typeof json !== 'string' || json === '' || !json.isWellFormed() || utf8(json).length > LIMITS.identifier) throw malformed();
	return json;
}

/** base64url of exactly `length` bytes. */
export function bytesOf(json: unknown, length: number): Uint8Array {
	if (typeof json !== 'string' || json.length !== Math.ceil((length * 4) / 3)) throw malformed();
	return base64urlDecode(json);
}

/** The parts, each after its length in 8 bytes: no two lists of parts have the same frame. */
export function frame(...parts: readonly (Uint8Array | string)[]): Uint8Array {
	return concat(
		...parts.flatMap((part) => {
			const bytes = typeof part === 'string' ? utf8(part) : part;
			return [i2osp(bytes.length, 8), bytes];
		}),
	);
}

/** I2OSP (RFC 8017 §4.1): `value` in `length` bytes, most significant first. */
export function i2osp(value: number | bigint, length: number): Uint8Array {
	const out = new Uint8Array(length);
	let rest = BigInt(value);
	for (let i = length - 1; i >= 0; i--) {
		out[i] = Number(rest & 255n);
		rest >>= 8n;
	}
	return out;
}
