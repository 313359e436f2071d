import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { parse as parseSync } from 'csv-parse/sync';
import { malformed, tooLarge } from './errors.ts';
import { type Encoding, LIMITS, type ReadOptions, type Row, type Table } from './table.ts';

const DELIMITERS = [',', ';', '\t', '|'] as const;
const SAMPLE = 65_536;

/** A byte order mark says it; else zero bytes tell UTF-16, and what is not UTF-8 throughout is Windows-1252. */
async function encodingOf(path: string, head: Uint8Array): Promise<Encoding> {
	if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
	if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
	const sample = head.subarray(0, 1024);
	const zeros = (odd: number): number => sample.filter((byte, index) => byte === 0 && index % 2 === odd).length;
	if (zeros(1) > sample.length / 4) return 'utf-16le';
	if (zeros(0) > sample.length / 4) return 'utf-16be';
	const decoder = new TextDecoder('utf-8', { fatal: true });
	try {
		for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) decoder.decode(chunk as Buffer, { stream: true });
		decoder.decode();
		return 'utf-8';
	} catch (error) {
		if (!(error instanceof TypeError)) throw error;
		return 'windows-1252';
	}
}

/** The delimiter that divides the first lines into the most columns, evenly. */
function delimiterOf(sample: string, complete: boolean): string {
	// The last line may be cut off.
	const text = complete ? sample : sample.slice(0, sample.lastIndexOf('\n') + 1) || sample;
	let best = { delimiter: ',', score: 0 };
	for (const delimiter of DELIMITERS) {
		let rows: string[][];
		try {
			rows = parseSync(text, { delimiter, relax_column_count: true, skip_empty_lines: true, bom: true, to: 50 });
		} catch {
			continue;
		}
		const width = rows[0]?.length ?? 0;
		const even = rows.filter((row) => row.length === width).length / Math.max(1, rows.length);
		const score = width > 1 ? even * 1000 + width : 0;
		if (score > best.score) best = { delimiter, score };
	}
	return best.delimiter;
}

async function* decoded(path: string, encoding: Encoding): AsyncGenerator<string, void> {
	const decoder = new TextDecoder(encoding, { fatal: encoding !== 'windows-1252' });
	try {
		for await (const chunk of createReadStream(path, { highWaterMark: 1 << 18 })) {
			const text = decoder.decode(chunk as Buffer, { stream: true });
			if (text !== '') yield text;
		}
		const rest = decoder.decode();
		if (rest !== '') yield rest;
	} catch (error) {
		if (error instanceof TypeError) throw malformed('The file is not in the character encoding that was chosen. Choose another.', error);
		throw error;
	}
}

async function* read(path: string, found: { encoding: Encoding; delimiter: string }, options: ReadOptions): AsyncGenerator<Row, void> {
	const source = Readable.from(decoded(path, options.encoding ?? found.encoding));
	const parser = parse({
		delimiter: options.delimiter ?? found.delimiter,
		relax_column_count: true,
		skip_empty_lines: true,
		skip_records_with_empty_values: true,
		info: true,
		max_record_size: LIMITS.cell * 32,
	});
	// An error of the file has to reach the loop below, which reads the parser.
	source.on('error', (error) => parser.destroy(error));
	source.pipe(parser);
	let count = 0;
	try {
		for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
			options.signal?.throwIfAborted();
			count += 1;
			if (count > LIMITS.rows) throw tooLarge(`The file has more than ${LIMITS.rows.toLocaleString('en-GB')} rows. Divide it.`);
			if (record.length > LIMITS.columns) throw tooLarge(`Line ${info.lines} has more than ${LIMITS.columns} columns.`);
			if (record.some((text) => text.length > LIMITS.cell)) throw tooLarge(`A cell in line ${info.lines} is longer than a spreadsheet allows.`);
			yield { line: info.lines, cells: record.map((text) => ({ text, kind: 'text' })) };
		}
	} catch (error) {
		if (!(error instanceof CsvError)) throw error;
		// Its own message quotes the file.
		const line = Number((error as { lines?: unknown }).lines ?? 0);
		if (error.code === 'CSV_MAX_RECORD_SIZE') throw tooLarge(`Line ${line} is too long. Is a quotation mark missing?`);
		throw malformed(`Line ${line} cannot be read: a quotation mark is missing or stands in the wrong place.`);
	} finally {
		source.destroy();
		parser.destroy();
	}
}

export async function openCsv(path: string, head: Uint8Array, size: number): Promise<Table> {
	const encoding = await encodingOf(path, head);
	const sample = new TextDecoder(encoding).decode(head.subarray(0, SAMPLE));
	const delimiter = delimiterOf(sample, size <= SAMPLE);
	return { kind: 'csv', sheets: [], encoding, delimiter, rows: (options = {}) => read(path, { encoding, delimiter }, options) };
}
