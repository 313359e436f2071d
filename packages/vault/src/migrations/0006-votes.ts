import type { Migration } from './migration.ts';

/** DAOs that the holder follows, each with an account of its own, and the votes that were signed. */
export const votes: Migration = {
	version: 6,
	name: 'votes',
	sql: `
CREATE TABLE daos (
	id TEXT PRIMARY KEY,
	context TEXT NOT NULL UNIQUE,
	name TEXT NOT NULL,
	ref TEXT NOT NULL,
	kid TEXT NOT NULL REFERENCES keys (kid),
	account TEXT NOT NULL,
	addedAt INTEGER NOT NULL
) STRICT;

CREATE TABLE votes (
	id TEXT PRIMARY KEY,
	context TEXT NOT NULL,
	proposalId TEXT NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('sending', 'sent', 'signed', 'failed')),
	words TEXT NOT NULL,
	receipt TEXT NOT NULL,
	lastCheck TEXT,
	createdAt INTEGER NOT NULL
) STRICT;
CREATE INDEX votes_by_context ON votes (context, createdAt);
`,
};
