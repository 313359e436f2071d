import type { Answer, Party, PresentReview } from '@holdfast/contract';
import { whatIsLearned } from '@holdfast/credentials';
import { errorInfo, type JsonObject } from '@holdfast/kernel';
import {
	answerByQr,
	buildPresentations,
	type Candidate,
	type DcqlCredentialQuery,
	describeDcql,
	isCarried,
	isQrMode,
	type MatchResult,
	match,
	PROOF_FORMAT,
	type ReadySelection,
	type RequestReview,
	readRequest,
	refuse,
	respond,
	type Selection,
} from '@holdfast/oid4vc';
import { dayOf } from '@holdfast/zk';
import { record } from '../activity.node.ts';
import { TokensForRequest } from '../assets/tokens-for-request.node.ts';
import { displayOf, document, documents, freshestCopy, holderKid, LOCALE, lines, parsedRow, summary } from '../documents.node.ts';
import { ServiceError } from '../errors.ts';
import { party } from '../parties.node.ts';
import { readProofQuery, statementWords } from '../proofs/statement-query.ts';
import { ProofsUnderWay } from '../proofs/under-way.node.ts';
import { queryWords } from '../proofs/words.node.ts';
import { ownMark } from '../recovery.node.ts';
import type { Handlers } from '../service.node.ts';
import type { Session } from '../session.node.ts';

export interface PresentSubject {
	readonly request: RequestReview;
	readonly matches: MatchResult;
	readonly verifier: Party;
	/** Proofs that are being made while the person reads, by query and document. Nothing of them leaves before approval. */
	readonly proofs: ProofsUnderWay;
	readonly tokens: TokensForRequest;
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
		name: request.verifierName ?? (request.responseHost === null && !signed ? 'Somebody in front of you' : null),
		host: request.responseHost,
		logo: request.verifierLogo,
		identifiedBy: signed
			? `It signed its request as ${id}`
			: request.responseHost === null
				? 'Nothing but that you see them: nobody signed the request'
				: `Only its address, ${request.responseHost}: nobody signed the request`,
	});
}

/** What a candidate is, for choosing. */
function answerOf(session: Session, { tokens }: PresentSubject, { credentialId }: Candidate): Answer {
	if (tokens.has(credentialId)) return tokens.answer(credentialId);
	const { id, appearance, issuer, subtitle, state, validFrom, validUntil } = summary(session, document(session, credentialId));
	return { id, kind: 'document', appearance, issuer, subtitle, state, validFrom, validUntil };
}

/** The lines that a candidate would give away, and those that it keeps. */
function split(session: Session, { request, tokens }: PresentSubject, queryId: string, candidate: Candidate) {
	if (tokens.has(candidate.credentialId)) return tokens.lines(candidate.credentialId);
	const query = queryOf(request, queryId);
	const row = document(session, candidate.credentialId).first;
	const { learned, hidden } = whatIsLearned(parsedRow(session, row), candidate.disclose, displayOf(row), LOCALE);
	const asked = query && readProofQuery(query);
	if (!asked) return { learned: lines(learned), hidden: lines(hidden) };
	// A proof shows the statement, and no claim, in whatever format the document is.
	const told = statementWords(asked.request, dayOf(session.clock)).learned;
	return {
		learned: told.map(({ label, value }) => ({ path: [label], label, value, kind: 'text' as const, disclosable: true })),
		hidden: lines([...learned, ...hidden]),
	};
}

const queryOf = (request: RequestReview, id: string): DcqlCredentialQuery | undefined => request.dcql.credentials.find((each) => each.id === id);

/** Documents among the candidates of which the holder knows that they no longer count. */
function withdrawnWarnings(session: Session, { matches, tokens }: PresentSubject): string[] {
	const ids = new Set(matches.queries.flatMap(({ candidates }) => candidates.map(({ credentialId }) => credentialId)).filter((id) => !tokens.has(id)));
	return [...ids].flatMap((id) => {
		const { appearance, withdrawal } = summary(session, document(session, id));
		if (withdrawal?.state !== 'withdrawn' && withdrawal?.state !== 'suspended') return [];
		return [`“${appearance.name}” was ${withdrawal.state} by its issuer when you looked last. Whoever checks will refuse it.`];
	});
}

/** Where a proof would do and none can be made, the person is told that what is left shows more. */
function moreThanNeeded(request: RequestReview, matches: MatchResult): string[] {
	return matches.queries.flatMap((query) => {
		const asked = queryOf(request, query.queryId);
		if (asked?.format !== PROOF_FORMAT || query.candidates.length > 0 || !matches.satisfiable) return [];
		return [`A proof would be enough for them, but it cannot be made: ${query.reason ?? ''} What you can show instead tells more, as listed below.`];
	});
}

function view(session: Session, id: string, subject: PresentSubject): PresentReview {
	const { request, matches, verifier } = subject;
	const needed = new Set(matches.sets.filter((set) => set.required).flatMap((set) => (set.options.length === 1 ? (set.options[0]?.queryIds ?? []) : [])));
	const warnings =
		verifier.standing === 'unknown' && request.clientIdPrefix === 'redirect_uri'
			? [
					isQrMode(request.responseMode)
						? 'Nobody vouches for who this is. Show the answer only to somebody whom you see in front of you.'
						: 'Nobody vouches for who this is. Share only if you came here from a place you trust.',
				]
			: [];
	const words = queryWords(session, dayOf(session.clock));
	const asks = describeDcql(request.dcql, words);
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
				credential: answerOf(session, subject, candidate),
				...split(session, subject, query.queryId, candidate),
			})),
			missing: query.candidates.length > 0 ? null : query.reason,
		})),
		sets: matches.sets.map((set) => ({ required: set.required, purpose: set.purpose, options: set.options.map((option) => [...option.queryIds]) })),
		canAnswer: matches.satisfiable,
		answerBy: isQrMode(request.responseMode) ? 'qr' : 'network',
		warnings: [...warnings, ...withdrawnWarnings(session, subject), ...moreThanNeeded(request, matches)],
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
		const proofs = new ProofsUnderWay(session, request);
		await proofs.look(held.map((each) => each.id));
		const tokens = new TokensForRequest(session, request);
		await tokens.look();
		const matches = match(request.dcql, held, {
			...queryWords(session, dayOf(session.clock)),
			provable: (query, { id }) => proofs.provable(query.id, id),
			tokens: (query) => tokens.answering(query.id),
		});
		const subject: PresentSubject = { request, matches, verifier: verifierParty(session, request), proofs, tokens };
		for (const { queryId, candidate } of matches.proposal) subject.proofs.start(queryId, candidate.credentialId);
		return view(session, session.reviews.open('present', subject), subject);
	},

	'present.approve': async ({ id, choices }, session) => {
		const subject = session.reviews.get('present', id);
		const picked = chosen(subject, choices);
		if (session.running.has(id)) throw new ServiceError('present/running', 'This is already on its way.');
		const controller = new AbortController();
		session.running.set(id, controller);
		// Until everything is ready to be sent, nothing has happened: whoever stops here, or has no luck, may approve again.
		const ready: ReadySelection[] = [];
		try {
			for (const { queryId, candidate } of picked) {
				if (!isCarried(queryOf(subject.request, queryId)?.format ?? '')) continue;
				session.emit('exchange.progress', { id, step: 'Making the proof', done: 0, of: 2 });
				const { credentialId } = candidate;
				const presentation = subject.tokens.has(credentialId)
					? await subject.tokens.prove(credentialId, controller.signal)
					: await subject.proofs.finish(queryId, credentialId, controller.signal);
				ready.push({ queryId, presentation });
			}
		} catch (error) {
			session.running.delete(id);
			throw error;
		}
		session.reviews.discard(id);
		const shared: string[] = [];
		const used: string[] = [];
		const selections: Selection[] = picked.flatMap(({ queryId, candidate }) => {
			const { learned } = split(session, subject, queryId, candidate);
			shared.push(`${answerOf(session, subject, candidate).appearance.name}: ${learned.map((line) => line.label).join(', ') || 'that you have it'}`);
			if (subject.tokens.has(candidate.credentialId)) return [];
			const copy = freshestCopy(document(session, candidate.credentialId));
			used.push(copy.id);
			if (queryOf(subject.request, queryId)?.format === PROOF_FORMAT) return [];
			const did = parsedRow(session, copy).holder?.did;
			return [
				{
					queryId,
					raw: copy.raw,
					format: copy.format,
					disclose: candidate.disclose,
					holder: session.agent.signer(holderKid(copy)),
					...(did ? { holderDid: did } : {}),
				},
			];
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
		try {
			const onScreen = isQrMode(subject.request.responseMode);
			session.emit('exchange.progress', { id, step: onScreen ? 'Signing' : `Sending to ${subject.verifier.name}`, done: 1, of: 2 });
			const vpToken = await buildPresentations(subject.request, [...selections, ...ready], session);
			const show = onScreen ? await answerByQr(subject.request, vpToken, session) : null;
			const { redirectUri } = onScreen ? { redirectUri: null } : await respond(subject.request, vpToken, { ...deps(session), signal: controller.signal });
			session.vault.transaction(() => {
				session.vault.exchanges.finish(id, 'done');
				for (const copy of used) session.vault.credentials.markUsed(copy, session.clock.now());
				record(session, {
					kind: 'presented',
					title: onScreen ? `Shown to ${subject.verifier.name} as QR codes` : `Shared with ${subject.verifier.name}`,
					party: subject.verifier,
					shared,
					exchangeId: id,
					report: subject.request.identification,
				});
			});
			session.changed('credentials');
			return { delivered: !onScreen, redirectUri, show };
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
			subject.proofs.stop();
			session.running.delete(id);
		}
	},

	'present.refuse': async ({ id }, session) => {
		const subject = session.reviews.take('present', id);
		subject.proofs.stop();
		record(session, { kind: 'refused', title: `Refused to share with ${subject.verifier.name}`, party: subject.verifier, outcome: 'refused' });
		// The verifier is told, so that nobody waits; if it cannot be reached, the refusal stands all the same. One in front of you sees it.
		if (!isQrMode(subject.request.responseMode)) await refuse(subject.request, deps(session)).catch(() => undefined);
		return {};
	},

	'exchange.cancel': ({ id }, session) => {
		const controller = session.running.get(id);
		if (!controller) throw new ServiceError('exchange/not-running', 'This is not under way any more.');
		controller.abort();
		return {};
	},
};
