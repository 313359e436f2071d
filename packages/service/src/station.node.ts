import { createIssuerKeyResolver, type IssuerKeyResolver, issuerMetadataUrl } from '@holdfast/agent';
import type { StationKnowledge, StationPolicy, StationRequest, StationTrust, Verdict } from '@holdfast/contract';
import { isUnreachable } from '@holdfast/credentials';
import { epochSeconds, firstFailure, HoldfastError, type ReportNode, walkReport } from '@holdfast/kernel';
import type { GuardedFetch } from '@holdfast/net';
import { createVerifier, type VerificationRecord, type Verifier, type VerifierStore } from '@holdfast/oid4vc';
import { dayOf } from '@holdfast/zk';
import { z } from 'zod';
import { record } from './activity.node.ts';
import { ServiceError } from './errors.ts';
import { queryFor } from './query.node.ts';
import type { Session } from './session.node.ts';
import { readPolicies, readSettings } from './settings.node.ts';
import { keptLists, statusPolicy } from './statuses.node.ts';
import { clientIdOf, sentenceFor, verdict, verifierDeps } from './verifier.node.ts';

const HOUR_MS = 3_600_000;
/** Kept so long, for a station of which a policy lets it be believed so long. */
const KEPT_MS = 7 * 24 * HOUR_MS;
/** Requests that are remembered: those of a long queue, and the answered ones, so that a film cannot be shown twice. */
const MOST_REQUESTS = 1000;

interface Held {
	readonly policy: StationPolicy;
	record: VerificationRecord;
}

/**
 * Requests of a station, in memory alone: a station sees many people, and what it keeps of them is that a policy was met or was not. Where
 * it is full, the oldest goes; an answer to a forgotten request is refused, as is one to a request of before the lock.
 */
class StationStore implements VerifierStore {
	readonly held = new Map<string, Held>();
	/** Whose policy the next request belongs to. */
	policy: StationPolicy | undefined;

	insert(next: VerificationRecord): void {
		if (!this.policy) throw new Error('a request without a policy');
		const oldest = this.held.size >= MOST_REQUESTS ? this.held.keys().next().value : undefined;
		if (oldest !== undefined) this.held.delete(oldest);
		this.held.set(next.id, { policy: this.policy, record: next });
	}

	get(id: string): VerificationRecord | undefined {
		return this.held.get(id)?.record;
	}

	replace(next: VerificationRecord): boolean {
		const held = this.held.get(next.id);
		if (held?.record.version !== next.version - 1) return false;
		held.record = next;
		return true;
	}

	/** All but that it was answered: the presentation, what it disclosed, and the report about it. */
	strip(id: string): void {
		const held = this.held.get(id);
		if (held) held.record = { ...held.record, vpToken: null, disclosed: null, report: null };
	}
}

/** One policy for one person after the other: requests made ahead, answers taken as QR codes, a log without people in it. */
export class Station {
	readonly #session: () => Session;
	readonly #store = new StationStore();

	constructor(session: () => Session) {
		this.#session = session;
	}

	#verifier(policy: StationPolicy): Verifier {
		const session = this.#session();
		const believedSec = policy.trustHours * (HOUR_MS / 1000);
		const keys = issuerKeys(session, policy.trustHours * HOUR_MS);
		const { onEvent: _silent, ...deps } = verifierDeps({ ...session, keys: { ...session.keys, issuer: keys } }, null, statusPolicy(session, { believedSec }));
		return createVerifier({ ...deps, store: this.#store });
	}

	/** Makes `count` requests of a policy, each with a nonce, an audience and a key of its own. Throws `station/no-such-policy`. */
	async requests(policyId: string, count: number): Promise<StationRequest[]> {
		const session = this.#session();
		const policy = readPolicies(session.vault).find((each) => each.id === policyId);
		if (!policy) throw new ServiceError('station/no-such-policy', 'This policy is not there any more. Choose another.');
		const dcql = queryFor(session.vault, policy, dayOf(session.clock), await session.proofs.systems());
		const who = await clientIdOf(session, policy.verifierDid);
		const verifier = this.#verifier(policy);
		const made: StationRequest[] = [];
		for (let index = 0; index < count; index++) {
			this.#store.policy = policy;
			made.push(
				await verifier.createRequest({
					dcql,
					...who,
					...(policy.purpose === null ? {} : { purpose: policy.purpose }),
					responseMode: policy.encrypted ? 'org.holdfast.qr.jwt' : 'org.holdfast.qr',
					ttlMs: policy.requestMinutes * 60_000,
				}),
			);
		}
		return made;
	}

	/**
	 * Judges an answer. What it says of the person is in the verdict that is returned, and nowhere afterwards. Throws `oid4vp/*` and
	 * `presentation/*` where it answers no open request, with `station/declined` for a holder who said no.
	 */
	async answer(text: string): Promise<{ requestId: string; policyId: string; verdict: Verdict; statusAsOf: number | null }> {
		const session = this.#session();
		const policy = this.#policyOf(text);
		const answered = await this.#verifier(policy).answer(text);
		const { report, disclosed } = answered;
		this.#store.strip(answered.id);
		// Somebody is there: the wallet does not lock in the middle of a queue.
		session.ports.onAutoLockMinutes?.(readSettings(session.vault).autoLockMinutes);
		if (!report) {
			record(session, { kind: 'verified', title: `Station “${policy.title}”: declined`, outcome: 'refused' });
			throw new ServiceError('station/declined', 'This person declined to show it.');
		}
		const judged = verdict(session, report, disclosed ?? []);
		record(session, {
			kind: 'verified',
			title: `Station “${policy.title}”: ${judged.accepted ? 'accepted' : 'not accepted'}`,
			outcome: judged.accepted ? 'done' : 'failed',
			// Of the reason only its code: its words may name what was shown.
			...(judged.accepted ? {} : { detail: firstFailure(report)?.code ?? 'not-in-order' }),
		});
		const told = { ...judged, sentence: sentenceOf(report) };
		return { requestId: answered.id, policyId: policy.id, verdict: policy.showClaims ? told : withoutPerson(told), statusAsOf: statusAsOf(report) };
	}

	/** The policy of the request that an answer says it is for; the verifier checks the rest. */
	#policyOf(text: string): StationPolicy {
		const id = /"response_uri"\s*:\s*"org\.holdfast\.qr:([0-9a-z]{26})"/.exec(text.slice(0, 200_000))?.[1];
		const held = id === undefined ? undefined : this.#store.held.get(id);
		if (!held)
			throw new ServiceError('station/unknown-request', 'This answers no request of this station. Scan the code on this screen, then show the answer.');
		return held.policy;
	}

	/** What is known without a network: keys of the trusted issuers, and the status lists that were seen. */
	async trust(refresh: boolean): Promise<StationKnowledge> {
		const session = this.#session();
		const { agent, vault, clock } = session;
		const issuers = vault.trustedIssuers.list();
		if (refresh) {
			// One that cannot be reached keeps the age that it has: the list says so.
			const keys = issuerKeys(session, 0);
			await Promise.allSettled(
				issuers.map(({ issuer }) => (issuer.startsWith('did:') ? agent.resolve(issuer, { fresh: true }) : keys.resolve({ issuer, header: {}, alg: 'ES256' }))),
			);
			await Promise.allSettled(keptLists(session).map((list) => fetchAgain(session, list, keys)));
			await Promise.allSettled(listsMissing(session).map((uri) => fetchAhead(session, uri, keys)));
		}
		const lists = keptLists(session);
		const oldest = Math.min(...lists.map(({ fetchedAt }) => fetchedAt));
		return {
			issuers: issuers.map(trustOf),
			lists: lists.length,
			listsAgeMs: lists.length === 0 ? null : Math.max(0, clock.now() - oldest),
			listsMissing: listsMissing(session),
		};

		function trustOf({ issuer, name }: { readonly issuer: string; readonly name: string }): StationTrust {
			const ageMs = issuer.startsWith('did:') ? ageOf(() => agent.cachedAge(issuer)) : metadataAge(session, issuer);
			const keys = ageMs === null ? 'missing' : ageMs === 0 ? 'always' : 'cached';
			return { issuer, name, keys, ageMs: keys === 'cached' ? ageMs : null };
		}
	}
}

const METADATA = 'issuer-keys:';
const Kept = z.object({ body: z.string() });

/** Keys of issuers, by the network; where there is none, those that were fetched at most `staleMs` ago. */
function issuerKeys(session: Session, staleMs: number): IssuerKeyResolver {
	const { agent } = session;
	return createIssuerKeyResolver({ fetch: keepingFetch(session, staleMs), resolve: (did, options) => agent.resolve(did, { ...options, staleMs }) });
}

/** An issuer's metadata (SD-JWT VC §4) is kept as it was fetched, and checked as if it had just come. */
const keepingFetch =
	({ agent, vault, clock }: Session, staleMs: number): GuardedFetch =>
	async (url, init) => {
		const key = `${METADATA}${String(url)}`;
		try {
			const response = await agent.fetch(url, init);
			if (response.status !== 200) return response;
			const body = await response.text();
			vault.cache.put(key, { body }, KEPT_MS);
			return new Response(body);
		} catch (error) {
			const row = vault.cache.get(key);
			const kept = Kept.safeParse(row?.value);
			if (!row || !kept.success || clock.now() - row.storedAt > staleMs) throw error;
			return new Response(kept.data.body);
		}
	};

function metadataAge({ vault, clock }: Session, issuer: string): number | null {
	const row = ageOf(() => vault.cache.get(`${METADATA}${issuerMetadataUrl(issuer)}`)?.storedAt ?? null);
	// Never nought, which would say that its keys are in its name.
	return row === null ? null : Math.max(1, clock.now() - row);
}

/** A list that cannot be had anew keeps the age that it has. */
async function fetchAgain(
	session: Session,
	{ uri, issuer }: Pick<ReturnType<typeof keptLists>[number], 'uri' | 'issuer'>,
	keys: IssuerKeyResolver,
): Promise<void> {
	if (issuer === undefined) return;
	const { source } = statusPolicy(session, { fresh: true });
	await source.status({ uri, idx: 0, issuer, keys, now: epochSeconds(session.clock), clockSkewSec: 60 });
}

/** Lists that a policy wants to have before the doors open, and that are not there. */
function listsMissing(session: Session): string[] {
	const kept = new Set(keptLists(session).map(({ uri }) => uri));
	const wanted = new Set(readPolicies(session.vault).flatMap(({ statusLists = [] }) => statusLists));
	return [...wanted].filter((uri) => !kept.has(uri) && !session.vault.statusLists.findByUri(uri));
}

/**
 * A list says nowhere whose it is: it is kept where one of the trusted issuers has signed it, and a document of anybody else finds it of no
 * use, because it is held to that document's issuer again.
 */
async function fetchAhead(session: Session, uri: string, keys: IssuerKeyResolver): Promise<void> {
	for (const { issuer } of session.vault.trustedIssuers.list()) {
		try {
			await fetchAgain(session, { uri, issuer }, keys);
			return;
		} catch (error) {
			// Another issuer's key does not help where there is no list.
			if (isUnreachable(error)) return;
		}
	}
}

/** The oldest of the lists that a verdict rests on, in milliseconds. */
function statusAsOf(report: ReportNode): number | null {
	const times = [...walkReport(report)].flatMap(({ check, evidence }) => (check === 'status' && evidence?.signedAt ? [Date.parse(evidence.signedAt)] : []));
	return times.length === 0 ? null : Math.min(...times);
}

/** Null for an issuer that is no DID, or whose network is not configured: its keys are fetched each time. */
function ageOf(look: () => number | null): number | null {
	try {
		return look();
	} catch (error) {
		if (!(error instanceof HoldfastError)) throw error;
		return null;
	}
}

/** On a station's screen there is no report below the sentence: it says itself what there is to look at. */
function sentenceOf(report: ReportNode): string {
	const caution = report.result === 'warning' ? [...walkReport(report)].find((node) => node.result === 'warning' && !node.children) : undefined;
	return caution ? `Accepted. With a caution: ${caution.reason}` : sentenceFor(report);
}

/** Without what distinguishes one person from another: claims, which token and whose, and the details of the checks, which name them. */
function withoutPerson({ report, documents, ...judged }: Verdict): Verdict {
	const { children: _children, evidence: _evidence, ...outcome } = report;
	return {
		...judged,
		report: outcome,
		documents: documents.map((document) => ({ ...document, lines: [], proven: document.kind === 'token' ? [] : document.proven })),
	};
}
