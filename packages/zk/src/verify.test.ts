import { fileURLToPath } from 'node:url';
import { findCheck, HoldfastError, type ReportNode, systemRandom } from '@holdfast/kernel';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { artifactsInFolder } from './artifacts-folder.node.ts';
import { requestHash } from './context.ts';
import { snarkjsEngine } from './engine-snarkjs.ts';
import { encodeField, FIELD_ORDER, fromBytes } from './field.ts';
import { circuitInputs } from './inputs.ts';
import { issuerPublicKey } from './issuer-key.ts';
import type { Artifacts, CircuitId, Presentation, ProofEngine, ProvingCredential, StatementRequest, VerifyStatementInput } from './model.ts';
import { prepareStatement, presentPrepared, proveStatement } from './prove.ts';
import { PUBLIC_SIGNALS } from './public-signals.ts';
import { publishRevocations } from './revocation.ts';
import { overAge } from './statement.ts';
import { at, CLAIMS, CONTEXT, credential, holderOf, NOW, SIGNING_KEY, TYPE } from './test/fixture.ts';
import { verifyStatement } from './verify.ts';
import { witnessCalculator } from './witness-calculator.ts';

const FOLDER = fileURLToPath(new URL('../../../circuits/', import.meta.url));
const OTHER_TYPE = 'https://university.example/diploma';
const OTHER_ISSUER = 'did:web:university.example';
const OTHER_KEY = new Uint8Array(32).fill(9);
const scope = { verifier: CONTEXT.audience, purpose: 'one vote each', epoch: '2026' };

const requests: { readonly [circuit in CircuitId]: StatementRequest } = {
	bound: { statement: overAge(18, 20_261_125), types: [TYPE] },
	'bound-revocable': { statement: { kind: 'bound', claim: ['score'], op: 'between', from: -10, to: 10 }, types: [OTHER_TYPE, TYPE], notRevoked: true, scope },
	member: { statement: { kind: 'member', claim: ['nationalities', null], set: ['AT', 'FR', 'IT'] }, types: [TYPE] },
	'same-holder': { statement: { kind: 'same-holder' }, types: [TYPE, OTHER_TYPE] },
};

const diploma = () => credential({ signingKey: OTHER_KEY, type: OTHER_TYPE, issuer: OTHER_ISSUER, holder: holderOf('transaction 2') });

let artifacts: Artifacts;
let engine: ProofEngine;
const made = {} as Record<CircuitId, string>;

beforeAll(async () => {
	artifacts = await artifactsInFolder(FOLDER, { production: false });
	engine = snarkjsEngine({ artifacts });
});
// A hook for each, so that each has its time.
for (const [circuit, request] of Object.entries(requests) as [CircuitId, StatementRequest][]) {
	beforeAll(async () => {
		made[circuit] = await prove(request, circuit === 'same-holder' ? [credential(), diploma()] : [credential()]);
	});
}
afterAll(() => engine.close());

const prove = (
	request: StatementRequest,
	credentials: readonly ProvingCredential[],
	change: Partial<Parameters<typeof proveStatement>[0]> = {},
): Promise<string> => proveStatement({ request, credentials, context: CONTEXT, now: NOW, artifacts, engine, ...change });

const calculator = async (circuit: CircuitId) => witnessCalculator(await artifacts.wasm(circuit));

const keys: VerifyStatementInput['keys'] = {
	resolve: async ({ issuer }) => ({ key: issuerPublicKey(issuer === OTHER_ISSUER ? OTHER_KEY : SIGNING_KEY), how: 'did:web document, key zk-1' }),
};

const verify = (circuit: CircuitId, change: Partial<VerifyStatementInput> = {}) =>
	verifyStatement({
		presentation: made[circuit],
		request: requests[circuit],
		context: CONTEXT,
		now: NOW,
		keys,
		trust: () => ({ result: 'passed', reason: 'On the list.' }),
		artifacts,
		engine,
		...change,
	});

/** Fails, and names this check with this code; the proof itself is still fine where only the verifier's side differs. */
async function refused(circuit: CircuitId, check: string, code: string, change: Partial<VerifyStatementInput>): Promise<ReportNode> {
	const { report, nullifier } = await verify(circuit, change);
	expect(report.result).toBe('failed');
	expect(nullifier).toBeUndefined();
	expect(findCheck(report, check)).toMatchObject({ result: 'failed', code });
	return report;
}

const withPresentation = (circuit: CircuitId, change: (presentation: Presentation) => object): string => {
	const presentation = JSON.parse(made[circuit]) as Presentation;
	return JSON.stringify({ ...presentation, ...change(presentation) });
};

describe.each(Object.keys(requests) as CircuitId[])('%s', (circuit) => {
	test('is proven and verified; the development setup is a warning', async () => {
		const { report, setup } = await verify(circuit);
		expect(report).toMatchObject({ result: 'warning', code: 'zk/development-setup' });
		expect(setup?.label).toBe('development');
		expect(findCheck(report, 'zk/setup')?.evidence).toMatchObject({ setup: artifacts.manifest.setup.name });
		expect(findCheck(report, 'zk/proof')?.result).toBe('passed');
		expect(report.evidence?.unproven).toContain('development setup');
	});

	test('with any public signal changed, the proof does not hold', async () => {
		const { publicSignals } = JSON.parse(made[circuit]) as Presentation;
		for (const [index, signal] of publicSignals.entries()) {
			const forged = publicSignals.with(index, ((BigInt(signal) + 1n) % FIELD_ORDER).toString());
			const { report } = await verify(circuit, { presentation: withPresentation(circuit, () => ({ publicSignals: forged })) });
			expect(findCheck(report, 'zk/proof')).toMatchObject({ result: 'failed', code: 'zk/proof-invalid' });
			// And what the verifier itself computed or found differs, but for the nullifier, which it cannot know.
			const failures = (report.children ?? []).filter((child) => child.result === 'failed').map((child) => child.check);
			if (circuit === 'bound-revocable' && PUBLIC_SIGNALS[circuit][index] === 'nullifier') expect(failures).toEqual(['zk/proof']);
			else if (PUBLIC_SIGNALS[circuit][index] !== 'today') expect(failures.length).toBeGreaterThan(1);
		}
	});

	test('shows nothing but what it says', () => {
		const text = made[circuit];
		for (const value of [
			...Object.values(CLAIMS).flat(),
			'19840126',
			credential().attestation.holder,
			credential().attestation.seed,
			credential().attestation.sig,
		]) {
			// Two letters stand in any base64 by chance.
			if (typeof value === 'string' && value.length > 4) expect(text).not.toContain(value);
		}
		expect(text.length).toBeLessThan(2_500);
	});
});

describe('what each check refuses', () => {
	test('another request', async () => {
		for (const change of [{ nonce: 'other' }, { audience: 'x509_san_dns:other.example' }, { responseUri: 'https://other.example/' }, { query: '{}' }]) {
			await refused('bound', 'zk/request', 'zk/wrong-request', { context: { ...CONTEXT, ...change } });
		}
		// Parts of a request do not run into each other.
		await refused('bound', 'zk/request', 'zk/wrong-request', { context: { ...CONTEXT, nonce: `${CONTEXT.nonce}x`, audience: CONTEXT.audience.slice(1) } });
	});

	test('another cutoff than the verifier computes', async () => {
		await refused('bound', 'zk/bounds', 'zk/wrong-bounds', { request: { ...requests.bound, statement: overAge(21, 20_261_125) } });
		await refused('bound', 'zk/bounds', 'zk/wrong-bounds', { request: { ...requests.bound, statement: overAge(18, 20_261_124) } });
	});

	test('another claim, or one of another kind', async () => {
		await refused('bound', 'zk/claim', 'zk/wrong-claim', { request: { ...requests.bound, statement: overAge(18, 20_261_125, ['date_of_issuance']) } });
		await refused('bound', 'zk/claim', 'zk/wrong-claim', {
			request: { ...requests.bound, statement: { kind: 'bound', claim: ['birthdate'], op: '<=', value: 20_081_125 } },
		});
	});

	test('another set', async () => {
		const statement = { kind: 'member', claim: ['nationalities', null], set: ['AT', 'IT'] } as const;
		await refused('member', 'zk/set', 'zk/wrong-set', { request: { ...requests.member, statement } });
	});

	test('another type', async () => {
		await refused('bound', 'zk/type', 'zk/wrong-type', { request: { ...requests.bound, types: [OTHER_TYPE] } });
		const lying = withPresentation('bound', ({ issuers }) => ({ issuers: issuers.map((issuer) => ({ ...issuer, type: OTHER_TYPE })) }));
		await refused('bound', 'zk/type', 'zk/wrong-type', { presentation: lying, request: { ...requests.bound, types: [OTHER_TYPE] } });
		await refused('same-holder', 'zk/type', 'zk/wrong-type', { request: { ...requests['same-holder'], types: [OTHER_TYPE, TYPE] } });
	});

	test('another issuer', async () => {
		const other = { resolve: async () => ({ key: issuerPublicKey(OTHER_KEY), how: 'x' }) };
		await refused('bound', 'zk/issuer-key', 'zk/wrong-key', { keys: other });
		const lying = withPresentation('bound', ({ issuers }) => ({ issuers: issuers.map((issuer) => ({ ...issuer, iss: OTHER_ISSUER })) }));
		await refused('bound', 'zk/issuer-key', 'zk/wrong-key', { presentation: lying });
		await refused('same-holder', 'zk/issuer-2', 'zk/wrong-key', { keys: { resolve: async () => ({ key: issuerPublicKey(SIGNING_KEY), how: 'x' }) } });
	});

	test('an issuer whose key is not found, or is no key', async () => {
		await refused('bound', 'zk/issuer-key', 'zk/issuer-key-not-found', {
			keys: { resolve: () => Promise.reject(new HoldfastError('did/not-found', 'There is no such DID.')) },
		});
		await refused('bound', 'zk/issuer-key', 'zk/issuer-key-not-found', { keys: { resolve: () => Promise.reject(new Error('secret detail')) } });
		for (const key of [
			{ x: 0n, y: 1n },
			{ x: 0n, y: FIELD_ORDER - 1n },
			{ x: 1n, y: 1n },
		]) {
			await refused('bound', 'zk/issuer-key', 'zk/bad-key', { keys: { resolve: async () => ({ key, how: 'x' }) } });
		}
	});

	test('an issuer that is not trusted; and says so where nobody looked', async () => {
		await refused('bound', 'zk/issuer-trust', 'zk/unknown-issuer', { trust: () => ({ result: 'failed', reason: 'Not on the list.' }) });
		const { report } = await verifyStatement({ presentation: made.bound, request: requests.bound, context: CONTEXT, now: NOW, keys, artifacts, engine });
		expect(findCheck(report, 'zk/issuer-trust')).toMatchObject({ result: 'warning', code: 'zk/trust-not-checked' });
	});

	test('another day', async () => {
		for (const [day, result] of [
			['2026-11-23', 'failed'],
			['2026-11-24', 'passed'],
			['2026-11-26', 'passed'],
			['2026-11-27', 'failed'],
		] as const) {
			expect(findCheck((await verify('bound', { now: at(day) })).report, 'zk/validity')?.result).toBe(result);
		}
		await refused('bound', 'zk/validity', 'zk/wrong-date', { now: at('2026-11-26'), dayTolerance: 0 });
		for (const today of ['20261131', '0', (FIELD_ORDER - 1n).toString()]) {
			const presentation = withPresentation('bound', ({ publicSignals }) => ({
				publicSignals: publicSignals.with(PUBLIC_SIGNALS.bound.indexOf('today'), today),
			}));
			await refused('bound', 'zk/validity', 'zk/wrong-date', { presentation });
		}
	});

	test('a list of revoked credentials that is old, missing, of another issuer, or another one', async () => {
		const circuit = 'bound-revocable';
		const request = { ...requests[circuit], maxRevocationAgeSec: 60 };
		await refused(circuit, 'zk/revocation', 'zk/stale-revocation', { request, now: { now: () => NOW.now() + 61_000 } });
		expect(findCheck((await verify(circuit, { request, now: { now: () => NOW.now() + 60_000 } })).report, 'zk/revocation')?.result).toBe('passed');
		await refused(circuit, 'zk/revocation', 'zk/no-revocation-list', { presentation: withPresentation(circuit, () => ({ revocation: undefined })) });
		const root = (signingKey: Uint8Array, revoked: readonly number[]) => {
			const { revoked: _revoked, ...rest } = publishRevocations({ signingKey, revoked, now: NOW });
			return rest;
		};
		// What the issuer publishes after it has revoked the credential.
		await refused(circuit, 'zk/revocation', 'zk/revocation-mismatch', {
			presentation: withPresentation(circuit, () => ({ revocation: root(SIGNING_KEY, [5, 76, 77, 500_000]) })),
		});
		await refused(circuit, 'zk/revocation', 'zk/revocation-mismatch', {
			presentation: withPresentation(circuit, () => ({ revocation: root(OTHER_KEY, [5, 76, 500_000]) })),
		});
		const { revocation } = JSON.parse(made[circuit]) as Presentation;
		await refused(circuit, 'zk/revocation', 'zk/revocation-mismatch', {
			presentation: withPresentation(circuit, () => ({ revocation: { ...revocation, at: (revocation?.at ?? 0) + 1 } })),
		});
		await refused(circuit, 'zk/revocation', 'zk/stale-revocation', { now: { now: () => NOW.now() - 3_600_000 } });
	});

	test('a scope that was not asked for', async () => {
		await refused('bound-revocable', 'zk/nullifier', 'zk/wrong-scope', { request: { ...requests['bound-revocable'], scope: { ...scope, epoch: '2027' } } });
		const { scope: _scope, ...without } = requests['bound-revocable'];
		await refused('bound-revocable', 'zk/nullifier', 'zk/wrong-scope', { request: without });
		await refused('bound', 'zk/nullifier', 'zk/wrong-scope', { request: { ...requests.bound, scope } });
		await refused('bound-revocable', 'zk/nullifier', 'zk/wrong-scope', { context: { ...CONTEXT, audience: 'other' } });
	});

	test('a nullifier where none was asked for, and none where one was', async () => {
		const at0 = (circuit: CircuitId, value: string) => withPresentation(circuit, ({ publicSignals }) => ({ publicSignals: publicSignals.with(0, value) }));
		await refused('bound', 'zk/nullifier', 'zk/wrong-scope', { presentation: at0('bound', '5') });
		await refused('bound-revocable', 'zk/nullifier', 'zk/no-nullifier', { presentation: at0('bound-revocable', '0') });
	});

	test('another statement than was asked for', async () => {
		const { report } = await verify('bound', { request: { ...requests.bound, notRevoked: true } });
		expect(findCheck(report, 'zk/circuit')).toMatchObject({ result: 'failed', code: 'zk/wrong-circuit' });
		const lying = withPresentation('member', () => ({ circuit: 'bound' }));
		expect((await verify('bound', { presentation: lying })).report.result).toBe('failed');
	});

	test('the key of another setup', async () => {
		await refused('bound', 'zk/artifact', 'zk/wrong-key', { presentation: withPresentation('bound', () => ({ vkey: '0'.repeat(64) })) });
	});

	test('a proof that was changed, or belongs to something else', async () => {
		const { proof } = JSON.parse(made.bound) as Presentation;
		await refused('bound', 'zk/proof', 'zk/proof-invalid', {
			presentation: withPresentation('bound', () => ({ proof: `${proof.slice(0, 20)}${proof[20] === 'A' ? 'B' : 'A'}${proof.slice(21)}` })),
		});
		await refused('bound', 'zk/proof', 'zk/proof-invalid', {
			presentation: withPresentation('bound', () => ({ proof: (JSON.parse(made.member) as Presentation).proof })),
		});
	});

	test('what is no presentation at all', async () => {
		for (const presentation of ['', 'null', '{}', '[]', made.bound.slice(1)]) {
			const { report } = await verify('bound', { presentation });
			expect(findCheck(report, 'zk/format')?.result).toBe('failed');
		}
	});

	test('a proof that cannot be checked because an artifact is missing is not proven', async () => {
		const broken: ProofEngine = snarkjsEngine({ artifacts: { ...artifacts, vkey: () => artifacts.vkey('other' as CircuitId) } });
		await refused('bound', 'zk/proof', 'zk/unknown-circuit', { engine: broken });
	});
});

describe('a proof made in advance', () => {
	test('is tied to one request by a signature, once', async () => {
		const prepared = await prepareStatement({ request: requests.bound, credentials: [credential()], now: NOW, artifacts, engine, random: systemRandom });
		const { presentation } = prepared;
		const text = presentPrepared(prepared, CONTEXT);
		const { report } = await verify('bound', { presentation: text });
		expect(report.result).toBe('warning');
		expect(findCheck(report, 'zk/request')?.result).toBe('passed');
		expect(report.evidence?.unproven).toContain('older');
		await refused('bound', 'zk/request', 'zk/wrong-request', { presentation: text, context: { ...CONTEXT, nonce: 'other' } });
		// Without the signature, with another key, or as if it were made for the request.
		const parsed = JSON.parse(text) as Presentation;
		if (parsed.binding.kind !== 'one-time-key') throw new Error('A prepared proof is bound by a key.');
		const other = { ...parsed.binding, sig: `A${parsed.binding.sig.slice(1)}` };
		await refused('bound', 'zk/request', 'zk/wrong-request', { presentation: JSON.stringify({ ...parsed, binding: other }) });
		await refused('bound', 'zk/request', 'zk/wrong-request', {
			presentation: JSON.stringify({ ...parsed, binding: { ...parsed.binding, key: encodeField(5n) } }),
		});
		await refused('bound', 'zk/request', 'zk/wrong-request', { presentation: JSON.stringify({ ...presentation, binding: { kind: 'request' } }) });
		expect(() => presentPrepared(prepared, { ...CONTEXT, nonce: 'second' })).toThrow(expect.objectContaining({ code: 'crypto/wiped' }));
	});
});

test('on the very birthday, 1 March for who was born on 29 February, it is proven', async () => {
	const request: StatementRequest = { statement: overAge(18, 20_260_301), types: [TYPE] };
	const now = at('2026-03-01');
	const presentation = await prove(request, [credential({ claims: { birthdate: '2008-02-29' } })], { now });
	const { report } = await verify('bound', { presentation, request, now });
	expect(report).toMatchObject({ result: 'warning', code: 'zk/development-setup' });
});

describe('what a holder cannot or will not prove', () => {
	const refusal = (code: string) => expect.objectContaining({ code });

	test.each([
		['a birthday tomorrow', '2008-11-26', 20_261_125, false],
		['a birthday today', '2008-11-25', 20_261_125, true],
		['a birthday yesterday', '2008-11-24', 20_261_125, true],
		['29 February, on 28 February of a year without one', '2008-02-29', 20_260_228, false],
		['29 February, on 1 March of a year without one', '2008-02-29', 20_260_301, true],
		['28 February, on 29 February', '2010-02-28', 20_280_229, true],
		['1 March, on 29 February', '2010-03-01', 20_280_229, false],
		['1 March 1900, which followed 28 February', '1900-03-01', 19_180_228, false],
		['1 March 1900, on the day', '1900-03-01', 19_180_301, true],
		['28 February, on 28 February 2100', '2082-02-28', 21_000_228, true],
		['1 March, on 28 February 2100, after which it comes', '2082-03-01', 21_000_228, false],
		['a birth in the future', '2100-01-01', 20_261_125, false],
	])('over 18 with %s', async (_name, birthdate, today, possible) => {
		const subject = credential({ claims: { birthdate }, validFrom: '1910-01-01', validUntil: '2110-12-31' });
		const inputs = () => circuitInputs({ statement: overAge(18, today), types: [TYPE] }, [subject], today, 42n);
		if (!possible) expect(inputs).toThrow(refusal('zk/not-fulfilled'));
		else expect((await (await calculator('bound')).calculate(inputs().inputs)).length).toBeGreaterThan(0);
	});

	test.each([
		['an expired credential', () => [credential({ validUntil: '2026-11-24' })], 'zk/expired', 'bound'],
		['one that is not valid yet', () => [credential({ validFrom: '2026-11-26' })], 'zk/not-yet-valid', 'bound'],
		['a claim that was not attested', () => [credential({ claims: { given_name: 'Erika' } })], 'zk/no-such-claim', 'bound'],
		['a birth date that is a text', () => [credential({ claims: { birthdate: '26.1.1984' } })], 'zk/not-fulfilled', 'bound'],
		['a revoked credential', () => [credential({ revoked: [77] })], 'zk/revoked', 'bound-revocable'],
		["somebody else's credential", () => [{ ...credential(), holder: holderOf('x') }], 'zk/wrong-holder', 'bound'],
		['claims that were changed', () => [{ ...credential(), claims: { ...CLAIMS, birthdate: '1970-01-01' } }], 'zk/attestation-mismatch', 'bound'],
		['a type that was not asked for', () => [credential({ type: 'other' })], 'zk/wrong-type', 'bound'],
		['no nationality of the set', () => [credential({ claims: { nationalities: ['US'] } })], 'zk/not-fulfilled', 'member'],
		[
			'two wallets',
			() => [credential(), credential({ signingKey: OTHER_KEY, type: OTHER_TYPE, holder: holderOf('t', 'other wallet') })],
			'zk/not-fulfilled',
			'same-holder',
		],
		['one credential for two', () => [credential()], 'zk/bad-value', 'same-holder'],
	] as const)('%s', async (_name, credentials, code, circuit) => {
		await expect(prove(requests[circuit], credentials())).rejects.toThrow(refusal(code));
	});

	test('without revocation id or list', async () => {
		const { revocation: _list, ...withoutList } = credential();
		await expect(prove(requests['bound-revocable'], [withoutList])).rejects.toThrow(refusal('zk/no-revocation-list'));
	});

	test("another verifier's nullifier", async () => {
		await expect(prove({ ...requests.bound, scope: { ...scope, verifier: 'other' } }, [credential()])).rejects.toThrow(refusal('zk/bad-scope'));
	});

	test('after it was stopped', async () => {
		await expect(prove(requests.bound, [credential()], { signal: AbortSignal.abort() })).rejects.toThrow(refusal('zk/aborted'));
	});
});

test('two holders show the same public values; one holder shows the same nullifier in one scope only', async () => {
	const stranger = credential({ claims: { birthdate: '1990-05-05', score: 3 }, revocationId: 9, holder: { secret: 5n, blinding: 6n } });
	// What a proof would be of, without making it.
	const signals = async (request: StatementRequest, subject: ProvingCredential) => {
		const { circuit, inputs } = circuitInputs(request, [subject], 20_261_125, requestHash(CONTEXT));
		const witness = await (await calculator(circuit)).calculate(inputs);
		return PUBLIC_SIGNALS[circuit].map((_, index) => fromBytes(witness.slice(32 * (index + 1), 32 * (index + 2)).reverse()).toString());
	};
	expect(await signals(requests.bound, credential())).toEqual((JSON.parse(made.bound) as Presentation).publicSignals);
	expect(await signals(requests.bound, stranger)).toEqual((JSON.parse(made.bound) as Presentation).publicSignals);
	const first = (await verify('bound-revocable')).nullifier;
	expect(first).toBeDefined();
	expect((await signals({ ...requests.bound, scope }, credential()))[0]).toBe(first);
	expect((await signals({ ...requests.bound, scope: { ...scope, epoch: '2027' } }, credential()))[0]).not.toBe(first);
	expect((await signals({ ...requests.bound, scope }, stranger))[0]).not.toBe(first);
});
