import { open, SecretBytes, seal, utf8 } from '@holdfast/crypto';
import { newId, type Random } from '@holdfast/kernel';
import { z } from 'zod';
import type { Db } from '../database.node.ts';
import { damaged } from '../errors.ts';

/** What a proof that was made ahead is good for. */
export interface PreparedProofRow {
	readonly credentialId: string;
	/** The statement as a text that is the same for the same statement. */
	readonly statement: string;
	/** The day that it is dated, YYYYMMDD. */
	readonly day: number;
}

/**
 * Proofs that were made before anybody asked, each with the key that ties it to one request. Their content is sealed with
 * a key that is made when the vault is opened and kept nowhere: whatever is left of them in the file, after a crash or in a
 * copy of it, is of no use to any later opening. So none can be used twice, not even where the file went back in time.
 */
export class PreparedProofRepository {
	readonly #db: Db;
	readonly #random: Random;
	readonly #opening: string;
	readonly #sealKey: SecretBytes;
	/** A rollback brings a row back; it has been handed out all the same. */
	readonly #taken = new Set<string>();

	constructor(db: Db, random: Random) {
		this.#db = db;
		this.#random = random;
		this.#opening = newId(random);
		this.#sealKey = SecretBytes.take(random.bytes(32));
	}

	/** Keeps one. The caller wipes the content. Throws where the credential is gone. */
	put({ credentialId, statement, day }: PreparedProofRow, content: SecretBytes): void {
		const id = newId(this.#random);
		const box = content.use((bytes) => seal(this.#sealKey, bytes, context(id), this.#random));
		this.#db.run('INSERT INTO prepared_proofs (id, opening, credentialId, statement, day, box) VALUES (@id, @opening, @credentialId, @statement, @day, @box)', {
			id,
			opening: this.#opening,
			credentialId,
			statement,
			day,
			box,
		});
	}

	/** How many there are for exactly this. */
	count(row: PreparedProofRow): number {
		const found = this.#db.get(
			'SELECT count(*) AS n FROM prepared_proofs WHERE opening=@opening AND credentialId=@credentialId AND statement=@statement AND day=@day',
			{ ...row, opening: this.#opening },
		);
		return z.int().parse(found?.n);
	}

	/**
	 * Takes one out: it is deleted, durably, before it is handed out, and is never handed out again, even where a transaction
	 * around it is rolled back. The caller wipes it. Undefined where there is none.
	 */
	take(row: PreparedProofRow): SecretBytes | undefined {
		const found = this.#db.get(
			`DELETE FROM prepared_proofs WHERE id=(
	SELECT id FROM prepared_proofs
	WHERE opening=@opening AND credentialId=@credentialId AND statement=@statement AND day=@day AND id NOT IN (SELECT value FROM json_each(@taken))
	LIMIT 1
) RETURNING id, box`,
			{ ...row, opening: this.#opening, taken: JSON.stringify([...this.#taken]) },
		);
		if (!found) return undefined;
		const { id, box } = zTaken.parse(found);
		this.#taken.add(id);
		try {
			return SecretBytes.take(open(this.#sealKey, box, context(id)));
		} catch (cause) {
			throw damaged('database', cause);
		}
	}

	/** Drops what is dated with another day, and what another opening left behind; returns how many. */
	keepOnly(day: number): number {
		return this.#db.run('DELETE FROM prepared_proofs WHERE day<>@day OR opening<>@opening', { day, opening: this.#opening });
	}

	/** Drops all of them; returns how many. */
	clear(): number {
		return this.#db.run('DELETE FROM prepared_proofs', {});
	}

	/** For the vault, when it closes: from here on nothing of it can be read. */
	forgetKey(): void {
		this.#sealKey.wipe();
	}
}

const zTaken = z.object({ id: z.string(), box: z.instanceof(Uint8Array) });

const context = (id: string): Uint8Array => utf8(`holdfast/vault/prepared-proof/v1:${id}`);
