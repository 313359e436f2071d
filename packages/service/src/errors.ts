import { HoldfastError, type JsonObject } from '@holdfast/kernel';

/** An error that a use case raises; see {@link HoldfastError}. */
export class ServiceError extends HoldfastError {
	constructor(code: string, message: string, data: JsonObject = {}, cause?: unknown) {
		super(code, message, { data, ...(cause === undefined ? {} : { cause }) });
		this.name = 'ServiceError';
	}
}
