import type { Migration } from './migration.ts';

/** Files that describe contracts (ERC-7730), as they were added. */
export const descriptions: Migration = {
	version: 12,
	name: 'descriptions',
	sql: `
CREATE TABLE descriptions (
	id TEXT PRIMARY KEY,
	name TEXT NOT NULL UNIQUE,
	text TEXT NOT NULL,
	addedAt INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`,
};
