import type { Db } from '../database.node.ts';

/** The issuer's c_nonce values (OpenID4VCI §7): each is accepted once, before it expires. */
export class NonceRepository {
	readonly #db: Db;

	constructor(db: Db) {
		this.#db = db;
	}

	/** Throws `vault/conflict` where the nonce exists. */
	put(nonce: string, expiresAt: number): void {
		this.#db.run('INSERT INTO nonces (nonce, expiresAt) VALUES (@nonce, @expiresAt)', { nonce, expiresAt });
	}

	/** True once: for a nonce that was put, has not expired and was not consumed. */
	consume(nonce: string, now: number): boolean {
		const row = this.#db.get('DELETE FROM nonces WHERE nonce=@nonce RETURNING expiresAt', { nonce });
		return row !== undefined && Number(row.expiresAt) > now;
	}

	/** Forgets expired ones; returns how many. */
	prune(now: number): number {
		return this.#db.run('DELETE FROM nonces WHERE expiresAt<=@now', { now });
	}
}
