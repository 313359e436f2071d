import { open } from 'node:fs/promises';
import { openCsv } from './csv.node.ts';
import { TableError, tooLarge } from './errors.ts';
import { openOds } from './ods.node.ts';
import { LIMITS, type Table } from './table.ts';
import { openXlsx } from './xlsx.node.ts';
import { openPackage } from './zip.node.ts';

const HEAD = 65_536;
const unknown = (message: string): TableError => new TableError('table/unknown-kind', message);

/**
 * Opens a file and finds out, by its content and not by its name, what kind of table it is.
 *
 * @throws TableError `table/unreadable`, `table/empty`, `table/unknown-kind`, `table/too-large`, `table/malformed`
 */
export async function openTable(path: string): Promise<Table> {
	const { head, size } = await headOf(path);
	if (size === 0) throw new TableError('table/empty', 'The file is empty.');
	if (size > LIMITS.file) throw tooLarge('The file is larger than 1 GiB. Divide it.');
	const starts = (...bytes: readonly number[]): boolean => bytes.every((byte, index) => head[index] === byte);
	if (starts(0xd0, 0xcf, 0x11, 0xe0)) throw unknown('This is an old Excel file, or one with a password. Save it as XLSX or CSV, without a password.');
	if (starts(0x25, 0x50, 0x44, 0x46)) throw unknown('This is a PDF. Holdfast reads CSV, XLSX and ODS.');
	if (!starts(0x50, 0x4b, 0x03, 0x04)) {
		const utf16 = starts(0xff, 0xfe) || starts(0xfe, 0xff);
		const sample = head.subarray(0, 1024);
		const zeros = sample.filter((byte) => byte === 0).length;
		// UTF-16 has a zero in every second byte of most texts; a file of something else has them anywhere.
		if (!utf16 && zeros > 0 && zeros < sample.length / 4) throw unknown('This is not a table that Holdfast reads. Save it as CSV, XLSX or ODS.');
		return openCsv(path, head, size);
	}
	const part = await openPackage(path);
	try {
		if (part.names.includes('xl/workbook.xml')) return await openXlsx(path, part);
		if (part.names.includes('content.xml') && part.names.includes('mimetype')) return await openOds(path, part);
	} finally {
		part.close();
	}
	throw unknown('This is not a table that Holdfast reads. Save it as CSV, XLSX or ODS.');
}

async function headOf(path: string): Promise<{ head: Uint8Array; size: number }> {
	try {
		const file = await open(path, 'r');
		try {
			const found = await file.stat();
			if (!found.isFile()) throw new Error('not a file');
			const buffer = new Uint8Array(HEAD);
			const { bytesRead } = await file.read(buffer, 0, HEAD, 0);
			return { head: buffer.subarray(0, bytesRead), size: found.size };
		} finally {
			await file.close();
		}
	} catch (cause) {
		throw new TableError('table/unreadable', 'The file cannot be read. Is it open in another program, or gone?', { cause });
	}
}
