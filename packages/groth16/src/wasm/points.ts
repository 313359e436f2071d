import { type Code, giveBack, i32, i32x4, type Local, loopWhile, type ModuleBuilder, seq, v128, when } from './emit.ts';
import { ELEMENT_BYTES, type FieldConstants, LIMBS } from './field.ts';
import { COUPLE_BYTES, gatherCouple, loadCouple, reduceCouple, scatterCouple, storeConstantCouple, storeCouple } from './pair-field.ts';

/** Bytes of one record of the list that `<prefix>AddPairs` takes: addresses of two points and of the sum. */
export const PAIR_BYTES = 12;
/** Set in the address of a point that is to be taken negative. Points lie at multiples of four. */
export const NEGATIVE = 1;

interface PointField {
	/** Prefix of the coordinate field's functions: `fq` or `fq2`. */
	readonly name: string;
	/** Elements of the base field in a coordinate. */
	readonly parts: number;
	readonly base: FieldConstants;
}

/**
 * `<prefix>AddPairs(list, count, prefixes, scratch)`: adds `count` pairs of affine points with one shared inversion
 * (Montgomery's trick): six multiplications each, where mixed Jacobian addition takes eleven. Two pairs are worked on at
 * a time, as couples; of an odd number the last is done twice.
 *
 * The point at infinity is all zero bytes. The formula holds for two different points that are neither infinite nor each
 * other's negative; for a list with any other pair it gives 1 and leaves the results unwritten, so that the caller sorts
 * it out. Nothing tests each pair for this: an exceptional pair makes the product of all differences zero.
 */
export function defineAddPairs(module: ModuleBuilder, prefix: string, field: PointField): void {
	const width = field.parts * ELEMENT_BYTES;
	const coupleWidth = field.parts * COUPLE_BYTES;
	const parts = Array.from({ length: field.parts }, (_, part) => part);
	const call = (name: string, ...operands: Code[]): Code => module.call(`${field.name}${name}`, ...operands);

	module.define(`${prefix}AddPairs`, { params: ['i32', 'i32', 'i32', 'i32'], result: 'i32' }, (f) => {
		const [list, count, prefixes, scratch] = f.params as [Local, Local, Local, Local];
		const [end, record, second, product] = Array.from({ length: 4 }, () => f.local('i32')) as [Local, Local, Local, Local];
		const [a0, b0, a1, b1, out0, out1] = Array.from({ length: 6 }, () => f.local('i32')) as [Local, Local, Local, Local, Local, Local];
		const [signsA, signsB] = [f.local('v128'), f.local('v128')];
		const [inverse, difference, slope, square] = [0, 1, 2, 3].map((i) => i32.add(scratch.get, i32.const(i * coupleWidth))) as [Code, Code, Code, Code];
		const element = (i: number): Code => i32.add(scratch.get, i32.const(4 * coupleWidth + i * width));

		const pointAt = (from: Local, offset: number): Code => i32.and(i32.load(from.get, offset), i32.const(~NEGATIVE));
		const maybeInfinite = (point: Local): Code => i32.eqz(i32.or(i32.load(point.get), i32.load(point.get, width)));
		const loadPairs = seq(
			second.set(i32.add(record.get, i32.const(PAIR_BYTES))),
			when(i32.geU(second.get, end.get), second.set(record.get)),
			a0.set(pointAt(record, 0)),
			b0.set(pointAt(record, 4)),
			a1.set(pointAt(second, 0)),
			b1.set(pointAt(second, 4)),
		);
		const xDifference = seq(
			...parts.map((part) => {
				const [xa, xb] = [gatherCouple(f, a0.get, a1.get, part * ELEMENT_BYTES), gatherCouple(f, b0.get, b1.get, part * ELEMENT_BYTES)];
				return seq(xa.code, xb.code, storeCouple(minus(vectorsOf(xb), vectorsOf(xa)), difference, part * COUPLE_BYTES));
			}),
		);
		// All ones in the lanes of points that are taken negative: x ^ -1 - -1 = -x.
		const signs = (offset: number): Code => {
			const flag = (from: Local): Code => i32x4.splat(i32.sub(i32.const(0), i32.and(i32.load(from.get, offset), i32.const(NEGATIVE))));
			return v128.shuffle(flag(record), flag(second), [0, 4, 0, 4]);
		};
		const signed = (locals: readonly Local[], by: Local): Code[] => locals.map((local) => i32x4.sub(v128.xor(local.get, by.get), by.get));
		const y = parts.map((part) => ({
			a: gatherCouple(f, a0.get, a1.get, width + part * ELEMENT_BYTES),
			b: gatherCouple(f, b0.get, b1.get, width + part * ELEMENT_BYTES),
		}));

		f.emit(
			end.set(i32.add(list.get, i32.mul(count.get, i32.const(PAIR_BYTES)))),
			record.set(list.get),
			product.set(prefixes.get),
			storeOne(field, product.get),
			loopWhile(
				i32.ltU(record.get, end.get),
				seq(
					loadPairs,
					when(i32.or(i32.or(maybeInfinite(a0), maybeInfinite(b0)), i32.or(maybeInfinite(a1), maybeInfinite(b1))), giveBack(i32.const(1))),
					xDifference,
					call('PairMul', product.get, difference, i32.add(product.get, i32.const(coupleWidth))),
					product.set(i32.add(product.get, i32.const(coupleWidth))),
					record.set(i32.add(record.get, i32.const(2 * PAIR_BYTES))),
				),
			),
			invertCouple(module, field, product.get, inverse, element(0)),
			loopWhile(
				i32.ltU(list.get, record.get),
				seq(
					record.set(i32.sub(record.get, i32.const(2 * PAIR_BYTES))),
					product.set(i32.sub(product.get, i32.const(coupleWidth))),
					loadPairs,
					signsA.set(signs(0)),
					signsB.set(signs(4)),
					out0.set(i32.load(record.get, 8)),
					out1.set(i32.load(second.get, 8)),
					xDifference,
					// slope = (yb - ya) / (xb - xa); the inverse of the product then loses this pair's factor.
					call('PairMul', inverse, product.get, slope),
					call('PairMul', inverse, difference, inverse),
					...parts.map((part) => {
						const { a, b } = y[part] as (typeof y)[number];
						return seq(a.code, b.code, storeCouple(minus(signed(b.vectors, signsB), signed(a.vectors, signsA)), difference, part * COUPLE_BYTES));
					}),
					call('PairMul', slope, difference, slope),
					// x = slope^2 - xa - xb, and xa - x for y
					call('PairSquare', slope, square),
					...parts.map((part) => {
						const offset = part * ELEMENT_BYTES;
						const [xa, xb] = [gatherCouple(f, a0.get, a1.get, offset), gatherCouple(f, b0.get, b1.get, offset)];
						const squared = loadCouple(f, square, part * COUPLE_BYTES);
						const x = minus(minus(vectorsOf(squared), vectorsOf(xa)), vectorsOf(xb));
						return seq(
							xa.code,
							xb.code,
							squared.code,
							reduceCouple(f, field.base, x, (reduced) =>
								seq(scatterCouple(reduced, out0.get, out1.get, offset), storeCouple(minus(vectorsOf(xa), reduced), difference, part * COUPLE_BYTES)),
							),
						);
					}),
					// y = slope (xa - x) - ya
					call('PairMul', slope, difference, square),
					...parts.map((part) => {
						const multiplied = loadCouple(f, square, part * COUPLE_BYTES);
						const { a } = y[part] as (typeof y)[number];
						return seq(
							multiplied.code,
							reduceCouple(f, field.base, minus(vectorsOf(multiplied), signed(a.vectors, signsA)), (reduced) =>
								scatterCouple(reduced, out0.get, out1.get, width + part * ELEMENT_BYTES),
							),
						);
					}),
				),
			),
			i32.const(0),
		);
	});
}

/** Bytes of `AddPairs`'s prefixes for `count` pairs, for either curve; `DoubleAll` needs no more for as many points. */
export const prefixBytes = (count: number): number => Math.max((Math.ceil(count / 2) + 1) * 2 * COUPLE_BYTES, (count + 1) * 2 * ELEMENT_BYTES);

/**
 * The inverses of a couple's two elements by one inversion: 1 / left = right / (left * right). Returns 1 from the function
 * if there is none.
 */
function invertCouple(module: ModuleBuilder, field: PointField, couple: Code, result: Code, scratch: Code): Code {
	const call = (name: string, ...operands: Code[]): Code => module.call(`${field.name}${name}`, ...operands);
	const element = (i: number): Code => i32.add(scratch, i32.const(i * field.parts * ELEMENT_BYTES));
	const [left, right, total, forInverse] = [0, 1, 2, 3].map(element) as [Code, Code, Code, Code];
	return seq(
		call('PairPart', couple, left, right),
		call('Mul', left, right, total),
		call('Copy', total, forInverse),
		when(call('IsZero', forInverse), giveBack(i32.const(1))),
		call('Inverse', total, total, forInverse),
		call('Mul', total, left, left),
		call('Mul', total, right, right),
		call('PairJoin', right, left, result),
	);
}

/**
 * `<prefix>DoubleAll(points, count, prefixes, scratch)`: doubles `count` affine points in place with one shared
 * inversion, two at a time; of an odd number the last is done twice, from the same values. None may be infinite; gives 1,
 * and leaves them as they are, if one has y = 0.
 */
export function defineDoubleAll(module: ModuleBuilder, prefix: string, field: PointField): void {
	const width = field.parts * ELEMENT_BYTES;
	const coupleWidth = field.parts * COUPLE_BYTES;
	const parts = Array.from({ length: field.parts }, (_, part) => part);
	const call = (name: string, ...operands: Code[]): Code => module.call(`${field.name}${name}`, ...operands);

	module.define(`${prefix}DoubleAll`, { params: ['i32', 'i32', 'i32', 'i32'], result: 'i32' }, (f) => {
		const [points, count, prefixes, scratch] = f.params as [Local, Local, Local, Local];
		const [end, point, second, product] = Array.from({ length: 4 }, () => f.local('i32')) as [Local, Local, Local, Local];
		const [inverse, t, slope] = [0, 1, 2].map((i) => i32.add(scratch.get, i32.const(i * coupleWidth))) as [Code, Code, Code];
		const elements = i32.add(scratch.get, i32.const(3 * coupleWidth));
		const findSecond = seq(second.set(i32.add(point.get, i32.const(2 * width))), when(i32.geU(second.get, end.get), second.set(point.get)));
		const [x, y] = [0, width].map((offset) => parts.map((part) => gatherCouple(f, point.get, second.get, offset + part * ELEMENT_BYTES))) as [
			Couple[],
			Couple[],
		];
		const load = (couples: readonly Couple[]): Code => seq(...couples.map(({ code }) => code));
		const twice = ({ vectors }: Couple): Code[] => vectors.map((vector) => i32x4.shl(vector.get, i32.const(1)));
		const store = (vectors: (part: number) => readonly Code[], result: Code): Code =>
			seq(...parts.map((part) => storeCouple(vectors(part), result, part * COUPLE_BYTES)));
		const twoY = seq(
			load(y),
			store((part) => twice(y[part] as Couple), t),
		);
		f.emit(
			end.set(i32.add(points.get, i32.mul(count.get, i32.const(2 * width)))),
			point.set(points.get),
			product.set(prefixes.get),
			storeOne(field, product.get),
			loopWhile(
				i32.ltU(point.get, end.get),
				seq(
					findSecond,
					twoY,
					call('PairMul', product.get, t, i32.add(product.get, i32.const(coupleWidth))),
					product.set(i32.add(product.get, i32.const(coupleWidth))),
					point.set(i32.add(point.get, i32.const(4 * width))),
				),
			),
			invertCouple(module, field, product.get, inverse, elements),
			loopWhile(
				i32.ltU(points.get, point.get),
				seq(
					point.set(i32.sub(point.get, i32.const(4 * width))),
					product.set(i32.sub(product.get, i32.const(coupleWidth))),
					findSecond,
					twoY,
					// slope = 3 x^2 / 2 y
					call('PairMul', inverse, product.get, slope),
					call('PairMul', inverse, t, inverse),
					load(x),
					store((part) => vectorsOf(x[part] as Couple), t),
					call('PairSquare', t, t),
					call('PairMul', slope, t, slope),
					...parts.map((part) => {
						const once = loadCouple(f, slope, part * COUPLE_BYTES);
						const thrice = plus(twice(once), vectorsOf(once));
						return seq(
							once.code,
							reduceCouple(f, field.base, thrice, (reduced) => storeCouple(reduced, slope, part * COUPLE_BYTES)),
						);
					}),
					// x' = slope^2 - 2 x, y' = slope (x - x') - y
					call('PairSquare', slope, t),
					...parts.map((part) => {
						const squared = loadCouple(f, t, part * COUPLE_BYTES);
						const old = x[part] as Couple;
						return seq(
							squared.code,
							reduceCouple(f, field.base, minus(vectorsOf(squared), twice(old)), (reduced) =>
								seq(scatterCouple(reduced, point.get, second.get, part * ELEMENT_BYTES), storeCouple(minus(vectorsOf(old), reduced), t, part * COUPLE_BYTES)),
							),
						);
					}),
					call('PairMul', slope, t, t),
					...parts.map((part) => {
						const multiplied = loadCouple(f, t, part * COUPLE_BYTES);
						return seq(
							multiplied.code,
							reduceCouple(f, field.base, minus(vectorsOf(multiplied), vectorsOf(y[part] as Couple)), (reduced) =>
								scatterCouple(reduced, point.get, second.get, width + part * ELEMENT_BYTES),
							),
						);
					}),
				),
			),
			i32.const(0),
		);
	});
}

/** Elements of the base field that any function on points needs as scratch, for either curve. */
export const POINT_SCRATCH_ELEMENTS = 48;

/**
 * `<prefix>OnCurve(points, count, b, scratch)`: how many of the points, from the first on, satisfy y^2 = x^3 + b or are
 * infinite; `count` if all do.
 */
export function defineOnCurve(module: ModuleBuilder, prefix: string, field: PointField): void {
	const width = field.parts * ELEMENT_BYTES;
	module.define(`${prefix}OnCurve`, { params: ['i32', 'i32', 'i32', 'i32'], result: 'i32' }, (f) => {
		const [points, count, b, scratch] = f.params as [Local, Local, Local, Local];
		const index = f.local('i32');
		const temporary = (i: number): Code => i32.add(scratch.get, i32.const(i * width));
		const y = i32.add(points.get, i32.const(width));
		const anyLimb = Array.from({ length: 2 * field.parts * LIMBS - 1 }, (_, i) => i32.load(points.get, (i + 1) * 4)).reduce(
			(sum, limb) => i32.or(sum, limb),
			i32.load(points.get),
		);
		f.emit(
			loopWhile(
				i32.ltU(index.get, count.get),
				seq(
					when(
						anyLimb,
						seq(
							module.call(`${field.name}Square`, points.get, temporary(0)),
							module.call(`${field.name}Mul`, temporary(0), points.get, temporary(0)),
							module.call(`${field.name}Add`, temporary(0), b.get, temporary(0)),
							module.call(`${field.name}Square`, y, temporary(1)),
							module.call(`${field.name}Sub`, temporary(0), temporary(1), temporary(0)),
							when(i32.eqz(module.call(`${field.name}IsZero`, temporary(0))), giveBack(index.get)),
						),
					),
					index.set(i32.add(index.get, i32.const(1))),
					points.set(i32.add(points.get, i32.const(2 * width))),
				),
			),
			count.get,
		);
	});
}

type Couple = ReturnType<typeof gatherCouple>;
const vectorsOf = ({ vectors }: Couple): Code[] => vectors.map((vector) => vector.get);
const plus = (x: readonly Code[], y: readonly Code[]): Code[] => x.map((vector, j) => i32x4.add(vector, y[j] as Code));
const minus = (x: readonly Code[], y: readonly Code[]): Code[] => x.map((vector, j) => i32x4.sub(vector, y[j] as Code));

const storeOne = (field: PointField, result: Code): Code =>
	seq(storeConstantCouple(field.base.one, result), ...(field.parts === 2 ? [storeConstantCouple(0n, result, COUPLE_BYTES)] : []));
