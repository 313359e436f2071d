import type { JsonObject } from '@holdfast/kernel';

/** Bytes of a request's body at most. */
export const MAX_BODY = 1024 * 1024;

const NO_STORE = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

export function json(body: JsonObject, status = 200, headers: Record<string, string> = {}): Response {
	return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...NO_STORE, ...headers } });
}

export function text(body: string, contentType: string, status = 200): Response {
	return new Response(body, { status, headers: { 'content-type': contentType, ...NO_STORE } });
}

export const notFound = (): Response => json({ error: 'not_found' }, 404);

export const methodNotAllowed = (allow: string): Response => json({ error: 'invalid_request', error_description: 'Method not allowed.' }, 405, { allow });

/** The media type of a request, lower case, without parameters. */
export const mediaType = (request: Request): string => (request.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';

/** The body as text, or null where it is larger than `max` bytes or no UTF-8. */
export async function readBody(request: Request, max = MAX_BODY): Promise<string | null> {
	const declared = request.headers.get('content-length');
	if (declared !== null && Number(declared) > max) return null;
	if (!request.body) return '';
	const chunks: Uint8Array[] = [];
	let size = 0;
	const reader = (request.body as ReadableStream<Uint8Array>).getReader();
	for (;;) {
		const { done, value } = await reader.read();
		if (done) break;
		size += value.byteLength;
		if (size > max) {
			await reader.cancel();
			return null;
		}
		chunks.push(value);
	}
	const bytes = new Uint8Array(size);
	let at = 0;
	for (const chunk of chunks) {
		bytes.set(chunk, at);
		at += chunk.byteLength;
	}
	try {
		return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
	} catch {
		return null;
	}
}

/** A JSON object from text, or null. */
export function parseJsonObject(text: string): JsonObject | null {
	try {
		const value: unknown = JSON.parse(text);
		return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
	} catch {
		return null;
	}
}

/** Form parameters; null where one is there twice (RFC 6749 §3.2 forbids that). */
export function parseForm(body: string): Map<string, string> | null {
	const form = new Map<string, string>();
	for (const [name, value] of new URLSearchParams(body)) {
		if (form.has(name)) return null;
		form.set(name, value);
	}
	return form;
}
