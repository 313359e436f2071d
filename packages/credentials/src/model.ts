import type { Jwk, JwsAlg, Signer } from '@holdfast/crypto';
import type { Clock, Json, JsonObject, ReportNode } from '@holdfast/kernel';

/** The claim in which an issuer's attestation for zero-knowledge proofs travels to the holder. */
export const ATTESTATION_CLAIM = 'zk_attestation';

/** Credential format identifiers as in OpenID4VCI 1.0 Appendix A and OpenID4VP 1.0 Appendix B. */
export type CredentialFormatId = 'dc+sd-jwt' | 'jwt_vc_json';

export const credentialFormats: readonly CredentialFormatId[] = ['dc+sd-jwt', 'jwt_vc_json'];

/**
 * A claims path pointer (OpenID4VP 1.0 §7): a string names a member, a number an element, null every element.
 * In this package a path is always relative to the claims about the subject (`ParsedCredential.claims`), whatever
 * the format; `documentPath` and `claimPathFromDocument` translate to and from paths relative to the whole credential.
 */
export type ClaimPath = readonly (string | number | null)[];

/** What to issue. Times are seconds since the epoch (NumericDate, RFC 7519 §2). */
export interface IssueInput {
	readonly format: CredentialFormatId;
	/** A DID or an https URL. */
	readonly issuer: string;
	readonly signer: Signer;
	/** `vct` (SD-JWT VC) or the most specific VC type (VCDM 1.1). */
	readonly type: string;
	/** Claims about the subject, without registered or reserved names. */
	readonly claims: JsonObject;
	/** SD-JWT only: which claims the holder can hide. `all` (the default): every claim at every level. */
	readonly disclosable?: 'all' | readonly ClaimPath[];
	/** The key that the credential is bound to. Without `did`, `jwt_vc_json` uses the key's did:jwk. */
	readonly holder: { readonly jwk: Jwk; readonly did?: string };
	readonly issuedAt: number;
	readonly validFrom?: number;
	readonly validUntil?: number;
	/** `jti` of the credential. Omit it for SD-JWT VC issued in batches: it makes copies linkable. */
	readonly id?: string;
	/** The entry of a status list by which the issuer can withdraw it (Token Status List §6). Each copy needs an entry of its own. */
	readonly status?: { readonly uri: string; readonly idx: number };
	/** SD-JWT VC: integrity of the type metadata document (`vct#integrity`, W3C SRI syntax). */
	readonly typeMetadata?: { readonly integrity: string };
	/** SD-JWT VC: a certificate chain for the JOSE header (`x5c`, RFC 7515 §4.1.6), leaf first, base64. */
	readonly x5c?: readonly string[];
}

/** One selectively disclosable piece that the holder has. */
export interface DisclosureEntry {
	/** Where it stands in `ParsedCredential.claims`. */
	readonly path: ClaimPath;
	/** Its value with everything below it. */
	readonly value: Json;
	/** base64url digest by which the issuer's signature covers it. */
	readonly digest: string;
}

/** A credential that was read. Reading checks the structure (digests included), not the signature: that is `verify`. */
export interface ParsedCredential {
	readonly format: CredentialFormatId;
	readonly raw: string;
	/** `iss`. Empty where the credential names its issuer only by certificate (`x5c`). */
	readonly issuer: string;
	/** The issuer's name as the credential itself claims it (VCDM `issuer.name`); unproven. */
	readonly issuerName?: string;
	/** `vct`, or the last VC type. */
	readonly type: string;
	readonly types: readonly string[];
	/** Claims about the subject after disclosure processing; registered and reserved names removed. */
	readonly claims: JsonObject;
	/** The whole processed credential: SD-JWT's processed payload, or the VCDM 1.1 credential. DCQL paths point into it. */
	readonly document: JsonObject;
	readonly disclosures: readonly DisclosureEntry[];
	/** Leaves of `claims` that every presentation reveals. */
	readonly alwaysDisclosed: readonly ClaimPath[];
	readonly holder?: { readonly jwk?: Jwk; readonly did?: string };
	readonly issuedAt?: number;
	readonly validFrom?: number;
	readonly validUntil?: number;
	readonly id?: string;
	readonly header: JsonObject;
	/** `status` (a claim of the token in both formats), or `credentialStatus` (VCDM), as found. */
	readonly status?: Json;
	/**
	 * What the issuer added for proofs about claims ({@link ATTESTATION_CLAIM}), as found. Kept apart from `claims`, `document` and
	 * `disclosures`: nobody can ask for it, and no choice of claims shows it.
	 */
	readonly attestation?: Json;
	/** The SD-JWT VC's `vct#integrity`. */
	readonly typeIntegrity?: string;
}

export type ClaimKind = 'text' | 'date' | 'number' | 'boolean' | 'image' | 'list';

/** One line for a person. Every string is safe to show (`displayText`), except that an `image`'s value is a checked data: URL. */
export interface ClaimLine {
	readonly path: ClaimPath;
	readonly label: string;
	readonly value: string;
	readonly kind: ClaimKind;
	/** `list` only: the elements of `value`, one by one. */
	readonly items?: readonly string[];
	/** True where the holder can keep it back. */
	readonly disclosable: boolean;
}

export interface CredentialDescription {
	readonly title: string;
	readonly description?: string;
	/** The issuer's display name, or its identifier. Unproven unless a report says otherwise. */
	readonly issuer: string;
	readonly lines: readonly ClaimLine[];
	/** What every presentation tells besides the claims: issuer, type, dates, the key. */
	readonly about: readonly ClaimLine[];
	readonly colours?: { readonly background?: string; readonly text?: string };
	/** https URL of the logo. The renderer does not load it by itself. */
	readonly logo?: { readonly uri: string; readonly alt?: string };
}

/** A label in a language (OpenID4VCI 1.0 §12.2.4, SD-JWT VC type metadata: `label`). */
export interface LocalizedName {
	readonly name?: string;
	readonly label?: string;
	readonly locale?: string;
	readonly lang?: string;
}

export interface CredentialDisplayEntry extends LocalizedName {
	readonly description?: string;
	readonly background_color?: string;
	readonly text_color?: string;
	readonly logo?: { readonly uri?: string; readonly alt_text?: string };
	readonly rendering?: {
		readonly simple?: {
			readonly background_color?: string;
			readonly text_color?: string;
			readonly logo?: { readonly uri?: string; readonly alt_text?: string };
		};
	};
}

/**
 * How a credential is shown: OpenID4VCI `credential_metadata` (`display`, `claims`) or SD-JWT VC type metadata, which
 * have the same shape but for `lang`/`label`, plus the issuer's own `display`. Untrusted text.
 */
export interface CredentialDisplay {
	readonly display?: readonly CredentialDisplayEntry[];
	readonly claims?: readonly { readonly path: ClaimPath; readonly display?: readonly LocalizedName[]; readonly mandatory?: boolean; readonly sd?: string }[];
	readonly issuerDisplay?: readonly LocalizedName[];
}

export interface PresentInput {
	readonly raw: string;
	/** Claims to reveal; a path reveals everything below it and what stands around it. `jwt_vc_json` can only reveal all. */
	readonly disclose: readonly ClaimPath[] | 'all';
	readonly holder: Signer;
	/** `jwt_vc_json`: the holder's DID; must be the credential's subject (the default). */
	readonly holderDid?: string;
	readonly nonce: string;
	/** The verifier's full client identifier, prefix included (OpenID4VP 1.0 §5.9). */
	readonly audience: string;
	/** Seconds since the epoch. */
	readonly issuedAt: number;
	readonly transactionDataHashes?: readonly string[];
}

/** What a presentation would tell, line by line. */
export interface Learned {
	readonly learned: readonly ClaimLine[];
	readonly hidden: readonly ClaimLine[];
	/** Told in every case: issuer, type, dates, key. */
	readonly about: readonly ClaimLine[];
}

export interface IssuerKeyRequest {
	/** `iss`; empty where the credential names its issuer only by `x5c`. */
	readonly issuer: string;
	readonly kid?: string;
	readonly header: JsonObject;
	readonly alg: JwsAlg;
	readonly format: CredentialFormatId;
}

export interface IssuerKey {
	readonly jwk: Jwk;
	/** For a person: `did:web document, assertionMethod key-1`. */
	readonly how: string;
	readonly did?: string;
}

/** Finds the key that an issuer signs with. Throws coded errors (`credential/issuer-key-not-found`, `did/*`, `net/*`). */
export interface IssuerKeyResolver {
	resolve(request: IssuerKeyRequest): Promise<IssuerKey>;
}

/** Finds a holder's key where the DID does not contain it (anything but did:jwk and did:key). */
export interface HolderKeyResolver {
	resolve(request: { readonly did: string; readonly kid?: string; readonly alg: JwsAlg }): Promise<IssuerKey>;
}

export interface TrustDecision {
	readonly result: 'passed' | 'warning' | 'failed';
	/** One sentence for a person. */
	readonly reason: string;
	/** The name under which the issuer is known to the policy. */
	readonly name?: string;
}

/** Decides whether an issuer may issue this type. */
export type TrustPolicy = (issuer: {
	readonly issuer: string;
	readonly type: string;
	readonly format: CredentialFormatId;
	readonly how: string;
	readonly did?: string;
	readonly jwk: Jwk;
}) => TrustDecision | Promise<TrustDecision>;

/** One question about a status. Times in seconds since the epoch. */
export interface StatusRequest {
	readonly uri: string;
	readonly idx: number;
	/** Who issued the credential, and so signs the list. */
	readonly issuer: string;
	readonly keys: IssuerKeyResolver;
	readonly now: number;
	readonly clockSkewSec: number;
}

/** What is known about a status, and how old that is. Times in seconds since the epoch. */
export interface StatusKnowledge {
	/** Token Status List §7.1. */
	readonly value: number;
	/** When the issuer signed the list. */
	readonly signedAt: number;
	readonly fetchedAt: number;
	/** A newer list was due and could not be had, because of `problem`. */
	readonly stale: boolean;
	readonly problem?: string;
}

export interface StatusSource {
	/** Throws coded errors where nothing is known. */
	status(request: StatusRequest): Promise<StatusKnowledge>;
}

/** How a verifier finds out whether a credential was withdrawn, and what it makes of not knowing. */
export interface StatusPolicy {
	readonly source: StatusSource;
	readonly whenUnknown: 'refuse' | 'accept-with-warning';
}

export interface VerifyExpectation {
	readonly now: Clock;
	/** The nonce of this request; required with `requireHolderBinding`. */
	readonly nonce?: string;
	/** The verifier's client identifier; required with `requireHolderBinding`. */
	readonly audience?: string;
	/** True for a presentation; false for a credential that its holder has just received. */
	readonly requireHolderBinding: boolean;
	/** Default 60. */
	readonly clockSkewSec?: number;
	/** Oldest acceptable proof of possession. Default 300. */
	readonly maxProofAgeSec?: number;
	/** Accepted types; any when absent. */
	readonly types?: readonly string[];
	/** For a wallet that receives a credential: the key it must be bound to. */
	readonly boundTo?: Jwk;
	/** OpenID4VP 1.0 §8.4: hashes that the proof must contain, in this order. */
	readonly transactionDataHashes?: readonly string[];
}

export interface VerifyInput {
	/** A presentation, or a credential alone; exactly one. */
	readonly presentation?: string;
	readonly credential?: string;
	readonly format: CredentialFormatId;
	readonly expected: VerifyExpectation;
	readonly keys: IssuerKeyResolver;
	readonly holderKeys?: HolderKeyResolver;
	readonly trust?: TrustPolicy;
	/** Without it, statuses are not looked at, and the report says so. */
	readonly status?: StatusPolicy;
	/** JSON Schema 2020-12 for the claims. Only local references. */
	readonly schema?: JsonObject;
	/** Claims that must have been disclosed. */
	readonly requested?: readonly ClaimPath[];
}

/** The result of a verification: `report.result` decides, the rest is for showing and for the record. */
export interface Verification {
	readonly report: ReportNode;
	/** What was disclosed. Empty unless the issuer's signature and the disclosures hold; look at `report` for the rest. */
	readonly claims: JsonObject;
	/** The whole processed credential under the same rule; DCQL paths point into it. */
	readonly document: JsonObject;
	readonly format: CredentialFormatId;
	/** As the credential says; proven only where the report's `signature` passed. */
	readonly issuer: string;
	readonly issuerName?: string;
	readonly type: string;
	readonly types: readonly string[];
	/** RFC 7638 thumbprint of the key that the credential is bound to. */
	readonly holderThumbprint?: string;
	readonly holderDid?: string;
	readonly issuedAt?: number;
	readonly validFrom?: number;
	readonly validUntil?: number;
	readonly status?: Json;
	/** The credential read, where it could be read. */
	readonly parsed?: ParsedCredential;
}

/** A credential type as data: usable in both formats. */
export interface CredentialType {
	readonly id: string;
	readonly name: string;
	readonly description: string;
	readonly formats: readonly CredentialFormatId[];
	readonly vct: string;
	/** The VCDM type. */
	readonly type: string;
	/** JSON Schema 2020-12 of the claims at issuance. */
	readonly schema: JsonObject;
	/** The same for a presentation, in which claims may be hidden: nothing is required. */
	readonly presentationSchema: JsonObject;
	readonly display: CredentialDisplay;
	readonly disclosable: readonly ClaimPath[];
	/** A complete example that satisfies `schema`. */
	readonly example: JsonObject;
}

/** One credential format: everything that the rest of Holdfast asks of it. */
export interface CredentialFormat {
	readonly id: CredentialFormatId;
	/** Where the subject's claims stand in the document: `[]` or `['credentialSubject']`. */
	readonly claimsRoot: readonly string[];
	/** Whether the holder can choose claims. */
	readonly selective: boolean;
	recognises(raw: string): boolean;
	issue(input: IssueInput, io: { readonly random: { bytes(length: number): Uint8Array } }): Promise<string>;
	parse(raw: string): ParsedCredential;
	present(input: PresentInput): Promise<string>;
	verify(input: VerifyInput): Promise<Verification>;
}
