import { createProver, Groth16Error, loadProvingKey, type Prover } from '@holdfast/groth16';
import type { Random } from '@holdfast/kernel';
import { ZkError } from './errors.ts';
import { groth16Verifier } from './groth16-verify.ts';
import type { Artifacts, CircuitId, Groth16Proof, ProofEngine } from './model.ts';

export interface FastEngineOptions {
	readonly artifacts: Artifacts;
	/** Blinds the proofs. */
	readonly random: Random;
	/** Threads for each circuit in use. Default 2. */
	readonly workers?: 1 | 2;
	/** Where the prover's thread is, for bundlers that move it. */
	readonly workerUrl?: URL;
}

/**
 * The engine of the wallet: `@holdfast/groth16` in threads of its own, on the same keys and with the same proofs as
 * `snarkjsEngine`. A key is read at its first proof and kept; `signal` stops a proof at once.
 */
export function fastEngine({ artifacts, random, workers = 2, workerUrl }: FastEngineOptions): ProofEngine {
	const verifier = groth16Verifier();
	const provers = new Map<CircuitId, Promise<Prover>>();
	const proverOf = (circuit: CircuitId): Promise<Prover> => {
		const known = provers.get(circuit);
		if (known !== undefined) return known;
		const starting = (async () => {
			const [calculator, zkey] = await Promise.all([artifacts.wasm(circuit), artifacts.zkey(circuit)]);
			return createProver(loadProvingKey(zkey), {
				random,
				calculator: new Uint8Array(calculator),
				workers,
				...(workerUrl === undefined ? {} : { workerUrl }),
			});
		})();
		provers.set(circuit, starting);
		// A failure is not kept: the file may be there next time.
		starting.catch(() => provers.delete(circuit));
		return starting;
	};
	return {
		id: 'groth16-bn254',
		async prove(circuit, inputs, { signal, onProgress } = {}) {
			onProgress?.({ step: 'loading', fraction: 0 });
			try {
				const prover = await proverOf(circuit);
				onProgress?.({ step: 'witness', fraction: 0.1 });
				const { proof, publicSignals } = await prover.prove(
					{ inputs },
					{
						...(signal ? { signal } : {}),
						...(onProgress ? { onProgress: (done) => onProgress({ step: 'proof', fraction: 0.1 + 0.9 * done }) } : {}),
					},
				);
				onProgress?.({ step: 'done', fraction: 1 });
				return { proof: proof as Groth16Proof, publicSignals };
			} catch (cause) {
				if (cause instanceof ZkError) throw cause;
				const code = cause instanceof Groth16Error ? cause.code : '';
				if (code === 'groth16/cancelled') throw new ZkError('zk/aborted', 'The proof was stopped.');
				if (code === 'groth16/bad-witness' || code === 'groth16/bad-input') {
					throw new ZkError('zk/unsatisfied', 'These inputs do not fulfil the statement.', { cause });
				}
				throw new ZkError('zk/prover-failed', 'The proof could not be made.', { cause });
			}
		},
		async verify(circuit, publicSignals, proof) {
			return verifier.verify(await artifacts.vkey(circuit), publicSignals, proof);
		},
		async close() {
			const open = [...provers.values()];
			provers.clear();
			for (const each of open) await (await each.catch(() => undefined))?.close();
		},
	};
}
