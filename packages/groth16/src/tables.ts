import type { Arena } from './arena.ts';
import { windowCount } from './digits.ts';
import { G1_POINT_BYTES, G2_POINT_BYTES, type Group } from './group.ts';
import type { Layout, SetName } from './layout.ts';
import type { Bases } from './msm.ts';
import type { Scratch } from './scratch.ts';

/**
 * Tables of a key's points: 2^(windowBits * l) times each, for every window l. All windows of a scalar then share one set
 * of buckets, which allows wider windows and leaves fewer buckets to sum.
 */
const SETS = 1;

/** Wider windows have fewer digits and more buckets, and make a smaller table. */
const windowBitsFor = (points: number): number => Math.min(15, Math.max(4, Math.round(Math.log2(Math.max(points, 1)) + 0.8)));

const levelsOf = (windowBits: number): number => Math.ceil(windowCount(windowBits) / SETS);

const pointBytesOf = (name: string): number => (name === 'b2' ? G2_POINT_BYTES : G1_POINT_BYTES);

const mapSets = (sets: Layout['sets'], change: (bases: Bases, name: SetName) => Bases): Layout['sets'] => ({
	a: change(sets.a, 'a'),
	b1: change(sets.b1, 'b1'),
	b2: change(sets.b2, 'b2'),
	ch: change(sets.ch, 'ch'),
});

/** The sets as they will be with tables, without a place in memory yet. */
export const tableShapes = (sets: Layout['sets']): Layout['sets'] =>
	mapSets(sets, (bases) => ({ ...bases, points: 0, windowBits: windowBitsFor(bases.count), sets: SETS }));

export const allocateTables = (arena: Arena, sets: Layout['sets']): Layout['sets'] =>
	mapSets(tableShapes(sets), (bases, name) => ({
		...bases,
		points: arena.alloc(levelsOf(bases.windowBits) * bases.count * pointBytesOf(name)),
	}));

/** Points of a set, from `from` to `to`, whose part of the table is made in one go. */
export interface TableSlice {
	readonly set: SetName;
	readonly from: number;
	readonly to: number;
}

/** At most as many as share an inversion, and few enough that a proof does not wait long for one. */
const SLICE = { a: 512, b1: 512, b2: 256, ch: 512 } as const;

export function tableSlices(sets: Layout['sets']): TableSlice[] {
	return (['ch', 'b2', 'a', 'b1'] as const).flatMap((set) =>
		Array.from({ length: Math.ceil(sets[set].count / SLICE[set]) }, (_, i) => ({
			set,
			from: i * SLICE[set],
			to: Math.min((i + 1) * SLICE[set], sets[set].count),
		})),
	);
}

/** Fills a slice of `table` from `plain`. @returns false if a point has no double, which no point of either group lacks */
export function fillTable(group: Group, plain: Bases, table: Bases, { from, to }: TableSlice, scratch: Scratch): boolean {
	const bytes = new Uint8Array(scratch.memory.buffer);
	const { pointBytes } = group;
	const count = to - from;
	const level = (l: number): number => table.points + (l * table.count + from) * pointBytes;
	bytes.copyWithin(level(0), plain.points + from * pointBytes, plain.points + to * pointBytes);
	for (let l = 1; l < levelsOf(table.windowBits); l++) {
		bytes.copyWithin(level(l), level(l - 1), level(l - 1) + count * pointBytes);
		for (let i = 0; i < table.windowBits * table.sets; i++) {
			if (group.points.doubleAll(level(l), count, scratch.prefixes, scratch.temporary) !== 0) return false;
		}
	}
	return true;
}
