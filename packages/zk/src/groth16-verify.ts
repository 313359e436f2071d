/// <reference path="./libraries.d.ts" />
import { buildBn128, type Curve } from 'ffjavascript';
import { FIELD_ORDER, readDecimal } from './field.ts';
import type { VerificationKey } from './model.ts';
import { proofPoints } from './proof-bytes.ts';

/** Checks Groth16 proofs over BN254. */
export interface Groth16Verifier {
	/** False for everything that is not a proof of exactly these public signals. */
	verify(key: VerificationKey, publicSignals: readonly string[], proof: unknown): Promise<boolean>;
}

/**
 * The same equation as `snarkjs.groth16.verify`, on the same library, but: in this thread (snarkjs starts workers that keep a
 * process alive); points must be on their curve, B in the subgroup of prime order (G2 has a cofactor; snarkjs looks at the
 * curve only), none of them zero; the number of public signals must be the key's, each below the field's order in its one
 * decimal spelling.
 */
export function groth16Verifier(): Groth16Verifier {
	let curve: Promise<Curve> | undefined;
	return {
		async verify(key, publicSignals, proof) {
			const points = proofPoints(proof);
			const signals = publicSignals.map(readDecimal);
			if (points === undefined || signals.length !== key.nPublic || key.IC.length !== key.nPublic + 1) return false;
			if (!signals.every((each) => each !== undefined)) return false;
			curve ??= buildBn128(true);
			const { G1, G2, pairingEq } = await curve;
			const a = G1.fromObject([...points.a, 1n]);
			const b = G2.fromObject([...points.b, [1n, 0n]]);
			const c = G1.fromObject([...points.c, 1n]);
			if (![a, c].every((point) => G1.isValid(point) && !G1.isZero(point))) return false;
			if (!G2.isValid(b) || G2.isZero(b) || !G2.isZero(G2.timesScalar(b, FIELD_ORDER))) return false;
			const g1 = (point: readonly string[] | undefined) => G1.fromObject((point ?? []).map(BigInt));
			const g2 = (point: readonly (readonly string[])[]) => G2.fromObject(point.map((pair) => pair.map(BigInt)));
			let inputs = g1(key.IC[0]);
			for (const [index, signal] of signals.entries()) inputs = G1.add(inputs, G1.timesScalar(g1(key.IC[index + 1]), signal));
			return pairingEq.call(await curve, G1.neg(a), b, inputs, g2(key.vk_gamma_2), c, g2(key.vk_delta_2), g1(key.vk_alpha_1), g2(key.vk_beta_2));
		},
	};
}
