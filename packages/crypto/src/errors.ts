import { HoldfastError, type JsonObject } from '@holdfast/kernel';

export type CryptoErrorCode =
	| 'crypto/bad-encoding'
	| 'crypto/bad-key'
	| 'crypto/bad-path'
	| 'crypto/bad-parameters'
	| 'crypto/mnemonic-length'
	| 'crypto/mnemonic-word'
	| 'crypto/mnemonic-checksum'
	| 'crypto/open-failed'
	| 'crypto/agreement-failed'
	| 'crypto/wiped';

/** Every error of this package. The data never holds key material, input bytes or words. */
export class CryptoError extends HoldfastError {
	declare readonly code: CryptoErrorCode;

	constructor(code: CryptoErrorCode, message: string, options: { data?: JsonObject; cause?: unknown } = {}) {
		super(code, message, options);
		this.name = 'CryptoError';
	}
}
