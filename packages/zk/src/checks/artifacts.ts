import { failed, passed, type ReportNode, warning } from '@holdfast/kernel';
import type { Presentation, VerifyStatementInput } from '../model.ts';

/** The verification key is what a verifier trusts a proof by, so both say which one: its hash, and the setup it comes from. */
export async function checkArtifacts({ artifacts }: VerifyStatementInput, presentation: Presentation): Promise<readonly ReportNode[]> {
	const { setup, circuits } = artifacts.manifest;
	const entry = circuits[presentation.circuit];
	const key = { check: 'zk/artifact', title: 'Verification key' };
	const origin = { check: 'zk/setup', title: 'Setup' };
	const evidence = {
		setup: setup.name,
		phase1: `${setup.phase1.source} (2^${setup.phase1.power}, SHA-256 ${setup.phase1.sha256})`,
		contributions: String(entry.contributions),
		circuit: `r1cs SHA-256 ${entry.r1cs}`,
	};
	return [
		presentation.vkey === entry.vkey.sha256
			? passed({
					...key,
					reason: "The proof is for this version's key, whose hash is pinned.",
					evidence: { sha256: entry.vkey.sha256 },
				})
			: failed({
					...key,
					reason: 'The proof is for the key of another version or another setup.',
					code: 'zk/wrong-key',
					evidence: { sha256: entry.vkey.sha256 },
				}),
		setup.label === 'ceremony'
			? passed({ ...origin, reason: `The key comes from a ceremony with ${entry.contributions} contributions; one honest contributor is enough.`, evidence })
			: warning({
					...origin,
					reason: `The key comes from a development setup (${setup.name}). Whoever made it could forge proofs: good for trying out, not for relying on.`,
					code: 'zk/development-setup',
					evidence,
				}),
	];
}
