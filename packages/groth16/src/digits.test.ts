import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SCALAR_MODULUS } from './curve.ts';
import { signedDigits, windowCount } from './digits.ts';

const words = (value: bigint): Uint32Array => Uint32Array.from({ length: 8 }, (_, i) => Number((value >> BigInt(32 * i)) & 0xffffffffn));

const r = SCALAR_MODULUS;
const adversarial = [
	0n,
	1n,
	2n,
	r - 1n,
	r - 2n,
	r >> 1n,
	(r >> 1n) + 1n,
	(1n << 253n) - 1n,
	1n << 253n,
	...Array.from({ length: 32 }, (_, i) => 1n << BigInt(8 * i)),
].filter((value) => value < r);

test('digits add up to the scalar, are small, and fit the windows', () => {
	fc.assert(
		fc.property(fc.integer({ min: 2, max: 16 }), fc.oneof(fc.constantFrom(...adversarial), fc.bigInt({ min: 0n, max: r - 1n })), (bits, scalar) => {
			const digits = new Int32Array(windowCount(bits));
			const count = signedDigits(words(scalar), 0, bits, digits);
			expect(count).toBeLessThanOrEqual(digits.length);
			let sum = 0n;
			for (let w = 0; w < count; w++) {
				expect(Math.abs(digits[w] as number)).toBeLessThanOrEqual(2 ** (bits - 1));
				sum += BigInt(digits[w] as number) << BigInt(bits * w);
			}
			expect((((sum - scalar) % r) + r) % r).toBe(0n);
		}),
		{ numRuns: 2000 },
	);
});

test.each([0n, 1n, 2n, r - 1n])('%s costs no more than one digit', (scalar) => {
	const digits = new Int32Array(windowCount(11));
	expect(signedDigits(words(scalar), 0, 11, digits)).toBe(scalar === 0n ? 0 : 1);
});
