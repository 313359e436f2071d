import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dateText, dayOf, daysBetween, isDay, latestBirth, readDate } from './dates.ts';

/** Days from 1800 to 2200, by JavaScript's calendar. */
const anyDay = fc.integer({ min: Date.UTC(1800, 0, 1) / 86_400_000, max: Date.UTC(2200, 11, 31) / 86_400_000 }).map((days) => {
	const text = new Date(days * 86_400_000).toISOString().slice(0, 10);
	return { text, number: Number(text.replaceAll('-', '')), days };
});

/** Age in full years, the plain way: by comparing year, month and day. */
function age(birth: string, today: string): number {
	const [by, bm, bd] = birth.split('-').map(Number) as [number, number, number];
	const [ty, tm, td] = today.split('-').map(Number) as [number, number, number];
	return ty - by - (tm < bm || (tm === bm && td < bd) ? 1 : 0);
}

test('days that exist have one number and one text', () => {
	fc.assert(
		fc.property(anyDay, ({ text, number }) => {
			expect(readDate(text)).toBe(number);
			expect(dateText(number)).toBe(text);
			expect(isDay(number)).toBe(true);
		}),
	);
});

test('numbers are days exactly where the calendar has one', () => {
	fc.assert(
		fc.property(fc.integer({ min: 1800, max: 2200 }), fc.integer({ min: 0, max: 13 }), fc.integer({ min: 0, max: 32 }), (year, month, day) => {
			const text = `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
			const date = new Date(`${text}T00:00:00Z`);
			const exists = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
			expect(readDate(text) !== undefined).toBe(exists);
		}),
	);
});

test.each([
	'1900-02-29',
	'2100-02-29',
	'2026-02-29',
	'2026-04-31',
	'2026-00-10',
	'2026-13-01',
	'2026-1-1',
	' 2026-01-01',
	'2026-01-01T00:00:00Z',
	'20260101',
	'0000-01-01',
])('%s is not a date', (text) => expect(readDate(text)).toBeUndefined());

test.each(['2000-02-29', '1904-02-29', '2024-02-29', '1900-02-28', '2100-12-31', '0001-01-01', '9999-12-31'])('%s is a date', (text) => {
	expect(dateText(readDate(text) ?? 0)).toBe(text);
});

describe('the latest birth date of an age', () => {
	test('is the boundary of the plain comparison, for every day and age', () => {
		fc.assert(
			fc.property(anyDay, anyDay, fc.integer({ min: 0, max: 120 }), (birth, today, years) => {
				expect(birth.number <= latestBirth(years, today.number)).toBe(age(birth.text, today.text) >= years);
			}),
			{ numRuns: 2000 },
		);
	});

	test.each([
		['2008-11-25', '2026-11-24', false],
		['2008-11-25', '2026-11-25', true],
		['2008-11-25', '2026-11-26', true],
		// Born on 29 February: of age on 1 March where there is none, not on 28 February.
		['2008-02-29', '2026-02-28', false],
		['2008-02-29', '2026-03-01', true],
		['2004-02-29', '2024-02-29', true],
		['2004-02-29', '2024-02-28', true],
		['2006-02-28', '2024-02-29', true],
		['2006-03-01', '2024-02-29', false],
		['1900-02-28', '2026-02-28', true],
		['2082-03-01', '2100-02-28', false],
		['2082-02-28', '2100-02-28', true],
		['2080-02-29', '2098-02-28', false],
		['2080-02-29', '2098-03-01', true],
		['1900-01-01', '1918-01-01', true],
		['1900-01-01', '1917-12-31', false],
	])('born %s, on %s: 18 is %s', (birth, today, expected) => {
		expect((readDate(birth) ?? 0) <= latestBirth(18, readDate(today) ?? 0)).toBe(expected);
	});

	test('is always a day that exists', () => {
		fc.assert(fc.property(anyDay, fc.integer({ min: 0, max: 150 }), (today, years) => isDay(latestBirth(years, today.number))));
	});

	test.each([-1, 1.5, 151, Number.NaN])('%s years is no age', (years) => expect(() => latestBirth(years, 20_261_125)).toThrow('whole number'));
});

test('days between are counted through leap years and early centuries', () => {
	fc.assert(fc.property(anyDay, anyDay, (a, b) => daysBetween(a.number, b.number) === b.days - a.days));
	expect(daysBetween(50_101, 60_101)).toBe(365);
	expect(daysBetween(40_101, 50_101)).toBe(366);
});

test('the day is the one in UTC', () => {
	expect(dayOf({ now: () => Date.UTC(2026, 11, 31, 23, 59, 59) })).toBe(20_261_231);
	expect(dayOf({ now: () => Date.UTC(2027, 0, 1) })).toBe(20_270_101);
});
