import type { Migration } from './migration.ts';

/** Secrets, keys and DIDs; settings and the cache. */
export const identity: Migration = {
	version: 1,
	name: 'identity',
	sql: `
CREATE TABLE secrets (name TEXT PRIMARY KEY, box BLOB NOT NULL) STRICT;

CREATE TABLE keys (
	kid TEXT PRIMARY KEY,
	type TEXT NOT NULL CHECK (type IN ('Ed25519', 'Secp256k1', 'Secp256r1', 'X25519')),
	publicKeyHex TEXT NOT NULL,
	path TEXT,
	purpose TEXT NOT NULL,
	alias TEXT,
	createdAt INTEGER NOT NULL
) STRICT;
CREATE INDEX keys_by_purpose ON keys (purpose);

CREATE TABLE private_keys (kid TEXT PRIMARY KEY REFERENCES keys (kid) ON DELETE CASCADE, box BLOB NOT NULL) STRICT;
CREATE TABLE key_indexes (scope TEXT PRIMARY KEY, next INTEGER NOT NULL) STRICT;

CREATE TABLE dids (
	did TEXT PRIMARY KEY,
	provider TEXT NOT NULL,
	alias TEXT,
	controllerKid TEXT,
	keys TEXT NOT NULL,
	services TEXT NOT NULL,
	meta TEXT NOT NULL,
	createdAt INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX dids_by_alias ON dids (provider, alias) WHERE alias IS NOT NULL;

CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE cache (key TEXT PRIMARY KEY, value TEXT NOT NULL, storedAt INTEGER NOT NULL, expiresAt INTEGER NOT NULL) STRICT;
`,
};
