import type { Migration } from './migration.ts';

/** The verifier's memory of marks. */
export const proofNullifiers: Migration = {
	version: 7,
	name: 'proof-nullifiers',
	sql: `
CREATE TABLE proof_nullifiers (
	scope TEXT NOT NULL,
	nullifier TEXT NOT NULL,
	claimedBy TEXT NOT NULL,
	at INTEGER NOT NULL,
	PRIMARY KEY (scope, nullifier)
) STRICT, WITHOUT ROWID;
`,
};
