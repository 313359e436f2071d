import type { Random } from '@holdfast/kernel';
import {
	type Artifacts,
	artifactsInFolder,
	fastEngine,
	type ProofEngine,
	type ProveStatementInput,
	proveStatement,
	type StatementVerification,
	type VerifyStatementInput,
	verifyStatement,
	ZkError,
} from '@holdfast/zk';

/** Where the circuits and keys are, and what of them is accepted. */
export interface ProofPorts {
	/** The folder with manifest.json. */
	readonly folder: string;
	/** Refuses keys of a development setup. */
	readonly production: boolean;
	/** Where the prover's thread is, for a bundled host. */
	readonly workerUrl?: URL;
}

/** Making and checking proofs, with artifacts and threads that are opened at the first use and closed with the wallet. */
export interface Proofs {
	prove(input: Omit<ProveStatementInput, 'artifacts' | 'engine'>): Promise<string>;
	verify(input: Omit<VerifyStatementInput, 'artifacts' | 'engine'>): Promise<StatementVerification>;
	close(): Promise<void>;
}

export function createProofs(ports: ProofPorts | undefined, random: Random): Proofs {
	let opened: Promise<{ artifacts: Artifacts; engine: ProofEngine }> | undefined;
	const open = (): Promise<{ artifacts: Artifacts; engine: ProofEngine }> => {
		if (!ports) throw new ZkError('zk/artifact-missing', 'This installation has no circuits, so it can neither make nor check proofs.');
		opened ??= artifactsInFolder(ports.folder, { production: ports.production }).then((artifacts) => ({
			artifacts,
			engine: fastEngine({ artifacts, random, ...(ports.workerUrl ? { workerUrl: ports.workerUrl } : {}) }),
		}));
		// A failure is not kept: the files may be there next time.
		opened.catch(() => {
			opened = undefined;
		});
		return opened;
	};
	return {
		prove: async (input) => proveStatement({ ...input, ...(await open()) }),
		verify: async (input) => verifyStatement({ ...input, ...(await open()) }),
		async close() {
			const leaving = opened;
			opened = undefined;
			await (await leaving?.catch(() => undefined))?.engine.close();
		},
	};
}
