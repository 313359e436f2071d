import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { buildBn128 } from 'ffjavascript';
import { groth16 } from 'snarkjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { artifactsInFolder } from './artifacts-folder.node.ts';
import { snarkjsEngine } from './engine-snarkjs.ts';
import { FIELD_ORDER } from './field.ts';
import { circuitInputs } from './inputs.ts';
import type { Artifacts, CircuitInputs, Groth16Proof, ProofEngine, ProofProgress } from './model.ts';
import { BASE_FIELD_ORDER, encodeProof } from './proof-bytes.ts';
import { overAge } from './statement.ts';
import { credential, TYPE } from './test/fixture.ts';
import { witnessCalculator } from './witness-calculator.ts';

const FOLDER = fileURLToPath(new URL('../../../circuits/', import.meta.url));
let artifacts: Artifacts;
let engine: ProofEngine;
let inputs: CircuitInputs;
let proof: Groth16Proof;
let publicSignals: readonly string[];
const steps: ProofProgress[] = [];

beforeAll(async () => {
	artifacts = await artifactsInFolder(FOLDER, { production: false });
	engine = snarkjsEngine({ artifacts });
	inputs = circuitInputs({ statement: overAge(18, 20_261_125), types: [TYPE] }, [credential()], 20_261_125, 42n).inputs;
	({ proof, publicSignals } = await engine.prove('bound', inputs, { onProgress: (progress) => steps.push(progress) }));
});
afterAll(async () => {
	await engine.close();
	// snarkjs' own verifier starts threads in a global.
	await (globalThis as { curve_bn128?: { terminate(): Promise<void> } }).curve_bn128?.terminate();
});

test('its proofs hold, here and in snarkjs, and its progress is told', async () => {
	expect(await engine.verify('bound', publicSignals, proof)).toBe(true);
	expect(await groth16.verify(await artifacts.vkey('bound'), publicSignals, proof)).toBe(true);
	expect(steps.map(({ step }) => step)).toEqual(['loading', 'witness', 'proof', 'done']);
});

test('two proofs of one statement have nothing in common', async () => {
	const again = await engine.prove('bound', inputs);
	expect(again.publicSignals).toEqual(publicSignals);
	expect(encodeProof(again.proof).slice(0, 20)).not.toBe(encodeProof(proof).slice(0, 20));
});

test('anybody can make another proof from one: its bytes are no identifier', async () => {
	const curve = await buildBn128(true);
	const { G1, G2 } = curve as unknown as { G1: Affine; G2: Affine };
	const factor = 12_345n;
	const a = G1.toObject(G1.toAffine(G1.timesScalar(G1.fromObject(proof.pi_a.map(BigInt)), factor)));
	const b = G2.toObject(G2.toAffine(G2.timesScalar(G2.fromObject(proof.pi_b.map((pair) => pair.map(BigInt))), inverse(factor))));
	const other: Groth16Proof = { ...proof, pi_a: a.map(String), pi_b: (b as unknown as bigint[][]).map((pair) => pair.map(String)) };
	expect(encodeProof(other)).not.toBe(encodeProof(proof));
	expect(await engine.verify('bound', publicSignals, other)).toBe(true);
});

interface Affine {
	fromObject(coordinates: readonly unknown[]): Uint8Array;
	toObject(point: Uint8Array): bigint[];
	toAffine(point: Uint8Array): Uint8Array;
	timesScalar(point: Uint8Array, scalar: bigint): Uint8Array;
}

function inverse(value: bigint): bigint {
	let [result, base] = [1n, value];
	for (let exponent = FIELD_ORDER - 2n; exponent > 0n; exponent >>= 1n, base = (base * base) % FIELD_ORDER)
		if (exponent & 1n) result = (result * base) % FIELD_ORDER;
	return result;
}

describe('refused', () => {
	const holds = (signals: readonly string[], candidate: unknown) => engine.verify('bound', signals, candidate as Groth16Proof);

	test('public signals that are congruent to the right ones', async () => {
		for (const index of publicSignals.keys()) {
			const alias = publicSignals.with(index, (BigInt(publicSignals[index] ?? 0) + FIELD_ORDER).toString());
			expect(await holds(alias, proof)).toBe(false);
		}
	});

	test('public signals too few or too many', async () => {
		expect(await holds(publicSignals.slice(1), proof)).toBe(false);
		expect(await holds([...publicSignals, '0'], proof)).toBe(false);
		expect(await holds([], proof)).toBe(false);
	});

	test('points off the curve, zero points, coordinates that are congruent to the right ones', async () => {
		const [x = '', y = ''] = proof.pi_a;
		expect(await holds(publicSignals, { ...proof, pi_a: [(BigInt(x) + 1n).toString(), y, '1'] })).toBe(false);
		expect(await holds(publicSignals, { ...proof, pi_c: ['1', '1', '1'] })).toBe(false);
		expect(await holds(publicSignals, { ...proof, pi_a: ['0', '0', '1'] })).toBe(false);
		expect(await holds(publicSignals, { ...proof, pi_c: ['0', '1', '0'] })).toBe(false);
		expect(await holds(publicSignals, { ...proof, pi_a: [(BigInt(x) + BASE_FIELD_ORDER).toString(), y, '1'] })).toBe(false);
	});

	test('a B on its curve, but outside the subgroup of prime order', async () => {
		const { G2 } = (await buildBn128(true)) as unknown as {
			G2: Affine & { F: Field; b: Uint8Array; isValid(point: Uint8Array): boolean; isZero(point: Uint8Array): boolean };
		};
		const { F } = G2;
		for (let i = 1n; ; i++) {
			const x = F.fromObject([i, 1n]);
			const square = F.add(F.mul(F.square(x), x), G2.b);
			const y = sqrt2(F.toObject(square));
			if (y === undefined) continue;
			const candidate = [F.toObject(x), y, [1n, 0n]];
			const point = G2.fromObject(candidate);
			expect(G2.isValid(point)).toBe(true);
			if (G2.isZero(G2.timesScalar(point, FIELD_ORDER))) continue;
			expect(await holds(publicSignals, { ...proof, pi_b: candidate.map((pair) => pair.map(String)) })).toBe(false);
			return;
		}
	});

	test('what is no proof', async () => {
		for (const candidate of [
			null,
			{},
			{ ...proof, curve: 'bls12381' },
			{ ...proof, protocol: 'plonk' },
			{ ...proof, pi_b: [] },
			{ ...proof, pi_a: [1, 2, 3] },
		]) {
			expect(await holds(publicSignals, candidate)).toBe(false);
		}
	});

	test('inputs that do not fulfil the statement', async () => {
		await expect(engine.prove('bound', { ...inputs, high: '19840125' })).rejects.toThrow(expect.objectContaining({ code: 'zk/unsatisfied' }));
		// The engine is not spoilt by it.
		expect((await engine.prove('bound', inputs)).publicSignals).toEqual(publicSignals);
	});

	test('inputs that are missing, unknown, or of another length', async () => {
		const { low: _low, ...missing } = inputs;
		for (const wrong of [missing, { ...inputs, other: '1' }, { ...inputs, bits: ['0'] }, { ...inputs, low: ['1', '2'] }]) {
			await expect(engine.prove('bound', wrong)).rejects.toThrow(expect.objectContaining({ code: 'zk/prover-failed' }));
		}
	});

	test('a circuit that is none', async () => {
		await expect(witnessCalculator(new Uint8Array(8))).rejects.toThrow(expect.objectContaining({ code: 'zk/artifact-malformed' }));
	});
});

interface Field {
	fromObject(value: readonly bigint[]): Uint8Array;
	toObject(value: Uint8Array): bigint[];
	add(a: Uint8Array, b: Uint8Array): Uint8Array;
	mul(a: Uint8Array, b: Uint8Array): Uint8Array;
	square(a: Uint8Array): Uint8Array;
}

/** A square root in Fp2 = Fp[i], p = 3 mod 4, by the complex method. */
function sqrt2([a = 0n, b = 0n]: readonly bigint[]): bigint[] | undefined {
	const p = BASE_FIELD_ORDER;
	const pow = (base: bigint, exponent: bigint): bigint => {
		let result = 1n;
		for (let x = ((base % p) + p) % p, e = exponent; e > 0n; e >>= 1n, x = (x * x) % p) if (e & 1n) result = (result * x) % p;
		return result;
	};
	const root = (value: bigint): bigint | undefined => {
		const candidate = pow(value, (p + 1n) / 4n);
		return (candidate * candidate - value) % p === 0n ? candidate : undefined;
	};
	const norm = root((a * a + b * b) % p);
	if (norm === undefined) return undefined;
	for (const sign of [norm, p - norm]) {
		const x = root((((a + sign) % p) * pow(2n, p - 2n)) % p);
		if (x === undefined || x === 0n) continue;
		return [x, (b * pow(2n * x, p - 2n)) % p];
	}
	return undefined;
}

test('with threads or without, a process that has proven and verified ends by itself', async () => {
	const script = fileURLToPath(new URL('./test/prove-and-end.ts', import.meta.url));
	const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
	let output = '';
	child.stdout.on('data', (data) => {
		output += data;
	});
	expect(await new Promise((resolve) => child.on('close', resolve))).toBe(0);
	expect(output).toBe('single true\nthreads true\n');
});
