import { type Code, type FunctionBuilder, i32, i64, type Local, loopWhile, type ModuleBuilder, seq, when } from './emit.ts';

/**
 * Prime fields of 254 bits on 64-bit integer multiplication.
 *
 * An element is nine limbs of 29 bits, each in four bytes, in Montgomery form with R = 2^261. Limbs are signed and
 * centred: what a multiplication gives has |limb| <= 2^28 (the top one is small), so sums and differences of two
 * elements need neither carries nor a modulus, and a column of nine products plus its share of the reduction still fits
 * in 63 bits. R is 169 times the modulus or more, so a product of operands within a few moduli comes out within
 * (-0.1 p, 1.1 p) without a final subtraction.
 *
 * Terms used below: *tight* is |limb| <= 2^28 (+1 by a last carry), *loose* a sum or difference of two tight ones.
 */
export const LIMBS = 9;
const LIMB_BITS = 29;
export const ELEMENT_BYTES = LIMBS * 4;
export const MONTGOMERY_BITS = LIMBS * LIMB_BITS;
const RADIX = 1n << BigInt(LIMB_BITS);
const MASK = RADIX - 1n;
const HALF = RADIX >> 1n;

/** Limbs of an integer, centred, the top one as it comes. */
export function centredLimbs(value: bigint): bigint[] {
	const limbs: bigint[] = [];
	let rest = value;
	for (let i = 0; i < LIMBS - 1; i++) {
		let low = rest & MASK;
		if (low >= HALF) low -= RADIX;
		limbs.push(low);
		rest = (rest - low) >> BigInt(LIMB_BITS);
	}
	limbs.push(rest);
	return limbs;
}

/** The inverse of `centredLimbs`, whatever the limbs' ranges. */
export function fromLimbs(limbs: ArrayLike<number>): bigint {
	let value = 0n;
	for (let i = LIMBS - 1; i >= 0; i--) value = value * RADIX + BigInt(limbs[i] ?? 0);
	return value;
}

export function modInverse(value: bigint, modulus: bigint): bigint {
	let [a, b, x, y] = [((value % modulus) + modulus) % modulus, modulus, 1n, 0n];
	while (a > 1n) {
		const quotient = b / a;
		[a, b] = [b - quotient * a, a];
		[x, y] = [y - quotient * x, x];
	}
	return ((x % modulus) + modulus) % modulus;
}

/** Loads an element's limbs into fresh locals. */
export function loadLimbs(f: FunctionBuilder, address: Code, offset = 0): { code: Code; limbs: Local[] } {
	const limbs = Array.from({ length: LIMBS }, () => f.local('i64'));
	return { limbs, code: limbs.flatMap((limb, i) => [...limb.set(i64.load32S(address, offset + i * 4))]) };
}

/** One term of a product of polynomials in the limbs: adds the products of column `k` to the accumulator. */
export type ColumnTerm = (k: number) => Code[];

export const productTerm =
	(x: readonly Local[], y: readonly Local[], sign: 1 | -1 = 1): ColumnTerm =>
	(k) => {
		const products: Code[] = [];
		for (let i = Math.max(0, k - LIMBS + 1); i <= Math.min(k, LIMBS - 1); i++) {
			const product = i64.mul((x[i] as Local).get, (y[k - i] as Local).get);
			products.push(sign === 1 ? i64.add(product) : i64.sub(product));
		}
		return products;
	};

/** x * x, each mixed product once: `doubled` holds 2x. */
export const squareTerm =
	(x: readonly Local[], doubled: readonly Local[]): ColumnTerm =>
	(k) => {
		const products: Code[] = [];
		for (let i = Math.max(0, k - LIMBS + 1); 2 * i <= k; i++) {
			const left = 2 * i === k ? (x[i] as Local) : (doubled[i] as Local);
			products.push(i64.add(i64.mul(left.get, (x[k - i] as Local).get)));
		}
		return products;
	};

export interface FieldConstants {
	readonly modulus: bigint;
	readonly limbs: readonly bigint[];
	/** -1 / modulus mod 2^29 */
	readonly negativeInverse: bigint;
	/** R^2 mod p: multiplying by it enters Montgomery form. */
	readonly r2: bigint;
	/** R mod p: one, in Montgomery form. */
	readonly one: bigint;
}

export function fieldConstants(modulus: bigint): FieldConstants {
	const r = 1n << BigInt(MONTGOMERY_BITS);
	return {
		modulus,
		limbs: centredLimbs(modulus),
		negativeInverse: RADIX - modInverse(modulus, RADIX),
		r2: (r * r) % modulus,
		one: r % modulus,
	};
}

/**
 * Montgomery reduction of the sum of `terms`, column by column (product scanning): the nine low columns each choose the
 * multiple of p that clears them, the nine high ones are the result, centred.
 */
export function reduceColumns(f: FunctionBuilder, field: FieldConstants, terms: readonly ColumnTerm[], result: Code, offset = 0): Code {
	const acc = f.local('i64');
	const low = f.local('i64');
	const m = Array.from({ length: LIMBS }, () => f.local('i64'));
	const code: Code[] = [acc.set(i64.const(0n))];
	for (let k = 0; k < 2 * LIMBS - 1; k++) {
		const sum: Code[] = [acc.get, ...terms.flatMap((term) => term(k))];
		for (let j = Math.max(0, k - LIMBS + 1); j <= Math.min(k - (k < LIMBS ? 1 : 0), LIMBS - 1); j++) {
			sum.push(i64.add(i64.mul((m[j] as Local).get, i64.const(field.limbs[k - j] as bigint))));
		}
		code.push(acc.set(seq(...sum)));
		if (k < LIMBS) {
			const multiple = m[k] as Local;
			code.push(
				multiple.set(i64.and(i64.mul(acc.get, i64.const(field.negativeInverse)), i64.const(MASK))),
				acc.set(i64.shrS(i64.add(acc.get, i64.mul(multiple.get, i64.const(field.limbs[0] as bigint))), i64.const(BigInt(LIMB_BITS)))),
			);
		} else {
			code.push(...storeCentred(acc, low, result, offset + (k - LIMBS) * 4));
		}
	}
	code.push(i64.store32(result, acc.get, offset + (LIMBS - 1) * 4));
	return seq(...code);
}

/** Stores the accumulator's low limb, centred, and keeps the carry. */
function storeCentred(acc: Local, low: Local, result: Code, offset: number): Code[] {
	return [
		low.set(i64.add(acc.get, i64.const(HALF))),
		i64.store32(result, i64.sub(i64.and(low.get, i64.const(MASK)), i64.const(HALF)), offset),
		acc.set(i64.shrS(low.get, i64.const(BigInt(LIMB_BITS)))),
	];
}

/** Brings a sum of a few elements, given limb by limb, to within half a modulus of zero, tight. */
export function reduceLimbs(f: FunctionBuilder, field: FieldConstants, limb: (i: number) => Code, result: Code, offset = 0): Code {
	const quotient = f.local('i64');
	const acc = f.local('i64');
	const low = f.local('i64');
	// The top limb counts 2^232; its quotient by the modulus, rounded, is exact to a millionth.
	const shift = 40n;
	const reciprocal = (1n << (shift + BigInt(LIMB_BITS * (LIMBS - 1)))) / field.modulus;
	const code: Code[] = [
		quotient.set(i64.shrS(i64.add(i64.mul(limb(LIMBS - 1), i64.const(reciprocal)), i64.const(1n << (shift - 1n))), i64.const(shift))),
		acc.set(i64.const(0n)),
	];
	for (let i = 0; i < LIMBS; i++) {
		code.push(acc.set(i64.add(acc.get, i64.sub(limb(i), i64.mul(quotient.get, i64.const(field.limbs[i] as bigint))))));
		if (i < LIMBS - 1) code.push(...storeCentred(acc, low, result, offset + i * 4));
		else code.push(i64.store32(result, acc.get, offset + i * 4));
	}
	return seq(...code);
}

/** Carries only: tight limbs, same value. */
export function carryLimbs(f: FunctionBuilder, limb: (i: number) => Code, result: Code, offset = 0): Code {
	const acc = f.local('i64');
	const low = f.local('i64');
	const code: Code[] = [acc.set(i64.const(0n))];
	for (let i = 0; i < LIMBS; i++) {
		code.push(acc.set(i64.add(acc.get, limb(i))));
		if (i < LIMBS - 1) code.push(...storeCentred(acc, low, result, offset + i * 4));
		else code.push(i64.store32(result, acc.get, offset + i * 4));
	}
	return seq(...code);
}

const at = (address: Code, i: number): Code => i64.load32S(address, i * 4);

/** A constant of the field, stored at `result`. */
export const storeConstant = (value: bigint, result: Code, offset = 0): Code =>
	seq(...centredLimbs(value).map((limb, i) => i64.store32(result, i64.const(limb), offset + i * 4)));

/**
 * Defines `<prefix>Zero`, `One`, `Mul`, `Square`, `Add`, `Sub`, `Neg`, `Copy`, `Canonical`, `IsZero`, `Inverse`, `Import` and `Export`.
 * Parameters are addresses, the result's comes last; a result may be an operand. Operands are tight or loose, results
 * are tight. `Add`, `Sub` and `Neg` also bring the value near zero.
 */
export function defineField(module: ModuleBuilder, prefix: string, modulus: bigint): FieldConstants {
	const field = fieldConstants(modulus);
	const three = { params: ['i32', 'i32', 'i32'] } as const;
	const two = { params: ['i32', 'i32'] } as const;

	for (const [name, value] of [
		['Zero', 0n],
		['One', field.one],
	] as const) {
		module.define(`${prefix}${name}`, { params: ['i32'] }, (f) => f.emit(storeConstant(value, (f.params[0] as Local).get)));
	}
	module.define(`${prefix}Mul`, three, (f) => {
		const [a, b, r] = f.params as [Local, Local, Local];
		const x = loadLimbs(f, a.get);
		const y = loadLimbs(f, b.get);
		f.emit(x.code, y.code, reduceColumns(f, field, [productTerm(x.limbs, y.limbs)], r.get));
	});
	module.define(`${prefix}Square`, two, (f) => {
		const [a, r] = f.params as [Local, Local];
		const x = loadLimbs(f, a.get);
		const doubled = x.limbs.map(() => f.local('i64'));
		f.emit(x.code, ...doubled.map((d, i) => d.set(i64.shl((x.limbs[i] as Local).get, i64.const(1n)))));
		f.emit(reduceColumns(f, field, [squareTerm(x.limbs, doubled)], r.get));
	});
	module.define(`${prefix}Add`, three, (f) => {
		const [a, b, r] = f.params as [Local, Local, Local];
		f.emit(reduceLimbs(f, field, (i) => i64.add(at(a.get, i), at(b.get, i)), r.get));
	});
	module.define(`${prefix}Sub`, three, (f) => {
		const [a, b, r] = f.params as [Local, Local, Local];
		f.emit(reduceLimbs(f, field, (i) => i64.sub(at(a.get, i), at(b.get, i)), r.get));
	});
	module.define(`${prefix}Neg`, two, (f) => {
		const [a, r] = f.params as [Local, Local];
		f.emit(reduceLimbs(f, field, (i) => i64.sub(i64.const(0n), at(a.get, i)), r.get));
	});
	module.define(`${prefix}Copy`, two, (f) => {
		const [a, r] = f.params as [Local, Local];
		for (let i = 0; i < LIMBS; i++) f.emit(i32.store(r.get, i32.load(a.get, i * 4), i * 4));
	});

	// The one representative in [0, p) with limbs in [0, 2^29): what may be compared and written out.
	module.define(`${prefix}Canonical`, two, (f) => {
		const [a, r] = f.params as [Local, Local];
		const limbs = Array.from({ length: LIMBS }, () => f.local('i64'));
		const acc = f.local('i64');
		const plain = centredLimbs(modulus);
		const carry = (addend: (i: number) => Code): Code =>
			seq(
				acc.set(i64.const(0n)),
				...limbs.flatMap((limb, i) => [
					acc.set(i64.add(acc.get, addend(i))),
					...(i < LIMBS - 1 ? [limb.set(i64.and(acc.get, i64.const(MASK))), acc.set(i64.shrS(acc.get, i64.const(BigInt(LIMB_BITS))))] : [limb.set(acc.get)]),
				]),
			);
		f.emit(
			reduceLimbs(f, field, (i) => at(a.get, i), r.get),
			carry((i) => at(r.get, i)),
			when(
				i64.ltS((limbs[LIMBS - 1] as Local).get, i64.const(0n)),
				carry((i) => i64.add((limbs[i] as Local).get, i64.const(plain[i] as bigint))),
			),
			...limbs.map((limb, i) => i64.store32(r.get, limb.get, i * 4)),
		);
	});
	// Overwrites its operand with the canonical form.
	module.define(`${prefix}IsZero`, { params: ['i32'], result: 'i32' }, (f) => {
		const [a] = f.params as [Local];
		f.emit(module.call(`${prefix}Canonical`, a.get, a.get));
		const ors = Array.from({ length: LIMBS - 1 }, (_, i) => i32.load(a.get, (i + 1) * 4)).reduce((sum, limb) => i32.or(sum, limb), i32.load(a.get));
		f.emit(i32.eqz(ors));
	});
	// a^(p-2), four bits at a time; zero stays zero. `scratch` holds 17 elements.
	module.define(`${prefix}Inverse`, three, (f) => {
		const [a, r, scratch] = f.params as [Local, Local, Local];
		const entry = (i: number): Code => i32.add(scratch.get, i32.const(i * ELEMENT_BYTES));
		const acc = entry(16);
		f.emit(storeConstant(field.one, scratch.get), module.call(`${prefix}Copy`, a.get, entry(1)));
		for (let i = 2; i < 16; i++) f.emit(module.call(`${prefix}Mul`, entry(i - 1), entry(1), entry(i)));
		const digits = (modulus - 2n).toString(16);
		f.emit(module.call(`${prefix}Copy`, entry(Number.parseInt(digits[0] as string, 16)), acc));
		for (const digit of digits.slice(1)) {
			for (let i = 0; i < 4; i++) f.emit(module.call(`${prefix}Square`, acc, acc));
			if (digit !== '0') f.emit(module.call(`${prefix}Mul`, acc, entry(Number.parseInt(digit, 16)), acc));
		}
		f.emit(module.call(`${prefix}Copy`, acc, r.get));
	});

	// n elements of 32 bytes, little-endian, times `factor` / R: into Montgomery form from whichever form `factor` undoes.
	module.define(`${prefix}Import`, { params: ['i32', 'i32', 'i32', 'i32'] }, (f) => {
		const [source, count, factor, target] = f.params as [Local, Local, Local, Local];
		const end = f.local('i32');
		f.emit(
			end.set(i32.add(source.get, i32.shl(count.get, i32.const(5)))),
			loopWhile(
				i32.ltU(source.get, end.get),
				seq(
					...Array.from({ length: LIMBS }, (_, i) => {
						const bit = i * LIMB_BITS;
						const byte = Math.min(bit >> 3, i >= LIMBS - 2 ? 28 : bit >> 3);
						const word = i >= LIMBS - 2 ? i64.load32U(source.get, i === LIMBS - 2 ? bit >> 3 : byte) : i64.load(source.get, byte);
						const shift = i === LIMBS - 1 ? bit - 8 * byte : bit & 7;
						return i64.store32(target.get, i64.and(i64.shrU(word, i64.const(BigInt(shift))), i64.const(MASK)), i * 4);
					}),
					module.call(`${prefix}Mul`, target.get, factor.get, target.get),
					source.set(i32.add(source.get, i32.const(32))),
					target.set(i32.add(target.get, i32.const(ELEMENT_BYTES))),
				),
			),
		);
	});
	// n elements out of Montgomery form, to 32 bytes each, little-endian, below the modulus. `scratch` holds two elements.
	module.define(`${prefix}Export`, { params: ['i32', 'i32', 'i32', 'i32'] }, (f) => {
		const [source, count, scratch, target] = f.params as [Local, Local, Local, Local];
		const end = f.local('i32');
		const plainOne = i32.add(scratch.get, i32.const(ELEMENT_BYTES));
		const limb = (i: number): Code => i64.load32U(scratch.get, i * 4);
		const words = Array.from({ length: 8 }, (_, w) => {
			const parts: Code[] = [];
			for (let i = 0; i < LIMBS; i++) {
				const place = i * LIMB_BITS - w * 32;
				if (place <= -LIMB_BITS || place >= 32) continue;
				parts.push(place >= 0 ? i64.shl(limb(i), i64.const(BigInt(place))) : i64.shrU(limb(i), i64.const(BigInt(-place))));
			}
			return i64.store32(
				target.get,
				parts.reduce((sum, part) => i64.or(sum, part)),
				w * 4,
			);
		});
		f.emit(
			storeConstant(1n, plainOne),
			end.set(i32.add(target.get, i32.shl(count.get, i32.const(5)))),
			loopWhile(
				i32.ltU(target.get, end.get),
				seq(
					module.call(`${prefix}Mul`, source.get, plainOne, scratch.get),
					module.call(`${prefix}Canonical`, scratch.get, scratch.get),
					...words,
					source.set(i32.add(source.get, i32.const(ELEMENT_BYTES))),
					target.set(i32.add(target.get, i32.const(32))),
				),
			),
		);
	});
	return field;
}
