import type { SecretBytes } from '@holdfast/crypto';
import { HoldfastError } from '@holdfast/kernel';
import type { DcqlCredentialQuery } from '@holdfast/oid4vc';
import { dayOf, type StatementRequest } from '@holdfast/zk';
import { type Document, document, documents, holderKid, parsedRow, summary } from '../documents.node.ts';
import { presets } from '../presets.ts';
import type { Session } from '../session.node.ts';
import { readSettings } from '../settings.node.ts';
import { GROTH16 } from './names.ts';
import type { Attested, ProofRoute } from './route.node.ts';
import { addedFor, routeOf } from './routes.node.ts';
import { canonical, readProofQuery } from './statement-query.ts';

/** When a host lets the wallet work by itself. */
export interface IdlePort {
	/** How long after the last call. */
	readonly afterMs: number;
	/** Asked before each proof: false while the person works, or the computer runs on its battery. */
	readonly mayWork: () => boolean;
	/** Told after each proof that was put aside. */
	readonly onMade?: () => void;
}

/** Where all are there, the next look comes so many times later. */
const WHEN_FULL = 20;
/** Proofs of one statement that are kept ready: two doors in one evening. */
const READY = 2;
/** Documents that proofs are kept ready for, the newest first. */
const MOST_DOCUMENTS = 8;

/** A proof that was made before the request, and the copy of the document that it was made from. */
export interface Ahead {
	readonly copy: Attested;
	/** For the route's `present`; the caller wipes it. */
	readonly prepared: SecretBytes;
}

/** What makes two requests the same one for a proof: the types that are accepted are not part of it, the document's own is. */
const statementKey = ({ types: _, ...terms }: StatementRequest): string => canonical(terms);

/**
 * What is asked often of a document of this type, as it is asked on `today` (YYYYMMDD): the very statements of our presets.
 * Not those of non-revocation: the time of the list in a proof would tell when it was made.
 */
function usualRequests(type: string, today: number): StatementRequest[] {
	return presets.flatMap((preset) =>
		((preset.dcql({ today, systems: [GROTH16] })?.credentials ?? []) as unknown as DcqlCredentialQuery[]).flatMap((query) => {
			const asked = readProofQuery(query);
			// Ages: of sets there is no telling which.
			return asked?.request.statement.kind === 'bound' && asked.request.types.includes(type) ? [asked.request] : [];
		}),
	);
}

function attestedFirst(session: Session, route: ProofRoute, { first }: Document): Attested | undefined {
	return addedFor(route, { parsed: parsedRow(session, first), holderKid: holderKid(first) });
}

/**
 * Proofs that are made while nobody needs the computer, for what is asked most often. Each is tied to a key of its own, kept
 * sealed in the vault, dated with its day, and used once: it is deleted before it leaves. What is not there is proven as it
 * is asked for.
 */
export class ProofPool {
	readonly #of: () => Session;
	readonly #idle: IdlePort | undefined;
	#calls = 0;
	#timer: NodeJS.Timeout | undefined;
	#filling: AbortController | undefined;
	#closed = false;
	/** What cannot be proven: not tried again on its day. */
	readonly #hopeless = new Set<string>();

	constructor(session: () => Session, idle: IdlePort | undefined) {
		this.#of = session;
		this.#idle = idle;
	}

	/** A call has come: proving stops at once. It begins again a while after every call has ended: call what is returned then. */
	interrupt(): () => void {
		this.#calls += 1;
		this.#stop();
		return () => {
			this.#calls -= 1;
			this.#rest();
		};
	}

	/** Whether there is one for exactly this document, statement and day. */
	has(route: ProofRoute, documentId: string, request: StatementRequest): boolean {
		return route.present !== undefined && this.#session.vault.preparedProofs.count(this.#row(document(this.#session, documentId), request)) > 0;
	}

	/** Takes one out for good. Undefined where there is none. */
	take(route: ProofRoute, documentId: string, request: StatementRequest): Ahead | undefined {
		if (!route.present) return undefined;
		const doc = document(this.#session, documentId);
		const copy = attestedFirst(this.#session, route, doc);
		const prepared = copy && this.#session.vault.preparedProofs.take(this.#row(doc, request));
		return copy && prepared ? { copy, prepared } : undefined;
	}

	/** Drops all of them, and makes no more for now. */
	clear(): void {
		this.#stop();
		this.#session.vault.preparedProofs.clear();
	}

	/** For the end of a session: a locked vault keeps none. */
	close(): void {
		if (this.#closed) return;
		this.#closed = true;
		this.#stop();
		// Another process of this profile that makes none leaves them alone.
		if (this.#idle) this.#session.vault.preparedProofs.clear();
	}

	get #session(): Session {
		return this.#of();
	}

	#row({ first }: Document, request: StatementRequest) {
		return { credentialId: first.id, statement: statementKey(request), day: dayOf(this.#session.clock) };
	}

	#stop(): void {
		clearTimeout(this.#timer);
		this.#filling?.abort();
		this.#filling = undefined;
	}

	#rest(afterMs = this.#idle?.afterMs): void {
		clearTimeout(this.#timer);
		if (!this.#idle || this.#closed || this.#calls > 0) return;
		this.#timer = setTimeout(() => void this.#fill(), afterMs);
		this.#timer.unref();
	}

	async #fill(): Promise<void> {
		if (!this.#idle) return;
		const { afterMs, mayWork } = this.#idle;
		const controller = new AbortController();
		this.#filling = controller;
		let next = afterMs * WHEN_FULL;
		try {
			while (await this.#makeOne(controller.signal, mayWork)) this.#idle.onMade?.();
			if (!mayWork()) next = afterMs;
		} catch {
			// Nobody asked for it, so nobody has to hear of a failure: what is missing is proven when it is asked for.
		}
		// Another look later: the day may be another one, or the computer free.
		if (!controller.signal.aborted) this.#rest(next);
	}

	/** Makes the first that is missing. False where none is, or this is no time for it. */
	async #makeOne(signal: AbortSignal, mayWork: () => boolean): Promise<boolean> {
		const { vault, clock } = this.#session;
		const today = dayOf(clock);
		// Yesterday's, and what a process that was killed has left: that is sealed for nobody.
		vault.preparedProofs.keepOnly(today);
		if (!readSettings(vault).provesAhead) return false;
		const route = await routeOf(GROTH16);
		for (const doc of documents(this.#session).slice(0, MOST_DOCUMENTS)) {
			const copy = summary(this.#session, doc).state === 'valid' ? attestedFirst(this.#session, route, doc) : undefined;
			if (!copy || !route.prepare) continue;
			for (const request of usualRequests(doc.first.type, today)) {
				const row = this.#row(doc, request);
				if (this.#hopeless.has(canonical(row)) || vault.preparedProofs.count(row) >= READY) continue;
				if (signal.aborted || !mayWork()) return false;
				try {
					const made = await route.prepare(this.#session, copy, request, signal);
					// The day that it is dated with is the one on which it was begun, or the next.
					if (!signal.aborted && dayOf(clock) === today) vault.preparedProofs.put(row, made);
					made.wipe();
					return !signal.aborted;
				} catch (error) {
					if (signal.aborted || !(error instanceof HoldfastError)) throw error;
					// Not old enough, for example. The next one may do.
					this.#hopeless.add(canonical(row));
				}
			}
		}
		return false;
	}
}
