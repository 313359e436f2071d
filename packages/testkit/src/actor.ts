import type { Activity, CredentialFormat, CredentialSummary, Verification } from '@holdfast/contract';
import type { JsonObject } from '@holdfast/kernel';

export interface OfferOptions {
	readonly typeId: string;
	readonly format: CredentialFormat;
	readonly issuerDid: string;
	readonly claims: JsonObject;
	readonly txCode?: boolean;
	readonly byReference?: boolean;
}

export interface RequestOptions {
	readonly typeId: string;
	readonly format: CredentialFormat;
	readonly paths: readonly (readonly string[])[];
	/** The DID that signs the request; without it the verifier is known by its address alone. */
	readonly did?: string;
	readonly encrypted?: boolean;
}

/**
 * Somebody with a wallet, by whatever front: the service in this process, the command line, or the app
 * in its window. Each refusal is thrown as an error with `code`.
 */
export interface Actor {
	createDid(method: string, keyType?: string): Promise<string>;
	serve(kind: 'issuer' | 'verifier'): Promise<string>;
	offer(options: OfferOptions): Promise<{ id: string; uri: string; txCode: string | null }>;
	cancelOffer(id: string): Promise<void>;
	/** Signs for a holder's DID without an offer. */
	issueTo(holderDid: string, options: OfferOptions): Promise<string>;
	receive(uri: string, txCode?: string): Promise<string[]>;
	credentials(): Promise<CredentialSummary[]>;
	deleteCredential(id: string): Promise<void>;
	request(options: RequestOptions): Promise<{ id: string; uri: string }>;
	/** Presents if no more than `agreed` (claim paths, dotted) would be learned, and returns what was. */
	present(uri: string, agreed: readonly string[]): Promise<string[]>;
	refuse(uri: string): Promise<void>;
	verification(id: string): Promise<Verification>;
	trust(issuer: string, name: string): Promise<void>;
	activity(): Promise<Activity[]>;
	close(): Promise<void>;
}

/** A code that a front gave for its refusal. */
export class Refusal extends Error {
	readonly code: string;

	constructor(code: string, message: string) {
		super(message);
		this.name = 'Refusal';
		this.code = code;
	}
}
