import { type Random, systemRandom, walkReport } from '@holdfast/kernel';
import fc from 'fast-check';
import { curves, groth16 } from 'snarkjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fixture, inMemory, witnessFile, witnessValues } from '../test/fixtures.ts';
import { EXAMPLE, signedClaimInput } from '../test/signed-claim.ts';
import { joinSections, smallKeySections } from '../test/small-zkey.ts';
import { SCALAR_MODULUS } from './curve.ts';
import { createProver, loadProvingKey, type ProofWithSignals, type Prover, type ProvingKey, verify } from './index.ts';

let key: ProvingKey;
let zkey: Uint8Array;
let prover: Prover;

beforeAll(() => {
	zkey = fixture('signed-claim.zkey');
	key = loadProvingKey(zkey);
	prover = createProver(key, { random: systemRandom, calculator: fixture('signed-claim.wasm') });
});
afterAll(async () => {
	await prover.close();
	await (await curves.getCurveFromName('bn128')).terminate();
});

const inputs = signedClaimInput(EXAMPLE);
const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
	promise.then(
		() => 'no error',
		(error) => error.code,
	);
/** The same bytes each time: for comparing, never for use. */
const fixedRandom: Random = { bytes: (length) => new Uint8Array(length).fill(9) };

async function bothVerify({ proof, publicSignals }: ProofWithSignals): Promise<boolean> {
	const ours = verify(key.verificationKey, publicSignals, proof).result === 'passed';
	expect(await groth16.verify(key.verificationKey, publicSignals, proof)).toBe(ours);
	return ours;
}

test('proofs of different statements verify here and in snarkjs', async () => {
	for (const changes of [{}, { claim: 18n }, { scope: 5n, place: 7 }, { claim: 2n ** 64n - 1n, bound: 2n ** 64n - 1n }]) {
		expect(await bothVerify(await prover.prove({ inputs: signedClaimInput({ ...EXAMPLE, ...changes }) }))).toBe(true);
	}
});

// HOLDFAST_STATEMENTS=1000 for a long run.
test('random statements: true ones verify in both, false ones are refused', async () => {
	const statements = Number(process.env.HOLDFAST_STATEMENTS ?? 3);
	const small = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
	const element = fc.bigInt({ min: 0n, max: SCALAR_MODULUS - 1n });
	const subgroupScalar = fc.bigInt({ min: 1n, max: 2n ** 250n });
	const statement = fc.record({
		secretKey: subgroupScalar,
		nonce: subgroupScalar,
		claim: small,
		salt: element,
		bound: small,
		scope: element,
		place: fc.integer({ min: 0, max: 15 }),
		siblings: fc.array(element, { minLength: 4, maxLength: 4 }),
	});
	await fc.assert(
		fc.asyncProperty(statement, async (claim) => {
			const proving = prover.prove({ inputs: signedClaimInput(claim) });
			if (claim.claim < claim.bound) expect(await codeOf(proving)).toBe('groth16/bad-input');
			else expect(await bothVerify(await proving)).toBe(true);
		}),
		{ numRuns: statements, endOnFailure: true },
	);
}, 3_600_000);

test('public signals are snarkjs’s, and its proofs verify here', async () => {
	const theirs = await groth16.prove(inMemory(zkey), inMemory(await witnessFile(inputs)));
	const ours = await prover.prove({ inputs });
	expect(ours.publicSignals).toEqual(theirs.publicSignals);
	expect(Object.keys(ours.proof).sort()).toEqual(Object.keys(theirs.proof).sort());
	expect(verify(key.verificationKey, theirs.publicSignals, theirs.proof).result).toBe('passed');
});

test('with tables, proofs of the whole circuit verify too', async () => {
	const own = loadProvingKey(zkey);
	const each = createProver(own, { random: systemRandom, calculator: fixture('signed-claim.wasm') });
	await each.prepareTables();
	expect(await bothVerify(await each.prove({ inputs }))).toBe(true);
	await each.close();
});

test('two proofs of one statement differ: they are blinded by the injected randomness', async () => {
	const [first, second] = [await prover.prove({ inputs }), await prover.prove({ inputs })];
	for (const part of ['pi_a', 'pi_b', 'pi_c'] as const) expect(first.proof[part]).not.toEqual(second.proof[part]);
});

test('false statements have no proof', async () => {
	expect(await codeOf(prover.prove({ inputs: { ...inputs, bound: '31' } }))).toBe('groth16/bad-input');
	expect(await codeOf(prover.prove({ inputs: { ...inputs, S: '1' } }))).toBe('groth16/bad-input');
});

describe('from a witness', () => {
	let witness: Uint8Array;
	beforeAll(async () => {
		witness = witnessValues(await witnessFile(inputs), key.variables);
	});

	test('the proof is the one that the inputs give', async () => {
		expect(await bothVerify(await prover.prove({ witness }))).toBe(true);
	});

	test.each([
		['a private signal', 3000],
		['the output', 1],
	])('with %s changed, the proof does not verify', async (_, signal) => {
		const forged = witness.slice();
		forged[signal * 32] = (forged[signal * 32] as number) ^ 1;
		expect(await bothVerify(await prover.prove({ witness: forged }))).toBe(false);
	});

	test('ill-formed witnesses are refused', async () => {
		const zeroConstant = witness.slice();
		zeroConstant[0] = 0;
		const tooLarge = witness.slice();
		tooLarge.fill(0xff, 64, 96);
		for (const wrong of [witness.slice(32), new Uint8Array(0), zeroConstant, tooLarge]) {
			expect(await codeOf(prover.prove({ witness: wrong }))).toBe('groth16/bad-witness');
		}
		expect(await bothVerify(await prover.prove({ witness }))).toBe(true);
	});
});

test('progress rises to one', async () => {
	const seen: number[] = [];
	await prover.prove({ inputs }, { onProgress: (done) => seen.push(done) });
	expect(seen.length).toBeGreaterThan(5);
	expect(seen).toEqual([...seen].sort((a, b) => a - b));
	expect(seen.at(-1)).toBe(1);
});

describe('cancelling', () => {
	test('before the start', async () => {
		expect(await codeOf(prover.prove({ inputs }, { signal: AbortSignal.abort() }))).toBe('groth16/cancelled');
	});

	test('at any point on the way, and the next proof is whole', async () => {
		for (const point of [0.05, 0.12, 0.3]) {
			const controller = new AbortController();
			const onProgress = (done: number): void => {
				if (done >= point) controller.abort();
			};
			expect(await codeOf(prover.prove({ inputs }, { signal: controller.signal, onProgress }))).toBe('groth16/cancelled');
		}
		expect(await bothVerify(await prover.prove({ inputs }))).toBe(true);
	});
});

test('calls wait for each other', async () => {
	const results = await Promise.all([prover.prove({ inputs }), codeOf(prover.prove({ inputs: {} })), prover.prove({ inputs: { ...inputs, bound: '20' } })]);
	expect(results[1]).toBe('groth16/bad-input');
	expect(await bothVerify(results[0])).toBe(true);
	expect(results[2].publicSignals[3]).toBe('20');
	expect(await bothVerify(results[2])).toBe(true);
});

test('a key serves one prover at a time', () => {
	expect(() => createProver(key, { random: systemRandom })).toThrow(expect.objectContaining({ code: 'groth16/key-in-use' }));
});

describe('tables', () => {
	const small = (): ProvingKey => loadProvingKey(joinSections(smallKeySections({ variables: 40, publicSignals: 2, domainSize: 32 })));
	const witness = Uint8Array.from({ length: 40 * 32 }, (_, i) => (i < 32 ? Number(i === 0) : i % 32 === 31 ? 0x2f : (i * 77) & 0xff));

	test('change nothing about a proof, stay with the key, and let proofs pass while they are made', async () => {
		const own = small();
		const first = createProver(own, { random: fixedRandom });
		const before = await first.prove({ witness });
		const seen: number[] = [];
		const making = first.prepareTables({ onProgress: (done) => seen.push(done) });
		expect(await first.prove({ witness })).toEqual(before);
		await making;
		expect(seen.at(-1)).toBe(1);
		expect(await first.prove({ witness })).toEqual(before);
		await first.close();
		const second = createProver(own, { random: fixedRandom, workers: 1 });
		expect(await second.prove({ witness })).toEqual(before);
		await second.close();
	});

	test('can be cancelled, and made later', async () => {
		const own = small();
		const each = createProver(own, { random: fixedRandom });
		const before = await each.prove({ witness });
		expect(await codeOf(each.prepareTables({ signal: AbortSignal.abort() }))).toBe('groth16/cancelled');
		expect(await each.prove({ witness })).toEqual(before);
		await each.prepareTables();
		expect(await each.prove({ witness })).toEqual(before);
		await each.close();
	});

	test('making them ends when the prover closes', async () => {
		const each = createProver(small(), { random: fixedRandom });
		const making = codeOf(each.prepareTables());
		await each.close();
		expect(await making).toBe('groth16/closed');
	});
});

describe('closing', () => {
	const small = (): ProvingKey => loadProvingKey(joinSections(smallKeySections({ variables: 6, publicSignals: 2, domainSize: 8 })));
	const witness = Uint8Array.from({ length: 6 * 32 }, (_, i) => (i % 32 === 0 ? i / 32 + 1 : 0));

	test('ends the threads, refuses what comes after, and frees the key', async () => {
		const before = process.getActiveResourcesInfo().filter((name) => name === 'MessagePort' || name === 'Worker').length;
		const own = small();
		const first = createProver(own, { random: fixedRandom });
		const proof = await first.prove({ witness });
		await first.close();
		await first.close();
		expect(process.getActiveResourcesInfo().filter((name) => name === 'MessagePort' || name === 'Worker').length).toBe(before);
		expect(await codeOf(first.prove({ witness }))).toBe('groth16/closed');
		// One thread or two, the proof is the same.
		const second = createProver(own, { random: fixedRandom, workers: 1 });
		expect(await second.prove({ witness })).toEqual(proof);
		await second.close();
	});

	test('fails what is under way', async () => {
		const own = createProver(small(), { random: fixedRandom });
		const pending = codeOf(own.prove({ witness }));
		const queued = codeOf(own.prove({ witness }));
		await own.close();
		expect(await pending).toBe('groth16/closed');
		expect(await queued).toBe('groth16/closed');
	});

	test('leaves no trace of the witness in memory', async () => {
		const own = small();
		const marked = witness.slice();
		marked.set([0xde, 0xad, 0xbe, 0xef, 0x12, 0x34, 0x56, 0x78], 32);
		const each = createProver(own, { random: fixedRandom });
		await each.prove({ witness: marked });
		const memory = Buffer.from(own.parts.arena.memory.buffer);
		expect(memory.includes(Buffer.from(marked.subarray(32, 40)))).toBe(false);
		await each.close();
	});

	test('a program of another circuit is refused', () => {
		expect(() => createProver(small(), { random: fixedRandom, calculator: fixture('signed-claim.wasm') })).toThrow(
			expect.objectContaining({ code: 'groth16/bad-calculator' }),
		);
	});
});

test('reports name every check', async () => {
	const { proof, publicSignals } = await prover.prove({ inputs });
	expect([...walkReport(verify(key.verificationKey, publicSignals, proof))].map(({ check }) => check)).toEqual([
		'groth16',
		'key',
		'public-signals',
		'points',
		'equation',
	]);
});
