import { describe, expect, it } from 'vitest';
import { countOf, dayHeading, formatSpan, listOf, shorten } from './format.ts';

describe('spans', () => {
	it.each([
		[0, '1 second'],
		[1000, '1 second'],
		[1001, '2 seconds'],
		[60_000, '1 minute'],
		[61_000, '2 minutes'],
		[3_600_000, '1 hour'],
		[90 * 60_000, '2 hours'],
		[49 * 3_600_000, '3 days'],
	])('%d ms is %s', (ms, words) => {
		expect(formatSpan(ms)).toBe(words);
	});
});

describe('timeline headings', () => {
	const now = new Date(2026, 10, 22, 0, 30).getTime();
	it('starts the day at local midnight', () => {
		expect(dayHeading(new Date(2026, 10, 22, 0, 0).getTime(), now)).toBe('Today');
		expect(dayHeading(new Date(2026, 10, 21, 23, 59).getTime(), now)).toBe('Yesterday');
		expect(dayHeading(new Date(2026, 10, 20, 23, 59).getTime(), now)).toBe('20 November 2026');
	});
});

describe('words', () => {
	it('joins lists', () => {
		expect(listOf([])).toBe('');
		expect(listOf(['a'])).toBe('a');
		expect(listOf(['a', 'b'])).toBe('a and b');
		expect(listOf(['a', 'b', 'c'])).toBe('a, b and c');
	});
	it('counts', () => {
		expect(countOf(1, 'claim')).toBe('1 claim');
		expect(countOf(0, 'claim')).toBe('0 claims');
	});
	it('keeps both ends of a long name and never exceeds the limit', () => {
		const short = shorten(`did:key:${'z'.repeat(80)}END`, 30);
		expect(short).toHaveLength(30);
		expect(short.startsWith('did:key:')).toBe(true);
		expect(short.endsWith('END')).toBe(true);
		expect(shorten('did:web:a')).toBe('did:web:a');
	});
});
