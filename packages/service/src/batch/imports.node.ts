import { basename } from 'node:path';
import type { CallInput, CallOutput } from '@holdfast/contract';
import { displayText, newId } from '@holdfast/kernel';
import { openTable, type ReadOptions, type Row } from '@holdfast/tables';
import { ServiceError } from '../errors.ts';
import type { Session } from '../session.node.ts';
import { credentialType } from '../types.node.ts';
import { missingFields, suggestColumns } from './cells.ts';

const ENDINGS = ['csv', 'tsv', 'txt', 'xlsx', 'ods'];
const SAMPLES = 5;
const MOST = 8;

/** A file that the user chose, and how it is to be read. The file itself stays where it is. */
export interface Import {
	readonly id: string;
	readonly path: string;
	readonly name: string;
	readonly options: ReadOptions;
	/** Of the first row. */
	readonly columns: readonly string[];
}

/** The files that are being looked at; forgotten with the session. */
export class Imports {
	readonly #open = new Map<string, Import>();

	keep(entry: Import): void {
		const oldest = this.#open.size >= MOST ? this.#open.keys().next().value : undefined;
		if (oldest !== undefined) this.#open.delete(oldest);
		this.#open.set(entry.id, entry);
	}

	/** @throws ServiceError import/not-open */
	get(id: string): Import {
		const found = this.#open.get(id);
		if (!found) throw new ServiceError('import/not-open', 'This file is no longer open. Choose it again.');
		return found;
	}
}

type Preview = NonNullable<CallOutput<'import.open'>>;

/** Asks for a file and looks into it. */
export async function openImport(session: Session, typeId: string): Promise<Preview | null> {
	const path = (await session.ports.chooseFile?.('Choose a table: CSV, XLSX or ODS', ENDINGS)) ?? null;
	if (path === null) return null;
	return look(session, { id: newId(session.random), path, name: displayText(basename(path), 120) }, typeId, {});
}

export const lookAgain = (session: Session, { id, typeId, sheet, encoding, delimiter }: CallInput<'import.look'>): Promise<Preview> => {
	const { path, name } = session.imports.get(id);
	return look(session, { id, path, name }, typeId, {
		...(sheet === undefined ? {} : { sheet }),
		...(encoding === undefined ? {} : { encoding }),
		...(delimiter === undefined ? {} : { delimiter }),
	});
};

async function look(
	session: Session,
	file: { readonly id: string; readonly path: string; readonly name: string },
	typeId: string,
	options: ReadOptions,
): Promise<Preview> {
	const type = credentialType(session.vault, typeId);
	const table = await openTable(file.path);
	const rows: Row[] = [];
	for await (const row of table.rows(options)) {
		rows.push(row);
		if (rows.length > SAMPLES) break;
	}
	const [header, ...rest] = rows;
	if (!header) throw new ServiceError('import/empty', 'There is nothing in this table. Choose another sheet or file.');
	const width = Math.max(...rows.map(({ cells }) => cells.length));
	const names = Array.from({ length: width }, (_, index) => displayText(header.cells[index]?.text ?? '', 80) || `Column ${index + 1}`);
	const suggested = suggestColumns(type, names);
	session.imports.keep({ ...file, options, columns: names });
	return {
		id: file.id,
		name: file.name,
		kind: table.kind,
		sheets: table.sheets.map((name) => displayText(name, 255)),
		sheet: options.sheet ?? table.sheets[0] ?? null,
		encoding: options.encoding ?? table.encoding,
		delimiter: options.delimiter ?? table.delimiter,
		columns: names.map((name, index) => ({
			name,
			samples: rest.map(({ cells }) => displayText(cells[index]?.text ?? '', 60)),
			suggested: (suggested[index] ?? { kind: 'nothing' }) as Preview['columns'][number]['suggested'],
		})),
		unknown: names.filter((_, index) => suggested[index]?.kind === 'nothing'),
		missing: missingFields(type, suggested),
	};
}
