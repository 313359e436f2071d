/** Bounds on what is read, so that no input makes reading slow or deep. */
export const LIMITS = {
	/** Characters of a credential or presentation (all of them ASCII). */
	input: 1_048_576,
	/** Levels of nesting of a JSON value, disclosures put in their place included. */
	depth: 32,
	/** Values (objects, arrays, scalars) in a processed credential. */
	nodes: 20_000,
	disclosures: 2_000,
	/** Digests in `_sd` arrays and `...` elements of one credential: decoys count too. */
	digests: 10_000,
	/** Characters of a claim name. */
	name: 1_024,
	/** Latest time that is taken for a time: 9999-12-31T23:59:59Z. */
	time: 253_402_300_799,
} as const;
