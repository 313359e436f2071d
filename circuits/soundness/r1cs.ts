import { readFileSync } from 'node:fs';

/** Order of BN254's scalar field. */
export const P = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;

export const modP = (value: bigint): bigint => ((value % P) + P) % P;

/** A linear combination: wire and coefficient, pairwise. */
export interface Linear {
	readonly wires: readonly number[];
	readonly coefficients: readonly bigint[];
}

/** a * b = c. */
export interface Constraint {
	readonly a: Linear;
	readonly b: Linear;
	readonly c: Linear;
}

export interface ConstraintSystem {
	readonly wires: number;
	readonly outputs: number;
	readonly publicInputs: number;
	readonly privateInputs: number;
	readonly constraints: readonly Constraint[];
}

/** Reads iden3's .r1cs format, version 1. Wires are: one, outputs, public inputs, private inputs, the rest. */
export function readR1cs(path: string): ConstraintSystem {
	const bytes = readFileSync(path);
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const sections = new Map<number, number>();
	let at = 12;
	for (let left = view.getUint32(8, true); left > 0; left--) {
		sections.set(view.getUint32(at, true), at + 12);
		at += 12 + Number(view.getBigUint64(at + 4, true));
	}
	const header = (sections.get(1) ?? 0) + 36;
	const count = view.getUint32(header + 24, true);
	const constraints: Constraint[] = [];
	at = sections.get(2) ?? 0;
	const number = (from: number): bigint => {
		let value = 0n;
		for (let word = 24; word >= 0; word -= 8) value = (value << 64n) | view.getBigUint64(from + word, true);
		return value;
	};
	const linear = (): Linear => {
		const wires: number[] = [];
		const coefficients: bigint[] = [];
		const terms = view.getUint32(at, true);
		at += 4;
		for (let i = 0; i < terms; i++, at += 36) {
			wires.push(view.getUint32(at, true));
			coefficients.push(number(at + 4));
		}
		return { wires, coefficients };
	};
	for (let i = 0; i < count; i++) constraints.push({ a: linear(), b: linear(), c: linear() });
	return {
		wires: view.getUint32(header, true),
		outputs: view.getUint32(header + 4, true),
		publicInputs: view.getUint32(header + 8, true),
		privateInputs: view.getUint32(header + 12, true),
		constraints,
	};
}

export function evaluate({ wires, coefficients }: Linear, witness: readonly bigint[]): bigint {
	let sum = 0n;
	for (let i = 0; i < wires.length; i++) sum += (coefficients[i] ?? 0n) * (witness[wires[i] ?? 0] ?? 0n);
	return modP(sum);
}

export const holds = ({ a, b, c }: Constraint, witness: readonly bigint[]): boolean =>
	modP(evaluate(a, witness) * evaluate(b, witness)) === evaluate(c, witness);

/** Which constraints each wire stands in. */
export function constraintsByWire(system: ConstraintSystem): readonly (readonly number[])[] {
	const found: Set<number>[] = Array.from({ length: system.wires }, () => new Set());
	for (const [index, { a, b, c }] of system.constraints.entries()) {
		for (const wire of [...a.wires, ...b.wires, ...c.wires]) found[wire]?.add(index);
	}
	return found.map((each) => [...each]);
}

/** Signal names by wire, from a .sym file. Several signals can be one wire; wire -1 was optimised away. */
export function readSymbols(path: string): { readonly wireOf: ReadonlyMap<string, number>; readonly namesOf: ReadonlyMap<number, readonly string[]> } {
	const wireOf = new Map<string, number>();
	const namesOf = new Map<number, string[]>();
	for (const line of readFileSync(path, 'utf8').split('\n')) {
		const [, wireText, , name] = line.split(',');
		if (wireText === undefined || name === undefined) continue;
		const wire = Number(wireText);
		wireOf.set(name, wire);
		if (wire >= 0) namesOf.set(wire, [...(namesOf.get(wire) ?? []), name]);
	}
	return { wireOf, namesOf };
}
