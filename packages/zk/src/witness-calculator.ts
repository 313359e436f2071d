import { ZkError } from './errors.ts';
import { FIELD_ORDER, mod } from './field.ts';
import type { CircuitInputs } from './model.ts';

/** The exports of a circuit that circom 2 compiled to WebAssembly, as far as they are used. */
interface CircomExports {
	init(sanityCheck: number): void;
	getFieldNumLen32(): number;
	getRawPrime(): void;
	readSharedRWMemory(index: number): number;
	writeSharedRWMemory(index: number, value: number): void;
	getInputSize(): number;
	getInputSignalSize(hashMsb: number, hashLsb: number): number;
	setInputSignal(hashMsb: number, hashLsb: number, index: number): void;
	getWitnessSize(): number;
	getWitness(index: number): void;
}

/** Computes witnesses. The circuit is compiled once. */
export interface WitnessCalculator {
	/** Values of all signals, 32 bytes each, little-endian, in the order of the constraint system. Throws `zk/unsatisfied`. */
	calculate(inputs: CircuitInputs): Promise<Uint8Array>;
}

const WORDS = 8;

/** Every runtime has it, but only the DOM's library of types declares it. */
const { WebAssembly: wasmApi } = globalThis as unknown as {
	readonly WebAssembly: {
		compile(bytes: Uint8Array): Promise<object>;
		instantiate(module: object, imports: object): Promise<{ readonly exports: unknown }>;
	};
};

/**
 * Runs a compiled circuit. snarkjs has a calculator too, but reserves 2 GB of address space for each run and prints failed
 * assertions, with positions in the circuit, to the console.
 */
export async function witnessCalculator(wasm: Uint8Array): Promise<WitnessCalculator> {
	let compiled: object;
	try {
		compiled = await wasmApi.compile(wasm);
	} catch (cause) {
		throw new ZkError('zk/artifact-malformed', 'A circuit of this installation is damaged. Install Holdfast again.', { cause });
	}
	return {
		async calculate(inputs) {
			// An instance that failed once keeps what it was given, so each run has a new one.
			const ignore = (): void => {};
			const instance = await wasmApi.instantiate(compiled, {
				runtime: {
					exceptionHandler: (code: number) => {
						throw new Unsatisfied(code);
					},
					printErrorMessage: ignore,
					writeBufferMessage: ignore,
					showSharedRWMemory: ignore,
				},
			});
			return run(instance.exports as CircomExports, inputs);
		},
	};
}

/** Code 4 is a failed assertion; the others are wrong inputs. */
class Unsatisfied extends Error {
	readonly exceptionCode: number;
	constructor(exceptionCode: number) {
		super('circom');
		this.exceptionCode = exceptionCode;
	}
}

function run(circuit: CircomExports, inputs: CircuitInputs): Uint8Array {
	if (circuit.getFieldNumLen32() !== WORDS || readPrime(circuit) !== FIELD_ORDER) {
		throw new ZkError('zk/artifact-malformed', 'A circuit of this installation is for another curve. Install Holdfast again.');
	}
	try {
		circuit.init(1);
		let set = 0;
		for (const [name, value] of Object.entries(inputs)) set += setInput(circuit, name, typeof value === 'string' ? [value] : value);
		if (set !== circuit.getInputSize()) throw wrongInputs();
	} catch (error) {
		if (error instanceof Unsatisfied && error.exceptionCode === 4) {
			throw new ZkError('zk/unsatisfied', 'These inputs do not fulfil the statement, so no proof of it exists.');
		}
		if (error instanceof ZkError) throw error;
		throw wrongInputs(error);
	}
	const size = circuit.getWitnessSize();
	const words = new Uint32Array(size * WORDS);
	for (let i = 0; i < size; i++) {
		circuit.getWitness(i);
		for (let j = 0; j < WORDS; j++) words[i * WORDS + j] = circuit.readSharedRWMemory(j);
	}
	return new Uint8Array(words.buffer);
}

const wrongInputs = (cause?: unknown): ZkError => new ZkError('zk/prover-failed', 'The inputs do not fit the circuit.', cause === undefined ? {} : { cause });

function setInput(circuit: CircomExports, name: string, values: readonly string[]): number {
	const [msb, lsb] = fnv1a(name);
	if (circuit.getInputSignalSize(msb, lsb) !== values.length) throw wrongInputs();
	for (const [index, value] of values.entries()) {
		for (let word = 0, rest = mod(BigInt(value)); word < WORDS; word++, rest >>= 32n) circuit.writeSharedRWMemory(word, Number(rest & 0xffff_ffffn));
		circuit.setInputSignal(msb, lsb, index);
	}
	return values.length;
}

function readPrime(circuit: CircomExports): bigint {
	circuit.getRawPrime();
	let prime = 0n;
	for (let word = WORDS - 1; word >= 0; word--) prime = (prime << 32n) | BigInt(circuit.readSharedRWMemory(word) >>> 0);
	return prime;
}

/** FNV-1a, 64 bits, by which circom finds signals. */
function fnv1a(text: string): [number, number] {
	let hash = 0xcbf29ce484222325n;
	for (const character of text) hash = ((hash ^ BigInt(character.charCodeAt(0))) * 0x100000001b3n) & 0xffff_ffff_ffff_ffffn;
	return [Number(hash >> 32n), Number(hash & 0xffff_ffffn)];
}
