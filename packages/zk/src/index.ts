export { type OpenArtifactsInput, openArtifacts, readManifest } from './artifacts.ts';
export { artifactsInFolder } from './artifacts-folder.node.ts';
export {
	type CheckAttestationInput,
	checkAttestation,
	type IssueAttestationInput,
	issueAttestation,
	REVOCATION_PLACES,
	readAttestation,
} from './attestation.ts';
export { ceremonyNode, developmentNode, keyNode } from './checks/key.ts';
export { type AttestableClaim, attestableClaims, MAX_CLAIMS } from './claims.ts';
export { requestHash } from './context.ts';
export { dayOf } from './dates.ts';
export { type FastEngineOptions, fastEngine } from './engine-fast.node.ts';
export { type SnarkjsEngineOptions, snarkjsEngine } from './engine-snarkjs.ts';
export { ZkError, type ZkErrorCode } from './errors.ts';
export { decodeField, encodeField } from './field.ts';
export { type Groth16Verifier, groth16Verifier } from './groth16-verify.ts';
export { holderBlinding, holderCommitment, holderSecret } from './holder.ts';
export { type CircuitCall, circuitInputs } from './inputs.ts';
export { isIssuerKey, issuerJwk, issuerPublicKey, readIssuerKey } from './issuer-key.ts';
export * from './model.ts';
export { readPresentation } from './presentation.ts';
export { decodeProof, encodeProof } from './proof-bytes.ts';
export {
	type PreparedStatement,
	type PrepareStatementRequest,
	type ProveStatementInput,
	preparedFromBytes,
	preparedToBytes,
	prepareStatement,
	presentPrepared,
	proveStatement,
} from './prove.ts';
export { CIRCUIT_IDS, PUBLIC_SIGNALS } from './public-signals.ts';
export { MAX_REVOKED, prepareRevocations, publishRevocations, readRevocationList } from './revocation.ts';
export { ageAsked, circuitFor, overAge, readStatement, readStatementRequest, revocationAgeOf } from './statement.ts';
export { verifyStatement } from './verify.ts';
export { type WitnessCalculator, witnessCalculator } from './witness-calculator.ts';
