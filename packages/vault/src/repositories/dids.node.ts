import type { Json, JsonObject } from '@holdfast/kernel';
import { z } from 'zod';
import type { Db } from '../database.node.ts';
import { json, Table, zJsonObject, zText, zTime } from '../table.node.ts';

/** A key of a DID, as Veramo's IKey has it, but never with a private key. */
export interface DidKey {
	readonly kid: string;
	readonly kms: string;
	readonly type: string;
	readonly publicKeyHex: string;
	readonly meta?: JsonObject | null;
}

/** A service of a DID document, as Veramo's IService has it. */
export interface DidService {
	readonly id: string;
	readonly type: string;
	readonly serviceEndpoint: Json;
	readonly description?: string;
}

/** A DID under the wallet's control: Veramo's IIdentifier with `controllerKeyId` as `controllerKid`. */
export interface DidRow {
	readonly did: string;
	readonly provider: string;
	readonly alias: string | null;
	readonly controllerKid: string | null;
	readonly keys: readonly DidKey[];
	readonly services: readonly DidService[];
	readonly meta: JsonObject;
	readonly createdAt: number;
}

const zJson: z.ZodType<Json> = z.custom<Json>((value) => value !== undefined);

const schema: z.ZodType<DidRow> = z.object({
	did: zText,
	provider: zText,
	alias: zText.nullable(),
	controllerKid: zText.nullable(),
	// Strict: a private key that comes along must not be stored here.
	keys: json(z.array(z.strictObject({ kid: zText, kms: zText, type: zText, publicKeyHex: zText, meta: z.exactOptional(zJsonObject.nullable()) }))),
	services: json(z.array(z.strictObject({ id: zText, type: zText, serviceEndpoint: zJson, description: z.exactOptional(zText) }))),
	meta: json(zJsonObject),
	createdAt: zTime,
});

export class DidRepository {
	readonly #table: Table<DidRow>;

	constructor(db: Db) {
		this.#table = new Table(db, {
			name: 'dids',
			columns: ['did', 'provider', 'alias', 'controllerKid', 'keys', 'services', 'meta', 'createdAt'],
			json: ['keys', 'services', 'meta'],
			schema,
		});
	}

	/** Stores or replaces. Throws `vault/conflict` where another DID of the provider has the alias. */
	put(row: DidRow): void {
		this.#table.put(row, 'did');
	}

	get(did: string): DidRow | undefined {
		return this.#table.get('did=@did', { did });
	}

	getByAlias(provider: string, alias: string): DidRow | undefined {
		return this.#table.get('provider=@provider AND alias=@alias', { provider, alias });
	}

	/** Oldest first. */
	list(filter: { readonly provider?: string; readonly alias?: string } = {}): DidRow[] {
		return this.#table.all('WHERE (@provider IS NULL OR provider=@provider) AND (@alias IS NULL OR alias=@alias) ORDER BY createdAt, rowid', {
			provider: filter.provider ?? null,
			alias: filter.alias ?? null,
		});
	}

	/** Deletes the DID. Its keys stay: other DIDs and credentials may be bound to them. */
	delete(did: string): boolean {
		return this.#table.delete('did=@did', { did }) > 0;
	}
}
