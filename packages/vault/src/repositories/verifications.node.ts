import type { JsonObject } from '@holdfast/kernel';
import { z } from 'zod';
import type { Db } from '../database.node.ts';
import { json, Table, zJsonObject, zText, zTime } from '../table.node.ts';

export type VerificationState = 'open' | 'received' | 'done' | 'refused' | 'expired' | 'cancelled';

/**
 * A request for a presentation by this wallet as verifier (OpenID4VP §5), and what came back. What the
 * protocol layer needs is in `record`, opaque here: nonce, keys, answer, report.
 */
export interface VerificationRow {
	readonly id: string;
	/** Grows by one with each change. */
	readonly version: number;
	readonly state: VerificationState;
	readonly title: string;
	/** The request's link, to be shown again while it is open. */
	readonly uri: string;
	readonly createdAt: number;
	readonly expiresAt: number;
	readonly receivedAt: number | null;
	readonly record: JsonObject;
}

const schema: z.ZodType<VerificationRow> = z.object({
	id: zText,
	version: z.int().min(0),
	state: z.enum(['open', 'received', 'done', 'refused', 'expired', 'cancelled']),
	title: zText,
	uri: zText,
	createdAt: zTime,
	expiresAt: zTime,
	receivedAt: zTime.nullable(),
	record: json(zJsonObject),
});

export class VerificationRepository {
	readonly #table: Table<VerificationRow>;

	constructor(db: Db) {
		this.#table = new Table(db, {
			name: 'verifications',
			columns: ['id', 'version', 'state', 'title', 'uri', 'createdAt', 'expiresAt', 'receivedAt', 'record'],
			json: ['record'],
			schema,
		});
	}

	/** Throws `vault/conflict` where the id exists. */
	insert(row: VerificationRow): void {
		this.#table.insert(row);
	}

	get(id: string): VerificationRow | undefined {
		return this.#table.get('id=@id', { id });
	}

	/** Compare and set: writes `next` where the stored version is the one before it, else returns false. */
	replace(next: VerificationRow): boolean {
		const { id, createdAt: _at, ...patch } = next;
		return this.#table.update(patch, 'id=@id AND version=@before', { id, before: next.version - 1 }) > 0;
	}

	/** Keeps the title and the link that were made for a request. */
	setMeta(id: string, meta: { readonly title: string; readonly uri: string }): boolean {
		return this.#table.update(meta, 'id=@id', { id }) > 0;
	}

	/** Newest first. */
	list({ limit }: { readonly limit: number }): VerificationRow[] {
		return this.#table.all('ORDER BY createdAt DESC, rowid DESC LIMIT @limit', { limit });
	}

	delete(id: string): boolean {
		return this.#table.delete('id=@id', { id }) > 0;
	}
}
