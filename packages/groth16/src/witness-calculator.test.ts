import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { fixture, witnessFile, witnessValues } from '../test/fixtures.ts';
import { EXAMPLE, signedClaimInput } from '../test/signed-claim.ts';
import { SCALAR_MODULUS } from './curve.ts';
import { Groth16Error } from './errors.ts';
import { type CircuitInputs, WitnessCalculator } from './witness-calculator.ts';

let calculator: WitnessCalculator;
beforeAll(() => {
	calculator = new WitnessCalculator(fixture('signed-claim.wasm'));
});

const calculate = (inputs: CircuitInputs): Uint8Array => {
	const target = new Uint32Array(calculator.size * 8);
	calculator.calculate(inputs, target);
	return new Uint8Array(target.buffer);
};
const refusal = (action: () => unknown): string | undefined => {
	try {
		action();
		return undefined;
	} catch (error) {
		return error instanceof Groth16Error ? error.code : String(error);
	}
};

test('gives snarkjs’s witness, again and again from the same instance', async () => {
	for (const changes of [{}, { claim: 18n }, { place: 3, scope: 99n }, {}]) {
		const inputs = signedClaimInput({ ...EXAMPLE, ...changes });
		expect(calculate(inputs)).toEqual(witnessValues(await witnessFile(inputs), calculator.size));
	}
});

test('inputs may be bigints, numbers, hexadecimal or negative, modulo the field', () => {
	const inputs = signedClaimInput(EXAMPLE);
	const expected = calculate(inputs);
	expect(calculate({ ...inputs, bound: 18, claim: 30n, scope: `0x${BigInt(inputs.scope as string).toString(16)}` })).toEqual(expected);
	expect(calculate({ ...inputs, salt: BigInt(inputs.salt as string) - SCALAR_MODULUS })).toEqual(expected);
});

test('a false statement is refused, and the next true one is not', () => {
	const inputs = signedClaimInput(EXAMPLE);
	const expected = calculate(inputs);
	expect(refusal(() => calculate({ ...inputs, bound: '31' }))).toBe('groth16/bad-input');
	expect(calculate(inputs)).toEqual(expected);
});

test.each<[string, (inputs: Record<string, unknown>) => object]>([
	['missing', ({ bound: _, ...rest }) => rest],
	['unknown', (inputs) => ({ ...inputs, other: '1' })],
	['too few values', (inputs) => ({ ...inputs, place: ['1'] })],
	['too many values', (inputs) => ({ ...inputs, bound: ['1', '2'] })],
	['not a number', (inputs) => ({ ...inputs, bound: 'eighteen' })],
	['a fraction', (inputs) => ({ ...inputs, bound: 1.5 })],
	['nothing', (inputs) => ({ ...inputs, bound: null })],
])('%s: refused', (_, change) => {
	expect(refusal(() => calculate(change(signedClaimInput(EXAMPLE)) as CircuitInputs))).toBe('groth16/bad-input');
});

test('an error repeats nothing of the inputs', () => {
	const secret = '1234567890123456789';
	try {
		calculate({ ...signedClaimInput(EXAMPLE), claim: secret, salt: `x${secret}` });
		expect.unreachable();
	} catch (error) {
		expect(JSON.stringify([(error as Groth16Error).toInfo(), String((error as Groth16Error).cause)])).not.toContain(secret);
	}
});

test('bytes that are no witness program are refused', () => {
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
			expect(refusal(() => new WitnessCalculator(new Uint8Array(bytes)))).toBe('groth16/bad-calculator');
		}),
		{ numRuns: 50 },
	);
});
