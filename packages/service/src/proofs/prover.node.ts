import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { BbsRequest, Engine } from '@holdfast/bbs';
import type { SecretBytes } from '@holdfast/crypto';
import type { Random } from '@holdfast/kernel';
import { createSemaphoreProver, createSemaphoreVerifier, type SemaphoreProver, type SemaphoreVerifier, semaphoreArtifactsInFolder } from '@holdfast/semaphore';
import {
	type Artifacts,
	artifactsInFolder,
	fastEngine,
	type PreparedStatement,
	type PrepareStatementRequest,
	type ProofEngine,
	prepareStatement,
	type StatementVerification,
	type VerifyStatementRequest,
	verifyStatement,
	ZkError,
} from '@holdfast/zk';
import type { AgeEngine, AttestedProver } from '@holdfast/zk-sd-jwt';
import { ServiceError } from '../errors.ts';
import type { BbsAnswer, BbsTask } from './bbs-thread.node.ts';
import { BBS, GROTH16, HONK, PROOF_SYSTEMS, type ProofSystem, ULTRAHONK } from './names.ts';

/** Where the circuits and keys are, and what of them is accepted. */
export interface ProofPorts {
	/** The folder with manifest.json. */
	readonly folder: string;
	/** Refuses keys of a development setup. */
	readonly production: boolean;
	/** Where a reference string for proofs from ordinary documents is kept, once a person has imported one. */
	readonly referenceString?: string;
	/** Where the provers' threads are, for a bundled host. */
	readonly threads?: { readonly groth16: URL; readonly bbs: URL };
}

/** Those that prove from an issuer's attestation on Baby Jubjub. */
export type AttestedSystem = typeof GROTH16 | typeof HONK;

/** Making and checking proofs, with artifacts and threads that are opened at the first use and closed with the wallet. */
export interface Proofs {
	/** What this installation can check, the preferred first: a proof on keys that it refuses is not asked for. */
	systems(): Promise<readonly ProofSystem[]>;
	/** A proof with a key of its own, which ties it to one request. */
	prepare(input: Omit<PrepareStatementRequest, 'random'>, system: AttestedSystem): Promise<PreparedStatement>;
	verify(input: VerifyStatementRequest, system: AttestedSystem): Promise<StatementVerification>;
	/** UltraHonk for attested documents. Throws `zk-sd-jwt/no-reference-string`, `zk-sd-jwt/development-setup` and the like. */
	attested(): Promise<AttestedProver>;
	/** The BBS library, ready in this thread: for all but presenting. */
	bbs(): Promise<Engine>;
	/** A BBS presentation, made in a thread of its own. Throws `bbs/*`, and `zk/aborted` once `signal` says so. */
	presentBbs(
		input: { readonly credential: string; readonly secret: SecretBytes; readonly request: BbsRequest; readonly now: number },
		signal: AbortSignal,
	): Promise<string>;
	/** Anonymous membership, on the keys of the public ceremony: the same in every build. Throws `zk/artifact-missing`, `semaphore/*`. */
	membership(): Promise<Membership>;
	/** The engine for ordinary documents. Throws `zk-sd-jwt/no-reference-string`, `zk-sd-jwt/development-setup` and the like. */
	ordinary(): Promise<AgeEngine>;
	/** Which reference string there is; null where there is none that is accepted. */
	referenceString(): Promise<{ readonly setup: 'canonical' | 'development'; readonly points: number } | null>;
	/** Takes over the canonical string from the bytes of its file. Throws `zk-sd-jwt/*`. */
	importReferenceString(compressed: Uint8Array): Promise<void>;
	/** Makes a string for development. Refused in production. Throws `zk-sd-jwt/development-setup`. */
	developReferenceString(): Promise<void>;
	close(): Promise<void>;
}

export interface Membership {
	readonly prover: SemaphoreProver;
	readonly verify: SemaphoreVerifier;
}

const noCircuits = (): ZkError => new ZkError('zk/artifact-missing', 'This installation has no circuits, so it can neither make nor check such proofs.');

/** Points for documents of up to 2 kB: the larger of the circuits. */
const DEVELOPMENT_POINTS = 2 ** 19 + 1;

const aborted = (): ZkError => new ZkError('zk/aborted', 'The proof was stopped.');

export function createProofs(ports: ProofPorts | undefined, random: Random): Proofs {
	let opened: Promise<{ artifacts: Artifacts; engine: ProofEngine }> | undefined;
	let engine: Promise<Engine> | undefined;
	let ageEngine: Promise<AgeEngine> | undefined;
	let attestedProver: Promise<AttestedProver> | undefined;
	let membership: Promise<Membership> | undefined;
	const threads = new Set<Worker>();
	// Its prover is a program for each system, a hundred megabytes in all: a packaged app comes without it.
	const library = () =>
		import('@holdfast/zk-sd-jwt').catch((cause) => {
			throw new ZkError('zk/artifact-missing', 'This build cannot prove or check from ordinary documents.', { cause });
		});
	const folder = (): string => {
		if (ports?.referenceString === undefined) throw new ZkError('zk/artifact-missing', 'This installation keeps no reference string.');
		return ports.referenceString;
	};
	const forget = async (): Promise<void> => {
		const leaving = [ageEngine, attestedProver];
		ageEngine = undefined;
		attestedProver = undefined;
		for (const each of leaving) await (await each?.catch(() => undefined))?.close();
	};
	const open = async (): Promise<{ artifacts: Artifacts; engine: ProofEngine }> => {
		if (!ports) throw noCircuits();
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
			const groth16 = await open().then(
				() => true,
				() => false,
			);
			const ordinary = await this.referenceString();
			const can: { readonly [system in ProofSystem]: boolean } = { [GROTH16]: groth16, [BBS]: true, [HONK]: ordinary !== null, [ULTRAHONK]: ordinary !== null };
			return PROOF_SYSTEMS.filter((system) => can[system]);
		},
		ordinary() {
			ageEngine ??= library().then(async ({ openEngine, openReferenceString }) =>
				openEngine({
					referenceString: await openReferenceString(folder(), { allowDevelopment: ports?.production === false }),
					circuits: join(ports?.folder ?? '', 'sd-jwt', 'target'),
					threads: 2,
				}),
			);
			// A failure is not kept: a string may be imported meanwhile.
			ageEngine.catch(() => {
				ageEngine = undefined;
			});
			return ageEngine;
		},
		async referenceString() {
			if (ports?.referenceString === undefined || !existsSync(ports.referenceString)) return null;
			return this.ordinary().then(
				({ referenceString: { setup, points } }) => ({ setup, points }),
				() => null,
			);
		},
		async importReferenceString(compressed) {
			await forget();
			await (await library()).importCanonicalReferenceString(folder(), compressed);
		},
		async developReferenceString() {
			const { makeDevelopmentReferenceString, ZkSdJwtError } = await library();
			if (ports?.production !== false) throw new ZkSdJwtError('zk-sd-jwt/development-setup', 'This version accepts no reference string made for development.');
			await forget();
			await makeDevelopmentReferenceString(folder(), DEVELOPMENT_POINTS, random);
		},
		attested() {
			attestedProver ??= library().then(async ({ openAttestedProver, openReferenceString }) =>
				openAttestedProver({
					referenceString: await openReferenceString(folder(), { allowDevelopment: ports?.production === false }),
					circuits: join(ports?.folder ?? '', 'attested', 'target'),
					threads: 2,
				}),
			);
			attestedProver.catch(() => {
				attestedProver = undefined;
			});
			return attestedProver;
		},
		async prepare(input, system) {
			return prepareStatement({ ...input, random, ...(system === HONK ? { prover: await this.attested() } : await open()) });
		},
		async verify(input, system) {
			return verifyStatement({ ...input, ...(system === HONK ? { prover: await this.attested() } : await open()) });
		},
		membership() {
			membership ??= (async () => {
				if (!ports) throw noCircuits();
				const artifacts = await semaphoreArtifactsInFolder(join(ports.folder, 'semaphore'));
				const workerUrl = ports.threads?.groth16;
				return {
					prover: createSemaphoreProver({ artifacts, random, ...(workerUrl ? { workerUrl } : {}) }),
					verify: await createSemaphoreVerifier(artifacts),
				};
			})();
			membership.catch(() => {
				membership = undefined;
			});
			return membership;
		},
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
			await forget();
			const [leaving, members] = [opened, membership];
			opened = undefined;
			membership = undefined;
			await (await members?.catch(() => undefined))?.prover.close();
			await (await leaving?.catch(() => undefined))?.engine.close();
		},
	};
}
