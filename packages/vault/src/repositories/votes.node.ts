import type { JsonObject } from '@holdfast/kernel';
import { z } from 'zod';
import type { Db } from '../database.node.ts';
import { json, Table, zJsonObject, zText, zTime } from '../table.node.ts';

/** `sending`: handed in, no answer seen; `sent`: taken; `signed`: the signature was given to the holder; `failed`: not taken. */
export type VoteState = 'sending' | 'sent' | 'signed' | 'failed';

/** A vote that was signed. It stays when its DAO is no longer followed. */
export interface VoteRow {
	readonly id: string;
	/** Of the DAO, as in its row. */
	readonly context: string;
	readonly proposalId: string;
	readonly state: VoteState;
	/** What the holder was shown: names of the DAO and the proposal, and the choice in words. */
	readonly words: JsonObject;
	/** What was signed, the signature, and what the taker answered; opaque here. */
	readonly receipt: JsonObject;
	/** What the last look whether it counted found; opaque here. */
	readonly lastCheck: JsonObject | null;
	readonly createdAt: number;
}

const schema: z.ZodType<VoteRow> = z.object({
	id: zText,
	context: zText,
	proposalId: zText,
	state: z.enum(['sending', 'sent', 'signed', 'failed']),
	words: json(zJsonObject),
	receipt: json(zJsonObject),
	lastCheck: json(zJsonObject).nullable(),
	createdAt: zTime,
});

export class VoteRepository {
	readonly #table: Table<VoteRow>;

	constructor(db: Db) {
		this.#table = new Table(db, {
			name: 'votes',
			columns: ['id', 'context', 'proposalId', 'state', 'words', 'receipt', 'lastCheck', 'createdAt'],
			json: ['words', 'receipt', 'lastCheck'],
			schema,
		});
	}

	insert(row: VoteRow): void {
		this.#table.insert(row);
	}

	get(id: string): VoteRow | undefined {
		return this.#table.get('id=@id', { id });
	}

	/** Newest first. */
	list(filter: { readonly context?: string } = {}): VoteRow[] {
		return this.#table.all('WHERE (@context IS NULL OR context=@context) ORDER BY createdAt DESC, rowid DESC', { context: filter.context ?? null });
	}

	/** Returns false where there is no such vote. */
	update(id: string, patch: Partial<Pick<VoteRow, 'state' | 'receipt' | 'lastCheck'>>): boolean {
		return this.#table.update(patch, 'id=@id', { id }) > 0;
	}
}
