import { HoldfastError, type JsonObject } from '@holdfast/kernel';

/** Every code that groups of owners give, in errors and in failed checks. */
export type LinkedErrorCode =
	| 'linked/malformed'
	| 'linked/bad-value'
	| 'linked/wrong-group'
	| 'linked/wrong-block'
	| 'linked/expired'
	| 'linked/bad-signature'
	| 'linked/superseded'
	| 'linked/not-owner'
	| 'linked/not-checked'
	| 'linked/too-many'
	| 'linked/too-large'
	| 'linked/no-members'
	| 'linked/small-crowd'
	| 'linked/not-linked'
	| 'linked/wrong-purpose'
	| 'linked/wrong-choice'
	| 'linked/partly-expired'
	| 'linked/double-use'
	| 'linked/already-counted'
	| 'linked/aborted';

/** An error about anonymous proofs of ownership. Never holds a secret, a statement or a proof. */
export class LinkedError extends HoldfastError {
	declare readonly code: LinkedErrorCode;

	constructor(code: LinkedErrorCode, message: string, options: { data?: JsonObject; cause?: unknown } = {}) {
		super(code, message, options);
		this.name = 'LinkedError';
	}
}
