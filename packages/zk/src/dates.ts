import type { Clock } from '@holdfast/kernel';
import { ZkError } from './errors.ts';

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

const daysIn = (year: number, month: number): number => (month === 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31);

/** Whether this number is a day of the proleptic Gregorian calendar as YYYYMMDD, from year 1 to 9999. */
export function isDay(value: unknown): value is number {
	if (typeof value !== 'number' || !Number.isInteger(value) || value < 1_01_01 || value > 9999_12_31) return false;
	const [year, month, day] = parts(value);
	return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
}

const parts = (day: number): [number, number, number] => [Math.floor(day / 10_000), Math.floor(day / 100) % 100, day % 100];

/** YYYYMMDD of a full date (RFC 3339 §5.6 `full-date`), or `undefined` where it is not one or the day does not exist. */
export function readDate(text: unknown): number | undefined {
	const match = typeof text === 'string' ? DATE.exec(text) : null;
	if (!match) return undefined;
	const day = Number(`${match[1]}${match[2]}${match[3]}`);
	return isDay(day) ? day : undefined;
}

/** The full date of YYYYMMDD. */
export function dateText(day: number): string {
	if (!isDay(day)) throw new ZkError('zk/bad-date', 'This is not a day of the calendar.');
	const text = String(day).padStart(8, '0');
	return `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`;
}

/** The day in UTC. */
export function dayOf(clock: Clock): number {
	const date = new Date(clock.now());
	return date.getUTCFullYear() * 10_000 + (date.getUTCMonth() + 1) * 100 + date.getUTCDate();
}

/** Days from `a` to `b`. */
export function daysBetween(a: number, b: number): number {
	const time = (day: number): number => {
		const [year, month, date] = parts(day);
		const at = new Date(0);
		// Date.UTC would take the years 0 to 99 for 1900 to 1999.
		at.setUTCFullYear(year, month - 1, date);
		return at.getTime();
	};
	return Math.round((time(b) - time(a)) / 86_400_000);
}

/**
 * The latest birth date of somebody who is `years` old on `today` (both YYYYMMDD).
 *
 * Somebody is N years old from the day with the month and date of the birth, N years later. Whoever was born on 29 February
 * becomes older on 1 March where there is no 29 February: the law of most countries, and never a day too early. So the
 * order of numbers YYYYMMDD, minus N * 10000, is exact. Where that gives a 29 February that does not exist, the day before
 * is meant by the same order.
 */
export function latestBirth(years: number, today: number): number {
	if (!Number.isInteger(years) || years < 0 || years > 150 || !isDay(today))
		throw new ZkError('zk/bad-date', 'The age must be a whole number of years from 0 to 150.');
	const cutoff = today - years * 10_000;
	const day = isDay(cutoff) ? cutoff : cutoff - 1;
	if (!isDay(day)) throw new ZkError('zk/bad-date', 'There is no such date.');
	return day;
}
