import type { Random } from '@holdfast/kernel';
import { z } from 'zod';
import type { Db } from '../database.node.ts';
import { conflict } from '../errors.ts';
import { Table, zText, zTime } from '../table.node.ts';

/** A status list (Token Status List) that this wallet signs. */
export interface StatusListRow {
	readonly id: string;
	readonly issuerDid: string;
	/** Where it is published. */
	readonly uri: string;
	readonly bits: 1 | 2 | 4 | 8;
	/** Entries; a power of two, so that a drawn one is uniform. */
	readonly size: number;
	/** Entries that were drawn. */
	readonly used: number;
	/** Grows with each change of a status. */
	readonly revision: number;
	/** As it was signed last, at `signedAt`, of `signedRevision`. */
	readonly token: string | null;
	readonly signedAt: number | null;
	readonly signedRevision: number | null;
	/** When and what was last written to where it is published, if that is not our own server. */
	readonly publishedAt: number | null;
	readonly publishedRevision: number | null;
	readonly createdAt: number;
}

const schema: z.ZodType<StatusListRow> = z.object({
	id: zText,
	issuerDid: zText,
	uri: zText,
	bits: z.union([z.literal(1), z.literal(2), z.literal(4), z.literal(8)]),
	size: z
		.int()
		.min(8)
		.refine((size) => Number.isInteger(Math.log2(size))),
	used: z.int().min(0),
	revision: z.int().min(0),
	token: zText.nullable(),
	signedAt: zTime.nullable(),
	signedRevision: z.int().min(0).nullable(),
	publishedAt: zTime.nullable(),
	publishedRevision: z.int().min(0).nullable(),
	createdAt: zTime,
});

const MOST_DRAWS = 256;

export class StatusListRepository {
	readonly #db: Db;
	readonly #table: Table<StatusListRow>;

	constructor(db: Db) {
		this.#db = db;
		this.#table = new Table(db, {
			name: 'status_lists',
			columns: [
				'id',
				'issuerDid',
				'uri',
				'bits',
				'size',
				'used',
				'revision',
				'token',
				'signedAt',
				'signedRevision',
				'publishedAt',
				'publishedRevision',
				'createdAt',
			],
			schema,
		});
	}

	/** Throws `vault/conflict` where the id or the address exists. */
	insert(row: StatusListRow): void {
		this.#table.insert(row);
	}

	get(id: string): StatusListRow | undefined {
		return this.#table.get('id=@id', { id });
	}

	findByUri(uri: string): StatusListRow | undefined {
		return this.#table.get('uri=@uri', { uri });
	}

	/** The newest list of an issuer whose address begins so, with fewer than `full` entries drawn. */
	openBelow(issuerDid: string, prefix: string, full: number): StatusListRow | undefined {
		return this.#table.get('issuerDid=@issuerDid AND substr(uri, 1, length(@prefix))=@prefix AND used<@full ORDER BY createdAt DESC, rowid DESC LIMIT 1', {
			issuerDid,
			prefix,
			full,
		});
	}

	/** Newest first. */
	list(filter: { readonly issuerDid?: string } = {}): StatusListRow[] {
		return filter.issuerDid === undefined
			? this.#table.all('ORDER BY createdAt DESC, rowid DESC')
			: this.#table.all('WHERE issuerDid=@issuerDid ORDER BY createdAt DESC, rowid DESC', { issuerDid: filter.issuerDid });
	}

	/**
	 * Draws an entry that nobody has, at random: an order would tell who was issued before whom. Throws `vault/conflict`
	 * for a list that is as good as full.
	 */
	draw(listId: string, random: Random): number {
		return this.#db.transaction(() => {
			const list = this.get(listId);
			if (!list) throw conflict();
			for (let attempt = 0; attempt < MOST_DRAWS; attempt += 1) {
				const [a = 0, b = 0, c = 0, d = 0] = random.bytes(4);
				const idx = ((a << 24) | (b << 16) | (c << 8) | d) & (list.size - 1);
				if (this.#db.run('INSERT OR IGNORE INTO status_entries (listId, idx, state) VALUES (@listId, @idx, 0)', { listId, idx }) === 0) continue;
				this.#db.run('UPDATE status_lists SET used=used+1 WHERE id=@listId', { listId });
				return idx;
			}
			throw conflict();
		});
	}

	/** Sets the status of an entry. False where it has that status already, or was never drawn. */
	setStatus(listId: string, idx: number, state: 0 | 1 | 2): boolean {
		return this.#db.transaction(() => {
			const changed = this.#db.run('UPDATE status_entries SET state=@state WHERE listId=@listId AND idx=@idx AND state<>@state', { listId, idx, state }) > 0;
			if (changed) this.#db.run('UPDATE status_lists SET revision=revision+1 WHERE id=@listId', { listId });
			return changed;
		});
	}

	/** Every entry whose status is not 0. */
	entries(listId: string): { readonly idx: number; readonly state: number }[] {
		return this.#db.all('SELECT idx, state FROM status_entries WHERE listId=@listId AND state<>0', { listId }).map((row) => zEntry.parse(row));
	}

	/** Keeps the token that was signed of `revision`. */
	signed(id: string, token: string, at: number, revision: number): void {
		this.#table.update({ token, signedAt: at, signedRevision: revision }, 'id=@id', { id });
	}

	published(id: string, at: number, revision: number): void {
		this.#table.update({ publishedAt: at, publishedRevision: revision }, 'id=@id', { id });
	}
}

const zEntry = z.object({ idx: z.int(), state: z.int() });
