import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { birthCutoff, dateToInteger, daysBetween, isDate } from './calendar.ts';

const text = (year: number, month: number, day: number): string =>
	`${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
const anyDay = fc
	.date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true })
	.map((date) => date.toISOString().slice(0, 10));
const recentDay = fc
	.date({ min: new Date('1890-01-01T00:00:00Z'), max: new Date('2210-12-31T00:00:00Z'), noInvalidDate: true })
	.map((date) => date.toISOString().slice(0, 10));

test('a date is real exactly if the platform’s calendar has it', () => {
	fc.assert(
		fc.property(fc.integer({ min: 1, max: 9999 }), fc.integer({ min: 0, max: 13 }), fc.integer({ min: 0, max: 32 }), (year, month, day) => {
			const written = text(year, month, day);
			const date = new Date(`${written}T00:00:00Z`);
			expect(isDate(written)).toBe(!Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === written);
		}),
	);
});

test.each(['1900-02-29', '2100-02-29', '2023-02-29', '2026-11-31', '0000-01-01', '2026-1-1', '2026-11-25 ', '２０２６-11-25', '20261125', ''])(
	'%s is not a date',
	(value) => {
		expect(isDate(value)).toBe(false);
		expect(() => dateToInteger(value)).toThrow(expect.objectContaining({ code: 'bbs/bad-claim' }));
	},
);

test('the order of the integers is the order of the days', () => {
	fc.assert(fc.property(anyDay, anyDay, (a, b) => Math.sign(dateToInteger(a) - dateToInteger(b)) === Math.sign(Date.parse(a) - Date.parse(b))));
});

/** Counted the way a person counts: years between, minus one if this year's birthday has not come. */
function ageOn(today: string, birth: string): number {
	const [y, m, d] = today.split('-').map(Number) as [number, number, number];
	const [by, bm, bd] = birth.split('-').map(Number) as [number, number, number];
	return y - by - (m < bm || (m === bm && d < bd) ? 1 : 0);
}

test('a birth date is on or before the cutoff exactly if the age is reached', () => {
	fc.assert(
		fc.property(recentDay, recentDay, fc.integer({ min: 0, max: 120 }), (today, birth, years) => {
			expect(dateToInteger(birth) <= dateToInteger(birthCutoff(today, years))).toBe(ageOn(today, birth) >= years);
		}),
		{ numRuns: 2000 },
	);
});

describe('18 years', () => {
	test.each([
		['the day before', '2026-11-24', '2008-11-25', false],
		['the day of', '2026-11-25', '2008-11-25', true],
		['the day after', '2026-11-26', '2008-11-25', true],
		['29 February, on 28 February of a year without one', '2026-02-28', '2008-02-29', false],
		['29 February, on 1 March of a year without one', '2026-03-01', '2008-02-29', true],
		['28 February, asked on 29 February', '2028-02-29', '2010-02-28', true],
		['1 March, asked on 29 February', '2028-02-29', '2010-03-01', false],
		['1900 had no 29 February', '1918-03-01', '1900-03-01', true],
		['1900, a day early', '1918-02-28', '1900-03-01', false],
		['asked on 28 February 2100', '2100-02-28', '2082-02-28', true],
		['29 February 2080, on 28 February 2098', '2098-02-28', '2080-02-29', false],
		['asked on 1 March 2100, which follows 28 February', '2100-03-01', '2082-03-01', true],
		['born on 28 February 2100', '2118-02-28', '2100-02-28', true],
		['over the turn of the year', '2026-01-01', '2007-12-31', true],
	])('%s', (_, today, birth, reached) => {
		expect(dateToInteger(birth) <= dateToInteger(birthCutoff(today, 18))).toBe(reached);
	});
});

test.each([-1, 1.5, 201, Number.NaN])('an age of %s can’t be asked for', (years) => {
	expect(() => birthCutoff('2026-11-25', years)).toThrow(expect.objectContaining({ code: 'bbs/bad-request' }));
	expect(() => birthCutoff('0010-01-01', 18)).toThrow(expect.objectContaining({ code: 'bbs/bad-request' }));
});

test('days between', () => {
	expect(daysBetween('2028-03-01', '2028-02-28')).toBe(2);
	expect(daysBetween('2026-02-28', '2026-03-01')).toBe(1);
});
