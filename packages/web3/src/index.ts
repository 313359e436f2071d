export { type AccountContext, accountPath, contextName } from './accounts/context.ts';
export type { Allowance, ProposalWords, Review, ReviewLine, ReviewRequest, VoteAccount, Voting } from './firewall/review.ts';
export { type Domain, digestOf, parseTypedData, type StructId, signingBytes, structs, type TypedData, TypedDataError, typedData } from './typed-data/index.ts';
export type * from './votes/adapter.ts';
export { VoteError } from './votes/errors.ts';
