import { HoldfastError, type JsonObject } from '@holdfast/kernel';

/** Every code that this package gives, in errors and in failed checks. */
export type ZkErrorCode =
	| 'zk/malformed'
	| 'zk/too-large'
	| 'zk/bad-field-element'
	| 'zk/bad-date'
	| 'zk/bad-key'
	| 'zk/bad-statement'
	| 'zk/bad-value'
	| 'zk/bad-scope'
	| 'zk/too-many-claims'
	| 'zk/no-such-claim'
	| 'zk/bad-attestation'
	| 'zk/attestation-mismatch'
	| 'zk/wrong-holder'
	| 'zk/not-yet-valid'
	| 'zk/expired'
	| 'zk/not-fulfilled'
	| 'zk/revoked'
	| 'zk/not-revocable'
	| 'zk/no-revocation-list'
	| 'zk/stale-revocation'
	| 'zk/revocation-mismatch'
	| 'zk/unknown-circuit'
	| 'zk/wrong-circuit'
	| 'zk/wrong-system'
	| 'zk/artifact-missing'
	| 'zk/artifact-mismatch'
	| 'zk/artifact-malformed'
	| 'zk/insecure-setup'
	| 'zk/development-setup'
	| 'zk/wrong-key'
	| 'zk/issuer-key-not-found'
	| 'zk/unknown-issuer'
	| 'zk/trust-not-checked'
	| 'zk/wrong-type'
	| 'zk/wrong-bounds'
	| 'zk/wrong-claim'
	| 'zk/wrong-set'
	| 'zk/wrong-request'
	| 'zk/wrong-date'
	| 'zk/wrong-scope'
	| 'zk/no-nullifier'
	| 'zk/not-asked'
	| 'zk/public-signals'
	| 'zk/proof-invalid'
	| 'zk/unsatisfied'
	| 'zk/prover-failed'
	| 'zk/aborted'
	| 'zk/not-checked';

/** An error about statements and proofs. Holds a code and a sentence, never a claim, a secret or a proof. */
export class ZkError extends HoldfastError {
	constructor(code: ZkErrorCode, message: string, options: { data?: JsonObject; cause?: unknown } = {}) {
		super(code, message, options);
		this.name = 'ZkError';
	}
}

export const malformed = (what: string, cause?: unknown): ZkError =>
	new ZkError('zk/malformed', `This ${what} cannot be read.`, cause === undefined ? {} : { cause });
