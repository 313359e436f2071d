import { kidOfHolder } from '@holdfast/agent';
import type { Party, ReceiveReview } from '@holdfast/contract';
import { type CredentialDisplay, describe, type ParsedCredential, parse, verify } from '@holdfast/credentials';
import type { Jwk } from '@holdfast/crypto';
import { displayText, errorInfo, firstFailure, HoldfastError, type JsonObject, newId } from '@holdfast/kernel';
import {
	type OfferedConfiguration,
	type OfferReview,
	type ReceivedCredential,
	readOffer,
	requestCredentials,
	requestToken,
	type TokenState,
} from '@holdfast/oid4vc';
import type { CredentialRow, ExchangeRow } from '@holdfast/vault';
import { record } from '../activity.node.ts';
import { appearance, LOCALE, lines } from '../documents.node.ts';
import { ServiceError } from '../errors.ts';
import { party } from '../parties.node.ts';
import { checkCarried, commitmentFor } from '../proofs/holder.node.ts';
import { ATTESTATION_EXTENSION } from '../proofs/names.ts';
import { ownMark, removeNotice } from '../recovery.node.ts';
import type { Handlers } from '../service.node.ts';
import type { Session } from '../session.node.ts';

/** Copies asked for at once: enough to be shown a few times unlinkably, few enough to issue quickly. */
const MOST_COPIES = 5;
const STEPS = 4;

export type ReceiveSubject =
	| { readonly from: 'offer'; readonly offer: OfferReview; readonly issuer: Party; readonly wrongCodes?: number }
	| { readonly from: 'text'; readonly parsed: ParsedCredential; readonly issuer: Party; readonly holderKid: string };

/** What the journal holds of a receive, so that it can go on after a crash. */
interface Journal {
	readonly pid: number;
	readonly offer: OfferReview;
	/** Keys by configuration id, made before anything is asked for. */
	readonly kids: { readonly [configurationId: string]: readonly string[] };
	readonly token: TokenState | null;
	/** What has been received so far, by configuration. */
	readonly received: readonly ReceivedCredential[];
}

const supported = (offer: OfferReview): OfferedConfiguration[] => offer.configurations.filter((each) => each.format !== null);
const copiesOf = (offer: OfferReview): number => Math.min(offer.batchSize, MOST_COPIES);

async function openOffer(text: string, session: Session): Promise<ReceiveReview> {
	const offer = await readOffer(text, { fetch: session.fetch, clock: session.clock, allowLoopbackHttp: true });
	const usable = supported(offer);
	const warnings = offer.configurations.flatMap((each) => (each.unsupported ? [displayText(`${each.name}: ${each.unsupported}`, 300)] : []));
	if (usable.length === 0) throw new ServiceError('receive/unsupported', warnings[0] ?? 'Holdfast cannot hold what is offered.');
	const issuer = party(session.vault, {
		id: offer.issuer,
		name: offer.issuerName,
		host: offer.issuerHost,
		logo: offer.issuerLogo,
		identifiedBy: offer.issuer.startsWith('https:') ? `The address ${offer.issuerHost}, over a secure connection` : 'A service on this computer',
	});
	const id = session.reviews.open('receive', { from: 'offer', offer, issuer });
	return {
		id,
		issuer,
		documents: usable.map((each) => ({
			configurationId: each.id,
			format: each.format ?? 'dc+sd-jwt',
			type: displayText(each.type, 300),
			appearance: appearance(each.name, (each.display ?? {}) as CredentialDisplay),
			claims: each.claims.map((claim) => claim.label),
			lines: [],
			copies: copiesOf(offer),
		})),
		txCode: offer.txCode
			? {
					length: offer.txCode.length,
					numeric: offer.txCode.inputMode === 'numeric',
					description: displayText(offer.txCode.description ?? 'The issuer gives you this code by another way, for example by letter.', 300),
				}
			: null,
		warnings,
	};
}

function heldKey(session: Session, jwk: Jwk | undefined, did: string | undefined): string {
	const kid = kidOfHolder(session.agent, { ...(jwk ? { jwk } : {}), ...(did ? { did } : {}) });
	if (kid === undefined) {
		throw new ServiceError('receive/not-yours', 'This document is bound to a key that is not in this wallet, so it could never be shown from here.');
	}
	return kid;
}

function openText(text: string, session: Session): ReceiveReview {
	const parsed = parse(text.trim());
	const holderKid = heldKey(session, parsed.holder?.jwk, parsed.holder?.did);
	const issuer = party(session.vault, {
		id: parsed.issuer,
		name: parsed.issuerName ?? null,
		identifiedBy: 'Named by the document; its signature is checked when you accept',
	});
	const id = session.reviews.open('receive', { from: 'text', parsed, issuer, holderKid });
	const described = describe(parsed, {}, LOCALE);
	return {
		id,
		issuer,
		documents: [
			{
				configurationId: 'text',
				format: parsed.format,
				type: displayText(parsed.type, 300),
				appearance: appearance(described.title, {}),
				claims: described.lines.map((line) => line.label),
				lines: lines(described.lines),
				copies: 1,
			},
		],
		txCode: null,
		warnings: [],
	};
}

/** Checks what came before it is kept: a document that nobody could verify must not look like one. */
async function check(session: Session, raw: string, boundTo?: { readonly jwk: Jwk; readonly kid: string }): Promise<void> {
	const parsed = parse(raw);
	const { report } = await verify({
		credential: raw,
		format: parsed.format,
		expected: { now: session.clock, requireHolderBinding: false, ...(boundTo ? { boundTo: boundTo.jwk } : {}) },
		keys: session.keys.issuer,
	});
	const attestation = boundTo ? await checkCarried(session, parsed, boundTo.kid) : undefined;
	const failure = firstFailure(report) ?? (attestation ? firstFailure(attestation) : undefined);
	if (failure)
		throw new ServiceError('receive/not-verifiable', `What the issuer sent does not check out: ${failure.reason}`, { reason: failure.code ?? failure.check });
}

function row(
	session: Session,
	input: { raw: string; holderKid: string; batchId: string; exchangeId: string | null; issuerName: string; display: JsonObject | null },
): CredentialRow {
	const parsed = parse(input.raw);
	return {
		id: newId(session.random),
		format: parsed.format,
		raw: input.raw,
		type: parsed.type,
		issuer: parsed.issuer,
		issuerName: input.issuerName,
		display: input.display,
		holderKid: input.holderKid,
		batchId: input.batchId,
		validFrom: parsed.validFrom === undefined ? null : parsed.validFrom * 1000,
		validUntil: parsed.validUntil === undefined ? null : parsed.validUntil * 1000,
		receivedAt: session.clock.now(),
		exchangeId: input.exchangeId,
		lastUsedAt: null,
		uses: 0,
	};
}

const journalOf = (exchange: ExchangeRow): Journal => exchange.payload as unknown as Journal;

/** Carries a journaled receive to its end. Each step is written down before the next one is sent. */
async function carry(session: Session, exchangeId: string, txCode: string | undefined): Promise<string[]> {
	const controller = new AbortController();
	session.running.set(exchangeId, controller);
	const { signal } = controller;
	const progress = (step: string, done: number): void => session.emit('exchange.progress', { id: exchangeId, step, done, of: STEPS });
	const deps = { fetch: session.fetch, clock: session.clock, allowLoopbackHttp: true };
	try {
		let exchange = session.vault.exchanges.get(exchangeId);
		if (!exchange) throw new ServiceError('receive/not-found', 'This receive is already over.');
		let journal = { ...journalOf(exchange), ...ownMark() };
		const write = (state: string, next: Journal): void => {
			journal = next;
			session.vault.exchanges.advance(exchangeId, exchange?.state ?? '', state, { payload: next as unknown as JsonObject });
			exchange = session.vault.exchanges.get(exchangeId);
		};

		progress('Asking for permission', 1);
		const token = journal.token ?? (await requestToken(journal.offer, { signal, ...(txCode === undefined ? {} : { txCode }) }, deps));
		if (!journal.token) write('token', { ...journal, token });

		for (const configuration of supported(journal.offer)) {
			if (journal.received.some((each) => each.configurationId === configuration.id)) continue;
			progress(`Receiving ${configuration.name}`, 2);
			const kids = journal.kids[configuration.id] ?? [];
			const signers = kids.map((kid) => session.agent.signer(kid));
			// An issuer that attests claims for proofs gets the commitment to bind its attestation to.
			const proofClaims = ATTESTATION_EXTENSION in configuration.extensions ? (index: number) => commitmentFor(session, kids[index] ?? '') : undefined;
			const got = await requestCredentials(
				journal.offer,
				token,
				{ configurationId: configuration.id, signers, signal, ...(proofClaims ? { proofClaims } : {}) },
				deps,
			);
			progress(`Checking ${configuration.name}`, 3);
			for (const each of got) await check(session, each.raw, { jwk: each.holderJwk, kid: each.holderThumbprint });
			write('received', { ...journal, received: [...journal.received, ...got] });
		}

		progress('Keeping it safe', 4);
		const peer = exchange.peer as unknown as Party;
		const batches = new Map<string, string>();
		const rows = journal.received.map((each) => {
			const batchId = batches.get(each.configurationId) ?? newId(session.random);
			batches.set(each.configurationId, batchId);
			return row(session, {
				raw: each.raw,
				holderKid: each.holderThumbprint,
				batchId,
				exchangeId,
				issuerName: journal.offer.issuerName,
				display: each.display,
			});
		});
		session.vault.transaction(() => {
			session.vault.credentials.insertMany(rows);
			session.vault.exchanges.finish(exchangeId, 'done');
			const names = supported(journal.offer).map((each) => each.name);
			record(session, { kind: 'received', title: `Received ${names.join(', ')}`, party: peer, exchangeId });
			removeNotice(session, exchangeId);
		});
		session.changed('credentials');
		// The lowest id of a batch stands for the document (documents.node.ts).
		const firsts = new Map(rows.toSorted((a, b) => (a.id < b.id ? 1 : -1)).map((each) => [each.batchId, each.id]));
		return [...firsts.values()];
	} finally {
		session.running.delete(exchangeId);
	}
}

/** Ends a receive that cannot go on, and says why in the log. */
function fail(session: Session, exchangeId: string, title: string, error: unknown): void {
	const { code, message } = errorInfo(error);
	session.vault.transaction(() => {
		const exchange = session.vault.exchanges.get(exchangeId);
		if (!exchange || exchange.outcome !== null) return;
		session.vault.exchanges.finish(exchangeId, 'failed', { errorCode: code });
		record(session, { kind: 'received', title, party: exchange.peer as unknown as Party, outcome: 'failed', detail: message, exchangeId });
	});
}

/** Errors after which the same offer can still be redeemed: the network was away, or the user stopped it. */
const passing = (error: unknown): boolean =>
	error instanceof HoldfastError && (error.code.startsWith('net/') || error.code.endsWith('/cancelled') || error.code === 'oid4vci/unreachable');

export const receiveHandlers: Handlers<'receive.open' | 'receive.approve' | 'receive.refuse' | 'receive.resume'> = {
	'receive.open': ({ text }, session) => (/^[A-Za-z0-9_-]+\./.test(text.trim()) ? openText(text, session) : openOffer(text.trim(), session)),

	'receive.approve': async ({ id, txCode }, session) => {
		const subject = session.reviews.get('receive', id);
		if (subject.from === 'text') {
			await check(session, subject.parsed.raw);
			session.reviews.take('receive', id);
			const batchId = newId(session.random);
			const kept = row(session, {
				raw: subject.parsed.raw,
				holderKid: subject.holderKid,
				batchId,
				exchangeId: null,
				issuerName: subject.issuer.name,
				display: null,
			});
			session.vault.transaction(() => {
				session.vault.credentials.insertMany([kept]);
				record(session, { kind: 'received', title: 'Received a document as text', party: subject.issuer });
			});
			session.changed('credentials');
			return { credentialIds: [kept.id] };
		}
		if (subject.offer.txCode && !txCode) throw new ServiceError('receive/tx-code-needed', 'Enter the code that the issuer gave you.');
		const { offer, issuer } = subject;
		const now = session.clock.now();
		if (!session.vault.exchanges.get(id)) {
			const kids: Record<string, string[]> = {};
			for (const configuration of supported(offer)) {
				const made: string[] = [];
				for (let copy = 0; copy < copiesOf(offer); copy += 1) {
					const key = await session.agent.createKey({ type: 'Secp256r1', purpose: 'holder', context: id });
					made.push(key.kid);
				}
				kids[configuration.id] = made;
			}
			const journal: Journal = { ...ownMark(), offer, kids, token: null, received: [] };
			session.vault.exchanges.insert({
				id,
				kind: 'receive',
				state: 'approved',
				peer: issuer as unknown as JsonObject,
				payload: journal as unknown as JsonObject,
				createdAt: now,
				updatedAt: now,
				outcome: null,
				errorCode: null,
			});
		}
		try {
			const credentialIds = await carry(session, id, txCode);
			session.reviews.discard(id);
			return { credentialIds };
		} catch (error) {
			// A mistyped code or a lost network leaves the review open for another try; anything else ends it.
			const retry = passing(error) || (error instanceof HoldfastError && error.code === 'oid4vci/code-refused' && error.data.txCode === true);
			if (!retry) {
				session.reviews.discard(id);
				fail(session, id, `Could not receive from ${issuer.name}`, error);
			}
			throw error;
		}
	},

	'receive.refuse': ({ id }, session) => {
		const subject = session.reviews.take('receive', id);
		session.vault.transaction(() => {
			const exchange = session.vault.exchanges.get(id);
			if (exchange && exchange.outcome === null) session.vault.exchanges.finish(id, 'refused');
			record(session, { kind: 'refused', title: `Declined a document from ${subject.issuer.name}`, party: subject.issuer, outcome: 'refused' });
		});
		return {};
	},

	'receive.resume': async ({ id }, session) => {
		const exchange = session.vault.exchanges.get(id);
		if (!exchange || exchange.outcome !== null || exchange.kind !== 'receive') throw new ServiceError('receive/not-found', 'There is nothing left to resume.');
		if (session.running.has(id)) throw new ServiceError('receive/running', 'This is already going on.');
		try {
			return { credentialIds: await carry(session, id, undefined) };
		} catch (error) {
			if (!passing(error)) {
				fail(session, id, 'Could not go on receiving', error);
				removeNotice(session, id);
			}
			throw error;
		}
	},
};
