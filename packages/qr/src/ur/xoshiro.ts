import { sha256 } from '@noble/hashes/sha2.js';

const MASK = (1n << 64n) - 1n;
const rotl = (value: bigint, by: bigint): bigint => ((value << by) | (value >> (64n - by))) & MASK;

/** Xoshiro256** from the SHA-256 of `seed`, as both ends of a fountain run it (BCR-2024-001). Not for secrets. */
export class Xoshiro256 {
	readonly #state: [bigint, bigint, bigint, bigint];

	constructor(seed: Uint8Array) {
		const view = new DataView(sha256(seed).buffer);
		this.#state = [view.getBigUint64(0), view.getBigUint64(8), view.getBigUint64(16), view.getBigUint64(24)];
	}

	next(): bigint {
		const s = this.#state;
		const result = (rotl((s[1] * 5n) & MASK, 7n) * 9n) & MASK;
		const t = (s[1] << 17n) & MASK;
		s[2] ^= s[0];
		s[3] ^= s[1];
		s[1] ^= s[2];
		s[0] ^= s[3];
		s[2] ^= t;
		s[3] = rotl(s[3], 45n);
		return result;
	}

	/** From 0 up to, not including, 1. */
	nextDouble(): number {
		return Number(this.next()) / 2 ** 64;
	}

	/** A whole number from `low` to `high`, both included. */
	nextInt(low: number, high: number): number {
		return Math.floor(this.nextDouble() * (high - low + 1)) + low;
	}
}
