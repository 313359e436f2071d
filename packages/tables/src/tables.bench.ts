import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { benchReport } from '@holdfast/testkit';
import { expect, test } from 'vitest';
import { openTable } from './index.ts';
import { packed } from './testing/packed.node.ts';

// A million with HOLDFAST_BENCH_TABLE=1000000; each format is read in turn, and how much memory it takes is seen while it is read.
const ROWS = Number(process.env.HOLDFAST_BENCH_TABLE ?? 100_000);

const MAKE: Readonly<Record<string, () => string | Uint8Array>> = {
	csv: () => Array.from({ length: ROWS }, (_, n) => `${n},Ada${n},"Byron, ${n}",1990-01-01\n`).join(''),
	xlsx: () =>
		packed({
			'[Content_Types].xml': '<Types/>',
			'xl/workbook.xml': '<workbook xmlns:r="r"><sheets><sheet name="First" sheetId="1" r:id="rId1"/></sheets></workbook>',
			'xl/_rels/workbook.xml.rels': '<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>',
			'xl/styles.xml': '<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>',
			'xl/worksheets/sheet1.xml': `<worksheet><sheetData>${Array.from(
				{ length: ROWS },
				(_, n) =>
					`<row r="${n + 1}"><c r="A${n + 1}"><v>${n}</v></c><c r="B${n + 1}" t="str"><v>Ada${n}</v></c><c r="C${n + 1}" t="str"><v>Byron, ${n}</v></c><c r="D${n + 1}" s="1"><v>32874</v></c></row>`,
			).join('')}</sheetData></worksheet>`,
		}),
	ods: () =>
		packed({
			mimetype: 'application/vnd.oasis.opendocument.spreadsheet',
			'content.xml': `<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet><table:table table:name="First">${Array.from(
				{ length: ROWS },
				(_, n) =>
					`<table:table-row><table:table-cell office:value-type="float" office:value="${n}"/><table:table-cell office:value-type="string"><text:p>Ada${n}</text:p></table:table-cell><table:table-cell office:value-type="string"><text:p>Byron, ${n}</text:p></table:table-cell><table:table-cell office:value-type="date" office:date-value="1990-01-01"/></table:table-row>`,
			).join('')}</table:table></office:spreadsheet></office:body></office:document-content>`,
		}),
};

test('reading tables, row by row', { timeout: 1_800_000 }, async () => {
	const folder = mkdtempSync(join(tmpdir(), 'holdfast-tables-bench-'));
	const times: Record<string, number> = {};
	const memory: Record<string, number> = {};
	try {
		for (const [kind, make] of Object.entries(MAKE)) {
			const path = join(folder, `table.${kind}`);
			writeFileSync(path, make());
			globalThis.gc?.();
			const before = process.memoryUsage().heapUsed + process.memoryUsage().external;
			let most = 0;
			let count = 0;
			const began = performance.now();
			for await (const row of (await openTable(path)).rows()) {
				count += 1;
				if (row.cells[1]?.text !== `Ada${count - 1}`) throw new Error('another row');
				if (count % 20_000 !== 0) continue;
				const { heapUsed, external } = process.memoryUsage();
				most = Math.max(most, heapUsed + external - before);
			}
			times[kind] = performance.now() - began;
			memory[kind] = Math.round(most / 2 ** 20);
			expect(count).toBe(ROWS);
		}
	} finally {
		rmSync(folder, { recursive: true });
	}
	const row = (kind: string) => ({ what: kind.toUpperCase(), times: [times[kind] ?? 0], note: `${memory[kind]} MB more than before, garbage included` });
	benchReport(`Tables of ${ROWS.toLocaleString('en-GB')} rows, read whole`, [row('csv'), { ...row('xlsx'), beside: 'CSV' }, { ...row('ods'), beside: 'CSV' }]);
});
