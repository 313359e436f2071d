import type { Clock, JsonObject } from '@holdfast/kernel';
import { z } from 'zod';
import type { Db } from '../database.node.ts';
import { conflict } from '../errors.ts';
import { json, Table, zJsonObject, zText, zTime } from '../table.node.ts';

export type ExchangeKind = 'receive' | 'present' | 'issue' | 'verify';
export type ExchangeOutcome = 'done' | 'refused' | 'failed' | 'interrupted' | 'expired';

/** Work in progress with somebody else, so that after a crash the wallet knows where it stood. */
export interface ExchangeRow {
	readonly id: string;
	readonly kind: ExchangeKind;
	readonly state: string;
	readonly peer: JsonObject;
	readonly payload: JsonObject;
	readonly createdAt: number;
	readonly updatedAt: number;
	/** null while it is open. */
	readonly outcome: ExchangeOutcome | null;
	readonly errorCode: string | null;
}

const schema: z.ZodType<ExchangeRow> = z.object({
	id: zText,
	kind: z.enum(['receive', 'present', 'issue', 'verify']),
	state: zText,
	peer: json(zJsonObject),
	payload: json(zJsonObject),
	createdAt: zTime,
	updatedAt: zTime,
	outcome: z.enum(['done', 'refused', 'failed', 'interrupted', 'expired']).nullable(),
	errorCode: zText.nullable(),
});

export class ExchangeRepository {
	readonly #table: Table<ExchangeRow>;
	readonly #clock: Clock;

	constructor(db: Db, clock: Clock) {
		this.#table = new Table(db, {
			name: 'exchanges',
			columns: ['id', 'kind', 'state', 'peer', 'payload', 'createdAt', 'updatedAt', 'outcome', 'errorCode'],
			json: ['peer', 'payload'],
			schema,
		});
		this.#clock = clock;
	}

	insert(row: ExchangeRow): void {
		this.#table.insert(row);
	}

	get(id: string): ExchangeRow | undefined {
		return this.#table.get('id=@id', { id });
	}

	/** From state `from` to `to`, atomically. Throws `vault/conflict` where it is not open or not in `from`. */
	advance(id: string, from: string, to: string, patch: Partial<Pick<ExchangeRow, 'peer' | 'payload'>> = {}): void {
		const changed = this.#table.update({ ...patch, state: to, updatedAt: this.#clock.now() }, 'id=@id AND state=@from AND outcome IS NULL', { id, from });
		if (changed === 0) throw conflict();
	}

	/** Ends it. Throws `vault/conflict` where it has ended already. */
	finish(id: string, outcome: ExchangeOutcome, patch: Partial<Pick<ExchangeRow, 'errorCode' | 'peer' | 'payload'>> = {}): void {
		if (this.#table.update({ ...patch, outcome, updatedAt: this.#clock.now() }, 'id=@id AND outcome IS NULL', { id }) === 0) throw conflict();
	}

	/** Those without an outcome, oldest first. */
	open(): ExchangeRow[] {
		return this.#table.all('WHERE outcome IS NULL ORDER BY createdAt, rowid');
	}

	/** All, newest first. */
	list(filter: { readonly kind?: ExchangeKind; readonly limit?: number } = {}): ExchangeRow[] {
		return this.#table.all('WHERE (@kind IS NULL OR kind=@kind) ORDER BY createdAt DESC, rowid DESC LIMIT @limit', {
			kind: filter.kind ?? null,
			limit: filter.limit ?? -1,
		});
	}
}
