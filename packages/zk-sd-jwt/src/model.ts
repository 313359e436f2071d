import type { Jwk } from '@holdfast/crypto';

/** Which claim answers, and where its digest stands. Public: it becomes part of what the proof says. */
export type AnsweringClaim =
	/** A full date (`1990-01-31`) that is not after the cutoff. */
	| { readonly kind: 'date'; readonly name: string; readonly parent?: string }
	/** The value `true`, as in `age_equal_or_over: { "18": true }`. */
	| { readonly kind: 'flag'; readonly name: string; readonly parent?: string };

/**
 * What is proven, all of it public. A verifier computes every field itself and takes none from the wallet.
 *
 * "The issuer that holds this key signed a credential of this type, which has not expired at `now`, in whose `_sd` stands the
 * digest of a claim of this name that is a date not after `cutoff` (or is true), and the key in its `cnf.jwk` signed a message
 * with this hash."
 */
export interface Statement {
	/** The issuer's P-256 key. */
	readonly issuer: Jwk;
	readonly vct: string;
	readonly claim: AnsweringClaim;
	/** YYYYMMDD; see {@link cutoffFor}. Part of the statement for a flag as well, where it says nothing. */
	readonly cutoff: number;
	/** Seconds since 1970. */
	readonly now: number;
	/** SHA-256 of the message that the holder's key signed: audience, nonce and the whole request. 32 bytes. */
	readonly requestHash: Uint8Array;
}

/** Circuits by how much signed text they read. The size is visible to the verifier. */
export type CircuitName = 'small' | 'medium';

/** What a wallet sends: JSON-safe. Public inputs are not in it, because the verifier computes them. */
export interface AgeProof {
	readonly v: 1;
	readonly type: 'noir-ultrahonk-sd-jwt';
	readonly circuit: CircuitName;
	/** SHA-256 of the circuit, hexadecimal. */
	readonly artifact: string;
	/** Base64url. */
	readonly proof: string;
}
