import type { JsonObject } from '@holdfast/kernel';
import { z } from 'zod';
import type { Db } from '../database.node.ts';
import { json, Table, zJsonObject, zText, zTime } from '../table.node.ts';

/** A credential that this wallet has issued. The credential itself is the holder's and is not kept. */
export interface IssuedRow {
	readonly id: string;
	readonly offerId: string | null;
	readonly typeId: string;
	readonly format: string;
	readonly issuerDid: string;
	/** Thumbprint of the holder's key. */
	readonly subject: string | null;
	readonly issuedAt: number;
	readonly validUntil: number | null;
	readonly summary: JsonObject;
}

const schema: z.ZodType<IssuedRow> = z.object({
	id: zText,
	offerId: zText.nullable(),
	typeId: zText,
	format: zText,
	issuerDid: zText,
	subject: zText.nullable(),
	issuedAt: zTime,
	validUntil: zTime.nullable(),
	summary: json(zJsonObject),
});

export class IssuedRepository {
	readonly #db: Db;
	readonly #table: Table<IssuedRow>;

	constructor(db: Db) {
		this.#db = db;
		this.#table = new Table(db, {
			name: 'issued',
			columns: ['id', 'offerId', 'typeId', 'format', 'issuerDid', 'subject', 'issuedAt', 'validUntil', 'summary'],
			json: ['summary'],
			schema,
		});
	}

	insert(row: IssuedRow): void {
		this.#table.insert(row);
	}

	/** All of them or none. */
	insertMany(rows: readonly IssuedRow[]): void {
		this.#db.transaction(() => {
			for (const row of rows) this.#table.insert(row);
		});
	}

	get(id: string): IssuedRow | undefined {
		return this.#table.get('id=@id', { id });
	}

	/** Newest first. */
	list(filter: { readonly offerId?: string; readonly typeId?: string } = {}): IssuedRow[] {
		return this.#table.all('WHERE (@offerId IS NULL OR offerId=@offerId) AND (@typeId IS NULL OR typeId=@typeId) ORDER BY issuedAt DESC, rowid DESC', {
			offerId: filter.offerId ?? null,
			typeId: filter.typeId ?? null,
		});
	}
}
