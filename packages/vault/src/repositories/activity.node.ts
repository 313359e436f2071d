import type { JsonObject, ReportNode } from '@holdfast/kernel';
import { z } from 'zod';
import type { Db } from '../database.node.ts';
import { json, Table, zJsonObject, zReport, zText, zTime } from '../table.node.ts';

/** A claim that was shown: where it stands and how it is called. Never its value, never an undisclosed one. */
export interface SharedClaim {
	readonly path: readonly (string | number | null)[];
	readonly label: string;
	readonly credentialId?: string;
}

/** What happened, for the holder to look up years later. */
export interface ActivityRow {
	readonly id: string;
	readonly at: number;
	/** `receive`, `present`, `issue`, `verify`, `did`, … */
	readonly kind: string;
	readonly title: string;
	readonly peer: JsonObject;
	readonly shared: readonly SharedClaim[];
	readonly outcome: string;
	readonly exchangeId: string | null;
	readonly report: ReportNode | null;
}

const schema: z.ZodType<ActivityRow> = z.object({
	id: zText,
	at: zTime,
	kind: zText,
	title: zText,
	peer: json(zJsonObject),
	// Strict: a value that comes along must not be stored here.
	shared: json(z.array(z.strictObject({ path: z.array(z.union([z.string(), z.number(), z.null()])), label: zText, credentialId: z.exactOptional(zText) }))),
	outcome: zText,
	exchangeId: zText.nullable(),
	report: json(zReport).nullable(),
});

const DEFAULT_LIMIT = 100;

export class ActivityRepository {
	readonly #table: Table<ActivityRow>;

	constructor(db: Db) {
		this.#table = new Table(db, {
			name: 'activity',
			columns: ['id', 'at', 'kind', 'title', 'peer', 'shared', 'outcome', 'exchangeId', 'report'],
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

	/** In the order in which they were appended, last first. `before` is the id of the last entry of the page before. */
	list(options: { readonly before?: string; readonly limit?: number; readonly kind?: string } = {}): ActivityRow[] {
		return this.#table.all(
			`WHERE (@kind IS NULL OR kind=@kind) AND (@before IS NULL OR seq < (SELECT seq FROM activity WHERE id=@before)) ORDER BY seq DESC LIMIT @limit`,
			{ kind: options.kind ?? null, before: options.before ?? null, limit: options.limit ?? DEFAULT_LIMIT },
		);
	}
}
