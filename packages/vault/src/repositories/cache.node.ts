import type { Clock, Json } from '@holdfast/kernel';
import { z } from 'zod';
import type { Db } from '../database.node.ts';

/** What was fetched and may be fetched again: DID documents, issuer metadata. */
export interface CacheRow {
	readonly key: string;
	readonly value: Json;
	readonly storedAt: number;
	readonly expiresAt: number;
}

export class CacheRepository {
	readonly #db: Db;
	readonly #clock: Clock;

	constructor(db: Db, clock: Clock) {
		this.#db = db;
		this.#clock = clock;
	}

	/** An expired entry too, as offline it may be better than nothing: compare `expiresAt`. */
	get(key: string): CacheRow | undefined {
		const row = this.#db.get('SELECT value, storedAt, expiresAt FROM cache WHERE key=@key', { key });
		if (!row) return undefined;
		const { value, storedAt, expiresAt } = zRow.parse(row);
		return { key, value: JSON.parse(value) as Json, storedAt, expiresAt };
	}

	/** Stores or replaces, for `ttlMs` milliseconds from now. */
	put(key: string, value: Json, ttlMs: number): void {
		const storedAt = this.#clock.now();
		this.#db.run(
			'INSERT INTO cache (key, value, storedAt, expiresAt) VALUES (@key, @value, @storedAt, @expiresAt) ON CONFLICT (key) DO UPDATE SET value=excluded.value, storedAt=excluded.storedAt, expiresAt=excluded.expiresAt',
			{ key, value: JSON.stringify(value), storedAt, expiresAt: storedAt + ttlMs },
		);
	}

	/** Every entry whose key begins so, expired ones too, by key. */
	list(prefix: string): CacheRow[] {
		return this.#db
			.all('SELECT key, value, storedAt, expiresAt FROM cache WHERE substr(key, 1, length(@prefix))=@prefix ORDER BY key', { prefix })
			.map((row) => zListed.parse(row))
			.map(({ value, ...row }) => ({ ...row, value: JSON.parse(value) as Json }));
	}

	delete(key: string): boolean {
		return this.#db.run('DELETE FROM cache WHERE key=@key', { key }) > 0;
	}

	/** Forgets what expired before `before`; returns how many. */
	prune(before: number): number {
		return this.#db.run('DELETE FROM cache WHERE expiresAt<=@before', { before });
	}
}

const zRow = z.object({ value: z.string(), storedAt: z.int(), expiresAt: z.int() });
const zListed = zRow.extend({ key: z.string() });
