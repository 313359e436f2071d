import { ELEMENT_BYTES } from './wasm/field.ts';
import type { Arithmetic, FieldExports, PointExports } from './wasm/module.ts';

/** One of the two groups, over the module's functions. */
export interface Group {
	readonly field: FieldExports;
	readonly points: PointExports;
	/** Bytes of a coordinate and of an affine point in memory. */
	readonly width: number;
	readonly pointBytes: number;
}

export const G1_POINT_BYTES = 2 * ELEMENT_BYTES;
export const G2_POINT_BYTES = 4 * ELEMENT_BYTES;

export const groupsOf = (arithmetic: Arithmetic): { readonly g1: Group; readonly g2: Group } => ({
	g1: { field: arithmetic.fq, points: arithmetic.g1, width: ELEMENT_BYTES, pointBytes: G1_POINT_BYTES },
	g2: { field: arithmetic.fq2, points: arithmetic.g2, width: 2 * ELEMENT_BYTES, pointBytes: G2_POINT_BYTES },
});
