import type { Json } from '@holdfast/kernel';
import { z } from 'zod';
import type { Db } from '../database.node.ts';

/** Settings by key; the reader says with a schema what it expects. */
export class SettingRepository {
	readonly #db: Db;

	constructor(db: Db) {
		this.#db = db;
	}

	/** Undefined where the setting is missing, or was written by a version that meant something else. */
	get<T>(key: string, schema: z.ZodType<T>): T | undefined {
		const row = this.#db.get('SELECT value FROM settings WHERE key=@key', { key });
		const value = schema.safeParse(row && JSON.parse(z.string().parse(row.value)));
		return value.success ? value.data : undefined;
	}

	set(key: string, value: Json): void {
		this.#db.run('INSERT INTO settings (key, value) VALUES (@key, @value) ON CONFLICT (key) DO UPDATE SET value=excluded.value', {
			key,
			value: JSON.stringify(value),
		});
	}

	delete(key: string): boolean {
		return this.#db.run('DELETE FROM settings WHERE key=@key', { key }) > 0;
	}
}
