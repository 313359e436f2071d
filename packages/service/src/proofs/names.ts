// Names of Holdfast's own in the protocols; docs/zk.md says what they mean. Who does not know them ignores them.

/** In an issuer's metadata, at a credential configuration: it attests claims for proofs, if the wallet sends a commitment. */
export const ATTESTATION_EXTENSION = 'org.holdfast.zk_attestation';
/** In the wallet's key proof (OpenID4VCI 1.0 Appendix F.1): the commitment that the attestation is bound to. */
export const COMMITMENT_CLAIM = 'org.holdfast.zk_holder_commitment';
/** In the `meta` of a DCQL credential query: what is to be proven, and how. */
export const QUERY_MEMBER = 'org.holdfast.zk_statement';
/** `typ` of the token with which an issuer vouches for its attestation key. */
export const KEY_TOKEN_TYPE = 'holdfast-attestation-key+jwt';

export const ATTESTATION_ALG = 'eddsa-poseidon-bn254';
export const PROOF_SYSTEM = 'groth16-bn254';
