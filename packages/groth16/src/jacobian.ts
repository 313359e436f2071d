import type { Group } from './group.ts';
import { NEGATIVE } from './wasm/points.ts';

/**
 * Jacobian points (X, Y, Z), x = X / Z^2, y = Y / Z^3, in three coordinates at an address; Z = 0 is infinity. For the
 * few hundred additions that are left when the batches are done. All cases are covered; none takes constant time. `scratch` holds
 * POINT_SCRATCH_ELEMENTS elements.
 */
export const jacobianBytes = (group: Group): number => 3 * group.width;

export function setInfinite(group: Group, p: number): void {
	const { field, width } = group;
	field.one(p);
	field.one(p + width);
	field.zero(p + 2 * width);
}

/** dbl-2009-l */
export function doublePoint(group: Group, p: number, scratch: number): void {
	const { field, width } = group;
	const [a, b, c, d] = [0, 1, 2, 3].map((i) => scratch + i * width) as [number, number, number, number];
	const [x, y, z] = [p, p + width, p + 2 * width];
	field.square(x, a);
	field.square(y, b);
	field.mul(y, z, z);
	field.add(z, z, z);
	field.square(b, c);
	field.add(x, b, d);
	field.square(d, d);
	field.sub(d, a, d);
	field.sub(d, c, d);
	field.add(d, d, d);
	field.add(a, a, b);
	field.add(b, a, a);
	field.square(a, x);
	field.sub(x, d, x);
	field.sub(x, d, x);
	field.sub(d, x, d);
	field.mul(a, d, y);
	field.add(c, c, c);
	field.add(c, c, c);
	field.add(c, c, c);
	field.sub(y, c, y);
}

/** p += q, q affine (madd-2007-bl without its last trick), possibly negative or infinite (zero bytes). */
export function addPoint(group: Group, p: number, q: number, scratch: number): void {
	const { field, width } = group;
	const t = [0, 1, 2, 3, 4, 5].map((i) => scratch + i * width) as [number, number, number, number, number, number];
	const [x, y, z] = [p, p + width, p + 2 * width];
	const qx = q & ~NEGATIVE;
	field.copy(qx, t[0]);
	field.copy(qx + width, t[1]);
	if ((q & NEGATIVE) !== 0) field.neg(t[1], t[1]);
	field.copy(t[0], t[2]);
	field.copy(t[1], t[3]);
	if (field.isZero(t[2]) === 1 && field.isZero(t[3]) === 1) return;
	field.copy(z, t[2]);
	if (field.isZero(t[2]) === 1) {
		field.copy(t[0], x);
		field.copy(t[1], y);
		field.one(z);
		return;
	}
	// u = x2 z^2 - x, s = y2 z^3 - y
	field.square(z, t[2]);
	field.mul(t[0], t[2], t[0]);
	field.mul(t[1], t[2], t[1]);
	field.mul(t[1], z, t[1]);
	field.sub(t[0], x, t[0]);
	field.sub(t[1], y, t[1]);
	field.copy(t[0], t[3]);
	if (field.isZero(t[3]) === 1) {
		field.copy(t[1], t[3]);
		if (field.isZero(t[3]) === 1) doublePoint(group, p, scratch);
		else setInfinite(group, p);
		return;
	}
	field.mul(z, t[0], z);
	field.square(t[0], t[2]);
	field.mul(t[2], t[0], t[3]);
	field.mul(x, t[2], t[2]);
	// x = s^2 - u^3 - 2 x u^2
	field.square(t[1], x);
	field.sub(x, t[3], x);
	field.sub(x, t[2], x);
	field.sub(x, t[2], x);
	// y = s (x u^2 - x') - y u^3
	field.sub(t[2], x, t[2]);
	field.mul(t[1], t[2], t[2]);
	field.mul(y, t[3], t[3]);
	field.sub(t[2], t[3], y);
}

/** Makes p affine at `result` (zero bytes if infinite). */
export function toAffine(group: Group, p: number, result: number, scratch: number): void {
	const { field, width } = group;
	const [inverse, square, forInverse] = [scratch, scratch + width, scratch + 2 * width];
	field.copy(p + 2 * width, inverse);
	// Zero has the inverse zero here, which makes both coordinates zero.
	field.canonical(inverse, inverse);
	field.inverse(inverse, inverse, forInverse);
	field.square(inverse, square);
	field.mul(p, square, result);
	field.mul(square, inverse, square);
	field.mul(p + width, square, result + width);
}

/** result = scalar * q, q affine. */
export function multiplyPoint(group: Group, q: number, scalar: bigint, result: number, scratch: number): void {
	setInfinite(group, result);
	for (const bit of scalar.toString(2)) {
		doublePoint(group, result, scratch);
		if (bit === '1') addPoint(group, result, q, scratch);
	}
}
