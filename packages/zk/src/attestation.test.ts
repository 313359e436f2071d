import { findCheck, type ReportNode } from '@holdfast/kernel';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkAttestation, issueAttestation, REVOCATION_PLACES, readAttestation } from './attestation.ts';
import { encodeField, FIELD_ORDER } from './field.ts';
import { holderCommitment } from './holder.ts';
import { issuerPublicKey } from './issuer-key.ts';
import type { Attestation } from './model.ts';
import { at, CLAIMS, countingRandom, credential, holderOf, NOW, SIGNING_KEY, TYPE } from './test/fixture.ts';

const base = {
	signingKey: SIGNING_KEY,
	type: TYPE,
	claims: CLAIMS,
	holderCommitment: holderCommitment(holderOf()),
	validFrom: '2026-01-01',
	validUntil: '2030-12-31',
	random: countingRandom(),
};

const json = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const check = (change: Partial<Parameters<typeof checkAttestation>[0]> = {}): ReportNode => {
	const { attestation } = credential();
	return checkAttestation({ attestation, issuerKey: issuerPublicKey(SIGNING_KEY), claims: CLAIMS, type: TYPE, holder: holderOf(), now: NOW, ...change });
};
const codeOf = (report: ReportNode, name: string): string | undefined => findCheck(report, `attestation/${name}`)?.code;

test("what was issued can be read and passes the holder's check", () => {
	const { attestation } = credential();
	expect(readAttestation(json(attestation))).toEqual(attestation);
	expect(check().result).toBe('passed');
});

test('it is small, and holds no claim', () => {
	const text = JSON.stringify(credential().attestation);
	expect(text.length).toBeLessThan(800);
	for (const value of ['Erika', 'Mustermann', '1984', '19840126', '51147']) expect(text).not.toContain(value);
});

test('two attestations of the same claims share no salts, roots or signatures', () => {
	const random = countingRandom();
	const [a, b] = [issueAttestation({ ...base, random }), issueAttestation({ ...base, random })];
	expect(a.seed).not.toBe(b.seed);
	expect(a.sig).not.toBe(b.sig);
});

describe('what the holder notices on receipt', () => {
	test('claims other than those in the credential', () => {
		expect(codeOf(check({ claims: { ...CLAIMS, birthdate: '1984-01-27' } }), 'signature')).toBe('zk/attestation-mismatch');
		const { birthdate: _gone, ...rest } = CLAIMS;
		expect(codeOf(check({ claims: rest }), 'signature')).toBe('zk/no-such-claim');
	});
	test('another issuer', () => expect(codeOf(check({ issuerKey: issuerPublicKey(new Uint8Array(32)) }), 'signature')).toBe('zk/attestation-mismatch'));
	test('another type', () => expect(codeOf(check({ type: 'other' }), 'type')).toBe('zk/wrong-type'));
	test('another holder', () => {
		expect(codeOf(check({ holder: holderOf('transaction 2') }), 'holder')).toBe('zk/wrong-holder');
		expect(codeOf(check({ holder: holderOf('transaction 1', 'another wallet') }), 'holder')).toBe('zk/wrong-holder');
	});
	test('that it is over', () => {
		expect(codeOf(check({ now: at('2031-01-01') }), 'time')).toBe('zk/expired');
		expect(check({ now: at('2030-12-31') }).result).toBe('passed');
	});
	test('that it cannot be revoked', () => {
		const report = check({ attestation: issueAttestation({ ...base, random: countingRandom() }) });
		expect(codeOf(report, 'revocation')).toBe('zk/not-revocable');
		expect(report.result).toBe('passed');
	});
	test.each(['type', 'from', 'until', 'rev', 'holder', 'seed', 'paths'] as const)('a changed %s', (member) => {
		const { attestation } = credential();
		const changed = {
			...attestation,
			...{
				type: { type: 'other' },
				from: { from: 20_250_101 },
				until: { until: 20_990_101 },
				rev: { rev: 78 },
				holder: { holder: encodeField(5n) },
				seed: { seed: 'A'.repeat(22) },
				paths: { paths: [...attestation.paths].reverse() },
			}[member],
		} as Attestation;
		expect(codeOf(check({ attestation: changed }), 'signature')).toBe('zk/attestation-mismatch');
	});
});

describe('issuing', () => {
	test('refuses a commitment that is no field element, days that do not exist, an end before the beginning, places that do not exist', () => {
		expect(() => issueAttestation({ ...base, holderCommitment: FIELD_ORDER })).toThrow(expect.objectContaining({ code: 'zk/bad-field-element' }));
		for (const validFrom of ['2026-02-29', '2031-01-01', 'x', '20260101'])
			expect(() => issueAttestation({ ...base, validFrom })).toThrow(expect.objectContaining({ code: 'zk/bad-date' }));
		for (const revocationId of [0, -1, 1.5, REVOCATION_PLACES])
			expect(() => issueAttestation({ ...base, revocationId })).toThrow(expect.objectContaining({ code: 'zk/bad-value' }));
	});

	test('covers dates, numbers and codes first where there are too many claims, and says so where they were chosen', () => {
		const texts = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`text${index}`, 'some text']));
		const many = { ...texts, nationalities: ['FR', 'GB'], birthdate: '1984-01-26', score: 3 };
		const { paths } = issueAttestation({ ...base, claims: many });
		expect(paths.length).toBe(16);
		expect(paths).toContainEqual(['birthdate']);
		expect(paths).toContainEqual(['score']);
		// Codes are what sets are made of.
		expect(paths).toContainEqual(['nationalities', 1]);
		expect(() => issueAttestation({ ...base, claims: many, paths: Object.keys(many).map((name) => [name]) })).toThrow(
			expect.objectContaining({ code: 'zk/too-many-claims' }),
		);
	});

	test('never covers an attestation', () => {
		const { paths } = issueAttestation({ ...base, claims: { ...CLAIMS, zk_attestation: { from: 20_260_101, type: 'x' } } });
		expect(paths.some(([name]) => name === 'zk_attestation')).toBe(false);
	});

	test('covers what was chosen, and refuses what cannot be attested', () => {
		expect(issueAttestation({ ...base, paths: [['birthdate'], ['address'], ['nationalities', null]] }).paths).toEqual([
			['birthdate'],
			['nationalities', 0],
			['nationalities', 1],
			['address', 'country'],
			['address', 'postal_code'],
		]);
		for (const path of [['nothing'], ['birthdate', 'x'], ['constructor'], ['score', 0]]) {
			expect(() => issueAttestation({ ...base, paths: [path] })).toThrow(expect.objectContaining({ code: 'zk/no-such-claim' }));
		}
		expect(() => issueAttestation({ ...base, claims: { half: 0.5, large: 2 ** 48, broken: '\ud800', nothing: null } })).toThrow(
			expect.objectContaining({ code: 'zk/no-such-claim' }),
		);
	});
});

describe('reading', () => {
	const good = credential().attestation;
	test.each([
		['not an object', null],
		['a list', []],
		['another version', { ...good, v: 2 }],
		['another algorithm', { ...good, alg: 'eddsa' }],
		['a member too many', { ...good, extra: 1 }],
		['no signature', { ...good, sig: undefined }],
		['a short signature', { ...good, sig: good.sig.slice(4) }],
		['a day that does not exist', { ...good, from: 20_260_230 }],
		['an end before the beginning', { ...good, until: 20_251_231 }],
		['a place beyond the tree', { ...good, rev: REVOCATION_PLACES }],
		['a fraction', { ...good, rev: 1.5 }],
		['no claims', { ...good, paths: [] }],
		['17 claims', { ...good, paths: Array.from({ length: 17 }, (_, index) => [`c${index}`]) }],
		['a claim twice', { ...good, paths: [['a'], ['a']] }],
		['an empty path', { ...good, paths: [[]] }],
		['a path with null', { ...good, paths: [['a', null]] }],
		['a commitment that is no field element', { ...good, holder: `${'_'.repeat(42)}8` }],
		['a seed of another length', { ...good, seed: 'AAAA' }],
	])('refuses %s', (_name, value) => {
		expect(() => readAttestation(json(value))).toThrow(expect.objectContaining({ code: expect.stringMatching(/^zk\/(malformed|bad-field-element)$/) }));
	});

	test('throws only its own errors, whatever comes', () => {
		const junk = fc.oneof(
			fc.jsonValue(),
			fc.record({
				v: fc.constant(1),
				alg: fc.constant(good.alg),
				type: fc.anything(),
				from: fc.anything(),
				until: fc.anything(),
				rev: fc.anything(),
				holder: fc.anything(),
				paths: fc.anything(),
				seed: fc.anything(),
				sig: fc.anything(),
			}),
		);
		fc.assert(
			fc.property(junk, (value) => {
				try {
					readAttestation(value);
				} catch (error) {
					expect(error).toMatchObject({ code: expect.stringMatching(/^zk\//) });
				}
			}),
		);
	});
});
