import type { JsonObject } from '@holdfast/kernel';
import { z } from 'zod';
import type { Db } from '../database.node.ts';
import { json, Table, zJsonObject, zText, zTime } from '../table.node.ts';

export type OfferState = 'open' | 'redeemed' | 'cancelled' | 'expired';

/**
 * An offer of a credential by this wallet as issuer (OpenID4VCI §4.1). What the protocol layer needs of
 * it is in `record`, opaque here; the columns beside it are what is searched for. Codes and tokens are
 * digests only.
 */
export interface OfferRow {
	readonly id: string;
	/** Grows by one with each change. */
	readonly version: number;
	readonly state: OfferState;
	readonly typeId: string;
	/** The offer's link, to be shown again while it is open. */
	readonly uri: string;
	/** Of the pre-authorized code. */
	readonly codeHash: string;
	/** Set once, when the code is exchanged. */
	readonly accessTokenHash: string | null;
	readonly expiresAt: number;
	readonly createdAt: number;
	readonly record: JsonObject;
}

const schema: z.ZodType<OfferRow> = z.object({
	id: zText,
	version: z.int().min(0),
	state: z.enum(['open', 'redeemed', 'cancelled', 'expired']),
	typeId: zText,
	uri: zText,
	codeHash: zText,
	accessTokenHash: zText.nullable(),
	expiresAt: zTime,
	createdAt: zTime,
	record: json(zJsonObject),
});

export class OfferRepository {
	readonly #table: Table<OfferRow>;

	constructor(db: Db) {
		this.#table = new Table(db, {
			name: 'offers',
			columns: ['id', 'version', 'state', 'typeId', 'uri', 'codeHash', 'accessTokenHash', 'expiresAt', 'createdAt', 'record'],
			json: ['record'],
			schema,
		});
	}

	/** Throws `vault/conflict` where the id or the code exists. */
	insert(row: OfferRow): void {
		this.#table.insert(row);
	}

	get(id: string): OfferRow | undefined {
		return this.#table.get('id=@id', { id });
	}

	findByCodeHash(codeHash: string): OfferRow | undefined {
		return this.#table.get('codeHash=@codeHash', { codeHash });
	}

	findByAccessTokenHash(accessTokenHash: string): OfferRow | undefined {
		return this.#table.get('accessTokenHash=@accessTokenHash', { accessTokenHash });
	}

	/** Compare and set: writes `next` where the stored version is the one before it, else returns false. */
	replace(next: OfferRow): boolean {
		const { id, codeHash: _code, createdAt: _at, ...patch } = next;
		return this.#table.update(patch, 'id=@id AND version=@before', { id, before: next.version - 1 }) > 0;
	}

	/** Keeps the link that was made for an offer. */
	setUri(id: string, uri: string): boolean {
		return this.#table.update({ uri }, 'id=@id', { id }) > 0;
	}

	/** Offers of a type that can still be collected. */
	countOpen(typeId: string, now: number): number {
		return z.int().parse(this.#table.db.get("SELECT count(*) AS n FROM offers WHERE state='open' AND typeId=@typeId AND expiresAt>@now", { typeId, now })?.n);
	}

	/** Newest first. */
	list({ limit }: { readonly limit: number }): OfferRow[] {
		return this.#table.all('ORDER BY createdAt DESC, rowid DESC LIMIT @limit', { limit });
	}
}
