const ISO_DATE = /^(\d{4})-(\d{2})-(\d{2})$/;

/** Whether `text` is a day that exists, as `yyyy-mm-dd` (ISO 8601 calendar date, extended format). */
export function isIsoDate(text: string): boolean {
	const match = ISO_DATE.exec(text);
	if (!match) return false;
	const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
	// Date.UTC reads years below 100 as 19xx, hence setUTCFullYear.
	const date = new Date(0);
	date.setUTCFullYear(year, month - 1, day);
	return date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** Puts the dashes into eight digits being typed: `199004` becomes `1990-04`. Anything else is left alone. */
export function typeIsoDate(text: string): string {
	if (!/^[\d-]*$/.test(text)) return text;
	const digits = text.replaceAll('-', '').slice(0, 8);
	const parts = [digits.slice(0, 4), digits.slice(4, 6), digits.slice(6)].filter((part) => part !== '');
	const typed = parts.join('-');
	// A dash just typed at its place stays.
	return text.endsWith('-') && (digits.length === 4 || digits.length === 6) ? `${typed}-` : typed;
}
