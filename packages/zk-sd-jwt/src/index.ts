export { cutoffFor, dayOf } from './dates.ts';
export { makeDevelopmentReferenceString } from './development-string.node.ts';
export type { AgeEngine, ProveOptions, ProveStage } from './engine.ts';
export { openEngine } from './engine-barretenberg.node.ts';
export { ZkSdJwtError, type ZkSdJwtErrorCode } from './errors.ts';
export { type CircuitInputs, canAnswer, circuitInputs } from './inputs.ts';
export type { AgeProof, AnsweringClaim, CircuitName, Statement } from './model.ts';
export { CANONICAL_G2_SHA256, type ReferenceString, type Setup } from './reference-string.ts';
export { importCanonicalReferenceString, openReferenceString, type ReferenceStringFolder } from './reference-string-folder.node.ts';
