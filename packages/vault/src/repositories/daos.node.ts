import type { JsonObject } from '@holdfast/kernel';
import { z } from 'zod';
import type { Db } from '../database.node.ts';
import { json, Table, zJsonObject, zText, zTime } from '../table.node.ts';

/** A DAO that the holder follows. */
export interface DaoRow {
	readonly id: string;
	/** The name of the account's context: the DAO's contract and chain, or its space. One row for each. */
	readonly context: string;
	readonly name: string;
	/** Where it votes, opaque here. */
	readonly ref: JsonObject;
	/** The account's key. */
	readonly kid: string;
	/** The account and what it may sign, settled when it was made; opaque here. */
	readonly account: JsonObject;
	readonly addedAt: number;
}

const schema: z.ZodType<DaoRow> = z.object({
	id: zText,
	context: zText,
	name: zText,
	ref: json(zJsonObject),
	kid: zText,
	account: json(zJsonObject),
	addedAt: zTime,
});

export class DaoRepository {
	readonly #table: Table<DaoRow>;

	constructor(db: Db) {
		this.#table = new Table(db, { name: 'daos', columns: ['id', 'context', 'name', 'ref', 'kid', 'account', 'addedAt'], json: ['ref', 'account'], schema });
	}

	/** Throws `vault/conflict` where the context is followed already. */
	insert(row: DaoRow): void {
		this.#table.insert(row);
	}

	get(id: string): DaoRow | undefined {
		return this.#table.get('id=@id', { id });
	}

	ofContext(context: string): DaoRow | undefined {
		return this.#table.get('context=@context', { context });
	}

	/** By name. */
	list(): DaoRow[] {
		return this.#table.all('ORDER BY name COLLATE NOCASE, id');
	}

	remove(id: string): boolean {
		return this.#table.delete('id=@id', { id }) > 0;
	}
}
