import { failed, group, passed, type ReportNode } from '@holdfast/kernel';
import { bn254 } from '@noble/curves/bn254.js';
import { FIELD_MODULUS, SCALAR_MODULUS } from './curve.ts';

const { G1, G2 } = bn254;
type G1Point = InstanceType<typeof G1.Point>;
type G2Point = InstanceType<typeof G2.Point>;

type Lines = ReturnType<typeof bn254.utils.calcPairingPrecomputes>;
type Fp12 = ReturnType<typeof bn254.millerLoopBatch>;
type PairingTerm = Parameters<typeof bn254.millerLoopBatch>[0][number];

/** Judges proofs by one key. The arguments are hostile until the report has passed. */
export type Verifier = (publicSignals: unknown, proof: unknown) => ReportNode;

/**
 * Verifies Groth16 proofs on BN254 in snarkjs's JSON form (Groth16, section 3.2), and everything that the pairing
 * equation takes for granted: that points are on their curves, in their subgroups and written in one way only, that
 * public signals are as many as the key says and below the group's order, and that the key is not the one of an
 * unfinished ceremony (gamma = delta), with which anybody can prove anything.
 *
 * What depends on the key alone is worked out once. Whose key it is, and what the signals mean, is for the caller.
 */
export function createVerifier(verificationKey: unknown): Verifier {
	const title = { check: 'groth16', title: 'Zero-knowledge proof', passed: 'The proof is valid for this statement.', failed: 'The proof was not accepted.' };
	const key = readKey(verificationKey);
	return (publicSignals, proof) => {
		if (!key.value) return group(title, [key.node]);
		const signals = readSignals(publicSignals, key.value.ic.length - 1);
		const points = readProof(proof);
		if (!signals.value || !points.value) return group(title, [key.node, signals.node, points.node]);
		return group(title, [key.node, signals.node, points.node, checkPairing(key.value, signals.value, points.value)]);
	};
}

/** Verifies one proof: `createVerifier(verificationKey)(publicSignals, proof)`. */
export const verify = (verificationKey: unknown, publicSignals: unknown, proof: unknown): ReportNode => createVerifier(verificationKey)(publicSignals, proof);

interface Key {
	/** e(alpha, beta) before the final exponentiation. */
	readonly alphaBeta: Fp12;
	readonly gamma: Lines;
	readonly delta: Lines;
	readonly ic: readonly G1Point[];
}

interface ProofPoints {
	readonly a: G1Point;
	readonly b: G2Point;
	readonly c: G1Point;
}

/** What was read, if it could be, and the check's result. */
interface Read<T> {
	readonly value?: T;
	readonly node: ReportNode;
}

function readKey(source: unknown): Read<Key> {
	const leaf = { check: 'key', title: 'Verification key' };
	const refuse = (code: string, reason: string): Read<Key> => ({ node: failed({ ...leaf, code, reason }) });
	if (!isRecord(source) || source.protocol !== 'groth16' || source.curve !== 'bn128') {
		return refuse('groth16/key-kind', 'The verification key is not one for Groth16 on BN254.');
	}
	const [alpha, beta, gamma, delta] = [readG1(source.vk_alpha_1), readG2(source.vk_beta_2), readG2(source.vk_gamma_2), readG2(source.vk_delta_2)];
	const list = source.IC;
	const ic = Array.isArray(list) && list.length <= MAX_PUBLIC_SIGNALS + 1 ? list.map(readG1) : [];
	if (!alpha || !beta || !gamma || !delta || ic.length === 0 || ic.some((point) => !point)) {
		return refuse('groth16/key-points', 'The verification key has a point that is not one of its group.');
	}
	if (source.nPublic !== ic.length - 1) return refuse('groth16/key-count', 'The verification key contradicts itself about the number of public signals.');
	if ([alpha, beta, gamma, delta].some((point) => point.is0())) return refuse('groth16/key-infinite', 'The verification key has a point at infinity.');
	if (gamma.equals(delta)) {
		return refuse('groth16/key-unfinished', 'The key’s ceremony has no second phase (gamma equals delta): anybody could make proofs for it.');
	}
	return {
		value: {
			alphaBeta: bn254.millerLoopBatch([pairingTerm(alpha, linesOf(beta))]),
			gamma: linesOf(gamma),
			delta: linesOf(delta),
			ic: ic as G1Point[],
		},
		node: passed({ ...leaf, reason: 'The key’s points are in their groups, and its second phase has begun.' }),
	};
}

/** Enough for any statement here, and a bound on what a stranger's key can cost. */
const MAX_PUBLIC_SIGNALS = 1000;

function readSignals(source: unknown, expected: number): Read<readonly bigint[]> {
	const leaf = { check: 'public-signals', title: 'Public signals' };
	if (!Array.isArray(source) || source.length !== expected) {
		return { node: failed({ ...leaf, code: 'groth16/signal-count', reason: 'The number of public signals is not the one that the key is for.' }) };
	}
	const signals = source.map((signal) => readNumber(signal, SCALAR_MODULUS));
	if (signals.includes(undefined)) {
		return { node: failed({ ...leaf, code: 'groth16/signal-range', reason: 'A public signal is not a number below the group’s order.' }) };
	}
	return { value: signals as bigint[], node: passed({ ...leaf, reason: 'As many as the key says, each below the group’s order.' }) };
}

function readProof(source: unknown): Read<ProofPoints> {
	const leaf = { check: 'points', title: 'Points of the proof' };
	if (!isRecord(source) || source.protocol !== 'groth16' || source.curve !== 'bn128') {
		return { node: failed({ ...leaf, code: 'groth16/proof-kind', reason: 'This is not a Groth16 proof on BN254.' }) };
	}
	const [a, b, c] = [readG1(source.pi_a), readG2(source.pi_b), readG1(source.pi_c)];
	if (!a || !b || !c) return { node: failed({ ...leaf, code: 'groth16/proof-points', reason: 'The proof has a point that is not one of its group.' }) };
	return { value: { a, b, c }, node: passed({ ...leaf, reason: 'On their curves and in their subgroups.' }) };
}

/** e(A, B) = e(alpha, beta) e(IC[0] + sum signal * IC, gamma) e(C, delta) */
function checkPairing(key: Key, signals: readonly bigint[], { a, b, c }: ProofPoints): ReportNode {
	const leaf = { check: 'equation', title: 'Proof equation' };
	let publicPart = key.ic[0] as G1Point;
	for (const [i, signal] of signals.entries()) {
		if (signal !== 0n) publicPart = publicPart.add((key.ic[i + 1] as G1Point).multiplyUnsafe(signal));
	}
	const terms = [
		...(a.is0() || b.is0() ? [] : [pairingTerm(a.negate(), linesOf(b))]),
		...(publicPart.is0() ? [] : [pairingTerm(publicPart, key.gamma)]),
		...(c.is0() ? [] : [pairingTerm(c, key.delta)]),
	];
	const { Fp12 } = bn254.fields;
	const product = Fp12.finalExponentiate(Fp12.mul(bn254.millerLoopBatch(terms), key.alphaBeta));
	if (!Fp12.eql(product, Fp12.ONE)) {
		return failed({ ...leaf, code: 'groth16/invalid', reason: 'The proof does not prove this statement.' });
	}
	return passed({ ...leaf, reason: 'The pairing equation holds.' });
}

const linesOf = (point: G2Point): Lines => bn254.utils.calcPairingPrecomputes(point);

function pairingTerm(point: G1Point, lines: Lines): PairingTerm {
	const { x, y } = point.toAffine();
	return [lines, x, y];
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;

/** A decimal number below `modulus`, without leading zeros: one way to write each. */
function readNumber(value: unknown, modulus: bigint): bigint | undefined {
	if (typeof value !== 'string' || !/^(0|[1-9][0-9]{0,77})$/.test(value)) return undefined;
	const number = BigInt(value);
	return number < modulus ? number : undefined;
}

function readNumbers(value: unknown, count: number): bigint[] | undefined {
	if (!Array.isArray(value) || value.length !== count) return undefined;
	const numbers = value.map((each) => readNumber(each, FIELD_MODULUS));
	return numbers.includes(undefined) ? undefined : (numbers as bigint[]);
}

function readG1(value: unknown): G1Point | undefined {
	const numbers = readNumbers(value, 3);
	if (!numbers) return undefined;
	const [x, y, z] = numbers as [bigint, bigint, bigint];
	if (z === 0n) return x === 0n && y === 1n ? G1.Point.ZERO : undefined;
	return z === 1n ? valid(() => G1.Point.fromAffine({ x, y })) : undefined;
}

function readG2(value: unknown): G2Point | undefined {
	if (!Array.isArray(value) || value.length !== 3) return undefined;
	const parts = value.map((part) => readNumbers(part, 2));
	const [x, y, z] = parts;
	if (!x || !y || !z || z[1] !== 0n) return undefined;
	if (z[0] === 0n) return x.every((part) => part === 0n) && y[0] === 1n && y[1] === 0n ? G2.Point.ZERO : undefined;
	const fp2 = ([c0, c1]: bigint[]) => bn254.fields.Fp2.fromBigTuple([c0 as bigint, c1 as bigint]);
	return z[0] === 1n ? valid(() => G2.Point.fromAffine({ x: fp2(x), y: fp2(y) })) : undefined;
}

/** The point, if it is on its curve and in the subgroup of the right order. */
function valid<P extends { assertValidity(): void }>(make: () => P): P | undefined {
	try {
		const point = make();
		point.assertValidity();
		return point;
	} catch {
		return undefined;
	}
}
