import { z } from 'zod';
import type { Db } from '../database.node.ts';
import { Table, zText, zTime } from '../table.node.ts';
import type { CredentialFormatName } from './credentials.node.ts';

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
}

const schema: z.ZodType<IssuedRow> = z.object({
	id: zText,
	offerId: zText.nullable(),
	typeId: zText,
	format: z.enum(['dc+sd-jwt', 'jwt_vc_json']),
	issuerDid: zText,
	holder: zText,
	issuedAt: zTime,
	validUntil: zTime.nullable(),
	subtitle: zText,
});

export class IssuedRepository {
	readonly #db: Db;
	readonly #table: Table<IssuedRow>;

	constructor(db: Db) {
		this.#db = db;
		this.#table = new Table(db, {
			name: 'issued',
			columns: ['id', 'offerId', 'typeId', 'format', 'issuerDid', 'holder', 'issuedAt', 'validUntil', 'subtitle'],
			schema,
		});
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
}
