import { z } from 'zod';
import type { Db } from '../database.node.ts';

const zRow = z.object({ claimedBy: z.string(), at: z.int() });

/** The verifier's memory of marks: which holder, told apart by nothing but the mark, has answered for which scope. */
export class ProofNullifierRepository {
	readonly #db: Db;

	constructor(db: Db) {
		this.#db = db;
	}

	/**
	 * Takes a mark for a request, where no other request has it. Null for the one that took it, however often it asks; else
	 * when another one did, in milliseconds since the epoch. Atomic: of two answers at once, one is the first.
	 */
	claim(mark: { readonly scope: string; readonly nullifier: string; readonly claimedBy: string; readonly at: number }): number | null {
		return this.#db.transaction(() => {
			this.#db.run(
				'INSERT INTO proof_nullifiers (scope, nullifier, claimedBy, at) VALUES (@scope, @nullifier, @claimedBy, @at) ON CONFLICT (scope, nullifier) DO NOTHING',
				{ ...mark },
			);
			const { scope, nullifier } = mark;
			const row = zRow.parse(this.#db.get('SELECT claimedBy, at FROM proof_nullifiers WHERE scope=@scope AND nullifier=@nullifier', { scope, nullifier }));
			return row.claimedBy === mark.claimedBy ? null : row.at;
		});
	}
}
