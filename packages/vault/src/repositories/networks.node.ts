import { z } from 'zod';
import type { Db } from '../database.node.ts';
import { Table, zText } from '../table.node.ts';

/** An Ethereum network that the user has added, or a public one with an address of the user's choice. */
export interface NetworkRow {
	readonly chainId: number;
	readonly name: string;
	readonly rpcUrl: string;
	/** The ERC-1056 registry of did:ethr. */
	readonly ethrRegistry: string | null;
}

const schema: z.ZodType<NetworkRow> = z.object({ chainId: z.int().min(1), name: zText, rpcUrl: zText, ethrRegistry: zText.nullable() });

export class NetworkRepository {
	readonly #table: Table<NetworkRow>;

	constructor(db: Db) {
		this.#table = new Table(db, { name: 'networks', columns: ['chainId', 'name', 'rpcUrl', 'ethrRegistry'], schema });
	}

	put(row: NetworkRow): void {
		this.#table.put(row, 'chainId');
	}

	list(): NetworkRow[] {
		return this.#table.all('ORDER BY chainId');
	}

	remove(chainId: number): boolean {
		return this.#table.delete('chainId=@chainId', { chainId }) > 0;
	}
}
