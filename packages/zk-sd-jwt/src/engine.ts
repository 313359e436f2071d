import type { ReportNode } from '@holdfast/kernel';
import type { CircuitInputs } from './inputs.ts';
import type { AgeProof, CircuitName, Statement } from './model.ts';
import type { ReferenceString } from './reference-string.ts';

/** Where a proof is. Nothing of it says what is proven. */
export type ProveStage = 'witness' | 'proof';

export interface ProveOptions {
	/** Ends the prover; the promise is rejected with `zk-sd-jwt/cancelled`. */
	readonly signal?: AbortSignal;
	onStage?(stage: ProveStage): void;
}

/** Makes and checks proofs. The one implementation is Noir with Barretenberg; a caller depends on this. */
export interface AgeEngine {
	readonly referenceString: ReferenceString;
	/** Circuits that this engine has. */
	readonly circuits: readonly CircuitName[];
	prove(inputs: CircuitInputs, options?: ProveOptions): Promise<AgeProof>;
	/** Never throws for a bad proof: the report says what is wrong. */
	verify(proof: unknown, statement: Statement): Promise<ReportNode>;
	/** Ends the processes that it started. */
	close(): Promise<void>;
}
