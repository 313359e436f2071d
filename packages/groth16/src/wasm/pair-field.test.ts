import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Harness } from '../../test/harness.ts';
import { FIELD_MODULUS, SCALAR_MODULUS } from '../curve.ts';
import { ELEMENT_BYTES, LIMBS, MONTGOMERY_BITS } from './field.ts';
import { compileModule, instantiateModule } from './host.ts';
import { buildArithmeticModule } from './module.ts';
import { COUPLE_BYTES } from './pair-field.ts';

const R = 1n << BigInt(MONTGOMERY_BITS);
const harness = new Harness();
const exports = instantiateModule(compileModule(buildArithmeticModule()), { env: { memory: harness.arena.memory } });
const call = (name: string, ...addresses: number[]): void => (exports[name] as (...addresses: number[]) => void)(...addresses);
const elements = [1, 2, 3, 4].map(() => harness.arena.alloc(2 * ELEMENT_BYTES)) as [number, number, number, number];
const [left, right, out] = [1, 2, 3].map(() => harness.arena.alloc(2 * COUPLE_BYTES)) as [number, number, number];

describe.each([
	['fq', FIELD_MODULUS],
	['fr', SCALAR_MODULUS],
] as const)('couples of %s', (name, p) => {
	const modulo = (x: bigint): bigint => ((x % p) + p) % p;
	const element = fc.oneof(fc.constantFrom(0n, 1n, p - 1n, p >> 1n, 1n << 253n, R % p), fc.bigInt({ min: -3n * p, max: 3n * p }));

	test('multiply and square like integers modulo p, each by itself', () => {
		fc.assert(
			fc.property(element, element, element, element, (a, b, c, d) => {
				for (const [i, value] of [a, b, c, d].entries()) harness.put(value, elements[i] as number);
				call(`${name}PairJoin`, elements[0], elements[1], left);
				call(`${name}PairJoin`, elements[2], elements[3], right);
				call(`${name}PairMul`, left, right, out);
				call(`${name}PairPart`, out, elements[2], elements[3]);
				expect([elements[2], elements[3]].map((at) => modulo(harness.get(at) * R))).toEqual([modulo(a * c), modulo(b * d)]);
				call(`${name}PairSquare`, left, left);
				call(`${name}PairPart`, left, elements[2], elements[3]);
				expect([elements[2], elements[3]].map((at) => modulo(harness.get(at) * R))).toEqual([modulo(a * a), modulo(b * b)]);
			}),
			{ numRuns: 500 },
		);
	});

	test('stay exact for the loosest operands that are allowed', () => {
		const limbs = (factor: number, sign: number): number[] => Array.from({ length: LIMBS }, (_, i) => sign * factor * (i === LIMBS - 1 ? 2 ** 22 : 2 ** 28));
		const write = (address: number, values: number[]): bigint => {
			new Int32Array(harness.arena.memory.buffer, address, LIMBS).set(values);
			return harness.get(address);
		};
		for (const [s, t] of [
			[1, 1],
			[1, -1],
			[-1, 1],
			[-1, -1],
		] as const) {
			const a = write(elements[0], limbs(2, s));
			const b = write(elements[1], limbs(2, -s));
			const c = write(elements[2], limbs(1, t));
			const d = write(elements[3], limbs(1, t));
			call(`${name}PairJoin`, elements[0], elements[1], left);
			call(`${name}PairJoin`, elements[2], elements[3], right);
			call(`${name}PairMul`, left, right, out);
			call(`${name}PairPart`, out, elements[0], elements[1]);
			expect([elements[0], elements[1]].map((at) => modulo(harness.get(at) * R))).toEqual([modulo(a * c), modulo(b * d)]);
		}
	});
});

test('couples of fq2 are Fq[u] / (u^2 + 1), also for the loosest operands', () => {
	const p = FIELD_MODULUS;
	const modulo = (x: bigint): bigint => ((x % p) + p) % p;
	type Pair = [bigint, bigint];
	const put = ([x0, x1]: Pair, address: number): void => {
		harness.put(x0, address);
		harness.put(x1, address + ELEMENT_BYTES);
	};
	const get = (address: number): Pair => [modulo(harness.get(address) * R), modulo(harness.get(address + ELEMENT_BYTES) * R)];
	const times = ([x0, x1]: Pair, [y0, y1]: Pair): Pair => [modulo(x0 * y0 - x1 * y1), modulo(x0 * y1 + x1 * y0)];
	const half = fc.oneof(fc.constantFrom(0n, 1n, p - 1n), fc.bigInt({ min: 0n, max: p - 1n }));
	const element = fc.tuple(half, half);
	const check = (a: Pair, b: Pair, c: Pair, d: Pair): void => {
		call('fq2PairJoin', elements[0], elements[1], left);
		call('fq2PairJoin', elements[2], elements[3], right);
		call('fq2PairMul', left, right, out);
		call('fq2PairPart', out, elements[2], elements[3]);
		expect([get(elements[2]), get(elements[3])]).toEqual([times(a, c), times(b, d)]);
	};
	fc.assert(
		fc.property(element, element, element, element, (a, b, c, d) => {
			for (const [i, value] of [a, b, c, d].entries()) put(value, elements[i] as number);
			check(a, b, c, d);
			call('fq2PairSquare', left, out);
			call('fq2PairPart', out, elements[2], elements[3]);
			expect([get(elements[2]), get(elements[3])]).toEqual([times(a, a), times(b, b)]);
		}),
		{ numRuns: 300 },
	);
	const raw = (address: number, factors: Pair): Pair => {
		const limbs = (factor: bigint): number[] => Array.from({ length: LIMBS }, (_, i) => Number(factor) * (i === LIMBS - 1 ? 2 ** 22 : 2 ** 28));
		new Int32Array(harness.arena.memory.buffer, address, 2 * LIMBS).set([...limbs(factors[0]), ...limbs(factors[1])]);
		return [harness.get(address), harness.get(address + ELEMENT_BYTES)];
	};
	for (const signs of [0, 1, 2, 3, 4, 5, 6, 7]) {
		const sign = (bit: number): bigint => ((signs >> bit) & 1 ? -1n : 1n);
		const a = raw(elements[0], [2n, 2n * sign(0)]);
		const b = raw(elements[1], [2n * sign(1), 2n]);
		const c = raw(elements[2], [sign(2), 1n]);
		const d = raw(elements[3], [1n, sign(0)]);
		check(a, b, c, d);
	}
});
