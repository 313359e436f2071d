export { Groth16Error, type Groth16ErrorCode } from './errors.ts';
export { type Assignment, createProver, type ProofWithSignals, type ProveOptions, type Prover, type ProverOptions } from './prover.node.ts';
export { loadProvingKey, type ProvingKey } from './proving-key.ts';
export type { G1Json, G2Json, Proof, VerificationKey } from './verification-key.ts';
export { createVerifier, type Verifier, verify } from './verify.ts';
export type { CircuitInputs, CircuitValue } from './witness-calculator.ts';
