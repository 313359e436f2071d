import type { CallInput, CallOutput } from '@holdfast/contract';
import { ATTESTATION_CLAIM, type ClaimPath, type CredentialDisplay, checkSchema } from '@holdfast/credentials';
import { displayText, type Json, type JsonObject, newId } from '@holdfast/kernel';
import type { CredentialTypeRow } from '@holdfast/vault';
import { record } from '../activity.node.ts';
import { ServiceError } from '../errors.ts';
import { formFields } from '../form.ts';
import type { Handlers } from '../service.node.ts';
import type { Session } from '../session.node.ts';
import { credentialTypes, isBuiltin } from '../types.node.ts';

// Types of documents that are made in this wallet: a form, or a JSON Schema, with the way they look.

type Draft = CallInput<'types.save'>;
type Content = Draft['content'];
type FieldDraft = Extract<Content, { kind: 'fields' }>['fields'][number];

const TAKEN: ReadonlySet<string> = new Set([
	'iss',
	'iat',
	'nbf',
	'exp',
	'aud',
	'jti',
	'cnf',
	'vct',
	'vct#integrity',
	'status',
	'id',
	'_sd',
	'_sd_alg',
	'...',
	ATTESTATION_CLAIM,
]);
const isObject = (value: Json | undefined): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

const FIELD_SCHEMAS: Readonly<Record<FieldDraft['kind'], (field: FieldDraft) => JsonObject>> = {
	text: () => ({ type: 'string', minLength: 1, maxLength: 500 }),
	date: () => ({ type: 'string', format: 'date' }),
	number: () => ({ type: 'number' }),
	boolean: () => ({ type: 'boolean' }),
	choice: ({ options }) => ({ type: 'string', enum: [...options] }),
	list: () => ({ type: 'array', items: { type: 'string', minLength: 1, maxLength: 200 }, minItems: 1, maxItems: 100, uniqueItems: true }),
};

const localized = (locale: string, name: string) => ({ name, label: name, locale, lang: locale });

interface Made {
	readonly schema: JsonObject;
	readonly claims: NonNullable<CredentialDisplay['claims']>;
	readonly disclosable: ClaimPath[];
}

function checkNames(names: readonly string[]): void {
	if (new Set(names).size < names.length) throw new ServiceError('types/field-twice', 'Two fields have the same name. Give each a name of its own.');
	const taken = names.find((name) => TAKEN.has(name) || name in Object.prototype);
	if (taken !== undefined)
		throw new ServiceError('types/reserved-name', `A field cannot be called “${displayText(taken, 40)}”: documents use that name themselves.`);
}

function fromFields(fields: readonly FieldDraft[]): Made {
	checkNames(fields.map(({ name }) => name));
	const empty = fields.find(({ kind, options }) => kind === 'choice' && options.length === 0);
	if (empty) throw new ServiceError('types/no-choices', `Say which values “${empty.name}” can have.`);
	const required = fields.filter((field) => field.required).map(({ name }) => name);
	return {
		schema: {
			type: 'object',
			properties: Object.fromEntries(fields.map((field) => [field.name, FIELD_SCHEMAS[field.kind](field)])),
			additionalProperties: false,
			...(required.length > 0 ? { required } : {}),
		},
		claims: fields.map(({ name, required: mandatory, labels }) => ({
			path: [name],
			mandatory,
			display: labels.map(({ locale, label }) => localized(locale, label)),
		})),
		disclosable: fields.filter(({ hideable }) => hideable).flatMap(({ name, kind }): ClaimPath[] => (kind === 'list' ? [[name], [name, null]] : [[name]])),
	};
}

function fromSchema(text: string): Made {
	let schema: Json;
	try {
		schema = JSON.parse(text) as Json;
	} catch (cause) {
		throw new ServiceError('types/not-json', 'The file is not JSON.', {}, cause);
	}
	if (!isObject(schema) || schema.type !== 'object' || !isObject(schema.properties))
		throw new ServiceError('types/not-a-schema', 'The file is not a JSON Schema of an object with properties.');
	const found = checkSchema(schema, {});
	if (found.result === 'bad-schema') throw new ServiceError('types/not-a-schema', found.reason);
	const names = Object.keys(schema.properties);
	checkNames(names);
	if (formFields(schema, {}, []).length === 0)
		throw new ServiceError('types/no-fields', 'Holdfast can make no form of this schema: it has no fields that a person can fill in.');
	const properties = schema.properties;
	return {
		schema,
		claims: names.map((name) => {
			const property = properties[name];
			const title = isObject(property) && typeof property.title === 'string' ? displayText(property.title, 80) : '';
			return { path: [name], ...(title === '' ? {} : { display: [localized('en', title)] }) };
		}),
		disclosable: names.map((name) => [name]),
	};
}

const make = (content: Content): Made => (content.kind === 'fields' ? fromFields(content.fields) : fromSchema(content.schema));

const ascii = (text: string): string =>
	text
		.normalize('NFKD')
		.replace(/\p{M}/gu, '')
		.replace(/[^A-Za-z0-9]+/g, ' ')
		.trim();

/** `Club member` → `ClubMember`, the VCDM type. */
const typeOf = (name: string): string => {
	const words = ascii(name)
		.split(' ')
		.filter((word) => word !== '')
		.map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`);
	const joined = words.join('').replace(/^\d+/, '');
	return joined === '' ? 'OwnCredential' : joined;
};

function checkVct(session: Session, vct: string, id: string): void {
	if (!/^urn:[a-z0-9][a-z0-9-]{0,31}:\S+$/i.test(vct) && !(URL.canParse(vct) && new URL(vct).protocol === 'https:'))
		throw new ServiceError('types/bad-vct', 'The type’s identifier has to be a web address (https) or a urn.');
	if (credentialTypes(session.vault).some((type) => type.vct === vct && type.id !== id))
		throw new ServiceError('types/vct-taken', 'Another type has this identifier already.');
}

function own(session: Session, id: string): CredentialTypeRow {
	const row = session.vault.credentialTypes.get(id);
	if (!row)
		throw new ServiceError('types/not-own', isBuiltin(id) ? 'This type comes with Holdfast and cannot be changed.' : 'There is no such type of document.');
	return row;
}

const inUse = (session: Session, id: string): boolean =>
	session.vault.issued.count({ typeId: id }).rows > 0 ||
	session.vault.offers.countOpen(id, session.clock.now()) > 0 ||
	session.vault.batches.list().some((batch) => batch.typeId === id && batch.state !== 'done' && batch.state !== 'cancelled');

/** What was typed, for changing it later. Kept beside what everybody sees. */
interface Kept extends CredentialDisplay {
	readonly draft: Pick<Draft, 'names' | 'background' | 'text' | 'logo' | 'content'>;
}

export const typeHandlers: Handlers<'types.draft' | 'types.save' | 'types.remove'> = {
	'types.draft': ({ id }, session): CallOutput<'types.draft'> => {
		const row = own(session, id);
		const { draft } = row.display as unknown as Kept;
		return { id: row.id, vct: row.vct, ...draft };
	},

	'types.save': (input, session) => {
		const [first] = input.names;
		if (!first) throw new ServiceError('types/no-name', 'Give the type a name.');
		if (new Set(input.names.map(({ locale }) => locale)).size < input.names.length)
			throw new ServiceError('types/language-twice', 'Each language can have one name only.');
		const made = make(input.content);
		const before = input.id === undefined ? undefined : own(session, input.id);
		const id = before?.id ?? `${ascii(first.name).toLowerCase().replaceAll(' ', '-').slice(0, 40) || 'type'}-${newId(session.random).slice(0, 6)}`;
		const vct = input.vct ?? before?.vct ?? `urn:holdfast:${id}:1`;
		checkVct(session, vct, id);
		const changed = before !== undefined && (JSON.stringify(before.schema) !== JSON.stringify(made.schema) || before.vct !== vct);
		if (changed && inUse(session, id))
			throw new ServiceError('types/in-use', 'Documents of this type are out there: only its look can be changed. Make a new type for other fields.');
		const { names, background, text, logo, content } = input;
		const display: Kept = {
			display: names.map(({ locale, name, description }) => ({
				...localized(locale, name),
				...(description === undefined ? {} : { description }),
				background_color: background,
				text_color: text,
				...(logo ? { logo: { uri: logo.dataUrl, alt_text: logo.alt } } : {}),
			})),
			claims: made.claims,
			draft: { names, background, text, logo, content },
		};
		session.vault.transaction(() => {
			session.vault.credentialTypes.put({
				id,
				name: first.name,
				formats: ['dc+sd-jwt', 'jwt_vc_json'],
				vct,
				type: typeOf(first.name),
				schema: made.schema,
				display: display as unknown as JsonObject,
				disclosable: made.disclosable,
				builtin: false,
				createdAt: before?.createdAt ?? session.clock.now(),
			});
			record(session, { kind: 'identity', title: `Type of document ${before ? 'changed' : 'made'}: ${displayText(first.name, 80)}` });
		});
		session.changed('types', id);
		return { id };
	},

	'types.remove': ({ id }, session) => {
		const row = own(session, id);
		if (inUse(session, id)) throw new ServiceError('types/in-use', 'Documents or offers of this type are out there, so it stays.');
		session.vault.transaction(() => {
			session.vault.credentialTypes.delete(id);
			record(session, { kind: 'identity', title: `Type of document removed: ${displayText(row.name, 80)}` });
		});
		session.changed('types', id);
		return {};
	},
};
