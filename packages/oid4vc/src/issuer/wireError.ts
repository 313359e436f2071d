import type { JsonObject } from '@holdfast/kernel';
import { json } from '../shared/http.ts';

/** A refusal on its way to the wallet: the specification's error object outside, our code inside (for events and tests). */
export class WireError extends Error {
	readonly code: `oid4vci/${string}`;
	readonly error: string;
	readonly description: string;
	readonly status: number;
	readonly headers: Record<string, string>;

	constructor(code: `oid4vci/${string}`, error: string, description: string, status = 400, headers: Record<string, string> = {}) {
		super(code);
		this.code = code;
		this.error = error;
		this.description = description;
		this.status = status;
		this.headers = headers;
	}

	toResponse(): Response {
		const body: JsonObject = { error: this.error, error_description: this.description };
		return json(body, this.status, this.headers);
	}
}
