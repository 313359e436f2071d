import { createProver, Groth16Error, type Prover } from '@holdfast/groth16';
import type { Random } from '@holdfast/kernel';
import type { SemaphoreArtifacts } from './artifacts.ts';
import { SemaphoreError } from './errors.ts';
import { type SemaphoreGroup, TREE_DEPTH } from './group.ts';
import type { SemaphoreIdentity } from './identity.ts';
import { packPoints, type SemaphoreProof } from './proof.ts';
import { hashOfValue, toValue } from './values.ts';

export interface SemaphoreProverOptions {
	readonly artifacts: SemaphoreArtifacts;
	/** Blinds the proofs. */
	readonly random: Random;
	/** Threads. Default 2. */
	readonly workers?: 1 | 2;
	/** Where the prover's thread is, for bundlers that move it. */
	readonly workerUrl?: URL;
}

export interface Membership {
	readonly identity: SemaphoreIdentity;
	/** One that the caller built itself: somebody else's may have been made for this member alone. */
	readonly group: SemaphoreGroup;
	readonly message: bigint;
	/** One proof for each member and scope can be told from a second. */
	readonly scope: bigint;
}

export interface SemaphoreProver {
	/**
	 * "A member of this group says `message`, in this scope." The next call waits for its turn.
	 *
	 * Throws `semaphore/not-a-member`, `semaphore/bad-value`, `semaphore/aborted`, `semaphore/prover-failed`, and what the artifacts
	 * throw.
	 */
	prove(membership: Membership, options?: { readonly signal?: AbortSignal; readonly onProgress?: (done: number) => void }): Promise<SemaphoreProof>;
	close(): Promise<void>;
}

/** Proves with `@holdfast/groth16`, in its threads. The key is read at the first proof and kept until `close`. */
export function createSemaphoreProver({ artifacts, ...options }: SemaphoreProverOptions): SemaphoreProver {
	let starting: Promise<Prover> | undefined;
	const start = (): Promise<Prover> => {
		if (starting) return starting;
		const attempt = (async () => {
			const [calculator, key] = await Promise.all([artifacts.calculator(), artifacts.provingKey()]);
			return createProver(key, { ...options, calculator });
		})();
		starting = attempt;
		// A failure is not kept: the file may be there next time.
		attempt.catch(() => {
			starting = undefined;
		});
		return attempt;
	};
	return {
		async prove({ identity, group, message, scope }, { signal, onProgress } = {}) {
			const path = group.path(identity.commitment);
			const inputs = {
				secret: identity.secretScalar.reveal(),
				merkleProofLength: path.siblings.length,
				merkleProofIndex: path.index,
				merkleProofSiblings: Array.from({ length: TREE_DEPTH }, (_, i) => path.siblings[i] ?? 0n),
				scope: hashOfValue(toValue(scope)),
				message: hashOfValue(toValue(message)),
			};
			try {
				const prover = await start();
				const { proof, publicSignals } = await prover.prove({ inputs }, { ...(signal ? { signal } : {}), ...(onProgress ? { onProgress } : {}) });
				return {
					merkleTreeDepth: TREE_DEPTH,
					merkleTreeRoot: String(path.root),
					nullifier: publicSignals[1] as string,
					message: String(message),
					scope: String(scope),
					points: packPoints(proof),
				};
			} catch (cause) {
				if (cause instanceof SemaphoreError) throw cause;
				if (cause instanceof Groth16Error && cause.code === 'groth16/cancelled') throw new SemaphoreError('semaphore/aborted', 'The proof was stopped.');
				throw new SemaphoreError('semaphore/prover-failed', 'The anonymous proof could not be made.', { cause });
			}
		},
		async close() {
			const open = starting;
			starting = undefined;
			await (await open?.catch(() => undefined))?.close();
		},
	};
}
