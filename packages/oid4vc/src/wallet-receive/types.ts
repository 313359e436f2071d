import type { Jwk, Signer } from '@holdfast/crypto';
import type { Clock, JsonObject } from '@holdfast/kernel';
import type { ClaimPath, CredentialFormat, Fetch } from '../shared/types.ts';

export interface ReceiveDeps {
	readonly fetch: Fetch;
	readonly clock: Clock;
	/** Accept `http:` on loopback (development and tests). False when absent. */
	readonly allowLoopbackHttp?: boolean;
}

/** A claim that a credential will carry, for the review. */
export interface OfferedClaim {
	readonly path: ClaimPath;
	/** Cleaned with `displayText`. */
	readonly label: string;
	readonly mandatory: boolean;
}

export interface OfferedConfiguration {
	readonly id: string;
	/** Null where Holdfast cannot hold this format; then `unsupported` says why. */
	readonly format: CredentialFormat | null;
	readonly unsupported: string | null;
	/** `vct`, or the last of the VC types. */
	readonly type: string;
	readonly name: string;
	readonly description: string | null;
	/** `data:` URI of an image, or null: remote logos are never fetched. */
	readonly logo: string | null;
	readonly backgroundColor: string | null;
	readonly textColor: string | null;
	readonly claims: readonly OfferedClaim[];
	readonly proofAlgs: readonly string[];
	readonly bindingMethods: readonly string[];
	/** `credential_metadata` of the issuer as it came (capped), to keep beside the credential. */
	readonly display: JsonObject | null;
	/** Members named `org.holdfast.…`, ours to understand. */
	readonly extensions: JsonObject;
}

/** An offer, ready to be shown and approved. Plain JSON; holds the pre-authorized code, so keep it where secrets are kept. */
export interface OfferReview {
	readonly issuer: string;
	readonly issuerHost: string;
	readonly issuerName: string;
	readonly issuerLogo: string | null;
	readonly configurations: readonly OfferedConfiguration[];
	readonly txCode: { readonly inputMode: 'numeric' | 'text'; readonly length: number | null; readonly description: string | null } | null;
	/** Copies of each credential that the issuer gives at once; 1 where it says nothing. */
	readonly batchSize: number;
	readonly endpoints: { readonly token: string; readonly credential: string; readonly nonce: string | null };
	readonly preAuthorizedCode: string;
	readonly authorizationServer: string;
}

/** The access token. Plain JSON: journal it, and `requestCredentials` can go on after a crash. A secret. */
export interface TokenState {
	readonly accessToken: string;
	readonly tokenType: string;
	/** Epoch milliseconds, or null where the issuer does not say. */
	readonly expiresAt: number | null;
	/** `credential_identifiers` of the token response (OpenID4VCI 1.0 §6.2), by configuration id. */
	readonly credentialIdentifiers: { readonly [configurationId: string]: readonly string[] };
}

export interface ReceivedCredential {
	readonly raw: string;
	readonly format: CredentialFormat;
	readonly configurationId: string;
	/** The key that it is bound to. */
	readonly holderJwk: Jwk;
	/** RFC 7638 thumbprint of `holderJwk`. */
	readonly holderThumbprint: string;
	readonly holderDid: string | null;
	readonly display: JsonObject | null;
}

export type ReceiveProgress = 'token' | 'nonce' | 'proof' | 'credential' | 'check' | 'done';

export interface RequestTokenOptions {
	readonly txCode?: string;
	readonly signal?: AbortSignal;
}

export interface RequestCredentialsOptions {
	readonly configurationId?: string;
	/** One key per copy. A signer with a DID URL as `kid` proves by it where the issuer binds to that DID method, else by the plain key. */
	readonly signers: readonly Signer[];
	/** Claims to add to the key proof of each copy, by its position; only those of our own (`org.holdfast.…`). */
	readonly proofClaims?: (index: number) => JsonObject;
	readonly onProgress?: (step: ReceiveProgress) => void;
	readonly signal?: AbortSignal;
}

export type RedeemOptions = RequestTokenOptions &
	RequestCredentialsOptions & {
		/** Called with the token before anything else is sent: journal it here. */ readonly onToken?: (token: TokenState) => void | Promise<void>;
	};
