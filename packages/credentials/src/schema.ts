import type { Json, JsonObject } from '@holdfast/kernel';
import { displayText } from '@holdfast/kernel';
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import { isArray, isObject } from './json.ts';

export type SchemaResult =
	| { readonly result: 'fits' }
	| { readonly result: 'violated'; readonly at: string; readonly reason: string }
	| { readonly result: 'bad-schema'; readonly reason: string };

/** A schema costs more than data: it is compiled, and its references multiply. */
const MAX_SCHEMA_CHARACTERS = 65_536;
const MAX_SCHEMA_DEPTH = 32;
const MAX_EXPANDED_NODES = 10_000;
const MAX_PATTERN = 200;
/** Longest text that a pattern is run on, and longest list for which uniqueness is checked. */
const MAX_MATCHED_TEXT = 512;
const MAX_LIST = 1_000;

/**
 * Whether `claims` satisfy `schema` (JSON Schema 2020-12). Nothing is fetched: only local references (`#/…`) are
 * followed. The schema may come from outside, so its size, its references (no cycles) and its patterns are bounded.
 */
export function checkSchema(schema: JsonObject, claims: JsonObject): SchemaResult {
	const problem = schemaProblem(schema);
	if (problem) return { result: 'bad-schema', reason: problem };
	if (!listsWithin(claims, MAX_LIST)) return { result: 'violated', at: '/', reason: `a list has more than ${MAX_LIST} elements.` };
	let validate: ReturnType<Ajv2020['compile']>;
	try {
		validate = newAjv().compile(schema);
	} catch {
		return { result: 'bad-schema', reason: 'The schema for these claims is not a valid JSON Schema.' };
	}
	if (validate(claims)) return { result: 'fits' };
	const first = validate.errors?.[0];
	return { result: 'violated', at: first ? displayText(first.instancePath || '/', 120) : '/', reason: describeError(first) };
}

function newAjv(allErrors = false): Ajv2020 {
	const ajv = new Ajv2020({
		strict: false,
		allErrors,
		validateFormats: true,
		// Messages would quote the schema only; the verbose form would hold claims.
		verbose: false,
		logger: false,
		code: { regExp: boundedRegExp },
	});
	ajv.addFormat('date', isDate);
	ajv.addFormat('date-time', (text: string) => DATE_TIME.test(text) && isDate(text.slice(0, 10)) && !Number.isNaN(Date.parse(text)));
	ajv.addFormat('uri', (text: string) => URL.canParse(text));
	ajv.addFormat('email', (text: string) => text.length <= 254 && /^[^\s@]+@[^\s@]+$/.test(text));
	for (const name of [
		'time',
		'duration',
		'uri-reference',
		'iri',
		'uuid',
		'hostname',
		'ipv4',
		'ipv6',
		'regex',
		'json-pointer',
		'idn-email',
		'idn-hostname',
		'iri-reference',
		'uri-template',
		'relative-json-pointer',
	]) {
		// Annotations only, as JSON Schema 2020-12 §7.2.1 has it by default.
		ajv.addFormat(name, true);
	}
	return ajv;
}

const DATE_TIME = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})$/;

/** `YYYY-MM-DD` that exists in the calendar (RFC 3339 full-date). */
export function isDate(text: string): boolean {
	if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
	const time = Date.parse(`${text}T00:00:00Z`);
	return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

function boundedRegExp(pattern: string, flags: string): { test(text: string): boolean } {
	const expression = new RegExp(pattern, flags);
	return { test: (text) => text.length <= MAX_MATCHED_TEXT && expression.test(text) };
}
// Ajv asks for this when it writes standalone code, which is never done here.
boundedRegExp.code = 'new RegExp';

/** What is wrong with a schema, as a sentence; undefined where it may be compiled. */
function schemaProblem(schema: JsonObject): string | undefined {
	let left = MAX_EXPANDED_NODES;
	// Follows local references as the validator will, so that both cycles and references that multiply run out.
	const walk = (node: Json | undefined, depth: number): string | undefined => {
		left -= 1;
		if (left < 0 || depth > MAX_SCHEMA_DEPTH) return 'The schema for these claims is too complex.';
		if (isArray(node)) return first(node, (item) => walk(item, depth + 1));
		if (!isObject(node)) return undefined;
		return first(Object.entries(node), ([name, value]) => {
			if (name === '$dynamicRef' || name === '$recursiveRef' || name === '$id' || name === '$anchor' || name === '$dynamicAnchor')
				return 'The schema for these claims uses references that Holdfast does not follow.';
			if (name === '$ref') {
				if (typeof value !== 'string' || !(value === '#' || value.startsWith('#/'))) return 'The schema for these claims refers to another document.';
				return walk(resolvePointer(schema, value), depth + 1);
			}
			if (name === 'pattern' && typeof value === 'string' && !patternIsCheap(value))
				return 'The schema for these claims uses a pattern that could take too long.';
			if (name === 'patternProperties' && isObject(value) && !Object.keys(value).every(patternIsCheap))
				return 'The schema for these claims uses a pattern that could take too long.';
			return walk(value, depth + 1);
		});
	};
	// Depth first: only then is it safe to write the schema out.
	return walk(withoutId(schema), 0) ?? (JSON.stringify(schema).length > MAX_SCHEMA_CHARACTERS ? 'The schema for these claims is too large.' : undefined);
}

/** A schema's own `$id` only names it. */
const withoutId = (schema: JsonObject): JsonObject => Object.fromEntries(Object.entries(schema).filter(([name]) => name !== '$id'));

function first<T>(items: Iterable<T>, look: (item: T) => string | undefined): string | undefined {
	for (const item of items) {
		const found = look(item);
		if (found) return found;
	}
	return undefined;
}

function resolvePointer(root: Json, reference: string): Json | undefined {
	let value: Json | undefined = root;
	for (const part of reference.slice(1).split('/').slice(1)) {
		const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
		if (isArray(value)) value = value[Number(name)];
		else value = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
	}
	return value;
}

/**
 * A conservative bound for a backtracking matcher on at most {@link MAX_MATCHED_TEXT} characters: no look-around or
 * back-reference, no repeated group, and few choices.
 */
function patternIsCheap(pattern: string): boolean {
	if (pattern.length > MAX_PATTERN) return false;
	// Escapes and classes match one character each.
	const simple = pattern
		.replace(/\\[1-9]|\\k/g, '(?=')
		.replace(/\\./g, 'a')
		.replace(/\[[^\]]*\]/g, 'a');
	if (/\(\?[=!<]/.test(simple) || /\)[*+{]/.test(simple)) return false;
	const repeats = simple.match(/[*+]|\{\d+,\d*\}/g)?.length ?? 0;
	const choices = (simple.match(/\|/g)?.length ?? 0) + (simple.replace(/\(\?/g, '(').match(/\?/g)?.length ?? 0);
	return repeats <= 2 && choices <= 8;
}

function listsWithin(value: Json, max: number): boolean {
	if (isArray(value)) return value.length <= max && value.every((item) => listsWithin(item, max));
	return !isObject(value) || Object.values(value).every((item) => listsWithin(item, max));
}

function describeError(error: ErrorObject | undefined): string {
	if (!error) return 'a claim does not fit.';
	const at = error.instancePath ? `“${displayText(error.instancePath.slice(1).replaceAll('/', '.'), 60)}”` : 'the claims';
	const detail: unknown = error.params;
	const param = (name: string): string => displayText(isObject(detail as Json) ? String((detail as Record<string, unknown>)[name]) : '', 60);
	switch (error.keyword) {
		case 'required':
			return `${at} lack “${param('missingProperty')}”.`;
		case 'additionalProperties':
		case 'unevaluatedProperties':
			return `${at} have a member that is not expected.`;
		case 'type':
			return `${at} should be of type ${param('type')}.`;
		case 'format':
			return `${at} should be a ${param('format')}.`;
		default:
			return `${at} ${displayText(error.message ?? 'does not fit', 120)}.`;
	}
}

/** One thing to mend in a form, by the field that it stands in. */
export interface SchemaProblem {
	readonly path: readonly (string | number)[];
	/** For the person who filled it in. */
	readonly message: string;
}

const COMPILED = new WeakMap<JsonObject, ReturnType<Ajv2020['compile']>>();

/** Compiled once for each schema object: a table of thousands of rows is checked against the same one. */
function compiled(schema: JsonObject): ReturnType<Ajv2020['compile']> {
	const validate = COMPILED.get(schema) ?? newAjv(true).compile(schema);
	COMPILED.set(schema, validate);
	return validate;
}

/**
 * Everything in `claims` that does not satisfy `schema`, in plain words, for an issuer's form. The schema
 * is one of our own: it is compiled without the bounds of {@link checkSchema}.
 */
export function schemaProblems(schema: JsonObject, claims: JsonObject): SchemaProblem[] {
	const validate = compiled(schema);
	if (validate(claims)) return [];
	return (validate.errors ?? []).map((error) => {
		const path = error.instancePath
			.split('/')
			.slice(1)
			.map((part) => (/^\d+$/.test(part) ? Number(part) : part.replaceAll('~1', '/').replaceAll('~0', '~')));
		const missing = error.keyword === 'required' ? [String(error.params.missingProperty)] : [];
		return { path: [...path, ...missing], message: advice(error) };
	});
}

const FORMAT_ADVICE: Readonly<Record<string, string>> = {
	date: 'Enter a date that exists, as year-month-day, for example 1990-12-31.',
	email: 'Enter an e-mail address.',
	uri: 'Enter a web address.',
};

function advice(error: ErrorObject): string {
	const limit = String(error.params.limit ?? '');
	switch (error.keyword) {
		case 'required':
			return 'Fill this in.';
		case 'format':
			return FORMAT_ADVICE[String(error.params.format)] ?? 'This is not in the right form.';
		case 'type':
			return `This should be a ${String(error.params.type)}.`;
		case 'enum':
			return 'Choose one of the values in the list.';
		case 'pattern':
			return 'This is not in the right form.';
		case 'minLength':
		case 'minItems':
			return 'Fill this in.';
		case 'maxLength':
			return `Use at most ${limit} characters.`;
		case 'maxItems':
			return `Use at most ${limit} entries.`;
		case 'uniqueItems':
			return 'Each entry should be there once.';
		case 'additionalProperties':
			return 'This type of document has no such field.';
		default:
			return 'This does not fit.';
	}
}
