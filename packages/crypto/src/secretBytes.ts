import { CryptoError } from './errors.ts';

const HIDDEN = '[secret bytes]';

/**
 * Bytes that must not be printed and are wiped when they are no longer needed.
 *
 * Wiping is best effort: JavaScript engines and libraries may hold copies. The control that counts
 * is that the process with secrets is short-lived.
 */
export class SecretBytes {
	readonly #bytes: Uint8Array;
	#wiped = false;

	private constructor(bytes: Uint8Array) {
		this.#bytes = bytes;
	}

	/** Takes `bytes` over: the caller keeps no copy, and {@link wipe} zeroes this very array. */
	static take(bytes: Uint8Array): SecretBytes {
		return new SecretBytes(bytes);
	}

	/** Copies `bytes`; the caller wipes its own. */
	static copy(bytes: Uint8Array): SecretBytes {
		return new SecretBytes(Uint8Array.from(bytes));
	}

	/** The length in bytes: not a secret. */
	get length(): number {
		return this.#bytes.length;
	}

	get wiped(): boolean {
		return this.#wiped;
	}

	/** Gives the bytes to `fn` for the time of the call. `fn` must not keep them. Throws `crypto/wiped`. */
	use<T>(fn: (bytes: Uint8Array) => T): T {
		if (this.#wiped) throw new CryptoError('crypto/wiped', 'This key is no longer in memory. Unlock Holdfast again.');
		return fn(this.#bytes);
	}

	/** Zeroes the bytes. May be called more than once. */
	wipe(): void {
		this.#bytes.fill(0);
		this.#wiped = true;
	}

	toString(): string {
		return HIDDEN;
	}

	toJSON(): string {
		return HIDDEN;
	}

	[Symbol.for('nodejs.util.inspect.custom')](): string {
		return HIDDEN;
	}
}

/** Key material as functions here accept it: a secret, or plain bytes that the caller wipes itself. */
export type KeyBytes = SecretBytes | Uint8Array;

/** Gives the bytes of either form to `fn`. */
export const useBytes = <T>(key: KeyBytes, fn: (bytes: Uint8Array) => T): T => (key instanceof SecretBytes ? key.use(fn) : fn(key));
