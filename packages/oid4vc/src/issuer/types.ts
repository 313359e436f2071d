import type { Jwk, JwsAlg } from '@holdfast/crypto';
import type { Clock, JsonObject, Random } from '@holdfast/kernel';
import type { ClaimPath, CredentialFormat, DidKeyResolver } from '../shared/types.ts';

/** OpenID4VCI 1.0 §12.2.4 `display` of a Credential Issuer. */
export interface IssuerDisplay {
	readonly name: string;
	readonly locale?: string;
	readonly logo?: { readonly uri: string; readonly alt_text?: string };
}

/** OpenID4VCI 1.0 §12.2.4 `credential_metadata.display`. */
export interface CredentialDisplay {
	readonly name: string;
	readonly locale?: string;
	readonly description?: string;
	readonly logo?: { readonly uri: string; readonly alt_text?: string };
	readonly background_color?: string;
	readonly background_image?: { readonly uri: string };
	readonly text_color?: string;
}

/** OpenID4VCI 1.0 Appendix B.2 claims description object. */
export interface ClaimDescription {
	readonly path: ClaimPath;
	readonly mandatory?: boolean;
	readonly display?: readonly { readonly name: string; readonly locale?: string }[];
}

/** One kind of credential on offer; becomes an entry of `credential_configurations_supported`. */
export interface CredentialConfiguration {
	readonly id: string;
	readonly format: CredentialFormat;
	/** For `dc+sd-jwt`. */
	readonly vct?: string;
	/** For `jwt_vc_json`: `credential_definition.type`, `VerifiableCredential` first. */
	readonly types?: readonly string[];
	readonly display?: readonly CredentialDisplay[];
	readonly claims?: readonly ClaimDescription[];
	/** Algorithms that the credential may be signed with. */
	readonly signingAlgs: readonly JwsAlg[];
	/** Algorithms accepted for the proof of possession; all three when absent. */
	readonly proofAlgs?: readonly JwsAlg[];
	/** `jwk` and `did:<method>`; `['jwk']` when absent. */
	readonly bindingMethods?: readonly string[];
	/** Members of our own (`org.holdfast.…`), added to the entry; who does not know them ignores them (§12.2.4). */
	readonly extensions?: JsonObject;
}

export interface IssuerConfig {
	/** The Credential Issuer Identifier: https (http only on loopback), a path is allowed, no query or fragment, no trailing slash. */
	readonly issuerUrl: string;
	readonly display?: readonly IssuerDisplay[];
	/** Read at each request, so that new types appear without a restart. */
	readonly configurations: () => readonly CredentialConfiguration[];
	/** `batch_credential_issuance.batch_size`; 1 (no batch) when absent. */
	readonly batchSize?: number;
	/** Life of an access token, milliseconds; 10 minutes when absent. */
	readonly tokenTtlMs?: number;
	/** Life of a c_nonce, milliseconds; 5 minutes when absent. */
	readonly nonceTtlMs?: number;
	/** Wrong transaction codes before the offer is cancelled; 5 when absent. */
	readonly maxTxTries?: number;
	/** Clock difference tolerated in a proof's `iat`, seconds; 60 when absent. */
	readonly clockSkewSec?: number;
}

/** OpenID4VCI 1.0 §4.1.1 `tx_code`. */
export interface TxCodeSpec {
	readonly inputMode: 'numeric' | 'text';
	readonly length: number;
	readonly description?: string;
}

/** `open` with an access token hash: the code was used, credentials not all issued yet. */
export type OfferState = 'open' | 'redeemed' | 'cancelled' | 'expired';

/** What was issued on an offer for one configuration. Kept, so that a repeated request gets the same answer, never a second credential. */
export interface IssuedOnOffer {
	readonly configurationId: string;
	/** RFC 7638 thumbprints of the holder's keys, in the order of `credentials`. */
	readonly holderThumbprints: readonly string[];
	/** What was issued. The store may empty it once `accessTokenExpiresAt` is over. */
	readonly credentials: readonly string[];
	/** Epoch milliseconds. */
	readonly issuedAt: number;
}

/** An offer as stored. Plain JSON. No code and no token in it, only SHA-256 of them (base64url). */
export interface OfferRecord {
	readonly id: string;
	/** Grows by one at each change; what `replaceOffer` compares. */
	readonly version: number;
	readonly state: OfferState;
	readonly configurationIds: readonly string[];
	/** The issuer's own data (claims, type, issuer DID, validity): opaque here, handed to `issueCredential`. */
	readonly data: JsonObject;
	/** See {@link CreateOfferInput.extensions}. */
	readonly extensions?: JsonObject;
	readonly codeHash: string;
	readonly txCode: TxCodeSpec | null;
	/** SHA-256 over the pre-authorized code and the transaction code: useless without the code, which is not stored. */
	readonly txCodeHash: string | null;
	readonly txTries: number;
	readonly accessTokenHash: string | null;
	/** Epoch milliseconds. */
	readonly accessTokenExpiresAt: number | null;
	readonly batchSize: number;
	readonly issued: readonly IssuedOnOffer[];
	/** Epoch milliseconds, as the two below. */
	readonly expiresAt: number;
	readonly createdAt: number;
	readonly redeemedAt: number | null;
}

type Maybe<T> = T | Promise<T>;

/** Where an issuer keeps its state. Each call is atomic and durable when it returns. */
export interface IssuerStore {
	insertOffer(record: OfferRecord): Maybe<void>;
	getOffer(id: string): Maybe<OfferRecord | undefined>;
	findOfferByCodeHash(codeHash: string): Maybe<OfferRecord | undefined>;
	findOfferByAccessTokenHash(hash: string): Maybe<OfferRecord | undefined>;
	/**
	 * Compare and set: writes `next` only where the stored version is `next.version - 1`, else returns false.
	 * Rows for what was issued (`next.issued`) belong in the same transaction.
	 */
	replaceOffer(next: OfferRecord): Maybe<boolean>;
	/** Keeps the hash of a c_nonce until `expiresAt` (epoch milliseconds). */
	putNonce(nonceHash: string, expiresAt: number): Maybe<void>;
	/** Removes the nonce and says whether it was there and not expired at `now`. True only once. */
	consumeNonce(nonceHash: string, now: number): Maybe<boolean>;
}

export interface IssueCredentialInput {
	readonly configurationId: string;
	readonly configuration: CredentialConfiguration;
	readonly offer: OfferRecord;
	/** The key that the wallet proved to hold. */
	readonly holderJwk: Jwk;
	/** The wallet's DID, where the proof named its key by a DID URL. */
	readonly holderDid?: string;
	/** Claims of the key proof besides the specification's own, as the wallet sent them: covered by its signature, otherwise unchecked. */
	readonly proofClaims: JsonObject;
	/** Position in the batch, from 0, and its size. */
	readonly index: number;
	readonly count: number;
}

export type IssuerEvent =
	| { readonly kind: 'offer-fetched' | 'token-issued' | 'wrong-tx-code' | 'locked-out'; readonly offerId: string }
	| {
			readonly kind: 'issued';
			readonly offerId: string;
			readonly configurationId: string;
			readonly count: number;
			readonly holderThumbprints: readonly string[];
	  }
	| { readonly kind: 'refused'; readonly offerId?: string; readonly code: string };

export interface IssuerDeps {
	readonly config: IssuerConfig;
	readonly store: IssuerStore;
	readonly clock: Clock;
	readonly random: Random;
	/** Signs one credential. Called before the state change: must have no effect of its own that may not happen twice. */
	readonly issueCredential: (input: IssueCredentialInput) => Promise<string>;
	/** For proofs that name their key by a DID URL. Without it only `jwk` proofs are accepted. */
	readonly resolveHolderKey?: DidKeyResolver;
	readonly onEvent?: (event: IssuerEvent) => void;
}

export interface CreateOfferInput {
	readonly configurationIds: readonly string[];
	readonly data: JsonObject;
	/** Milliseconds. */
	readonly ttlMs: number;
	/** Ask for a transaction code, which the issuer tells the holder on another way. */
	readonly txCode?: TxCodeSpec;
	/** Credentials per configuration at most; the issuer's batch size when absent. */
	readonly batchSize?: number;
	/** `reference` gives a short QR code; the wallet then fetches the offer from the issuer. `value` when absent. */
	readonly by?: 'value' | 'reference';
	/** Members of our own (`org.holdfast.…`) to add to the offer; they are part of its link, so keep them short. */
	readonly extensions?: JsonObject;
}

/** What the offers of a batch have in common. Without transaction codes: they would have to be told one by one. */
export type DraftOffersInput = Omit<CreateOfferInput, 'data' | 'txCode'>;

/** An offer that is not stored yet. */
export interface DraftedOffer {
	readonly record: OfferRecord;
	/** See {@link CreatedOffer.uri}. */
	readonly uri: string;
}

export interface CreatedOffer {
	readonly id: string;
	/** `openid-credential-offer://…`: what goes into the QR code or the link. A bearer secret until redeemed. */
	readonly uri: string;
	/** The transaction code to tell the holder. Given once, never stored. */
	readonly txCode: string | null;
	/** Epoch milliseconds. */
	readonly expiresAt: number;
}

export interface Issuer {
	/** OpenID4VCI 1.0 §12.2.4. */
	metadata(): JsonObject;
	/** RFC 8414. */
	authorizationServerMetadata(): JsonObject;
	createOffer(input: CreateOfferInput): Promise<CreatedOffer>;
	/** Checks what many offers have in common once; the function makes them one by one. The caller inserts the records, many in a transaction. */
	drafter(input: DraftOffersInput): (data: JsonObject) => DraftedOffer;
	/** False where it was already redeemed, cancelled or expired. */
	cancelOffer(id: string): Promise<boolean>;
	/** Answers one HTTP request. Never throws; unknown paths get 404. */
	handle(request: Request): Promise<Response>;
}
