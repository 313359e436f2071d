// What a spreadsheet would take for a formula when it opens a CSV: OWASP's list for CSV injection. Also behind white space,
// which some programs skip.
const FORMULA = /^\s*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;
/** The same behind what other countries' spreadsheets separate cells by: quotation marks do not hold there. */
const LATER = /([;\t|]\s*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])/g;
const PLAIN_NUMBER = /^[+-]?\d+(\.\d+)?$/;

/** One line of a CSV (RFC 4180), with its end. Texts that could be formulas get an apostrophe, so that they stay texts. */
export const csvLine = (cells: readonly (string | number | null)[]): string => `${cells.map(csvCell).join(',')}\r\n`;

function csvCell(value: string | number | null): string {
	if (value === null) return '';
	if (typeof value === 'number') return String(value);
	const first = FORMULA.test(value) && !PLAIN_NUMBER.test(value) ? `'${value}` : value;
	const safe = first.replace(LATER, "$1'");
	return /[",\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
