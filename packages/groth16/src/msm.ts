import { SCALAR_WORDS, signedDigits, windowCount } from './digits.ts';
import type { Group } from './group.ts';
import { addPoint, doublePoint, setInfinite } from './jacobian.ts';
import { PairAdder } from './pairs.ts';
import type { Scratch } from './scratch.ts';
import { NEGATIVE } from './wasm/points.ts';

/** Fixed points of a key and how to multiply them. */
export interface Bases {
	/** `levels` blocks of `count` affine points, none infinite: block l holds 2^(windowBits * sets * l) times the points. */
	readonly points: number;
	readonly count: number;
	/** For each point, which scalar it goes with. */
	readonly scalars: Uint32Array;
	readonly windowBits: number;
	/** Windows that have buckets of their own; the others use a level of the table. windowCount(windowBits) without a table, 1 with a full one. */
	readonly sets: number;
}

/** Entries whose sums are worked out at a time: bounds the scratch memory and keeps it in the cache. */
export const ENTRIES_AT_A_TIME = 16_384;

const bucketsOf = (bases: Bases): number => bases.sets * (2 ** (bases.windowBits - 1) + 1);

/** Bytes that `multiExponentiate` needs for sums of pairs and for buckets. */
export function scratchNeeds(bases: Bases, pointBytes: number): { readonly points: number; readonly buckets: number } {
	const buckets = bucketsOf(bases);
	// A bucket that is summed in pieces keeps a point for each piece.
	const pieces = Math.ceil((bases.count * windowCount(bases.windowBits)) / ENTRIES_AT_A_TIME);
	return { points: Math.max(ENTRIES_AT_A_TIME, 2 * buckets) * pointBytes, buckets: (buckets + 2 * pieces) * pointBytes };
}

/**
 * Sum of scalar * point, Pippenger's way with affine sums.
 *
 * Each nonzero digit of a scalar puts its point into the bucket of the digit's size. All buckets are then summed at
 * once, as trees of pairs: a layer of all trees has no two pairs that depend on each other, which is what shared
 * inversions need. With d * B[d] = 2 * (d >> 1) * B[d] + (d & 1) * B[d], the weighted sum of buckets likewise becomes
 * layers of pairs, and leaves one point for each bit of a scalar.
 *
 * Writes a Jacobian point at `result`.
 */
export function multiExponentiate(group: Group, bases: Bases, scalars: Uint32Array, scratch: Scratch, result: number, checkCancelled: () => void): void {
	const adder = new PairAdder(group, scratch, checkCancelled);
	const buckets = sumBuckets(group, bases, sortIntoBuckets(group, bases, scalars), scratch, adder);
	adder.reset();
	const byBit = sumByBit(bases, buckets, adder);

	// Horner's rule over the bits.
	setInfinite(group, result);
	for (let bit = byBit.length - 1; bit >= 0; bit--) {
		doublePoint(group, result, scratch.temporary);
		const point = byBit[bit] as number;
		if (point !== 0) addPoint(group, result, point, scratch.temporary);
	}
}

/** Lists of points, one after the other in `entries`. */
interface Lists {
	readonly entries: Int32Array;
	/** Where each list begins. */
	readonly starts: Int32Array;
	readonly lengths: Int32Array;
}

function sortIntoBuckets(group: Group, bases: Bases, scalars: Uint32Array): Lists {
	const { windowBits, sets, count } = bases;
	const windows = windowCount(windowBits);
	const bucketsInSet = 2 ** (windowBits - 1) + 1;
	// Of each window: its first bucket, and where its level of the table begins.
	const bucketsAt = Int32Array.from({ length: windows }, (_, w) => (w % sets) * bucketsInSet);
	const pointsAt = Int32Array.from({ length: windows }, (_, w) => bases.points + Math.floor(w / sets) * count * group.pointBytes);
	const digits = new Int32Array(count * windows);
	const used = new Uint8Array(count);
	const lengths = new Int32Array(bucketsOf(bases));
	let total = 0;
	for (let k = 0, at = 0; k < count; k++, at += windows) {
		const n = signedDigits(scalars, (bases.scalars[k] as number) * SCALAR_WORDS, windowBits, digits, at);
		used[k] = n;
		for (let w = 0; w < n; w++) {
			const digit = digits[at + w] as number;
			if (digit === 0) continue;
			const bucket = (bucketsAt[w] as number) + (digit < 0 ? -digit : digit);
			lengths[bucket] = (lengths[bucket] as number) + 1;
			total++;
		}
	}
	const starts = new Int32Array(lengths.length);
	for (let bucket = 1; bucket < lengths.length; bucket++) starts[bucket] = (starts[bucket - 1] as number) + (lengths[bucket - 1] as number);
	const entries = new Int32Array(total);
	const next = starts.slice();
	for (let k = 0, at = 0, offset = 0; k < count; k++, at += windows, offset += group.pointBytes) {
		const n = used[k] as number;
		for (let w = 0; w < n; w++) {
			const digit = digits[at + w] as number;
			if (digit === 0) continue;
			const point = (pointsAt[w] as number) + offset;
			const bucket = (bucketsAt[w] as number) + (digit < 0 ? -digit : digit);
			const place = next[bucket] as number;
			entries[place] = digit < 0 ? point | NEGATIVE : point;
			next[bucket] = place + 1;
		}
	}
	digits.fill(0);
	return { entries, starts, lengths };
}

/** The sum of each bucket: an address, with `NEGATIVE` or not, or 0 for an empty one. */
function sumBuckets(group: Group, bases: Bases, lists: Lists, scratch: Scratch, adder: PairAdder): Int32Array {
	const { entries, starts, lengths } = lists;
	const sums = new Int32Array(bucketsOf(bases));
	const words = new Int32Array(scratch.memory.buffer);
	let kept = scratch.buckets;
	// A sum stands where the next ones will; a lone point of the key stays where it is.
	const keep = (sum: number): number => {
		if (sum < scratch.points || sum >= scratch.pointsEnd) return sum;
		words.copyWithin(kept / 4, sum / 4, (sum + group.pointBytes) / 4);
		kept += group.pointBytes;
		return kept - group.pointBytes;
	};
	for (let from = 0; from < sums.length; ) {
		while ((lengths[from] as number) > ENTRIES_AT_A_TIME) sumPieces(lists, from, adder, keep);
		let to = from;
		let total = 0;
		while (to < sums.length && total + (lengths[to] as number) <= ENTRIES_AT_A_TIME) {
			total += lengths[to] as number;
			to++;
		}
		adder.reset();
		sumLists(lists, from, to, adder);
		for (let bucket = from; bucket < to; bucket++) {
			if (lengths[bucket] !== 0) sums[bucket] = keep(entries[starts[bucket] as number] as number);
		}
		from = to;
	}
	return sums;
}

/** Makes a list that is too long for the scratch memory shorter: each piece becomes one point. */
function sumPieces({ entries, starts, lengths }: Lists, list: number, adder: PairAdder, keep: (sum: number) => number): void {
	const start = starts[list] as number;
	const length = lengths[list] as number;
	let pieces = 0;
	for (let at = 0; at < length; at += ENTRIES_AT_A_TIME) {
		const piece = { entries, starts: Int32Array.of(start + at), lengths: Int32Array.of(Math.min(ENTRIES_AT_A_TIME, length - at)) };
		adder.reset();
		sumLists(piece, 0, 1, adder);
		entries[start + pieces++] = keep(entries[start + at] as number);
	}
	lengths[list] = pieces;
}

/** Reduces each of the lists `from` to `to` to at most one point, in place. */
function sumLists({ entries, starts, lengths }: Lists, from: number, to: number, adder: PairAdder): void {
	for (let more = true; more; ) {
		more = false;
		for (let list = from; list < to; list++) {
			const length = lengths[list] as number;
			if (length < 2) continue;
			const start = starts[list] as number;
			const half = length >>> 1;
			for (let j = 0; j < half; j++) {
				entries[start + j] = adder.add(entries[start + 2 * j] as number, entries[start + 2 * j + 1] as number);
			}
			if ((length & 1) !== 0) entries[start + half] = entries[start + length - 1] as number;
			lengths[list] = half + (length & 1);
			more = true;
		}
		adder.flush();
	}
}

/** From the buckets' sums to one point, or 0, for each bit: the result is the sum of 2^bit * point. */
function sumByBit(bases: Bases, buckets: Int32Array, adder: PairAdder): Int32Array {
	const { windowBits, sets } = bases;
	const inSet = 2 ** (windowBits - 1) + 1;
	const lists: number[][] = Array.from({ length: sets * windowBits }, () => []);
	let current = Array.from({ length: sets }, (_, set) => buckets.subarray(set * inSet, (set + 1) * inSet));
	for (let bit = 0; bit < windowBits; bit++) {
		current = current.map((sums, set) => {
			const halves = new Int32Array((sums.length >>> 1) + 1);
			for (let j = 0; 2 * j < sums.length; j++) {
				const even = j === 0 ? 0 : (sums[2 * j] as number);
				const odd = 2 * j + 1 < sums.length ? (sums[2 * j + 1] as number) : 0;
				if (odd !== 0) lists[set * windowBits + bit]?.push(odd);
				halves[j] = j === 0 || odd === 0 ? even : even === 0 ? odd : adder.add(even, odd);
			}
			return halves;
		});
		adder.flush();
	}
	const starts = new Int32Array(lists.length);
	let total = 0;
	for (const [i, list] of lists.entries()) {
		starts[i] = total;
		total += list.length;
	}
	const entries = Int32Array.from(lists.flat());
	const lengths = Int32Array.from(lists, (list) => list.length);
	sumLists({ entries, starts, lengths }, 0, lists.length, adder);
	return starts.map((start, i) => (lengths[i] === 0 ? 0 : (entries[start] as number)));
}
