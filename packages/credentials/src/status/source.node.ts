import { errorInfo, HoldfastError } from '@holdfast/kernel';
import { CredentialError } from '../errors.ts';
import type { StatusKnowledge, StatusRequest, StatusSource } from '../model.ts';
import { STATUS_LIMITS } from './list.ts';
import { parseStatusList, STATUS_LIST_TYPE, verifyStatusList } from './token.node.ts';

/** Where lists that were fetched are kept. Only verified ones are put there. */
export interface StatusStore {
	get(uri: string): { readonly token: string /** Epoch milliseconds. */; readonly storedAt: number } | undefined;
	/** Keeps it at least `ttlMs` milliseconds. `issuer` is whose key signed it. */
	put(uri: string, token: string, ttlMs: number, issuer: string): void;
}

export interface StatusSourceDeps {
	/** The guarded fetch: the address comes from a stranger's credential. */
	readonly fetch: (
		url: string,
		init: { readonly headers: Readonly<Record<string, string>>; readonly maxBytes: number },
	) => Promise<Pick<Response, 'ok' | 'headers' | 'text'>>;
	readonly store: StatusStore;
	/** Asks the server even where a list that is still good is kept. */
	readonly fresh?: boolean;
	/** For how long after it was fetched a list is believed where none can be had now, in seconds. Default: as long as it says itself. */
	readonly believedSec?: number;
}

/** Whether no list could be had at all, rather than one that is not what it should be. */
export const isUnreachable = (error: unknown): boolean =>
	!(error instanceof HoldfastError) || error.code === 'status/unavailable' || error.code.startsWith('net/');

/** How long a list is kept that does not say so itself, in seconds. */
const DEFAULT_TTL = 3_600;
const MIN_TTL = 10;

/**
 * Finds statuses by fetching whole lists, so that nobody learns which entry is of interest, and keeps the lists for as long as
 * they say. Where a list cannot be had, an older one that has not expired is better than none, and the answer says so.
 */
export function createStatusSource({ fetch, store, fresh, believedSec = 0 }: StatusSourceDeps): StatusSource {
	async function fetched({ uri }: StatusRequest): Promise<string> {
		const response = await fetch(uri, { headers: { accept: STATUS_LIST_TYPE }, maxBytes: STATUS_LIMITS.token });
		if (!response.ok) throw new CredentialError('status/unavailable', 'The server has no status list at that address.');
		const type = response.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
		// A server of plain files may not know the type; the token names its own kind, which is checked.
		if (type !== undefined && type !== STATUS_LIST_TYPE && !['application/octet-stream', 'application/jwt', 'text/plain'].includes(type))
			throw new CredentialError('status/unavailable', 'The server answered with something else than a status list.');
		return response.text();
	}

	async function knowledge(raw: string, request: StatusRequest, fetchedAt: number): Promise<StatusKnowledge & { readonly ttl: number }> {
		const token = parseStatusList(raw);
		await verifyStatusList({ ...request, token });
		const value = token.list().get(request.idx);
		if (value === undefined) throw new CredentialError('status/bad-index', 'The status list has no entry for this credential.');
		return { value, signedAt: token.issuedAt, fetchedAt: Math.floor(fetchedAt / 1000), stale: false, ttl: Math.max(token.ttl ?? DEFAULT_TTL, MIN_TTL) };
	}

	async function kept(request: StatusRequest): Promise<(StatusKnowledge & { readonly ttl: number }) | undefined> {
		const found = store.get(request.uri);
		if (!found) return undefined;
		try {
			return await knowledge(found.token, request, found.storedAt);
		} catch {
			// Expired, or the issuer's key has changed: as if it were not there.
			return undefined;
		}
	}

	return {
		async status(request) {
			const known = await kept(request);
			if (known && !fresh && known.fetchedAt + known.ttl > request.now && known.fetchedAt <= request.now) return known;
			try {
				const raw = await fetched(request);
				const found = await knowledge(raw, request, request.now * 1000);
				// A server that gives out an older list than before would hide what was withdrawn since.
				if (known && known.signedAt > found.signedAt) throw new CredentialError('status/rolled-back', 'The server gave out an older status list than before.');
				store.put(request.uri, raw, found.ttl * 1000, request.issuer);
				return found;
			} catch (error) {
				const isBelieved = believedSec > 0 && known !== undefined && known.fetchedAt <= request.now && request.now - known.fetchedAt <= believedSec;
				// That a server cannot be reached is what a list is kept for; that it says something else is not.
				if (isBelieved && isUnreachable(error)) return known;
				if (known) return { ...known, stale: true, problem: errorInfo(error).message };
				if (error instanceof HoldfastError) throw error;
				throw new CredentialError('status/unavailable', 'The status list could not be fetched.', { cause: error });
			}
		},
	};
}
