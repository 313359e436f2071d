import { HoldfastError, type JsonObject } from '@holdfast/kernel';

/** What a vote cannot do. The message says what to do next; `data` never holds what was sent. */
export class VoteError extends HoldfastError {
	constructor(code: `vote/${string}`, message: string, data: JsonObject = {}, cause?: unknown) {
		super(code, message, { data, cause });
		this.name = 'VoteError';
	}
}
