export { type CreateAgentOptions, createAgent } from './agent.node.ts';
export { bindingKey, createDidKeyResolver, createHolderKeyResolver, kidOfHolder } from './did-keys.ts';
export { DidError, type DidErrorCode } from './errors.ts';
export type { IssuerKey, IssuerKeyQuery, IssuerKeyResolver } from './issuer-key-types.ts';
export { createIssuerKeyResolver, issuerMetadataUrl } from './issuer-keys.node.ts';
export { VaultKms } from './kms.node.ts';
export { VaultDidStore, VaultKeyStore, VaultPrivateKeyStore } from './stores.node.ts';
export type {
	AttributeInput,
	CreateDidInput,
	CreateKeyInput,
	DelegateInput,
	DIDDocument,
	DidInfo,
	DidMethod,
	DidRelationship,
	EthrDidOperations,
	HoldfastAgent,
	ImportKeyInput,
	KeyInfo,
	Resolution,
	Resolvable,
	Service,
	VerificationMethod,
} from './types.ts';
export { verificationMethodJwk } from './verification-key.ts';
