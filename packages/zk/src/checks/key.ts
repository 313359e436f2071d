import { failed, passed, type ReportNode, warning } from '@holdfast/kernel';

/** The verification key is what a verifier trusts a proof by, so both say which one: its hash, and the setup it comes from. */
export const keyNode = (given: string, own: string): ReportNode => {
	const leaf = { check: 'zk/artifact', title: 'Verification key', evidence: { sha256: own } };
	return given === own
		? passed({ ...leaf, reason: "The proof is for this version's key, whose hash is pinned." })
		: failed({ ...leaf, reason: 'The proof is for the key of another version or another setup.', code: 'zk/wrong-key' });
};

const SETUP = { check: 'zk/setup', title: 'Setup' };
type Evidence = Readonly<Record<string, string>>;

export const ceremonyNode = (reason: string, evidence: Evidence): ReportNode => passed({ ...SETUP, reason, evidence });

export const developmentNode = (name: string, evidence: Evidence): ReportNode =>
	warning({
		...SETUP,
		reason: `The key comes from a development setup (${name}). Whoever made it could forge proofs: good for trying out, not for relying on.`,
		code: 'zk/development-setup',
		evidence,
	});
