import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PUBLIC_SIGNALS, readManifest } from '@holdfast/zk';
import { describe, expect, test } from 'vitest';
import { CIRCUITS, CIRCUITS_FOLDER, sha256 } from '../build.mjs';
import { freedom } from '../soundness/freedom.ts';
import { constraintsByWire, holds } from '../soundness/r1cs.ts';
import { compiled } from './compile.ts';
import { type Judge, judge } from './judge.ts';
import { bound, boundRevocable, member, raw, sameHolder } from './raw.ts';

const manifest = readManifest(JSON.parse(readFileSync(join(CIRCUITS_FOLDER, 'manifest.json'), 'utf8')));

const honest = {
	bound: () => bound(raw()),
	'bound-revocable': () => boundRevocable(raw(), [1, 76, 500_000]),
	member: () => member(raw(), [19_840_125n, 19_840_126n, 20_000_101n]),
	'same-holder': () => sameHolder(raw(), raw({ type: 5n, blinding: 9n, value: 3n, key: new Uint8Array(32).fill(9) })),
} as const;

describe.each(CIRCUITS as readonly (keyof typeof honest)[])('%s', (circuit) => {
	let subject: Judge;
	const get = async (): Promise<Judge> => {
		subject ??= await judge(circuit);
		return subject;
	};

	test('its source gives the constraint system that the keys are for', () => {
		expect(sha256(readFileSync(compiled(circuit).r1cs))).toBe(manifest.circuits[circuit].r1cs);
	});

	test('an honest witness fulfils every constraint', async () => {
		const { complaints, witness } = await get();
		expect(complaints(await witness(honest[circuit]()))).toEqual([]);
	});

	test('inputs decide every signal: the witness cannot move while they stay', async () => {
		const { system, witness } = await get();
		expect(freedom(system, await witness(honest[circuit]())).degrees).toBe(0);
	});

	test('no signal can be changed alone, public inputs and outputs included', async () => {
		const { system, witness, namesOf } = await get();
		const values = await witness(honest[circuit]());
		const constraints = constraintsByWire(system);
		const free: string[] = [];
		for (let wire = 0; wire < system.wires; wire++) {
			const before = values[wire] ?? 0n;
			values[wire] = before + 1n;
			if ((constraints[wire] ?? []).every((index) => holds(system.constraints[index] as (typeof system.constraints)[number], values))) {
				free.push(namesOf.get(wire)?.[0] ?? String(wire));
			}
			values[wire] = before;
		}
		expect(free).toEqual([]);
	});

	test('public signals stand in the order that verifiers read them in', async () => {
		const { system, namesOf } = await get();
		const names = PUBLIC_SIGNALS[circuit].map((_, index) => namesOf.get(index + 1)?.[0]);
		expect(names).toEqual(PUBLIC_SIGNALS[circuit].map((name) => `main.${name}`));
		expect(system.outputs + system.publicInputs).toBe(PUBLIC_SIGNALS[circuit].length);
		expect(manifest.circuits[circuit].constraints).toBe(system.constraints.length);
	});
});

test('the same source gives the same program, byte for byte', () => {
	expect(sha256(readFileSync(compiled('bound').wasm))).toBe(manifest.circuits.bound.wasmBuild);
});

test('the measure of freedom finds a free signal', () => {
	const one = { wires: [0], coefficients: [1n] };
	const wire = (index: number) => ({ wires: [index], coefficients: [1n] });
	// x is an input; y * y = x pins y (at y = 3), z stands in z * 0 = 0 only.
	const none = { wires: [], coefficients: [] };
	const system = { wires: 4, outputs: 0, publicInputs: 1, privateInputs: 0, constraints: [{ a: wire(2), b: wire(2), c: wire(1) }] };
	expect(freedom(system, [1n, 9n, 3n, 5n])).toEqual({ degrees: 1, wires: [3] });
	expect(freedom({ ...system, constraints: [...system.constraints, { a: wire(3), b: none, c: none }] }, [1n, 9n, 3n, 5n]).degrees).toBe(1);
	expect(freedom({ ...system, constraints: [...system.constraints, { a: wire(3), b: one, c: wire(2) }] }, [1n, 9n, 3n, 3n]).degrees).toBe(0);
	// Two unknowns that only appear together leave one direction.
	const both = { wires: [2, 3], coefficients: [1n, 1n] };
	expect(freedom({ ...system, constraints: [{ a: both, b: one, c: wire(1) }] }, [1n, 9n, 4n, 5n]).degrees).toBe(1);
});
