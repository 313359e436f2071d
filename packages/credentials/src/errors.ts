import { HoldfastError, type JsonObject } from '@holdfast/kernel';

/** Every code that this package gives, in errors and in failed checks. */
export type CredentialErrorCode =
	| 'credential/malformed'
	| 'credential/too-large'
	| 'credential/unsupported-format'
	| 'credential/unsupported-alg'
	| 'credential/unsupported-critical'
	| 'credential/wrong-typ'
	| 'credential/legacy-typ'
	| 'credential/inconsistent'
	| 'credential/several-credentials'
	| 'credential/tampered'
	| 'credential/disclosure-mismatch'
	| 'credential/issuer-key-not-found'
	| 'credential/unknown-issuer'
	| 'credential/trust-not-checked'
	| 'credential/wrong-type'
	| 'credential/expired'
	| 'credential/not-yet-valid'
	| 'credential/missing-holder-binding'
	| 'credential/wrong-holder'
	| 'credential/wrong-nonce'
	| 'credential/wrong-audience'
	| 'credential/stale-proof'
	| 'credential/no-proof-time'
	| 'credential/transaction-data-mismatch'
	| 'credential/schema'
	| 'credential/bad-schema'
	| 'credential/missing-claim'
	| 'credential/no-such-claim'
	| 'credential/not-selective'
	| 'credential/invalid-input'
	| 'credential/not-checked'
	| 'credential/revoked'
	| 'credential/suspended'
	| 'credential/status-not-valid'
	| 'credential/status-unknown'
	| 'status/malformed'
	| 'status/too-large'
	| 'status/wrong-typ'
	| 'status/wrong-list'
	| 'status/wrong-signer'
	| 'status/tampered'
	| 'status/expired'
	| 'status/not-yet-valid'
	| 'status/rolled-back'
	| 'status/bad-index'
	| 'status/unavailable';

/** An error about a credential. Holds a code and a sentence, never the credential. */
export class CredentialError extends HoldfastError {
	constructor(code: CredentialErrorCode, message: string, options: { data?: JsonObject; cause?: unknown } = {}) {
		super(code, message, options);
		this.name = 'CredentialError';
	}
}

export const malformed = (message: string, cause?: unknown): CredentialError =>
	new CredentialError('credential/malformed', message, cause === undefined ? {} : { cause });
