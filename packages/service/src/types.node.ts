import type { CredentialType as CredentialTypeView } from '@holdfast/contract';
import { builtinTypes, type CredentialDisplay, type CredentialFormatId, type CredentialType, presentationSchemaOf } from '@holdfast/credentials';
import type { CredentialTypeRow, Vault } from '@holdfast/vault';
import { appearance } from './documents.node.ts';
import { ServiceError } from './errors.ts';
import { formFields } from './form.ts';

/** A type that was made in this wallet. */
const ownType = (row: CredentialTypeRow): CredentialType => ({
	id: row.id,
	name: row.name,
	description: (row.display as CredentialDisplay).display?.[0]?.description ?? '',
	formats: row.formats,
	vct: row.vct,
	type: row.type,
	schema: row.schema,
	presentationSchema: presentationSchemaOf(row.schema),
	display: row.display as CredentialDisplay,
	disclosable: row.disclosable === 'all' ? [] : row.disclosable,
	example: {},
});

/** The credential types that this wallet can issue: those that come with it, then its own. */
export const credentialTypes = (vault: Vault): readonly CredentialType[] => [...builtinTypes, ...vault.credentialTypes.list().map(ownType)];

export const isBuiltin = (id: string): boolean => builtinTypes.some((type) => type.id === id);

export function credentialType(vault: Vault, id: string): CredentialType {
	const known = credentialTypes(vault);
	const found = known.find((type) => type.id === id);
	if (!found) throw new ServiceError('issue/unknown-type', 'There is no such type of document.', { known: known.map((type) => type.id) });
	return found;
}

/** The name of a type that may be gone. */
export const typeName = (vault: Vault, id: string): string => credentialTypes(vault).find((type) => type.id === id)?.name ?? id;

/** The type that a credential says it is, by `vct` or W3C type. */
export const typeNamed = (vault: Vault, name: string): CredentialType | undefined =>
	credentialTypes(vault).find((type) => type.vct === name || type.type === name);

/** The name of a type that comes with Holdfast. */
export const nameOfType = (type: string): string | undefined => builtinTypes.find((each) => each.vct === type || each.type === type)?.name;

export const typeView = (type: CredentialType): CredentialTypeView => ({
	id: type.id,
	name: type.name,
	description: type.description,
	vct: type.vct,
	w3cType: type.type,
	appearance: appearance(type.name, type.display),
	fields: formFields(type.schema, type.display, type.disclosable),
	builtin: isBuiltin(type.id),
});

/** Names of a type's claims that are dates, at the top level: what proofs of age and of validity are about. */
export function dateClaims(type: CredentialType): string[] {
	const properties = (type.schema.properties ?? {}) as { readonly [name: string]: { readonly format?: unknown } };
	return Object.entries(properties).flatMap(([name, { format }]) => (format === 'date' ? [name] : []));
}

/** Names one type in one format in issuer metadata (`credential_configuration_id`). */
export const configurationId = (type: CredentialType, format: CredentialFormatId): string => `${type.id}.${format === 'dc+sd-jwt' ? 'sd-jwt' : 'jwt'}`;
