import { createVerifier, type Verifier } from '@holdfast/groth16';
import { failed, group, passed, type ReportNode } from '@holdfast/kernel';
import type { SemaphoreArtifacts } from './artifacts.ts';
import { SemaphoreError, type SemaphoreErrorCode } from './errors.ts';
import { TREE_DEPTH } from './group.ts';
import { readSemaphoreProof, type SemaphoreProof, unpackPoints } from './proof.ts';
import { hashOfValue } from './values.ts';

/** What the verifier knows or decided itself. */
export interface ExpectedMembership {
	/** Of the group. */
	readonly root: bigint;
	readonly message: bigint;
	readonly scope: bigint;
}

/** Judges proofs; the proof is hostile, the expectation is the verifier's own. Whether a nullifier was seen before is for the caller. */
export type SemaphoreVerifier = (proof: unknown, expected: ExpectedMembership) => ReportNode;

/**
 * A verifier with the pinned key. Throws what the artifacts throw.
 *
 * The report is `semaphore` over `semaphore/format`, `semaphore/depth`, `semaphore/setup`, `semaphore/root`, `semaphore/message`,
 * `semaphore/scope` and `semaphore/proof` (over `groth16`).
 */
export async function createSemaphoreVerifier(artifacts: SemaphoreArtifacts): Promise<SemaphoreVerifier> {
	const verifier = createVerifier(await artifacts.verificationKey());
	const setup = checkSetup(artifacts);
	return (json, expected) => group(TITLE, judge(verifier, setup, json, expected));
}

const TITLE = {
	check: 'semaphore',
	title: 'Anonymous membership',
	passed: 'A member of the group made this, and it does not show which.',
	failed: 'This does not prove that a member of the group made it.',
};

function judge(verifier: Verifier, setup: ReportNode, json: unknown, expected: ExpectedMembership): readonly ReportNode[] {
	const format = { check: 'semaphore/format', title: 'Format' };
	let proof: SemaphoreProof;
	try {
		proof = readSemaphoreProof(json);
	} catch (error) {
		if (!(error instanceof SemaphoreError)) throw error;
		return [failed({ ...format, reason: error.message, code: error.code })];
	}
	const read = passed({ ...format, reason: 'The proof is complete, and each of its numbers is in range.' });
	const depth = compare('semaphore/depth', 'Size of the tree', proof.merkleTreeDepth === TREE_DEPTH, {
		passed: `The proof is for trees of depth ${TREE_DEPTH}.`,
		failed: `The proof is for trees of another depth; only ${TREE_DEPTH} can be checked here.`,
		code: 'semaphore/wrong-depth',
	});
	// Each depth has a key of its own.
	if (depth.result === 'failed') return [read, depth];
	return [
		read,
		depth,
		setup,
		compare('semaphore/root', 'Group', BigInt(proof.merkleTreeRoot) === expected.root, {
			passed: 'The proof is about this group, with exactly these members.',
			failed: 'The proof is about another group, or about this one with other members.',
			code: 'semaphore/wrong-group',
		}),
		compare('semaphore/message', 'Message', BigInt(proof.message) === expected.message, {
			passed: 'The proof is for this message.',
			failed: 'The proof is for another message.',
			code: 'semaphore/wrong-message',
		}),
		compare('semaphore/scope', 'Purpose', BigInt(proof.scope) === expected.scope, {
			passed: 'The proof is for this purpose.',
			failed: 'The proof was made for another purpose.',
			code: 'semaphore/wrong-scope',
		}),
		checkProof(verifier, proof),
	];
}

function compare(
	check: string,
	title: string,
	equal: boolean,
	reasons: { readonly passed: string; readonly failed: string; readonly code: SemaphoreErrorCode },
): ReportNode {
	return equal ? passed({ check, title, reason: reasons.passed }) : failed({ check, title, reason: reasons.failed, code: reasons.code });
}

function checkProof(verifier: Verifier, proof: SemaphoreProof): ReportNode {
	const signals = [proof.merkleTreeRoot, proof.nullifier, String(hashOfValue(BigInt(proof.message))), String(hashOfValue(BigInt(proof.scope)))];
	return group({ check: 'semaphore/proof', title: 'Proof', passed: 'The proof holds for exactly these values.', failed: 'The proof does not hold.' }, [
		verifier(signals, unpackPoints(proof.points)),
	]);
}

/** The key is what a verifier trusts a proof by, so the report says where it is from. */
const checkSetup = ({ manifest }: SemaphoreArtifacts): ReportNode =>
	passed({
		check: 'semaphore/setup',
		title: 'Setup',
		reason: `The key comes from a public ceremony with ${manifest.contributions} contributions; one honest contributor is enough.`,
		evidence: {
			setup: manifest.setup.name,
			source: manifest.source,
			contributions: String(manifest.contributions),
			'verification key, SHA-256': manifest.vkey.sha256,
		},
	});
