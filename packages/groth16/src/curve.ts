/** BN254, called bn128 by circom and alt_bn128 by EIP-196: the parameters that both formats fix. */

/** The coordinate field's modulus. */
export const FIELD_MODULUS = 21888242871839275222246405745257275088696311157297823662689037894645226208583n;

/** The order of both groups, and the modulus of circuits' values. */
export const SCALAR_MODULUS = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;

/** The largest k for which 2^k divides SCALAR_MODULUS - 1, and a number that is no square: they make the roots of unity. */
export const TWO_ADICITY = 28;
export const NON_RESIDUE = 5n;

/** y^2 = x^3 + 3 in G1; b = 3 / (9 + u) in G2. */
export const G1_B = 3n;
export const G2_B: readonly [bigint, bigint] = [
	19485874751759354771024239261021720505790618469301721065564631296452457478373n,
	266929791119991161246907387137283842545076965332900288569378510910307636690n,
];

export function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
	let [result, square, rest] = [1n, base % modulus, exponent];
	while (rest > 0n) {
		if (rest & 1n) result = (result * square) % modulus;
		square = (square * square) % modulus;
		rest >>= 1n;
	}
	return result;
}

/** A primitive 2^k-th root of unity, the one that snarkjs uses. */
export function rootOfUnity(k: number): bigint {
	const generator = power(NON_RESIDUE, (SCALAR_MODULUS - 1n) >> BigInt(TWO_ADICITY), SCALAR_MODULUS);
	return power(generator, 1n << BigInt(TWO_ADICITY - k), SCALAR_MODULUS);
}
