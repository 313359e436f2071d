export { collectionAccount } from './account.ts';
export { type BlockAuthority, blockByHand, blocksFromNodes, type TrustedBlock } from './blocks.ts';
export { type OwnershipBundle, readBundle, writeBundle } from './bundle.ts';
export { DELEGATE_REGISTRY, grantCall, OWNERSHIP_RIGHTS } from './delegation.ts';
export { OwnershipError, type OwnershipErrorCode } from './errors.ts';
export { type Collected, collectEvidence, type EvidenceInput, type OwnershipEvidence } from './evidence.ts';
export type { Ownership } from './owner.ts';
export { type OwnerQuestion, ownerAtBlock } from './owner-at-block.ts';
export {
	type FindOwnershipInput,
	type FoundOwnership,
	findOwnership,
	ownershipStatement,
	type SignOwnershipInput,
	type StatementInput,
	signOwnership,
} from './present.ts';
export {
	nonceBytes,
	OWNERSHIP_DOMAIN,
	OWNERSHIP_TYPES,
	type OwnershipStatement,
	type OwnershipTypedData,
	ownershipDigest,
	ownershipTypedData,
	type Token,
	type TokenStandard,
	tokenStandards,
} from './statement.ts';
export { type CollectionFacts, describeCollection, type OwnedTokens, ownedTokens } from './tokens.ts';
export { checkEvidence, type OwnershipExpectation, type OwnershipVerification, verifyOwnership } from './verify.ts';
