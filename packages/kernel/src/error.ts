/** JSON values: what may cross a process boundary. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** An error as it crosses the process boundary: never a stack, never input, never a secret. */
export interface ErrorInfo {
	readonly code: string;
	readonly message: string;
	readonly data: JsonObject;
}

/**
 * The base of every error that Holdfast raises on purpose.
 *
 * `code` is stable and namespaced (`vault/wrong-passphrase`); `message` is one short sentence for a
 * person and says what to do next where something can be done; `data` is typed detail without
 * secrets and without echoed input; `cause` stays inside the process.
 */
export class HoldfastError extends Error {
	readonly code: string;
	readonly data: JsonObject;

	constructor(code: string, message: string, options: { data?: JsonObject; cause?: unknown } = {}) {
		super(message, options.cause === undefined ? undefined : { cause: options.cause });
		this.name = 'HoldfastError';
		this.code = code;
		this.data = options.data ?? {};
	}

	toInfo(): ErrorInfo {
		return { code: this.code, message: this.message, data: this.data };
	}
}

/** Turns anything thrown into an {@link ErrorInfo}. An unknown error gives only `internal`: its text may hold input. */
export function errorInfo(error: unknown): ErrorInfo {
	if (error instanceof HoldfastError) return error.toInfo();
	return {
		code: 'internal',
		message: 'Something went wrong inside Holdfast. Nothing was sent or signed by this step.',
		data: {},
	};
}
