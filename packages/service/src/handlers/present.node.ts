import type { Party, PresentReview } from '@holdfast/contract';
import { whatIsLearned } from '@holdfast/credentials';
import { errorInfo, type JsonObject } from '@holdfast/kernel';
import {
	buildPresentations,
	type Candidate,
	describeDcql,
	type MatchResult,
	match,
	type RequestReview,
	readRequest,
	refuse,
	respond,
	type Selection,
} from '@holdfast/oid4vc';
import { record } from '../activity.node.ts';
import { displayOf, document, documents, freshestCopy, holderKid, LOCALE, lines, parsedRow, summary } from '../documents.node.ts';
import { ServiceError } from '../errors.ts';
import { party } from '../parties.node.ts';
import { ownMark } from '../recovery.node.ts';
import type { Handlers } from '../service.node.ts';
import type { Session } from '../session.node.ts';
import { nameOfType } from '../types.node.ts';

export interface PresentSubject {
	readonly request: RequestReview;
	readonly matches: MatchResult;
	readonly verifier: Party;
}

const deps = (session: Session) => ({
	fetch: session.fetch,
	clock: session.clock,
	random: session.random,
	resolveKey: session.keys.did,
	allowLoopbackHttp: true,
});

function verifierParty(session: Session, request: RequestReview): Party {
	const signed = request.clientIdPrefix === 'decentralized_identifier';
	const id = request.clientId.slice(request.clientIdPrefix.length + 1);
	return party(session.vault, {
		id,
		name: request.verifierName,
		host: request.responseHost,
		logo: request.verifierLogo,
		identifiedBy: signed ? `It signed its request as ${id}` : `Only its address, ${request.responseHost}: nobody signed the request`,
	});
}

/** The lines that a candidate would give away, and those that it keeps. */
function split(session: Session, candidate: Candidate) {
	const row = document(session, candidate.credentialId).first;
	const { learned, hidden } = whatIsLearned(parsedRow(session, row), candidate.disclose, displayOf(row), LOCALE);
	return { learned: lines(learned), hidden: lines(hidden) };
}

function view(session: Session, id: string, { request, matches, verifier }: PresentSubject): PresentReview {
	const needed = new Set(matches.sets.filter((set) => set.required).flatMap((set) => (set.options.length === 1 ? (set.options[0]?.queryIds ?? []) : [])));
	const warnings =
		verifier.standing === 'unknown' && request.clientIdPrefix === 'redirect_uri'
			? ['Nobody vouches for who this is. Share only if you came here from a place you trust.']
			: [];
	const asks = describeDcql(request.dcql, nameOfType);
	return {
		id,
		verifier,
		purpose: request.purpose,
		identification: request.identification,
		queries: matches.queries.map((query, index) => ({
			queryId: query.queryId,
			asks: asks[index] ?? query.title,
			required: needed.has(query.queryId),
			candidates: query.candidates.map((candidate) => ({
				credential: summary(session, document(session, candidate.credentialId)),
				...split(session, candidate),
			})),
			missing: query.candidates.length > 0 ? null : query.reason,
		})),
		sets: matches.sets.map((set) => ({ required: set.required, purpose: set.purpose, options: set.options.map((option) => [...option.queryIds]) })),
		canAnswer: matches.satisfiable,
		warnings,
		expiresAt: request.expiresAt,
	};
}

/** The candidates that the user chose, or a refusal when they do not answer the request. */
function chosen(subject: PresentSubject, choices: readonly { queryId: string; credentialId: string }[]): { queryId: string; candidate: Candidate }[] {
	const picked = choices.map(({ queryId, credentialId }) => {
		const candidate = subject.matches.queries.find((query) => query.queryId === queryId)?.candidates.find((each) => each.credentialId === credentialId);
		if (!candidate) throw new ServiceError('present/not-a-candidate', 'That document does not answer what was asked.');
		return { queryId, candidate };
	});
	const ids = new Set(picked.map((each) => each.queryId));
	if (ids.size !== picked.length) throw new ServiceError('present/chosen-twice', 'Choose one document for each thing asked.');
	const open = subject.matches.sets.filter((set) => set.required && !set.options.some((option) => option.queryIds.every((id) => ids.has(id))));
	if (open.length > 0) throw new ServiceError('present/incomplete', 'Something that is required has no document chosen yet.');
	return picked;
}

export const presentHandlers: Handlers<'present.open' | 'present.approve' | 'present.refuse' | 'exchange.cancel'> = {
	'present.open': async ({ text }, session) => {
		const request = await readRequest(text.trim(), deps(session));
		// An expired document proves nothing: it is not offered.
		const held = documents(session)
			.filter((doc) => summary(session, doc).state === 'valid')
			.map((doc) => ({ id: doc.first.id, parsed: parsedRow(session, doc.first) }));
		const subject: PresentSubject = { request, matches: match(request.dcql, held, nameOfType), verifier: verifierParty(session, request) };
		return view(session, session.reviews.open('present', subject), subject);
	},

	'present.approve': async ({ id, choices }, session) => {
		const subject = session.reviews.get('present', id);
		const picked = chosen(subject, choices);
		session.reviews.discard(id);
		const shared: string[] = [];
		const used: string[] = [];
		const selections: Selection[] = picked.map(({ queryId, candidate }) => {
			const doc = document(session, candidate.credentialId);
			const copy = freshestCopy(doc);
			const { learned } = split(session, candidate);
			shared.push(`${summary(session, doc).appearance.name}: ${learned.map((line) => line.label).join(', ') || 'that you have it'}`);
			used.push(copy.id);
			const did = parsedRow(session, copy).holder?.did;
			return {
				queryId,
				raw: copy.raw,
				format: copy.format,
				disclose: candidate.disclose,
				holder: session.agent.signer(holderKid(copy)),
				...(did ? { holderDid: did } : {}),
			};
		});
		const now = session.clock.now();
		session.vault.exchanges.insert({
			id,
			kind: 'present',
			state: 'sending',
			peer: subject.verifier as unknown as JsonObject,
			payload: { ...ownMark(), shared },
			createdAt: now,
			updatedAt: now,
			outcome: null,
			errorCode: null,
		});
		const controller = new AbortController();
		session.running.set(id, controller);
		try {
			session.emit('exchange.progress', { id, step: `Sending to ${subject.verifier.name}`, done: 1, of: 2 });
			const outcome = await respond(subject.request, await buildPresentations(subject.request, selections, session), {
				...deps(session),
				signal: controller.signal,
			});
			session.vault.transaction(() => {
				session.vault.exchanges.finish(id, 'done');
				for (const copy of used) session.vault.credentials.markUsed(copy, session.clock.now());
				record(session, {
					kind: 'presented',
					title: `Shared with ${subject.verifier.name}`,
					party: subject.verifier,
					shared,
					exchangeId: id,
					report: subject.request.identification,
				});
			});
			session.changed('credentials');
			return { delivered: true, redirectUri: outcome.redirectUri };
		} catch (error) {
			const { code, message } = errorInfo(error);
			session.vault.transaction(() => {
				session.vault.exchanges.finish(id, 'failed', { errorCode: code });
				// What was sent may have been read even where the answer was an error: the log says what it was.
				for (const copy of used) session.vault.credentials.markUsed(copy, session.clock.now());
				record(session, {
					kind: 'presented',
					title: `Sharing with ${subject.verifier.name} failed`,
					party: subject.verifier,
					shared,
					outcome: 'failed',
					detail: message,
					exchangeId: id,
				});
			});
			throw error;
		} finally {
			session.running.delete(id);
		}
	},

	'present.refuse': async ({ id }, session) => {
		const subject = session.reviews.take('present', id);
		record(session, { kind: 'refused', title: `Refused to share with ${subject.verifier.name}`, party: subject.verifier, outcome: 'refused' });
		// The verifier is told, so that nobody waits; if it cannot be reached, the refusal stands all the same.
		await refuse(subject.request, deps(session)).catch(() => undefined);
		return {};
	},

	'exchange.cancel': ({ id }, session) => {
		const controller = session.running.get(id);
		if (!controller) throw new ServiceError('exchange/not-running', 'This is not under way any more.');
		controller.abort();
		return {};
	},
};
