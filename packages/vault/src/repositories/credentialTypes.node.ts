import type { JsonObject } from '@holdfast/kernel';
import { z } from 'zod';
import type { Db } from '../database.node.ts';
import { conflict } from '../errors.ts';
import { json, Table, zFlag, zJsonObject, zText, zTime } from '../table.node.ts';
import type { CredentialFormatName } from './credentials.node.ts';

/** A kind of credential that this wallet can issue. */
export interface CredentialTypeRow {
	readonly id: string;
	readonly name: string;
	readonly formats: readonly CredentialFormatName[];
	/** For dc+sd-jwt. */
	readonly vct: string;
	/** For jwt_vc_json: the last of the VC's types. */
	readonly type: string;
	/** JSON Schema of the claims. */
	readonly schema: JsonObject;
	readonly display: JsonObject;
	/** What may be disclosed selectively: `all`, or claim paths. */
	readonly disclosable: 'all' | readonly (readonly (string | number | null)[])[];
	/** Comes with Holdfast and cannot be deleted. */
	readonly builtin: boolean;
	readonly createdAt: number;
}

const zPath = z.array(z.union([z.string(), z.number(), z.null()]));

const schema: z.ZodType<CredentialTypeRow> = z.object({
	id: zText,
	name: zText,
	formats: json(z.array(z.enum(['dc+sd-jwt', 'jwt_vc_json']))),
	vct: zText,
	type: zText,
	schema: json(zJsonObject),
	display: json(zJsonObject),
	disclosable: json<'all' | (string | number | null)[][]>(z.union([z.literal('all'), z.array(zPath)])),
	builtin: zFlag,
	createdAt: zTime,
});

export class CredentialTypeRepository {
	readonly #table: Table<CredentialTypeRow>;

	constructor(db: Db) {
		this.#table = new Table(db, {
			name: 'credential_types',
			columns: ['id', 'name', 'formats', 'vct', 'type', 'schema', 'display', 'disclosable', 'builtin', 'createdAt'],
			json: ['formats', 'schema', 'display', 'disclosable'],
			schema,
		});
	}

	/** Stores or replaces. */
	put(row: CredentialTypeRow): void {
		this.#table.put(row, 'id');
	}

	get(id: string): CredentialTypeRow | undefined {
		return this.#table.get('id=@id', { id });
	}

	/** Oldest first. */
	list(): CredentialTypeRow[] {
		return this.#table.all('ORDER BY createdAt, rowid');
	}

	/** Throws `vault/conflict` for one that comes with Holdfast. */
	delete(id: string): boolean {
		if (this.#table.get('id=@id AND builtin=1', { id })) throw conflict();
		return this.#table.delete('id=@id', { id }) > 0;
	}
}
