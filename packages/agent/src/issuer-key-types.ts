import type { Jwk } from '@holdfast/crypto';

export interface IssuerKeyQuery {
	/** The credential's issuer: a DID or an https URL. */
	readonly issuer: string;
	/** `kid` of the JWS header. For a DID issuer a DID URL under that DID, absolute or relative (`#key-1`). */
	readonly kid?: string | undefined;
	/** The JWS header. */
	readonly header: Readonly<Record<string, unknown>>;
	readonly alg: string;
}

export interface IssuerKey {
	readonly jwk: Jwk;
	/** How the key was found, in words for a report: `did:web document, assertionMethod #key-1`. */
	readonly how: string;
	readonly did?: string;
}

/** Finds the key that an issuer signs credentials with. Throws coded errors. */
export interface IssuerKeyResolver {
	resolve(query: IssuerKeyQuery): Promise<IssuerKey>;
}
