import { malformed, TableError, tooLarge } from './errors.ts';
import { type Cell, LIMITS, type ReadOptions, type Row, type Table } from './table.ts';
import { attribute, openPackage, type Package, parseXml, readXml } from './zip.node.ts';

// SpreadsheetML (ECMA-376 part 1, §18), as far as values of cells need it.

interface Book {
	readonly sheets: readonly { readonly name: string; readonly part: string }[];
	/** Days count from 1904 instead of 1900. */
	readonly from1904: boolean;
	readonly shared: readonly string[];
	/** Styles that show a number as a date. */
	readonly dateStyles: ReadonlySet<number>;
}

/** Built-in formats that are dates (§18.8.30), without the times of day alone. */
const DATE_FORMATS = new Set([14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 34, 35, 36, 50, 51, 52, 53, 54, 57, 58]);
/** A custom format with a year or a day is a date: y or d outside quotes, brackets and escapes. */
const isDateFormat = (code: string): boolean => /[yd]/i.test(code.replace(/"[^"]*"|\[[^\]]*\]|\\./g, ''));

const partOf = (target: string): string => (target.startsWith('/') ? target.slice(1) : `xl/${target}`.replace(/[^/]+\/\.\.\//g, ''));

/** Sheets and other parts that are remembered by name. No workbook that a person made comes near. */
const MOST_PARTS = 2000;
const tooManyParts = () => tooLarge('The file holds more sheets than Holdfast reads. Save the one that you need as CSV.');
const tooManyTexts = () => tooLarge('The file holds more different texts than Holdfast reads at once. Save it as CSV.');

async function readBook(part: Package): Promise<Book> {
	const targets = new Map<string, string>();
	await readXml(part, 'xl/_rels/workbook.xml.rels', {
		open: (name, attributes) => {
			if (name !== 'Relationship') return;
			if (targets.size >= MOST_PARTS) throw tooManyParts();
			targets.set(attributes.Id ?? '', partOf(attributes.Target ?? ''));
		},
	});
	const sheets: { name: string; part: string }[] = [];
	let from1904 = false;
	await readXml(part, 'xl/workbook.xml', {
		open: (name, attributes) => {
			if (name === 'workbookPr') from1904 = /^(1|true)$/.test(attributes.date1904 ?? '');
			if (name !== 'sheet') return;
			const target = targets.get(attribute(attributes, 'id') ?? '');
			if (sheets.length >= MOST_PARTS) throw tooManyParts();
			if (target !== undefined) sheets.push({ name: attributes.name ?? '', part: target });
		},
	});
	return { sheets, from1904, shared: await sharedTexts(part), dateStyles: await dateStyles(part) };
}

async function sharedTexts(part: Package): Promise<string[]> {
	const shared: string[] = [];
	if (!part.names.includes('xl/sharedStrings.xml')) return shared;
	let text = '';
	let inText = false;
	let phonetic = false;
	let size = 0;
	await readXml(part, 'xl/sharedStrings.xml', {
		open: (name) => {
			if (name === 'si') text = '';
			if (name === 'rPh') phonetic = true;
			inText = name === 't' && !phonetic;
		},
		text: (piece) => {
			if (inText) text += piece;
			if (text.length > LIMITS.shared) throw tooManyTexts();
		},
		close: (name) => {
			if (name === 't') inText = false;
			if (name === 'rPh') phonetic = false;
			if (name !== 'si') return;
			size += text.length + 8;
			if (size > LIMITS.shared) throw tooManyTexts();
			shared.push(text);
		},
	});
	return shared;
}

async function dateStyles(part: Package): Promise<Set<number>> {
	const styles = new Set<number>();
	if (!part.names.includes('xl/styles.xml')) return styles;
	const custom = new Map<number, boolean>();
	let inCellStyles = false;
	let index = 0;
	await readXml(part, 'xl/styles.xml', {
		open: (name, attributes) => {
			if (name === 'numFmt') custom.set(Number(attributes.numFmtId), isDateFormat(attributes.formatCode ?? ''));
			if (name === 'cellXfs') inCellStyles = true;
			if (name !== 'xf' || !inCellStyles) return;
			const format = Number(attributes.numFmtId ?? 0);
			if (custom.get(format) ?? DATE_FORMATS.has(format)) styles.add(index);
			index += 1;
		},
		close: (name) => {
			if (name === 'cellXfs') inCellStyles = false;
		},
	});
	return styles;
}

const EPOCH_1900 = Date.UTC(1899, 11, 30);
const EPOCH_1904 = Date.UTC(1904, 0, 1);

/** A serial number as ISO 8601: a date, with a time of day where there is one. Undefined for one that is no date. */
function dateOf(serial: number, from1904: boolean): string | undefined {
	if (!Number.isFinite(serial) || serial < 0 || serial > 2_958_466) return undefined;
	// Before March 1900 the count of the first epoch is off by one: it has a 29 February 1900.
	const days = !from1904 && serial < 60 ? serial + 1 : serial;
	const iso = new Date((from1904 ? EPOCH_1904 : EPOCH_1900) + Math.round(days * 86_400) * 1000).toISOString();
	return iso.endsWith('T00:00:00.000Z') ? iso.slice(0, 10) : iso.slice(0, 19);
}

/** `BC12` → 54. Undefined for what is no such place. */
function columnOf(reference: string | undefined): number | undefined {
	const letters = /^([A-Z]{1,3})\d+$/.exec(reference ?? '')?.[1];
	if (letters === undefined) return undefined;
	let column = 0;
	for (const letter of letters) column = column * 26 + letter.charCodeAt(0) - 64;
	return column - 1;
}

function cellOf(book: Book, raw: { type: string; style: number; value: string | null; formula: boolean }): Cell {
	const formula = raw.formula ? ({ formula: true } as const) : {};
	const text = (value: string, kind: Cell['kind'] = 'text'): Cell => ({ text: value, kind, ...formula });
	if (raw.value === null || raw.value === '') return raw.formula ? { ...text(''), problem: 'no-value' } : text(raw.value ?? '');
	switch (raw.type) {
		case 's': {
			const found = book.shared[Number(raw.value)];
			if (found === undefined) throw malformed('The file names a text that it does not hold. Save it again.');
			return text(found);
		}
		case 'b':
			return text(raw.value === '1' ? 'true' : 'false', 'boolean');
		case 'e':
			return { ...text(''), problem: 'error' };
		case 'd':
			return text(raw.value.replace(/T00:00:00(\.0+)?Z?$/, ''), 'date');
		case 'n': {
			const value = Number(raw.value);
			if (!Number.isFinite(value)) throw malformed('The file holds a number that is none. Save it again.');
			const date = book.dateStyles.has(raw.style) ? dateOf(value, book.from1904) : undefined;
			if (date !== undefined) return text(date, 'date');
			// A number that was typed as one keeps fifteen digits, whatever is in the file: the others are lost already.
			if (Math.abs(value) >= 1e15) return { ...text(String(value), 'number'), problem: 'imprecise' };
			return text(String(value), 'number');
		}
		default:
			return text(raw.value);
	}
}

async function* read(path: string, options: ReadOptions): AsyncGenerator<Row, void> {
	const part = await openPackage(path);
	try {
		const book = await readBook(part);
		const sheet = options.sheet === undefined ? book.sheets[0] : book.sheets.find(({ name }) => name === options.sheet);
		if (!sheet) throw new TableError('table/no-sheet', 'The file has no such sheet.');
		let done: Row[] = [];
		let line = 0;
		let count = 0;
		let cells: Cell[] = [];
		let column = 0;
		let current: { type: string; style: number; value: string | null; formula: boolean } | undefined;
		let taking = false;
		const take = (): Row[] => {
			options.signal?.throwIfAborted();
			const rows = done;
			done = [];
			return rows;
		};
		yield* parseXml(
			await part.stream(sheet.part),
			{
				open: (name, attributes) => {
					if (name === 'row') {
						line = Number(attributes.r ?? line + 1);
						if (!Number.isInteger(line) || line < 1) throw malformed('The file has a row without a place. Save it again.');
						cells = [];
						column = 0;
					} else if (name === 'c') {
						column = columnOf(attributes.r) ?? column;
						if (column >= LIMITS.columns) throw tooLarge(`Row ${line} has more than ${LIMITS.columns} columns.`);
						current = { type: attributes.t ?? 'n', style: Number(attributes.s ?? 0), value: null, formula: false };
					} else if (name === 'f' && current) current.formula = true;
					else taking = current !== undefined && (name === 'v' || (name === 't' && current.type === 'inlineStr'));
				},
				text: (piece) => {
					if (!taking || !current) return;
					current.value = (current.value ?? '') + piece;
					if (current.value.length > LIMITS.cell) throw tooLarge(`A cell in row ${line} is longer than a spreadsheet allows.`);
				},
				close: (name) => {
					taking = false;
					if (name === 'c' && current) {
						while (cells.length < column) cells.push({ text: '', kind: 'text' });
						cells[column] = cellOf(book, current);
						column += 1;
						current = undefined;
					} else if (name === 'row' && cells.some((cell) => cell.text !== '' || cell.problem)) {
						count += 1;
						if (count > LIMITS.rows) throw tooLarge(`The file has more than ${LIMITS.rows.toLocaleString('en-GB')} rows. Divide it.`);
						done.push({ line, cells });
					}
				},
			},
			take,
		);
	} finally {
		part.close();
	}
}

export async function openXlsx(path: string, part: Package): Promise<Table> {
	const { sheets } = await readBook(part);
	return { kind: 'xlsx', sheets: sheets.map(({ name }) => name), encoding: null, delimiter: null, rows: (options = {}) => read(path, options) };
}
