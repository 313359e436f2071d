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
	expect(trustWords([], 24).isWorry).toBe(true);
	expect(trustWords([always], 24)).toEqual({ text: 'Trusted issuers: 1, all can be judged without a network.', isWorry: false });
	expect(trustWords([always, cached], 24)).toEqual({ text: 'Trusted issuers: 2; keys of School fetched 3 hours ago.', isWorry: false });
	expect(trustWords([cached], 2).isWorry).toBe(true);
	expect(trustWords([cached], 2).text).toContain('too long ago');
	expect(trustWords([always, missing], 24)).toEqual({ text: 'Trusted issuers: 2; Office: needs a network.', isWorry: true });
});
