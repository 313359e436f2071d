import { BbsError } from './errors.ts';

/**
 * Dates of the proleptic Gregorian calendar, `YYYY-MM-DD`, as the integer YYYYMMDD. The order of the
 * integers is the order of the days, and "N years before" is exact in it; in days since an epoch it is not.
 */
const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;

/** The smallest and largest date as integers: what a bound on one side reaches to on the other. */
export const FIRST_DATE = 1_01_01;
export const LAST_DATE = 9999_12_31;

const leap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
const daysIn = (year: number, month: number): number => [31, leap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;

/** Whether `text` is a day that exists: 1900-02-29 does not. */
export const isDate = (text: unknown): text is string => typeof text === 'string' && toInteger(text) !== undefined;

function toInteger(text: string): number | undefined {
	const match = DATE.exec(text);
	if (!match) return undefined;
	const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
	if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
	return year * 10_000 + month * 100 + day;
}

/** A real date as YYYYMMDD. Throws `bbs/bad-claim`. */
export function dateToInteger(text: string): number {
	const value = toInteger(text);
	if (value === undefined) throw new BbsError('bbs/bad-claim', 'This is not a date of the calendar.');
	return value;
}

const pad = (value: number, length: number): string => String(value).padStart(length, '0');

/**
 * The last birth date of a person who is at least `years` old on the day `today`. Who is born on
 * 29 February has the birthday on 1 March in other years, because the proof compares dates as written.
 */
export function birthCutoff(today: string, years: number): string {
	const now = dateToInteger(today);
	if (!Number.isSafeInteger(years) || years < 0 || years > 200) throw new BbsError('bbs/bad-request', 'This is not an age that can be asked for.');
	const year = Math.floor(now / 10_000) - years;
	const month = Math.floor(now / 100) % 100;
	// 29 February of a year without one: the day before is as late as a birth date can be.
	const day = Math.min(now % 100, daysIn(year, month));
	if (year < 1) throw new BbsError('bbs/bad-request', 'This is not an age that can be asked for.');
	return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
}

/** The day in UTC of a time in milliseconds. */
export const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** How many days lie between two dates. */
export const daysBetween = (a: string, b: string): number => Math.abs(Date.parse(`${a}T00:00:00Z`) - Date.parse(`${b}T00:00:00Z`)) / 86_400_000;
