import type { JsonObject } from '@holdfast/kernel';
import { z } from 'zod';
import type { Db } from '../database.node.ts';
import { json, Table, zJsonObject, zText, zTime } from '../table.node.ts';

export type CredentialFormatName = 'dc+sd-jwt' | 'jwt_vc_json';

/** A credential that the wallet holds. */
export interface CredentialRow {
	readonly id: string;
	readonly format: CredentialFormatName;
	/** As it was issued, byte for byte. */
	readonly raw: string;
	/** vct, or the last of the VC's types. */
	readonly type: string;
	readonly issuer: string;
	readonly issuerName: string | null;
	/** What the issuer's metadata says about how to show it. */
	readonly display: JsonObject | null;
	/** The key that it is bound to. */
	readonly holderKid: string | null;
	/** Same for all copies of one credential, each bound to another key. */
	readonly batchId: string;
	readonly validFrom: number | null;
	readonly validUntil: number | null;
	readonly receivedAt: number;
	readonly exchangeId: string | null;
	readonly lastUsedAt: number | null;
	/** How often it was presented. */
	readonly uses: number;
}

/** The copies of one credential. */
export interface CredentialGroup {
	readonly batchId: string;
	/** In the order in which they are to be used: the least used first. Never empty. */
	readonly credentials: readonly CredentialRow[];
}

const schema: z.ZodType<CredentialRow> = z.object({
	id: zText,
	format: z.enum(['dc+sd-jwt', 'jwt_vc_json']),
	raw: zText,
	type: zText,
	issuer: zText,
	issuerName: zText.nullable(),
	display: json(zJsonObject).nullable(),
	holderKid: zText.nullable(),
	batchId: zText,
	validFrom: zTime.nullable(),
	validUntil: zTime.nullable(),
	receivedAt: zTime,
	exchangeId: zText.nullable(),
	lastUsedAt: zTime.nullable(),
	uses: z.int().min(0),
});

export class CredentialRepository {
	readonly #db: Db;
	readonly #table: Table<CredentialRow>;

	constructor(db: Db) {
		this.#db = db;
		this.#table = new Table(db, {
			name: 'credentials',
			columns: [
				'id',
				'format',
				'raw',
				'type',
				'issuer',
				'issuerName',
				'display',
				'holderKid',
				'batchId',
				'validFrom',
				'validUntil',
				'receivedAt',
				'exchangeId',
				'lastUsedAt',
				'uses',
			],
			json: ['display'],
			schema,
		});
	}

	/** All of them or none. */
	insertMany(rows: readonly CredentialRow[]): void {
		this.#db.transaction(() => {
			for (const row of rows) this.#table.insert(row);
		});
	}

	get(id: string): CredentialRow | undefined {
		return this.#table.get('id=@id', { id });
	}

	/** Every copy, newest first; the copies of one batch stand together. */
	list(filter: { readonly type?: string; readonly format?: CredentialFormatName } = {}): CredentialRow[] {
		return this.#table.all('WHERE (@type IS NULL OR type=@type) AND (@format IS NULL OR format=@format) ORDER BY receivedAt DESC, batchId, uses, rowid', {
			type: filter.type ?? null,
			format: filter.format ?? null,
		});
	}

	/** One entry for each credential, newest first, with its copies. */
	groups(filter: { readonly type?: string; readonly format?: CredentialFormatName } = {}): CredentialGroup[] {
		const groups = new Map<string, CredentialRow[]>();
		for (const row of this.list(filter)) {
			const group = groups.get(row.batchId);
			if (group) group.push(row);
			else groups.set(row.batchId, [row]);
		}
		return [...groups].map(([batchId, credentials]) => ({ batchId, credentials }));
	}

	/** Counts a presentation. */
	markUsed(id: string, at: number): boolean {
		return this.#db.run('UPDATE credentials SET uses=uses+1, lastUsedAt=@at WHERE id=@id', { id, at }) > 0;
	}

	delete(id: string): boolean {
		return this.#table.delete('id=@id', { id }) > 0;
	}

	/** Deletes every copy; returns how many. */
	deleteBatch(batchId: string): number {
		return this.#table.delete('batchId=@batchId', { batchId });
	}
}
