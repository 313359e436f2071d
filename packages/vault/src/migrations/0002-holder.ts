import type { Migration } from './migration.ts';

/** Credentials, the journal of exchanges, and the activity log. */
export const holder: Migration = {
	version: 2,
	name: 'holder',
	sql: `
CREATE TABLE credentials (
	id TEXT PRIMARY KEY,
	format TEXT NOT NULL CHECK (format IN ('dc+sd-jwt', 'jwt_vc_json')),
	raw TEXT NOT NULL,
	type TEXT NOT NULL,
	issuer TEXT NOT NULL,
	issuerName TEXT,
	display TEXT,
	holderKid TEXT,
	batchId TEXT NOT NULL,
	validFrom INTEGER,
	validUntil INTEGER,
	receivedAt INTEGER NOT NULL,
	exchangeId TEXT,
	lastUsedAt INTEGER,
	uses INTEGER NOT NULL
) STRICT;
CREATE INDEX credentials_by_batch ON credentials (batchId);
CREATE INDEX credentials_by_type ON credentials (type);

CREATE TABLE exchanges (
	id TEXT PRIMARY KEY,
	kind TEXT NOT NULL CHECK (kind IN ('receive', 'present', 'issue', 'verify')),
	state TEXT NOT NULL,
	peer TEXT NOT NULL,
	payload TEXT NOT NULL,
	createdAt INTEGER NOT NULL,
	updatedAt INTEGER NOT NULL,
	outcome TEXT CHECK (outcome IN ('done', 'refused', 'failed', 'interrupted', 'expired')),
	errorCode TEXT
) STRICT;
CREATE INDEX exchanges_open ON exchanges (createdAt) WHERE outcome IS NULL;

CREATE TABLE activity (
	seq INTEGER PRIMARY KEY AUTOINCREMENT,
	id TEXT NOT NULL UNIQUE,
	at INTEGER NOT NULL,
	kind TEXT NOT NULL,
	title TEXT NOT NULL,
	peer TEXT,
	shared TEXT NOT NULL,
	outcome TEXT NOT NULL,
	detail TEXT,
	exchangeId TEXT,
	report TEXT
) STRICT;
CREATE INDEX activity_by_kind ON activity (kind, seq);
CREATE TRIGGER activity_is_not_changed BEFORE UPDATE ON activity BEGIN SELECT RAISE(ABORT, 'activity is append-only'); END;
CREATE TRIGGER activity_is_not_deleted BEFORE DELETE ON activity BEGIN SELECT RAISE(ABORT, 'activity is append-only'); END;
`,
};
