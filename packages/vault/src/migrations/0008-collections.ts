import type { Migration } from './migration.ts';

/** Collections in which the wallet has an account of its own. The account's key follows from the seed and the collection. */
export const collections: Migration = {
	version: 8,
	name: 'collections',
	sql: `
CREATE TABLE collections (
	id TEXT PRIMARY KEY,
	chainId INTEGER NOT NULL,
	contract TEXT NOT NULL,
	standard TEXT NOT NULL CHECK (standard IN ('erc721', 'erc1155')),
	name TEXT NOT NULL,
	addedAt INTEGER NOT NULL,
	UNIQUE (chainId, contract)
) STRICT;
`,
};
