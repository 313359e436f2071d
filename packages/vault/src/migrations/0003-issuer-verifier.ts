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
	typeId TEXT NOT NULL,
	format TEXT NOT NULL,
	issuerDid TEXT NOT NULL,
	claims TEXT NOT NULL,
	codeHash TEXT NOT NULL UNIQUE,
	txCodeHash TEXT,
	txTries INTEGER NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('open', 'redeemed', 'cancelled', 'expired')),
	accessTokenHash TEXT UNIQUE,
	batchSize INTEGER NOT NULL,
	validitySeconds INTEGER,
	expiresAt INTEGER NOT NULL,
	createdAt INTEGER NOT NULL,
	redeemedAt INTEGER
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
	subject TEXT,
	issuedAt INTEGER NOT NULL,
	validUntil INTEGER,
	summary TEXT NOT NULL
) STRICT;
CREATE INDEX issued_by_offer ON issued (offerId);

CREATE TABLE verifications (
	id TEXT PRIMARY KEY,
	state TEXT NOT NULL CHECK (state IN ('open', 'received', 'done', 'expired', 'cancelled')),
	title TEXT NOT NULL,
	dcql TEXT NOT NULL,
	nonce TEXT NOT NULL UNIQUE,
	nonceUsedAt INTEGER,
	stateParam TEXT,
	clientId TEXT NOT NULL,
	ephemeralKid TEXT,
	requestJwt TEXT,
	responseMode TEXT NOT NULL,
	receivedAt INTEGER,
	report TEXT,
	disclosed TEXT,
	rawResponse TEXT,
	expiresAt INTEGER NOT NULL,
	createdAt INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX verifications_by_state_param ON verifications (stateParam) WHERE stateParam IS NOT NULL;
`,
};
