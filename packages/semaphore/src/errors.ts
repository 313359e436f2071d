import { HoldfastError, type JsonObject } from '@holdfast/kernel';

/** Every code that this package gives, in errors and in failed checks. */
export type SemaphoreErrorCode =
	| 'semaphore/malformed'
	| 'semaphore/bad-seed'
	| 'semaphore/bad-value'
	| 'semaphore/bad-member'
	| 'semaphore/duplicate-member'
	| 'semaphore/group-full'
	| 'semaphore/not-a-member'
	| 'semaphore/artifact-missing'
	| 'semaphore/artifact-mismatch'
	| 'semaphore/artifact-malformed'
	| 'semaphore/insecure-setup'
	| 'semaphore/wrong-depth'
	| 'semaphore/wrong-group'
	| 'semaphore/wrong-message'
	| 'semaphore/wrong-scope'
	| 'semaphore/aborted'
	| 'semaphore/prover-failed';

/** An error about identities, groups and proofs. Never holds a secret, an input or a proof. */
export class SemaphoreError extends HoldfastError {
	declare readonly code: SemaphoreErrorCode;

	constructor(code: SemaphoreErrorCode, message: string, options: { data?: JsonObject; cause?: unknown } = {}) {
		super(code, message, options);
		this.name = 'SemaphoreError';
	}
}
