import type { JsonObject } from '@holdfast/kernel';
import { z } from 'zod';
import type { Db } from '../database.node.ts';
import { json, Table, zJsonObject, zText, zTime } from '../table.node.ts';
import type { CredentialFormatName } from './credentials.node.ts';

/** `reading`: rows are still being taken from the file. `draft`: waits for a person's word; nothing was issued. */
export type BatchState = 'reading' | 'draft' | 'running' | 'paused' | 'done' | 'cancelled';

/** Documents issued by the table: what every row has in common. */
export interface BatchRow {
	readonly id: string;
	readonly state: BatchState;
	/** Of the file, for a person. */
	readonly name: string;
	readonly typeId: string;
	readonly format: CredentialFormatName;
	readonly issuerDid: string;
	readonly validDays: number;
	/** `offers`: a link for each row. `signed`: signed for the key that the row brings. */
	readonly delivery: 'offers' | 'signed';
	readonly offerMinutes: number;
	/** What each column of the file is; opaque here. */
	readonly columns: readonly JsonObject[];
	/** The ground or consent that the issuer wrote down, for every row. */
	readonly basis: string | null;
	readonly createdAt: number;
	readonly changedAt: number;
}

export type BatchRowState = 'wrong' | 'waiting' | 'done' | 'left-out';

/** One row of the table, as one document to issue. */
export interface BatchItem {
	readonly batchId: string;
	/** Line of the file, header included, counted from 1. */
	readonly position: number;
	readonly state: BatchRowState;
	/** Follows from what would be issued: the same document cannot be there twice. Null for a wrong row. */
	readonly key: string | null;
	readonly label: string;
	/** Texts of the cells, while they may be looked at and mended. */
	readonly cells: readonly string[] | null;
	readonly claims: JsonObject | null;
	/** Where the holder is reached; not part of the document. */
	readonly contact: string | null;
	/** The holder's DID, for `signed`. */
	readonly holder: string | null;
	readonly problems: readonly JsonObject[] | null;
	readonly offerId: string | null;
	readonly issuedId: string | null;
	/** What was signed, until it is handed over. */
	readonly credential: string | null;
}

const batchSchema: z.ZodType<BatchRow> = z.object({
	id: zText,
	state: z.enum(['reading', 'draft', 'running', 'paused', 'done', 'cancelled']),
	name: zText,
	typeId: zText,
	format: z.enum(['dc+sd-jwt', 'jwt_vc_json']),
	issuerDid: zText,
	validDays: z.int().min(1),
	delivery: z.enum(['offers', 'signed']),
	offerMinutes: z.int().min(1),
	columns: json(z.array(zJsonObject)),
	basis: zText.nullable(),
	createdAt: zTime,
	changedAt: zTime,
});

const itemSchema: z.ZodType<BatchItem> = z.object({
	batchId: zText,
	position: z.int().min(0),
	state: z.enum(['wrong', 'waiting', 'done', 'left-out']),
	key: zText.nullable(),
	label: zText,
	cells: json(z.array(z.string())).nullable(),
	claims: json(zJsonObject).nullable(),
	contact: zText.nullable(),
	holder: zText.nullable(),
	problems: json(z.array(zJsonObject)).nullable(),
	offerId: zText.nullable(),
	issuedId: zText.nullable(),
	credential: zText.nullable(),
});

export class BatchRepository {
	readonly #db: Db;
	readonly #batches: Table<BatchRow>;
	readonly #items: Table<BatchItem>;

	constructor(db: Db) {
		this.#db = db;
		this.#batches = new Table(db, {
			name: 'batches',
			columns: ['id', 'state', 'name', 'typeId', 'format', 'issuerDid', 'validDays', 'delivery', 'offerMinutes', 'columns', 'basis', 'createdAt', 'changedAt'],
			json: ['columns'],
			schema: batchSchema,
		});
		this.#items = new Table(db, {
			name: 'batch_rows',
			columns: ['batchId', 'position', 'state', 'key', 'label', 'cells', 'claims', 'contact', 'holder', 'problems', 'offerId', 'issuedId', 'credential'],
			json: ['cells', 'claims', 'problems'],
			schema: itemSchema,
		});
	}

	insert(row: BatchRow): void {
		this.#batches.insert(row);
	}

	get(id: string): BatchRow | undefined {
		return this.#batches.get('id=@id', { id });
	}

	/** Newest first. */
	list(): BatchRow[] {
		return this.#batches.all('ORDER BY createdAt DESC, rowid DESC');
	}

	/** Moves a batch from one of `from` to `to`. False where it is in none of them. */
	move(id: string, from: readonly BatchState[], to: BatchState, at: number): boolean {
		return this.#db.transaction(() => {
			const row = this.get(id);
			if (!row || !from.includes(row.state)) return false;
			this.#batches.update({ state: to, changedAt: at }, 'id=@id', { id });
			return true;
		});
	}

	setColumns(id: string, columns: readonly JsonObject[]): void {
		this.#batches.update({ columns }, 'id=@id', { id });
	}

	/** Forgets a batch with its rows; what was issued stays issued. */
	delete(id: string): boolean {
		return this.#db.transaction(() => {
			this.#db.run('DELETE FROM batch_rows WHERE batchId=@id', { id });
			return this.#batches.delete('id=@id', { id }) > 0;
		});
	}

	/** All of them or none. Throws `vault/conflict` where a row is there already. */
	insertItems(items: readonly BatchItem[]): void {
		this.#db.transaction(() => {
			for (const item of items) this.#items.insert(item);
		});
	}

	item(batchId: string, position: number): BatchItem | undefined {
		return this.#items.get('batchId=@batchId AND position=@position', { batchId, position });
	}

	/** In the order of the file, after `after`. */
	items(batchId: string, { state, after = -1, limit }: { readonly state?: BatchRowState; readonly after?: number; readonly limit: number }): BatchItem[] {
		const only = state === undefined ? '' : 'AND state=@state';
		return this.#items.all(`WHERE batchId=@batchId ${only} AND position>@after ORDER BY position LIMIT @limit`, {
			batchId,
			after,
			limit,
			...(state === undefined ? {} : { state }),
		});
	}

	/** Rows by state. */
	counts(batchId: string): Readonly<Record<BatchRowState, number>> {
		const rows = this.#db.all('SELECT state, count(*) AS n FROM batch_rows WHERE batchId=@batchId GROUP BY state', { batchId }).map((row) => zCount.parse(row));
		const of = (state: BatchRowState): number => rows.find((row) => row.state === state)?.n ?? 0;
		return { wrong: of('wrong'), waiting: of('waiting'), done: of('done'), 'left-out': of('left-out') };
	}

	/** The row of this batch that has the key, other than the one at `position`. */
	positionOfKey(batchId: string, key: string, position: number): number | undefined {
		const found = this.#db.get("SELECT position FROM batch_rows WHERE batchId=@batchId AND key=@key AND state IN ('waiting','done') AND position<>@position", {
			batchId,
			key,
			position,
		});
		return found === undefined ? undefined : z.int().parse(found.position);
	}

	/** Whether another batch has issued a row with this key. */
	issuedElsewhere(batchId: string, key: string): boolean {
		return this.#db.get("SELECT 1 AS n FROM batch_rows WHERE key=@key AND state='done' AND batchId<>@batchId LIMIT 1", { batchId, key }) !== undefined;
	}

	/** Replaces a row that is not done. False where it is, or is not there. */
	mend(item: BatchItem): boolean {
		const { batchId, position, state, key, label, cells, claims, contact, holder } = item;
		// Null is a value here, and `update` leaves out what is undefined only.
		return (
			this.#items.update(
				{ state, key, label, cells, claims, contact, holder, problems: item.problems },
				"batchId=@batchId AND position=@position AND state<>'done'",
				{
					batchId,
					position,
				},
			) > 0
		);
	}

	/** Wrong rows are not issued. Returns how many. */
	leaveOutWrong(batchId: string): number {
		return this.#db.run("UPDATE batch_rows SET state='left-out' WHERE batchId=@batchId AND state='wrong'", { batchId });
	}

	/**
	 * A row was issued: what came of it is kept, its claims are not. False where it was done before: the caller undoes what it
	 * wrote, in the same transaction.
	 */
	finish(batchId: string, position: number, result: { readonly offerId?: string; readonly issuedId?: string; readonly credential?: string }): boolean {
		return (
			this.#db.run(
				"UPDATE batch_rows SET state='done', cells=NULL, claims=NULL, problems=NULL, offerId=@offerId, issuedId=@issuedId, credential=@credential WHERE batchId=@batchId AND position=@position AND state='waiting'",
				{ batchId, position, offerId: result.offerId ?? null, issuedId: result.issuedId ?? null, credential: result.credential ?? null },
			) > 0
		);
	}
}

const zCount = z.object({ state: z.enum(['wrong', 'waiting', 'done', 'left-out']), n: z.int() });
