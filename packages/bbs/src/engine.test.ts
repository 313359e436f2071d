import { concat, hexEncode, sha256 } from '@holdfast/crypto';
import { afterAll, expect, test, vi } from 'vitest';
import { createEngine } from './engine.ts';
import { HOLDER_SECRET, ISSUER, ISSUER_SECRET, keys, NOW, requestOf, trust } from './fixture.ts';
import golden from './golden.json' with { type: 'json' };
import { check } from './issuance.ts';
import { issuerPublicKey } from './keys.ts';
import { verify } from './verify.ts';

const fetched = vi.fn(() => {
	throw new Error('no network');
});
vi.stubGlobal('fetch', fetched);
afterAll(() => {
	vi.unstubAllGlobals();
});

test('starts and computes its parameters without a fetch, and refuses more claims than there may be', async () => {
	const engine = await createEngine();
	expect(engine.params(3).h).toEqual(engine.params(32).h.slice(0, 7));
	expect(() => engine.params(33)).toThrow(expect.objectContaining({ code: 'bbs/too-large' }));
	expect(fetched).not.toHaveBeenCalled();
});

/** What was issued and presented with this version of the format stays good, whatever becomes of the library. */
test('a credential and a presentation from before are still read and believed', async () => {
	const engine = await createEngine();
	expect(hexEncode(sha256(engine.boundSetup()))).toBe(golden.boundSetup);
	expect(hexEncode(sha256(concat(...engine.params(32).h)))).toBe(golden.generators);
	const publicKey = issuerPublicKey(ISSUER_SECRET);
	expect(check(engine, { credential: golden.credential, secret: HOLDER_SECRET, publicKey, expected: { issuer: ISSUER, now: NOW } }).result).toBe('passed');
	const request = requestOf({ disclose: ['resident'], pseudonym: { purpose: 'one visit a day' } });
	const verification = await verify(engine, { presentation: golden.presentation, request, now: NOW, keys, trust });
	expect(verification.report.result).toBe('passed');
	expect(verification.pseudonym).toBe(golden.pseudonym);
});
