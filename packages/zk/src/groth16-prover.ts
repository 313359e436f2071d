import { ceremonyNode, developmentNode, keyNode } from './checks/key.ts';
import type { Artifacts, ProofEngine, ProvenBy, StatementProver } from './model.ts';
import { decodeProof, encodeProof } from './proof-bytes.ts';
import { CIRCUIT_IDS } from './public-signals.ts';

/** Groth16 by any of its engines: the default. */
function groth16Prover({ artifacts, engine }: { readonly artifacts: Artifacts; readonly engine: ProofEngine }): StatementProver {
	const { setup, circuits } = artifacts.manifest;
	return {
		system: engine.id,
		setup,
		circuits: CIRCUIT_IDS,
		async prove(circuit, inputs, options) {
			const { proof, publicSignals } = await engine.prove(circuit, inputs, options);
			return { proof: encodeProof(proof), publicSignals, vkey: circuits[circuit].vkey.sha256 };
		},
		async verify(circuit, publicSignals, text) {
			const proof = decodeProof(text);
			return proof !== undefined && engine.verify(circuit, publicSignals, proof);
		},
		async checkKey(circuit, vkey) {
			const entry = circuits[circuit];
			const evidence = {
				setup: setup.name,
				phase1: `${setup.phase1.source} (2^${setup.phase1.power}, SHA-256 ${setup.phase1.sha256})`,
				contributions: String(entry.contributions),
				circuit: `r1cs SHA-256 ${entry.r1cs}`,
			};
			return [
				keyNode(vkey, entry.vkey.sha256),
				setup.label === 'ceremony'
					? ceremonyNode(`The key comes from a ceremony with ${entry.contributions} contributions; one honest contributor is enough.`, evidence)
					: developmentNode(setup.name, evidence),
			];
		},
	};
}

export const proverOf = (by: ProvenBy): StatementProver => ('prover' in by ? by.prover : groth16Prover(by));
