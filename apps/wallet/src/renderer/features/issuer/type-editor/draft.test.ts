import { expect, test } from 'vitest';
import { claimName, emptyDraft, emptyField, readyDraft } from './draft.ts';

test('a claim’s name follows from its label', () => {
	expect(claimName('Date of birth')).toBe('date_of_birth');
	expect(claimName('Straße & Nº 1')).toBe('strasse_no_1');
	expect(claimName('2nd name')).toBe('nd_name');
	expect(claimName('名前')).toBe('');
});

test('a draft is ready when it has a name and every field a label', () => {
	const draft = emptyDraft();
	expect(readyDraft(draft)).toBeNull();
	const named = {
		...draft,
		names: [
			{ locale: 'en', name: 'Member' },
			{ locale: 'de', name: ' ' },
		],
	};
	expect(readyDraft(named)).toBeNull();
	const field = { ...emptyField(), labels: [{ locale: 'en', label: 'Full name' }] };
	expect(readyDraft({ ...named, content: { kind: 'fields', fields: [field] } })).toMatchObject({
		names: [{ locale: 'en', name: 'Member' }],
		content: { fields: [{ name: 'full_name' }] },
	});
	expect(readyDraft({ ...named, content: { kind: 'fields', fields: [{ ...field, kind: 'choice' }] } })).toBeNull();
	expect(readyDraft({ ...named, content: { kind: 'schema', schema: '{}' } })).not.toBeNull();
});
