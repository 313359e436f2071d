import { HoldfastError, type JsonObject } from '@holdfast/kernel';

export type TableErrorCode = 'table/unreadable' | 'table/unknown-kind' | 'table/too-large' | 'table/malformed' | 'table/no-sheet' | 'table/empty';

/** Why a file is not a table that can be read. Holds places, never contents. */
export class TableError extends HoldfastError {
	constructor(code: TableErrorCode, message: string, options: { data?: JsonObject; cause?: unknown } = {}) {
		super(code, message, options);
		this.name = 'TableError';
	}
}

export const malformed = (message: string, cause?: unknown): TableError => new TableError('table/malformed', message, cause === undefined ? {} : { cause });
export const tooLarge = (message: string): TableError => new TableError('table/too-large', message);
