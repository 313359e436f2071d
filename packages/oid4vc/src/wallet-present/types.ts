import type { ParsedCredential } from '@holdfast/credentials';
import type { Signer } from '@holdfast/crypto';
import type { Clock, JsonObject, Random, ReportNode } from '@holdfast/kernel';
import type { DcqlCredentialQuery, DcqlQuery, QueryWords } from '../shared/dcql.ts';
import type { ClaimPath, CredentialFormat, DidKeyResolver, Fetch } from '../shared/types.ts';

export interface PresentDeps {
	readonly fetch: Fetch;
	readonly clock: Clock;
	readonly random: Random;
	/** Finds the key that signed the request of a `decentralized_identifier:` client. */
	readonly resolveKey: DidKeyResolver;
	/** Accept `http:` on loopback (development and tests). False when absent. */
	readonly allowLoopbackHttp?: boolean;
}

/** A request, ready to be shown, matched and answered. Plain JSON. */
export interface RequestReview {
	/** The full client identifier, prefix included: the audience of what is presented. */
	readonly clientId: string;
	readonly clientIdPrefix: 'decentralized_identifier' | 'redirect_uri';
	/** How the verifier was identified, check by check. A `redirect_uri:` client passes with a warning: nobody signed. */
	readonly identification: ReportNode;
	/** What the verifier calls itself: its own words, cleaned, not checked by anybody. */
	readonly verifierName: string | null;
	/** `data:` URI of an image or null. */
	readonly verifierLogo: string | null;
	readonly responseUri: string;
	readonly responseHost: string;
	readonly responseMode: 'direct_post' | 'direct_post.jwt';
	readonly nonce: string;
	readonly state: string | null;
	readonly dcql: DcqlQuery;
	/** The verifier's words for why it asks, cleaned; null where it gives none. */
	readonly purpose: string | null;
	/** Where the answer is to be encrypted. */
	readonly encryption: { readonly jwk: JsonObject; readonly enc: 'A128GCM' | 'A256GCM' } | null;
	/** Epoch milliseconds or null. */
	readonly expiresAt: number | null;
}

export interface HeldCredential {
	readonly id: string;
	readonly parsed: ParsedCredential;
}

/** What the caller knows besides the credentials. */
export interface MatchOptions extends QueryWords {
	/**
	 * For a query in {@link PROOF_FORMAT}: null where this credential can prove what is asked, else the sentence that says
	 * why not, empty where it is simply another kind of credential.
	 */
	readonly provable?: (query: DcqlCredentialQuery, held: HeldCredential) => string | null;
	/** For a query in {@link OWNERSHIP_FORMAT}: the caller's ids of the tokens that answer it, or the sentence that says why none does. */
	readonly tokens?: (query: DcqlCredentialQuery) => readonly string[] | string;
}

/** A held credential, or a token, that answers a credential query. */
export interface Candidate {
	/** The caller's id of it. */
	readonly credentialId: string;
	/** Exactly what will be disclosed: concrete paths, no `null`. For `jwt_vc_json`, which cannot hide anything, every claim. */
	readonly disclose: readonly ClaimPath[];
	/** The claims that were asked for and are there. A subset of `disclose`. */
	readonly asked: readonly ClaimPath[];
	/** Which of the query's `claim_sets` this answers, or null. */
	readonly claimSet: number | null;
}

export interface QueryMatch {
	readonly queryId: string;
	readonly format: string;
	/** In words: `IdentityCredential`. */
	readonly title: string;
	readonly multiple: boolean;
	readonly requireHolderBinding: boolean;
	readonly candidates: readonly Candidate[];
	/** Where there are no candidates: what is missing, in a sentence. */
	readonly reason: string | null;
}

export interface CredentialSetMatch {
	readonly required: boolean;
	readonly purpose: string | null;
	/** Each option names credential queries that are answered together. */
	readonly options: readonly { readonly queryIds: readonly string[]; readonly available: boolean }[];
}

export interface MatchResult {
	readonly satisfiable: boolean;
	readonly queries: readonly QueryMatch[];
	/** Where the query has no `credential_sets`: one required set over all queries. */
	readonly sets: readonly CredentialSetMatch[];
	/** Why it cannot be satisfied: a sentence for each thing that is missing. */
	readonly missing: readonly string[];
	/** The first option that works of each required set, with its first candidates: what to propose. */
	readonly proposal: readonly { readonly queryId: string; readonly candidate: Candidate }[];
}

/** An answer that the caller has made itself: a proof, of a statement or of ownership. */
export interface ReadySelection {
	readonly queryId: string;
	readonly presentation: string;
}

/** One chosen credential, with the key to prove possession with. */
export interface Selection {
	readonly queryId: string;
	readonly raw: string;
	readonly format: CredentialFormat;
	readonly disclose: readonly ClaimPath[];
	readonly holder: Signer;
	readonly holderDid?: string;
}

/** Presentations by credential query id: `vp_token` (OpenID4VP 1.0 §8.1). */
export type VpToken = { readonly [queryId: string]: readonly string[] };

export interface ResponseOutcome {
	/** Where the verifier asks the holder to go next: show it, never open it unasked. Null where it gives none. */
	readonly redirectUri: string | null;
}
