export { accountAddress, boundKey } from './accounts/account.ts';
export { type AccountContext, accountPath, contextName } from './accounts/context.ts';
export {
	allowanceFor,
	type Review,
	type ReviewRequest,
	reviewTypedData,
	type SeedKeys,
	SigningRefused,
	signReviewed,
	type VoteAccount,
} from './firewall/index.ts';
export type { Allowance, ProposalWords } from './firewall/review.ts';
export * from './ownership/index.ts';
export * from './ownership/linked/index.ts';
export * from './proposals/index.ts';
export { digestOf, parseTypedData, type StructId, structs, type TypedData, TypedDataError, typedData, walletRequest } from './typed-data/index.ts';
export type * from './votes/adapter.ts';
export { type BaalAdapter, type BaalDraftInput, createBaalAdapter } from './votes/baal.ts';
export { type BravoAdapter, createBravoAdapter } from './votes/bravo.ts';
export { createDelegationAdapter, type DelegationAdapter, type DelegationDraft, type DelegationStanding } from './votes/delegation.ts';
export { detectSystem } from './votes/detect.ts';
export { VoteError } from './votes/errors.ts';
export { createGovernorAdapter, type GovernorAdapter, type GovernorDraftInput } from './votes/governor.ts';
export { type GovernorAccess, hashProposal, type ProposalContent } from './votes/governor-proposal.ts';
export type { ChainFacts, OnChainDraft, OnChainProposal, Timelock } from './votes/on-chain.ts';
export { type ProseBlock, prose } from './votes/prose.ts';
export type { ChainAccess, SearchLimits } from './votes/reads.ts';
export { type RelayFile, readRelayFile, relayCall, sendCall, sendSigned, type TransactionSender, tryOut, writeRelayFile } from './votes/relay.ts';
export { type Collected, createSafeAdapter, type SafeAccess, type SafeAdapter, type SafeFacts, type SafeQueue } from './votes/safe.ts';
export {
	addSignature,
	type MessageForm,
	mergeSafeFiles,
	type OwnerSignature,
	packSignatures,
	readSafeFile,
	type SafeFile,
	safeMessageFile,
	safeOf,
	writeSafeFile,
} from './votes/safe-file.ts';
export { createSafeService, type SafeService, type SafeServiceOptions, type Waiting } from './votes/safe-service.ts';
export { type SafeVote, safeVote, safeVoteFile } from './votes/safe-vote.ts';
export { checkKeySignature, checkSignature, readSignature, type SignedData, takesContracts } from './votes/signatures.ts';
export {
	ALIAS_LIFE_MS,
	aliasAllowances,
	aliasMessage,
	createSnapshotAdapter,
	MESSAGE_LIFE_MS,
	type SnapshotAdapter,
	snapshotAllowances,
} from './votes/snapshot/adapter.ts';
export { createShutter } from './votes/snapshot/shutter.node.ts';
export type { TokenRef } from './votes/token-domain.ts';
