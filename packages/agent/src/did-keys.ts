import { algOf, type Jwk, type JwsAlg, jwkToPublicKey } from '@holdfast/crypto';
import type { DIDDocument, VerificationMethod } from 'did-resolver';
import { methodsFor, parseDidUrl } from './document.ts';
import { DidError } from './errors.ts';
import type { IssuerKey } from './issuer-key-types.ts';
import type { DidRelationship, HoldfastAgent } from './types.ts';
import { verificationMethodJwk } from './verification-key.ts';

type DidResolving = Pick<HoldfastAgent, 'resolve'>;

export interface DidKeyQuery {
	readonly did: string;
	/** DID URL under `did`, absolute or relative. Without it, exactly one fitting method has to stand there. */
	readonly kid?: string | undefined;
	readonly alg: string;
	readonly relationship: DidRelationship;
}

/**
 * The public key that `kid` names in a DID's document, if it stands in the relationship and fits the
 * algorithm.
 *
 * @throws DidError did/key-not-found with `data.reason`, did/unsupported-key, and those of `resolve`
 */
export async function findDidKey(agent: DidResolving, { did, kid, alg, relationship }: DidKeyQuery): Promise<IssuerKey> {
	const wanted = kid === undefined ? undefined : methodId(did, kid);
	const { document, method, fromCache, ageMs } = await agent.resolve(did);
	const methods = methodsFor(document, relationship);
	const describe = (id: string): string => {
		const fetched = method === 'did:web' || method === 'did:ethr';
		const age = fromCache ? `, fetched ${Math.round(ageMs / 1000)} s ago` : '';
		return `${fetched ? `${method} document${age}` : `key inside the ${method}`}, ${relationship} ${id.startsWith(did) ? id.slice(did.length) : id}`;
	};
	if (wanted !== undefined) {
		const found = methods.find((each) => each.id === wanted);
		if (!found) {
			const elsewhere = (document.verificationMethod ?? []).some((each) => each.id === wanted);
			throw keyNotFound(elsewhere ? 'key-not-for-this-use' : 'key-not-in-document');
		}
		const jwk = verificationMethodJwk(found);
		if (!fits(jwk, alg)) throw keyNotFound('key-of-another-algorithm');
		return { jwk, how: describe(found.id), did };
	}
	const [only, ...others] = usable(methods).filter(({ jwk }) => fits(jwk, alg));
	if (!only) throw keyNotFound('no-key-for-algorithm');
	if (others.length > 0) throw keyNotFound('kid-missing-and-several-keys');
	return { jwk: only.jwk, how: `${describe(only.id)} (the only one)`, did };
}

/** The methods whose key can be used for signatures here, with that key. Others are passed over. */
export function usable(methods: readonly VerificationMethod[]): { readonly id: string; readonly jwk: Jwk; readonly alg: JwsAlg }[] {
	return methods.flatMap((method) => {
		try {
			const jwk = verificationMethodJwk(method);
			const { type } = jwkToPublicKey(jwk);
			return type === 'X25519' ? [] : [{ id: method.id, jwk, alg: algOf(type) }];
		} catch (error) {
			if (error instanceof DidError) return [];
			throw error;
		}
	});
}

/** Whether a key makes signatures of this JWS algorithm. */
export function fits(jwk: Jwk, alg: string): boolean {
	const { type } = jwkToPublicKey(jwk);
	return type !== 'X25519' && algOf(type) === alg;
}

/** oid4vc's way to ask: a key by its DID URL. */
export const createDidKeyResolver =
	(agent: DidResolving) =>
	async (query: { readonly did: string; readonly kid: string; readonly alg: JwsAlg; readonly relationship: DidRelationship }): Promise<IssuerKey> =>
		await findDidKey(agent, query);

/** A credential verifier's way to ask: the holder's key for authentication. */
export const createHolderKeyResolver = (agent: DidResolving) => ({
	resolve: async (query: { readonly did: string; readonly kid?: string; readonly alg: JwsAlg }): Promise<IssuerKey> =>
		await findDidKey(agent, { ...query, relationship: 'authentication' }),
});

/**
 * The key that a credential for the holder `did` is bound to: the first one of its document that can
 * sign for authentication.
 * @throws DidError did/key-not-found, and those of `resolve`
 */
export async function bindingKey(agent: DidResolving, did: string): Promise<{ readonly jwk: Jwk; readonly did: string }> {
	const { document } = await agent.resolve(did);
	const [first] = usable(methodsFor(document, 'authentication'));
	if (!first) throw keyNotFound('no-key-for-authentication');
	return { jwk: first.jwk, did };
}

/** The wallet's own key that a credential is bound to; undefined where it is not the wallet's. */
export const kidOfHolder = (agent: Pick<HoldfastAgent, 'kidOfHolder'>, holder: { readonly jwk?: Jwk; readonly did?: string }): string | undefined =>
	agent.kidOfHolder(holder);

/** The first signing key of a document that needs no network, for finding out whose it is. */
export const firstKeyOf = (document: DIDDocument): Jwk | undefined => usable(methodsFor(document, 'authentication'))[0]?.jwk;

const keyNotFound = (reason: string, cause?: unknown): DidError => new DidError('did/key-not-found', { data: { reason }, cause });

/** The absolute method id that `kid` names. A key of another DID proves nothing about this one. */
function methodId(did: string, kid: string): string {
	let url: ReturnType<typeof parseDidUrl>;
	try {
		url = parseDidUrl(kid.startsWith('#') ? did + kid : kid);
	} catch (error) {
		throw keyNotFound('kid-is-not-a-did-url', error);
	}
	if (url.did !== did || url.fragment === undefined) throw keyNotFound('kid-of-another-did');
	return `${url.did}#${url.fragment}`;
}
