import { z } from 'zod';
import type { Db } from '../database.node.ts';
import { Table, zText, zTime } from '../table.node.ts';

/** A transaction or message of a Safe, as its owners hand it to each other. */
export interface SafeFileRow {
	/** What the owners sign: two files with the same digest are about the same. */
	readonly digest: string;
	/** Of the Safe, as in the row of the DAO. */
	readonly context: string;
	/** The file's text; opaque here. */
	readonly file: string;
	readonly addedAt: number;
}

const schema: z.ZodType<SafeFileRow> = z.object({ digest: zText, context: zText, file: zText, addedAt: zTime });

export class SafeFileRepository {
	readonly #table: Table<SafeFileRow>;

	constructor(db: Db) {
		this.#table = new Table(db, { name: 'safe_files', columns: ['digest', 'context', 'file', 'addedAt'], schema });
	}

	get(digest: string): SafeFileRow | undefined {
		return this.#table.get('digest=@digest', { digest });
	}

	/** Newest first. */
	list(context: string): SafeFileRow[] {
		return this.#table.all('WHERE context=@context ORDER BY addedAt DESC, digest', { context });
	}

	/** Keeps the file in place of the one with the same digest, whose time stays. */
	put(row: SafeFileRow): void {
		if (this.#table.update({ file: row.file }, 'digest=@digest', { digest: row.digest }) === 0) this.#table.insert(row);
	}

	/** Returns false where there is no such file. */
	remove(digest: string): boolean {
		return this.#table.delete('digest=@digest', { digest }) > 0;
	}
}
