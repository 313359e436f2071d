import { type Code, giveBack, i32, i64, type Local, loopWhile, type ModuleBuilder, seq, when } from './emit.ts';
import { ELEMENT_BYTES, type FieldConstants, LIMBS, reduceLimbs, storeConstant } from './field.ts';

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
 * (Montgomery's trick): five multiplications and a square each, where mixed Jacobian addition takes eleven.
 *
 * The point at infinity is all zero bytes. The formula holds for two different points that are neither infinite nor each
 * other's negative; for a list with any other pair it gives 1 and leaves the results unwritten, so that the caller sorts
 * it out. Nothing tests each pair for this: an exceptional pair makes the product of all differences zero.
 */
export function defineAddPairs(module: ModuleBuilder, prefix: string, field: PointField): void {
	const width = field.parts * ELEMENT_BYTES;
	const limbCount = field.parts * LIMBS;

	module.define(`${prefix}AddPairs`, { params: ['i32', 'i32', 'i32', 'i32'], result: 'i32' }, (f) => {
		const [list, count, prefixes, scratch] = f.params as [Local, Local, Local, Local];
		const end = f.local('i32');
		const record = f.local('i32');
		const product = f.local('i32');
		const [a, b, out] = [f.local('i32'), f.local('i32'), f.local('i32')];
		const [signA, signB] = [f.local('i64'), f.local('i64')];
		const temporary = (i: number): Code => i32.add(scratch.get, i32.const(i * width));
		const [inverse, difference, slope, square, scratchForInverse] = [0, 1, 2, 3, 4].map(temporary) as [Code, Code, Code, Code, Code];

		const loadPair = seq(
			a.set(i32.load(record.get)),
			b.set(i32.load(record.get, 4)),
			signA.set(signOf(a)),
			signB.set(signOf(b)),
			a.set(i32.and(a.get, i32.const(~NEGATIVE))),
			b.set(i32.and(b.get, i32.const(~NEGATIVE))),
		);
		const maybeInfinite = (point: Local): Code => i32.eqz(i32.or(i32.load(point.get), i32.load(point.get, width)));
		const xDifference = looseDifference(
			limbCount,
			(i) => i64.load32S(b.get, i * 4),
			(i) => i64.load32S(a.get, i * 4),
			difference,
		);

		f.emit(
			end.set(i32.add(list.get, i32.mul(count.get, i32.const(PAIR_BYTES)))),
			record.set(list.get),
			product.set(prefixes.get),
			storeConstant(field.base.one, product.get),
			...(field.parts === 2 ? [storeConstant(0n, product.get, ELEMENT_BYTES)] : []),
			loopWhile(
				i32.ltU(record.get, end.get),
				seq(
					a.set(i32.and(i32.load(record.get), i32.const(~NEGATIVE))),
					b.set(i32.and(i32.load(record.get, 4), i32.const(~NEGATIVE))),
					when(i32.or(maybeInfinite(a), maybeInfinite(b)), giveBack(i32.const(1))),
					xDifference,
					module.call(`${field.name}Mul`, product.get, difference, i32.add(product.get, i32.const(width))),
					product.set(i32.add(product.get, i32.const(width))),
					record.set(i32.add(record.get, i32.const(PAIR_BYTES))),
				),
			),
			module.call(`${field.name}Copy`, product.get, inverse),
			when(module.call(`${field.name}IsZero`, inverse), giveBack(i32.const(1))),
			module.call(`${field.name}Inverse`, inverse, inverse, scratchForInverse),
			loopWhile(
				i32.ltU(list.get, record.get),
				seq(
					record.set(i32.sub(record.get, i32.const(PAIR_BYTES))),
					product.set(i32.sub(product.get, i32.const(width))),
					loadPair,
					out.set(i32.load(record.get, 8)),
					xDifference,
					// slope = (yb - ya) / (xb - xa); the inverse of the product then loses this pair's factor.
					module.call(`${field.name}Mul`, inverse, product.get, slope),
					module.call(`${field.name}Mul`, inverse, difference, inverse),
					looseDifference(
						limbCount,
						(i) => i64.mul(i64.load32S(b.get, width + i * 4), signB.get),
						(i) => i64.mul(i64.load32S(a.get, width + i * 4), signA.get),
						difference,
					),
					module.call(`${field.name}Mul`, slope, difference, slope),
					// x = slope^2 - xa - xb
					module.call(`${field.name}Square`, slope, square),
					...forParts(field.parts, (offset) =>
						reduceLimbs(
							f,
							field.base,
							(i) => i64.sub(i64.sub(i64.load32S(square, offset + i * 4), i64.load32S(a.get, offset + i * 4)), i64.load32S(b.get, offset + i * 4)),
							out.get,
							offset,
						),
					),
					// y = slope (xa - x) - ya
					looseDifference(
						limbCount,
						(i) => i64.load32S(a.get, i * 4),
						(i) => i64.load32S(out.get, i * 4),
						difference,
					),
					module.call(`${field.name}Mul`, slope, difference, square),
					...forParts(field.parts, (offset) =>
						reduceLimbs(
							f,
							field.base,
							(i) => i64.sub(i64.load32S(square, offset + i * 4), i64.mul(i64.load32S(a.get, width + offset + i * 4), signA.get)),
							out.get,
							width + offset,
						),
					),
				),
			),
			i32.const(0),
		);
	});
}

/**
 * `<prefix>DoubleAll(points, count, prefixes, scratch)`: doubles `count` affine points in place with one shared
 * inversion. None may be infinite; gives 1, and leaves them as they are, if one has y = 0.
 */
export function defineDoubleAll(module: ModuleBuilder, prefix: string, field: PointField): void {
	const width = field.parts * ELEMENT_BYTES;
	const limbCount = field.parts * LIMBS;
	module.define(`${prefix}DoubleAll`, { params: ['i32', 'i32', 'i32', 'i32'], result: 'i32' }, (f) => {
		const [points, count, prefixes, scratch] = f.params as [Local, Local, Local, Local];
		const [end, point, product] = [f.local('i32'), f.local('i32'), f.local('i32')];
		const temporary = (i: number): Code => i32.add(scratch.get, i32.const(i * width));
		const [inverse, t, slope, forInverse] = [0, 1, 2, 3].map(temporary) as [Code, Code, Code, Code];
		const y = i32.add(point.get, i32.const(width));
		const call = (name: string, ...operands: Code[]): Code => module.call(`${field.name}${name}`, ...operands);
		const limb = (address: Code, i: number, offset = 0): Code => i64.load32S(address, offset + i * 4);
		const twoY = seq(...Array.from({ length: limbCount }, (_, i) => i64.store32(t, i64.shl(limb(y, i), i64.const(1n)), i * 4)));
		f.emit(
			end.set(i32.add(points.get, i32.mul(count.get, i32.const(2 * width)))),
			point.set(points.get),
			product.set(prefixes.get),
			call('One', product.get),
			loopWhile(
				i32.ltU(point.get, end.get),
				seq(
					twoY,
					call('Mul', product.get, t, i32.add(product.get, i32.const(width))),
					product.set(i32.add(product.get, i32.const(width))),
					point.set(i32.add(point.get, i32.const(2 * width))),
				),
			),
			call('Copy', product.get, inverse),
			when(call('IsZero', inverse), giveBack(i32.const(1))),
			call('Inverse', inverse, inverse, forInverse),
			loopWhile(
				i32.ltU(points.get, point.get),
				seq(
					point.set(i32.sub(point.get, i32.const(2 * width))),
					product.set(i32.sub(product.get, i32.const(width))),
					// slope = 3 x^2 / 2 y
					call('Mul', inverse, product.get, slope),
					twoY,
					call('Mul', inverse, t, inverse),
					call('Square', point.get, t),
					call('Mul', slope, t, slope),
					...forParts(field.parts, (offset) => reduceLimbs(f, field.base, (i) => i64.mul(limb(slope, i, offset), i64.const(3n)), slope, offset)),
					// x' = slope^2 - 2 x, kept in t while x is needed; y' = slope (x - x') - y
					call('Square', slope, t),
					...forParts(field.parts, (offset) =>
						reduceLimbs(f, field.base, (i) => i64.sub(limb(t, i, offset), i64.shl(limb(point.get, i, offset), i64.const(1n))), t, offset),
					),
					looseDifference(
						limbCount,
						(i) => limb(point.get, i),
						(i) => limb(t, i),
						point.get,
					),
					call('Mul', slope, point.get, slope),
					...forParts(field.parts, (offset) =>
						reduceLimbs(f, field.base, (i) => i64.sub(limb(slope, i, offset), limb(y, i, offset)), y, offset),
					),
					call('Copy', t, point.get),
				),
			),
			i32.const(0),
		);
	});
}

/** Elements of the base field that `AddPairs` needs as scratch, for either curve. */
export const ADD_PAIRS_SCRATCH_ELEMENTS = 28;

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

/** +1 or -1 by the lowest bit of an address. */
const signOf = (address: Local): Code => i64.sub(i64.const(1n), i64.extendS(i32.shl(i32.and(address.get, i32.const(NEGATIVE)), i32.const(1))));

const forParts = (parts: number, build: (offset: number) => Code): Code[] => Array.from({ length: parts }, (_, part) => build(part * ELEMENT_BYTES));

function looseDifference(limbCount: number, minuend: (i: number) => Code, subtrahend: (i: number) => Code, result: Code): Code {
	return seq(...Array.from({ length: limbCount }, (_, i) => i64.store32(result, i64.sub(minuend(i), subtrahend(i)), i * 4)));
}
