import { join } from 'node:path';
import { base64urlDecode, base64urlEncode } from '@holdfast/crypto';
import { findCheck, systemRandom } from '@holdfast/kernel';
import {
	type Artifacts,
	artifactsInFolder,
	type CircuitInputs,
	fastEngine,
	issuerPublicKey,
	overAge,
	type Presentation,
	type ProofEngine,
	type ProvingCredential,
	proveStatement,
	type StatementRequest,
	verifyStatement,
} from '@holdfast/zk';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
	attestedInputs,
	credential,
	developmentString,
	openedProver,
	ROOT,
	request,
	SIGNING_KEY,
	STRING,
	TODAY,
	TYPE,
	VERIFIER,
} from './attested-fixture.node.ts';
import { type AttestedProver, openAttestedProver } from './attested-prover.node.ts';

const now = { now: () => Date.UTC(2026, 10, 25, 12) };
const ORDER = 2736030358979909402780800718157159386076813972158567259200215660948447373041n;
const FIELD = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;
const context = { nonce: 'n-1', audience: VERIFIER, responseUri: `${VERIFIER}/response`, query: '{}' };

let prover: AttestedProver;
let artifacts: Artifacts;
let engine: ProofEngine;
let text: string;

beforeAll(async () => {
	prover = await openedProver();
	artifacts = await artifactsInFolder(join(ROOT, 'circuits'), { production: false });
	engine = fastEngine({ artifacts, random: systemRandom });
	text = await proveStatement({ request, credentials: [credential()], context, now, prover });
}, 300_000);

afterAll(async () => {
	await prover?.close();
	await engine?.close();
});

const keys = { resolve: async () => ({ key: issuerPublicKey(SIGNING_KEY), how: 'its document' }) };
const trust = () => ({ result: 'passed' as const, reason: 'On the list.' });
const verify = (presentation: string, change: Partial<Parameters<typeof verifyStatement>[0]> = {}) =>
	verifyStatement({ presentation, request, context, now, keys, trust, prover, ...change });
const changed = (change: (presentation: Presentation) => Partial<Presentation>): string => {
	const presentation = JSON.parse(text) as Presentation;
	return JSON.stringify({ ...presentation, ...change(presentation) });
};

describe('a statement about an attested claim, with UltraHonk', () => {
	test('is proven and verified by the same checks as with Groth16, and the verdict says on which reference string', async () => {
		const { report, nullifier, setup } = await verify(text);
		expect(report).toMatchObject({ result: 'warning', code: 'zk/development-setup' });
		expect(findCheck(report, 'zk/proof')?.result).toBe('passed');
		expect(findCheck(report, 'zk/artifact')?.result).toBe('passed');
		expect(findCheck(report, 'zk/setup')?.evidence).toMatchObject({ setup: 'reference string made for development' });
		expect(setup?.label).toBe('development');
		expect(report.evidence?.unproven).toContain('development setup');
		expect(JSON.parse(text)).toMatchObject({ engine: 'ultrahonk-bn254', circuit: 'bound' });

		// The same public values, the nullifier too, as the other way gives: a verifier that takes both counts a holder once.
		const groth16 = JSON.parse(await proveStatement({ request, credentials: [credential()], context, now, artifacts, engine })) as Presentation;
		expect((JSON.parse(text) as Presentation).publicSignals).toEqual(groth16.publicSignals);
		expect(nullifier).toBe(groth16.publicSignals[0]);

		// Neither is taken for the other.
		expect((await verify(JSON.stringify(groth16))).report.code).toBe('zk/wrong-system');
		expect((await verifyStatement({ presentation: text, request, context, now, keys, trust, artifacts, engine })).report.code).toBe('zk/wrong-system');
	});

	test('does not hold with any public value, byte or key changed, or for another request', async () => {
		const { publicSignals, proof } = JSON.parse(text) as Presentation;
		for (const [index, signal] of publicSignals.entries()) {
			const { report } = await verify(changed(() => ({ publicSignals: publicSignals.with(index, ((BigInt(signal) + 1n) % FIELD).toString()) })));
			expect(findCheck(report, 'zk/proof'), String(index)).toMatchObject({ result: 'failed', code: 'zk/proof-invalid' });
		}
		const bytes = base64urlDecode(proof);
		for (const at of [31, 7_000, bytes.length - 1]) {
			const { report } = await verify(changed(() => ({ proof: base64urlEncode(bytes.map((byte, i) => (i === at ? byte ^ 1 : byte))) })));
			expect(findCheck(report, 'zk/proof')).toMatchObject({ result: 'failed', code: 'zk/proof-invalid' });
		}
		expect(findCheck((await verify(changed(() => ({ vkey: 'a'.repeat(64) })))).report, 'zk/artifact')?.code).toBe('zk/wrong-key');
		expect((await verify(text, { context: { ...context, nonce: 'n-2' } })).report.code).toBe('zk/wrong-request');
		expect((await verify(text, { request: { ...request, statement: overAge(21, TODAY) } })).report.code).toBe('zk/wrong-bounds');
		expect((await verify(changed(({ proof: whole }) => ({ proof: whole.slice(4) })))).report.code).toBe('zk/malformed');
	});

	test('of a kind that it has no circuit for is neither proven nor verified', async () => {
		const member: StatementRequest = { statement: { kind: 'member', claim: ['family_name'], set: ['Lovelace'] }, types: [TYPE] };
		expect(prover.circuits).toEqual(['bound']);
		await expect(proveStatement({ request: member, credentials: [credential()], context, now, prover })).rejects.toMatchObject({ code: 'zk/unknown-circuit' });
		await expect(prover.verify('member', [], '')).rejects.toMatchObject({ code: 'zk/unknown-circuit' });
	});

	test('stops when it is told to, and is refused where its circuit is missing or changed', async () => {
		const stop = new AbortController();
		const onProgress = ({ step }: { step: string }) => step === 'proof' && setTimeout(() => stop.abort(), 20);
		await expect(proveStatement({ request, credentials: [credential()], context, now, prover, signal: stop.signal, onProgress })).rejects.toMatchObject({
			code: 'zk/aborted',
		});
		const elsewhere = openAttestedProver({ referenceString: await developmentString(), circuits: STRING, threads: 2 });
		await expect(elsewhere.checkKey('bound', '')).rejects.toMatchObject({ code: 'zk-sd-jwt/bad-artifact' });
		await elsewhere.close();
	});
});

describe('the circuit', () => {
	const otherKey = issuerPublicKey(new Uint8Array(32).fill(8));
	const refused = async (change: (inputs: CircuitInputs) => CircuitInputs, asked?: StatementRequest, from?: ProvingCredential): Promise<void> => {
		const inputs = attestedInputs(asked, from);
		await expect(prover.prove('bound', { ...inputs, ...change(inputs) })).rejects.toMatchObject({ code: 'zk/unsatisfied' });
	};
	const plus = (value: unknown, more: bigint): string => String((((BigInt(value as string) + more) % FIELD) + FIELD) % FIELD);

	test('refuses each part of an attestation that is not what the issuer signed', async () => {
		for (const part of ['type', 'name', 'kind', 'value', 'salt', 'secret', 'blinding', 'from', 'until', 'revocationId', 'S']) {
			await refused((inputs) => ({ [part]: plus(inputs[part], 1n) }));
		}
		await refused(() => ({ issuer: [otherKey.x, otherKey.y].map(String) }));
		await refused(({ siblings }) => ({ siblings: [plus(siblings?.[0], 1n), ...(siblings ?? []).slice(1)] }));
	});

	test('refuses a second spelling of the signature, points off the curve, and a key of small order', async () => {
		await refused(({ S }) => ({ S: plus(S, ORDER) }));
		await refused(({ R8 }) => ({ R8: [plus(R8?.[0], 1n), String(R8?.[1])] }));
		// With A of order 2, 8A is the identity and drops out: R8 = S * B8 would sign anything.
		await refused(() => ({ issuer: ['0', String(FIELD - 1n)], R8: ['0', '1'], S: '0' }));
	});

	test('compares as integers: no bound is passed by going round the field', async () => {
		await refused(({ value }) => ({ high: plus(value, -1n) }));
		await refused(({ value }) => ({ low: plus(value, 1n) }));
		await refused(({ value }) => ({ low: plus(value, 1n), high: String(FIELD - 1n) }));
		await refused(() => ({ low: String(FIELD - 1n) }));
		await refused(({ until }) => ({ today: plus(until, 1n) }));
		await refused(({ from }) => ({ today: plus(from, -1n) }));
		// A side that is neither left nor right.
		await refused(({ bits }) => ({ bits: ['2', ...(bits ?? []).slice(1)] }));
	});

	test('accepts bounds of both kinds, at their ends, on any leaf, and shows no mark without a scope', async () => {
		const claims = { a: 'x', score: -3, b: true, c: 'y', birthdate: '2008-11-25' };
		const within: StatementRequest = { statement: { kind: 'bound', claim: ['score'], op: 'between', from: -3, to: -3 }, types: [TYPE] };
		const { publicSignals, proof } = await prover.prove('bound', attestedInputs(within, credential(claims)));
		expect(publicSignals[0]).toBe('0');
		expect(await prover.verify('bound', publicSignals, proof)).toBe(true);
	});
});
