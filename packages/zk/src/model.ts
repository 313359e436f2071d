import type { ClaimPath, TrustDecision } from '@holdfast/credentials';
import type { Clock, ReportNode } from '@holdfast/kernel';

/**
 * What can be asked of an attested claim. `date` is a full date (`YYYY-MM-DD`), `integer` lies in ±2^47, `text` is compared
 * by hash, `boolean` is true or false. Everything else (images, objects, fractions) is not attested.
 */
export type AttestedKind = 'date' | 'integer' | 'text' | 'boolean';

/** A value of an attested claim as JSON has it. A string that is a real date is a `date`. */
export type AttestedValue = string | number | boolean;

/**
 * What an issuer adds to a credential so that statements about its claims can be proven: a Baby Jubjub signature over a
 * Merkle root of the same claims. JSON-safe, about 0.5 kB. It holds no claim, but with it guesses about claims can be
 * checked: it is as private as the credential, and never part of a presentation.
 */
export interface Attestation {
	readonly v: 1;
	/** EdDSA over Baby Jubjub with Poseidon, both over the scalar field of BN254. */
	readonly alg: 'eddsa-poseidon-bn254';
	/** Which of the issuer's keys signed: a verification method id or a `kid`. */
	readonly kid?: string;
	/** The credential's type (`vct`, or the last VC type). */
	readonly type: string;
	/** First and last day of validity, as YYYYMMDD. */
	readonly from: number;
	readonly until: number;
	/** Place in the issuer's revocation tree, 1 to 2^20 - 1; 0 for what cannot be revoked. */
	readonly rev: number;
	/** The holder's commitment: 32 bytes, base64url. */
	readonly holder: string;
	/** Where the claim of each leaf stands in the credential's claims; 1 to 16. */
	readonly paths: readonly (readonly (string | number)[])[];
	/** 16 bytes, base64url, from which the salt of each leaf is derived. */
	readonly seed: string;
	/** R8.x, R8.y and S, 32 bytes each, base64url. */
	readonly sig: string;
}

/** The issuer's public key as a JWK. `crv` is not a registered name: RFC 7518 has none for this curve. */
export interface BabyJubjubJwk {
	readonly kty: 'EC';
	readonly crv: 'BabyJubjub';
	/** Affine coordinates, 32 bytes big-endian, base64url. */
	readonly x: string;
	readonly y: string;
	readonly kid?: string;
}

/** A checked public key: on the curve, in the subgroup of prime order, not the identity. Made by `readIssuerKey` only. */
export interface IssuerPublicKey {
	readonly x: bigint;
	readonly y: bigint;
}

/** What a holder keeps to prove with: the secret, and the blinding of one attestation's commitment. Never leaves the wallet. */
export interface HolderOpening {
	readonly secret: bigint;
	readonly blinding: bigint;
}

/** A claim's value lies within bounds. Bounds are inclusive; a date's are `YYYY-MM-DD`, an integer's are numbers. */
export type BoundStatement =
	| { readonly kind: 'bound'; readonly claim: ClaimPath; readonly op: '>=' | '<='; readonly value: string | number }
	| { readonly kind: 'bound'; readonly claim: ClaimPath; readonly op: 'between'; readonly from: string | number; readonly to: string | number };

/** A claim's value is one of a public set of 1 to 32 values of one kind. */
export interface MemberStatement {
	readonly kind: 'member';
	readonly claim: ClaimPath;
	readonly set: readonly AttestedValue[];
}

/** Two credentials were issued to the same holder. */
export interface SameHolderStatement {
	readonly kind: 'same-holder';
}

/**
 * What is proven. In a claim's path `null` stands for "some element of this list": one of the nationalities is in the set.
 */
export type Statement = BoundStatement | MemberStatement | SameHolderStatement;

/**
 * In which setting one holder shows the same nullifier again. Two scopes give two unrelated nullifiers. `verifier` must be
 * the audience of the request, so that no verifier can ask for the nullifiers of another.
 */
export interface NullifierScope {
	readonly verifier: string;
	readonly purpose: string;
	/** A period, a round: `2026-11`. */
	readonly epoch?: string;
}

/** What a verifier asks for: sent as it is, read by `readStatementRequest`. */
export interface StatementRequest {
	readonly statement: Statement;
	/** Accepted types of the credential; for `same-holder` exactly two, one for each credential, in this order. */
	readonly types: readonly string[];
	/** Also prove that the credential is not revoked. Only for `bound`. */
	readonly notRevoked?: boolean;
	/** Oldest list of revoked credentials that is accepted, in seconds. Only with `notRevoked`. Default one day. */
	readonly maxRevocationAgeSec?: number;
	/** Also show a nullifier for this scope. */
	readonly scope?: NullifierScope;
}

/** The request that a proof answers. All of it is hashed into the proof, which is worthless in answer to another. */
export interface RequestContext {
	readonly nonce: string;
	/** The verifier's full client identifier. */
	readonly audience: string;
	/** `response_uri`, or the origin over the Digital Credentials API. */
	readonly responseUri: string;
	/** The query as the verifier sent it (the bytes of its JSON text). */
	readonly query: string;
}

/**
 * How a proof is tied to a request. `request`: the request's hash is a public input. `one-time-key`: the hash of a fresh
 * Ed25519 key is, and that key signs the request's hash; such a proof can be made before the request is known.
 */
export type BindingKind = 'request' | 'one-time-key';

export type CircuitId = 'bound' | 'bound-revocable' | 'member' | 'same-holder';

/** A Groth16 proof over BN254 as snarkjs writes it: affine coordinates in decimal, with z = 1. */
export interface Groth16Proof {
	readonly pi_a: readonly string[];
	readonly pi_b: readonly (readonly string[])[];
	readonly pi_c: readonly string[];
	readonly protocol: 'groth16';
	readonly curve: 'bn128';
}

/** Inputs of a circuit by signal name: field elements in decimal. */
export interface CircuitInputs {
	readonly [signal: string]: string | readonly string[];
}

export interface ProofProgress {
	readonly step: 'loading' | 'witness' | 'proof' | 'done';
	/** 0 to 1; steps, not time. */
	readonly fraction: number;
}

export interface ProveOptions {
	readonly signal?: AbortSignal;
	readonly onProgress?: (progress: ProofProgress) => void;
}

/** Ways to prove what the circuits say. A proof made in one cannot be checked in the other. */
export type ProofSystemId = 'groth16-bn254' | 'ultrahonk-bn254';

/** One way to prove statements, with the keys by which proofs are made and checked. */
export interface StatementProver {
	readonly system: ProofSystemId;
	readonly setup: { readonly label: SetupLabel; readonly name: string };
	/** Those that it can prove. */
	readonly circuits: readonly CircuitId[];
	/** `proof` is base64url; `vkey` the SHA-256 of the key that checks it. Throws `zk/unsatisfied`, `zk/aborted`, `zk/unknown-circuit`, `zk/prover-failed`, and what opening its files throws. */
	prove(
		circuit: CircuitId,
		inputs: CircuitInputs,
		options?: ProveOptions,
	): Promise<{ readonly proof: string; readonly publicSignals: readonly string[]; readonly vkey: string }>;
	/** False for anything that does not verify, whatever is wrong with it. Throws where its own files are missing, and `zk/unknown-circuit`. */
	verify(circuit: CircuitId, publicSignals: readonly string[], proof: string): Promise<boolean>;
	/** `zk/artifact` and `zk/setup` of the report: whether a proof for the key `vkey` can be checked here, and where the key is from. */
	checkKey(circuit: CircuitId, vkey: string): Promise<readonly ReportNode[]>;
}

/** By which way: a prover, or an engine and its artifacts for Groth16, which is the default everywhere. */
export type ProvenBy = { readonly prover: StatementProver } | { readonly artifacts: Artifacts; readonly engine: ProofEngine };

/** Makes and checks Groth16 proofs. Engines with the same `id` share keys and proof format and can replace each other. */
export interface ProofEngine {
	readonly id: 'groth16-bn254';
	/** Throws `zk/unsatisfied` where the inputs do not fulfil the statement, `zk/aborted`, `zk/artifact-*`. */
	prove(
		circuit: CircuitId,
		inputs: CircuitInputs,
		options?: ProveOptions,
	): Promise<{ readonly proof: Groth16Proof; readonly publicSignals: readonly string[] }>;
	/** False for anything that does not verify, malformed points and public signals included. Throws for missing artifacts. */
	verify(circuit: CircuitId, publicSignals: readonly string[], proof: Groth16Proof): Promise<boolean>;
	/** Ends the engine's threads. */
	close(): Promise<void>;
}

/** One file of a circuit, pinned. */
export interface ArtifactFile {
	/** Relative to the manifest. */
	readonly path: string;
	/** SHA-256, hexadecimal. */
	readonly sha256: string;
	readonly bytes: number;
}

export type SetupLabel = 'development' | 'ceremony';

export interface CircuitEntry {
	/** SHA-256 of the constraint system. The same source gives the same. */
	readonly r1cs: string;
	/** SHA-256 of the compiled circuit before compression: the same source gives the same. */
	readonly wasmBuild: string;
	readonly constraints: number;
	/** Names of the public signals, in order; outputs first. */
	readonly publicSignals: readonly string[];
	readonly wasm: ArtifactFile;
	readonly zkey: ArtifactFile;
	readonly vkey: ArtifactFile;
	/** Contributions to phase 2, the beacon included. */
	readonly contributions: number;
}

/** `circuits/manifest.json`. */
export interface Manifest {
	readonly version: 1;
	readonly setup: {
		readonly label: SetupLabel;
		/** For a person: "development setup 1, one contributor". */
		readonly name: string;
		/** `development`, or the file of a public ceremony by name. */
		readonly phase1: { readonly source: string; readonly sha256: string; readonly power: number };
	};
	readonly circuits: { readonly [id in CircuitId]: CircuitEntry };
}

/** Artifacts whose hashes were compared with the manifest. Nothing is given out that does not fit. */
export interface Artifacts {
	readonly manifest: Manifest;
	wasm(circuit: CircuitId): Promise<Uint8Array>;
	/** Also checked: gamma is not delta, and the key holds as many contributions as the manifest says. */
	zkey(circuit: CircuitId): Promise<Uint8Array>;
	/** Also checked: gamma is not delta, and the number of public signals. snarkjs' verification_key.json, parsed. */
	vkey(circuit: CircuitId): Promise<VerificationKey>;
}

/** snarkjs' verification_key.json, the parts that are used. */
export interface VerificationKey {
	readonly protocol: 'groth16';
	readonly curve: 'bn128';
	readonly nPublic: number;
	readonly vk_alpha_1: readonly string[];
	readonly vk_beta_2: readonly (readonly string[])[];
	readonly vk_gamma_2: readonly (readonly string[])[];
	readonly vk_delta_2: readonly (readonly string[])[];
	readonly IC: readonly (readonly string[])[];
}

/** The root of an issuer's revocation tree at a time, signed. */
export interface RevocationRoot {
	readonly v: 1;
	/** 32 bytes, base64url. */
	readonly root: string;
	/** Seconds since the epoch. */
	readonly at: number;
	readonly sig: string;
}

/** What an issuer publishes: every revoked place, so that nobody asks for a single one. */
export interface RevocationList extends RevocationRoot {
	/** Ascending. */
	readonly revoked: readonly number[];
}

/** One credential that a holder proves with. */
export interface ProvingCredential {
	readonly attestation: Attestation;
	/** The credential's claims (`ParsedCredential.claims`). */
	readonly claims: { readonly [name: string]: unknown };
	/** The credential's issuer (`iss`) and its attestation key: what the verifier will look up. */
	readonly issuer: string;
	readonly issuerKey: IssuerPublicKey;
	readonly holder: HolderOpening;
	/** Required with `notRevoked`. */
	readonly revocation?: RevocationList;
}

export interface Presentation {
	readonly v: 1;
	readonly engine: ProofSystemId;
	readonly circuit: CircuitId;
	/** SHA-256 of the verification key that the proof is for. */
	readonly vkey: string;
	readonly binding: { readonly kind: 'request' } | { readonly kind: 'one-time-key'; readonly key: string; readonly sig: string };
	/** Who attested: two for `same-holder`. As the holder says; the verifier finds the keys itself. */
	readonly issuers: readonly { readonly iss: string; readonly kid?: string; readonly type: string }[];
	/** Decimal, in the circuit's order. */
	readonly publicSignals: readonly string[];
	/** Base64url. Groth16: A, B and C uncompressed, 256 bytes; anybody can make another proof of the same from it, so it is never an identifier. UltraHonk: 14,656 bytes. */
	readonly proof: string;
	readonly revocation?: RevocationRoot;
}

/** Finds the key with which an issuer attests, without trusting the presentation for more than the name. */
export interface AttestationKeyResolver {
	/** Throws coded errors where there is none. */
	resolve(request: { readonly issuer: string; readonly kid?: string; readonly type: string }): Promise<{
		readonly key: IssuerPublicKey;
		/** For a person: "did:web document, key zk-1". */
		readonly how: string;
	}>;
}

export type VerifyStatementInput = VerifyStatementRequest & ProvenBy;

export interface VerifyStatementRequest {
	/** As it came: JSON text. */
	readonly presentation: string;
	/** What the verifier itself asked, not what the presentation says. */
	readonly request: StatementRequest;
	readonly context: RequestContext;
	readonly now: Clock;
	readonly keys: AttestationKeyResolver;
	/** Whether this issuer may attest this type. Without one, the report says that nobody checked. */
	readonly trust?: (issuer: { readonly issuer: string; readonly type: string; readonly how: string }) => TrustDecision | Promise<TrustDecision>;
	/** Days by which the proof's date may differ from today in UTC. Default 1. */
	readonly dayTolerance?: number;
}

/** `report.result` decides; the rest is for showing and for the record. */
export interface StatementVerification {
	readonly report: ReportNode;
	readonly circuit?: CircuitId;
	readonly issuers: readonly { readonly issuer: string; readonly type: string }[];
	/** Only where a scope was asked for and the whole report did not fail: decimal. Compare as a string. */
	readonly nullifier?: string;
	readonly setup?: { readonly label: SetupLabel; readonly name: string };
}
