import { Worker } from 'node:worker_threads';
import type { BbsRequest, Engine } from '@holdfast/bbs';
import type { SecretBytes } from '@holdfast/crypto';
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
import { ServiceError } from '../errors.ts';
import type { BbsAnswer, BbsTask } from './bbs-thread.node.ts';
import { BBS, GROTH16, type ProofSystem } from './names.ts';

/** Where the circuits and keys are, and what of them is accepted. */
export interface ProofPorts {
	/** The folder with manifest.json. */
	readonly folder: string;
	/** Refuses keys of a development setup. */
	readonly production: boolean;
	/** Where the provers' threads are, for a bundled host. */
	readonly threads?: { readonly groth16: URL; readonly bbs: URL };
}

/** Making and checking proofs, with artifacts and threads that are opened at the first use and closed with the wallet. */
export interface Proofs {
	/** What this installation can check, the preferred first: a proof on keys that it refuses is not asked for. */
	systems(): Promise<readonly ProofSystem[]>;
	prove(input: Omit<ProveStatementInput, 'artifacts' | 'engine'>): Promise<string>;
	verify(input: Omit<VerifyStatementInput, 'artifacts' | 'engine'>): Promise<StatementVerification>;
	/** The BBS library, ready in this thread: for all but presenting. */
	bbs(): Promise<Engine>;
	/** A BBS presentation, made in a thread of its own. Throws `bbs/*`, and `zk/aborted` once `signal` says so. */
	presentBbs(
		input: { readonly credential: string; readonly secret: SecretBytes; readonly request: BbsRequest; readonly now: number },
		signal: AbortSignal,
	): Promise<string>;
	close(): Promise<void>;
}

const aborted = (): ZkError => new ZkError('zk/aborted', 'The proof was stopped.');

export function createProofs(ports: ProofPorts | undefined, random: Random): Proofs {
	let opened: Promise<{ artifacts: Artifacts; engine: ProofEngine }> | undefined;
	let engine: Promise<Engine> | undefined;
	const threads = new Set<Worker>();
	const open = (): Promise<{ artifacts: Artifacts; engine: ProofEngine }> => {
		if (!ports) throw new ZkError('zk/artifact-missing', 'This installation has no circuits, so it can neither make nor check such proofs.');
		opened ??= artifactsInFolder(ports.folder, { production: ports.production }).then((artifacts) => ({
			artifacts,
			engine: fastEngine({ artifacts, random, ...(ports.threads ? { workerUrl: ports.threads.groth16 } : {}) }),
		}));
		// A failure is not kept: the files may be there next time.
		opened.catch(() => {
			opened = undefined;
		});
		return opened;
	};
	return {
		async systems() {
			try {
				await open();
				return [GROTH16, BBS];
			} catch (error) {
				if (error instanceof ZkError) return [BBS];
				throw error;
			}
		},
		prove: async (input) => proveStatement({ ...input, ...(await open()) }),
		verify: async (input) => verifyStatement({ ...input, ...(await open()) }),
		bbs: () => {
			engine ??= import('@holdfast/bbs').then(({ createEngine }) => createEngine());
			return engine;
		},
		async presentBbs({ credential, secret, request, now }, signal) {
			if (signal.aborted) throw aborted();
			const thread = new Worker(ports?.threads?.bbs ?? new URL('./bbs-thread.node.ts', import.meta.url), { name: 'holdfast-bbs' });
			threads.add(thread);
			const stop = (): void => void thread.terminate();
			signal.addEventListener('abort', stop);
			try {
				const answer = await new Promise<BbsAnswer>((resolve, reject) => {
					thread.once('message', resolve);
					thread.once('error', (cause) => reject(new ServiceError('proof/failed', 'The proof could not be made.', {}, cause)));
					thread.once('exit', () => reject(aborted()));
					secret.use((bytes) => thread.postMessage({ credential, secret: Uint8Array.from(bytes), request, now } satisfies BbsTask));
				});
				if (!answer.ok) throw new ServiceError(answer.code, answer.message);
				return answer.presentation;
			} finally {
				signal.removeEventListener('abort', stop);
				threads.delete(thread);
				await thread.terminate();
			}
		},
		async close() {
			for (const thread of threads) await thread.terminate();
			const leaving = opened;
			opened = undefined;
			await (await leaving?.catch(() => undefined))?.engine.close();
		},
	};
}
