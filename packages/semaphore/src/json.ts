export type JsonRecord = { readonly [key: string]: unknown };

export const isRecord = (value: unknown): value is JsonRecord => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether the object has exactly these members. */
export const hasOnly = (value: JsonRecord, keys: readonly string[]): boolean =>
	Object.keys(value).length === keys.length && keys.every((key) => Object.hasOwn(value, key));
