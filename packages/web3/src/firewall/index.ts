export { type SigningErrorCode, SigningRefused } from './errors.ts';
export { addressOf, allowanceFor, reviewTypedData, type SeedKeys, signReviewed } from './firewall.ts';
export type { Allowance, ProposalWords, Review, ReviewLine, ReviewRequest, VoteAccount, Voting } from './review.ts';
