import { poseidon2, poseidon5 } from 'poseidon-lite';
import { SCALAR_MODULUS as P, power } from '../src/curve.ts';
import { modInverse } from '../src/wasm/field.ts';

/** Inputs for fixtures/signed-claim.circom: an issuer that signs with EdDSA-Poseidon, in plain integers. Test keys only. */

type Point = readonly [bigint, bigint];

// Baby Jubjub (EIP-2494)
const A = 168700n;
const D = 168696n;
const SUBGROUP_ORDER = 2736030358979909402780800718157159386076813972158567259200215660948447373041n;
const BASE8: Point = [
	5299619240641551281634865583518297030282874472190772894086521144482721001553n,
	16950150798460657717958625567821834550301663161624707787222815936182638968203n,
];

const modulo = (value: bigint): bigint => ((value % P) + P) % P;

function add([x1, y1]: Point, [x2, y2]: Point): Point {
	const product = modulo(D * modulo(x1 * x2) * modulo(y1 * y2));
	return [modulo((x1 * y2 + y1 * x2) * modInverse(modulo(1n + product), P)), modulo((y1 * y2 - A * x1 * x2) * modInverse(modulo(1n - product), P))];
}

function multiply(point: Point, scalar: bigint): Point {
	let [result, double, rest]: [Point, Point, bigint] = [[0n, 1n], point, scalar];
	for (; rest > 0n; rest >>= 1n) {
		if (rest & 1n) result = add(result, double);
		double = add(double, double);
	}
	return result;
}

export interface Claim {
	readonly secretKey: bigint;
	readonly nonce: bigint;
	readonly claim: bigint;
	readonly salt: bigint;
	readonly bound: bigint;
	readonly scope: bigint;
	/** Place among the sixteen. */
	readonly place: number;
	readonly siblings: readonly bigint[];
}

export const EXAMPLE: Claim = {
	secretKey: 1_234_567_890_123_456_789n,
	nonce: 987_654_321_987_654_321n,
	claim: 30n,
	salt: power(3n, 200n, P),
	bound: 18n,
	scope: power(5n, 300n, P),
	place: 0b1010,
	siblings: [11n, 22n, power(7n, 100n, P), power(11n, 100n, P)],
};

export function signedClaimInput(claim: Claim): Record<string, string | string[]> {
	const bits = [0, 1, 2, 3].map((i) => (claim.place >> i) & 1);
	let node = poseidon2([claim.claim, claim.salt]);
	for (const [i, bit] of bits.entries()) {
		const sibling = claim.siblings[i] as bigint;
		node = poseidon2(bit === 1 ? [sibling, node] : [node, sibling]);
	}
	const publicKey = multiply(BASE8, claim.secretKey);
	const r8 = multiply(BASE8, claim.nonce);
	const challenge = poseidon5([...r8, ...publicKey, node]);
	// 8 A is what circomlib multiplies with, and A here is a multiple of Base8.
	const s = (claim.nonce + challenge * 8n * claim.secretKey) % SUBGROUP_ORDER;
	return {
		Ax: String(publicKey[0]),
		Ay: String(publicKey[1]),
		bound: String(claim.bound),
		scope: String(claim.scope),
		claim: String(claim.claim),
		salt: String(claim.salt),
		place: bits.map(String),
		siblings: claim.siblings.map(String),
		R8x: String(r8[0]),
		R8y: String(r8[1]),
		S: String(s),
	};
}
