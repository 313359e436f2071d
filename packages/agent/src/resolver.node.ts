import type { Clock } from '@holdfast/kernel';
import { HoldfastError, type Json } from '@holdfast/kernel';
import { type GuardedFetch, NetError } from '@holdfast/net';
import type { CacheRepository } from '@holdfast/vault';
import { getDidPkhResolver } from '@veramo/did-provider-pkh';
import type { DIDResolutionResult, DIDResolver, ParsedDID, Resolvable } from 'did-resolver';
import { z } from 'zod';
import { didJwkDocument, didKeyDocument } from './did-key.ts';
import { didPeerDocument } from './did-peer.ts';
import { didWebLocation, didWebUrl } from './did-web.ts';
import { checkDocument, type ParsedDid, parseDid, parseDidUrl } from './document.ts';
import { DidError, invalidDid } from './errors.ts';
import type { EthrNetworks } from './ethr.node.ts';
import type { Resolution } from './types.ts';

/** Where fetched documents are kept: the vault's cache. Times are in ms. */
export type DocumentCache = Pick<CacheRepository, 'get' | 'put' | 'delete'>;

export interface DidResolverPorts {
	readonly fetch: GuardedFetch;
	readonly ethr: EthrNetworks;
	readonly cache: DocumentCache;
	readonly clock: Clock;
}

/** A did:web document is one small file. */
const MAX_DOCUMENT_BYTES = 256 << 10;

/**
 * How long a fetched document is believed, in ms. did:ethr is short, because a revocation on the chain
 * has to take effect. Methods without a network are never cached.
 */
const MAX_AGE_MS: Readonly<Record<string, number>> = { web: 10 * 60_000, ethr: 60_000 };

const cached = z.object({ document: z.unknown(), metadata: z.record(z.string(), z.unknown()) });

export interface ResolveOptions {
	readonly fresh?: boolean;
	readonly staleMs?: number;
}

interface Obtained {
	readonly document: unknown;
	readonly metadata: Readonly<Record<string, unknown>>;
}

/** Resolves DIDs of six methods: checked documents, everything remote through the guarded fetch, with an honest age. */
export class DidResolver implements Resolvable {
	readonly #ports: DidResolverPorts;
	readonly #pkh: DIDResolver | undefined = getDidPkhResolver().pkh;

	constructor(ports: DidResolverPorts) {
		this.#ports = ports;
	}

	/**
	 * @param options.fresh ask the network even where a cached answer is young enough
	 * @param options.staleMs where the network cannot be reached, a cached answer up to this old will do; it says its age
	 * @throws DidError did/not-found, did/unsupported-method, did/unknown-network, did/invalid, did/network
	 */
	async resolveDid(did: string, options: ResolveOptions = {}): Promise<Resolution> {
		const parsed = parseDid(did);
		const method = `did:${parsed.method}`;
		const maxAge = MAX_AGE_MS[parsed.method];
		if (maxAge === undefined) return { ...(await this.#obtainChecked(parsed)), ageMs: 0, fromCache: false, method };
		const key = this.#cacheKey(parsed);
		const now = this.#ports.clock.now();
		if (options.fresh !== true) {
			const hit = this.#fromCache(parsed, key, now, maxAge);
			if (hit) return { ...hit, fromCache: true, method };
		}
		let obtained: Obtained & Pick<Resolution, 'document'>;
		try {
			obtained = await this.#obtainChecked(parsed);
		} catch (error) {
			const stale = error instanceof DidError && error.code === 'did/network' ? this.#fromCache(parsed, key, now, options.staleMs ?? 0) : undefined;
			if (!stale) throw error;
			return { ...stale, fromCache: true, method };
		}
		// Only what passed every check is kept. Failures are not: the next call asks again.
		this.#ports.cache.put(key, obtained as unknown as Json, maxAge);
		return { ...obtained, ageMs: 0, fromCache: false, method };
	}

	/** How old the cached document is, in ms: null where there is none, 0 for a method that needs no network. @throws DidError did/invalid, did/unsupported-method */
	cachedAge(did: string): number | null {
		const parsed = parseDid(did);
		if (MAX_AGE_MS[parsed.method] === undefined) return 0;
		return this.#fromCache(parsed, this.#cacheKey(parsed), this.#ports.clock.now(), Number.POSITIVE_INFINITY)?.ageMs ?? null;
	}

	/** Forgets a cached document, after the wallet changed it. */
	forget(did: string): void {
		this.#ports.cache.delete(this.#cacheKey(parseDid(did)));
	}

	/** did-resolver's interface: a fragment is allowed, errors are in the result (DID Resolution §4). */
	async resolve(didUrl: string): Promise<DIDResolutionResult> {
		try {
			const { document, metadata } = await this.resolveDid(parseDidUrl(didUrl).did);
			return { didDocument: document, didDocumentMetadata: metadata, didResolutionMetadata: { contentType: 'application/did+ld+json' } };
		} catch (error) {
			const code = error instanceof HoldfastError ? error.code : 'did/network';
			return { didDocument: null, didDocumentMetadata: {}, didResolutionMetadata: { error: RESOLUTION_ERRORS[code] ?? 'notFound', message: code } };
		}
	}

	#fromCache(parsed: ParsedDid, key: string, now: number, maxAge: number) {
		const row = this.#ports.cache.get(key);
		if (!row) return undefined;
		const ageMs = now - row.storedAt;
		// A clock that was set back makes ages negative: such a row proves nothing.
		if (ageMs < 0 || ageMs >= maxAge) return undefined;
		const value = cached.safeParse(row.value);
		if (!value.success) return undefined;
		return { document: checkDocument(parsed.did, value.data.document), metadata: value.data.metadata, ageMs };
	}

	#cacheKey(parsed: ParsedDid): string {
		return parsed.method === 'ethr' ? `did-document ${this.#ports.ethr.source(parsed.did)} ${parsed.did}` : `did-document ${parsed.did}`;
	}

	async #obtainChecked(parsed: ParsedDid): Promise<Pick<Resolution, 'document' | 'metadata'>> {
		const { document, metadata } = await this.#obtain(parsed);
		return { document: checkDocument(parsed.did, document), metadata };
	}

	async #obtain(parsed: ParsedDid): Promise<Obtained> {
		switch (parsed.method) {
			case 'key':
				return { document: didKeyDocument(parsed.did, parsed.id), metadata: {} };
			case 'jwk':
				return { document: didJwkDocument(parsed.did, parsed.id), metadata: {} };
			case 'web':
				return { document: await this.#fetchDidWeb(parsed), metadata: {} };
			case 'ethr':
				return resolved(await this.#ports.ethr.resolve(parsed.did), 'did/network');
			case 'peer':
				return { document: didPeerDocument(parsed.did, parsed.id), metadata: {} };
			case 'pkh':
				return resolved(await this.#local(this.#pkh, parsed), 'did/invalid');
			default:
				throw new DidError('did/unsupported-method', { data: { method: parsed.method.slice(0, 32) } });
		}
	}

	async #local(resolver: DIDResolver | undefined, { did, method, id }: ParsedDid): Promise<DIDResolutionResult> {
		if (!resolver) throw new DidError('did/unsupported-method');
		const parsed: ParsedDID = { did, didUrl: did, method, id };
		try {
			return await resolver(did, parsed, this, { accept: 'application/did+ld+json' });
		} catch (error) {
			throw invalidDid('encoding', error);
		}
	}

	/** did:web specification §3.2. */
	async #fetchDidWeb({ id }: ParsedDid): Promise<unknown> {
		const url = didWebUrl(didWebLocation(id));
		let response: Response;
		try {
			response = await this.#ports.fetch(url, {
				headers: { accept: 'application/did+ld+json, application/did+json, application/json' },
				maxBytes: MAX_DOCUMENT_BYTES,
			});
		} catch (error) {
			throw new DidError('did/network', { data: error instanceof NetError ? { reason: error.code } : {}, cause: error });
		}
		if (response.status === 404 || response.status === 410) throw new DidError('did/not-found');
		if (response.status !== 200) throw new DidError('did/network', { data: { reason: 'status', status: response.status } });
		try {
			return JSON.parse(await response.text());
		} catch {
			throw invalidDid('json');
		}
	}
}

const RESOLUTION_ERRORS: Readonly<Record<string, string>> = {
	'did/invalid': 'invalidDid',
	'did/unsupported-method': 'unsupportedDidMethod',
	'did/unsupported-key': 'invalidDid',
};

/** A library's resolution result, or the error that it stands for. */
function resolved({ didDocument, didDocumentMetadata, didResolutionMetadata }: DIDResolutionResult, otherwise: 'did/network' | 'did/invalid'): Obtained {
	if (didDocument && didResolutionMetadata.error === undefined) {
		// Undefined members would not survive a store.
		return { document: JSON.parse(JSON.stringify(didDocument)), metadata: JSON.parse(JSON.stringify(didDocumentMetadata)) };
	}
	throw new DidError(didResolutionMetadata.error === 'invalidDid' ? 'did/invalid' : otherwise, { data: { reason: 'resolver' } });
}
