export { accountAddress, boundKey } from './accounts/account.ts';
export { type AccountContext, accountPath, contextName } from './accounts/context.ts';
export { type Review, type ReviewRequest, reviewTypedData, type SeedKeys, SigningRefused, signReviewed, type VoteAccount } from './firewall/index.ts';
export { digestOf, parseTypedData, type StructId, structs, type TypedData, TypedDataError, typedData } from './typed-data/index.ts';
export type * from './votes/adapter.ts';
export { VoteError } from './votes/errors.ts';
export { type ProseBlock, prose } from './votes/prose.ts';
export { aliasAllowances, aliasMessage, createSnapshotAdapter, snapshotAllowances } from './votes/snapshot/adapter.ts';
