import { SCALAR_MODULUS } from './curve.ts';
import { Groth16Error } from './errors.ts';
import { compileModule, instantiateModule, type WasmModule } from './wasm/host.ts';

/** A circuit's inputs by signal name: numbers, decimal or 0x strings, arrays of any depth. Taken modulo the field. */
export type CircuitInputs = { readonly [signal: string]: CircuitValue };
export type CircuitValue = bigint | number | string | readonly CircuitValue[];

const WORDS = 8;

/** What circom 2 (wasm, version 2 of its interface) exports. */
interface CircomExports {
	init(sanityCheck: number): void;
	getVersion(): number;
	getFieldNumLen32(): number;
	getRawPrime(): void;
	getWitnessSize(): number;
	getInputSize(): number;
	getInputSignalSize(hashHigh: number, hashLow: number): number;
	setInputSignal(hashHigh: number, hashLow: number, index: number): void;
	getWitness(index: number): void;
	readSharedRWMemory(word: number): number;
	writeSharedRWMemory(word: number, value: number): void;
}

/** Runs a circuit's witness program (circom's .wasm). The instance is kept from one witness to the next. */
export class WitnessCalculator {
	readonly module: WasmModule;
	#instance: CircomExports | undefined;
	/** Values in a witness. */
	readonly size: number;

	/** @throws Groth16Error `groth16/bad-calculator` */
	constructor(wasm: Uint8Array<ArrayBuffer> | WasmModule) {
		try {
			this.module = wasm instanceof Uint8Array ? compileModule(wasm) : wasm;
			const exports = this.#exports();
			if (exports.getVersion() !== 2 || exports.getFieldNumLen32() !== WORDS) throw new RangeError('version');
			exports.getRawPrime();
			if (readWords(exports) !== SCALAR_MODULUS) throw new RangeError('field');
			this.size = exports.getWitnessSize();
		} catch (cause) {
			throw new Groth16Error('groth16/bad-calculator', 'The circuit’s witness program is damaged or of an unknown kind. Get the file again.', { cause });
		}
	}

	/**
	 * Writes the witness to `target`: `size` numbers of 32 bytes, little-endian.
	 * @throws Groth16Error `groth16/bad-input` for missing, unknown or ill-formed inputs, and for inputs that the circuit's own assertions refuse
	 */
	calculate(inputs: CircuitInputs, target: Uint32Array): void {
		const exports = this.#exports();
		try {
			exports.init(0);
			let count = 0;
			for (const [name, value] of Object.entries(inputs)) {
				const [high, low] = signalHash(name);
				const values = [value].flat(Number.POSITIVE_INFINITY as 1) as (bigint | number | string)[];
				if (exports.getInputSignalSize(high, low) !== values.length) throw badInput('The circuit has no such input, or wants another number of values for it.');
				for (const [index, each] of values.entries()) {
					writeWords(exports, fieldElement(each));
					exports.setInputSignal(high, low, index);
					count++;
				}
			}
			if (count !== exports.getInputSize()) throw badInput('Not all of the circuit’s inputs are there.');
			for (let i = 0; i < this.size; i++) {
				exports.getWitness(i);
				for (let word = 0; word < WORDS; word++) target[i * WORDS + word] = exports.readSharedRWMemory(word);
			}
		} catch (error) {
			// What a program that stopped half-way keeps is not known: the next witness gets a new one.
			this.#instance = undefined;
			if (error instanceof Groth16Error) throw error;
			// The program's own message may hold values of signals.
			throw badInput('The circuit’s statement does not hold for these inputs.');
		}
	}

	#exports(): CircomExports {
		if (!this.#instance) {
			const nothing = (): void => {};
			const runtime = {
				exceptionHandler: (): never => {
					throw new RangeError('circuit');
				},
				printErrorMessage: nothing,
				writeBufferMessage: nothing,
				showSharedRWMemory: nothing,
			};
			this.#instance = instantiateModule(this.module, { runtime }) as unknown as CircomExports;
		}
		return this.#instance;
	}
}

const badInput = (message: string): Groth16Error => new Groth16Error('groth16/bad-input', message);

function fieldElement(value: bigint | number | string): bigint {
	if (
		typeof value === 'number'
			? !Number.isSafeInteger(value)
			: typeof value === 'string'
				? !/^(-?\d{1,400}|0x[0-9a-f]{1,400})$/i.test(value)
				: typeof value !== 'bigint'
	) {
		throw badInput('An input of the circuit is not an integer.');
	}
	const remainder = BigInt(value) % SCALAR_MODULUS;
	return remainder < 0n ? remainder + SCALAR_MODULUS : remainder;
}

/** FNV-1a, 64 bits: how circom's programs look signals up. */
function signalHash(name: string): [high: number, low: number] {
	let hash = 0xcbf29ce484222325n;
	for (let i = 0; i < name.length; i++) hash = ((hash ^ BigInt(name.charCodeAt(i))) * 0x100000001b3n) & 0xffffffffffffffffn;
	return [Number(hash >> 32n) | 0, Number(hash & 0xffffffffn) | 0];
}

function readWords(exports: CircomExports): bigint {
	let value = 0n;
	for (let word = WORDS - 1; word >= 0; word--) value = (value << 32n) | BigInt(exports.readSharedRWMemory(word) >>> 0);
	return value;
}

function writeWords(exports: CircomExports, value: bigint): void {
	for (let word = 0; word < WORDS; word++) exports.writeSharedRWMemory(word, Number((value >> BigInt(32 * word)) & 0xffffffffn) | 0);
}
