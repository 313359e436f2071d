import { malformed, TableError, tooLarge } from './errors.ts';
import { type Cell, LIMITS, type ReadOptions, type Row, type Table } from './table.ts';
import { attribute, openPackage, type Package, parseXml } from './zip.node.ts';

// OpenDocument spreadsheets (ODF 1.3 part 3, §9), as far as values of cells need it.

const repeats = (attributes: Readonly<Record<string, string>>, name: string): number => {
	const value = Number(attribute(attributes, name) ?? 1);
	if (!Number.isInteger(value) || value < 1) throw malformed('The file repeats something a number of times that there is not. Save it again.');
	return value;
};

function cellOf(attributes: Readonly<Record<string, string>>, text: string): Cell {
	const formula = attribute(attributes, 'formula') === undefined ? {} : ({ formula: true } as const);
	const type = attribute(attributes, 'value-type');
	const cell = (value: string, kind: Cell['kind']): Cell => ({ text: value, kind, ...formula });
	switch (type) {
		case 'float':
		case 'percentage':
		case 'currency': {
			const value = Number(attribute(attributes, 'value'));
			if (!Number.isFinite(value)) throw malformed('The file holds a number that is none. Save it again.');
			if (Math.abs(value) > Number.MAX_SAFE_INTEGER) return { ...cell(String(value), 'number'), problem: 'imprecise' };
			return cell(String(value), 'number');
		}
		case 'date':
			return cell((attribute(attributes, 'date-value') ?? '').replace(/T00:00:00(\.0+)?$/, ''), 'date');
		case 'boolean':
			return cell(attribute(attributes, 'boolean-value') ?? '', 'boolean');
		default: {
			const value = attribute(attributes, 'string-value') ?? text;
			// LibreOffice saves a formula's error as a text.
			if ('formula' in formula && /^(#[A-Z/0]+[!?]?|Err:\d+)/.test(value)) return { ...cell('', 'text'), problem: 'error' };
			return 'formula' in formula && value === '' ? { ...cell('', 'text'), problem: 'no-value' } : cell(value, 'text');
		}
	}
}

interface Sheet {
	readonly name: string;
	readonly rows: Row[];
}

/** Goes through the tables of a document; `wanted` says whose rows to gather. */
function tables(wanted: (name: string, index: number) => boolean) {
	const names: string[] = [];
	let current: Sheet | undefined;
	let depth = 0;
	let line = 0;
	let count = 0;
	let rowRepeats = 1;
	let cells: Cell[] = [];
	let attributes: Readonly<Record<string, string>> | undefined;
	let text = '';
	let inParagraph = 0;
	let inNote = 0;
	let cellRepeats = 1;
	let done: Row[] = [];

	const endCell = (): void => {
		if (!attributes) return;
		const cell = cellOf(attributes, text);
		if (cell.text.length > LIMITS.cell) throw tooLarge(`A cell in row ${line} is longer than a spreadsheet allows.`);
		const empty = cell.text === '' && !cell.problem;
		// Sheets end with thousands of empty cells that are written as one.
		if (!empty && cells.length + cellRepeats > LIMITS.columns) throw tooLarge(`Row ${line} has more than ${LIMITS.columns} columns.`);
		for (let n = 0; n < cellRepeats && cells.length < LIMITS.columns; n += 1) cells.push(cell);
		attributes = undefined;
	};
	const endRow = (): void => {
		while (cells.length > 0 && cells.at(-1)?.text === '' && !cells.at(-1)?.problem) cells.pop();
		if (cells.length > 0) {
			count += rowRepeats;
			if (count > LIMITS.rows) throw tooLarge(`The file has more than ${LIMITS.rows.toLocaleString('en-GB')} rows. Divide it.`);
			for (let n = 0; n < rowRepeats; n += 1) done.push({ line: line + n, cells });
		}
		line += rowRepeats - 1;
	};

	return {
		names,
		take: (): Row[] => {
			const rows = done;
			done = [];
			return rows;
		},
		handlers: {
			open: (name: string, given: Readonly<Record<string, string>>): void => {
				if (name === 'table') {
					depth += 1;
					if (depth > 1) return;
					const sheet = attribute(given, 'name') ?? '';
					names.push(sheet);
					current = wanted(sheet, names.length - 1) ? { name: sheet, rows: [] } : undefined;
					line = 0;
					return;
				}
				if (!current || depth !== 1) return;
				if (name === 'table-row') {
					line += 1;
					cells = [];
					rowRepeats = repeats(given, 'number-rows-repeated');
				} else if (name === 'table-cell' || name === 'covered-table-cell') {
					attributes = name === 'table-cell' ? given : {};
					cellRepeats = repeats(given, 'number-columns-repeated');
					text = '';
				} else if (name === 'annotation') inNote += 1;
				else if (name === 'p' && attributes) {
					if (inNote === 0 && text !== '') text += '\n';
					inParagraph += 1;
				} else if (inParagraph > 0 && inNote === 0) {
					if (name === 's') text += ' '.repeat(Math.min(repeats(given, 'c'), 1000));
					else if (name === 'tab') text += '\t';
					else if (name === 'line-break') text += '\n';
				}
			},
			text: (piece: string): void => {
				if (!attributes || inParagraph === 0 || inNote > 0) return;
				text += piece;
				if (text.length > LIMITS.cell) throw tooLarge(`A cell in row ${line} is longer than a spreadsheet allows.`);
			},
			close: (name: string): void => {
				if (name === 'table') {
					depth -= 1;
					if (depth === 0) current = undefined;
					return;
				}
				if (!current || depth !== 1) return;
				if (name === 'annotation') inNote -= 1;
				else if (name === 'p' && inParagraph > 0) inParagraph -= 1;
				else if (name === 'table-cell' || name === 'covered-table-cell') endCell();
				else if (name === 'table-row') endRow();
			},
		},
	};
}

async function* read(path: string, options: ReadOptions): AsyncGenerator<Row, void> {
	const part = await openPackage(path);
	let found = false;
	try {
		const walk = tables((name, index) => {
			const mine = options.sheet === undefined ? index === 0 : name === options.sheet;
			found ||= mine;
			return mine;
		});
		yield* parseXml(await part.stream('content.xml'), walk.handlers, () => {
			options.signal?.throwIfAborted();
			return walk.take();
		});
		if (!found) throw new TableError('table/no-sheet', 'The file has no such sheet.');
	} finally {
		part.close();
	}
}

export async function openOds(path: string, part: Package): Promise<Table> {
	const walk = tables(() => false);
	for await (const _ of parseXml(await part.stream('content.xml'), walk.handlers, () => [])) {
		// Only the names are wanted.
	}
	return { kind: 'ods', sheets: walk.names, encoding: null, delimiter: null, rows: (options = {}) => read(path, options) };
}
