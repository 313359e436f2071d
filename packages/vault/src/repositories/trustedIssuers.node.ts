import { z } from 'zod';
import type { Db } from '../database.node.ts';
import { Table, zText, zTime } from '../table.node.ts';

/** An issuer whose credentials this wallet's owner accepts as a verifier. */
export interface TrustedIssuerRow {
	/** DID or https URL, as credentials name it. */
	readonly issuer: string;
	readonly name: string;
	readonly addedAt: number;
}

const schema: z.ZodType<TrustedIssuerRow> = z.object({ issuer: zText, name: zText, addedAt: zTime });

export class TrustedIssuerRepository {
	readonly #table: Table<TrustedIssuerRow>;

	constructor(db: Db) {
		this.#table = new Table(db, { name: 'trusted_issuers', columns: ['issuer', 'name', 'addedAt'], schema });
	}

	/** Adds an issuer, or renames it. */
	put(row: TrustedIssuerRow): void {
		this.#table.put(row, 'issuer');
	}

	get(issuer: string): TrustedIssuerRow | undefined {
		return this.#table.get('issuer=@issuer', { issuer });
	}

	/** By name. */
	list(): TrustedIssuerRow[] {
		return this.#table.all('ORDER BY name, issuer');
	}

	remove(issuer: string): boolean {
		return this.#table.delete('issuer=@issuer', { issuer }) > 0;
	}
}
