import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { base64urlDecode, base64urlEncode } from '@holdfast/crypto';
import { failed, group, passed, type ReportNode, skipped, warning } from '@holdfast/kernel';
import { ARTIFACT_SHA256, readArtifact } from './artifact.ts';
import type { AgeEngine, ProveOptions } from './engine.ts';
import { type Honk, type HonkCircuit, type HonkOptions, openHonk, PROOF_BYTES } from './honk.node.ts';
import type { CircuitInputs } from './inputs.ts';
import type { AgeProof, CircuitName, Statement } from './model.ts';
import type { ReferenceStringFolder } from './reference-string-folder.node.ts';
import { publicFields, publicInputsOf } from './statement.ts';

const POINTS: { readonly [name in CircuitName]: number } = { small: 2 ** 18 + 1, medium: 2 ** 19 + 1 };

/** The engine for ordinary documents. `circuits` is the folder with `small.json` and so on; a circuit whose pinned artifact is not there, or is another, is refused. */
export function openEngine(options: HonkOptions & { readonly circuits: string }): AgeEngine {
	const honk: Honk = openHonk(options);
	const circuits = new Map<CircuitName, Promise<HonkCircuit>>();

	const load = (name: CircuitName): Promise<HonkCircuit> => {
		const known = circuits.get(name);
		if (known) return known;
		const loading = readFile(join(options.circuits, `${name}.json`), 'utf8')
			.catch(() => '')
			.then((text) => ({ name, hash: ARTIFACT_SHA256[name], artifact: readArtifact(name, text), points: POINTS[name] }));
		circuits.set(name, loading);
		loading.catch(() => circuits.delete(name));
		return loading;
	};

	return {
		referenceString: honk.referenceString,
		circuits: Object.keys(ARTIFACT_SHA256) as CircuitName[],

		async prove(inputs: CircuitInputs, { signal, onStage }: ProveOptions = {}): Promise<AgeProof> {
			const circuit = await load(inputs.circuit);
			onStage?.('witness');
			const { proof } = await honk.prove(
				circuit,
				{ said: { ...inputs.said }, secret: { ...inputs.secret } },
				{ ...(signal ? { signal } : {}), onWitness: () => onStage?.('proof') },
			);
			return { v: 1, type: 'noir-ultrahonk-sd-jwt', circuit: inputs.circuit, artifact: circuit.hash, proof: base64urlEncode(proof) };
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
			const verified = await honk.verify(circuit, publicFields(publicInputsOf(statement)), read.proof);
			const key = { key: await honk.keyHash(circuit) };
			children.push(
				verified
					? passed({ check: 'zk-sd-jwt/proof', title: 'Proof', reason: 'The proof holds for this issuer, type, claim, day and request.', evidence: key })
					: failed({ check: 'zk-sd-jwt/proof', title: 'Proof', reason: 'The proof does not hold for what was asked.', code: 'zk-sd-jwt/invalid-proof' }),
				setupNode(honk.referenceString),
				skipped({
					check: 'zk-sd-jwt/revocation',
					title: 'Revocation',
					reason: 'Whether the issuer has revoked the credential is not part of this proof; that it has not expired is.',
					code: 'zk-sd-jwt/revocation-not-proven',
				}),
			);
			return report(children);
		},

		close: () => honk.close(),
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
