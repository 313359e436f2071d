import { expect, it, describe as suite } from 'vitest';
import { CLAIMS, parties } from './fixture.ts';
import { builtinTypes, type ClaimLine, type CredentialDisplay, describe, parse, pid, whatIsLearned } from './index.ts';

const all = parties('dc+sd-jwt');
const rows = (lines: readonly ClaimLine[]): [string, string][] => lines.map(({ label, value }) => [label, value]);
const read = async (claims: object, change: Parameters<typeof all.issue>[0] = {}) => parse(await all.issue({ claims: claims as never, ...change }));

suite('describe', () => {
	it('shows a PID in English, in the order of its type', async () => {
		const parsed = await read(pid.example, { type: pid.vct, disclosable: pid.disclosable });
		const shown = describe(parsed, pid.display, 'en-GB');
		expect(shown).toMatchObject({ title: 'Identity', issuer: 'https://issuer.example', colours: { background: '#1f3a5f', text: '#ffffff' } });
		expect(rows(shown.lines).map(String).sort()).toEqual(
			[
				['Given name', 'Erika'],
				['Family name', 'Mustermann'],
				['Date of birth', '26 January 1984'],
				['At least 18 years old', 'Yes'],
				['At least 21 years old', 'Yes'],
				['At least 65 years old', 'No'],
				['Country of birth', 'Germany (DE)'],
				['Town of birth', 'Berlin'],
				['Nationalities 1', 'Germany (DE)'],
				['Nationalities 2', 'France (FR)'],
				['Street', 'Heidestraße'],
				['House number', '17'],
				['Postal code', '51147'],
				['Town', 'Köln'],
				['Country', 'Germany (DE)'],
				['Issuing authority', 'Registration Office Cologne'],
				['Issuing country', 'Germany (DE)'],
				['Date of issue', '15 January 2026'],
				['Date of expiry', '14 January 2031'],
			]
				.map(String)
				.sort(),
		);
		expect(rows(shown.lines).slice(0, 3)).toEqual([
			['Given name', 'Erika'],
			['Family name', 'Mustermann'],
			['Date of birth', '26 January 1984'],
		]);
		expect(shown.lines.every(({ disclosable }) => disclosable)).toBe(true);
	});

	it('shows the same in German', async () => {
		const shown = describe(await read(pid.example, { type: pid.vct, disclosable: pid.disclosable }), pid.display, 'de');
		expect(rows(shown.lines)).toContainEqual(['Geburtsdatum', '26. Januar 1984']);
		expect(rows(shown.lines)).toContainEqual(['Mindestens 18 Jahre alt', 'Ja']);
		expect(rows(shown.lines)).toContainEqual(['Land', 'Deutschland (DE)']);
		expect(rows(shown.about)).toContainEqual(['Aussteller', 'https://issuer.example']);
	});

	it.each(builtinTypes.map((type) => [type.id, type] as const))('has a label of its own for every claim of %s, in both formats', async (_id, type) => {
		for (const format of ['dc+sd-jwt', 'jwt_vc_json'] as const) {
			const parsed = parse(
				await parties(format).issue({ claims: type.example, type: format === 'dc+sd-jwt' ? type.vct : type.type, disclosable: type.disclosable }),
			);
			for (const locale of ['en', 'de']) {
				const { lines, title } = describe(parsed, type.display, locale);
				expect(title).toBe(type.display.display?.find((entry) => entry.locale === locale)?.name);
				for (const line of lines) expect(line.label).not.toMatch(/_|undefined|^$/);
			}
		}
	});

	it('shows each kind of value in its way', async () => {
		const shown = describe(
			await read(
				{
					a_date: '2026-02-28',
					noDate: '2026-02-30',
					when: '2026-05-03T14:05:00Z',
					yes: true,
					number: 1234.5,
					graduation_year: 2026,
					nothing: null,
					tags: ['a', 'b'],
					inner: { deepValue: { x: 1 } },
					empty: {},
				},
				{ disclosable: [['yes']] },
			),
			undefined,
			'en-GB',
		);
		expect(Object.fromEntries(shown.lines.map((line) => [line.label, [line.kind, line.value, line.disclosable]]))).toEqual({
			'A date': ['date', '28 February 2026', false],
			'No date': ['text', '2026-02-30', false],
			When: ['date', '3 May 2026 at 14:05 UTC', false],
			Yes: ['boolean', 'Yes', true],
			Number: ['number', '1,234.5', false],
			'Graduation year': ['number', '2026', false],
			Nothing: ['text', '–', false],
			Tags: ['list', 'a, b', false],
			'Inner: Deep value: X': ['number', '1', false],
			Empty: ['text', '', false],
		});
		expect(shown.lines.find(({ kind }) => kind === 'list')?.items).toEqual(['a', 'b']);
	});

	it('shows images that are images, and no others', async () => {
		const png = 'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
		const kinds = async (picture: string) => describe(await read({ picture })).lines.map(({ kind, value }) => [kind, value === picture]);
		expect(await kinds(png)).toEqual([['image', true]]);
		for (const bad of [
			'data:image/svg+xml;base64,PHN2Zz4=',
			'data:text/html;base64,PGI+',
			'data:image/png;base64,AAAA',
			`${png}" onload="x`,
			'https://example.com/x.png',
			`data:image/png;base64,iVBORw0KGgo${'A'.repeat(510_000)}`,
		]) {
			expect(await kinds(bad)).toEqual([['text', bad.startsWith('https')]]);
		}
		const many = await read(Object.fromEntries(Array.from({ length: 6 }, (_, index) => [`p${index}`, png])));
		expect(describe(many).lines.filter(({ kind }) => kind === 'image')).toHaveLength(4);
	});

	it('cleans what issuers write, in claims and in metadata', async () => {
		const parsed = await read({ name: 'A\u202ename\u200b\u0007', long: 'x'.repeat(5_000) });
		const display: CredentialDisplay = {
			display: [{ name: '\u202eevil\n\ntitle', background_color: 'red;background:url(x)', logo: { uri: 'javascript:alert(1)' } }],
			claims: [{ path: ['name'], display: [{ name: '\u200bLabel\u0000' }] }],
			issuerDisplay: [{ name: 'Town\u202e hall' }],
		};
		const shown = describe(parsed, display);
		expect(shown).toMatchObject({ title: 'evil title', issuer: 'Town hall' });
		expect(shown.colours).toBeUndefined();
		expect(shown.logo).toBeUndefined();
		expect(rows(shown.lines)).toContainEqual(['Label', 'Aname']);
		expect(shown.lines.every(({ value }) => value.length <= 500)).toBe(true);
	});

	it('formats in a language that is written from right to left, without marks of direction', async () => {
		expect(describe(await read({ a: -5 }), undefined, 'he').lines[0]?.value).toBe('-5');
	});

	it('chooses a language: exact, then related, then none, then English, then any', async () => {
		const parsed = await read({ a: 1 });
		const title = (locale: string, ...names: [string, string?][]) =>
			describe(parsed, { display: names.map(([name, tag]) => ({ name, ...(tag ? { locale: tag } : {}) })) }, locale).title;
		expect(title('de-AT', ['a', 'de-DE'], ['b', 'de-AT'])).toBe('b');
		expect(title('de-AT', ['a', 'en'], ['b', 'de-DE'])).toBe('b');
		expect(title('fr', ['a', 'de'], ['b'])).toBe('b');
		expect(title('fr', ['a', 'de'], ['b', 'en-US'])).toBe('b');
		expect(title('fr', ['a', 'de'])).toBe('a');
		expect(title('not a locale', ['a', 'en'])).toBe('a');
		expect(describe(parsed).title).toBe('Membership');
	});

	it('takes labels from SD-JWT VC type metadata too', async () => {
		const shown = describe(await read({ a: 1 }), {
			display: [{ label: 'Card', lang: 'en', rendering: { simple: { background_color: '#ABCDEF' } } }],
			claims: [{ path: ['a'], display: [{ label: 'Points', lang: 'en' }] }],
		});
		expect(shown).toMatchObject({ title: 'Card', colours: { background: '#abcdef' } });
		expect(rows(shown.lines)).toEqual([['Points', '1']]);
	});

	it('says how many claims are not listed', async () => {
		const shown = describe(await read(Object.fromEntries(Array.from({ length: 510 }, (_, index) => [`c${index}`, index])), { disclosable: [] }));
		expect(shown.lines).toHaveLength(501);
		expect(shown.lines.at(-1)).toMatchObject({ label: 'Further claims that are not listed', value: '10' });
	});
});

suite('whatIsLearned', () => {
	it('tells what is shown, what stays back, and what is told in every case', async () => {
		const parsed = parse(await all.issue({ disclosable: [['given_name'], ['birthdate'], ['address'], ['address', 'country'], ['nationalities', null]] }));
		const { learned, hidden, about } = whatIsLearned(parsed, [
			['address', 'country'],
			['nationalities', 1],
		]);
		// The address comes with its country, and with the town that its issuer did not make hideable.
		expect(learned.map(({ path }) => path.join('.')).sort()).toEqual([
			'address.country',
			'address.locality',
			'family_name',
			'member',
			'nationalities.1',
			'note',
			'score',
		]);
		expect(hidden.map(({ path }) => path.join('.')).sort()).toEqual(['birthdate', 'given_name', 'nationalities.0']);
		expect(about.map(({ label }) => label)).toEqual(['Issuer', 'Type', 'Issued', 'Valid until', 'Key of this credential']);
	});

	it('says that a W3C credential is shown whole', async () => {
		const parsed = parse(await parties('jwt_vc_json').issue());
		const { learned, hidden } = whatIsLearned(parsed, [['given_name']]);
		expect(hidden).toEqual([]);
		expect(learned).toHaveLength(Object.keys(CLAIMS).length + 1);
	});
});
