import { poseidonPair } from './hash.ts';

export interface MerklePath {
	readonly bits: readonly number[];
	readonly siblings: readonly bigint[];
}

/** Levels of a tree of exactly 2^depth leaves, leaves first. */
export function merkleLevels(leaves: readonly bigint[]): readonly (readonly bigint[])[] {
	const levels: bigint[][] = [[...leaves]];
	for (let level = levels[0] ?? []; level.length > 1; level = levels.at(-1) ?? []) {
		const next: bigint[] = [];
		for (let i = 0; i < level.length; i += 2) next.push(poseidonPair(level[i] ?? 0n, level[i + 1] ?? 0n));
		levels.push(next);
	}
	return levels;
}

export const merkleRoot = (leaves: readonly bigint[]): bigint => merkleLevels(leaves).at(-1)?.[0] ?? 0n;

export function merklePath(leaves: readonly bigint[], index: number): MerklePath {
	const levels = merkleLevels(leaves);
	const bits: number[] = [];
	const siblings: bigint[] = [];
	for (let level = 0, at = index; level < levels.length - 1; level++, at >>= 1) {
		bits.push(at & 1);
		siblings.push(levels[level]?.[at ^ 1] ?? 0n);
	}
	return { bits, siblings };
}
