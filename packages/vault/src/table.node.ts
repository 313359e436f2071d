import type { JsonObject, ReportNode } from '@holdfast/kernel';
import { z } from 'zod';
import type { Db, SqlParams, SqlRow, SqlValue } from './database.node.ts';
import { damaged, VaultError } from './errors.ts';

/**
 * Where rows become typed objects. Columns have the names of the fields; those in `json` are stored as
 * text, and the schema (made with {@link json}) reads them back.
 */
export class Table<T extends object> {
	readonly db: Db;
	readonly #name: string;
	readonly #columns: readonly (keyof T & string)[];
	readonly #json: ReadonlySet<string>;
	readonly #schema: z.ZodType<T>;

	constructor(db: Db, definition: TableDefinition<T>) {
		this.db = db;
		this.#name = definition.name;
		this.#columns = definition.columns;
		this.#json = new Set(definition.json ?? []);
		this.#schema = definition.schema;
	}

	/** Throws `vault/bad-row` for a row that could not be read again, `vault/conflict` where the key exists. */
	insert(row: T): void {
		this.#write('INSERT', row);
	}

	/** Inserts, or replaces the row with the same primary key. */
	put(row: T, key: keyof T & string): void {
		const assignments = this.#columns.filter((column) => column !== key).map((column) => `"${column}"=excluded."${column}"`);
		this.#write('INSERT', row, ` ON CONFLICT("${key}") DO UPDATE SET ${assignments.join(',')}`);
	}

	/** Sets the columns in `patch`. Returns how many rows were changed. Throws as {@link insert}, and changes nothing then. */
	update(patch: Partial<T>, where: string, params: SqlParams): number {
		const columns = this.#columns.filter((column) => patch[column] !== undefined);
		const values = Object.fromEntries(columns.map((column) => [`set_${column}`, this.#value(column, patch[column])]));
		const assignments = columns.map((column) => `"${column}"=@set_${column}`).join(',');
		return this.db.transaction(() => {
			const sql = `UPDATE ${this.#name} SET ${assignments} WHERE ${where} RETURNING ${this.#selection()}`;
			const rows = this.db.all(sql, { ...params, ...values });
			for (const row of rows) this.#check(row);
			return rows.length;
		});
	}

	get(where: string, params: SqlParams): T | undefined {
		const row = this.db.get(`SELECT ${this.#selection()} FROM ${this.#name} WHERE ${where}`, params);
		return row && this.#parse(row);
	}

	/** `tail` is what follows the table's name: WHERE, ORDER BY, LIMIT. */
	all(tail = '', params: SqlParams = {}): T[] {
		return this.db.all(`SELECT ${this.#selection()} FROM ${this.#name} ${tail}`, params).map((row) => this.#parse(row));
	}

	delete(where: string, params: SqlParams): number {
		return this.db.run(`DELETE FROM ${this.#name} WHERE ${where}`, params);
	}

	#write(verb: string, row: T, conflict = ''): void {
		const values = Object.fromEntries(this.#columns.map((column) => [column, this.#value(column, row[column])]));
		this.#check(values);
		const columns = this.#columns.map((column) => `"${column}"`).join(',');
		this.db.run(`${verb} INTO ${this.#name} (${columns}) VALUES (${this.#columns.map((column) => `@${column}`).join(',')})${conflict}`, values);
	}

	#check(row: SqlRow): void {
		const result = this.#schema.safeParse(row);
		if (!result.success) throw badRow(this.#name, result.error);
	}

	#value(column: string, value: unknown): SqlValue {
		if (value === null || value === undefined) return null;
		if (this.#json.has(column)) return JSON.stringify(value);
		if (typeof value === 'boolean') return value ? 1 : 0;
		return value as SqlValue;
	}

	#selection(): string {
		return this.#columns.map((column) => `"${column}"`).join(',');
	}

	#parse(row: SqlRow): T {
		const result = this.#schema.safeParse(row);
		if (!result.success) throw damaged('database', badRow(this.#name, result.error));
		return result.data;
	}
}

export interface TableDefinition<T extends object> {
	readonly name: string;
	readonly columns: readonly (keyof T & string)[];
	/** Columns that hold JSON text. */
	readonly json?: readonly (keyof T & string)[];
	/** Reads a row as SQLite gives it. */
	readonly schema: z.ZodType<T>;
}

// zod's own message may quote the value: only the place goes into the error.
const badRow = (table: string, error: z.ZodError): VaultError =>
	new VaultError('vault/bad-row', 'This entry cannot be stored: a field is missing or of the wrong kind.', {
		data: { table, field: error.issues[0]?.path.map(String).join('.') ?? '' },
	});

/** A JSON column: text in the database, a checked value outside. */
export const json = <T>(schema: z.ZodType<T>): z.ZodType<T> =>
	z
		.string()
		.transform((text, context) => {
			try {
				return JSON.parse(text) as unknown;
			} catch {
				context.addIssue({ code: 'custom', message: 'not JSON' });
				return z.NEVER;
			}
		})
		.pipe(schema);

/** Any JSON object. It came from JSON.parse, so its members are JSON; a copy by zod would drop a member named `__proto__`. */
export const zJsonObject: z.ZodType<JsonObject> = z.custom<JsonObject>((value) => typeof value === 'object' && value !== null && !Array.isArray(value));

/** Milliseconds since the epoch. */
export const zTime = z.int().min(0);

export const zText = z.string();

/** 0 or 1 in the database. */
export const zFlag: z.ZodType<boolean> = z.union([z.literal(0), z.literal(1)]).transform((value) => value === 1);

export const zReport: z.ZodType<ReportNode> = z.custom<ReportNode>((value) => isReport(value));

function isReport(value: unknown): boolean {
	const node = z
		.looseObject({
			check: z.string(),
			result: z.enum(['passed', 'failed', 'warning', 'skipped']),
			title: z.string(),
			reason: z.string(),
			children: z.array(z.unknown()).optional(),
		})
		.safeParse(value);
	return node.success && (node.data.children ?? []).every(isReport);
}
