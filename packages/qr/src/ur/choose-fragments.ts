import { Xoshiro256 } from './xoshiro.ts';

/** Draws an index by weight in constant time (Walker's and Vose's alias method), in the order of steps that the reference implementation takes. */
export class RandomSampler {
	readonly #probabilities: number[];
	readonly #aliases: number[];

	constructor(weights: readonly number[]) {
		const count = weights.length;
		const sum = weights.reduce((total, weight) => total + weight, 0);
		const scaled = weights.map((weight) => (weight * count) / sum);
		this.#probabilities = new Array<number>(count).fill(1);
		this.#aliases = new Array<number>(count).fill(0);
		const small: number[] = [];
		const large: number[] = [];
		for (let index = count - 1; index >= 0; index--) ((scaled[index] ?? 0) < 1 ? small : large).push(index);
		while (small.length > 0 && large.length > 0) {
			const low = small.pop() as number;
			const high = large.pop() as number;
			const left = scaled[low] ?? 0;
			this.#probabilities[low] = left;
			this.#aliases[low] = high;
			const rest = (scaled[high] ?? 0) + left - 1;
			scaled[high] = rest;
			(rest < 1 ? small : large).push(high);
		}
	}

	next(random: Xoshiro256): number {
		const first = random.nextDouble();
		const second = random.nextDouble();
		const index = Math.floor(this.#probabilities.length * first);
		return second < (this.#probabilities[index] ?? 1) ? index : (this.#aliases[index] ?? 0);
	}
}

const samplers = new Map<number, RandomSampler>();
const MOST_SAMPLERS = 8;

/** How many fragments the next mixed frame joins: one with the weight 1, two with 1/2, and so on. */
export function chooseDegree(count: number, random: Xoshiro256): number {
	let sampler = samplers.get(count);
	if (!sampler) {
		if (samplers.size >= MOST_SAMPLERS) samplers.clear();
		sampler = new RandomSampler(Array.from({ length: count }, (_, index) => 1 / (index + 1)));
		samplers.set(count, sampler);
	}
	return sampler.next(random) + 1;
}

/** The first `wanted` of the indexes 0 to `count` - 1, shuffled: the rest of the shuffle is never looked at. */
export function shuffled(count: number, random: Xoshiro256, wanted = count): number[] {
	const left = Array.from({ length: count }, (_, index) => index);
	const drawn: number[] = [];
	while (drawn.length < wanted) drawn.push(...left.splice(random.nextInt(0, left.length - 1), 1));
	return drawn;
}

/**
 * Which of the `count` fragments of a message frame number `seqNum` holds, joined by exclusive or: the first `count` frames hold
 * one each in order, later ones a mixture that both ends derive from the number and the message's checksum.
 */
export function chooseFragments(seqNum: number, count: number, checksum: number): number[] {
	if (seqNum <= count) return [seqNum - 1];
	const seed = new Uint8Array(8);
	const view = new DataView(seed.buffer);
	view.setUint32(0, seqNum);
	view.setUint32(4, checksum);
	const random = new Xoshiro256(seed);
	return shuffled(count, random, chooseDegree(count, random));
}
