import type { SecretBytes } from './secretBytes.ts';

/** Veramo's names of key types. */
export type KeyType = 'Ed25519' | 'Secp256k1' | 'Secp256r1' | 'X25519';

export const KEY_TYPES: readonly KeyType[] = ['Ed25519', 'Secp256k1', 'Secp256r1', 'X25519'];

/** A public key as a JWK (RFC 7517, RFC 7518 §6.2, RFC 8037 §2, RFC 8812 §3). Never holds `d`. */
export interface Jwk {
	readonly kty: 'EC' | 'OKP';
	readonly crv: 'Ed25519' | 'secp256k1' | 'P-256' | 'X25519';
	readonly x: string;
	readonly y?: string;
	readonly kid?: string;
	readonly alg?: string;
	readonly use?: string;
}

/** JWS algorithms that Holdfast signs and verifies (RFC 8037 §3.1, RFC 7518 §3.4, RFC 8812 §3.2). */
export type JwsAlg = 'EdDSA' | 'ES256' | 'ES256K';

export interface PublicKey {
	readonly type: KeyType;
	/** 32 bytes, or 33 bytes of compressed SEC1 for the two EC curves. */
	readonly publicKey: Uint8Array;
}

export interface KeyPair extends PublicKey {
	/** 32 bytes: the scalar, or the seed for Ed25519. */
	readonly privateKey: SecretBytes;
}

/** Signs for one key. The implementation decides where the key lives. */
export interface Signer {
	readonly alg: JwsAlg;
	readonly publicJwk: Jwk;
	/** DID URL of the verification method, when the key belongs to a DID. */
	readonly kid?: string;
	/** The raw JWS signature over `data` (RFC 7515): 64 bytes; r ‖ s with low s for ECDSA. */
	sign(data: Uint8Array): Promise<Uint8Array>;
}
