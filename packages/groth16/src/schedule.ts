import type { Step } from './engine.ts';
import type { Layout } from './layout.ts';
import type { Task } from './protocol.ts';
import { tableSlices } from './tables.ts';

/** A task of a proof: what must be done before it, and its share of the work (milliseconds, about), for progress. */
export interface Planned {
	readonly id: string;
	readonly task: Task;
	readonly after: readonly string[];
	readonly weight: number;
}

const step = (id: string, task: Step, after: readonly string[], weight: number): Planned => ({ id, task, after, weight });

/**
 * The tasks of a proof, in the order in which free threads take them as far as they are ready. With two threads, one
 * transforms polynomials and sums the largest set while the other sums the rest, and both end at about the same time.
 */
export function planProof(witness: Task | undefined, sets: Layout['sets']): readonly Planned[] {
	const start = witness ? ['witness'] : [];
	return [
		...(witness ? [{ id: 'witness', task: witness, after: [], weight: 60 }] : []),
		step('evaluate', { kind: 'evaluate' }, start, 5),
		step('transform 0', { kind: 'transform', polynomial: 0 }, ['evaluate'], 8),
		step('transform 1', { kind: 'transform', polynomial: 1 }, ['evaluate'], 8),
		step('transform 2', { kind: 'transform', polynomial: 2 }, ['evaluate'], 8),
		step('quotient', { kind: 'quotient' }, ['transform 0', 'transform 1', 'transform 2'], 3),
		step('ch', { kind: 'sum', set: 'ch', bases: sets.ch }, ['quotient'], 150),
		step('b2', { kind: 'sum', set: 'b2', bases: sets.b2 }, start, 75),
		step('a', { kind: 'sum', set: 'a', bases: sets.a }, start, 60),
		step('b1', { kind: 'sum', set: 'b1', bases: sets.b1 }, start, 35),
	];
}

/** Tables: slices in any order. */
export const planTables = (tables: Layout['sets']): readonly Planned[] =>
	tableSlices(tables).map((slice, i) => ({
		id: `table ${i}`,
		task: { kind: 'table', slice, table: tables[slice.set] },
		after: [],
		weight: (slice.to - slice.from) * (slice.set === 'b2' ? 3 : 1),
	}));

/** Hands out tasks as they become ready. */
export class Schedule {
	readonly #waiting: Planned[];
	readonly #done = new Set<string>();
	readonly #totalWeight: number;
	#doneWeight = 0;

	constructor(plan: readonly Planned[]) {
		this.#waiting = [...plan];
		this.#totalWeight = plan.reduce((sum, { weight }) => sum + weight, 0);
	}

	/** The next task whose conditions are met, if there is one now. Only the first thread can compute witnesses. */
	take(firstThread: boolean): Planned | undefined {
		const index = this.#waiting.findIndex(({ after, task }) => after.every((id) => this.#done.has(id)) && (firstThread || task.kind !== 'witness'));
		return index < 0 ? undefined : this.#waiting.splice(index, 1)[0];
	}

	finish(planned: Planned): void {
		this.#done.add(planned.id);
		this.#doneWeight += planned.weight;
	}

	/** Nothing is left to hand out (tasks may still be under way). */
	get complete(): boolean {
		return this.#waiting.length === 0;
	}

	/** Between 0 and 1. */
	get progress(): number {
		return this.#doneWeight / this.#totalWeight;
	}
}
