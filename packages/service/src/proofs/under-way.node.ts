import { type DcqlCredentialQuery, PROOF_FORMAT, type RequestReview } from '@holdfast/oid4vc';
import { ZkError } from '@holdfast/zk';
import { document, freshestCopy, holderKid, parsedRow, summary } from '../documents.node.ts';
import { ServiceError } from '../errors.ts';
import type { Session } from '../session.node.ts';
import { answer, type Choice, choose } from './routes.node.ts';
import { readProofQuery } from './statement-query.ts';

interface UnderWay {
	readonly controller: AbortController;
	readonly proof: Promise<string>;
}

/** How one document of the wallet can prove what a query asks, or why it cannot. */
function choiceFor(session: Session, query: DcqlCredentialQuery, credentialId: string, audience: string): Promise<Choice | string> {
	const doc = document(session, credentialId);
	const fresh = freshestCopy(doc);
	const copies = [fresh, ...doc.copies.filter((each) => each.id !== fresh.id)].map((row) => ({ parsed: parsedRow(session, row), holderKid: holderKid(row) }));
	return choose(session, query, copies, summary(session, doc).appearance.name, audience);
}

/**
 * The proofs of one request. The likely one is begun while the person reads, so that it is mostly done when they approve;
 * it stays here until then, and is dropped when they refuse. One that was made ahead stays where it is until they approve.
 */
export class ProofsUnderWay {
	readonly #session: Session;
	readonly #request: RequestReview;
	readonly #choices = new Map<string, Choice | string>();
	readonly #begun = new Map<string, UnderWay>();

	constructor(session: Session, request: RequestReview) {
		this.#session = session;
		this.#request = request;
	}

	/** Finds out which documents can prove what is asked. To be done first. */
	async look(credentialIds: readonly string[]): Promise<void> {
		for (const query of this.#request.dcql.credentials) {
			if (query.format !== PROOF_FORMAT) continue;
			for (const id of credentialIds) this.#choices.set(keyOf(query.id, id), await choiceFor(this.#session, query, id, this.#request.clientId));
		}
	}

	/** For `match`: null where this document can prove what is asked, else why not; empty where it is another type. */
	provable(queryId: string, credentialId: string): string | null {
		const choice = this.#choices.get(keyOf(queryId, credentialId)) ?? '';
		return typeof choice === 'string' ? choice : null;
	}

	/** Begins the proof, if this query asks for one, it has not begun, and none is ready. */
	start(queryId: string, credentialId: string): void {
		const asked = this.#asked(queryId, credentialId);
		if (asked && this.#session.proofPool.has(asked.choice.route, credentialId, asked.request)) return;
		this.#begin(queryId, credentialId)?.proof.catch(() => undefined);
	}

	/** The proof, begun now where it has not been. Throws coded errors, `present/cancelled` once `signal` says so. */
	async finish(queryId: string, credentialId: string, signal: AbortSignal): Promise<string> {
		const underWay = this.#begin(queryId, credentialId);
		if (!underWay) throw new ServiceError('present/not-a-candidate', 'That document does not answer what was asked.');
		const stop = (): void => underWay.controller.abort();
		signal.addEventListener('abort', stop);
		try {
			if (signal.aborted) stop();
			return await underWay.proof;
		} catch (error) {
			this.#begun.delete(keyOf(queryId, credentialId));
			if (error instanceof ZkError && error.code === 'zk/aborted') throw new ServiceError('present/cancelled', 'You stopped this. Nothing was sent.');
			throw error;
		} finally {
			signal.removeEventListener('abort', stop);
		}
	}

	/** Drops everything. */
	stop(): void {
		for (const { controller } of this.#begun.values()) controller.abort();
		this.#begun.clear();
	}

	/** What is to be proven, and how; undefined where it cannot be. */
	#asked(queryId: string, credentialId: string) {
		const query = this.#request.dcql.credentials.find((each) => each.id === queryId);
		const request = query && readProofQuery(query)?.request;
		const choice = this.#choices.get(keyOf(queryId, credentialId));
		return query && request && choice !== undefined && typeof choice !== 'string' ? { query, request, choice } : undefined;
	}

	#begin(queryId: string, credentialId: string): UnderWay | undefined {
		const key = keyOf(queryId, credentialId);
		const known = this.#begun.get(key);
		if (known) return known;
		const asked = this.#asked(queryId, credentialId);
		if (!asked) return undefined;
		const { query, choice, request } = asked;
		const { nonce, clientId: audience, responseUri } = this.#request;
		const controller = new AbortController();
		const ahead = this.#session.proofPool.take(choice.route, credentialId, request);
		const proof = answer(this.#session, query, choice, { nonce, audience, responseUri }, controller.signal, ahead).finally(() => ahead?.prepared.wipe());
		const underWay = { controller, proof };
		this.#begun.set(key, underWay);
		return underWay;
	}
}

const keyOf = (queryId: string, credentialId: string): string => JSON.stringify([queryId, credentialId]);
