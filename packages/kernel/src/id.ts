import type { Random } from './ports.ts';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** A new identifier: 128 random bits in Crockford base32 (26 characters, lower case). */
export function newId(random: Random): string {
	const bytes = random.bytes(16);
	let id = '';
	let buffer = 0;
	let bits = 0;
	for (const byte of bytes) {
		buffer = (buffer << 8) | byte;
		bits += 8;
		while (bits >= 5) {
			bits -= 5;
			id += ALPHABET[(buffer >> bits) & 31];
		}
		buffer &= (1 << bits) - 1;
	}
	return bits > 0 ? id + ALPHABET[(buffer << (5 - bits)) & 31] : id;
}

/** Matches what {@link newId} makes. */
export const ID_PATTERN: RegExp = /^[0-9a-hjkmnp-tv-z]{26}$/;
