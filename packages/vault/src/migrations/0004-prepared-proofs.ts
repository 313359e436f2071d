import type { Migration } from './migration.ts';

/** Proofs that were made before anybody asked. They go with the credential that they are about. */
export const preparedProofs: Migration = {
	version: 4,
	name: 'prepared-proofs',
	sql: `
CREATE TABLE prepared_proofs (
	id TEXT PRIMARY KEY,
	opening TEXT NOT NULL,
	credentialId TEXT NOT NULL REFERENCES credentials (id) ON DELETE CASCADE,
	statement TEXT NOT NULL,
	day INTEGER NOT NULL,
	box BLOB NOT NULL
) STRICT;
CREATE INDEX prepared_proofs_by_credential ON prepared_proofs (credentialId, statement, day);
`,
};
