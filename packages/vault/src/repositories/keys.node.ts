import { type KeyType, open, SecretBytes, seal, utf8 } from '@holdfast/crypto';
import type { Random } from '@holdfast/kernel';
import { z } from 'zod';
import type { Db } from '../database.node.ts';
import { damaged } from '../errors.ts';
import { Table, zText, zTime } from '../table.node.ts';

/** A key that the wallet can use. The key itself is derived from the seed (`path`), or imported. */
export interface KeyRow {
	/** The JWK thumbprint (RFC 7638). */
	readonly kid: string;
	readonly type: KeyType;
	/** Compressed SEC1, or 32 bytes. */
	readonly publicKeyHex: string;
	/** Where it is derived; null for an imported key. */
	readonly path: string | null;
	/** `did`, `holder`, `verifier-ephemeral`, …; see also {@link isBoundPurpose}. */
	readonly purpose: string;
	readonly alias: string | null;
	readonly createdAt: number;
}

/**
 * Purposes of keys that sign one kind of message only, after its own review. Whatever signs on request (the agent, for whoever asks it)
 * treats such a key as if it were not there.
 */
const BOUND_PURPOSES: ReadonlySet<string> = new Set(['vote', 'collection']);

/** Whether a key is bound to its purpose. */
export const isBoundPurpose = (purpose: string): boolean => BOUND_PURPOSES.has(purpose);

const schema: z.ZodType<KeyRow> = z.object({
	kid: zText,
	type: z.enum(['Ed25519', 'Secp256k1', 'Secp256r1', 'X25519']),
	publicKeyHex: zText,
	path: zText.nullable(),
	purpose: zText,
	alias: zText.nullable(),
	createdAt: zTime,
});

export class KeyRepository {
	readonly #db: Db;
	readonly #table: Table<KeyRow>;
	readonly #sealKey: SecretBytes;
	readonly #random: Random;

	constructor(db: Db, sealKey: SecretBytes, random: Random) {
		this.#db = db;
		this.#table = new Table(db, { name: 'keys', columns: ['kid', 'type', 'publicKeyHex', 'path', 'purpose', 'alias', 'createdAt'], schema });
		this.#sealKey = sealKey;
		this.#random = random;
	}

	/** Stores a key; an imported one with its 32 bytes of private key, sealed apart. Throws `vault/conflict` where the key exists. */
	insert(row: KeyRow, privateKey?: SecretBytes): void {
		this.#db.transaction(() => {
			this.#table.insert(row);
			if (!privateKey) return;
			const box = privateKey.use((bytes) => seal(this.#sealKey, bytes, context(row.kid), this.#random));
			this.#db.run('INSERT INTO private_keys (kid, box) VALUES (@kid, @box)', { kid: row.kid, box });
		});
	}

	get(kid: string): KeyRow | undefined {
		return this.#table.get('kid=@kid', { kid });
	}

	/** Oldest first. */
	list(filter: { readonly purpose?: string } = {}): KeyRow[] {
		return this.#table.all('WHERE (@purpose IS NULL OR purpose=@purpose) ORDER BY createdAt, rowid', { purpose: filter.purpose ?? null });
	}

	setAlias(kid: string, alias: string | null): boolean {
		return this.#table.update({ alias }, 'kid=@kid', { kid }) > 0;
	}

	/** The private key of an imported key; undefined for a derived one. The caller wipes it. */
	privateKey(kid: string): SecretBytes | undefined {
		const row = this.#db.get('SELECT box FROM private_keys WHERE kid=@kid', { kid });
		if (!row) return undefined;
		const box = z.instanceof(Uint8Array).safeParse(row.box);
		if (!box.success) throw damaged('database');
		return SecretBytes.take(open(this.#sealKey, box.data, context(kid)));
	}

	/** Deletes the key, and its private key where it was imported. Its index is not used again. */
	delete(kid: string): boolean {
		return this.#table.delete('kid=@kid', { kid }) > 0;
	}

	/** A fresh index in `scope`, counting from 0. Never the same twice, whatever was deleted. */
	nextIndex(scope: string): number {
		const row = this.#db.get(
			'INSERT INTO key_indexes (scope, next) VALUES (@scope, 1) ON CONFLICT (scope) DO UPDATE SET next = next + 1 RETURNING next - 1 AS value',
			{
				scope,
			},
		);
		return z.int().parse(row?.value);
	}
}

const context = (kid: string): Uint8Array => utf8(`holdfast/vault/private-key/v1:${kid}`);
