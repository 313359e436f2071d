import { HoldfastError, type JsonObject } from '@holdfast/kernel';

/** Every code that ownership proofs give, in errors and in failed checks. */
export type OwnershipErrorCode =
	| 'ownership/malformed'
	| 'ownership/too-large'
	| 'ownership/wrong-network'
	| 'ownership/wrong-collection'
	| 'ownership/wrong-token'
	| 'ownership/wrong-verifier'
	| 'ownership/wrong-nonce'
	| 'ownership/wrong-purpose'
	| 'ownership/replayed'
	| 'ownership/expired'
	| 'ownership/not-yet-valid'
	| 'ownership/too-long-lived'
	| 'ownership/bad-signature'
	| 'ownership/not-delegated'
	| 'ownership/delegate'
	| 'ownership/wrong-block'
	| 'ownership/unknown-block'
	| 'ownership/nodes-disagree'
	| 'ownership/block-not-checked'
	| 'ownership/stale-block'
	| 'ownership/not-final'
	| 'ownership/bad-proof'
	| 'ownership/wrong-code'
	| 'ownership/unproven'
	| 'ownership/too-much-work'
	| 'ownership/cannot-run'
	| 'ownership/no-contract'
	| 'ownership/no-such-token'
	| 'ownership/not-owner'
	| 'ownership/not-checked';

/** An error about a proof of ownership. Holds a code and a sentence, never the proof. */
export class OwnershipError extends HoldfastError {
	constructor(code: OwnershipErrorCode, message: string, options: { data?: JsonObject; cause?: unknown } = {}) {
		super(code, message, options);
		this.name = 'OwnershipError';
	}
}
