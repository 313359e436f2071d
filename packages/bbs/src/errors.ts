import { HoldfastError, type JsonObject } from '@holdfast/kernel';

/** Every code that this package gives, in errors and in failed checks. */
export type BbsErrorCode =
	| 'bbs/malformed'
	| 'bbs/too-large'
	| 'bbs/bad-key'
	| 'bbs/bad-claim'
	| 'bbs/bad-request'
	| 'bbs/bad-commitment'
	| 'bbs/bad-signature'
	| 'bbs/bad-proof'
	| 'bbs/not-proven'
	| 'bbs/statement-false'
	| 'bbs/claim-missing'
	| 'bbs/unrequested-claim'
	| 'bbs/wrong-type'
	| 'bbs/wrong-issuer'
	| 'bbs/wrong-request'
	| 'bbs/wrong-holder'
	| 'bbs/expired'
	| 'bbs/wrong-day'
	| 'bbs/pseudonym-missing'
	| 'bbs/issuer-key-not-found'
	| 'bbs/untrusted-issuer'
	| 'bbs/no-revocation'
	| 'bbs/engine-failed';

/** Every error of this package. The data never holds a claim's value, a key or input. */
export class BbsError extends HoldfastError {
	declare readonly code: BbsErrorCode;

	constructor(code: BbsErrorCode, message: string, options: { data?: JsonObject; cause?: unknown } = {}) {
		super(code, message, options);
		this.name = 'BbsError';
	}
}
