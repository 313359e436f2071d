import { createHash } from 'node:crypto';
import type { CallInput } from '@holdfast/contract';
import { type CredentialType, keyInDid } from '@holdfast/credentials';
import { displayText, type Json, type JsonObject, newId } from '@holdfast/kernel';
import { openTable, type Row, scriptOf } from '@holdfast/tables';
import type { BatchItem, BatchRow } from '@holdfast/vault';
import { subtitle } from '../documents.node.ts';
import { ServiceError } from '../errors.ts';
import { basisOf } from '../issuer.node.ts';
import type { Session } from '../session.node.ts';
import { credentialType } from '../types.node.ts';
import { type CellProblem, type CheckedRow, type Column, type ColumnUse, type RowChecker, rowChecker } from './cells.ts';

// Reading a file for good: every row is checked and kept in the vault, so that nothing depends on the file any more.

const PART = 500;

/** As it is kept: what a column is, and what was noticed about it. */
export interface KeptColumn extends Column {
	readonly warnings: readonly string[];
}

export const keptColumns = (batch: BatchRow): KeptColumn[] => batch.columns as unknown as KeptColumn[];

const sorted = (value: Json): Json => {
	if (Array.isArray(value)) return value.map(sorted);
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(
		Object.entries(value)
			.toSorted(([a], [b]) => (a < b ? -1 : 1))
			.map(([name, item]) => [name, sorted(item)]),
	);
};

/** Follows from what would be issued, and to whom: the same row gives the same key, whatever its order of columns. */
const rowKey = (batch: Pick<BatchRow, 'typeId' | 'format' | 'issuerDid'>, { claims, holder, contact }: CheckedRow): string =>
	createHash('sha256')
		.update(JSON.stringify([batch.typeId, batch.format, batch.issuerDid, sorted(claims), holder, contact]))
		.digest('base64url');

function holderProblem(did: string): { code: string; message: string; mend: string } | null {
	if (/^did:(key|jwk):/.test(did) && did.length <= 4096) {
		try {
			if (keyInDid(did)) return null;
		} catch {
			// Told below, like a DID without a key.
		}
	}
	return {
		code: 'import/holder',
		message: 'This is not a DID that holds a key to sign with.',
		mend: 'Ask the holder for a did:key or did:jwk of their wallet.',
	};
}

export const checkerFor = (type: CredentialType, batch: Pick<BatchRow, 'delivery'>, columns: readonly Column[]): RowChecker =>
	rowChecker(type, columns, { needsHolder: batch.delivery === 'signed', holderProblem });

const rowProblem = (code: string, message: string, mend: string): CellProblem => ({ column: null, columnName: 'Row', code, message, mend });

/** A row to keep. Looks for the same row in this batch and others: call it inside the transaction that inserts it. */
export function itemFor(session: Session, batch: BatchRow, checker: RowChecker, row: Pick<Row, 'cells'>, position: number, again: boolean): BatchItem {
	const checked = checker.check(row.cells);
	const problems = [...checked.problems];
	let key: string | null = null;
	if (problems.length === 0) {
		key = rowKey(batch, checked);
		const other = session.vault.batches.positionOfKey(batch.id, key, position);
		if (other !== undefined) {
			problems.push(rowProblem('import/twice', `The row is the same as line ${other}.`, 'Leave one of them out, or change what differs.'));
		} else if (!again && session.vault.batches.issuedElsewhere(batch.id, key)) {
			problems.push(
				rowProblem(
					'import/issued-before',
					'The same document was issued from an earlier file.',
					'Leave it out, or check the file again and allow rows that were issued before.',
				),
			);
		}
	}
	const fine = problems.length === 0;
	return {
		batchId: batch.id,
		position,
		state: fine ? 'waiting' : 'wrong',
		key: fine ? key : null,
		label: subtitle(checked.claims),
		cells: row.cells.map(({ text }) => text),
		claims: fine ? checked.claims : null,
		contact: checked.contact,
		holder: checked.holder,
		problems: fine ? null : (problems as unknown as JsonObject[]),
		offerId: null,
		issuedId: null,
		credential: null,
	};
}

/** What is noticed about a column as a whole. */
class ColumnNotes {
	#formulas = 0;
	readonly #scripts = new Map<string, { count: number; line: number }>();

	add(cell: Row['cells'][number], line: number): void {
		if (cell.formula && !cell.problem) this.#formulas += 1;
		const script = scriptOf(cell.text);
		if (script === null || script === 'mixed') return;
		const known = this.#scripts.get(script);
		if (known) known.count += 1;
		else this.#scripts.set(script, { count: 1, line });
	}

	words(): string[] {
		const notes: string[] = [];
		if (this.#formulas > 0)
			notes.push(`${this.#formulas} ${this.#formulas === 1 ? 'cell was' : 'cells were'} computed by a formula; the saved values are used.`);
		const [usual, ...others] = [...this.#scripts].toSorted((a, b) => b[1].count - a[1].count);
		for (const [script, { count, line }] of others) {
			notes.push(
				`${count} ${count === 1 ? 'cell is' : 'cells are'} in another alphabet (${script}) than the others (${usual?.[0] ?? ''}); the first stands in line ${line}. Letters of different alphabets can look alike.`,
			);
		}
		return notes;
	}
}

const asked = (use: ColumnUse): string => (use.kind === 'claim' ? use.path.join('.') : use.kind);

/** Reads the whole file into a draft. Throws `import/*`, `table/*`; nothing stays of a reading that failed or was cancelled. */
export async function readBatch(session: Session, input: CallInput<'batch.check'>, signal: AbortSignal, onProgress: (rows: number) => void): Promise<BatchRow> {
	const { vault } = session;
	const type = credentialType(vault, input.typeId);
	if (!type.formats.includes(input.format)) throw new ServiceError('issue/unknown-format', 'This type of document is not issued in that format.');
	// Fails now, not in the middle of thousands.
	await session.agent.didSigner(input.issuerDid);
	const file = session.imports.get(input.importId);
	const columns: Column[] = file.columns.map((name, index) => ({ name, use: input.columns[index] ?? { kind: 'nothing' } }));
	const uses = columns.filter(({ use }) => use.kind !== 'nothing').map(({ use }) => asked(use));
	if (new Set(uses).size < uses.length) throw new ServiceError('import/column-twice', 'Two columns are given to the same field. Choose one of them.');
	if (!columns.some(({ use }) => use.kind === 'claim')) throw new ServiceError('import/no-columns', 'Say for at least one column which field it fills.');

	const now = session.clock.now();
	const batch: BatchRow = {
		id: newId(session.random),
		state: 'reading',
		name: file.name,
		typeId: type.id,
		format: input.format,
		issuerDid: input.issuerDid,
		validDays: input.validDays,
		delivery: input.delivery.kind,
		offerMinutes: input.delivery.kind === 'offers' ? input.delivery.expiresInMinutes : 1,
		columns: columns as unknown as JsonObject[],
		basis: basisOf(input.basis),
		createdAt: now,
		changedAt: now,
	};
	vault.batches.insert(batch);
	const checker = checkerFor(type, batch, columns);
	const notes = columns.map(() => new ColumnNotes());
	let count = 0;
	let part: Row[] = [];
	const keep = (): void => {
		vault.transaction(() => {
			for (const row of part) vault.batches.insertItems([itemFor(session, batch, checker, row, row.line, input.again ?? false)]);
			vault.batches.move(batch.id, ['reading'], 'reading', session.clock.now());
		});
		part = [];
		onProgress(count);
	};
	try {
		const table = await openTable(file.path);
		let header = true;
		for await (const row of table.rows({ ...file.options, signal })) {
			if (header) {
				header = false;
				const found = row.cells.map((cell) => displayText(cell.text, 80));
				if (columns.some(({ name }, index) => (found[index] || `Column ${index + 1}`) !== name))
					throw new ServiceError('import/changed', 'The file has changed since it was opened. Choose it again.');
				continue;
			}
			count += 1;
			for (const [index, { use }] of columns.entries()) if (use.kind !== 'nothing') notes[index]?.add(row.cells[index] ?? { text: '', kind: 'text' }, row.line);
			part.push({ line: row.line, cells: row.cells.slice(0, columns.length) });
			if (part.length >= PART) keep();
		}
		keep();
		if (count === 0) throw new ServiceError('import/no-rows', 'The table has a header and no rows.');
		const noted = columns.map((column, index) => ({ ...column, warnings: notes[index]?.words() ?? [] }));
		vault.transaction(() => {
			vault.batches.setColumns(batch.id, noted as unknown as JsonObject[]);
			vault.batches.move(batch.id, ['reading'], 'draft', session.clock.now());
		});
	} catch (error) {
		if (!session.closed()) vault.batches.delete(batch.id);
		if (signal.aborted) throw new ServiceError('import/cancelled', 'You stopped this. Nothing was kept and nothing was issued.');
		throw error;
	}
	return vault.batches.get(batch.id) ?? batch;
}
