import type { FormField } from '@holdfast/contract';
import type { Json, JsonObject } from '@holdfast/kernel';

/** What a form holds: text as typed (`yes`/`no` for a boolean, a line each for a list), by field. */
export type FormValues = Readonly<Record<string, string>>;

/** A field's key in {@link FormValues}. */
export const fieldKey = (path: readonly string[]): string => JSON.stringify(path);

export interface Problem {
	readonly path: readonly string[];
	readonly message: string;
}

type Read = { readonly value: Json | undefined } | { readonly problem: string };

function readField(field: FormField, text: string): Read {
	const trimmed = text.trim();
	if (trimmed === '') return field.required ? { problem: `${field.label} is needed.` } : { value: undefined };
	switch (field.kind) {
		case 'number': {
			const value = Number(trimmed.replace(',', '.'));
			return Number.isFinite(value) ? { value } : { problem: 'Write a number, such as 42.' };
		}
		case 'boolean':
			return { value: trimmed === 'yes' };
		case 'list': {
			const entries = trimmed
				.split('\n')
				.map((line) => line.trim())
				.filter((line) => line !== '');
			return { value: entries };
		}
		case 'choice':
			return field.options?.some((option) => option.value === trimmed) === false ? { problem: 'Choose one of the list.' } : { value: trimmed };
		case 'text':
		case 'date':
			return { value: trimmed };
	}
}

/** Puts `value` at `path`, making the objects on the way. Keys are data, `__proto__` as well. */
function put(target: Map<string, unknown>, path: readonly string[], value: Json): void {
	const [first, ...rest] = path;
	if (first === undefined) return;
	if (rest.length === 0) {
		target.set(first, value);
		return;
	}
	const inner = target.get(first);
	const next = inner instanceof Map ? inner : new Map<string, unknown>();
	target.set(first, next);
	put(next, rest, value);
}

const toObject = (map: Map<string, unknown>): JsonObject =>
	Object.fromEntries([...map].map(([key, value]) => [key, value instanceof Map ? toObject(value) : (value as Json)]));

/** The claims that a filled form means, or what is wrong with it. Empty optional fields are left out. */
export function claimsOf(fields: readonly FormField[], values: FormValues): { readonly claims: JsonObject } | { readonly problems: readonly Problem[] } {
	const problems: Problem[] = [];
	const claims = new Map<string, unknown>();
	for (const field of fields) {
		const read = readField(field, values[fieldKey(field.path)] ?? '');
		if ('problem' in read) problems.push({ path: field.path, message: read.problem });
		else if (read.value !== undefined) put(claims, field.path, read.value);
	}
	return problems.length > 0 ? { problems } : { claims: toObject(claims) };
}

/** The problems in the data of `issue/invalid-claims`; anything of another shape is left out. */
export function problemsIn(data: JsonObject): Problem[] {
	const list = data.problems;
	if (!Array.isArray(list)) return [];
	return list.flatMap((entry: Json) => {
		if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return [];
		const { path, message } = entry as { readonly path?: Json; readonly message?: Json };
		if (!Array.isArray(path) || typeof message !== 'string') return [];
		return [{ path: path.map(String), message }];
	});
}

/** The problem of each field, and those that belong to none of them. A problem inside a list belongs to the list's field. */
export function placeProblems(
	fields: readonly FormField[],
	problems: readonly Problem[],
): { readonly byField: Readonly<Record<string, string>>; readonly others: readonly string[] } {
	const byField: Record<string, string> = {};
	const others: string[] = [];
	for (const problem of problems) {
		const field = fields.find(({ path }) => path.every((part, index) => problem.path[index] === part));
		if (field) byField[fieldKey(field.path)] ??= problem.message;
		else others.push(problem.message);
	}
	return { byField, others };
}
