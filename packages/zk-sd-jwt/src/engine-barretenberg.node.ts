import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Barretenberg } from '@aztec/bb.js';
import { base64urlDecode, base64urlEncode } from '@holdfast/crypto';
import { failed, group, passed, type ReportNode, skipped, warning } from '@holdfast/kernel';
import { Noir } from '@noir-lang/noir_js';
import { ARTIFACT_SHA256, type CircuitArtifact, readArtifact } from './artifact.ts';
import { nativeProver, PROOF_SYSTEM, startNative, startVerifier, startWasmProver } from './barretenberg.node.ts';
import type { AgeEngine, ProveOptions } from './engine.ts';
import { ZkSdJwtError } from './errors.ts';
import type { CircuitInputs } from './inputs.ts';
import type { AgeProof, CircuitName, Statement } from './model.ts';
import { keepVerificationKey, type ReferenceStringFolder, readPoints, readVerificationKey } from './reference-string-folder.node.ts';
import { publicFields, publicInputsOf } from './statement.ts';

/** 458 field elements. */
const PROOF_BYTES = 14_656;
/** Points that the prover reads: the circuit's gates, rounded up to a power of two, and one. */
const POINTS: { readonly [name in CircuitName]: number } = { small: 2 ** 18 + 1, medium: 2 ** 19 + 1 };

interface Circuit {
	readonly name: CircuitName;
	readonly hash: string;
	readonly artifact: CircuitArtifact;
	readonly acir: Uint8Array;
	/** Depends on the reference string, so it is computed where that is, once: the same on every machine. */
	verificationKey?: Promise<Uint8Array>;
}

/**
 * The engine on @aztec/bb.js: the native prover in a child process (or one in WebAssembly), the verifier in WebAssembly. `circuits` is the folder with
 * `small.json` and so on; a circuit whose pinned artifact is not there, or is another, is refused.
 */
export function openEngine(options: {
	referenceString: ReferenceStringFolder;
	circuits: string;
	threads: number;
	/** Which prover; without it, the native one where there is one. */
	prover?: 'native' | 'wasm';
}): AgeEngine {
	const { referenceString } = options;
	const circuits = new Map<CircuitName, Promise<Circuit>>();
	let verifier: Promise<Barretenberg> | undefined;
	const provers = new Set<Barretenberg>();

	const load = (name: CircuitName): Promise<Circuit> => {
		const known = circuits.get(name);
		if (known) return known;
		const loading = readFile(join(options.circuits, `${name}.json`), 'utf8')
			.catch(() => '')
			.then((text): Circuit => {
				const artifact = readArtifact(name, text);
				return { name, hash: ARTIFACT_SHA256[name], artifact, acir: gunzipSync(Buffer.from(artifact.bytecode, 'base64')) };
			});
		circuits.set(name, loading);
		loading.catch(() => circuits.delete(name));
		return loading;
	};

	async function withProver<T>(name: CircuitName, signal: AbortSignal | undefined, use: (api: Barretenberg) => Promise<T>): Promise<T> {
		const cancelled = (): ZkSdJwtError => new ZkSdJwtError('zk-sd-jwt/cancelled', 'The proof was cancelled.');
		if (signal?.aborted) throw cancelled();
		// With fewer points the prover would try to fetch more.
		if (referenceString.points < POINTS[name]) {
			throw new ZkSdJwtError('zk-sd-jwt/no-reference-string', 'The reference string that is there is too short for this credential.', {
				data: { points: referenceString.points, needed: POINTS[name] },
			});
		}
		const wasm = options.prover === 'wasm' || (options.prover === undefined && nativeProver() === undefined);
		const api = wasm
			? await startWasmProver(referenceString, await readPoints(referenceString), options.threads)
			: startNative(referenceString.folder, options.threads);
		provers.add(api);
		const stop = (): void => void api.destroy();
		signal?.addEventListener('abort', stop, { once: true });
		try {
			return await use(api);
		} catch (cause) {
			if (signal?.aborted) throw cancelled();
			if (cause instanceof ZkSdJwtError) throw cause;
			throw new ZkSdJwtError('zk-sd-jwt/prover-failed', 'The proof could not be made.', { cause });
		} finally {
			signal?.removeEventListener('abort', stop);
			provers.delete(api);
			await api.destroy();
		}
	}

	const keyOf = (circuit: Circuit): Promise<Uint8Array> => {
		circuit.verificationKey ??= readVerificationKey(referenceString, circuit.hash).then(async (kept) => {
			if (kept) return kept;
			const { bytes } = await withProver(circuit.name, undefined, (api) =>
				api.circuitComputeVk({ circuit: { name: circuit.name, bytecode: circuit.acir }, settings: PROOF_SYSTEM }),
			);
			await keepVerificationKey(referenceString, circuit.hash, bytes);
			return bytes;
		});
		circuit.verificationKey.catch(() => {
			delete circuit.verificationKey;
		});
		return circuit.verificationKey;
	};

	return {
		referenceString,
		circuits: Object.keys(ARTIFACT_SHA256) as CircuitName[],

		async prove(inputs: CircuitInputs, { signal, onStage }: ProveOptions = {}): Promise<AgeProof> {
			const circuit = await load(inputs.circuit);
			onStage?.('witness');
			const { witness } = await new Noir(circuit.artifact as never)
				.execute({ said: { ...inputs.said }, secret: { ...inputs.secret } } as never)
				.catch((cause: unknown) => {
					throw new ZkSdJwtError('zk-sd-jwt/prover-failed', 'The credential does not fulfil the statement.', { cause });
				});
			const verificationKey = await keyOf(circuit);
			onStage?.('proof');
			return withProver(circuit.name, signal, async (api) => {
				const answer = await api.circuitProve({
					circuit: { name: circuit.name, bytecode: circuit.acir, verificationKey },
					witness: gunzipSync(witness),
					settings: PROOF_SYSTEM,
				});
				return {
					v: 1,
					type: 'noir-ultrahonk-sd-jwt',
					circuit: circuit.name,
					artifact: circuit.hash,
					proof: base64urlEncode(new Uint8Array(Buffer.concat(answer.proof))),
				};
			});
		},

		async verify(proof: unknown, statement: Statement): Promise<ReportNode> {
			const read = readProof(proof);
			if (!read)
				return report([
					failed({ check: 'zk-sd-jwt/form', title: 'Form of the proof', reason: 'This is not a proof of this kind.', code: 'zk-sd-jwt/bad-proof' }),
				]);
			const circuit = await load(read.circuit);
			const children: ReportNode[] = [];
			if (read.artifact === circuit.hash) {
				children.push(
					passed({
						check: 'zk-sd-jwt/circuit',
						title: 'Circuit',
						reason: 'The proof is for the circuit that Holdfast knows.',
						evidence: { circuit: circuit.name, sha256: circuit.hash },
					}),
				);
			} else {
				children.push(
					failed({
						check: 'zk-sd-jwt/circuit',
						title: 'Circuit',
						reason: 'The proof is for a circuit that Holdfast does not know.',
						code: 'zk-sd-jwt/other-circuit',
					}),
				);
				return report(children);
			}
			const publicInputs = publicFields(publicInputsOf(statement));
			const verificationKey = await keyOf(circuit);
			verifier ??= startVerifier(referenceString);
			const api = await verifier;
			const verified = await api
				.circuitVerify({ verificationKey, publicInputs, proof: fieldsOf(read.proof), settings: PROOF_SYSTEM })
				// The verifier throws for points off the curve and numbers out of range.
				.then((answer) => answer.verified)
				.catch(() => false);
			const key = { key: createHash('sha256').update(verificationKey).digest('hex') };
			children.push(
				verified
					? passed({ check: 'zk-sd-jwt/proof', title: 'Proof', reason: 'The proof holds for this issuer, type, claim, day and request.', evidence: key })
					: failed({ check: 'zk-sd-jwt/proof', title: 'Proof', reason: 'The proof does not hold for what was asked.', code: 'zk-sd-jwt/invalid-proof' }),
				setupNode(referenceString),
				skipped({
					check: 'zk-sd-jwt/revocation',
					title: 'Revocation',
					reason: 'Whether the issuer has revoked the credential is not part of this proof; that it has not expired is.',
					code: 'zk-sd-jwt/revocation-not-proven',
				}),
			);
			return report(children);
		},

		async close(): Promise<void> {
			await Promise.all([...provers].map((each) => each.destroy()));
			await (await verifier?.catch(() => undefined))?.destroy();
			verifier = undefined;
		},
	};
}

const report = (children: readonly ReportNode[]): ReportNode =>
	group(
		{
			check: 'zk-sd-jwt',
			title: 'Age, proven without showing the credential',
			passed: 'The holder has an unexpired credential of this issuer and type that says so.',
			failed: 'The age is not proven.',
		},
		children,
	);

function setupNode({ setup, id }: ReferenceStringFolder): ReportNode {
	const leaf = { check: 'zk-sd-jwt/setup', title: 'Reference string', evidence: { setup, sha256: id } };
	return setup === 'canonical'
		? passed({ ...leaf, reason: "The reference string is the one of Aztec's public ceremony." })
		: warning({
				...leaf,
				reason: 'The reference string was made for development: whoever made it could forge this proof.',
				code: 'zk-sd-jwt/development-setup',
			});
}

function readProof(value: unknown): { circuit: CircuitName; artifact: string; proof: Uint8Array } | undefined {
	if (typeof value !== 'object' || value === null) return undefined;
	const { v, type, circuit, artifact, proof } = value as { [name: string]: unknown };
	if (v !== 1 || type !== 'noir-ultrahonk-sd-jwt' || typeof artifact !== 'string' || typeof proof !== 'string') return undefined;
	if (typeof circuit !== 'string' || !Object.hasOwn(ARTIFACT_SHA256, circuit)) return undefined;
	if (proof.length !== Math.ceil((PROOF_BYTES * 4) / 3)) return undefined;
	try {
		return { circuit: circuit as CircuitName, artifact, proof: base64urlDecode(proof) };
	} catch {
		return undefined;
	}
}

const fieldsOf = (proof: Uint8Array): Uint8Array[] => Array.from({ length: proof.length / 32 }, (_, i) => proof.slice(i * 32, i * 32 + 32));
