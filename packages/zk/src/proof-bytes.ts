import { base64urlEncode } from '@holdfast/crypto';
import { fromBytes, readBytes, toBytes } from './field.ts';
import { isRecord } from './json.ts';
import type { Groth16Proof } from './model.ts';

/** Order of BN254's base field, in which the coordinates of a proof's points lie. */
export const BASE_FIELD_ORDER = 21888242871839275222246405745257275088696311157297823662689037894645226208583n;

const LENGTH = 256;

/** A, B, C as eight coordinates of 32 bytes, big-endian, base64url. B's are written c0, c1. */
export function encodeProof(proof: Groth16Proof): string {
	const { pi_a: a, pi_b: b, pi_c: c } = proof;
	const out = new Uint8Array(LENGTH);
	for (const [index, value] of [a[0], a[1], b[0]?.[0], b[0]?.[1], b[1]?.[0], b[1]?.[1], c[0], c[1]].entries()) {
		out.set(toBytes(BigInt(value ?? 0)), index * 32);
	}
	return base64urlEncode(out);
}

/** `undefined` for a wrong length or a coordinate that is not below the order: each proof has one spelling. Not whether the points are on the curve. */
export function decodeProof(text: unknown): Groth16Proof | undefined {
	const bytes = readBytes(text, LENGTH);
	if (bytes === undefined) return undefined;
	const values = Array.from({ length: 8 }, (_, index) => fromBytes(bytes.subarray(index * 32, index * 32 + 32)));
	if (values.some((value) => value >= BASE_FIELD_ORDER)) return undefined;
	const [ax, ay, bx0, bx1, by0, by1, cx, cy] = values.map(String) as [string, string, string, string, string, string, string, string];
	return {
		pi_a: [ax, ay, '1'],
		pi_b: [
			[bx0, bx1],
			[by0, by1],
			['1', '0'],
		],
		pi_c: [cx, cy, '1'],
		protocol: 'groth16',
		curve: 'bn128',
	};
}

const COORDINATE = /^(?:0|[1-9][0-9]{0,76})$/;
const coordinates = (value: unknown, last: string): readonly bigint[] | undefined => {
	if (!Array.isArray(value) || value.length !== 3 || value[2] !== last) return undefined;
	const read = value.slice(0, 2).map((each) => (typeof each === 'string' && COORDINATE.test(each) ? BigInt(each) : BASE_FIELD_ORDER));
	return read.every((each) => each < BASE_FIELD_ORDER) ? read : undefined;
};

export interface ProofPoints {
	readonly a: readonly bigint[];
	readonly b: readonly (readonly bigint[])[];
	readonly c: readonly bigint[];
}

/** The affine coordinates of a proof in snarkjs' form, or `undefined` where it is not exactly that: other lengths, other z, numbers not below the order. */
export function proofPoints(proof: unknown): ProofPoints | undefined {
	if (!isRecord(proof) || proof.protocol !== 'groth16' || proof.curve !== 'bn128') return undefined;
	const { pi_a, pi_b, pi_c } = proof;
	const a = coordinates(pi_a, '1');
	const c = coordinates(pi_c, '1');
	if (a === undefined || c === undefined || !Array.isArray(pi_b) || pi_b.length !== 3) return undefined;
	const [x, y, z] = pi_b.map((pair: unknown) => (Array.isArray(pair) && pair.length === 2 ? coordinates([...pair, '1'], '1') : undefined));
	if (x === undefined || y === undefined || z === undefined || z[0] !== 1n || z[1] !== 0n) return undefined;
	return { a, b: [x, y], c };
}
