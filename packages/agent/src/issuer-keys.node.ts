import { type Jwk, jwkThumbprint, jwkToPublicKey, publicKeyToJwk } from '@holdfast/crypto';
import { HoldfastError } from '@holdfast/kernel';
import { type GuardedFetch, NetError } from '@holdfast/net';
import { z } from 'zod';
import { findDidKey, fits } from './did-keys.ts';
import { DidError } from './errors.ts';
import type { IssuerKey, IssuerKeyQuery, IssuerKeyResolver } from './issuer-key-types.ts';
import type { HoldfastAgent } from './types.ts';

const MAX_METADATA_BYTES = 256 << 10;

/**
 * Finds issuers' keys.
 *
 * For a DID: `kid` has to be a DID URL under that very DID, and its method has to stand in
 * assertionMethod. Without `kid`, a document with exactly one fitting method will do.
 *
 * For an https URL: the JWT VC Issuer Metadata (SD-JWT VC §4) below `/.well-known/jwt-vc-issuer`, whose
 * `issuer` has to be that very URL, with `jwks` or `jwks_uri`.
 *
 * Throws `credential/issuer-key-not-found` with `data.reason`, and `did/*` where a DID does not resolve.
 */
export function createIssuerKeyResolver(agent: Pick<HoldfastAgent, 'resolve' | 'fetch'>): IssuerKeyResolver {
	return {
		resolve: async (query) => {
			if (query.issuer.startsWith('did:')) return await fromDid(agent, query);
			if (/^https?:\/\//.test(query.issuer)) return await fromMetadata(agent.fetch, query);
			throw keyNotFound('issuer-is-neither-did-nor-url');
		},
	};
}

const keyNotFound = (reason: string, cause?: unknown): HoldfastError =>
	new HoldfastError('credential/issuer-key-not-found', 'The issuer’s key for this signature was not found, so the signature cannot be checked.', {
		data: { reason },
		cause,
	});

async function fromDid(agent: Pick<HoldfastAgent, 'resolve'>, { issuer, kid, alg }: IssuerKeyQuery): Promise<IssuerKey> {
	try {
		return await findDidKey(agent, { did: issuer, kid, alg, relationship: 'assertionMethod' });
	} catch (error) {
		if (error instanceof DidError && error.code === 'did/key-not-found') throw keyNotFound(String(error.data.reason), error);
		throw error;
	}
}

const jwksSchema = z.object({ keys: z.array(z.looseObject({ kid: z.string().optional(), use: z.string().optional() })).max(256) });
const metadataSchema = z.looseObject({ issuer: z.string(), jwks: jwksSchema.optional(), jwks_uri: z.string().optional() });

async function fromMetadata(fetch: GuardedFetch, { issuer, kid, alg }: IssuerKeyQuery): Promise<IssuerKey> {
	const metadata = metadataSchema.safeParse(await getJson(fetch, issuerMetadataUrl(issuer)));
	if (!metadata.success) throw keyNotFound('metadata-shape');
	if (metadata.data.issuer !== issuer) throw keyNotFound('metadata-of-another-issuer');
	const { jwks, jwks_uri } = metadata.data;
	// SD-JWT VC §4.2: one of the two, never both.
	if ((jwks === undefined) === (jwks_uri === undefined)) throw keyNotFound('metadata-shape');
	const set = jwks ?? parseJwks(await getJson(fetch, jwks_uri ?? ''));
	const candidates = set.keys.flatMap((key) => {
		if (key.use === 'enc' || (kid !== undefined && key.kid !== kid)) return [];
		const jwk = publicJwk(key);
		return jwk && fits(jwk, alg) ? [jwk] : [];
	});
	const distinct = new Map(candidates.map((jwk) => [jwkThumbprint(jwk), jwk]));
	const [only] = distinct.values();
	if (!only) throw keyNotFound(kid === undefined ? 'no-key-for-algorithm' : 'key-not-in-metadata');
	if (distinct.size > 1) throw keyNotFound(kid === undefined ? 'kid-missing-and-several-keys' : 'several-keys-for-kid');
	return { jwk: only, how: `JWT VC issuer metadata, ${kid === undefined ? 'the only fitting key' : 'the key named in the credential'}` };
}

function parseJwks(input: unknown): z.infer<typeof jwksSchema> {
	const result = jwksSchema.safeParse(input);
	if (!result.success) throw keyNotFound('jwks-shape');
	return result.data;
}

function publicJwk(key: Record<string, unknown>): Jwk | undefined {
	try {
		const { type, publicKey } = jwkToPublicKey(key as unknown as Jwk);
		return publicKeyToJwk(type, publicKey);
	} catch {
		// RSA and others stand beside ours in the same set.
		return undefined;
	}
}

/** SD-JWT VC §4: the well-known part goes between host and path. @throws HoldfastError credential/issuer-key-not-found */
export function issuerMetadataUrl(issuer: string): string {
	const url = URL.parse(issuer);
	if (url?.search !== '' || url.hash !== '') throw keyNotFound('issuer-url');
	return `${url.origin}/.well-known/jwt-vc-issuer${url.pathname === '/' ? '' : url.pathname}`;
}

async function getJson(fetch: GuardedFetch, url: string): Promise<unknown> {
	let response: Response;
	try {
		response = await fetch(url, { headers: { accept: 'application/json' }, maxBytes: MAX_METADATA_BYTES });
	} catch (error) {
		throw keyNotFound(error instanceof NetError ? error.code : 'network', error);
	}
	if (response.status !== 200) throw keyNotFound('metadata-not-found');
	try {
		return JSON.parse(await response.text());
	} catch {
		throw keyNotFound('metadata-shape');
	}
}
