import type { ParsedCredential } from '@holdfast/credentials';
import type { SecretBytes, Signer } from '@holdfast/crypto';
import type { Json, JsonObject, ReportNode } from '@holdfast/kernel';
import type { StatementRequest } from '@holdfast/zk';
import type { Session } from '../session.node.ts';
import type { ProofSystem } from './names.ts';

/** What an issuer signs, for the routes that add something to it. */
export interface AttestInput {
	readonly did: string;
	readonly signer: Signer;
	/** `vct`, or the last VC type. */
	readonly type: string;
	readonly claims: JsonObject;
	/** Names of the type's date claims, whether this credential has them or not. */
	readonly dates: readonly string[];
	/** First and last day of validity, `YYYY-MM-DD`. */
	readonly from: string;
	readonly until: string;
	/** Thumbprint of the key that the credential is bound to. */
	readonly holderKid: string;
	/** Where the document can be revoked: its place in the issuer's tree, given when it is asked for, and where the list is. */
	readonly revocable?: { place(): number; readonly list: string };
	/** Claims of the wallet's key proof. */
	readonly proofClaims: JsonObject;
}

/** One copy of a document, and the key that it is bound to. */
export interface Copy {
	readonly parsed: ParsedCredential;
	readonly holderKid: string;
}

/** A copy with what its issuer added for this route; null where it adds nothing. */
export interface Attested extends Copy {
	readonly added: Json;
}

/** What a proof is tied to (see `RequestContext` of zk): the protocol's own values. */
export interface ProofContext {
	readonly nonce: string;
	readonly audience: string;
	readonly responseUri: string;
	readonly query: string;
}

export interface RouteVerification {
	readonly report: ReportNode;
	readonly issuer: string;
	readonly type: string;
	/** The mark, where one was asked for and the proof holds. Compare as a text. */
	readonly nullifier?: string;
}

/** One way to prove statements, from issuing to the verdict. */
export interface ProofRoute {
	readonly system: ProofSystem;
	/** Name of its part of what an issuer adds; null where nothing is added and `applies` says which documents will do. */
	readonly member: string | null;
	applies?(copy: Copy): boolean;
	/** Issuer: what to add to a credential, or undefined where the wallet asked for nothing or nothing can be attested. */
	attest(session: Session, input: AttestInput): Promise<Json | undefined>;
	/** Holder: checks what came. Throws coded errors. */
	check(session: Session, attested: Attested): Promise<ReportNode>;
	/** Holder: throws a coded error with the reason where this copy cannot prove the statement. Makes no proof. */
	assertProvable(session: Session, attested: Attested, request: StatementRequest): void | Promise<void>;
	/** Holder: the proof, as text. */
	prove(session: Session, attested: Attested, request: StatementRequest, context: ProofContext, signal: AbortSignal): Promise<string>;
	/** Holder: a proof before any request, as bytes to keep sealed and to use once, where this way has such. The caller wipes them. */
	prepare?(session: Session, attested: Attested, request: StatementRequest, signal: AbortSignal): Promise<SecretBytes>;
	/** Holder: ties what `prepare` made to a request. */
	present?(prepared: SecretBytes, context: ProofContext): string;
	/** Holder: the issuer's token for the key, to send along. */
	keyToken(attested: Attested): string;
	/** Verifier: the verdict on a proof. Never throws for what a holder sent. */
	verify(session: Session, proof: string, keyToken: string, request: StatementRequest, context: ProofContext): Promise<RouteVerification>;
}
