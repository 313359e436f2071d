import { createHash } from 'node:crypto';
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

/** Bytes that look random and are the same for the same seed. */
export function seededRandom(seed: string): Random {
	let count = 0;
	return {
		bytes: (length) => {
			const out = new Uint8Array(length);
			for (let at = 0; at < length; at += 32) {
				count += 1;
				out.set(
					createHash('sha256')
						.update(`${seed}:${count}`)
						.digest()
						.subarray(0, Math.min(32, length - at)),
					at,
				);
			}
			return out;
		},
	};
}
