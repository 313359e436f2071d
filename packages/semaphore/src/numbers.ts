/** Order of BN254's scalar field, in which the circuit computes; also the base field of Baby Jubjub (EIP-2494). */
export const FIELD_ORDER = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;

/** Order of BN254's base field, in which the coordinates of a proof's points lie. */
export const BASE_FIELD_ORDER = 21888242871839275222246405745257275088696311157297823662689037894645226208583n;

/** Messages and scopes have 256 bits. */
export const VALUE_LIMIT = 1n << 256n;

/** A number below `limit` from its only decimal spelling; `undefined` for everything else. */
export function readDecimal(text: unknown, limit: bigint): bigint | undefined {
	if (typeof text !== 'string' || !/^(?:0|[1-9][0-9]{0,77})$/.test(text)) return undefined;
	const value = BigInt(text);
	return value < limit ? value : undefined;
}

export function fromBigEndian(bytes: Uint8Array): bigint {
	let value = 0n;
	for (const byte of bytes) value = (value << 8n) | BigInt(byte);
	return value;
}

/** 32 bytes. The value must fit. */
export function toBigEndian(value: bigint): Uint8Array {
	const out = new Uint8Array(32);
	for (let i = 31, rest = value; i >= 0; i--, rest >>= 8n) out[i] = Number(rest & 255n);
	return out;
}
