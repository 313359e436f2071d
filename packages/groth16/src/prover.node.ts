import { Worker } from 'node:worker_threads';
import type { Random } from '@holdfast/kernel';
import { SCALAR_MODULUS } from './curve.ts';
import { Groth16Error } from './errors.ts';
import type { Answer, Task, WorkerData } from './protocol.ts';
import type { ProvingKey } from './proving-key.ts';
import { planProof, planTables, Schedule } from './schedule.ts';
import type { Scratch } from './scratch.ts';
import type { Proof } from './verification-key.ts';
import { ELEMENT_BYTES } from './wasm/field.ts';
import type { WasmModule } from './wasm/host.ts';
import { type CircuitInputs, WitnessCalculator } from './witness-calculator.ts';
import { checkBelow, readInteger } from './zkey.ts';

export interface ProverOptions {
	/** Blinds the proofs: must be cryptographically random wherever a proof leaves the machine. */
	readonly random: Random;
	/** The circuit's witness program (circom's .wasm), where proofs are to be made from inputs. */
	readonly calculator?: Uint8Array<ArrayBuffer>;
	/** Threads. Two use about twice the processor for about half the time. Default 2. */
	readonly workers?: 1 | 2;
	/** Where the thread's code is, for bundlers that move it. */
	readonly workerUrl?: URL;
}

/** What to prove: inputs for the witness program, or a witness (each value 32 bytes, little-endian). */
export type Assignment = { readonly inputs: CircuitInputs } | { readonly witness: Uint8Array };

export interface ProveOptions {
	readonly signal?: AbortSignal;
	/** Called with the share done, between 0 and 1. */
	readonly onProgress?: (done: number) => void;
}

export interface ProofWithSignals {
	readonly proof: Proof;
	/** Decimal strings, in the circuit's order: outputs, then public inputs. */
	readonly publicSignals: readonly string[];
}

export interface Prover {
	/**
	 * One proof; further calls wait for their turn.
	 *
	 * A witness that does not satisfy the circuit gives a proof that no verifier accepts, as with snarkjs; from inputs,
	 * the circuit's own assertions refuse first.
	 *
	 * @throws Groth16Error `groth16/bad-input`, `groth16/bad-witness`, `groth16/cancelled`, `groth16/closed`, `groth16/failed`
	 */
	prove(assignment: Assignment, options?: ProveOptions): Promise<ProofWithSignals>;
	/**
	 * Makes tables of the key's points, for the life of the key: a proof then takes about a quarter less. Costs seconds of
	 * both threads and some ten times the key's size in memory, so it is for idle time and for keys that will make many
	 * proofs. A proof asked for meanwhile goes first.
	 *
	 * @throws Groth16Error `groth16/cancelled`, `groth16/closed`, `groth16/bad-key`, `groth16/no-memory`, `groth16/failed`
	 */
	prepareTables(options?: ProveOptions): Promise<void>;
	/** Ends the threads and clears the memory they worked in. Proofs under way fail with `groth16/closed`. */
	close(): Promise<void>;
}

/**
 * Starts a prover for a key; its threads wait between proofs until `close`. A key serves one prover at a time.
 *
 * @throws Groth16Error `groth16/key-in-use`, `groth16/bad-calculator`, `groth16/no-memory`
 */
export function createProver(key: ProvingKey, options: ProverOptions): Prover {
	return new ThreadedProver(key, options);
}

class ThreadedProver implements Prover {
	readonly #key: ProvingKey;
	readonly #random: Random;
	readonly #hasCalculator: boolean;
	readonly #threads: readonly Thread[];
	readonly #scratches: readonly Scratch[];
	readonly #release: () => void;
	#turn: Promise<unknown> = Promise.resolve();
	#closing: Promise<void> | undefined;

	constructor(key: ProvingKey, { random, calculator, workers = 2, workerUrl }: ProverOptions) {
		let calculatorModule: WasmModule | undefined;
		if (calculator) {
			const checked = new WitnessCalculator(calculator);
			if (checked.size !== key.variables) {
				throw new Groth16Error('groth16/bad-calculator', 'The witness program and the proving key belong to different circuits.');
			}
			calculatorModule = checked.module;
		}
		this.#scratches = key.scratches(workers);
		this.#release = key.claim();
		this.#key = key;
		this.#random = random;
		this.#hasCalculator = calculatorModule !== undefined;
		const url = workerUrl ?? new URL('./worker.node.ts', import.meta.url);
		this.#threads = this.#scratches.map((scratch, i) => {
			// The first thread is always free for the witness, which the rest of the proof waits for.
			const data: WorkerData = { module: key.parts.module, layout: key.parts.layout, scratch, calculator: i === 0 ? calculatorModule : undefined };
			return new Thread(url, data);
		});
	}

	prove(assignment: Assignment, options: ProveOptions = {}): Promise<ProofWithSignals> {
		return this.#inTurn(() => this.#prove(assignment, options));
	}

	async prepareTables({ signal, onProgress }: ProveOptions = {}): Promise<void> {
		if (this.#key.tablesReady) return;
		const tables = this.#key.tables();
		const plan = planTables(tables);
		const total = plan.reduce((sum, { weight }) => sum + weight, 0);
		let done = 0;
		// A few slices at a time: between them, a proof may have its turn.
		for (let i = 0; i < plan.length; i += this.#threads.length) {
			const part = plan.slice(i, i + this.#threads.length);
			await this.#inTurn(() => this.#runAll(new Schedule(part), signal));
			done += part.reduce((sum, { weight }) => sum + weight, 0);
			onProgress?.(done / total);
		}
		this.#key.tablesReady = true;
	}

	async close(): Promise<void> {
		this.#closing ??= (async () => {
			await Promise.all(this.#threads.map((thread) => thread.close()));
			await this.#turn;
			this.#wipe();
			for (const { points, bucketsEnd } of this.#scratches) this.#bytes.fill(0, points, bucketsEnd);
			this.#release();
		})();
		return this.#closing;
	}

	/** One thing at a time, in the order asked for. */
	#inTurn<T>(action: () => Promise<T>): Promise<T> {
		const result = this.#turn.then(() => {
			if (this.#closing) throw closed();
			return action();
		});
		this.#turn = result.catch(() => undefined);
		return result;
	}

	get #bytes(): Uint8Array {
		return new Uint8Array(this.#key.parts.arena.memory.buffer);
	}

	async #prove(assignment: Assignment, { signal, onProgress }: ProveOptions): Promise<ProofWithSignals> {
		if (signal?.aborted) throw cancelled();
		const witnessTask = this.#accept(assignment);
		const { parts, tablesReady } = this.#key;
		const sets = tablesReady ? this.#key.tables() : parts.layout.sets;
		try {
			await this.#runAll(new Schedule(planProof(witnessTask, sets)), signal, onProgress);
			if (signal?.aborted) throw cancelled();
			const proof = await this.#thread(0).run({ kind: 'finish', r: this.#scalar(), s: this.#scalar() });
			if (!proof) throw new Groth16Error('groth16/failed', 'Proving failed inside Holdfast.');
			return { proof, publicSignals: this.#publicSignals() };
		} finally {
			this.#wipe();
		}
	}

	/** Puts a witness into its place, or gives the task that will. */
	#accept(assignment: Assignment): Task | undefined {
		if ('inputs' in assignment) {
			if (!this.#hasCalculator) throw new Groth16Error('groth16/bad-input', 'This prover has no witness program: give it a witness.');
			return { kind: 'witness', inputs: assignment.inputs };
		}
		const { witness } = assignment;
		const { variables, parts } = this.#key;
		const wrong = (): Groth16Error => new Groth16Error('groth16/bad-witness', 'The witness does not belong to this circuit.');
		if (witness.length !== variables * 32 || readInteger(witness.subarray(0, 32)) !== 1n) throw wrong();
		try {
			checkBelow(witness, SCALAR_MODULUS);
		} catch {
			throw wrong();
		}
		this.#bytes.set(witness, parts.layout.witness);
		return undefined;
	}

	/** Keeps every thread busy until all is done; after a failure waits until all are idle. */
	async #runAll(schedule: Schedule, signal?: AbortSignal, onProgress?: ProveOptions['onProgress']): Promise<void> {
		const control = new Int32Array(this.#key.parts.arena.memory.buffer, this.#key.parts.layout.control, 1);
		const abort = (): void => {
			Atomics.store(control, 0, 1);
		};
		signal?.addEventListener('abort', abort);
		const wake = new Signal();
		let failure: unknown;
		const work = async (thread: Thread, first: boolean): Promise<void> => {
			for (;;) {
				if (failure !== undefined || schedule.complete) return;
				if (signal?.aborted) throw cancelled();
				const planned = schedule.take(first);
				if (!planned) {
					await wake.next();
					continue;
				}
				await thread.run(planned.task);
				schedule.finish(planned);
				wake.fire();
				onProgress?.(schedule.progress);
			}
		};
		await Promise.all(
			this.#threads.map((thread, i) =>
				work(thread, i === 0).catch((error: unknown) => {
					failure ??= error;
					wake.fire();
				}),
			),
		);
		signal?.removeEventListener('abort', abort);
		Atomics.store(control, 0, 0);
		if (failure !== undefined) throw failure;
	}

	#thread(index: number): Thread {
		return this.#threads[index] as Thread;
	}

	/** Uniform to within 2^-250. */
	#scalar(): bigint {
		const bytes = this.#random.bytes(64);
		const scalar = readInteger(bytes) % SCALAR_MODULUS;
		bytes.fill(0);
		return scalar;
	}

	#publicSignals(): string[] {
		const { publicSignals, parts } = this.#key;
		const bytes = this.#bytes;
		return Array.from({ length: publicSignals }, (_, i) => {
			const at = parts.layout.witness + (i + 1) * 32;
			return readInteger(bytes.subarray(at, at + 32)).toString();
		});
	}

	/** Clears the witness and what was computed from it. */
	#wipe(): void {
		const { witness, signals, polynomials, variables, domainSize } = this.#key.parts.layout;
		const bytes = this.#bytes;
		bytes.fill(0, witness, witness + (variables + domainSize) * 32);
		bytes.fill(0, signals, signals + variables * ELEMENT_BYTES);
		for (const polynomial of polynomials) bytes.fill(0, polynomial, polynomial + domainSize * ELEMENT_BYTES);
	}
}

/** One worker thread: a task at a time. */
class Thread {
	readonly #worker: Worker;
	#pending: { resolve: (proof: Proof | undefined) => void; reject: (error: Groth16Error) => void } | undefined;
	#ended: Groth16Error | undefined;

	constructor(url: URL, data: WorkerData) {
		this.#worker = new Worker(url, { workerData: data, name: 'holdfast-groth16' });
		this.#worker.on('message', (answer: Answer) => {
			const pending = this.#pending;
			this.#pending = undefined;
			if (answer.ok) pending?.resolve(answer.proof);
			else pending?.reject(new Groth16Error(answer.code, answer.message));
		});
		this.#worker.on('error', (cause) => this.#end(new Groth16Error('groth16/failed', 'Proving failed inside Holdfast.', { cause })));
		this.#worker.on('exit', () => this.#end(closed()));
	}

	run(task: Task): Promise<Proof | undefined> {
		return new Promise((resolve, reject) => {
			if (this.#ended) {
				reject(this.#ended);
				return;
			}
			this.#pending = { resolve, reject };
			this.#worker.postMessage(task);
		});
	}

	async close(): Promise<void> {
		await this.#worker.terminate();
		this.#end(closed());
	}

	#end(error: Groth16Error): void {
		this.#ended ??= error;
		this.#pending?.reject(this.#ended);
		this.#pending = undefined;
	}
}

/** Wakes everybody who waits. */
class Signal {
	#fire: () => void = () => {};
	#promise = this.#renew();

	next(): Promise<void> {
		return this.#promise;
	}

	fire(): void {
		this.#fire();
		this.#promise = this.#renew();
	}

	#renew(): Promise<void> {
		return new Promise((resolve) => {
			this.#fire = resolve;
		});
	}
}

const cancelled = (): Groth16Error => new Groth16Error('groth16/cancelled', 'Proving was cancelled.');
const closed = (): Groth16Error => new Groth16Error('groth16/closed', 'The prover is closed.');
