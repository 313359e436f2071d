import { base64urlEncode } from '@holdfast/crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FIELD_ORDER, readDecimal } from './field.ts';
import type { Presentation } from './model.ts';
import { presentationText, readPresentation } from './presentation.ts';
import { BASE_FIELD_ORDER, decodeProof, encodeProof, proofPoints } from './proof-bytes.ts';

const good: Presentation = {
	v: 1,
	engine: 'groth16-bn254',
	circuit: 'bound',
	vkey: 'a'.repeat(64),
	binding: { kind: 'request' },
	issuers: [{ iss: 'did:web:x', type: 't' }],
	publicSignals: Array.from({ length: 11 }, () => '1'),
	proof: base64urlEncode(new Uint8Array(256)),
};

test('a presentation survives the wire', () => {
	expect(readPresentation(presentationText(good))).toEqual(good);
	const oneTime: Presentation = {
		...good,
		binding: { kind: 'one-time-key', key: base64urlEncode(new Uint8Array(32)), sig: base64urlEncode(new Uint8Array(64)) },
	};
	expect(readPresentation(presentationText(oneTime))).toEqual(oneTime);
	const otherSystem: Presentation = { ...good, engine: 'ultrahonk-bn254', proof: base64urlEncode(new Uint8Array(14_656)) };
	expect(readPresentation(presentationText(otherSystem))).toEqual(otherSystem);
});

test.each([
	['no JSON', 'x', 'zk/malformed'],
	['too large', JSON.stringify({ ...good, vkey: 'a'.repeat(36_000) }), 'zk/too-large'],
	['an unknown circuit', { ...good, circuit: 'other' }, 'zk/unknown-circuit'],
	['a name that every object has', { ...good, circuit: 'constructor' }, 'zk/unknown-circuit'],
	['another version', { ...good, v: 2 }, 'zk/unknown-circuit'],
	['another engine', { ...good, engine: 'plonk' }, 'zk/unknown-circuit'],
	['an engine with a name that every object has', { ...good, engine: 'toString' }, 'zk/unknown-circuit'],
	['a proof as long as the other engine’s', { ...good, engine: 'ultrahonk-bn254' }, 'zk/malformed'],
	['a member too many', { ...good, more: 1 }, 'zk/malformed'],
	['a public signal too few', { ...good, publicSignals: good.publicSignals.slice(1) }, 'zk/public-signals'],
	['a public signal too many', { ...good, publicSignals: [...good.publicSignals, '1'] }, 'zk/public-signals'],
	['a public signal that is the order', { ...good, publicSignals: good.publicSignals.with(0, FIELD_ORDER.toString()) }, 'zk/public-signals'],
	['a public signal beyond the order', { ...good, publicSignals: good.publicSignals.with(0, (FIELD_ORDER + 1n).toString()) }, 'zk/public-signals'],
	['a negative one', { ...good, publicSignals: good.publicSignals.with(0, '-1') }, 'zk/public-signals'],
	['another spelling', { ...good, publicSignals: good.publicSignals.with(0, '01') }, 'zk/public-signals'],
	['hexadecimal', { ...good, publicSignals: good.publicSignals.with(0, '0x1') }, 'zk/public-signals'],
	['a number', { ...good, publicSignals: good.publicSignals.map(Number) }, 'zk/public-signals'],
	['a short proof', { ...good, proof: good.proof.slice(4) }, 'zk/malformed'],
	['two issuers for one credential', { ...good, issuers: [...good.issuers, ...good.issuers] }, 'zk/malformed'],
	['no issuer', { ...good, issuers: [] }, 'zk/malformed'],
	['an unknown binding', { ...good, binding: { kind: 'none' } }, 'zk/malformed'],
	['a one-time key without signature', { ...good, binding: { kind: 'one-time-key', key: base64urlEncode(new Uint8Array(32)) } }, 'zk/malformed'],
])('refused: %s', (_name, value, code) => {
	expect(() => readPresentation(typeof value === 'string' ? value : JSON.stringify(value))).toThrow(expect.objectContaining({ code }));
});

test('reading throws only its own errors', () => {
	fc.assert(
		fc.property(
			fc.oneof(
				fc.json(),
				fc.jsonValue().map((value) => JSON.stringify({ ...good, binding: value })),
				fc.jsonValue().map((value) => JSON.stringify({ ...good, issuers: value })),
			),
			(text) => {
				try {
					readPresentation(text);
				} catch (error) {
					expect(error).toMatchObject({ code: expect.stringMatching(/^zk\//) });
				}
			},
		),
	);
});

test('decimals have one spelling', () => {
	fc.assert(fc.property(fc.bigInt({ min: 0n, max: FIELD_ORDER - 1n }), (value) => readDecimal(value.toString()) === value));
	for (const text of ['', '00', '+1', '1.0', '1e3', ' 1', '٣', FIELD_ORDER.toString(), '9'.repeat(77), '1'.repeat(78), 1, null])
		expect(readDecimal(text)).toBeUndefined();
});

const coordinate = fc.bigInt({ min: 0n, max: BASE_FIELD_ORDER - 1n }).map(String);

test('a proof has one spelling', () => {
	fc.assert(
		fc.property(fc.array(coordinate, { minLength: 8, maxLength: 8 }), ([a0, a1, b0, b1, b2, b3, c0, c1]) => {
			const proof = {
				pi_a: [a0, a1, '1'],
				pi_b: [
					[b0, b1],
					[b2, b3],
					['1', '0'],
				],
				pi_c: [c0, c1, '1'],
				protocol: 'groth16',
				curve: 'bn128',
			} as Parameters<typeof encodeProof>[0];
			expect(decodeProof(encodeProof(proof))).toEqual(proof);
			expect(proofPoints(proof)).toBeDefined();
			expect(proofPoints({ ...proof, pi_a: [a0, a1, '2'] })).toBeUndefined();
			expect(proofPoints({ ...proof, pi_a: [(BigInt(a0 ?? 0) + BASE_FIELD_ORDER).toString(), a1, '1'] })).toBeUndefined();
			expect(
				proofPoints({
					...proof,
					pi_b: [
						[b0, b1],
						[b2, b3],
						['0', '1'],
					],
				}),
			).toBeUndefined();
			expect(proofPoints({ ...proof, protocol: 'plonk' })).toBeUndefined();
		}),
	);
	expect(decodeProof(base64urlEncode(new Uint8Array(256).fill(255)))).toBeUndefined();
});
