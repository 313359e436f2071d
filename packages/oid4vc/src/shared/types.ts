import type { Jwk, JwsAlg } from '@holdfast/crypto';

/** The two credential formats that Holdfast issues, holds and verifies (OpenID4VCI 1.0 Appendix A, OpenID4VP 1.0 Appendix B). */
export type CredentialFormat = 'dc+sd-jwt' | 'jwt_vc_json';

/** A claims path pointer (OpenID4VP 1.0 §7): object keys, array indexes, and `null` for every element of an array. */
export type ClaimPath = readonly (string | number | null)[];

export interface FetchInit {
	readonly method?: string;
	readonly headers?: Record<string, string>;
	readonly body?: string;
	/** Bytes of the answer's body at most. */
	readonly maxBytes?: number;
	readonly signal?: AbortSignal;
}

/** The only way out. Give it net's guarded fetch: this package does not check addresses itself. */
export type Fetch = (url: string | URL, init?: FetchInit) => Promise<Response>;

/**
 * Finds the public key that `kid` (a DID URL) names in the document of `did`. Throws a coded error where the
 * document has no such verification method in that relationship.
 */
export type DidKeyResolver = (input: {
	readonly did: string;
	readonly kid: string;
	readonly alg: JwsAlg;
	readonly relationship: 'authentication' | 'assertionMethod';
}) => Promise<{ readonly jwk: Jwk /** For a report: `did:web document, authentication key-1`. */; readonly how: string }>;
