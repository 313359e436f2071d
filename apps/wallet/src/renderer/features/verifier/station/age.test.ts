import { expect, it } from 'vitest';
import { ageWords, trustWords } from './age.ts';

it.each([
	[0, 'less than a minute'],
	[60_000, '1 minute'],
	[119 * 60_000, '119 minutes'],
	[120 * 60_000, '2 hours'],
	[49 * 3_600_000, '2 days'],
])('%i ms is %s', (ms, words) => expect(ageWords(ms)).toBe(words));

it('says whose documents cannot be judged, and when keys are too old', () => {
	const always = { issuer: 'did:key:z', name: 'Town', keys: 'always', ageMs: null } as const;
	const cached = { issuer: 'did:web:a', name: 'School', keys: 'cached', ageMs: 3 * 3_600_000 } as const;
	const missing = { issuer: 'https://b', name: 'Office', keys: 'missing', ageMs: null } as const;
	const known = (...issuers: (typeof always | typeof cached | typeof missing)[]) => ({
		issuers,
		lists: 1,
		listsAgeMs: 90 * 60_000,
		listsMissing: [] as string[],
	});
	const listed = ' List of withdrawn documents fetched 90 minutes ago.';
	expect(trustWords(known(), 24).isWorry).toBe(true);
	expect(trustWords(known(always), 24)).toEqual({ text: `Trusted issuers: 1, all can be judged without a network.${listed}`, isWorry: false });
	expect(trustWords(known(always, cached), 24)).toEqual({ text: `Trusted issuers: 2; keys of School fetched 3 hours ago.${listed}`, isWorry: false });
	expect(trustWords(known(cached), 2).isWorry).toBe(true);
	expect(trustWords(known(cached), 2).text).toContain('too long ago');
	expect(trustWords(known(always, missing), 24)).toEqual({ text: `Trusted issuers: 2; Office: needs a network.${listed}`, isWorry: true });
	expect(trustWords({ ...known(always), lists: 3, listsAgeMs: 3 * 3_600_000 }, 2)).toEqual({
		text: 'Trusted issuers: 1, all can be judged without a network. 3 lists of withdrawn documents fetched 3 hours ago, too long ago to be believed without a network.',
		isWorry: true,
	});
	expect(trustWords({ ...known(always), listsMissing: ['https://a/1', 'https://a/2'] }, 24)).toEqual({
		text: `Trusted issuers: 1, all can be judged without a network.${listed} Not fetched yet: 2 lists that a policy names.`,
		isWorry: true,
	});
	expect(trustWords({ ...known(always), lists: 0, listsAgeMs: null }, 2).text).toContain('No list of withdrawn documents has been seen yet.');
});
