// The app speaks English, so its dates do too, whatever the system's language is.
const LOCALE = 'en-GB';

const day = new Intl.DateTimeFormat(LOCALE, { day: 'numeric', month: 'long', year: 'numeric' });
const minute = new Intl.DateTimeFormat(LOCALE, { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' });
const clock = new Intl.DateTimeFormat(LOCALE, { hour: '2-digit', minute: '2-digit' });

/** `22 November 2026`. */
export const formatDay = (at: number): string => day.format(at);

/** `22 Nov 2026, 14:05`. */
export const formatMoment = (at: number): string => minute.format(at);

/** `14:05`. */
export const formatClock = (at: number): string => clock.format(at);

const plural = (count: number, unit: string, units = `${unit}s`): string => `${count} ${count === 1 ? unit : units}`;

/** A length of time in its largest whole unit, rounded up: `1 minute`, `3 days`. Never less than a second. */
export function formatSpan(ms: number): string {
	const seconds = Math.max(1, Math.ceil(ms / 1000));
	if (seconds < 60) return plural(seconds, 'second');
	const minutes = Math.ceil(seconds / 60);
	if (minutes < 60) return plural(minutes, 'minute');
	const hours = Math.ceil(minutes / 60);
	if (hours < 48) return plural(hours, 'hour');
	return plural(Math.ceil(hours / 24), 'day');
}

/** Under which heading a moment stands in a timeline: `Today`, `Yesterday` or the day. */
export function dayHeading(at: number, now: number): string {
	const start = new Date(now);
	start.setHours(0, 0, 0, 0);
	if (at >= start.getTime()) return 'Today';
	start.setDate(start.getDate() - 1);
	return at >= start.getTime() ? 'Yesterday' : formatDay(at);
}

/** `a`, `a and b`, `a, b and c`. */
export function listOf(items: readonly string[]): string {
	if (items.length < 2) return items.join('');
	return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

/** `1 document`, `3 documents`. */
export const countOf = plural;

/** A technical name cut in its middle, so that both ends can be compared. */
export function shorten(text: string, max = 36): string {
	if (text.length <= max) return text;
	const tail = Math.floor((max - 1) / 3);
	return `${text.slice(0, max - 1 - tail)}…${text.slice(-tail)}`;
}
