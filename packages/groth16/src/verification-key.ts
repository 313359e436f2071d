import { FIELD_MODULUS } from './curve.ts';
import { modInverse } from './wasm/field.ts';
import { G1_BYTES, G2_BYTES, readInteger, type Zkey } from './zkey.ts';

/** Points as snarkjs writes them: projective decimal strings, the last coordinate "1" (or "0" for infinity). */
export type G1Json = readonly [string, string, string];
export type G2Json = readonly [readonly [string, string], readonly [string, string], readonly [string, string]];

/** snarkjs's verification_key.json for Groth16. `vk_alphabeta_12`, which snarkjs adds, is neither needed nor trusted. */
export interface VerificationKey {
	readonly protocol: 'groth16';
	readonly curve: 'bn128';
	readonly nPublic: number;
	readonly vk_alpha_1: G1Json;
	readonly vk_beta_2: G2Json;
	readonly vk_gamma_2: G2Json;
	readonly vk_delta_2: G2Json;
	readonly IC: readonly G1Json[];
}

/** snarkjs's proof.json for Groth16. */
export interface Proof {
	readonly pi_a: G1Json;
	readonly pi_b: G2Json;
	readonly pi_c: G1Json;
	readonly protocol: 'groth16';
	readonly curve: 'bn128';
}

export function verificationKeyOf(zkey: Zkey): VerificationKey {
	return {
		protocol: 'groth16',
		curve: 'bn128',
		nPublic: zkey.publicSignals,
		vk_alpha_1: g1FromFile(zkey.alpha1),
		vk_beta_2: g2FromFile(zkey.beta2),
		vk_gamma_2: g2FromFile(zkey.gamma2),
		vk_delta_2: g2FromFile(zkey.delta2),
		IC: Array.from({ length: zkey.ic.length / G1_BYTES }, (_, i) => g1FromFile(zkey.ic.subarray(i * G1_BYTES, (i + 1) * G1_BYTES))),
	};
}

export const g1Json = (x: bigint, y: bigint): G1Json => (x === 0n && y === 0n ? ['0', '1', '0'] : [x.toString(), y.toString(), '1']);

export const g2Json = (x: readonly [bigint, bigint], y: readonly [bigint, bigint]): G2Json =>
	[...x, ...y].every((part) => part === 0n)
		? [
				['0', '0'],
				['1', '0'],
				['0', '0'],
			]
		: [
				[x[0].toString(), x[1].toString()],
				[y[0].toString(), y[1].toString()],
				['1', '0'],
			];

const FROM_FILE = modInverse(1n << 256n, FIELD_MODULUS);

/** Numbers of the file's Montgomery form. */
function numbers(bytes: Uint8Array): bigint[] {
	return Array.from({ length: bytes.length / 32 }, (_, i) => (readInteger(bytes.subarray(i * 32, (i + 1) * 32)) * FROM_FILE) % FIELD_MODULUS);
}

function g1FromFile(bytes: Uint8Array): G1Json {
	const [x, y] = numbers(bytes.subarray(0, G1_BYTES)) as [bigint, bigint];
	return g1Json(x, y);
}

function g2FromFile(bytes: Uint8Array): G2Json {
	const [x0, x1, y0, y1] = numbers(bytes.subarray(0, G2_BYTES)) as [bigint, bigint, bigint, bigint];
	return g2Json([x0, x1], [y0, y1]);
}
