import type { JsonObject } from '@holdfast/kernel';
import { z } from 'zod';
import type { Db } from '../database.node.ts';
import { conflict } from '../errors.ts';
import { json, Table, zJsonObject, zText, zTime } from '../table.node.ts';

export type OfferState = 'open' | 'redeemed' | 'cancelled' | 'expired';

/** An offer of a credential by this wallet as issuer (OpenID4VCI §4.1). Codes and tokens are stored as digests only. */
export interface OfferRow {
	readonly id: string;
	readonly typeId: string;
	readonly format: string;
	readonly issuerDid: string;
	readonly claims: JsonObject;
	/** Of the pre-authorized code. */
	readonly codeHash: string;
	/** Of the transaction code, where one is asked for. */
	readonly txCodeHash: string | null;
	/** How often a transaction code was tried. */
	readonly txTries: number;
	readonly state: OfferState;
	/** Set once, when the code is exchanged. */
	readonly accessTokenHash: string | null;
	/** How many copies may be issued. */
	readonly batchSize: number;
	/** How long the credential is valid; null for no end. */
	readonly validitySeconds: number | null;
	readonly expiresAt: number;
	readonly createdAt: number;
	readonly redeemedAt: number | null;
}

const schema: z.ZodType<OfferRow> = z.object({
	id: zText,
	typeId: zText,
	format: zText,
	issuerDid: zText,
	claims: json(zJsonObject),
	codeHash: zText,
	txCodeHash: zText.nullable(),
	txTries: z.int().min(0),
	state: z.enum(['open', 'redeemed', 'cancelled', 'expired']),
	accessTokenHash: zText.nullable(),
	batchSize: z.int().min(1),
	validitySeconds: z.int().min(0).nullable(),
	expiresAt: zTime,
	createdAt: zTime,
	redeemedAt: zTime.nullable(),
});

export class OfferRepository {
	readonly #db: Db;
	readonly #table: Table<OfferRow>;

	constructor(db: Db) {
		this.#db = db;
		this.#table = new Table(db, {
			name: 'offers',
			columns: [
				'id',
				'typeId',
				'format',
				'issuerDid',
				'claims',
				'codeHash',
				'txCodeHash',
				'txTries',
				'state',
				'accessTokenHash',
				'batchSize',
				'validitySeconds',
				'expiresAt',
				'createdAt',
				'redeemedAt',
			],
			json: ['claims'],
			schema,
		});
	}

	insert(row: OfferRow): void {
		this.#table.insert(row);
	}

	get(id: string): OfferRow | undefined {
		return this.#table.get('id=@id', { id });
	}

	byCodeHash(codeHash: string): OfferRow | undefined {
		return this.#table.get('codeHash=@codeHash', { codeHash });
	}

	byAccessTokenHash(accessTokenHash: string): OfferRow | undefined {
		return this.#table.get('accessTokenHash=@accessTokenHash', { accessTokenHash });
	}

	/** Newest first. */
	list(filter: { readonly state?: OfferState } = {}): OfferRow[] {
		return this.#table.all('WHERE (@state IS NULL OR state=@state) ORDER BY createdAt DESC, rowid DESC', { state: filter.state ?? null });
	}

	/** Counts a try of the transaction code before it is compared, and returns how many there were with this one. */
	countTxTry(id: string): number {
		const row = this.#db.get('UPDATE offers SET txTries=txTries+1 WHERE id=@id RETURNING txTries', { id });
		if (!row) throw conflict();
		return z.int().parse(row.txTries);
	}

	/** Exchanges the code for an access token, once. Throws `vault/conflict` where the offer is not open or the code was used. */
	bindAccessToken(id: string, accessTokenHash: string): void {
		if (this.#table.update({ accessTokenHash }, "id=@id AND state='open' AND accessTokenHash IS NULL", { id }) === 0) throw conflict();
	}

	/** From open to redeemed, once. Throws `vault/conflict`. */
	redeem(id: string, at: number): void {
		if (this.#table.update({ state: 'redeemed', redeemedAt: at }, "id=@id AND state='open'", { id }) === 0) throw conflict();
	}

	/** From open to cancelled. Throws `vault/conflict`. */
	cancel(id: string): void {
		if (this.#table.update({ state: 'cancelled' }, "id=@id AND state='open'", { id }) === 0) throw conflict();
	}

	/** Marks open offers whose time is over; returns how many. */
	expire(now: number): number {
		return this.#table.update({ state: 'expired' }, "state='open' AND expiresAt<=@now", { now });
	}
}
