import type { Clock } from '@holdfast/kernel';

/** Decides when nobody has touched the wallet for long enough to lock it. */
export class LockTimer {
	readonly #clock: Clock;
	#minutes: number | null = null;
	#lastPresence: number;

	constructor(clock: Clock) {
		this.#clock = clock;
		this.#lastPresence = clock.now();
	}

	/** Starts counting, when the vault says that it is unlocked, or takes a new setting. */
	unlocked(minutes: number): void {
		this.#minutes = minutes;
		this.#lastPresence = this.#clock.now();
	}

	locked(): void {
		this.#minutes = null;
	}

	present(): void {
		this.#lastPresence = this.#clock.now();
	}

	get running(): boolean {
		return this.#minutes !== null;
	}

	/** True once the time is over. A clock set back counts as presence now, never as an endless session. */
	due(): boolean {
		if (this.#minutes === null) return false;
		const now = this.#clock.now();
		if (now < this.#lastPresence) this.#lastPresence = now;
		return now - this.#lastPresence >= this.#minutes * 60_000;
	}
}
