import type { Migration } from './migration.ts';

/** The issuer's register of places in its revocation trees. */
export const proofRevocations: Migration = {
	version: 5,
	name: 'proof-revocations',
	sql: `
CREATE TABLE proof_revocations (
	issuerDid TEXT NOT NULL,
	place INTEGER NOT NULL CHECK (place BETWEEN 1 AND 1048575),
	offerId TEXT NOT NULL,
	copy TEXT NOT NULL,
	typeId TEXT NOT NULL,
	subtitle TEXT NOT NULL,
	createdAt INTEGER NOT NULL,
	validUntil INTEGER NOT NULL,
	revokedAt INTEGER,
	PRIMARY KEY (issuerDid, place),
	UNIQUE (offerId, copy)
) STRICT;
CREATE INDEX proof_revocations_revoked ON proof_revocations (issuerDid) WHERE revokedAt IS NOT NULL;
`,
};
