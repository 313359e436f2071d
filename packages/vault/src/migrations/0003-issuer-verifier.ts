import type { Migration } from './migration.ts';

/** What the issuer's and the verifier's role need. */
export const issuerVerifier: Migration = {
	version: 3,
	name: 'issuer-verifier',
	sql: `
CREATE TABLE credential_types (
	id TEXT PRIMARY KEY,
	name TEXT NOT NULL,
	formats TEXT NOT NULL,
	vct TEXT NOT NULL,
	type TEXT NOT NULL,
	schema TEXT NOT NULL,
	display TEXT NOT NULL,
	disclosable TEXT NOT NULL,
	builtin INTEGER NOT NULL CHECK (builtin IN (0, 1)),
	createdAt INTEGER NOT NULL
) STRICT;

CREATE TABLE offers (
	id TEXT PRIMARY KEY,
	version INTEGER NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('open', 'redeemed', 'cancelled', 'expired')),
	typeId TEXT NOT NULL,
	uri TEXT NOT NULL,
	codeHash TEXT NOT NULL UNIQUE,
	accessTokenHash TEXT UNIQUE,
	expiresAt INTEGER NOT NULL,
	createdAt INTEGER NOT NULL,
	record TEXT NOT NULL
) STRICT;
CREATE INDEX offers_open ON offers (expiresAt) WHERE state = 'open';

CREATE TABLE nonces (nonce TEXT PRIMARY KEY, expiresAt INTEGER NOT NULL) STRICT;
CREATE INDEX nonces_by_expiry ON nonces (expiresAt);

CREATE TABLE issued (
	id TEXT PRIMARY KEY,
	offerId TEXT,
	typeId TEXT NOT NULL,
	format TEXT NOT NULL,
	issuerDid TEXT NOT NULL,
	holder TEXT NOT NULL,
	issuedAt INTEGER NOT NULL,
	validUntil INTEGER,
	subtitle TEXT NOT NULL
) STRICT;
CREATE INDEX issued_by_offer ON issued (offerId);

CREATE TABLE verifications (
	id TEXT PRIMARY KEY,
	version INTEGER NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('open', 'received', 'done', 'refused', 'expired', 'cancelled')),
	title TEXT NOT NULL,
	uri TEXT NOT NULL,
	createdAt INTEGER NOT NULL,
	expiresAt INTEGER NOT NULL,
	receivedAt INTEGER,
	record TEXT NOT NULL
) STRICT;

CREATE TABLE trusted_issuers (issuer TEXT PRIMARY KEY, name TEXT NOT NULL, addedAt INTEGER NOT NULL) STRICT;
CREATE TABLE networks (chainId INTEGER PRIMARY KEY, name TEXT NOT NULL, rpcUrl TEXT NOT NULL, ethrRegistry TEXT) STRICT;
`,
};
