import type { CredentialType as CredentialTypeView } from '@holdfast/contract';
import { builtinTypes, type CredentialFormatId, type CredentialType } from '@holdfast/credentials';
import { appearance } from './documents.node.ts';
import { ServiceError } from './errors.ts';
import { formFields } from './form.ts';

/** The credential types that this wallet can issue. */
export const credentialTypes: readonly CredentialType[] = builtinTypes;

export function credentialType(id: string): CredentialType {
	const found = credentialTypes.find((type) => type.id === id);
	if (!found) throw new ServiceError('issue/unknown-type', 'There is no such type of document.', { known: credentialTypes.map((type) => type.id) });
	return found;
}

/** The type that a credential says it is, by `vct` or W3C type. */
export const typeNamed = (name: string): CredentialType | undefined => credentialTypes.find((type) => type.vct === name || type.type === name);

/** The name that we give a type. */
export const nameOfType = (type: string): string | undefined => typeNamed(type)?.name;

export const typeView = (type: CredentialType): CredentialTypeView => ({
	id: type.id,
	name: type.name,
	description: type.description,
	vct: type.vct,
	w3cType: type.type,
	appearance: appearance(type.name, type.display),
	fields: formFields(type.schema, type.display, type.disclosable),
	builtin: true,
});

/** Names one type in one format in issuer metadata (`credential_configuration_id`). */
export const configurationId = (type: CredentialType, format: CredentialFormatId): string => `${type.id}.${format === 'dc+sd-jwt' ? 'sd-jwt' : 'jwt'}`;
