import type { Json, JsonObject } from '@holdfast/kernel';
import type { CredentialDisplay, LocalizedName } from '../model.ts';

/** English and German names, in the shape of OpenID4VCI's `display` (§12.2.4) and of SD-JWT VC type metadata at once. */
export const names = (english: string, german: string): readonly LocalizedName[] => [
	{ name: english, label: english, locale: 'en', lang: 'en' },
	{ name: german, label: german, locale: 'de', lang: 'de' },
];

export const text = (maxLength = 200): JsonObject => ({ type: 'string', minLength: 1, maxLength });
export const date: JsonObject = { type: 'string', format: 'date' };
export const country: JsonObject = { type: 'string', pattern: '^[A-Z]{2}$' };

export const object = (properties: JsonObject, required: readonly string[] = []): JsonObject => ({
	type: 'object',
	properties,
	additionalProperties: false,
	...(required.length > 0 ? { required } : {}),
});

/**
 * The schema for what a presentation shows: claims may be hidden at every level, so nothing is required and a list may
 * have fewer elements; and another issuer of the same type may say more than the schema knows.
 */
export function presentationSchemaOf(schema: JsonObject): JsonObject {
	const relax = (value: Json): Json => {
		if (Array.isArray(value)) return value.map(relax);
		if (typeof value !== 'object' || value === null) return value;
		return Object.fromEntries(
			Object.entries(value)
				.filter(([name, item]) => !isDemand(name, item))
				.map(([name, item]) => [name, relax(item)]),
		);
	};
	return relax(schema) as JsonObject;
}

const isDemand = (name: string, value: Json): boolean =>
	(name === 'required' && Array.isArray(value)) ||
	((name === 'minProperties' || name === 'minItems') && typeof value === 'number') ||
	(name === 'additionalProperties' && value === false);

export const displayOf = (
	credential: { readonly english: string; readonly german: string; readonly background: string; readonly text: string },
	claims: NonNullable<CredentialDisplay['claims']>,
): CredentialDisplay => ({
	display: names(credential.english, credential.german).map((name) => ({ ...name, background_color: credential.background, text_color: credential.text })),
	claims,
});
