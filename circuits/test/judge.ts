import { artifactsInFolder, type CircuitId, type CircuitInputs } from '@holdfast/zk';
import { CIRCUITS_FOLDER } from '../build.mjs';
import { type ConstraintSystem, holds, readR1cs, readSymbols } from '../soundness/r1cs.ts';
import { forger, witnessOf } from '../soundness/witness.ts';
import { compiled, readCompiledWasm } from './compile.ts';

export interface Judge {
	readonly system: ConstraintSystem;
	readonly wireOf: ReadonlyMap<string, number>;
	readonly namesOf: ReadonlyMap<number, readonly string[]>;
	/** All signals for these inputs, dishonest ones too. */
	witness(inputs: CircuitInputs): Promise<bigint[]>;
	/** For each constraint that the witness breaks, the signals in it. */
	complaints(witness: readonly bigint[]): readonly (readonly string[])[];
	/** Whether every constraint holds. */
	accepts(inputs: CircuitInputs): Promise<boolean>;
}

const judges = new Map<string, Promise<Judge>>();

/** Judges witnesses of a circuit by its constraints alone. The program is the shipped one, or the one just compiled (for single templates). */
export function judge(circuit: string): Promise<Judge> {
	const known = judges.get(circuit) ?? read(circuit);
	judges.set(circuit, known);
	return known;
}

async function read(circuit: string): Promise<Judge> {
	const paths = compiled(circuit);
	const system = readR1cs(paths.r1cs);
	const { wireOf, namesOf } = readSymbols(paths.sym);
	const isPart = circuit.startsWith('between') || circuit === 'eddsa';
	const artifacts = await artifactsInFolder(CIRCUITS_FOLDER, { production: false });
	const calculator = await forger(isPart ? readCompiledWasm(circuit) : await artifacts.wasm(circuit as CircuitId));
	const witness = (inputs: CircuitInputs): Promise<bigint[]> => witnessOf(calculator, inputs);
	return {
		system,
		wireOf,
		namesOf,
		witness,
		complaints: (values) =>
			system.constraints
				.filter((constraint) => !holds(constraint, values))
				.map(({ a, b, c }) => [...new Set([...a.wires, ...b.wires, ...c.wires])].flatMap((wire) => namesOf.get(wire) ?? [])),
		accepts: async (inputs) => {
			const values = await witness(inputs);
			return system.constraints.every((constraint) => holds(constraint, values));
		},
	};
}
