import type { Json } from '@holdfast/kernel';
import type { ClaimPath } from './types.ts';

/**
 * The concrete places (no `null`) that a claims path pointer selects (OpenID4VP 1.0 §7.1). Empty where it selects
 * nothing or where a step meets a value of another kind. A claim whose value is null counts as not there.
 */
export function selectPaths(document: Json, path: ClaimPath): { readonly path: (string | number)[]; readonly value: Json }[] {
	let selected: { path: (string | number)[]; value: Json }[] = [{ path: [], value: document }];
	for (const part of path) {
		const next: typeof selected = [];
		for (const { path: at, value } of selected) {
			if (typeof part === 'string') {
				if (!isObject(value)) return [];
				const child = Object.hasOwn(value, part) ? value[part] : undefined;
				if (child !== undefined) next.push({ path: [...at, part], value: child });
				continue;
			}
			if (!Array.isArray(value)) return [];
			if (part === null) {
				for (const [index, child] of value.entries()) next.push({ path: [...at, index], value: child });
			} else {
				const child: Json | undefined = value[part];
				if (child !== undefined) next.push({ path: [...at, part], value: child });
			}
		}
		selected = next;
	}
	return selected.filter(({ value }) => value !== null);
}

const isObject = (value: Json): value is { readonly [name: string]: Json } => typeof value === 'object' && value !== null && !Array.isArray(value);
