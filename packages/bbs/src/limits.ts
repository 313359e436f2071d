/** What this package reads at most. Work grows with the claims and, most of all, with the bounds (0.6 s each to prove, 0.15 s to verify). */
export const LIMITS = {
	/** Characters of a compact string. */
	compact: 65_536,
	claims: 32,
	/** Accepted types of one request. */
	types: 8,
	/** Of one request; the validity date is one more bound inside the proof. */
	bounds: 4,
	/** UTF-8 bytes of one text claim. */
	text: 4_096,
	/** UTF-8 bytes of an issuer, type, key id, audience and the like. */
	identifier: 2_048,
	/** UTF-8 bytes of the query that a request is bound to. */
	query: 65_536,
	/** The largest integer of a claim or a bound. */
	integer: 2 ** 52 - 1,
} as const;
