import { z } from 'zod';
import type { Db, SqlParams } from '../database.node.ts';
import { Table, zText, zTime } from '../table.node.ts';
import type { CredentialFormatName } from './credentials.node.ts';

export type IssuedState = 'valid' | 'suspended' | 'revoked';

/** A credential that this wallet has issued. The credential itself is the holder's and is not kept. */
export interface IssuedRow {
	readonly id: string;
	readonly offerId: string | null;
	readonly typeId: string;
	readonly format: CredentialFormatName;
	readonly issuerDid: string;
	/** Thumbprint of the holder's key. */
	readonly holder: string;
	readonly issuedAt: number;
	readonly validUntil: number | null;
	/** The line that tells the issuer whom it was for. */
	readonly subtitle: string;
	/** Its entry in a status list; null for one that cannot be withdrawn. */
	readonly listId: string | null;
	readonly idx: number | null;
	readonly state: IssuedState;
	/** When `state` last changed. */
	readonly changedAt: number | null;
	readonly batchId: string | null;
	/** The ground or consent that the issuer wrote down. */
	readonly basis: string | null;
}

/** Rows to look for: all that is given has to fit. */
export interface IssuedFilter {
	/** Copies of one document have this in common: the offer they came by, or the id of a single one. */
	readonly documentId?: string;
	readonly typeId?: string;
	readonly state?: IssuedState;
	readonly batchId?: string;
	/** Part of `subtitle` or `basis`, whatever the case. */
	readonly text?: string;
	/** Epoch milliseconds, from the first on and before the second. */
	readonly issuedFrom?: number;
	readonly issuedBefore?: number;
}

/** The copies of one document, as one line. */
export interface IssuedDocument {
	/** The newest copy. */
	readonly row: IssuedRow;
	readonly documentId: string;
	readonly copies: number;
	/** Copies that can be withdrawn. */
	readonly listed: number;
}

const schema = z.object({
	id: zText,
	offerId: zText.nullable(),
	typeId: zText,
	format: z.enum(['dc+sd-jwt', 'jwt_vc_json']),
	issuerDid: zText,
	holder: zText,
	issuedAt: zTime,
	validUntil: zTime.nullable(),
	subtitle: zText,
	listId: zText.nullable(),
	idx: z.int().min(0).nullable(),
	state: z.enum(['valid', 'suspended', 'revoked']),
	changedAt: zTime.nullable(),
	batchId: zText.nullable(),
	basis: zText.nullable(),
}) satisfies z.ZodType<IssuedRow>;

const COLUMNS = Object.keys(schema.shape) as (keyof IssuedRow)[];
const zDocument = schema.extend({ documentId: zText, copies: z.int(), listed: z.int() });

function where(filter: IssuedFilter): { sql: string; params: SqlParams } {
	const { text, issuedFrom, issuedBefore, ...same } = filter;
	const conditions = Object.entries(same).flatMap(([column, value]) => (value === undefined ? [] : [`${column}=@${column}`]));
	const params: Record<string, string | number> = Object.fromEntries(Object.entries(same).filter(([, value]) => value !== undefined)) as Record<string, string>;
	if (text !== undefined) {
		conditions.push("(subtitle LIKE @text ESCAPE '!' OR basis LIKE @text ESCAPE '!')");
		params.text = `%${text.replace(/[!%_]/g, '!$&')}%`;
	}
	if (issuedFrom !== undefined) {
		conditions.push('issuedAt>=@issuedFrom');
		params.issuedFrom = issuedFrom;
	}
	if (issuedBefore !== undefined) {
		conditions.push('issuedAt<@issuedBefore');
		params.issuedBefore = issuedBefore;
	}
	return { sql: conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`, params };
}

export class IssuedRepository {
	readonly #db: Db;
	readonly #table: Table<IssuedRow>;

	constructor(db: Db) {
		this.#db = db;
		this.#table = new Table(db, { name: 'issued', columns: COLUMNS, schema });
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

	countByOffer(offerId: string): number {
		return z.int().parse(this.#db.get('SELECT count(*) AS n FROM issued WHERE offerId=@offerId', { offerId })?.n);
	}

	/** Newest first. */
	list({ limit }: { readonly limit: number }): IssuedRow[] {
		return this.#table.all('ORDER BY issuedAt DESC, rowid DESC LIMIT @limit', { limit });
	}

	/** The rows that fit, in the order of their ids, after the id `after`: for going through all of them in parts. */
	page(filter: IssuedFilter, { limit, after = '' }: { readonly limit: number; readonly after?: string }): IssuedRow[] {
		const { sql, params } = where(filter);
		return this.#table.all(`${sql === '' ? 'WHERE' : `${sql} AND`} id>@after ORDER BY id LIMIT @limit`, { ...params, after, limit });
	}

	/** Newest first, the copies of a document as one. */
	documents(filter: IssuedFilter, { limit, offset = 0 }: { readonly limit: number; readonly offset?: number }): IssuedDocument[] {
		const { sql, params } = where(filter);
		// SQLite takes the other columns from the row that has the maximum.
		const rows = this.#db.all(
			`SELECT ${COLUMNS.join(',')}, documentId, count(*) AS copies, count(listId) AS listed, max(issuedAt) AS newest FROM issued ${sql} GROUP BY documentId ORDER BY newest DESC, documentId LIMIT @limit OFFSET @offset`,
			{ ...params, limit, offset },
		);
		return rows.map((each) => {
			const { documentId, copies, listed, ...row } = zDocument.parse(each);
			return { row, documentId, copies, listed };
		});
	}

	/** Rows and documents that fit. */
	count(filter: IssuedFilter): { readonly rows: number; readonly documents: number } {
		const { sql, params } = where(filter);
		return z
			.object({ rows: z.int(), documents: z.int() })
			.parse(this.#db.get(`SELECT count(*) AS rows, count(DISTINCT documentId) AS documents FROM issued ${sql}`, params));
	}

	/** False where it is in that state already, or was revoked: that is final. */
	setState(id: string, state: IssuedState, at: number): boolean {
		return this.#table.update({ state, changedAt: at }, "id=@id AND state<>@state AND state<>'revoked'", { id, state }) > 0;
	}
}
