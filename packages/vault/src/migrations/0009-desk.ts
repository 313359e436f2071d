import type { Migration } from './migration.ts';

/** The issuer's desk: statuses of what was issued, and documents issued by the table. */
export const desk: Migration = {
	version: 9,
	name: 'desk',
	sql: `
CREATE TABLE status_lists (
	id TEXT PRIMARY KEY,
	issuerDid TEXT NOT NULL,
	uri TEXT NOT NULL UNIQUE,
	bits INTEGER NOT NULL CHECK (bits IN (1, 2, 4, 8)),
	size INTEGER NOT NULL,
	used INTEGER NOT NULL,
	revision INTEGER NOT NULL,
	token TEXT,
	signedAt INTEGER,
	signedRevision INTEGER,
	publishedAt INTEGER,
	publishedRevision INTEGER,
	createdAt INTEGER NOT NULL
) STRICT;
CREATE INDEX status_lists_by_issuer ON status_lists (issuerDid);

CREATE TABLE status_entries (
	listId TEXT NOT NULL REFERENCES status_lists (id),
	idx INTEGER NOT NULL,
	state INTEGER NOT NULL CHECK (state IN (0, 1, 2)),
	PRIMARY KEY (listId, idx)
) STRICT, WITHOUT ROWID;
CREATE INDEX status_entries_set ON status_entries (listId, idx, state) WHERE state <> 0;

ALTER TABLE issued ADD COLUMN listId TEXT;
ALTER TABLE issued ADD COLUMN idx INTEGER;
ALTER TABLE issued ADD COLUMN state TEXT NOT NULL DEFAULT 'valid' CHECK (state IN ('valid', 'suspended', 'revoked'));
ALTER TABLE issued ADD COLUMN changedAt INTEGER;
ALTER TABLE issued ADD COLUMN batchId TEXT;
ALTER TABLE issued ADD COLUMN documentId TEXT GENERATED ALWAYS AS (coalesce(offerId, id)) VIRTUAL;
CREATE INDEX issued_by_document ON issued (documentId);
CREATE INDEX issued_by_time ON issued (issuedAt);

CREATE TABLE batches (
	id TEXT PRIMARY KEY,
	state TEXT NOT NULL CHECK (state IN ('reading', 'draft', 'running', 'paused', 'done', 'cancelled')),
	name TEXT NOT NULL,
	typeId TEXT NOT NULL,
	format TEXT NOT NULL,
	issuerDid TEXT NOT NULL,
	validDays INTEGER NOT NULL,
	delivery TEXT NOT NULL CHECK (delivery IN ('offers', 'signed')),
	offerMinutes INTEGER NOT NULL,
	columns TEXT NOT NULL,
	createdAt INTEGER NOT NULL,
	changedAt INTEGER NOT NULL
) STRICT;

CREATE TABLE batch_rows (
	batchId TEXT NOT NULL REFERENCES batches (id),
	position INTEGER NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('wrong', 'waiting', 'done', 'left-out')),
	key TEXT,
	label TEXT NOT NULL,
	cells TEXT,
	claims TEXT,
	contact TEXT,
	holder TEXT,
	problems TEXT,
	offerId TEXT,
	issuedId TEXT,
	credential TEXT,
	PRIMARY KEY (batchId, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX batch_rows_by_state ON batch_rows (batchId, state, position);
CREATE UNIQUE INDEX batch_rows_once ON batch_rows (batchId, key) WHERE state IN ('waiting', 'done');
CREATE INDEX batch_rows_done ON batch_rows (key) WHERE state = 'done';
`,
};
