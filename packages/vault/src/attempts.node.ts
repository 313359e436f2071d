import type { Clock } from '@holdfast/kernel';
import { z } from 'zod';
import { VaultError } from './errors.ts';
import { readTextFile, vaultFiles, writeFileAtomic } from './files.node.ts';

const FREE_ATTEMPTS = 3;
const CAP_MS = 300_000;

/** How long to wait after `failures` wrong passphrases: nothing for two, then 1 s, doubling, at most five minutes. */
export const delayAfter = (failures: number): number => (failures < FREE_ATTEMPTS ? 0 : Math.min(CAP_MS, 1000 * 2 ** Math.min(failures - FREE_ATTEMPTS, 30)));

const zAttempts = z.strictObject({ v: z.literal(1), failures: z.int().min(0), lastAt: z.int() });

/**
 * Slows down a person who guesses passphrases at this machine; it survives restarts. Somebody who
 * copies the files is slowed down by argon2id alone.
 *
 * Where the clock was set back, the full delay counts again from the new time: a rollback neither
 * skips a delay nor makes it longer than five minutes.
 */
export class AttemptLimit {
	readonly #path: string;
	readonly #clock: Clock;

	constructor(dir: string, clock: Clock) {
		this.#path = vaultFiles(dir).attempts;
		this.#clock = clock;
	}

	/** How long to wait before the next attempt, in milliseconds; 0 where one is allowed now. */
	retryAfterMs(): number {
		const { failures, lastAt } = this.#read();
		const delay = delayAfter(failures);
		return Math.max(0, Math.min(delay, lastAt + delay - this.#clock.now()));
	}

	/** Counts an attempt before it is made, so that ending the process does not undo it. Throws `vault/locked-out`. */
	begin(): void {
		const now = this.#clock.now();
		const { failures, lastAt } = this.#read();
		const delay = delayAfter(failures);
		if (now < lastAt) this.#write(failures, now);
		const retryAfterMs = now < lastAt ? delay : lastAt + delay - now;
		if (delay > 0 && retryAfterMs > 0) {
			throw new VaultError('vault/locked-out', `Too many wrong passphrases. Wait ${seconds(retryAfterMs)}, then try again.`, {
				data: { retryAfterMs, attempts: failures },
			});
		}
		this.#write(failures + 1, now);
	}

	/** The error for the attempt that has just failed. */
	failed(): VaultError {
		const { failures } = this.#read();
		const retryAfterMs = delayAfter(failures);
		const wait = retryAfterMs > 0 ? ` Wait ${seconds(retryAfterMs)} before you try again.` : '';
		return new VaultError('vault/wrong-passphrase', `This passphrase is not the right one.${wait}`, { data: { retryAfterMs, attempts: failures } });
	}

	/** The attempt succeeded: nothing is counted any more. */
	succeeded(): void {
		this.#write(0, this.#clock.now());
	}

	#read(): { failures: number; lastAt: number } {
		try {
			return zAttempts.parse(JSON.parse(readTextFile(this.#path) ?? ''));
		} catch {
			return { failures: 0, lastAt: 0 };
		}
	}

	#write(failures: number, lastAt: number): void {
		writeFileAtomic(this.#path, JSON.stringify({ v: 1, failures, lastAt }));
	}
}

const seconds = (ms: number): string => (ms > 60_000 ? `${Math.ceil(ms / 60_000)} minutes` : `${Math.ceil(ms / 1000)} s`);
