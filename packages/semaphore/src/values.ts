import { utf8 } from '@holdfast/crypto';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { SemaphoreError } from './errors.ts';
import { fromBigEndian, toBigEndian, VALUE_LIMIT } from './numbers.ts';

/**
 * A message or scope as a number of 256 bits, as @semaphore-protocol/proof 4 converts it: bytes are big-endian; text that
 * JavaScript reads as a whole number (`12`, `0x10`) is that number; other text is its UTF-8 bytes with zeros behind, at most 31
 * bytes. So "12" and "0xc" are one scope: whoever sets scopes from text hashes it first.
 *
 * Throws `semaphore/bad-value`.
 */
export function toValue(source: bigint | string | Uint8Array): bigint {
	const value = typeof source === 'bigint' ? source : typeof source === 'string' ? ofText(source) : ofBytes(source);
	if (value < 0n || value >= VALUE_LIMIT) throw badValue();
	return value;
}

function ofText(text: string): bigint {
	try {
		// As ethers does it, which the reference uses: one minus sign before any notation.
		return text.startsWith('-') && text[1] !== '-' ? -BigInt(text.slice(1)) : BigInt(text);
	} catch {
		const bytes = utf8(text);
		if (bytes.length > 31 || !text.isWellFormed()) throw badValue();
		const padded = new Uint8Array(32);
		padded.set(bytes);
		return fromBigEndian(padded);
	}
}

function ofBytes(bytes: Uint8Array): bigint {
	if (bytes.length > 32) throw badValue();
	return fromBigEndian(bytes);
}

const badValue = (): SemaphoreError =>
	new SemaphoreError('semaphore/bad-value', 'A message or scope must be a number of at most 256 bits, or a text of at most 31 bytes.');

/** What the circuit gets of a message or scope: Keccak-256 of its 32 bytes, without the last eight bits, so that it fits the field. */
export const hashOfValue = (value: bigint): bigint => fromBigEndian(keccak_256(toBigEndian(value))) >> 8n;
