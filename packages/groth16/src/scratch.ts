import type { Arena } from './arena.ts';
import { G1_POINT_BYTES, G2_POINT_BYTES } from './group.ts';
import type { Layout } from './layout.ts';
import { scratchNeeds } from './msm.ts';
import { ELEMENT_BYTES } from './wasm/field.ts';
import type { WasmMemory } from './wasm/host.ts';
import { PAIR_BYTES, POINT_SCRATCH_ELEMENTS, prefixBytes } from './wasm/points.ts';

/** Pairs that share an inversion: an inversion costs as much as some three hundred multiplications. */
const BATCH = 1024;

/** One thread's own part of the memory. */
export interface Scratch {
	readonly memory: WasmMemory;
	/** Pairs in a batch. */
	readonly batch: number;
	readonly list: number;
	readonly prefixes: number;
	readonly temporary: number;
	/** Where sums of pairs go. */
	readonly points: number;
	readonly pointsEnd: number;
	/** Where a multi-scalar multiplication keeps its buckets. */
	readonly buckets: number;
	readonly bucketsEnd: number;
}

/** Scratch for one thread, large enough for any of `plans`. */
export function allocateScratch(arena: Arena, plans: readonly Layout['sets'][]): Scratch {
	const needs = plans.flatMap((sets) => Object.entries(sets)).map(([name, bases]) => scratchNeeds(bases, name === 'b2' ? G2_POINT_BYTES : G1_POINT_BYTES));
	const pointsBytes = Math.max(...needs.map((need) => need.points));
	const bucketBytes = Math.max(...needs.map((need) => need.buckets));
	const list = arena.alloc(BATCH * PAIR_BYTES);
	const prefixes = arena.alloc(prefixBytes(BATCH));
	const temporary = arena.alloc(POINT_SCRATCH_ELEMENTS * ELEMENT_BYTES);
	const points = arena.alloc(pointsBytes);
	const buckets = arena.alloc(bucketBytes);
	return {
		memory: arena.memory,
		batch: BATCH,
		list,
		prefixes,
		temporary,
		points,
		pointsEnd: points + pointsBytes,
		buckets,
		bucketsEnd: buckets + bucketBytes,
	};
}
