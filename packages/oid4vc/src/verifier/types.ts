import type { Signer } from '@holdfast/crypto';
import type { Clock, JsonObject, Random, ReportNode } from '@holdfast/kernel';
import type { DcqlCredentialQuery, DcqlQuery } from '../shared/dcql.ts';
import type { ClaimPath, CredentialFormat } from '../shared/types.ts';

export type ResponseMode = 'direct_post' | 'direct_post.jwt';

/** How the verifier identifies itself (OpenID4VP 1.0 §5.9.3). */
export type VerifierClientId =
	| {
			readonly scheme: 'decentralized_identifier';
			readonly did: string /** `signer.kid` is a DID URL of an authentication or assertion key of `did`. */;
			readonly signer: Signer;
	  }
	| { readonly scheme: 'redirect_uri' };

export interface CreateRequestInput {
	readonly dcql: unknown;
	/** Shown to the holder: why it is asked. Travels as `purpose` in `client_metadata`; wallets that do not know it leave it out. */
	readonly purpose?: string;
	/** The verifier's name as the wallet shows it. */
	readonly clientName?: string;
	/** Only `data:` logos are ever shown by Holdfast. */
	readonly logoUri?: string;
	readonly clientId: VerifierClientId;
	readonly responseMode: ResponseMode;
	/** Milliseconds. */
	readonly ttlMs: number;
	/** Let the wallet send a `wallet_nonce` (OpenID4VP 1.0 §5.10); signed requests only. */
	readonly requestUriMethod?: 'get' | 'post';
	/** Where the wallet sends the holder's browser afterwards (OpenID4VP 1.0 §8.2). */
	readonly redirectUri?: string;
}

export interface CreatedRequest {
	readonly id: string;
	/** `openid4vp://…`: what goes into the QR code or the link. */
	readonly uri: string;
	/** Epoch milliseconds. */
	readonly expiresAt: number;
}

/** `received`: the answer is stored and not judged yet (see `Verifier.finish`). `refused`: the wallet answered with an error. */
export type VerificationState = 'open' | 'received' | 'done' | 'refused' | 'expired' | 'cancelled';

/** What one presentation disclosed, after its checks. */
export interface DisclosedPresentation {
	readonly queryId: string;
	readonly format: string;
	readonly type: string;
	readonly issuer: string;
	readonly holderThumbprint: string | null;
	readonly claims: JsonObject;
	/** What was proven without a claim being shown: sentences for a person. */
	readonly proven?: readonly string[];
	readonly result: ReportNode['result'];
}

/** A verification as stored. Plain JSON. */
export interface VerificationRecord {
	readonly id: string;
	/** Grows by one at each change; what `replace` compares. */
	readonly version: number;
	readonly state: VerificationState;
	readonly purpose: string | null;
	readonly dcql: DcqlQuery;
	readonly clientId: string;
	readonly responseMode: ResponseMode;
	readonly nonce: string;
	readonly stateParam: string;
	/** Private half of the key that the answer is encrypted to; null once used or where the answer is not encrypted. */
	readonly encryptionKey: { readonly kid: string; readonly privateJwk: JsonObject } | null;
	/** Claims of the Authorization Request, signed or sent as they are. */
	readonly request: JsonObject;
	/** The signed request object; null for `redirect_uri:`, which cannot be signed, and where a wallet nonce has to be put in. */
	readonly requestJwt: string | null;
	readonly redirectUri: string | null;
	/** `vp_token` as received. */
	readonly vpToken: JsonObject | null;
	/** The wallet's error code, where it refused (`access_denied`), and its words, cleaned. */
	readonly walletError: string | null;
	readonly walletErrorDescription: string | null;
	readonly report: ReportNode | null;
	readonly disclosed: readonly DisclosedPresentation[] | null;
	/** Epoch milliseconds, as the two below. */
	readonly createdAt: number;
	readonly expiresAt: number;
	readonly receivedAt: number | null;
}

type Maybe<T> = T | Promise<T>;

export interface VerifierStore {
	insert(record: VerificationRecord): Maybe<void>;
	get(id: string): Maybe<VerificationRecord | undefined>;
	/** Compare and set: writes `next` only where the stored version is `next.version - 1`, else returns false. */
	replace(next: VerificationRecord): Maybe<boolean>;
}

/** What `verifyPresentation` gives back; `credentials.verify` fits. */
export interface PresentationVerification {
	readonly report: ReportNode;
	/** Only what was disclosed and checked. */
	readonly claims: JsonObject;
	/** The whole processed credential under the same rule: DCQL paths point into it. */
	readonly document: JsonObject;
	readonly issuer: string;
	/** `vct`, or the last VC type. */
	readonly type: string;
	readonly types: readonly string[];
	readonly holderThumbprint?: string;
	/** See {@link DisclosedPresentation.proven}. */
	readonly proven?: readonly string[];
}

export interface VerifyProofInput {
	readonly query: DcqlCredentialQuery;
	readonly presentation: string;
	readonly nonce: string;
	readonly audience: string;
	readonly responseUri: string;
	/** Epoch milliseconds of the request. */
	readonly requestedAt: number;
	/** What the request says that it is for. */
	readonly purpose: string | null;
}

export interface VerifyPresentationInput {
	readonly queryId: string;
	readonly presentation: string;
	readonly format: CredentialFormat;
	readonly nonce: string;
	/** The full client identifier, prefix included (OpenID4VP 1.0 §14.1.2, Appendix B). */
	readonly audience: string;
	readonly requireHolderBinding: boolean;
	/** Claims that have to be there whatever the holder chose, relative to the claims about the subject. Empty where the query offers a choice. */
	readonly requested: readonly ClaimPath[];
}

export type VerifierEvent =
	| { readonly kind: 'request-fetched' | 'received' | 'done' | 'refused'; readonly id: string }
	| { /** `id` is what the wallet sent: there may be no such request. */ readonly kind: 'rejected'; readonly id: string; readonly code: string };

export interface VerifierDeps {
	/** Where `handle` is reachable, no trailing slash: `https://verifier.example/oid4vp`. */
	readonly baseUrl: string;
	readonly store: VerifierStore;
	readonly clock: Clock;
	readonly random: Random;
	/** Judges one presentation. May throw a coded error, which fails that presentation only. */
	readonly verifyPresentation: (input: VerifyPresentationInput) => Promise<PresentationVerification>;
	/** Judges one answer to a query for a proof, of a statement or of ownership. Without it, such queries cannot be asked. */
	readonly verifyProof?: (input: VerifyProofInput) => Promise<PresentationVerification>;
	/** The signer of a `decentralized_identifier` client, asked again where a request with `wallet_nonce` is signed after a restart. */
	readonly signerFor?: (clientId: string) => Promise<Signer>;
	readonly onEvent?: (event: VerifierEvent) => void;
}

export interface Verifier {
	createRequest(input: CreateRequestInput): Promise<CreatedRequest>;
	/** The record; an open one whose time is over comes back as `expired`. */
	get(id: string): Promise<VerificationRecord | undefined>;
	cancel(id: string): Promise<boolean>;
	/** Judges a stored answer again, for instance after a crash between `received` and `done`. Does nothing in other states. */
	finish(id: string): Promise<VerificationRecord | undefined>;
	/** Answers one HTTP request. Never throws; unknown paths get 404. */
	handle(request: Request): Promise<Response>;
}
