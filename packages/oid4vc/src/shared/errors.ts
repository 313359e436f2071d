import { HoldfastError, type JsonObject } from '@holdfast/kernel';

/** Something in an OpenID4VCI exchange is not as the specification asks. Codes `oid4vci/*`. */
export class Oid4vciError extends HoldfastError {
	constructor(code: `oid4vci/${string}`, message: string, options: { data?: JsonObject; cause?: unknown } = {}) {
		super(code, message, options);
		this.name = 'Oid4vciError';
	}
}

/** Something in an OpenID4VP exchange is not as the specification asks. Codes `oid4vp/*`. */
export class Oid4vpError extends HoldfastError {
	constructor(code: `oid4vp/${string}` | `presentation/${string}`, message: string, options: { data?: JsonObject; cause?: unknown } = {}) {
		super(code, message, options);
		this.name = 'Oid4vpError';
	}
}
