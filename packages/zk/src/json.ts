import { ZkError } from './errors.ts';

export type JsonRecord = { readonly [key: string]: unknown };

export const isRecord = (value: unknown): value is JsonRecord => typeof value === 'object' && value !== null && !Array.isArray(value);

/** JSON text of bounded size. Throws `zk/too-large` and `zk/malformed`. */
export function readJson(text: unknown, what: string, limit: number): unknown {
	if (typeof text !== 'string') throw new ZkError('zk/malformed', `This ${what} is not text.`);
	if (text.length > limit) throw new ZkError('zk/too-large', `This ${what} is too large.`, { data: { limit } });
	try {
		return JSON.parse(text);
	} catch (cause) {
		throw new ZkError('zk/malformed', `This ${what} is not JSON.`, { cause });
	}
}

/** Whether the object has all of `required`, and nothing beyond those and `optional`. */
export function hasOnly(value: JsonRecord, required: readonly string[], optional: readonly string[] = []): boolean {
	const keys = Object.keys(value);
	return required.every((key) => Object.hasOwn(value, key)) && keys.every((key) => required.includes(key) || optional.includes(key));
}

/** A string of 1 to `limit` characters without unpaired surrogates (those have no UTF-8, so their hashes would collide). */
export const isText = (value: unknown, limit: number): value is string =>
	typeof value === 'string' && value.length > 0 && value.length <= limit && value.isWellFormed();
