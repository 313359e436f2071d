export { type ProposalInput, TestSnapshotHub, type VoteEnvelope } from './snapshot-hub.node.ts';
