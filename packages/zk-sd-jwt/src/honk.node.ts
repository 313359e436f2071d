import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import type { Barretenberg } from '@aztec/bb.js';
import { Noir } from '@noir-lang/noir_js';
import type { CircuitArtifact } from './artifact.ts';
import { nativeProver, PROOF_SYSTEM, startNative, startVerifier, startWasmProver } from './barretenberg.node.ts';
import { ZkSdJwtError } from './errors.ts';
import { keepVerificationKey, type ReferenceStringFolder, readPoints, readVerificationKey } from './reference-string-folder.node.ts';

/** 458 field elements, whatever the circuit. */
export const PROOF_BYTES = 14_656;

/** A compiled circuit whose artifact was checked against its pinned hash. */
export interface HonkCircuit {
	readonly name: string;
	/** SHA-256 of the artifact. */
	readonly hash: string;
	readonly artifact: CircuitArtifact;
	/** Points that the prover reads: the circuit's gates, rounded up to a power of two, and one. */
	readonly points: number;
}

export interface HonkOptions {
	readonly referenceString: ReferenceStringFolder;
	readonly threads: number;
	/** Which prover; without it, the native one where there is one. */
	readonly prover?: 'native' | 'wasm';
}

export interface HonkProveOptions {
	readonly signal?: AbortSignal;
	/** Called when the witness is there. */
	readonly onWitness?: () => void;
}

/** Noir circuits proven and verified with @aztec/bb.js: the native prover in a child process (or one in WebAssembly), the verifier in WebAssembly. */
export interface Honk {
	readonly referenceString: ReferenceStringFolder;
	/** Throws `zk-sd-jwt/unfulfilled` where the inputs do not satisfy the circuit, `zk-sd-jwt/cancelled`, `zk-sd-jwt/prover-failed`, `zk-sd-jwt/no-reference-string`. */
	prove(
		circuit: HonkCircuit,
		inputs: object,
		options?: HonkProveOptions,
	): Promise<{ readonly proof: Uint8Array; readonly publicInputs: readonly Uint8Array[] }>;
	/** False for whatever does not verify. `publicInputs` are field elements of 32 bytes. */
	verify(circuit: HonkCircuit, publicInputs: Uint8Array[], proof: Uint8Array): Promise<boolean>;
	/** SHA-256 of the verification key, hexadecimal. It depends on the reference string. */
	keyHash(circuit: HonkCircuit): Promise<string>;
	/** Ends the processes that it started. */
	close(): Promise<void>;
}

export function openHonk(options: HonkOptions): Honk {
	const { referenceString } = options;
	const keys = new Map<string, Promise<Uint8Array>>();
	const provers = new Set<Barretenberg>();
	let verifier: Promise<Barretenberg> | undefined;

	async function withProver<T>(circuit: HonkCircuit, signal: AbortSignal | undefined, use: (api: Barretenberg) => Promise<T>): Promise<T> {
		const cancelled = (): ZkSdJwtError => new ZkSdJwtError('zk-sd-jwt/cancelled', 'The proof was cancelled.');
		if (signal?.aborted) throw cancelled();
		// With fewer points the prover would try to fetch more.
		if (referenceString.points < circuit.points) {
			throw new ZkSdJwtError('zk-sd-jwt/no-reference-string', 'The reference string that is there is too short for this credential.', {
				data: { points: referenceString.points, needed: circuit.points },
			});
		}
		const wasm = options.prover === 'wasm' || (options.prover === undefined && nativeProver() === undefined);
		const api = wasm
			? await startWasmProver(referenceString, await readPoints(referenceString), options.threads)
			: startNative(referenceString.folder, options.threads);
		provers.add(api);
		const stop = (): void => void api.destroy();
		signal?.addEventListener('abort', stop, { once: true });
		try {
			return await use(api);
		} catch (cause) {
			if (signal?.aborted) throw cancelled();
			if (cause instanceof ZkSdJwtError) throw cause;
			throw new ZkSdJwtError('zk-sd-jwt/prover-failed', 'The proof could not be made.', { cause });
		} finally {
			signal?.removeEventListener('abort', stop);
			provers.delete(api);
			await api.destroy();
		}
	}

	const acirOf = ({ artifact }: HonkCircuit): Uint8Array => gunzipSync(Buffer.from(artifact.bytecode, 'base64'));

	/** Depends on the reference string, so it is computed where that is, once: the same on every machine. */
	const keyOf = (circuit: HonkCircuit): Promise<Uint8Array> => {
		const known = keys.get(circuit.hash);
		if (known) return known;
		const making = readVerificationKey(referenceString, circuit.hash).then(async (kept) => {
			if (kept) return kept;
			const { bytes } = await withProver(circuit, undefined, (api) =>
				api.circuitComputeVk({ circuit: { name: circuit.name, bytecode: acirOf(circuit) }, settings: PROOF_SYSTEM }),
			);
			await keepVerificationKey(referenceString, circuit.hash, bytes);
			return bytes;
		});
		keys.set(circuit.hash, making);
		making.catch(() => keys.delete(circuit.hash));
		return making;
	};

	return {
		referenceString,

		async prove(circuit, inputs, { signal, onWitness } = {}) {
			const { witness } = await new Noir(circuit.artifact as never).execute(inputs as never).catch((cause: unknown) => {
				throw new ZkSdJwtError('zk-sd-jwt/unfulfilled', 'The credential does not fulfil the statement.', { cause });
			});
			const verificationKey = await keyOf(circuit);
			onWitness?.();
			return withProver(circuit, signal, async (api) => {
				const { proof, publicInputs } = await api.circuitProve({
					circuit: { name: circuit.name, bytecode: acirOf(circuit), verificationKey },
					witness: gunzipSync(witness),
					settings: PROOF_SYSTEM,
				});
				return { proof: new Uint8Array(Buffer.concat(proof)), publicInputs };
			});
		},

		async verify(circuit, publicInputs, proof) {
			if (proof.length !== PROOF_BYTES) return false;
			const verificationKey = await keyOf(circuit);
			verifier ??= startVerifier(referenceString);
			const api = await verifier;
			const fields = Array.from({ length: proof.length / 32 }, (_, i) => proof.slice(i * 32, i * 32 + 32));
			return (
				api
					.circuitVerify({ verificationKey, publicInputs, proof: fields, settings: PROOF_SYSTEM })
					// The verifier throws for points off the curve and numbers out of range.
					.then((answer) => answer.verified)
					.catch(() => false)
			);
		},

		keyHash: async (circuit) =>
			createHash('sha256')
				.update(await keyOf(circuit))
				.digest('hex'),

		async close() {
			await Promise.all([...provers].map((each) => each.destroy()));
			await (await verifier?.catch(() => undefined))?.destroy();
			verifier = undefined;
		},
	};
}
