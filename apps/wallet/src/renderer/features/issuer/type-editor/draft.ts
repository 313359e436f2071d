import type { TypeDraft } from '@holdfast/contract';

export type FieldDraft = Extract<TypeDraft['content'], { kind: 'fields' }>['fields'][number];

/** Languages that names can be given in here; the first is the one that everybody sees who has none of the others. */
export const LANGUAGES = [
	{ value: 'en', label: 'English' },
	{ value: 'de', label: 'German' },
	{ value: 'fr', label: 'French' },
	{ value: 'es', label: 'Spanish' },
	{ value: 'it', label: 'Italian' },
	{ value: 'pl', label: 'Polish' },
] as const;

export const emptyField = (): FieldDraft => ({ name: '', kind: 'text', required: true, hideable: true, options: [], labels: [{ locale: 'en', label: '' }] });

export const emptyDraft = (): TypeDraft => ({
	names: [{ locale: 'en', name: '' }],
	background: '#2f4b7c',
	text: '#ffffff',
	logo: null,
	content: { kind: 'fields', fields: [emptyField()] },
});

/** `Date of birth` → `date_of_birth`: the claim's name, from its label. */
export const claimName = (label: string): string =>
	label
		.normalize('NFKD')
		.replace(/\p{M}/gu, '')
		.replace(/ß/g, 'ss')
		.toLowerCase()
		.replace(/[^a-z0-9]+/g, '_')
		.replace(/^[^a-z]+|_+$/g, '')
		.slice(0, 64);

/** Leaves out what was not filled in, and gives fields their names. Null where something that is needed is missing. */
export function readyDraft(draft: TypeDraft): TypeDraft | null {
	const names = draft.names.filter(({ name }) => name.trim() !== '');
	if (names.length === 0) return null;
	if (draft.content.kind === 'schema') return { ...draft, names };
	const fields = draft.content.fields.map((field) => {
		const labels = field.labels.filter(({ label }) => label.trim() !== '');
		return { ...field, labels, name: field.name || claimName(labels[0]?.label ?? ''), options: field.kind === 'choice' ? field.options : [] };
	});
	if (fields.some(({ name, labels, kind, options }) => name === '' || labels.length === 0 || (kind === 'choice' && options.length === 0))) return null;
	return { ...draft, names, content: { kind: 'fields', fields } };
}
