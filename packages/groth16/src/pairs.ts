import type { Group } from './group.ts';
import type { Scratch } from './scratch.ts';
import { NEGATIVE } from './wasm/points.ts';

/**
 * Adds many independent pairs of points. Pairs are collected and added a batch at a time, so that they share an
 * inversion; results stand at the returned addresses after `flush`.
 */
export class PairAdder {
	readonly #group: Group;
	readonly #scratch: Scratch;
	readonly #cancelled: () => void;
	#words: Int32Array;
	#count = 0;
	#next: number;

	constructor(group: Group, scratch: Scratch, checkCancelled: () => void) {
		this.#group = group;
		this.#scratch = scratch;
		this.#cancelled = checkCancelled;
		this.#words = new Int32Array(scratch.memory.buffer);
		this.#next = scratch.points;
	}

	/** Forgets all results. */
	reset(): void {
		this.#next = this.#scratch.points;
	}

	/** Where a + b will stand. An address with `NEGATIVE` set means the point's negative. */
	add(a: number, b: number): number {
		if (this.#count === this.#scratch.batch) this.flush();
		const at = this.#scratch.list / 4 + 3 * this.#count++;
		const words = this.#words;
		words[at] = a;
		words[at + 1] = b;
		const result = this.#next;
		words[at + 2] = result;
		this.#next += this.#group.pointBytes;
		if (this.#next > this.#scratch.pointsEnd) throw new RangeError('The scratch memory is too small.');
		return result;
	}

	flush(): void {
		if (this.#count === 0) return;
		this.#cancelled();
		const { list, prefixes, temporary } = this.#scratch;
		if (this.#group.points.addPairs(list, this.#count, prefixes, temporary) !== 0) this.#addExceptional();
		this.#count = 0;
	}

	/**
	 * The batch has a pair that is infinite, equal or each other's negative. No honest key brings these about more than a
	 * few times, but keys have points twice, and they must add up all the same.
	 */
	#addExceptional(): void {
		const { list, prefixes, temporary } = this.#scratch;
		const words = this.#words;
		const start = list / 4;
		let ordinary = 0;
		for (let i = 0; i < this.#count; i++) {
			const [a, b, out] = words.subarray(start + 3 * i, start + 3 * i + 3) as unknown as [number, number, number];
			if (this.#settle(a, b, out)) continue;
			words.set([a, b, out], start + 3 * ordinary);
			ordinary++;
		}
		if (ordinary > 0 && this.#group.points.addPairs(list, ordinary, prefixes, temporary) !== 0) {
			throw new RangeError('A batch of different points has no inverse.');
		}
	}

	/** Writes a + b if it is a special case. */
	#settle(a: number, b: number, out: number): boolean {
		const { field, width, pointBytes } = this.#group;
		const [pa, pb] = [a & ~NEGATIVE, b & ~NEGATIVE];
		if (this.#isInfinite(pa)) this.#copySigned(b, out);
		else if (this.#isInfinite(pb)) this.#copySigned(a, out);
		else {
			const [t0, t1] = [this.#scratch.temporary, this.#scratch.temporary + width];
			field.sub(pa, pb, t0);
			if (field.isZero(t0) === 0) return false;
			if ((a & NEGATIVE) === (b & NEGATIVE)) field.sub(pa + width, pb + width, t1);
			else field.add(pa + width, pb + width, t1);
			if (field.isZero(t1) === 1) this.#double(a, out);
			else this.#words.fill(0, out / 4, (out + pointBytes) / 4);
		}
		return true;
	}

	#isInfinite(point: number): boolean {
		const end = (point + this.#group.pointBytes) / 4;
		for (let i = point / 4; i < end; i++) if (this.#words[i] !== 0) return false;
		return true;
	}

	#copySigned(point: number, out: number): void {
		const { field, width, pointBytes } = this.#group;
		const from = point & ~NEGATIVE;
		this.#words.copyWithin(out / 4, from / 4, (from + pointBytes) / 4);
		// Infinity is zero bytes, and its negative must be too.
		if ((point & NEGATIVE) !== 0 && !this.#isInfinite(from)) field.neg(from + width, out + width);
	}

	/** Affine doubling. There is no point of order two on either curve, so y is not zero. */
	#double(point: number, out: number): void {
		const { field, width } = this.#group;
		this.#copySigned(point, out);
		const [slope, twoY, x] = [0, 1, 2].map((i) => this.#scratch.temporary + i * width) as [number, number, number];
		const [outY, forInverse] = [out + width, this.#scratch.temporary + 3 * width];
		field.square(out, slope);
		field.add(slope, slope, x);
		field.add(slope, x, slope);
		field.add(outY, outY, twoY);
		field.inverse(twoY, twoY, forInverse);
		field.mul(slope, twoY, slope);
		field.square(slope, x);
		field.sub(x, out, x);
		field.sub(x, out, x);
		field.sub(out, x, twoY);
		field.mul(slope, twoY, twoY);
		field.sub(twoY, outY, outY);
		field.copy(x, out);
	}
}
