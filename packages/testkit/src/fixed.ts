import type { Clock, Random } from '@holdfast/kernel';

/** A clock that stands still until it is told to move. */
export interface FixedClock extends Clock {
	advance(ms: number): void;
}

export function fixedClock(start: string | number): FixedClock {
	let now = new Date(start).getTime();
	return {
		now: () => now,
		advance: (ms) => {
			now += ms;
		},
	};
}

/** Bytes that look random and are the same for the same seed (mulberry32; for tests only). */
export function seededRandom(seed: number): Random {
	let state = seed >>> 0;
	const next = (): number => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return (mixed ^ (mixed >>> 14)) >>> 0;
	};
	return { bytes: (length) => Uint8Array.from({ length }, () => next() & 255) };
}
