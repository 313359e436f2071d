import type { FormField } from '@holdfast/contract';
import { type ClaimPath, type CredentialDisplay, claimLabel } from '@holdfast/credentials';
import { displayText, type Json, type JsonObject } from '@holdfast/kernel';

const isObject = (value: Json | undefined): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);
const text = (value: Json | undefined): string | undefined => (typeof value === 'string' ? value : undefined);

const startsWith = (path: readonly (string | number | null)[], prefix: ClaimPath): boolean =>
	prefix.length <= path.length && prefix.every((part, i) => part === path[i]);

const LONGEST_TYPED = 10_000;

const typeOf = (schema: JsonObject): Json | undefined => (Array.isArray(schema.type) ? schema.type[0] : schema.type);

function fieldKind(schema: JsonObject): FormField['kind'] | null {
	if (Array.isArray(schema.enum)) return 'choice';
	if (schema.format === 'date') return 'date';
	const type = typeOf(schema);
	// A picture or a whole file as text is not something to type in.
	if (type === 'string') return Number(schema.maxLength ?? 0) > LONGEST_TYPED ? null : 'text';
	if (type === 'integer' || type === 'number') return 'number';
	if (type === 'boolean') return 'boolean';
	if (type === 'array' && isObject(schema.items) && schema.items.type === 'string') return 'list';
	return null;
}

/** The form for a credential type: a field for each leaf of its JSON Schema that a person can fill in. */
export function formFields(schema: JsonObject, display: CredentialDisplay, disclosable: readonly ClaimPath[]): FormField[] {
	const labels = new Map((display.claims ?? []).map((claim) => [JSON.stringify(claim.path), claim.display?.[0]?.name ?? claim.display?.[0]?.label]));
	const fields: FormField[] = [];
	const walk = (node: JsonObject, path: string[], required: boolean): void => {
		const properties = node.properties;
		if (isObject(properties)) {
			const needed = Array.isArray(node.required) ? node.required : [];
			for (const [name, child] of Object.entries(properties)) {
				// A member is required only as far as everything around it is.
				if (isObject(child)) walk(child, [...path, name], (required || path.length === 0) && needed.includes(name));
			}
			return;
		}
		const kind = fieldKind(node);
		if (kind === null || path.length === 0) return;
		const label = labels.get(JSON.stringify(path)) ?? text(node.title) ?? claimLabel(path, 'en');
		const hint = text(node.description);
		const values = Array.isArray(node.enum) ? node.enum.map(String) : undefined;
		fields.push({
			path,
			label: displayText(label, 80),
			kind,
			required,
			...(hint === undefined ? {} : { hint: displayText(hint, 200) }),
			...(values === undefined ? {} : { options: values.map((value) => ({ value, label: displayText(value, 80) })) }),
			disclosable: disclosable.some((each) => startsWith(path, each) || startsWith(each, path)),
		});
	};
	walk(schema, [], true);
	return fields;
}

const isNumeric = (schema: JsonObject): boolean => {
	const type = typeOf(schema);
	return type === 'integer' || type === 'number';
};

/**
 * What a form or a table gives, as the schema has it: fields that were left empty are left out, and
 * numbers that came as text become numbers. Anything else stays as it is, for the schema to judge.
 */
export function claimsFromForm(schema: JsonObject, value: Json): Json | undefined {
	if (value === '' || value === null) return undefined;
	if (typeof value === 'string') return isNumeric(schema) && /^-?\d+(\.\d+)?$/.test(value.trim()) ? Number(value) : value;
	if (Array.isArray(value)) {
		const kept = value.filter((each) => each !== '');
		return kept.length > 0 ? kept : undefined;
	}
	if (typeof value !== 'object') return value;
	const properties = isObject(schema.properties) ? schema.properties : {};
	const entries = Object.entries(value).flatMap(([name, child]) => {
		const childSchema = properties[name];
		const kept = claimsFromForm(isObject(childSchema) ? childSchema : {}, child);
		return kept === undefined ? [] : [[name, kept] as const];
	});
	return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}
