import type { Migration } from './migration.ts';

/** The choices of unnamed owners that were counted, each by the number that its proof shows once in a scope. */
export const ownerChoices: Migration = {
	version: 10,
	name: 'owner-choices',
	sql: `
CREATE TABLE owner_choices (
	scope TEXT NOT NULL,
	nullifier TEXT NOT NULL,
	message TEXT NOT NULL,
	choice TEXT NOT NULL,
	at INTEGER NOT NULL,
	PRIMARY KEY (scope, nullifier)
) STRICT, WITHOUT ROWID;
`,
};
