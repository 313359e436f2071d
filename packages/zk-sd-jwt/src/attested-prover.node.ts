import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { base64urlDecode, base64urlEncode, hexDecode, hexEncode } from '@holdfast/crypto';
import { type CircuitId, type CircuitInputs, ceremonyNode, developmentNode, keyNode, type StatementProver, ZkError } from '@holdfast/zk';
import { readPinned } from './artifact.ts';
import { ZkSdJwtError } from './errors.ts';
import { type HonkCircuit, type HonkOptions, openHonk } from './honk.node.ts';

/** SHA-256 of the artifacts in circuits/attested/target. A build of the same source gives the same text. */
const ATTESTED_SHA256 = { bound: '18f05be615f75151c91e75282fb9f5f4e16cb86d0617754c0c36236a14626d68' } as const;
type AttestedCircuit = keyof typeof ATTESTED_SHA256;

const isAttested = (circuit: CircuitId): circuit is AttestedCircuit => Object.hasOwn(ATTESTED_SHA256, circuit);
const POINTS = 2 ** 15 + 1;

/** The statements of `@holdfast/zk` about attested claims, with UltraHonk: no setup for a circuit, but a reference string. */
export interface AttestedProver extends StatementProver {
	/** Ends the processes that it started. */
	close(): Promise<void>;
}

/**
 * `circuits` is the folder with `bound.json`. So far there is the statement `bound` without revocation; the others get `zk/unknown-circuit`. A missing or
 * changed artifact is refused (`zk-sd-jwt/bad-artifact`).
 */
export function openAttestedProver(options: HonkOptions & { readonly circuits: string }): AttestedProver {
	const honk = openHonk(options);
	const { setup, id } = options.referenceString;
	const name = setup === 'canonical' ? 'Aztec’s public ceremony for reference strings' : 'reference string made for development';
	const loaded = new Map<AttestedCircuit, Promise<HonkCircuit>>();
	const load = (circuit: CircuitId): Promise<HonkCircuit> => {
		if (!isAttested(circuit)) throw new ZkError('zk/unknown-circuit', 'This statement cannot be proven in this way.');
		const known = loaded.get(circuit);
		if (known) return known;
		const hash = ATTESTED_SHA256[circuit];
		const loading = readFile(join(options.circuits, `${circuit}.json`), 'utf8')
			.catch(() => '')
			.then((text) => ({ name: circuit, hash, artifact: readPinned(hash, text), points: POINTS }));
		loaded.set(circuit, loading);
		// A failure is not kept: the file may be there next time.
		loading.catch(() => loaded.delete(circuit));
		return loading;
	};
	return {
		system: 'ultrahonk-bn254',
		setup: { label: setup === 'canonical' ? 'ceremony' : 'development', name },
		circuits: Object.keys(ATTESTED_SHA256) as AttestedCircuit[],

		async prove(circuitId, inputs, { signal, onProgress } = {}) {
			onProgress?.({ step: 'loading', fraction: 0 });
			const circuit = await load(circuitId);
			onProgress?.({ step: 'witness', fraction: 0.1 });
			try {
				const { proof, publicInputs } = await honk.prove(circuit, noirInputs(inputs), {
					...(signal ? { signal } : {}),
					onWitness: () => onProgress?.({ step: 'proof', fraction: 0.3 }),
				});
				onProgress?.({ step: 'done', fraction: 1 });
				// What a circuit returns comes last in Noir, first in circom.
				const signals = publicInputs.map((each) => BigInt(`0x${hexEncode(each)}`).toString());
				return { proof: base64urlEncode(proof), publicSignals: [...signals.slice(-1), ...signals.slice(0, -1)], vkey: await honk.keyHash(circuit) };
			} catch (cause) {
				if (!(cause instanceof ZkSdJwtError)) throw cause;
				if (cause.code === 'zk-sd-jwt/cancelled') throw new ZkError('zk/aborted', 'The proof was stopped.');
				if (cause.code === 'zk-sd-jwt/unfulfilled') throw new ZkError('zk/unsatisfied', 'These inputs do not fulfil the statement.', { cause });
				if (cause.code === 'zk-sd-jwt/prover-failed') throw new ZkError('zk/prover-failed', 'The proof could not be made.', { cause });
				throw cause;
			}
		},

		async verify(circuitId, publicSignals, proof) {
			const circuit = await load(circuitId);
			const fields = publicSignals.map((signal) => hexDecode(BigInt(signal).toString(16).padStart(64, '0')));
			return honk.verify(circuit, [...fields.slice(1), ...fields.slice(0, 1)], base64urlDecode(proof));
		},

		async checkKey(circuitId, vkey) {
			const evidence = { setup: name, 'reference string': `SHA-256 ${id}`, circuit: `SHA-256 ${(await load(circuitId)).hash}` };
			return [
				keyNode(vkey, await honk.keyHash(await load(circuitId))),
				setup === 'canonical'
					? ceremonyNode(
							'The key needs no setup of its own. It rests on the reference string of a public ceremony; one honest contributor is enough.',
							evidence,
						)
					: developmentNode(name, evidence),
			];
		},

		close: () => honk.close(),
	};
}

/** The names that the Noir circuit has for the inputs of circuits/bound.circom. */
function noirInputs({ issuer, type, name, kind, low, high, today, context, scope, value, salt, bits, siblings, ...attested }: CircuitInputs) {
	const { secret, blinding, from, until, revocationId, R8, S } = attested;
	return {
		issuer,
		credential_type: type,
		name,
		kind,
		low,
		high,
		today,
		context,
		scope,
		value,
		salt,
		bits,
		siblings,
		attestation: { secret, blinding, from, until, revocation_id: revocationId, r8: R8, s: S },
	};
}
