import { type Code, type FunctionBuilder, i32, i32x4, i64, i64x2, type Local, type ModuleBuilder, seq, v128 } from './emit.ts';
import { centredLimbs, ELEMENT_BYTES, type FieldConstants, LIMBS } from './field.ts';

/**
 * Two elements of a field at a time, on 128-bit vectors: one instruction gives two products of 32-bit words, which makes
 * a multiplication one and a half times as fast as on 64-bit integers.
 *
 * A *couple* is two elements x and y with the same limbs as in field.ts, as five vectors of four 32-bit lanes:
 * [x0 y0 x1 y1] [x2 y2 x3 y3] ... [x8 y8 - -].
 */
const VECTORS = Math.ceil(LIMBS / 2);
export const COUPLE_BYTES = VECTORS * 16;

const LIMB_BITS = 29;
const MASK = (1n << 29n) - 1n;
const HALF = 1n << 28n;
/** Keeps sums of products positive, so that carries may be taken by an unsigned shift (a signed one is four instructions). */
const BIAS = 1n << 62n;
const CARRIED_BIAS = BIAS - (BIAS >> BigInt(LIMB_BITS));

/** One term of what is to be reduced: the products of column `k`, each with its sign. */
type Term = (k: number) => { readonly product: Code; readonly negative: boolean }[];

const product = (spread: Local, couple: readonly Local[], limb: number): Code =>
	((limb & 1) === 0 ? i64x2.mulLow32 : i64x2.mulHigh32)(spread.get, (couple[limb >> 1] as Local).get);

/** The first operand by limbs that are in both halves of a vector, the other as a couple. */
const productTerm =
	(spread: readonly Local[], couple: readonly Local[], negative = false): Term =>
	(k) => {
		const products = [];
		for (let i = Math.max(0, k - LIMBS + 1); i <= Math.min(k, LIMBS - 1); i++) {
			products.push({ product: product(spread[i] as Local, couple, k - i), negative });
		}
		return products;
	};

/** x * x, each mixed product once: `doubled` is 2x. */
const squareTerm =
	(spread: readonly Local[], couple: readonly Local[], doubled: readonly Local[]): Term =>
	(k) => {
		const products = [];
		for (let i = Math.max(0, k - LIMBS + 1); 2 * i <= k; i++) {
			products.push({ product: product(spread[i] as Local, 2 * i === k ? couple : doubled, k - i), negative: false });
		}
		return products;
	};

export function loadCouple(f: FunctionBuilder, address: Code, offset = 0): { code: Code; vectors: Local[] } {
	const vectors = Array.from({ length: VECTORS }, () => f.local('v128'));
	return { vectors, code: vectors.flatMap((vector, j) => [...vector.set(v128.load(address, offset + 16 * j))]) };
}

/** Each limb of a couple in both halves of a vector of its own. */
function spreadLimbs(f: FunctionBuilder, couple: readonly Local[]): { code: Code; limbs: Local[] } {
	const limbs = Array.from({ length: LIMBS }, () => f.local('v128'));
	const code = limbs.flatMap((limb, i) => {
		const vector = (couple[i >> 1] as Local).get;
		return [...limb.set(v128.shuffle(vector, vector, (i & 1) === 0 ? [0, 1, 0, 1] : [2, 3, 2, 3]))];
	});
	return { code, limbs };
}

/** Lanes of a couple whose two elements are the same constant. */
const constantCouple = (limbs: readonly bigint[], j: number): Code => {
	const [even, odd] = [Number(limbs[2 * j] ?? 0n), Number(limbs[2 * j + 1] ?? 0n)];
	return v128.constant32([even, even, odd, odd]);
};

/** Montgomery reduction of a sum of products, as `reduceColumns` in field.ts does it. */
function reduceTerms(f: FunctionBuilder, field: FieldConstants, terms: readonly Term[], result: Code, offset = 0): Code {
	const vectors = (count: number): Local[] => Array.from({ length: count }, () => f.local('v128'));
	const [modulus, m, out] = [vectors(VECTORS), vectors(LIMBS), vectors(LIMBS)];
	const [acc, low, negativeInverse, mask, half, bias] = vectors(6) as [Local, Local, Local, Local, Local, Local];
	const carry = (value: Code): Code => acc.set(i64x2.add(i64x2.shrU(value, i32.const(LIMB_BITS)), bias.get));
	const code: Code[] = [
		...modulus.map((vector, j) => vector.set(constantCouple(field.limbs, j))),
		negativeInverse.set(i32x4.splat(i32.const(Number(field.negativeInverse)))),
		mask.set(i64x2.splat(i64.const(MASK))),
		half.set(i64x2.splat(i64.const(HALF))),
		bias.set(i64x2.splat(i64.const(CARRIED_BIAS))),
		acc.set(i64x2.splat(i64.const(BIAS))),
	];
	for (let k = 0; k < 2 * LIMBS - 1; k++) {
		let sum = acc.get;
		const first = Math.max(0, k - LIMBS + 1);
		for (const term of terms) {
			for (const each of term(k)) sum = (each.negative ? i64x2.sub : i64x2.add)(sum, each.product);
		}
		for (let i = first; i <= Math.min(k < LIMBS ? k - 1 : k, LIMBS - 1); i++) sum = i64x2.add(sum, product(m[i] as Local, modulus, k - i));
		code.push(acc.set(sum));
		if (k < LIMBS) {
			const multiple = m[k] as Local;
			code.push(
				low.set(v128.and(i32x4.mul(acc.get, negativeInverse.get), mask.get)),
				multiple.set(v128.shuffle(low.get, low.get, [0, 2, 0, 2])),
				carry(i64x2.add(acc.get, product(multiple, modulus, 0))),
			);
		} else {
			code.push(low.set(i64x2.add(acc.get, half.get)), (out[k - LIMBS] as Local).set(i64x2.sub(v128.and(low.get, mask.get), half.get)), carry(low.get));
		}
	}
	code.push((out[LIMBS - 1] as Local).set(i64x2.sub(acc.get, i64x2.splat(i64.const(BIAS)))));
	for (let j = 0; j < VECTORS; j++) {
		const [even, odd] = [out[2 * j] as Local, (out[2 * j + 1] ?? out[2 * j]) as Local];
		code.push(v128.store(result, v128.shuffle(even.get, odd.get, [0, 2, 4, 6]), offset + 16 * j));
	}
	return seq(...code);
}

/** Brings sums of three elements to within half a modulus of zero, tight: for values within four moduli, or lanes overflow. */
export function reduceCouple(f: FunctionBuilder, field: FieldConstants, vectors: readonly Code[], store: (vectors: readonly Code[]) => Code): Code {
	const shift = 40n;
	const reciprocal = (1n << (shift + BigInt(LIMB_BITS * (LIMBS - 1)))) / field.modulus;
	const locals = (): Local[] => Array.from({ length: VECTORS }, () => f.local('v128'));
	const [value, carry] = [locals(), locals()];
	const quotient = f.local('v128');
	const at = (list: readonly Local[], j: number): Code => (list[j] as Local).get;
	return seq(
		...value.map((vector, j) => vector.set(vectors[j] as Code)),
		// The nearest multiple of the modulus, from the top limbs alone.
		quotient.set(
			i64x2.shrS(
				i64x2.add(i64x2.mulLow32(at(value, VECTORS - 1), i32x4.splat(i32.const(Number(reciprocal)))), i64x2.splat(i64.const(1n << (shift - 1n)))),
				i32.const(Number(shift)),
			),
		),
		quotient.set(v128.shuffle(quotient.get, quotient.get, [0, 2, 0, 2])),
		...value.map((vector, j) => vector.set(i32x4.sub(vector.get, i32x4.mul(quotient.get, constantCouple(field.limbs, j))))),
		...carryCouple(value, carry),
		store(value.map((vector) => vector.get)),
	);
}

/** All carries at once: each limb is centred and then gets its neighbour's carry, which is a few units. */
function carryCouple(value: readonly Local[], carry: readonly Local[]): Code[] {
	const half = i32x4.splat(i32.const(Number(HALF)));
	const last = VECTORS - 1;
	// Nothing is carried out of the top limb.
	const keepTop = v128.constant32([0, 0, 0, 0]);
	return [
		...carry.map((vector, j) => vector.set(j === last ? keepTop : i32x4.shrS(i32x4.add((value[j] as Local).get, half), i32.const(LIMB_BITS)))),
		...value.map((vector, j) => {
			const own = i32x4.sub(vector.get, i32x4.shl((carry[j] as Local).get, i32.const(LIMB_BITS)));
			const before = j === 0 ? keepTop : (carry[j - 1] as Local).get;
			return vector.set(i32x4.add(own, v128.shuffle(before, (carry[j] as Local).get, [2, 3, 4, 5])));
		}),
	];
}

/** Carries only: tight limbs, same values. */
export function settleCouple(f: FunctionBuilder, vectors: readonly Code[], store: (vectors: readonly Code[]) => Code): Code {
	const [value, carry] = [vectors.map(() => f.local('v128')), vectors.map(() => f.local('v128'))];
	return seq(...value.map((vector, j) => vector.set(vectors[j] as Code)), ...carryCouple(value, carry), store(value.map((vector) => vector.get)));
}

/** Two elements from their addresses, as a couple's vectors. */
export function gatherCouple(f: FunctionBuilder, a: Code, b: Code, offset = 0): { code: Code; vectors: Local[] } {
	const vectors = Array.from({ length: VECTORS }, () => f.local('v128'));
	const [left, right] = [f.local('v128'), f.local('v128')];
	const code: Code[] = [];
	for (let j = 0; j < VECTORS - 1; j += 2) {
		code.push(
			left.set(v128.load(a, offset + 8 * j)),
			right.set(v128.load(b, offset + 8 * j)),
			(vectors[j] as Local).set(v128.shuffle(left.get, right.get, [0, 4, 1, 5])),
			(vectors[j + 1] as Local).set(v128.shuffle(left.get, right.get, [2, 6, 3, 7])),
		);
	}
	const top = offset + (LIMBS - 1) * 4;
	code.push((vectors[VECTORS - 1] as Local).set(v128.shuffle(v128.load32Splat(a, top), v128.load32Splat(b, top), [0, 4, 0, 4])));
	return { code: seq(...code), vectors };
}

/** A couple's two elements to their addresses. */
export function scatterCouple(vectors: readonly Code[], a: Code, b: Code, offset = 0): Code {
	const code: Code[] = [];
	for (let j = 0; j < VECTORS - 1; j += 2) {
		const [even, odd] = [vectors[j] as Code, vectors[j + 1] as Code];
		code.push(v128.store(a, v128.shuffle(even, odd, [0, 2, 4, 6]), offset + 8 * j), v128.store(b, v128.shuffle(even, odd, [1, 3, 5, 7]), offset + 8 * j));
	}
	const top = offset + (LIMBS - 1) * 4;
	const last = vectors[VECTORS - 1] as Code;
	code.push(v128.store32Lane(a, last, 0, top), v128.store32Lane(b, last, 1, top));
	return seq(...code);
}

export const storeCouple = (vectors: readonly Code[], result: Code, offset = 0): Code =>
	seq(...vectors.map((vector, j) => v128.store(result, vector, offset + 16 * j)));

/** Both elements the same constant. */
export const storeConstantCouple = (value: bigint, result: Code, offset = 0): Code => {
	const limbs = centredLimbs(value);
	return storeCouple(
		Array.from({ length: VECTORS }, (_, j) => constantCouple(limbs, j)),
		result,
		offset,
	);
};

/**
 * Defines `<prefix>PairMul`, `PairSquare`, `PairJoin` (two elements into a couple) and `PairPart` (a couple into two
 * elements), and the same for the quadratic extension under `prefix2`, whose couples are two couples of the base field.
 * Operands of `PairMul`: one tight, one loose; of `PairSquare`: tight.
 */
export function definePairField(module: ModuleBuilder, prefix: string, field: FieldConstants, prefix2?: string): void {
	const three = { params: ['i32', 'i32', 'i32'] } as const;

	module.define(`${prefix}PairMul`, three, (f) => {
		const [a, b, r] = f.params as [Local, Local, Local];
		const [x, y] = [loadCouple(f, a.get), loadCouple(f, b.get)];
		const spread = spreadLimbs(f, x.vectors);
		f.emit(x.code, y.code, spread.code, reduceTerms(f, field, [productTerm(spread.limbs, y.vectors)], r.get));
	});
	module.define(`${prefix}PairSquare`, { params: ['i32', 'i32'] }, (f) => {
		const [a, r] = f.params as [Local, Local];
		const x = loadCouple(f, a.get);
		const spread = spreadLimbs(f, x.vectors);
		const doubled = x.vectors.map(() => f.local('v128'));
		f.emit(x.code, spread.code, ...doubled.map((vector, j) => vector.set(i32x4.shl((x.vectors[j] as Local).get, i32.const(1)))));
		f.emit(reduceTerms(f, field, [squareTerm(spread.limbs, x.vectors, doubled)], r.get));
	});
	for (const [name, parts] of [[prefix, 1] as const, ...(prefix2 ? [[prefix2, 2] as const] : [])]) {
		module.define(`${name}PairJoin`, three, (f) => {
			const [a, b, r] = f.params as [Local, Local, Local];
			for (let part = 0; part < parts; part++) {
				const couple = gatherCouple(f, a.get, b.get, part * ELEMENT_BYTES);
				f.emit(
					couple.code,
					storeCouple(
						couple.vectors.map((vector) => vector.get),
						r.get,
						part * COUPLE_BYTES,
					),
				);
			}
		});
		module.define(`${name}PairPart`, three, (f) => {
			const [couple, a, b] = f.params as [Local, Local, Local];
			for (let part = 0; part < parts; part++) {
				const { code, vectors } = loadCouple(f, couple.get, part * COUPLE_BYTES);
				f.emit(
					code,
					scatterCouple(
						vectors.map((vector) => vector.get),
						a.get,
						b.get,
						part * ELEMENT_BYTES,
					),
				);
			}
		});
	}
	if (!prefix2) return;

	module.define(`${prefix2}PairMul`, three, (f) => {
		const [a, b, r] = f.params as [Local, Local, Local];
		const [x0, x1, y0, y1] = [loadCouple(f, a.get), loadCouple(f, a.get, COUPLE_BYTES), loadCouple(f, b.get), loadCouple(f, b.get, COUPLE_BYTES)];
		const [s0, s1] = [spreadLimbs(f, x0.vectors), spreadLimbs(f, x1.vectors)];
		f.emit(x0.code, x1.code, y0.code, y1.code, s0.code, s1.code);
		f.emit(reduceTerms(f, field, [productTerm(s0.limbs, y0.vectors), productTerm(s1.limbs, y1.vectors, true)], r.get));
		f.emit(reduceTerms(f, field, [productTerm(s0.limbs, y1.vectors), productTerm(s1.limbs, y0.vectors)], r.get, COUPLE_BYTES));
	});
	module.define(`${prefix2}PairSquare`, { params: ['i32', 'i32'] }, (f) => {
		const [a, r] = f.params as [Local, Local];
		const [x0, x1] = [loadCouple(f, a.get), loadCouple(f, a.get, COUPLE_BYTES)];
		const [sum, difference] = [x0.vectors.map(() => f.local('v128')), x0.vectors.map(() => f.local('v128'))];
		f.emit(x0.code, x1.code);
		for (const [j, vector] of x0.vectors.entries()) {
			const other = x1.vectors[j] as Local;
			f.emit((sum[j] as Local).set(i32x4.add(vector.get, other.get)), (difference[j] as Local).set(i32x4.sub(vector.get, other.get)));
			f.emit(other.set(i32x4.shl(other.get, i32.const(1))));
		}
		const [spreadSum, spread0] = [spreadLimbs(f, sum), spreadLimbs(f, x0.vectors)];
		f.emit(spreadSum.code, spread0.code);
		f.emit(reduceTerms(f, field, [productTerm(spreadSum.limbs, difference)], r.get));
		f.emit(reduceTerms(f, field, [productTerm(spread0.limbs, x1.vectors)], r.get, COUPLE_BYTES));
	});
}
