import type { Migration } from './migration.ts';

/** What the owners of a Safe sign together, with the signatures that were collected so far. */
export const safeFiles: Migration = {
	version: 11,
	name: 'safe-files',
	sql: `
CREATE TABLE safe_files (
	digest TEXT PRIMARY KEY,
	context TEXT NOT NULL,
	file TEXT NOT NULL,
	addedAt INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX safe_files_by_context ON safe_files (context, addedAt);
`,
};
