import { SCALAR_MODULUS } from './curve.ts';

/** Words of a scalar: 32 bytes, little-endian, below the group's order. */
export const SCALAR_WORDS = 8;

const words = (value: bigint): number[] => Array.from({ length: SCALAR_WORDS }, (_, i) => Number((value >> BigInt(32 * i)) & 0xffffffffn));
const ORDER = words(SCALAR_MODULUS);
const HALF_ORDER = words(SCALAR_MODULUS >> 1n);

/** Windows that every scalar fits in: half the order has 253 bits, and a window's carry needs one more. */
export const windowCount = (windowBits: number): number => Math.ceil(254 / windowBits);

/**
 * Signed digits of a scalar s in windows of `bits` bits, lowest first: s = sum of digit[w] * 2^(bits * w) modulo the
 * order, |digit| <= 2^(bits - 1).
 *
 * A scalar above half the order is taken as the negative of a small one. So zero, one, bits, small numbers and small
 * negative numbers, which are most of a witness, have digits in their lowest windows only and cost next to nothing.
 *
 * @returns the number of windows written to `digits` from `at` on; windows behind them are zero.
 */
export function signedDigits(scalars: Uint32Array, offset: number, bits: number, digits: Int32Array, at = 0): number {
	let negative = false;
	let i = SCALAR_WORDS - 1;
	while (i > 0 && scalars[offset + i] === HALF_ORDER[i]) i--;
	const value = work;
	if ((scalars[offset + i] as number) > (HALF_ORDER[i] as number)) {
		negative = true;
		let borrow = 0;
		for (let w = 0; w < SCALAR_WORDS; w++) {
			const difference = (ORDER[w] as number) - (scalars[offset + w] as number) - borrow;
			borrow = difference < 0 ? 1 : 0;
			value[w] = difference;
		}
	} else {
		for (let w = 0; w < SCALAR_WORDS; w++) value[w] = scalars[offset + w] as number;
	}
	let top = SCALAR_WORDS - 1;
	while (top >= 0 && value[top] === 0) top--;
	if (top < 0) return 0;
	const length = 32 * top + 32 - Math.clz32(value[top] as number);

	const half = 2 ** (bits - 1);
	const mask = 2 * half - 1;
	let carry = 0;
	let count = 0;
	for (let bit = 0; bit < length || carry !== 0; bit += bits) {
		let digit = carry;
		if (bit < length) {
			const word = bit >>> 5;
			const shift = bit & 31;
			let window = (value[word] as number) >>> shift;
			if (shift + bits > 32 && word < SCALAR_WORDS - 1) window |= (value[word + 1] as number) << (32 - shift);
			digit += window & mask;
		}
		carry = digit > half ? 1 : 0;
		if (carry !== 0) digit -= 2 * half;
		digits[at + count++] = negative ? -digit : digit;
	}
	value.fill(0);
	return count;
}

/** Reused and wiped: an array for each scalar would leave the witness all over the heap. */
const work = new Uint32Array(SCALAR_WORDS);
