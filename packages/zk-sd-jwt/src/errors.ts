import { HoldfastError, type JsonObject } from '@holdfast/kernel';

/** Every code that this package gives, in errors and in failed checks. */
export type ZkSdJwtErrorCode =
	| 'zk-sd-jwt/not-old-enough'
	| 'zk-sd-jwt/no-such-claim'
	| 'zk-sd-jwt/unsupported-claim'
	| 'zk-sd-jwt/unsupported-credential'
	| 'zk-sd-jwt/unsupported-layout'
	| 'zk-sd-jwt/too-large'
	| 'zk-sd-jwt/wrong-issuer'
	| 'zk-sd-jwt/wrong-type'
	| 'zk-sd-jwt/wrong-holder'
	| 'zk-sd-jwt/expired'
	| 'zk-sd-jwt/no-expiry'
	| 'zk-sd-jwt/bad-statement'
	| 'zk-sd-jwt/bad-proof'
	| 'zk-sd-jwt/invalid-proof'
	| 'zk-sd-jwt/other-circuit'
	| 'zk-sd-jwt/bad-artifact'
	| 'zk-sd-jwt/bad-reference-string'
	| 'zk-sd-jwt/no-reference-string'
	| 'zk-sd-jwt/development-setup'
	| 'zk-sd-jwt/prover-unavailable'
	| 'zk-sd-jwt/unfulfilled'
	| 'zk-sd-jwt/prover-failed'
	| 'zk-sd-jwt/cancelled'
	| 'zk-sd-jwt/revocation-not-proven';

/** An error about a proof. Holds a code and a sentence, never the credential or what it says. */
export class ZkSdJwtError extends HoldfastError {
	constructor(code: ZkSdJwtErrorCode, message: string, options: { data?: JsonObject; cause?: unknown } = {}) {
		super(code, message, options);
		this.name = 'ZkSdJwtError';
	}
}
