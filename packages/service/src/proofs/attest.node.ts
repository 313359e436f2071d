import { ATTESTATION_CLAIM } from '@holdfast/credentials';
import type { Signer } from '@holdfast/crypto';
import type { Json, JsonObject } from '@holdfast/kernel';
import { decodeField, issueAttestation, ZkError } from '@holdfast/zk';
import { ServiceError } from '../errors.ts';
import type { Session } from '../session.node.ts';
import { ATTESTATION_KID, ownKeyToken, withAttestationKey } from './issuer-key.node.ts';
import { COMMITMENT_CLAIM } from './names.ts';

export interface AttestInput {
	readonly did: string;
	readonly signer: Signer;
	readonly type: string;
	readonly claims: JsonObject;
	/** Seconds since the epoch, as in the credential. */
	readonly validFrom: number;
	readonly validUntil: number;
	/** Claims of the wallet's key proof. */
	readonly proofClaims: JsonObject;
}

const day = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 10);

/**
 * The claim to add to a credential so that its holder can prove statements about it, or nothing where the wallet sent no
 * commitment. Refuses a commitment that is none: a credential without what the wallet asked for would be a silent loss.
 */
export async function attested(session: Session, input: AttestInput): Promise<JsonObject> {
	const commitment = input.proofClaims[COMMITMENT_CLAIM];
	if (commitment === undefined) return {};
	let holderCommitment: bigint;
	try {
		holderCommitment = decodeField(commitment);
	} catch (cause) {
		throw new ServiceError('issue/bad-commitment', 'The wallet’s commitment for proofs cannot be read.', {}, cause);
	}
	try {
		const attestation = withAttestationKey(session, input.did, (signingKey) =>
			issueAttestation({
				signingKey,
				kid: ATTESTATION_KID,
				type: input.type,
				claims: input.claims,
				holderCommitment,
				validFrom: day(input.validFrom),
				validUntil: day(input.validUntil),
				random: session.random,
			}),
		);
		return { [ATTESTATION_CLAIM]: { attestation: attestation as unknown as Json, key_token: await ownKeyToken(session, input.did, input.signer) } };
	} catch (error) {
		// Nothing in this document can be proven about: it is issued without.
		if (error instanceof ZkError && error.code === 'zk/no-such-claim') return {};
		throw error;
	}
}
