import type { JsonObject, ReportNode } from '@holdfast/kernel';
import { z } from 'zod';
import type { Db } from '../database.node.ts';
import { json, Table, zJsonObject, zReport, zText, zTime } from '../table.node.ts';

/** What happened, for the holder to look up years later. */
export interface ActivityRow {
	readonly id: string;
	readonly at: number;
	/** `received`, `presented`, `issued`, `verified`, … */
	readonly kind: string;
	readonly title: string;
	readonly peer: JsonObject | null;
	/** What left the wallet, in words: names of claims, never their values. */
	readonly shared: readonly string[];
	readonly outcome: string;
	readonly detail: string | null;
	readonly exchangeId: string | null;
	readonly report: ReportNode | null;
}

const schema: z.ZodType<ActivityRow> = z.object({
	id: zText,
	at: zTime,
	kind: zText,
	title: zText,
	peer: json(zJsonObject).nullable(),
	shared: json(z.array(zText)),
	outcome: zText,
	detail: zText.nullable(),
	exchangeId: zText.nullable(),
	report: json(zReport).nullable(),
});

export class ActivityRepository {
	readonly #table: Table<ActivityRow>;

	constructor(db: Db) {
		this.#table = new Table(db, {
			name: 'activity',
			columns: ['id', 'at', 'kind', 'title', 'peer', 'shared', 'outcome', 'detail', 'exchangeId', 'report'],
			json: ['peer', 'shared', 'report'],
			schema,
		});
	}

	/** Entries are never changed or deleted: the database refuses both. */
	append(row: ActivityRow): void {
		this.#table.insert(row);
	}

	get(id: string): ActivityRow | undefined {
		return this.#table.get('id=@id', { id });
	}

	/** In the order in which they were appended, last first. `before` leaves out what is not older, in epoch milliseconds. */
	list(options: { readonly before?: number; readonly limit: number; readonly kind?: string }): ActivityRow[] {
		return this.#table.all('WHERE (@kind IS NULL OR kind=@kind) AND (@before IS NULL OR at < @before) ORDER BY seq DESC LIMIT @limit', {
			kind: options.kind ?? null,
			before: options.before ?? null,
			limit: options.limit,
		});
	}
}
