import { CryptoError } from './errors.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const VALUES: ReadonlyMap<string, number> = new Map([...ALPHABET].map((character, value) => [character, value]));
const HEX = /^(?:[0-9a-fA-F]{2})*$/;
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The UTF-8 bytes of `text`. */
export const utf8 = (text: string): Uint8Array => encoder.encode(text);

/** Text from UTF-8 bytes. Throws `crypto/bad-encoding` where they are not UTF-8. */
export function utf8Decode(bytes: Uint8Array): string {
	try {
		return decoder.decode(bytes);
	} catch {
		throw new CryptoError('crypto/bad-encoding', 'This data is not valid UTF-8 text.', { data: { encoding: 'utf-8' } });
	}
}

/** base64url without padding (RFC 7515 §2, RFC 4648 §5). */
export function base64urlEncode(bytes: Uint8Array): string {
	let out = '';
	let buffer = 0;
	let bits = 0;
	for (const byte of bytes) {
		buffer = (buffer << 8) | byte;
		bits += 8;
		while (bits >= 6) {
			bits -= 6;
			out += ALPHABET.charAt((buffer >> bits) & 63);
		}
		buffer &= (1 << bits) - 1;
	}
	return bits > 0 ? out + ALPHABET.charAt((buffer << (6 - bits)) & 63) : out;
}

/**
 * Bytes from base64url, strictly: no padding, no white space, no characters of plain base64, no
 * spare bits that are not zero. So one value has one spelling, and a digest over the spelling is a
 * digest over the value. Throws `crypto/bad-encoding`.
 */
export function base64urlDecode(text: string): Uint8Array {
	if (text.length % 4 === 1) throw badEncoding('base64url');
	const out = new Uint8Array(Math.floor((text.length * 3) / 4));
	let at = 0;
	let buffer = 0;
	let bits = 0;
	for (const character of text) {
		const value = VALUES.get(character);
		if (value === undefined) throw badEncoding('base64url');
		buffer = (buffer << 6) | value;
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			out[at++] = (buffer >> bits) & 255;
		}
		buffer &= (1 << bits) - 1;
	}
	if (buffer !== 0) throw badEncoding('base64url');
	return out;
}

/** Lower-case hexadecimal. Not for private keys: a string cannot be wiped. */
export function hexEncode(bytes: Uint8Array): string {
	let out = '';
	for (const byte of bytes) out += byte.toString(16).padStart(2, '0');
	return out;
}

/** Bytes from hexadecimal, either case, without prefix. Throws `crypto/bad-encoding`. */
export function hexDecode(text: string): Uint8Array {
	if (!HEX.test(text)) throw badEncoding('hex');
	const out = new Uint8Array(text.length / 2);
	for (let i = 0; i < out.length; i++) out[i] = Number.parseInt(text.slice(i * 2, i * 2 + 2), 16);
	return out;
}

/** The parts, one after the other, in a new array. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
	const out = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
	let at = 0;
	for (const part of parts) {
		out.set(part, at);
		at += part.length;
	}
	return out;
}

/** Whether both are equal, in a time that depends only on the lengths. */
export function constantTimeEqual(a: Uint8Array, b: Uint8Array): boolean {
	if (a.length !== b.length) return false;
	let difference = 0;
	for (let i = 0; i < a.length; i++) difference |= (a[i] ?? 0) ^ (b[i] ?? 0);
	return difference === 0;
}

const badEncoding = (encoding: string) => new CryptoError('crypto/bad-encoding', `This data is not valid ${encoding}.`, { data: { encoding } });
