import type { Bases } from './msm.ts';

/**
 * Sets of points that a proof multiplies with scalars. The key's C and H points, whose sums the proof adds up, are one
 * set: they share their buckets.
 */
export type SetName = 'a' | 'b1' | 'b2' | 'ch';

/** Where everything of a proving key stands in the shared memory. Plain data: it is sent to the threads. */
export interface Layout {
	readonly variables: number;
	readonly publicSignals: number;
	readonly domainSize: number;
	/** A word that is not zero when the proof is to be given up. */
	readonly control: number;
	/** The witness, 32 bytes each, little-endian; right behind it the quotient's values on the coset, likewise. */
	readonly witness: number;
	readonly quotient: number;
	/** The witness in Montgomery form. */
	readonly signals: number;
	/** Constant that takes the witness into Montgomery form. */
	readonly witnessFactor: number;
	/** A, B and A * B over the domain, then over its coset. */
	readonly polynomials: readonly [number, number, number];
	readonly terms: number;
	readonly termCount: number;
	readonly roots: number;
	readonly inverseRoots: number;
	/** Powers of the coset's generator over the domain's size, in bit-reversed order. */
	readonly coset: number;
	readonly single: {
		readonly alpha1: number;
		readonly beta1: number;
		readonly delta1: number;
		readonly beta2: number;
		readonly delta2: number;
	};
	readonly sets: { readonly [name in SetName]: Bases };
	/** Where the sums of the sets are left, as Jacobian points. */
	readonly sums: { readonly [name in SetName]: number };
}
