/// <reference path="./libraries.d.ts" />
import { ZkError } from './errors.ts';
import { FIELD_ORDER, toBytes } from './field.ts';
import { groth16Verifier } from './groth16-verify.ts';
import type { Artifacts, CircuitId, ProofEngine, ProofProgress } from './model.ts';
import { type WitnessCalculator, witnessCalculator } from './witness-calculator.ts';

export interface SnarkjsEngineOptions {
	readonly artifacts: Artifacts;
	/** One thread more for each core where false. They are ended by `close`. Default true. */
	readonly singleThread?: boolean;
}

/**
 * The reference engine: witnesses from the compiled circuit, proofs by snarkjs. It keeps the circuits and keys that it has used,
 * 5 to 8 MB each, until `close`.
 *
 * A proof that has begun cannot be interrupted inside this thread; `signal` is looked at between the steps. Whoever wants to
 * cancel at once runs the engine in a worker and ends the worker.
 */
export function snarkjsEngine({ artifacts, singleThread = true }: SnarkjsEngineOptions): ProofEngine {
	const verifier = groth16Verifier();
	const calculators = new Map<CircuitId, Promise<WitnessCalculator>>();
	const keys = new Map<CircuitId, Promise<Uint8Array>>();
	const calculatorOf = (circuit: CircuitId) => keep(calculators, circuit, () => artifacts.wasm(circuit).then(witnessCalculator));
	const keyOf = (circuit: CircuitId) => keep(keys, circuit, () => artifacts.zkey(circuit));
	return {
		id: 'groth16-bn254',
		async prove(circuit, inputs, { signal, onProgress } = {}) {
			const step = (progress: ProofProgress): void => {
				if (signal?.aborted) throw new ZkError('zk/aborted', 'The proof was stopped.');
				onProgress?.(progress);
			};
			step({ step: 'loading', fraction: 0 });
			const [calculator, zkey] = await Promise.all([calculatorOf(circuit), keyOf(circuit)]);
			step({ step: 'witness', fraction: 0.1 });
			const witness = witnessFile(await calculator.calculate(inputs));
			step({ step: 'proof', fraction: 0.2 });
			try {
				// Loaded at the first proof: who only verifies needs none of it.
				const { groth16 } = await import('snarkjs');
				const { proof, publicSignals } = await groth16.prove(zkey, witness, undefined, { singleThread });
				step({ step: 'done', fraction: 1 });
				return { proof, publicSignals };
			} catch (cause) {
				if (cause instanceof ZkError) throw cause;
				throw new ZkError('zk/prover-failed', 'The proof could not be made.', { cause });
			} finally {
				witness.fill(0);
			}
		},
		async verify(circuit, publicSignals, proof) {
			return verifier.verify(await artifacts.vkey(circuit), publicSignals, proof);
		},
		async close() {
			calculators.clear();
			keys.clear();
			// ffjavascript keeps the curve with its threads in a global of this name.
			const curve = (globalThis as { curve_bn128?: { terminate(): Promise<void> } | null }).curve_bn128;
			if (!singleThread && curve) await curve.terminate();
		},
	};
}

/** What was loaded once stays; a failure does not: the file may be there next time. */
function keep<T>(loaded: Map<CircuitId, Promise<T>>, circuit: CircuitId, load: () => Promise<T>): Promise<T> {
	const known = loaded.get(circuit);
	if (known !== undefined) return known;
	const loading = load();
	loaded.set(circuit, loading);
	loading.catch(() => loaded.delete(circuit));
	return loading;
}

/** iden3's wtns format, version 2: header with the field, then the values. */
export function witnessFile(values: Uint8Array): Uint8Array {
	const out = new Uint8Array(12 + 12 + 40 + 12 + values.length);
	const view = new DataView(out.buffer);
	out.set([0x77, 0x74, 0x6e, 0x73]);
	view.setUint32(4, 2, true);
	view.setUint32(8, 2, true);
	view.setUint32(12, 1, true);
	view.setBigUint64(16, 40n, true);
	view.setUint32(24, 32, true);
	out.set(toBytes(FIELD_ORDER).reverse(), 28);
	view.setUint32(60, values.length / 32, true);
	view.setUint32(64, 2, true);
	view.setBigUint64(68, BigInt(values.length), true);
	out.set(values, 76);
	return out;
}
