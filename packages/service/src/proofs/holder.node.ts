import type { ParsedCredential } from '@holdfast/credentials';
import type { JsonObject, ReportNode } from '@holdfast/kernel';
import type { DcqlCredentialQuery, RequestReview } from '@holdfast/oid4vc';
import {
	type Attestation,
	checkAttestation,
	circuitInputs,
	dayOf,
	encodeField,
	type HolderOpening,
	holderBlinding,
	holderCommitment,
	holderSecret,
	type IssuerPublicKey,
	type ProvingCredential,
	readAttestation,
	ZkError,
} from '@holdfast/zk';
import { z } from 'zod';
import type { Session } from '../session.node.ts';
import { keyOfIssuer, readKeyToken } from './issuer-key.node.ts';
import { COMMITMENT_CLAIM } from './names.ts';
import { canonical, readProofQuery } from './statement-query.ts';

const Carried = z.strictObject({ attestation: z.unknown(), key_token: z.string().max(8192) });

/** What the wallet proves with: one secret, and a blinding for each credential's key, so that issuers cannot link commitments. All follow from the seed. */
function opening(session: Session, holderKid: string): HolderOpening {
	const seed = session.vault.seedSecret({ purpose: 'zk-holder', context: '' });
	try {
		return seed.use((bytes) => ({ secret: holderSecret(bytes, 'wallet'), blinding: holderBlinding(bytes, holderKid) }));
	} finally {
		seed.wipe();
	}
}

/** What the key proof of a copy says besides: the commitment that its attestation shall be bound to. */
export const commitmentFor = (session: Session, holderKid: string): JsonObject => ({
	[COMMITMENT_CLAIM]: encodeField(holderCommitment(opening(session, holderKid))),
});

interface CarriedAttestation {
	readonly attestation: Attestation;
	readonly keyToken: string;
	readonly issuerKey: IssuerPublicKey;
}

/** The attestation that came with a credential. Undefined where none came. Throws `zk/*` for one that cannot be read. */
function carried(parsed: ParsedCredential): CarriedAttestation | undefined {
	if (parsed.attestation === undefined) return undefined;
	const read = Carried.safeParse(parsed.attestation);
	if (!read.success) throw new ZkError('zk/malformed', 'What the issuer added for proofs cannot be read.');
	const { key_token: keyToken, attestation } = read.data;
	return { attestation: readAttestation(attestation), keyToken, issuerKey: readKeyToken(keyToken).key };
}

/** Checks what came with a received credential for proofs. Undefined where nothing came. Throws coded errors. */
export async function checkCarried(session: Session, parsed: ParsedCredential, holderKid: string): Promise<ReportNode | undefined> {
	const found = carried(parsed);
	if (!found) return undefined;
	const { key } = await keyOfIssuer(session, found.keyToken, {
		issuer: parsed.issuer,
		...(found.attestation.kid === undefined ? {} : { kid: found.attestation.kid }),
	});
	return checkAttestation({
		attestation: found.attestation,
		issuerKey: key,
		claims: parsed.claims,
		type: parsed.type,
		holder: opening(session, holderKid),
		now: session.clock,
	});
}

function provingCredential(session: Session, parsed: ParsedCredential, holderKid: string, found: CarriedAttestation): ProvingCredential {
	return {
		attestation: found.attestation,
		claims: parsed.claims,
		issuer: parsed.issuer,
		issuerKey: found.issuerKey,
		holder: opening(session, holderKid),
	};
}

/** For `match`: null where this document can prove what is asked, empty where it is of another type, else why not. */
export function provable(session: Session, query: DcqlCredentialQuery, parsed: ParsedCredential, holderKid: string, name: string): string | null {
	const request = readProofQuery(query);
	if (!request) return 'This wallet does not know how to prove what is asked.';
	if (!request.types.includes(parsed.type)) return '';
	try {
		const found = carried(parsed);
		if (!found) return `Your ${name} was issued without what proofs need. Ask its issuer for a new one.`;
		// Builds the circuit's inputs, which refuses what is not true, and makes no proof yet.
		circuitInputs(request, [provingCredential(session, parsed, holderKid, found)], dayOf(session.clock), 0n);
		return null;
	} catch (error) {
		if (error instanceof ZkError) return `Your ${name} cannot prove it: ${error.message}`;
		throw error;
	}
}

/** What is sent as an answer to a query for a proof: the proof, and the issuer's word for its key. */
export interface ProofAnswer {
	readonly v: 1;
	readonly proof: string;
	readonly key_token: string;
}

export interface ProveInput {
	readonly query: DcqlCredentialQuery;
	readonly parsed: ParsedCredential;
	readonly holderKid: string;
	readonly review: Pick<RequestReview, 'nonce' | 'clientId' | 'responseUri'>;
	readonly signal: AbortSignal;
	readonly onProgress?: (fraction: number) => void;
}

/** Makes the answer to one query. Throws `zk/*`. */
export async function prove(session: Session, input: ProveInput): Promise<string> {
	const { query, parsed, holderKid, review, signal, onProgress } = input;
	const request = readProofQuery(query);
	const found = carried(parsed);
	if (!request || !found) throw new ZkError('zk/bad-statement', 'This document cannot prove what is asked.');
	const proof = await session.proofs.prove({
		request,
		credentials: [provingCredential(session, parsed, holderKid, found)],
		context: { nonce: review.nonce, audience: review.clientId, responseUri: review.responseUri, query: canonical(query) },
		now: session.clock,
		signal,
		...(onProgress ? { onProgress: ({ fraction }) => onProgress(fraction) } : {}),
	});
	return JSON.stringify({ v: 1, proof, key_token: found.keyToken } satisfies ProofAnswer);
}
