import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Harness } from '../../test/harness.ts';
import { FIELD_MODULUS, power, SCALAR_MODULUS } from '../curve.ts';
import { centredLimbs, ELEMENT_BYTES, fromLimbs, LIMBS, MONTGOMERY_BITS, modInverse } from './field.ts';

const R = 1n << BigInt(MONTGOMERY_BITS);

describe.each([
	['fq', FIELD_MODULUS],
	['fr', SCALAR_MODULUS],
] as const)('%s', (name, p) => {
	const harness = new Harness();
	const field = harness.arithmetic[name];
	const [a, b, r, scratch] = [1, 1, 1, 30].map((n) => harness.arena.alloc(n * ELEMENT_BYTES)) as [number, number, number, number];
	const modulo = (x: bigint): bigint => ((x % p) + p) % p;
	const edges = [0n, 1n, 2n, p - 1n, p - 2n, p >> 1n, (p >> 1n) + 1n, 1n << 253n, (1n << 253n) - 1n, R % p];
	const element = fc.oneof(fc.constantFrom(...edges), fc.bigInt({ min: 0n, max: p - 1n }));

	test('multiplies, squares, adds, subtracts and negates like integers modulo p', () => {
		fc.assert(
			fc.property(element, element, (x, y) => {
				harness.put(x, a);
				harness.put(y, b);
				field.mul(a, b, r);
				expect(modulo(harness.get(r) * R)).toBe(modulo(x * y));
				field.square(a, r);
				expect(modulo(harness.get(r) * R)).toBe(modulo(x * x));
				field.add(a, b, r);
				expect(modulo(harness.get(r))).toBe(modulo(x + y));
				field.sub(a, b, r);
				expect(modulo(harness.get(r))).toBe(modulo(x - y));
				field.neg(a, r);
				expect(modulo(harness.get(r))).toBe(modulo(-x));
				field.canonical(r, r);
				expect(harness.get(r)).toBe(modulo(-x));
			}),
			{ numRuns: 500 },
		);
	});

	test('results may replace operands', () => {
		harness.put(12345n, a);
		field.mul(a, a, a);
		expect(modulo(harness.get(a) * R)).toBe(12345n ** 2n);
	});

	test('products stay exact and small for the loosest operands that are allowed', () => {
		// A sum of two tight elements times a tight one, all limbs as large as they get, either sign; values within a few p.
		const tight = (sign: bigint): bigint => sign * fromLimbs([...Array(LIMBS - 1).fill(2 ** 28), 2 ** 22]);
		const words = (value: bigint, factor: number): Int32Array => Int32Array.from(centredLimbsOf(value, factor));
		const centredLimbsOf = (value: bigint, factor: number): number[] =>
			(value < 0n ? [...Array(LIMBS - 1).fill(-(2 ** 28)), -(2 ** 22)] : [...Array(LIMBS - 1).fill(2 ** 28), 2 ** 22]).map((limb) => limb * factor);
		for (const signs of [
			[1n, 1n],
			[1n, -1n],
			[-1n, 1n],
			[-1n, -1n],
		] as const) {
			const [x, y] = [2n * tight(signs[0]), tight(signs[1])];
			new Int32Array(harness.arena.memory.buffer, a, LIMBS).set(words(x, 2));
			new Int32Array(harness.arena.memory.buffer, b, LIMBS).set(words(y, 1));
			field.mul(a, b, r);
			const product = harness.get(r);
			expect(modulo(product * R)).toBe(modulo(x * y));
			expect(product > -p && product < 2n * p).toBe(true);
			const limbs = new Int32Array(harness.arena.memory.buffer, r, LIMBS);
			for (const limb of limbs) expect(Math.abs(limb)).toBeLessThanOrEqual(2 ** 28);
		}
	});

	test('inverts, and leaves zero zero', () => {
		fc.assert(
			fc.property(element, (x) => {
				harness.put(modulo(x * R), a);
				field.inverse(a, r, scratch);
				expect(modulo(harness.get(r))).toBe(x === 0n ? 0n : modulo(modInverse(x, p) * R));
			}),
			{ numRuns: 50 },
		);
	});

	test('canonical form and zero test see through every representative', () => {
		for (const multiple of [-3n, -1n, 0n, 1n, 2n, 5n]) {
			for (const x of edges) {
				harness.put(x + multiple * p, a);
				field.canonical(a, r);
				expect(harness.get(r)).toBe(modulo(x));
				expect(field.isZero(a)).toBe(modulo(x) === 0n ? 1 : 0);
			}
		}
	});

	test('imports and exports 32-byte numbers', () => {
		const source = harness.arena.alloc(48);
		const factor = harness.put((R * R) % p);
		fc.assert(
			fc.property(element, (x) => {
				const bytes = harness.bytes(source, 32);
				for (let i = 0; i < 32; i++) bytes[i] = Number((x >> BigInt(8 * i)) & 0xffn);
				const before = bytes.slice();
				field.importAll(source, 1, factor, a);
				expect(modulo(harness.get(a))).toBe(modulo(x * R));
				bytes.fill(0xff);
				field.exportAll(a, 1, scratch, source);
				expect(harness.bytes(source, 32)).toEqual(before);
			}),
			{ numRuns: 200 },
		);
	});
});

describe('fq2', () => {
	const harness = new Harness();
	const { fq2 } = harness.arithmetic;
	const p = FIELD_MODULUS;
	const modulo = (x: bigint): bigint => ((x % p) + p) % p;
	const [a, b, r, scratch] = [2, 2, 2, 30].map((n) => harness.arena.alloc(n * ELEMENT_BYTES)) as [number, number, number, number];
	const put = ([x0, x1]: [bigint, bigint], address: number): void => {
		harness.put(x0, address);
		harness.put(x1, address + ELEMENT_BYTES);
	};
	const get = (address: number, factor: bigint): [bigint, bigint] => [
		modulo(harness.get(address) * factor),
		modulo(harness.get(address + ELEMENT_BYTES) * factor),
	];
	const half = fc.oneof(fc.constantFrom(0n, 1n, p - 1n), fc.bigInt({ min: 0n, max: p - 1n }));
	const element = fc.tuple(half, half);

	test('is Fq[u] / (u^2 + 1)', () => {
		fc.assert(
			fc.property(element, element, ([x0, x1], [y0, y1]) => {
				put([x0, x1], a);
				put([y0, y1], b);
				fq2.mul(a, b, r);
				expect(get(r, R)).toEqual([modulo(x0 * y0 - x1 * y1), modulo(x0 * y1 + x1 * y0)]);
				fq2.square(a, r);
				expect(get(r, R)).toEqual([modulo(x0 * x0 - x1 * x1), modulo(2n * x0 * x1)]);
				fq2.sub(a, b, r);
				expect(get(r, 1n)).toEqual([modulo(x0 - y0), modulo(x1 - y1)]);
			}),
			{ numRuns: 300 },
		);
	});

	test('inverts, and leaves zero zero', () => {
		fc.assert(
			fc.property(element, ([x0, x1]) => {
				put([modulo(x0 * R), modulo(x1 * R)], a);
				fq2.inverse(a, r, scratch);
				const norm = power(x0 * x0 + x1 * x1, p - 2n, p);
				expect(get(r, 1n)).toEqual([modulo(x0 * norm * R), modulo(-x1 * norm * R)]);
			}),
			{ numRuns: 30 },
		);
	});
});

test('limbs are centred and keep the value', () => {
	fc.assert(
		fc.property(fc.bigInt({ min: -(1n << 256n), max: 1n << 256n }), (value) => {
			const limbs = centredLimbs(value).map(Number);
			expect(fromLimbs(limbs)).toBe(value);
			for (const limb of limbs.slice(0, -1)) expect(Math.abs(limb)).toBeLessThanOrEqual(2 ** 28);
		}),
	);
});
