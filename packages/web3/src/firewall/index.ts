export { SigningRefused } from './errors.ts';
export { addressOf, allowanceFor, reviewTypedData, type SeedKeys, signReviewed } from './firewall.ts';
export type { Allowance, ProposalWords, Review, ReviewRequest, VoteAccount, Voting } from './review.ts';
