import type { Network } from '@holdfast/chain';
import type { Jwk, JwsAlg, KeyType, SecretBytes, Signer } from '@holdfast/crypto';
import type { GuardedFetch } from '@holdfast/net';
import type { IDIDManager, IKeyManager, IResolver, TAgent } from '@veramo/core-types';
import type { DIDDocument, Resolvable } from 'did-resolver';

export type { DIDDocument, Resolvable, Service, VerificationMethod } from 'did-resolver';

export type DidMethod = 'did:key' | 'did:jwk' | 'did:web' | 'did:ethr' | 'did:peer' | 'did:pkh';

/** A key of this wallet. The private half never leaves the agent. */
export interface KeyInfo {
	/** JWK thumbprint (RFC 7638), base64url. */
	readonly kid: string;
	readonly type: KeyType;
	readonly publicJwk: Jwk;
}

export interface CreateKeyInput {
	readonly type: KeyType;
	/** What the key is for: `did`, `holder`, `verifier-ephemeral`. */
	readonly purpose: string;
	/**
	 * Whom the key is for: one verifier, one issuer, one DAO. Each context has a derivation account of
	 * its own, so that keys of two contexts cannot be linked. Default: the wallet's own account.
	 */
	readonly context?: string;
	readonly alias?: string;
}

export interface ImportKeyInput {
	readonly type: KeyType;
	readonly privateKey: SecretBytes;
	readonly purpose: string;
	readonly alias?: string;
}

export interface CreateDidInput {
	readonly method: DidMethod;
	/** Default: P-256 for did:key, did:jwk and did:web; did:ethr and did:pkh need Secp256k1, did:peer Ed25519. */
	readonly keyType?: KeyType;
	/** Chain id of a configured network, for did:ethr. Default: the first one that has a registry. */
	readonly network?: number;
	/** Host name with an optional port, for did:web: `example.com`, `localhost:3000`. */
	readonly domain?: string;
	/** Path below the domain, for did:web: `user/alice`. */
	readonly path?: string;
	readonly alias?: string;
	/** See {@link CreateKeyInput.context}. */
	readonly context?: string;
}

/** A DID of this wallet. */
export interface DidInfo {
	readonly did: string;
	readonly method: DidMethod;
	readonly alias: string | null;
	/** Keys of this wallet that belong to the DID; the first one controls it. */
	readonly keys: readonly KeyInfo[];
	/** Milliseconds since the epoch. */
	readonly createdAt: number;
}

export interface Resolution {
	readonly document: DIDDocument;
	/** DID document metadata: `versionId`, `updated`, as far as the method has them. */
	readonly metadata: Readonly<Record<string, unknown>>;
	/** How long ago the document was obtained. 0 for methods that need no network. */
	readonly ageMs: number;
	readonly fromCache: boolean;
	/** `did:web` and so on. */
	readonly method: string;
}

export type DidRelationship = 'assertionMethod' | 'authentication';

export interface DelegateInput {
	/** Address of the delegate's account. */
	readonly delegate: string;
	/** `veriKey` for assertionMethod, `sigAuth` for assertionMethod and authentication. */
	readonly type: 'veriKey' | 'sigAuth';
}

export interface AttributeInput {
	/** ERC-1056 attribute name: `did/pub/Secp256k1/veriKey/hex`, `did/svc/HubService`. At most 32 bytes. */
	readonly name: string;
	/** `0x…` bytes or text. */
	readonly value: string;
}

/** did:ethr on the DID's own network (ERC-1056). Each change returns the transaction's hash after it was mined. */
export interface EthrDidOperations {
	addDelegate(did: string, input: DelegateInput & { readonly validitySec: number }): Promise<string>;
	revokeDelegate(did: string, input: DelegateInput): Promise<string>;
	setAttribute(did: string, input: AttributeInput & { readonly validitySec: number }): Promise<string>;
	revokeAttribute(did: string, input: AttributeInput): Promise<string>;
	/** Hands the DID to another account. Only that account can change the DID from then on. */
	changeOwner(did: string, newOwner: string): Promise<string>;
	/** The account that controls the DID now, as a checksummed address. */
	owner(did: string): Promise<string>;
}

export interface HoldfastAgent {
	/** For maintainers. Other packages use what stands below. */
	readonly veramo: TAgent<IKeyManager & IDIDManager & IResolver>;
	/** Makes a key, derived from the vault's seed under a path that was never used before. */
	createKey(input: CreateKeyInput): Promise<KeyInfo>;
	/** Takes over a private key from elsewhere. @throws HoldfastError did/key-exists */
	importKey(input: ImportKeyInput): Promise<KeyInfo>;
	/** A signer for a key of this wallet. @throws HoldfastError did/no-such-key */
	signer(kid: string): Signer;
	/**
	 * A signer for a DID of this wallet, whose `kid` is the DID URL of a verification method that the
	 * resolved document holds now, in the relationship that is asked for (default assertionMethod).
	 * @throws HoldfastError did/no-usable-key, and those of {@link resolve}
	 */
	didSigner(did: string, options?: { readonly relationship?: DidRelationship; readonly alg?: JwsAlg }): Promise<Signer>;
	/**
	 * As {@link didSigner}, with the key opened once, for thousands of signatures in a row. To be released when they are done.
	 */
	heldDidSigner(did: string): Promise<{ readonly signer: Signer; release(): void }>;
	/**
	 * The wallet's own key that a credential is bound to, by the key itself or by the holder's DID.
	 * Undefined where it is not the wallet's.
	 */
	kidOfHolder(holder: { readonly jwk?: Jwk; readonly did?: string }): string | undefined;
	/** Takes another list of networks for did:ethr, from now on. */
	setNetworks(networks: readonly Network[]): void;
	readonly dids: {
		create(input: CreateDidInput): Promise<DidInfo>;
		list(): Promise<readonly DidInfo[]>;
		/** @throws HoldfastError did/not-managed */
		get(did: string): Promise<DidInfo>;
		/** Gives the DID another name, or none. @throws HoldfastError did/alias-taken */
		rename(did: string, alias: string | null): Promise<DidInfo>;
		/** Removes the DID, and its keys where nothing else in the wallet needs them. */
		forget(did: string): Promise<void>;
		resolve(did: string, options?: { readonly fresh?: boolean }): Promise<Resolution>;
	};
	/** Resolves any supported DID; a cached answer says its age. `staleMs`: how old one may be where the network cannot be reached. @throws DidError did/not-found, did/unsupported-method, did/invalid, did/network */
	resolve(did: string, options?: { readonly fresh?: boolean; readonly staleMs?: number }): Promise<Resolution>;
	/** How old what is known of a DID without a network is, in ms: null where nothing is, 0 where none is needed. */
	cachedAge(did: string): number | null;
	/** The same, as the interface that other libraries take. Never throws: errors are in the result's metadata. */
	readonly resolver: Resolvable;
	readonly didWeb: {
		/** Writes did.json below `folder`, where a web server for the DID's domain has its root, and returns the file's path. */
		publish(did: string, folder: string): Promise<string>;
		/** The document that `publish` writes. */
		documentFor(did: string): Promise<DIDDocument>;
	};
	readonly ethr: EthrDidOperations;
	readonly fetch: GuardedFetch;
}
