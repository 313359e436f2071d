import { base64urlDecode, base64urlEncode, sha256, utf8 } from '@holdfast/crypto';
import { ZkError } from './errors.ts';

/** Order of BN254's scalar field, in which circuits compute; also the base field of Baby Jubjub (EIP-2494). */
export const FIELD_ORDER = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;

/** Modulo p, never negative. */
export const mod = (value: bigint, p: bigint = FIELD_ORDER): bigint => ((value % p) + p) % p;

const DECIMAL = /^(?:0|[1-9][0-9]{0,76})$/;

/** A field element from its only decimal spelling; `undefined` for everything else, the order and above included. */
export function readDecimal(text: unknown): bigint | undefined {
	if (typeof text !== 'string' || !DECIMAL.test(text)) return undefined;
	const value = BigInt(text);
	return value < FIELD_ORDER ? value : undefined;
}

/** Big-endian bytes. The value must fit. */
export function toBytes(value: bigint, length = 32): Uint8Array {
	const out = new Uint8Array(length);
	for (let i = length - 1, rest = value; i >= 0; i--, rest >>= 8n) out[i] = Number(rest & 255n);
	return out;
}

export function fromBytes(bytes: Uint8Array): bigint {
	let value = 0n;
	for (const byte of bytes) value = (value << 8n) | BigInt(byte);
	return value;
}

/** 32 bytes, base64url, of a field element. */
export const encodeField = (value: bigint): string => base64urlEncode(toBytes(value));

/** A field element from 32 bytes of base64url. Throws `zk/bad-field-element` for a number of the order or above: each has one spelling. */
export function decodeField(text: unknown): bigint {
	if (typeof text === 'string' && text.length === 43) {
		const value = fromBytes(decodeBytes(text));
		if (value < FIELD_ORDER) return value;
	}
	throw new ZkError('zk/bad-field-element', 'This is not a number that the circuits can compute with.');
}

function decodeBytes(text: string): Uint8Array {
	try {
		return base64urlDecode(text);
	} catch (cause) {
		throw new ZkError('zk/bad-field-element', 'This is not a number that the circuits can compute with.', { cause });
	}
}

/** Bytes of exactly this length from base64url, or `undefined`. */
export function readBytes(text: unknown, length: number): Uint8Array | undefined {
	if (typeof text !== 'string' || text.length !== Math.ceil((length * 4) / 3)) return undefined;
	try {
		return base64urlDecode(text);
	} catch {
		return undefined;
	}
}

/**
 * A field element for data, under a domain: the first 31 bytes of SHA-256 over the domain and the parts, each with its
 * length. 248 bits, so nothing is reduced and collisions cost 2^124.
 */
export function hashToField(domain: string, ...parts: readonly (string | Uint8Array)[]): bigint {
	const chunks = [domain, ...parts].map((part) => (typeof part === 'string' ? utf8(part) : part));
	const input = new Uint8Array(chunks.reduce((length, chunk) => length + 4 + chunk.length, 0));
	let at = 0;
	for (const chunk of chunks) {
		new DataView(input.buffer).setUint32(at, chunk.length);
		input.set(chunk, at + 4);
		at += 4 + chunk.length;
	}
	return fromBytes(sha256(input).subarray(0, 31));
}

/** The ASCII text as a big-endian integer: how circuits/lib/tags.circom writes its tags. */
export const asciiTag = (text: string): bigint => fromBytes(utf8(text));

export const TAGS = {
	attestation: asciiTag('holdfast/attestation/1'),
	holder: asciiTag('holdfast/holder/1'),
	nullifier: asciiTag('holdfast/nullifier/1'),
	revocation: asciiTag('holdfast/revocation/1'),
} as const;
