import { z } from 'zod';
import type { Db } from '../database.node.ts';

const zMessage = z.object({ message: z.string() });
const zCount = z.object({ choice: z.string(), count: z.int() });

/** A choice of an unnamed owner: who made it is told apart by nothing but the nullifier. */
export interface OwnerChoice {
	/** Stands for the group and what is chosen about. */
	readonly scope: string;
	readonly nullifier: string;
	/** Stands for the choice in the proof. */
	readonly message: string;
	readonly choice: string;
	readonly at: number;
}

/** The counted choices of unnamed owners. One for each nullifier in a scope. */
export class OwnerChoiceRepository {
	readonly #db: Db;

	constructor(db: Db) {
		this.#db = db;
	}

	/** Counts a choice unless this nullifier has one in the scope, whose message is given then. Atomic, and lasting when it returns. */
	claim(made: OwnerChoice): string | undefined {
		return this.#db.transaction(() => {
			const { scope, nullifier } = made;
			const earlier = this.#db.get('SELECT message FROM owner_choices WHERE scope=@scope AND nullifier=@nullifier', { scope, nullifier });
			if (earlier) return zMessage.parse(earlier).message;
			this.#db.run('INSERT INTO owner_choices (scope, nullifier, message, choice, at) VALUES (@scope, @nullifier, @message, @choice, @at)', { ...made });
			return undefined;
		});
	}

	/** How often each choice was counted in a scope, the most frequent first. */
	counts(scope: string): { readonly choice: string; readonly count: number }[] {
		return this.#db
			.all('SELECT choice, count(*) AS count FROM owner_choices WHERE scope=@scope GROUP BY choice ORDER BY count DESC, choice', { scope })
			.map((row) => zCount.parse(row));
	}
}
