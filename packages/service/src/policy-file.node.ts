import { type CallInput, calls, type PolicyReview, type StationPolicy } from '@holdfast/contract';
import { displayText, type JsonObject } from '@holdfast/kernel';
import { describeDcql, parseDcql, signJwt } from '@holdfast/oid4vc';
import { dayOf } from '@holdfast/zk';
import { z } from 'zod';
import { ServiceError } from './errors.ts';
import { party } from './parties.node.ts';
import { PROOF_SYSTEMS } from './proofs/names.ts';
import { queryWords } from './proofs/words.node.ts';
import { queryFor } from './query.node.ts';
import type { Session } from './session.node.ts';
import { readSigned, signedBy } from './signed-file.node.ts';
import { isBuiltin } from './types.node.ts';

// A policy of the station as a file: a compact JWS (RFC 7515) by the DID of whoever shares it. docs/qr.md has the format.

const TYP = 'org.holdfast.station-policy+jwt';
const MOST_CHARACTERS = 64 * 1024;

/** What a policy says, without whose DID signs its requests: that is for each wallet to say. */
const Shared = calls['station.savePolicy'].input.omit({ id: true, verifierDid: true });
type SharedPolicy = z.output<typeof Shared>;
const Payload = z.strictObject({ ...signedBy, policy: Shared });

/** A policy that was read from a file and waits to be kept. */
export interface PolicySubject {
	readonly policy: SharedPolicy;
}

type PolicyContent = Omit<CallInput<'station.savePolicy'>, 'id'>;

/** What a policy asks, in words. Throws where it cannot be asked. */
export function asksOf(session: Session, policy: Pick<PolicyContent, 'request' | 'verifierDid'>): string[] {
	const today = dayOf(session.clock);
	return describeDcql(parseDcql(queryFor(session.vault, policy, today, PROOF_SYSTEMS)), queryWords(session, today));
}

/** The text of a file with this policy, signed by one of the wallet's DIDs. Throws `did/*` for a DID that cannot sign. */
export async function writePolicyFile(session: Session, policy: StationPolicy, signerDid: string): Promise<string> {
	const signer = await session.agent.didSigner(signerDid, { relationship: 'assertionMethod' });
	const { id: _id, asks: _asks, createdAt: _createdAt, verifierDid: _verifierDid, request, ...how } = policy;
	// A type that was made in this wallet is known nowhere else by its id: the query itself goes.
	const isOwn = request.kind === 'claims' && !isBuiltin(request.typeId);
	const asked = isOwn ? { kind: 'dcql', dcql: queryFor(session.vault, policy, dayOf(session.clock), PROOF_SYSTEMS) } : request;
	const payload = { iss: signerDid, iat: Math.floor(session.clock.now() / 1000), policy: { ...how, request: asked } };
	return signJwt(signer, { typ: TYP, kid: signer.kid ?? signerDid }, payload as unknown as JsonObject);
}

const notAPolicy = (): ServiceError =>
	new ServiceError('station/not-a-policy', 'This is not a station policy that this version of Holdfast understands. Ask for the file again.');
const wronglySigned = (): ServiceError =>
	new ServiceError('station/policy-not-authentic', 'This policy was changed after it was signed, or is not from whom it says. Ask for the file again.');

/**
 * Reads and verifies a policy file, and opens it for review.
 * @throws ServiceError `station/policy-too-large`, `station/not-a-policy`, `station/policy-not-authentic`; `did/*` where the signer's key cannot
 * be found; what {@link asksOf} throws
 */
export async function openPolicyFile(session: Session, text: string): Promise<PolicyReview> {
	const compact = text.trim();
	if (compact.length > MOST_CHARACTERS)
		throw new ServiceError('station/policy-too-large', 'This file is larger than a policy can be.', { most: MOST_CHARACTERS });
	const read = await readSigned(session, compact, TYP, Payload);
	if (read === 'malformed') throw notAPolicy();
	if (read === 'not-authentic') throw wronglySigned();
	const { iss, iat, policy: said } = read;

	// What is kept is what was read: without characters that cannot be seen.
	const policy: SharedPolicy = { ...said, title: displayText(said.title, 120), purpose: said.purpose === null ? null : displayText(said.purpose, 300) || null };
	if (policy.title === '') throw notAPolicy();
	const needsIdentity = policy.request.kind === 'preset' && policy.request.once !== undefined;
	const asks = asksOf(session, { request: policy.request, verifierDid: needsIdentity ? iss : null });
	const signer = party(session.vault, { id: iss, identifiedBy: 'Signed this policy' });
	return {
		id: session.reviews.open('policy', { policy }),
		title: policy.title,
		purpose: policy.purpose,
		signer,
		signedAt: iat * 1000,
		asks,
		terms: termsOf(policy),
		needsIdentity,
		warnings: [
			...(signer.standing === 'unknown' ? ['You do not know who signed this. Ask them in another way whether it is theirs.'] : []),
			...(policy.encrypted ? [] : ['Answers are not encrypted: whoever films somebody’s screen in the queue can read them.']),
		],
	};
}

/** How the station goes about it, line by line. */
const termsOf = ({ encrypted, resetSeconds, requestMinutes, showClaims, trustHours, statusLists = [] }: SharedPolicy): string[] => [
	encrypted ? 'Answers are encrypted.' : 'Answers are not encrypted.',
	showClaims ? 'What was learned stands beside the verdict, and is not kept.' : 'What was learned is not shown beside the verdict.',
	`A verdict stands for ${count(resetSeconds, 'second')}.`,
	`A request waits for its answer for ${count(requestMinutes, 'minute')}.`,
	trustHours === 0 ? 'Keys of issuers are fetched each time.' : `Fetched keys of issuers are believed for ${count(trustHours, 'hour')} without a network.`,
	...statusLists.map((uri) => `The list of withdrawn documents at ${displayText(uri, 200)} is fetched ahead.`),
];

const count = (number: number, unit: string): string => `${number} ${unit}${number === 1 ? '' : 's'}`;
