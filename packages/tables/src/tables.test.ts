import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { csvLine, lookAlike, openTable, type ReadOptions, type Row, scriptOf, type TableError } from './index.ts';
import { packed } from './testing/packed.node.ts';

const folder = mkdtempSync(join(tmpdir(), 'holdfast-tables-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;
function file(content: string | Uint8Array): string {
	files += 1;
	const path = join(folder, `t${files}`);
	writeFileSync(path, content);
	return path;
}

const zip = (parts: Readonly<Record<string, string>>, lie?: { readonly size?: number }): string => file(packed(parts, lie));

async function all(path: string, options?: ReadOptions): Promise<Row[]> {
	const rows: Row[] = [];
	for await (const row of (await openTable(path)).rows(options)) rows.push(row);
	return rows;
}
const texts = async (path: string, options?: ReadOptions): Promise<string[][]> => (await all(path, options)).map((row) => row.cells.map((cell) => cell.text));
const codeOf = (work: Promise<unknown>): Promise<string> =>
	work.then(
		() => 'nothing was thrown',
		(error: TableError) => error.code,
	);

describe('CSV', () => {
	const people = 'Name,Ort\nZoë,Köln\n';
	const expected = [
		['Name', 'Ort'],
		['Zoë', 'Köln'],
	];
	const utf16be = Buffer.from(`\ufeff${people}`, 'utf16le').swap16();

	it.each<[string, Uint8Array, string]>([
		['UTF-8', Buffer.from(people), 'utf-8'],
		['UTF-8 with a mark', Buffer.from(`\ufeff${people}`), 'utf-8'],
		['UTF-16, little end first', Buffer.from(`\ufeff${people}`, 'utf16le'), 'utf-16le'],
		['UTF-16, big end first', utf16be, 'utf-16be'],
		['UTF-16 without a mark', Buffer.from(people, 'utf16le'), 'utf-16le'],
		['Latin-1', Buffer.from(people, 'latin1'), 'windows-1252'],
	])('in %s', async (_what, bytes, encoding) => {
		const path = file(bytes);
		expect((await openTable(path)).encoding).toBe(encoding);
		expect(await texts(path)).toEqual(expected);
	});

	it('is Latin-1 also where the first sign of it comes late', async () => {
		const path = file(Buffer.concat([Buffer.from(`a\n${'plain\n'.repeat(100_000)}`), Buffer.from('Zoë\n', 'latin1')]));
		expect((await openTable(path)).encoding).toBe('windows-1252');
		expect((await texts(path)).at(-1)).toEqual(['Zoë']);
	});

	it.each([',', ';', '\t', '|'])('divided by %j, with other delimiters in its texts', async (delimiter) => {
		const path = file(`A${delimiter}B${delimiter}C\n"x,;|y"${delimiter}2${delimiter}"say ""hi""\nthere"\n`);
		expect((await openTable(path)).delimiter).toBe(delimiter);
		const rows = await all(path);
		expect(rows[1]?.cells.map((cell) => cell.text)).toEqual(['x,;|y', '2', 'say "hi"\nthere']);
		expect(rows.map((row) => row.line)).toEqual([1, 3]);
	});

	it('of one column, with empty lines, and with uneven rows', async () => {
		expect(await texts(file('A\n\n1\n,,\n2\n'))).toEqual([['A'], ['1'], ['2']]);
		expect(await texts(file('A,B\n1\n1,2,3\n'))).toEqual([['A', 'B'], ['1'], ['1', '2', '3']]);
	});

	it('that is broken says in which line, and not what stands there', async () => {
		for (const content of ['A,B\n1,2\n"secret,3\n', 'A,B\n1,2\nsec"ret,"x"y\n']) {
			const error = (await all(file(content)).catch((caught: unknown) => caught)) as TableError;
			expect(error.code).toBe('table/malformed');
			expect(error.message).toMatch(/Line \d/);
			expect(`${error.message}${JSON.stringify(error.data)}`).not.toContain('secret');
		}
	});

	it('in another encoding than was chosen, empty, or no table at all', async () => {
		expect(await codeOf(all(file(Buffer.from('Zoë', 'latin1')), { encoding: 'utf-8' }))).toBe('table/malformed');
		expect(await codeOf(openTable(file('')))).toBe('table/empty');
		expect(await codeOf(openTable(join(folder, 'nowhere')))).toBe('table/unreadable');
		expect(await codeOf(openTable(folder))).toBe('table/unreadable');
		expect(await codeOf(openTable(file(Buffer.from('d0cf11e0a1b11ae1', 'hex'))))).toBe('table/unknown-kind');
		expect(await codeOf(openTable(file('%PDF-1.7')))).toBe('table/unknown-kind');
		expect(await codeOf(openTable(file(Uint8Array.of(7, 7, 7, 0, 9, 9, 9, 9, 9, 9, 9, 9))))).toBe('table/unknown-kind');
		expect(await codeOf(openTable(zip({ 'word/document.xml': '<a/>' })))).toBe('table/unknown-kind');
		expect(await codeOf(all(file(`A\n"${'x'.repeat(2_000_000)}"\n`)))).toBe('table/too-large');
	});

	it('reads what it writes, and nothing that it writes is a formula', async () => {
		const cell = fc.oneof(
			fc.string({ unit: 'grapheme' }),
			fc.constantFrom('=1+1', '+49 30', '-x', '@a', '\t=1', ' =1', 'a"b', '-1.5', '＝1', 'Erika;=1+1', 'a| @b'),
		);
		const plain = (text: string): string => text.replace(/^'/, '').replace(/([;\t|]\s*)'(?=[=+\-@\uff1d\uff0b\uff0d\uff20])/g, '$1');
		await fc.assert(
			fc.property(fc.array(cell, { minLength: 2, maxLength: 5 }), (cells) => {
				const [read = []] = parse(csvLine(cells)) as string[][];
				expect(read.map(plain)).toEqual(cells.map(plain));
				// As other countries' spreadsheets separate cells, too.
				for (const text of read.flatMap((each) => [each, ...each.split(/[;\t|]/).slice(1)]))
					expect(/^\s*[=+\-@]/.test(text) && !/^[+-]?\d+(\.\d+)?$/.test(text)).toBe(false);
			}),
		);
		expect(csvLine(['=HYPERLINK("x")', 3, null])).toBe(`"'=HYPERLINK(""x"")",3,\r\n`);
	});

	// A million with HOLDFAST_HEAVY=1; the bound is the same, so that it says the same.
	const blocks = process.env.HOLDFAST_HEAVY ? 100 : 20;
	it(`of ${blocks * 10_000} rows needs no more memory than a short one`, { timeout: 120_000 }, async () => {
		const path = join(folder, 'million.csv');
		const out = await open(path, 'w');
		await out.write('id,given,family,date\n');
		const block = Array.from({ length: 10_000 }, (_, n) => `${n},Ada${n},"Byron, ${n}",1990-01-01\n`).join('');
		for (let n = 0; n < blocks; n += 1) await out.write(block);
		await out.close();
		globalThis.gc?.();
		const before = process.memoryUsage().rss;
		let most = 0;
		let count = 0;
		for await (const row of (await openTable(path)).rows()) {
			count += 1;
			if (row.cells.length !== 4) throw new Error('a row of another width');
			if (count % 50_000 === 0) most = Math.max(most, process.memoryUsage().rss - before);
		}
		expect(count).toBe(blocks * 10_000 + 1);
		// A million rows as objects would take several hundred.
		expect(most / 2 ** 20).toBeLessThan(150);
	});
});

const book = (sheet: string, more: Readonly<Record<string, string>> = {}, properties = ''): string =>
	zip({
		'[Content_Types].xml': '<Types/>',
		'xl/workbook.xml': `<workbook xmlns:r="r">${properties}<sheets><sheet name="First" sheetId="1" r:id="rId1"/><sheet name="Other" sheetId="2" r:id="rId2"/></sheets></workbook>`,
		'xl/_rels/workbook.xml.rels':
			'<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Target="/xl/worksheets/sheet2.xml"/></Relationships>',
		'xl/styles.xml':
			'<styleSheet><numFmts><numFmt numFmtId="170" formatCode="dd\\.mm\\.yyyy"/><numFmt numFmtId="171" formatCode="0.00&quot;day&quot;"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/><xf numFmtId="171"/><xf numFmtId="22"/></cellXfs></styleSheet>',
		'xl/sharedStrings.xml': '<sst><si><t>Name</t></si><si><r><t>Ada </t></r><r><t xml:space="preserve">B.</t></r><rPh><t>eida</t></rPh></si></sst>',
		'xl/worksheets/sheet1.xml': `<worksheet><sheetData>${sheet}</sheetData></worksheet>`,
		'xl/worksheets/sheet2.xml': '<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>second</t></is></c></row></sheetData></worksheet>',
		...more,
	});

describe('XLSX', () => {
	it('values of every kind, dates by their style, and gaps', async () => {
		const path = book(
			`<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c></row><row r="2"/><row r="5"><c r="A5" s="1"><v>45292</v></c><c r="B5" s="2"><v>1</v></c><c r="C5" s="3"><v>2.5</v></c><c r="D5" s="4"><v>45292.5</v></c><c r="E5" t="b"><v>1</v></c><c r="F5"><v>1.0000000000000001E-2</v></c><c r="G5" t="str"><v>&lt;x&gt;</v></c></row>`,
		);
		const table = await openTable(path);
		expect(table).toMatchObject({ kind: 'xlsx', sheets: ['First', 'Other'] });
		const rows = await all(path);
		expect(rows.map((row) => row.line)).toEqual([1, 5]);
		expect(rows[0]?.cells.map((cell) => cell.text)).toEqual(['Name', '', 'Ada B.']);
		expect(rows[1]?.cells).toEqual([
			{ text: '2024-01-01', kind: 'date' },
			{ text: '1900-01-01', kind: 'date' },
			{ text: '2.5', kind: 'number' },
			{ text: '2024-01-01T12:00:00', kind: 'date' },
			{ text: 'true', kind: 'boolean' },
			{ text: '0.01', kind: 'number' },
			{ text: '<x>', kind: 'text' },
		]);
		expect(await texts(path, { sheet: 'Other' })).toEqual([['second']]);
		expect(await codeOf(all(path, { sheet: 'Third' }))).toBe('table/no-sheet');
		expect(await texts(book('<row r="1"><c r="A1" s="1"><v>0</v></c></row>', {}, '<workbookPr date1904="1"/>'))).toEqual([['1904-01-01']]);
	});

	it('no formula is evaluated: its saved value, and where there is none, a problem', async () => {
		const [row] = await all(
			book(
				'<row r="1"><c r="A1"><f>1+1</f><v>41</v></c><c r="B1"><f>WEBSERVICE("http://x")</f></c><c r="C1" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="D1"><v>12345678901234567890</v></c><c r="E1"><v>1234567890123450</v></c></row>',
			),
		);
		expect(row?.cells).toEqual([
			{ text: '41', kind: 'number', formula: true },
			{ text: '', kind: 'text', formula: true, problem: 'no-value' },
			{ text: '', kind: 'text', formula: true, problem: 'error' },
			{ text: '12345678901234567000', kind: 'number', problem: 'imprecise' },
			{ text: '1234567890123450', kind: 'number', problem: 'imprecise' },
		]);
	});

	it('has a bound on its sheets', async () => {
		const sheets = Array.from({ length: 2001 }, (_, index) => `<sheet name="s${index}" sheetId="${index + 1}" r:id="rId1"/>`).join('');
		const workbook = `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>${sheets}</sheets></workbook>`;
		expect(await codeOf(all(book('', { 'xl/workbook.xml': workbook })))).toBe('table/too-large');
	});

	it('that is hostile or damaged is refused', async () => {
		const entity = book('', { 'xl/worksheets/sheet1.xml': '<!DOCTYPE a [<!ENTITY b "x">]><worksheet/>' });
		expect(await codeOf(all(entity))).toBe('table/malformed');
		expect(await codeOf(all(book('<row r="1"><c r="A1" t="s"><v>99</v></c></row>')))).toBe('table/malformed');
		expect(await codeOf(all(book('<row r="1"><c r="A1"><v>1')))).toBe('table/malformed');
		expect(await codeOf(all(book(`<row r="1"><c r="A1" t="str"><v>${'x'.repeat(40_000)}</v></c></row>`)))).toBe('table/too-large');
		expect(await codeOf(all(book('<row r="1"><c r="ZZZ1"><v>1</v></c></row>')))).toBe('table/too-large');
		expect(await codeOf(all(book(`<row r="1"><c r="A1" t="str"><v${' a="b"'.repeat(1_000_000)}>1</v></c></row>`)))).not.toBe('nothing was thrown');
		expect(await codeOf(openTable(zip({ 'xl/workbook.xml': 'x' }, { size: 999_999 })))).toBe('table/malformed');
		expect(await codeOf(openTable(zip({ 'xl/workbook.xml': '<workbook/>' })))).toBe('table/malformed');
		expect(await codeOf(openTable(file('PK\x03\x04 and nothing more')))).toBe('table/malformed');
	});
});

const document = (rows: string): string =>
	zip({
		mimetype: 'application/vnd.oasis.opendocument.spreadsheet',
		'content.xml': `<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><office:body><office:spreadsheet><table:table table:name="First">${rows}</table:table><table:table table:name="Other"><table:table-row><table:table-cell office:value-type="string"><text:p>second</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet></office:body></office:document-content>`,
	});

describe('ODS', () => {
	it('values of every kind, repeated cells and rows, and notes left out', async () => {
		const path = document(
			`<table:table-row table:number-rows-repeated="3"/><table:table-row><table:table-cell office:value-type="string"><office:annotation><text:p>note</text:p></office:annotation><text:p>Ada<text:s text:c="2"/>B.</text:p><text:p>two</text:p></table:table-cell><table:table-cell office:value-type="date" office:date-value="2024-01-01"><text:p>1.1.24</text:p></table:table-cell><table:table-cell office:value-type="float" office:value="2.50" table:number-columns-repeated="2"/><table:table-cell office:value-type="boolean" office:boolean-value="true"/><table:table-cell table:number-columns-repeated="16000"/></table:table-row><table:table-row table:number-rows-repeated="2"><table:table-cell office:value-type="string"><text:p>same</text:p></table:table-cell></table:table-row><table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>`,
		);
		expect(await openTable(path)).toMatchObject({ kind: 'ods', sheets: ['First', 'Other'] });
		const rows = await all(path);
		expect(rows.map((row) => row.line)).toEqual([4, 5, 6]);
		expect(rows[0]?.cells.map((cell) => [cell.text, cell.kind])).toEqual([
			['Ada  B.\ntwo', 'text'],
			['2024-01-01', 'date'],
			['2.5', 'number'],
			['2.5', 'number'],
			['true', 'boolean'],
		]);
		expect(await texts(path, { sheet: 'Other' })).toEqual([['second']]);
		expect(await codeOf(all(path, { sheet: 'Third' }))).toBe('table/no-sheet');
	});

	it('formulas give their saved value, and repeats have a bound', async () => {
		const [row] = await all(
			document(
				'<table:table-row><table:table-cell table:formula="of:=1+1" office:value-type="float" office:value="41"/><table:table-cell table:formula="of:=1/0" office:value-type="string"><text:p>#DIV/0!</text:p></table:table-cell><table:table-cell table:formula="of:=X" office:value-type="string"/><table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>',
			),
		);
		expect(row?.cells.map((cell) => [cell.text, cell.formula, cell.problem])).toEqual([
			['41', true, undefined],
			['', true, 'error'],
			['', true, 'no-value'],
			['x', undefined, undefined],
		]);
		const cell = '<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell>';
		expect(await codeOf(all(document(`<table:table-row table:number-rows-repeated="2000000000">${cell}</table:table-row>`)))).toBe('table/too-large');
		expect(
			await codeOf(all(document(`<table:table-row>${cell.replace('office', 'table:number-columns-repeated="2000000000" office')}</table:table-row>`))),
		).toBe('table/too-large');
		expect(await codeOf(all(document('<table:table-row table:number-rows-repeated="-1"/>')))).toBe('table/malformed');
	});
});

describe('characters that look like others', () => {
	it('letters of two alphabets in one word, and characters that nobody sees', () => {
		expect(lookAlike('Аda')).toBe('mixed-word');
		expect(lookAlike('Ada Αντώνιος')).toBeNull();
		expect(lookAlike('a\u200bb')).toBe('invisible');
		expect(lookAlike('a\u202eb')).toBe('invisible');
		for (const plain of ['Zoë O’Neil', 'Łukasz', '北京', 'Иван', 'Nguyễn', '', '東京 Tokyo', 'مريم']) expect(lookAlike(plain)).toBeNull();
	});

	it('the script of a text', () => {
		expect(['Zoë', 'Łukasz', 'Иван', 'Ада B', '12', '北京'].map(scriptOf)).toEqual(['Latin', 'Latin', 'Cyrillic', 'mixed', null, 'other']);
	});
});
