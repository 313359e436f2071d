// Names of Holdfast's own in the protocols; docs/zk.md says what they mean. Who does not know them ignores them.

/** In an issuer's metadata, at a credential configuration: it attests claims for proofs, if the wallet sends a commitment. */
export const ATTESTATION_EXTENSION = 'org.holdfast.zk_attestation';
/** In the wallet's key proof (OpenID4VCI 1.0 Appendix F.1): the commitment that the attestation is bound to. */
export const COMMITMENT_CLAIM = 'org.holdfast.zk_holder_commitment';
/** In an issuer's metadata, at a credential configuration: `{ key_tokens: { <issuer mark>: token } }` of its BBS keys. */
export const BBS_EXTENSION = 'org.holdfast.bbs';
/** In an offer: the mark of the DID that will sign, so that the wallet knows under which key to ask for a blind signature. */
export const ISSUER_EXTENSION = 'org.holdfast.issuer';
/** In the wallet's key proof: its request for a blind BBS signature. */
export const BBS_REQUEST_CLAIM = 'org.holdfast.bbs_request';
/** In the `meta` of a DCQL credential query: what is to be proven, and how. */
export const QUERY_MEMBER = 'org.holdfast.zk_statement';
/** `typ` of the token with which an issuer vouches for a key that its DID document has no room for. */
export const KEY_TOKEN_TYPE = 'holdfast-attestation-key+jwt';

export const ATTESTATION_ALG = 'eddsa-poseidon-bn254';

/** What an issuer's attestation keys and their tokens are kept under. */
export const ATTESTATION_USE = 'attestation';
/** What an issuer's BBS keys and their tokens are kept under. */
export const BBS_USE = 'bbs';

/** Ways to prove a statement. */
export const GROTH16 = 'groth16-bn254';
export const BBS = 'bbs-bls12381-sha256';
/** From the attestation that Groth16 proves from, without its setup. */
export const HONK = 'ultrahonk-bn254';
/** From an ordinary document. */
export const ULTRAHONK = 'ultrahonk-sd-jwt';
export type ProofSystem = typeof GROTH16 | typeof BBS | typeof HONK | typeof ULTRAHONK;
/** The preferred first. */
export const PROOF_SYSTEMS: readonly ProofSystem[] = [GROTH16, BBS, HONK, ULTRAHONK];
