import type { Json, JsonObject } from '@holdfast/kernel';
import { malformed } from './errors.ts';
import { LIMITS } from './limits.ts';
import type { ClaimPath } from './model.ts';

export const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);
export const isArray = (value: unknown): value is readonly Json[] => Array.isArray(value);

/** Own member, never an inherited one: a credential may have no claim `x` but every object has a `constructor`. */
export const member = (object: JsonObject, name: string): Json | undefined => (Object.hasOwn(object, name) ? object[name] : undefined);

export const stringMember = (object: JsonObject, name: string): string | undefined => {
	const value = member(object, name);
	return typeof value === 'string' ? value : undefined;
};

/** Counts what is read against {@link LIMITS}, over all parts of one credential. */
export class Budget {
	#nodes: number = LIMITS.nodes;

	spend(count = 1): void {
		this.#nodes -= count;
		if (this.#nodes < 0) throw malformed('The credential holds more values than Holdfast reads.');
	}
}

/** Parses JSON from outside: bounded depth and size, no member called `__proto__`. */
export function parseJson(text: string, budget: Budget = new Budget()): Json {
	let value: Json;
	try {
		value = JSON.parse(text) as Json;
	} catch (cause) {
		throw malformed('A part of the credential is not valid JSON.', cause);
	}
	measure(value, LIMITS.depth, budget);
	return value;
}

function measure(value: Json, depth: number, budget: Budget): void {
	budget.spend();
	if (typeof value !== 'object' || value === null) return;
	if (depth === 0) throw malformed('The credential is nested deeper than Holdfast reads.');
	if (isArray(value)) {
		for (const item of value) measure(item, depth - 1, budget);
		return;
	}
	for (const [name, item] of Object.entries(value)) {
		checkName(name);
		measure(item, depth - 1, budget);
	}
}

/** Refuses names that would change an object instead of adding to it, and names without end. */
export function checkName(name: string): void {
	if (name === '__proto__') throw malformed('The credential uses a claim name that is not allowed.');
	if (name.length > LIMITS.name) throw malformed('The credential uses a claim name that is too long.');
}

/** The values at `path`: none, one, or with `null` (every element) several. OpenID4VP 1.0 §7.1. */
export function selectPath(root: Json, path: ClaimPath): Json[] {
	let selected: Json[] = [root];
	for (const part of path) {
		const next: Json[] = [];
		for (const value of selected) {
			if (typeof part === 'string') {
				const found = isObject(value) ? member(value, part) : undefined;
				if (found !== undefined) next.push(found);
			} else if (isArray(value)) {
				if (part === null) next.push(...value);
				else {
					const found = value[part];
					if (found !== undefined) next.push(found);
				}
			}
		}
		selected = next;
	}
	return selected;
}

/** Whether `prefix` leads to or through `path`; `null` on either side matches every element. */
export function isPrefix(prefix: ClaimPath, path: ClaimPath): boolean {
	if (prefix.length > path.length) return false;
	return prefix.every((part, index) => {
		const other = path[index];
		return part === other || (part === null && typeof other === 'number') || (other === null && typeof part === 'number');
	});
}

export const samePath = (a: ClaimPath, b: ClaimPath): boolean => a.length === b.length && isPrefix(a, b);

/** Equal as JSON values, whatever the order of members. */
export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
	if (a === b) return true;
	if (isArray(a) && isArray(b)) return a.length === b.length && a.every((item, index) => sameJson(item, b[index]));
	if (isObject(a) && isObject(b)) {
		const names = Object.keys(a);
		return names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name) && sameJson(a[name], b[name]));
	}
	return false;
}

/** Every leaf (scalar, empty object, empty array) below `value`. */
export function* leaves(value: Json, path: ClaimPath = []): Generator<{ path: ClaimPath; value: Json }> {
	if (isArray(value) && value.length > 0) {
		for (const [index, item] of value.entries()) yield* leaves(item, [...path, index]);
	} else if (isObject(value) && Object.keys(value).length > 0) {
		for (const [name, item] of Object.entries(value)) yield* leaves(item, [...path, name]);
	} else yield { path, value };
}

/** Answers whether a path lies at or below one of `paths`, at a cost that does not grow with their number. Concrete paths only. */
export function pathIndex(paths: Iterable<ClaimPath>): { covers(path: ClaimPath): boolean } {
	const known = new Set<string>();
	for (const path of paths) known.add(JSON.stringify(path));
	return {
		covers: (path) => {
			for (let length = 1; length <= path.length; length += 1) if (known.has(JSON.stringify(path.slice(0, length)))) return true;
			return false;
		},
	};
}
