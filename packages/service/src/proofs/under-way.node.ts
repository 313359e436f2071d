import type { RequestReview } from '@holdfast/oid4vc';
import { ZkError } from '@holdfast/zk';
import { document, freshestCopy, holderKid, parsedRow } from '../documents.node.ts';
import { ServiceError } from '../errors.ts';
import type { Session } from '../session.node.ts';
import { prove } from './holder.node.ts';
import { readProofQuery } from './statement-query.ts';

interface UnderWay {
	readonly controller: AbortController;
	readonly proof: Promise<string>;
}

/**
 * The proofs of one request. The likely one is begun while the person reads, so that it is mostly done when they approve;
 * it stays here until then, and is dropped when they refuse.
 */
export class ProofsUnderWay {
	readonly #session: Session;
	readonly #request: RequestReview;
	readonly #begun = new Map<string, UnderWay>();

	constructor(session: Session, request: RequestReview) {
		this.#session = session;
		this.#request = request;
	}

	/** Begins the proof, if this query asks for one and it has not begun. */
	start(queryId: string, credentialId: string): void {
		this.#begin(queryId, credentialId)?.proof.catch(() => undefined);
	}

	/** The proof, begun now where it has not been. Throws `zk/*`, and `present/cancelled` once `signal` says so. */
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

	#begin(queryId: string, credentialId: string): UnderWay | undefined {
		const key = keyOf(queryId, credentialId);
		const known = this.#begun.get(key);
		if (known) return known;
		const query = this.#request.dcql.credentials.find((each) => each.id === queryId);
		if (!query || !readProofQuery(query)) return undefined;
		const copy = freshestCopy(document(this.#session, credentialId));
		const controller = new AbortController();
		const proof = prove(this.#session, {
			query,
			parsed: parsedRow(this.#session, copy),
			holderKid: holderKid(copy),
			review: this.#request,
			signal: controller.signal,
		});
		const underWay = { controller, proof };
		this.#begun.set(key, underWay);
		return underWay;
	}
}

const keyOf = (queryId: string, credentialId: string): string => JSON.stringify([queryId, credentialId]);
