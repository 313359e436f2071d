import { z } from 'zod';
import type { Db } from '../database.node.ts';
import { Table, zText, zTime } from '../table.node.ts';

/** A file that describes contracts. */
export interface DescriptionRow {
	readonly id: string;
	/** The file's name, by which others include it. */
	readonly name: string;
	readonly text: string;
	readonly addedAt: number;
}

const schema: z.ZodType<DescriptionRow> = z.object({ id: zText, name: zText, text: zText, addedAt: zTime });

export class DescriptionRepository {
	readonly #table: Table<DescriptionRow>;

	constructor(db: Db) {
		this.#table = new Table(db, { name: 'descriptions', columns: ['id', 'name', 'text', 'addedAt'], schema });
	}

	/** By name. */
	list(): DescriptionRow[] {
		return this.#table.all('ORDER BY name');
	}

	/** Adds a file in place of the one with the same name. */
	put(row: DescriptionRow): void {
		this.#table.delete('name=@name', { name: row.name });
		this.#table.insert(row);
	}

	/** Returns false where there is no such file. */
	remove(id: string): boolean {
		return this.#table.delete('id=@id', { id }) > 0;
	}
}
