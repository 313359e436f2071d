// Packages that read this one as source find the declarations too.
/// <reference path="./sqlite.d.ts" />

import type { SecretBytes } from '@holdfast/crypto';
import SqliteDatabase, { type Statement } from 'better-sqlite3-multiple-ciphers';
import { damaged, guarded, VaultError } from './errors.ts';

/** "HOLD": marks our databases, and tells one from an empty file that SQLite would take for a new one. */
export const APPLICATION_ID = 0x484f_4c44;
const BUSY_TIMEOUT_MS = 5000;

export type SqlValue = string | number | bigint | Uint8Array | null;
export type SqlParams = { readonly [name: string]: SqlValue };
export type SqlRow = { readonly [column: string]: unknown };

/** One connection. Statements are prepared once; SQLite's errors come out as `VaultError`s. */
export class Db {
	readonly #sqlite: SqliteDatabase;
	readonly #statements = new Map<string, Statement>();
	#depth = 0;

	constructor(sqlite: SqliteDatabase) {
		this.#sqlite = sqlite;
	}

	/** Executes a statement and returns how many rows it changed. */
	run(sql: string, params: SqlParams = {}): number {
		return guarded(() => this.#prepare(sql).run(params).changes);
	}

	get(sql: string, params: SqlParams = {}): SqlRow | undefined {
		return guarded(() => this.#prepare(sql).get(params) as SqlRow | undefined);
	}

	all(sql: string, params: SqlParams = {}): SqlRow[] {
		return guarded(() => this.#prepare(sql).all(params) as SqlRow[]);
	}

	/** Executes several statements of our own, without parameters. */
	exec(sql: string): void {
		guarded(() => this.#open().exec(sql));
	}

	pragma(source: string): unknown {
		return guarded(() => this.#open().pragma(source, { simple: true }));
	}

	/**
	 * Runs `fn` as one transaction: all of it or nothing. `BEGIN IMMEDIATE`, so that a second process
	 * waits instead of failing half-way; inside another transaction a savepoint. `fn` must not be async:
	 * another call could slip in between. Throws `vault/async-transaction`.
	 */
	transaction<T>(fn: () => T): T {
		const depth = this.#depth;
		const savepoint = `nested_${depth}`;
		this.exec(depth === 0 ? 'BEGIN IMMEDIATE' : `SAVEPOINT ${savepoint}`);
		this.#depth = depth + 1;
		try {
			const value = fn();
			if (isPromise(value)) {
				// Its rejection is of no interest: the work is being undone.
				value.then(undefined, () => undefined);
				throw new VaultError('vault/async-transaction', 'A transaction must finish at once. This is a mistake in Holdfast.');
			}
			this.exec(depth === 0 ? 'COMMIT' : `RELEASE ${savepoint}`);
			return value;
		} catch (error) {
			// A full disk makes SQLite roll back on its own.
			if (this.#sqlite.open && this.#sqlite.inTransaction) this.exec(depth === 0 ? 'ROLLBACK' : `ROLLBACK TO ${savepoint}; RELEASE ${savepoint}`);
			throw error;
		} finally {
			this.#depth = depth;
		}
	}

	close(): void {
		if (!this.#sqlite.open) return;
		try {
			this.#sqlite.pragma('wal_checkpoint(TRUNCATE)');
		} catch {
			// On a full or failing disk, what was acknowledged stays in the WAL until the next opening: nothing is lost,
			// and locking must not fail.
		}
		this.#statements.clear();
		guarded(() => this.#sqlite.close());
	}

	#open(): SqliteDatabase {
		if (!this.#sqlite.open) throw new VaultError('vault/closed', 'Holdfast is locked. Unlock it to go on.');
		return this.#sqlite;
	}

	#prepare(sql: string): Statement {
		const sqlite = this.#open();
		let statement = this.#statements.get(sql);
		if (!statement) {
			statement = sqlite.prepare(sql);
			this.#statements.set(sql, statement);
		}
		return statement;
	}
}

const isPromise = (value: unknown): value is PromiseLike<unknown> =>
	typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';

/**
 * Opens the database with its raw 32-byte key, in the format of SQLCipher 4 (AES-256-CBC, an
 * HMAC-SHA-512 for each page). Throws `vault/damaged` where the file is not a database under this key.
 */
export function openDatabase(path: string, key: SecretBytes, options: { readonly create: boolean }): Db {
	return guarded(() => {
		const sqlite = new SqliteDatabase(path, { fileMustExist: !options.create, timeout: BUSY_TIMEOUT_MS });
		try {
			sqlite.pragma("cipher='sqlcipher'");
			sqlite.pragma('legacy=4');
			applyKey(sqlite, key);
			// The first read of the file: a wrong key or a damaged first page shows here.
			const applicationId = sqlite.pragma('application_id', { simple: true });
			if (options.create) sqlite.pragma(`application_id=${APPLICATION_ID}`);
			else if (applicationId !== APPLICATION_ID) throw damaged('database');
			configure(sqlite);
			return new Db(sqlite);
		} catch (error) {
			sqlite.close();
			throw error;
		}
	});
}

function applyKey(sqlite: SqliteDatabase, key: SecretBytes): void {
	// The form x'…' makes the bytes the key itself, without PBKDF2. A buffer, as a string could not be wiped.
	const raw = Buffer.alloc(67);
	try {
		key.use((bytes) => {
			raw.write("x'", 'latin1');
			for (let i = 0; i < 32; i++) {
				const byte = bytes[i] ?? 0;
				raw[2 + 2 * i] = HEX_DIGITS[byte >> 4] ?? 0;
				raw[3 + 2 * i] = HEX_DIGITS[byte & 15] ?? 0;
			}
			raw.write("'", 66, 'latin1');
		});
		sqlite.key(raw);
	} finally {
		raw.fill(0);
	}
}

const HEX_DIGITS = Buffer.from('0123456789abcdef', 'latin1');

function configure(sqlite: SqliteDatabase): void {
	sqlite.pragma('journal_mode=WAL');
	sqlite.pragma('synchronous=FULL');
	sqlite.pragma('foreign_keys=ON');
	// Temporary files would not be encrypted.
	sqlite.pragma('temp_store=MEMORY');
	// In KiB. The default holds 2 MB: a batch that draws entries at random would decrypt and encrypt the same pages again and again.
	sqlite.pragma('cache_size=-65536');
	sqlite.pragma('secure_delete=ON');
	sqlite.pragma('trusted_schema=OFF');
}

/** Reads every page, which checks every page's HMAC, and every index. Throws `vault/damaged`. */
export function checkIntegrity(db: Db): void {
	if (db.pragma('integrity_check') !== 'ok') throw damaged('database');
}
