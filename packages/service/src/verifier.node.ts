import type { Verdict, Verification } from '@holdfast/contract';
import { type StatusPolicy, verify } from '@holdfast/credentials';
import { displayText, firstFailure, type JsonObject, type ReportNode } from '@holdfast/kernel';
import {
	type CreateRequestInput,
	createVerifier,
	type DisclosedPresentation,
	describeDcql,
	isQrMode,
	OWNERSHIP_FORMAT,
	type VerificationRecord,
	type Verifier,
	type VerifierDeps,
} from '@holdfast/oid4vc';
import type { VerificationRow } from '@holdfast/vault';
import { dayOf } from '@holdfast/zk';
import { record } from './activity.node.ts';
import { verifyOwnershipAnswer } from './assets/verify.node.ts';
import { appearance, claimsAsLines } from './documents.node.ts';
import { party, trustPolicy } from './parties.node.ts';
import { verifyProof } from './proofs/verify.node.ts';
import { queryWords } from './proofs/words.node.ts';
import { qrOf } from './qr.ts';
import type { Session } from './session.node.ts';
import { statusPolicy } from './statuses.node.ts';
import { typeNamed } from './types.node.ts';

export const recordOf = (row: VerificationRow): VerificationRecord => row.record as unknown as VerificationRecord;

const documentView = (session: Session, each: DisclosedPresentation): Verdict['documents'][number] => {
	if (each.format === OWNERSHIP_FORMAT) return ownershipView(session, each);
	const type = typeNamed(session.vault, each.type);
	const display = type?.display ?? {};
	return {
		queryId: each.queryId,
		kind: 'document',
		type: displayText(each.type, 300),
		name: appearance(type?.name ?? each.type, display).name,
		issuer: party(session.vault, { id: each.issuer, identifiedBy: 'It signed the document' }),
		lines: claimsAsLines(each.claims, display, type?.disclosable ?? []),
		proven: [...(each.proven ?? [])],
	};
};

/** Nobody issued a proof of ownership: what stands behind it is the collection's contract. */
const ownershipView = (session: Session, each: DisclosedPresentation): Verdict['documents'][number] => ({
	queryId: each.queryId,
	kind: 'token',
	type: each.type,
	name: 'Ownership of a token',
	issuer: party(session.vault, { id: each.issuer || 'unknown', name: 'The collection’s contract', identifiedBy: 'Its own rules say who owns what' }),
	lines: [],
	proven: [...(each.proven ?? [])],
});

/** The report, told in one sentence. */
export function sentenceFor(report: ReportNode): string {
	if (report.result === 'passed') return 'Accepted. Everything that was asked for is there, and every check passed.';
	if (report.result === 'warning') return 'Accepted, with something to look at below.';
	return `Not accepted. ${firstFailure(report)?.reason ?? report.reason}`;
}

export function verdict(session: Session, report: ReportNode, disclosed: readonly DisclosedPresentation[]): Verdict {
	return {
		accepted: report.result === 'passed' || report.result === 'warning',
		sentence: sentenceFor(report),
		report,
		documents: disclosed.map((each) => documentView(session, each)),
	};
}

export function verificationView(session: Session, row: VerificationRow): Verification {
	const stored = recordOf(row);
	const over = stored.state === 'open' && stored.expiresAt <= session.clock.now();
	return {
		id: row.id,
		title: row.title,
		asks: describeDcql(stored.dcql, queryWords(session, dayOf({ now: () => stored.createdAt }))),
		state: over ? 'expired' : stored.state,
		channel: isQrMode(stored.responseMode) ? 'qr' : 'service',
		uri: row.uri,
		qr: isQrMode(stored.responseMode) ? null : qrOf(row.uri),
		createdAt: stored.createdAt,
		expiresAt: stored.expiresAt,
		receivedAt: stored.receivedAt,
		verdict: stored.report ? verdict(session, stored.report, stored.disclosed ?? []) : null,
		refusal: stored.walletError
			? stored.walletError === 'access_denied'
				? 'The holder declined to share.'
				: `The wallet answered: ${displayText(stored.walletError, 100)}`
			: null,
	};
}

const row = (next: VerificationRecord, title: string, uri: string): VerificationRow => ({
	id: next.id,
	version: next.version,
	state: next.state,
	title,
	createdAt: next.createdAt,
	expiresAt: next.expiresAt,
	receivedAt: next.receivedAt,
	uri,
	record: next as unknown as JsonObject,
});

/** How a request names who asks: signed by one of the wallet's DIDs, or by nobody. */
export async function clientIdOf(session: Session, did: string | null): Promise<Pick<CreateRequestInput, 'clientId' | 'clientName'>> {
	if (did === null) return { clientId: { scheme: 'redirect_uri' } };
	const alias = session.vault.dids.get(did)?.alias;
	const signer = await session.agent.didSigner(did, { relationship: 'authentication' });
	return { clientId: { scheme: 'decentralized_identifier', did, signer }, ...(alias ? { clientName: alias } : {}) };
}

/** The verifier of requests that are answered by QR codes: it needs no server. */
export const offlineVerifier = (session: Session): Verifier => createVerifier(verifierDeps(session, null));

export function verifierDeps(session: Session, baseUrl: string | null, status: StatusPolicy = statusPolicy(session)): VerifierDeps {
	const { vault } = session;
	return {
		baseUrl,
		clock: session.clock,
		random: session.random,
		store: {
			insert: (next) => vault.verifications.insert(row(next, '', '')),
			get: (id) => {
				const found = vault.verifications.get(id);
				return found && recordOf(found);
			},
			replace: (next) =>
				vault.transaction(() => {
					const stored = vault.verifications.get(next.id);
					if (!stored || !vault.verifications.replace(row(next, stored.title, stored.uri))) return false;
					log(session, next, stored.title);
					return true;
				}),
		},
		verifyPresentation: (input) =>
			verify({
				presentation: input.presentation,
				format: input.format,
				expected: { now: session.clock, nonce: input.nonce, audience: input.audience, requireHolderBinding: input.requireHolderBinding },
				keys: session.keys.issuer,
				holderKeys: session.keys.holder,
				trust: trustPolicy(vault),
				status,
				requested: input.requested,
			}),
		verifyProof: (input) => (input.query.format === OWNERSHIP_FORMAT ? verifyOwnershipAnswer(session, input) : verifyProof(session, input)),
		signerFor: (clientId) => session.agent.didSigner(clientId.replace(/^decentralized_identifier:/, ''), { relationship: 'authentication' }),
		onEvent: (event) => {
			if (event.id !== undefined) session.changed('verifications', event.id);
		},
	};
}

function log(session: Session, next: VerificationRecord, title: string): void {
	if (next.state === 'done' && next.report) {
		const accepted = next.report.result !== 'failed';
		record(session, {
			kind: 'verified',
			title: `${title}: ${accepted ? 'accepted' : 'not accepted'}`,
			outcome: accepted ? 'done' : 'failed',
			detail: sentenceFor(next.report),
			report: next.report,
		});
	} else if (next.state === 'refused') record(session, { kind: 'verified', title: `${title}: the holder declined`, outcome: 'refused' });
}
