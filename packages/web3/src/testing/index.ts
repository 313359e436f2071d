export { type ServedMessage, type ServedTransaction, TestSafeService } from './safe-service.node.ts';
export { type ProposalInput, TestSnapshotHub, type VoteEnvelope } from './snapshot-hub.node.ts';
