import { identity } from './0001-identity.ts';
import { holder } from './0002-holder.ts';
import { issuerVerifier } from './0003-issuer-verifier.ts';
import { preparedProofs } from './0004-prepared-proofs.ts';
import { proofRevocations } from './0005-proof-revocations.ts';
import { votes } from './0006-votes.ts';
import { proofNullifiers } from './0007-proof-nullifiers.ts';
import { collections } from './0008-collections.ts';
import { desk } from './0009-desk.ts';
import { ownerChoices } from './0010-owner-choices.ts';
import { safeFiles } from './0011-safe-files.ts';
import { descriptions } from './0012-descriptions.ts';
import { basis } from './0013-basis.ts';
import type { Migration } from './migration.ts';

export type { Migration } from './migration.ts';

/** Every step, in order. New ones are added at the end. */
export const migrations: readonly Migration[] = [
	identity,
	holder,
	issuerVerifier,
	preparedProofs,
	proofRevocations,
	votes,
	proofNullifiers,
	collections,
	desk,
	ownerChoices,
	safeFiles,
	descriptions,
	basis,
];
