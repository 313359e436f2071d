/** Time comes in as an argument, so that tests can hold it still. */
export interface Clock {
	/** Milliseconds since 1970-01-01T00:00:00Z. */
	now(): number;
}

/** Randomness comes in as an argument, so that vectors can be reproduced. */
export interface Random {
	/** `length` cryptographically random bytes. */
	bytes(length: number): Uint8Array;
}

export const systemClock: Clock = { now: () => Date.now() };

export const systemRandom: Random = {
	bytes: (length) => globalThis.crypto.getRandomValues(new Uint8Array(length)),
};

/** Seconds since the epoch, as JWT's NumericDate (RFC 7519 §2). */
export const epochSeconds = (clock: Clock): number => Math.floor(clock.now() / 1000);
