import { test } from 'vitest';
import { createEngine } from './engine.ts';
import { credentialOf, HOLDER_SECRET, ISSUER, ISSUER_SECRET, keys, NOW, requestOf, trust } from './fixture.ts';
import { check } from './issuance.ts';
import { issuerPublicKey } from './keys.ts';
import { present } from './present.ts';
import type { BbsRequest } from './request.ts';
import { verify } from './verify.ts';

const engine = await createEngine();
const credential = credentialOf(engine);
const options = { iterations: 6, time: 0, warmupIterations: 1, warmupTime: 0 };

const cases: [string, Partial<BbsRequest>][] = [
	['one claim shown', { disclose: ['resident'], bounds: [] }],
	['one claim shown, pseudonym', { disclose: ['resident'], bounds: [], pseudonym: { purpose: 'one visit a day' } }],
	['over 18', {}],
	['over 18, pseudonym', { pseudonym: { purpose: 'one visit a day' } }],
];

test.for(cases)('%s, and valid today', async ([, given], { bench }) => {
	const request = requestOf(given);
	const presentation = present(engine, { credential, secret: HOLDER_SECRET, request, now: NOW });
	await bench.compare(
		bench('verify', async () => {
			await verify(engine, { presentation, request, now: NOW, keys, trust });
		}),
		bench(`prove (${presentation.length} characters)`, () => {
			present(engine, { credential, secret: HOLDER_SECRET, request, now: NOW });
		}),
		options,
	);
});

test('issuance', async ({ bench }) => {
	const publicKey = issuerPublicKey(ISSUER_SECRET);
	await bench.compare(
		bench('check on receipt', () => {
			check(engine, { credential, secret: HOLDER_SECRET, publicKey, expected: { issuer: ISSUER, now: NOW } });
		}),
		bench(`request, issue, unblind (${credential.length} characters)`, () => {
			credentialOf(engine);
		}),
		options,
	);
});
