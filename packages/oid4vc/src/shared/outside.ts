import { HoldfastError } from '@holdfast/kernel';
import type { Fetch, FetchInit } from './types.ts';

/** The first of our own errors along the chain of causes: the guarded fetch's `net/*` is a better reason than the library's. */
export function ownError(error: unknown): HoldfastError | undefined {
	let current: unknown = error;
	for (let depth = 0; depth < 8 && current instanceof Error; depth++) {
		if (current instanceof HoldfastError) return current;
		current = current.cause;
	}
	return undefined;
}

/** Bytes of an answer's body at most. */
export const MAX_ANSWER = 1024 * 1024;

/** Our fetch in the shape that the library calls. */
export function libraryFetch(fetch: Fetch, check: (url: string) => void, signal?: AbortSignal): typeof globalThis.fetch {
	return async (input, init) => {
		const url = input instanceof Request ? input.url : String(input);
		check(url);
		const own: FetchInit = {
			...(init?.method ? { method: init.method.toUpperCase() } : {}),
			...(init?.headers ? { headers: Object.fromEntries(new Headers(init.headers)) } : {}),
			...(init?.body === undefined || init.body === null ? {} : { body: String(init.body) }),
			...(signal ? { signal } : {}),
			maxBytes: MAX_ANSWER,
		};
		return fetch(url, own);
	};
}

/** The body as text, or null where it is larger than `max` bytes. The injected fetch may limit it too. */
export async function answerText(response: Response, max = MAX_ANSWER): Promise<string | null> {
	const bytes = await response.arrayBuffer();
	return bytes.byteLength > max ? null : new TextDecoder().decode(bytes);
}
