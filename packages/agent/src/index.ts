export type { IssuerKey, IssuerKeyQuery, IssuerKeyResolver } from './issuer-key-types.ts';
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
