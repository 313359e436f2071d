import { z } from 'zod';
import type { Db } from '../database.node.ts';
import { Table, zText, zTime } from '../table.node.ts';

/** A collection of tokens (ERC-721, ERC-1155) for which the wallet has an account of its own. */
export interface CollectionRow {
	readonly id: string;
	/** EIP-155. */
	readonly chainId: number;
	/** Checksummed (ERC-55). */
	readonly contract: string;
	readonly standard: 'erc721' | 'erc1155';
	readonly name: string;
	readonly addedAt: number;
}

const schema: z.ZodType<CollectionRow> = z.object({
	id: zText,
	chainId: z.int().min(1),
	contract: zText,
	standard: z.enum(['erc721', 'erc1155']),
	name: zText,
	addedAt: zTime,
});

export class CollectionRepository {
	readonly #table: Table<CollectionRow>;

	constructor(db: Db) {
		this.#table = new Table(db, { name: 'collections', columns: ['id', 'chainId', 'contract', 'standard', 'name', 'addedAt'], schema });
	}

	/** Throws `vault/conflict` where the collection is there already. */
	insert(row: CollectionRow): void {
		this.#table.insert(row);
	}

	get(id: string): CollectionRow | undefined {
		return this.#table.get('id=@id', { id });
	}

	find(chainId: number, contract: string): CollectionRow | undefined {
		return this.#table.get('chainId=@chainId AND contract=@contract', { chainId, contract });
	}

	/** By name. */
	list(): CollectionRow[] {
		return this.#table.all('ORDER BY name, id');
	}

	/** Its account is the same one again when it is added again. */
	remove(id: string): boolean {
		return this.#table.delete('id=@id', { id }) > 0;
	}
}
