import { bn254 } from '@noble/curves/bn254.js';
import { FIELD_MODULUS, SCALAR_MODULUS } from '../src/curve.ts';

/** A well-formed .zkey of any shape whose points are multiples of the generators: for what depends on the format only. */
export interface SmallKey {
	readonly variables: number;
	readonly publicSignals: number;
	readonly domainSize: number;
}

const { G1, G2 } = bn254;

const number = (value: bigint): number[] => Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn));
const word = (value: number): number[] => [value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24];
const coordinate = (value: bigint): number[] => number((value << 256n) % FIELD_MODULUS);

export function g1Bytes(k: number): number[] {
	if (k === 0) return Array(64).fill(0);
	const { x, y } = G1.Point.BASE.multiply(BigInt(k)).toAffine();
	return [...coordinate(x), ...coordinate(y)];
}

export function g2Bytes(k: number): number[] {
	if (k === 0) return Array(128).fill(0);
	const { x, y } = G2.Point.BASE.multiply(BigInt(k)).toAffine();
	return [x.c0, x.c1, y.c0, y.c1].flatMap(coordinate);
}

/** Sections by their number, to be changed before `joinSections`. */
export function smallKeySections({ variables, publicSignals, domainSize }: SmallKey): Map<number, number[]> {
	const list = (count: number, point: (k: number) => number[]): number[] => Array.from({ length: count }, (_, i) => point(i % 5)).flat();
	const term = (matrix: number, constraint: number, signal: number): number[] => [...word(matrix), ...word(constraint), ...word(signal), ...number(1n << 250n)];
	return new Map([
		[1, word(1)],
		[
			2,
			[
				...word(32),
				...number(FIELD_MODULUS),
				...word(32),
				...number(SCALAR_MODULUS),
				...word(variables),
				...word(publicSignals),
				...word(domainSize),
				...g1Bytes(2),
				...g1Bytes(3),
				...g2Bytes(2),
				...g2Bytes(3),
				...g1Bytes(4),
				...g2Bytes(4),
			],
		],
		[3, list(publicSignals + 1, (k) => g1Bytes(k + 1))],
		[4, [...word(2), ...term(0, 0, variables - 1), ...term(1, domainSize - 1, 0)]],
		[5, list(variables, g1Bytes)],
		[6, list(variables, g1Bytes)],
		[7, list(variables, g2Bytes)],
		[8, list(variables - publicSignals - 1, g1Bytes)],
		[9, list(domainSize, g1Bytes)],
		[10, [...Array(64).fill(7), ...word(3)]],
	]);
}

export function joinSections(sections: ReadonlyMap<number, readonly number[]>): Uint8Array {
	const bytes = [0x7a, 0x6b, 0x65, 0x79, ...word(1), ...word(sections.size)];
	for (const [id, content] of sections) bytes.push(...word(id), ...word(content.length), ...word(0), ...content);
	return Uint8Array.from(bytes);
}
