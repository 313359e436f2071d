import type { CallInput } from '@holdfast/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestWallet, TestWallets } from './testing/wallets.node.ts';

let world: TestWallets;
let issuer: TestWallet;
beforeAll(async () => {
	world = new TestWallets();
	issuer = await world.wallet('issuer');
});
afterAll(() => world.close());

type Draft = CallInput<'types.save'>;
type Field = Extract<Draft['content'], { kind: 'fields' }>['fields'][number];
const field = (name: string, change: Partial<Field> = {}): Field => ({
	name,
	kind: 'text',
	required: true,
	hideable: true,
	options: [],
	labels: [{ locale: 'en', label: name }],
	...change,
});
const draft = (content: Draft['content'], change: Partial<Draft> = {}): Draft => ({
	names: [
		{ locale: 'en', name: 'Club member', description: 'Of the rowing club' },
		{ locale: 'de', name: 'Vereinsmitglied' },
	],
	background: '#123456',
	text: '#ffffff',
	logo: { dataUrl: 'data:image/png;base64,AAAA', alt: 'An oar' },
	content,
	...change,
});
const fields = draft({
	kind: 'fields',
	fields: [
		field('full_name', {
			labels: [
				{ locale: 'en', label: 'Name' },
				{ locale: 'de', label: 'Name' },
			],
		}),
		field('joined', {
			kind: 'date',
			labels: [
				{ locale: 'en', label: 'Member since' },
				{ locale: 'de', label: 'Mitglied seit' },
			],
		}),
		field('level', { kind: 'choice', options: ['gold', 'silver'], hideable: false, required: false }),
		field('boats', { kind: 'list', required: false }),
	],
});

test('a kind of one’s own is made, shown, issued, collected, kept from being changed, and told by its name', async () => {
	const { id } = await issuer.ask('types.save', fields);
	const type = (await issuer.ask('issue.types', {})).find((each) => each.id === id);
	expect(type).toMatchObject({ name: 'Club member', builtin: false, w3cType: 'ClubMember', description: 'Of the rowing club' });
	expect(type?.appearance).toMatchObject({ background: '#123456', logo: 'data:image/png;base64,AAAA', logoAlt: 'An oar' });
	expect(type?.fields.map(({ label, kind, required, disclosable }) => [label, kind, required, disclosable])).toEqual([
		['Name', 'text', true, true],
		['Member since', 'date', true, true],
		['level', 'choice', false, false],
		['boats', 'list', false, true],
	]);
	expect(await issuer.ask('types.draft', { id })).toEqual({ ...fields, id, vct: type?.vct });
	// Nothing was issued: it can still change.
	await issuer.ask('types.save', { ...fields, id, background: '#654321' });

	const issuerDid = await issuer.actor.createDid('did:jwk');
	await issuer.actor.serve('issuer');
	const holder = await world.wallet('holder');
	const claims = { full_name: 'Ada', joined: '2020-01-01', level: 'gold', boats: ['Argo'] };
	await holder.actor.receive((await issuer.actor.offer({ typeId: id, format: 'dc+sd-jwt', issuerDid, claims })).uri);
	const [card] = await holder.actor.credentials();
	expect(card).toMatchObject({ type: type?.vct, appearance: { name: 'Club member', background: '#654321' } });
	const { lines } = await holder.ask('credentials.get', { id: card?.id ?? '' });
	expect(lines.find((line) => line.label === 'Member since')).toMatchObject({ disclosable: true });
	expect(lines.find((line) => line.value === 'gold')).toMatchObject({ disclosable: false });

	expect(await issuer.refusal('types.save', { ...fields, id, content: { kind: 'fields', fields: [field('other')] } })).toBe('types/in-use');
	expect(await issuer.refusal('types.remove', { id })).toBe('types/in-use');
	await issuer.ask('types.save', { ...fields, id, names: [{ locale: 'en', name: 'Member' }] });
	expect((await issuer.ask('register.list', { filter: { typeId: id }, limit: 1 })).entries[0]?.typeName).toBe('Member');
});

test('a kind from a JSON Schema, and its removal', async () => {
	const schema = { type: 'object', properties: { name: { type: 'string', title: 'Full name' }, age: { type: 'integer' } }, required: ['name'] };
	const { id } = await issuer.ask('types.save', draft({ kind: 'schema', schema: JSON.stringify(schema) }, { names: [{ locale: 'en', name: '北' }] }));
	const type = (await issuer.ask('issue.types', {})).find((each) => each.id === id);
	expect(type?.fields.map(({ label, kind, required }) => [label, kind, required])).toEqual([
		['Full name', 'text', true],
		['Age', 'number', false],
	]);
	await issuer.ask('types.remove', { id });
	expect((await issuer.ask('issue.types', {})).some((each) => each.id === id)).toBe(false);
	expect(await issuer.refusal('types.draft', { id })).toBe('types/not-own');
});

test.each<[string, Draft]>([
	['types/reserved-name', draft({ kind: 'fields', fields: [field('status')] })],
	['types/reserved-name', draft({ kind: 'fields', fields: [field('constructor')] })],
	['types/field-twice', draft({ kind: 'fields', fields: [field('a'), field('a')] })],
	['types/no-choices', draft({ kind: 'fields', fields: [field('a', { kind: 'choice' })] })],
	['types/not-json', draft({ kind: 'schema', schema: '{{' })],
	['types/not-a-schema', draft({ kind: 'schema', schema: '{"type":"array"}' })],
	['types/not-a-schema', draft({ kind: 'schema', schema: '{"type":"object","properties":{"a":{"$ref":"https://x.example/s"}}}' })],
	['types/no-fields', draft({ kind: 'schema', schema: '{"type":"object","properties":{"a":{"type":"object"}}}' })],
	['types/bad-vct', draft(fields.content, { vct: 'javascript:alert(1)' })],
	['types/vct-taken', draft(fields.content, { vct: 'urn:eudi:pid:1' })],
	[
		'types/language-twice',
		draft(fields.content, {
			names: [
				{ locale: 'en', name: 'A' },
				{ locale: 'en', name: 'B' },
			],
		}),
	],
	['types/not-own', draft(fields.content, { id: 'eudi-pid' })],
])('%s', async (code, input) => {
	expect(await issuer.refusal('types.save', input)).toBe(code);
});
