import { type ConstraintSystem, evaluate, modP, P } from './r1cs.ts';

/**
 * In how many directions a witness can move while its inputs stay as they are, and which wires then move.
 *
 * Linearised at the witness, a * b = c becomes b da + a db = dc. A wire that a constraint pins down once the wires before it
 * are pinned takes no elimination; circuits are mostly like that, so pinned wires are peeled off first, and only what is left
 * is a matrix. No freedom means that no other witness is near, in the algebraic sense: an unconstrained signal, or one that
 * is only constrained together with another unknown, shows up here. It does not exclude a second, isolated solution (a bit
 * decomposition of value + p): those are excluded by argument, in docs/circuits.md.
 */
export function freedom(system: ConstraintSystem, witness: readonly bigint[]): { readonly degrees: number; readonly wires: readonly number[] } {
	const fixed = 1 + system.outputs + system.publicInputs + system.privateInputs;
	const isInput = (wire: number): boolean => wire === 0 || (wire > system.outputs && wire < fixed);
	const rows = system.constraints.map(({ a, b, c }) => {
		const row = new Map<number, bigint>();
		const add = (wires: readonly number[], coefficients: readonly bigint[], factor: bigint): void => {
			if (factor === 0n) return;
			for (const [index, wire] of wires.entries()) {
				if (!isInput(wire)) row.set(wire, modP((row.get(wire) ?? 0n) + (coefficients[index] ?? 0n) * factor));
			}
		};
		add(a.wires, a.coefficients, evaluate(b, witness));
		add(b.wires, b.coefficients, evaluate(a, witness));
		add(c.wires, c.coefficients, P - 1n);
		for (const [wire, coefficient] of row) if (coefficient === 0n) row.delete(wire);
		return row;
	});
	const pinned = peel(rows, system.wires);
	const open: number[] = [];
	for (let wire = 1; wire < system.wires; wire++) if (!isInput(wire) && !pinned.has(wire)) open.push(wire);
	const rank = eliminate(rows.filter((row) => row.size > 0));
	return { degrees: open.length - rank, wires: open };
}

/** Takes out every wire that stands alone in some row, again and again. */
function peel(rows: readonly Map<number, bigint>[], wires: number): ReadonlySet<number> {
	const pinned = new Set<number>();
	const rowsOf: number[][] = Array.from({ length: wires }, () => []);
	for (const [index, row] of rows.entries()) for (const wire of row.keys()) rowsOf[wire]?.push(index);
	const queue = [...rows.keys()].filter((index) => rows[index]?.size === 1);
	for (let index = queue.pop(); index !== undefined; index = queue.pop()) {
		const row = rows[index];
		if (row?.size !== 1) continue;
		const [wire] = row.keys();
		if (wire === undefined) continue;
		pinned.add(wire);
		for (const other of rowsOf[wire] ?? []) {
			if (rows[other]?.delete(wire) && rows[other]?.size === 1) queue.push(other);
		}
	}
	return pinned;
}

/** Rank by elimination, shortest rows first. */
function eliminate(rows: Map<number, bigint>[]): number {
	let rank = 0;
	const left = [...rows];
	for (;;) {
		left.sort((a, b) => b.size - a.size);
		const pivot = left.pop();
		if (pivot === undefined) return rank;
		const first = pivot.entries().next().value;
		if (first === undefined) continue;
		rank += 1;
		const [wire, lead] = first;
		const inverse = invert(lead);
		for (const row of left) {
			const factor = row.get(wire);
			if (factor === undefined) continue;
			const scale = modP(factor * inverse);
			for (const [other, value] of pivot) {
				const next = modP((row.get(other) ?? 0n) - scale * value);
				if (next === 0n) row.delete(other);
				else row.set(other, next);
			}
		}
	}
}

function invert(value: bigint): bigint {
	let [a, b, x, y] = [value, P, 1n, 0n];
	while (b !== 0n) {
		const quotient = a / b;
		[a, b, x, y] = [b, a - quotient * b, y, x - quotient * y];
	}
	return modP(x);
}
