import { ZkSdJwtError } from './errors.ts';

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

const daysIn = (year: number, month: number): number => (month === 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31);

/** Whether this number is a day of the Gregorian calendar as YYYYMMDD, from year 1 to 9999. */
export function isDay(value: number): boolean {
	if (!Number.isInteger(value) || value < 1_01_01 || value > 9999_12_31) return false;
	const month = Math.floor(value / 100) % 100;
	const day = value % 100;
	return month >= 1 && month <= 12 && day >= 1 && day <= daysIn(Math.floor(value / 10_000), month);
}

/** YYYYMMDD of a full date (RFC 3339 §5.6), or `undefined` where it is not a day of the calendar. */
export function readDate(text: string): number | undefined {
	const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
	const day = match ? Number(`${match[1]}${match[2]}${match[3]}`) : Number.NaN;
	return isDay(day) ? day : undefined;
}

/**
 * The last birth date of somebody who is `years` old on `today` (both YYYYMMDD).
 *
 * One is N years old from the same month and day on, N years later. Whoever was born on 29 February becomes older on 1 March
 * where there is no 29 February: never a day too early. So YYYYMMDD minus N * 10000 is exact as an order of numbers; that it
 * may name a 29 February that does not exist does no harm.
 */
export function cutoffFor(years: number, today: number): number {
	if (!isDay(today)) throw new ZkSdJwtError('zk-sd-jwt/bad-statement', 'The day to prove an age for is not a day of the calendar.');
	const cutoff = today - years * 10_000;
	if (!Number.isInteger(years) || years < 0 || years > 150 || cutoff < 1_01_01) {
		throw new ZkSdJwtError('zk-sd-jwt/bad-statement', 'An age is a whole number of years from 0 to 150.');
	}
	return cutoff;
}

/** The day in UTC of a time in seconds. */
export function dayOf(seconds: number): number {
	const date = new Date(seconds * 1000);
	return date.getUTCFullYear() * 10_000 + (date.getUTCMonth() + 1) * 100 + date.getUTCDate();
}
