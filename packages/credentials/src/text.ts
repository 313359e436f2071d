import { displayText } from '@holdfast/kernel';

// Times as they stand in reports: the project's own language, UTC, so that a report reads the same everywhere.

const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
const MINUTE = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit', minute: '2-digit', timeZone: 'UTC' });

/** `3 May 2026`. Seconds since the epoch. */
export const day = (seconds: number): string => DAY.format(seconds * 1000);

/** `3 May 2026 at 14:05 UTC`. */
export const minute = (seconds: number): string => `${MINUTE.format(seconds * 1000).replace(', ', ' at ')} UTC`;

/** How long ago that was, roughly: `4 minutes ago`. */
export function ago(seconds: number): string {
	const units = [
		[86_400, 'day'],
		[3_600, 'hour'],
		[60, 'minute'],
	] as const;
	for (const [size, name] of units) {
		const count = Math.floor(seconds / size);
		if (count >= 1) return `${count} ${name}${count === 1 ? '' : 's'} ago`;
	}
	return `${seconds} second${seconds === 1 ? '' : 's'} ago`;
}

export const iso = (seconds: number): string => new Date(seconds * 1000).toISOString();

/** Foreign text inside a sentence of ours: cleaned, short, in quotation marks so that it cannot pass for the sentence. */
export const quoted = (text: string, max = 80): string => `“${displayText(text, max).replace(/[“”]/g, "'")}”`;
