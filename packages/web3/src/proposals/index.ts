export { isBatch } from './batches.ts';
export { type Action, type Argument, actionFromBravo, allActions, type DecodedAction, decodeActions } from './decode.ts';
export { type Description, type Descriptor, type DescriptorFile, readDescriptor } from './descriptors.ts';
export { ProposalError, type ProposalErrorCode } from './errors.ts';
export { type CodeFacts, type Flag, type FlagCode, type FlagInput, flagProposal, TREASURY_SHARE } from './flags.ts';
export { type PowerStatistics, powerStatistics } from './power.ts';
export { type ActionWords, type ProposalReading, type ReadInput, readProposal } from './read.ts';
export { type Moved, type Simulation, simulate } from './simulate.ts';
export { type Names, sentence } from './words.ts';
