import { parse } from '@holdfast/credentials';
import { jwkThumbprint, type Signer } from '@holdfast/crypto';
import type { JsonObject } from '@holdfast/kernel';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CLAIMS, codeOf, didSigner, newSigner, receiveDeps, startIssuer, type TestIssuer, testClock } from './fixture.ts';
import { type OfferReview, readOffer, redeem, requestCredentials, requestToken } from './index.ts';
import { signJwt } from './shared/jose.ts';

const HOUR = 3_600_000;
let clock: ReturnType<typeof testClock>;
let office: TestIssuer;

beforeEach(async () => {
	clock = testClock();
	office = await startIssuer(clock);
});
afterEach(() => office.served.close());

const offerTo = async (
	configurationId = 'identity-sd-jwt',
	more: object = {},
): Promise<{ review: OfferReview; uri: string; txCode: string | null; id: string }> => {
	const created = await office.issuer.createOffer({ configurationIds: [configurationId], data: CLAIMS, ttlMs: HOUR, ...more });
	return { ...created, review: await readOffer(created.uri, receiveDeps(clock)) };
};
const post = (path: string, body: string, headers: Record<string, string>): Promise<Response> =>
	fetch(`${office.url}${path}`, { method: 'POST', body, headers });
const form = (parameters: Record<string, string>): [string, Record<string, string>] => [
	new URLSearchParams(parameters).toString(),
	{ 'content-type': 'application/x-www-form-urlencoded' },
];
const GRANT = 'urn:ietf:params:oauth:grant-type:pre-authorized_code';
const lastRefusal = (): string | undefined => office.events.flatMap((event) => (event.kind === 'refused' ? [event.code] : [])).at(-1);

describe('whole flows', () => {
	test.each(['identity-sd-jwt', 'identity-jwt-vc'])('%s: by value, then by reference', async (configurationId) => {
		for (const by of ['value', 'reference'] as const) {
			const { review } = await offerTo(configurationId, { by });
			expect(review).toMatchObject({ issuer: office.url, issuerName: 'Test Office', txCode: null, batchSize: 4 });
			expect(review.configurations[0]).toMatchObject({ id: configurationId, name: 'Identity', unsupported: null });
			const signer = newSigner();
			const steps: string[] = [];
			const [credential] = await redeem(review, { signers: [signer], onProgress: (step) => steps.push(step) }, receiveDeps(clock));
			expect(credential?.holderThumbprint).toBe(jwkThumbprint(signer.publicJwk));
			expect(parse(credential?.raw ?? '').claims).toMatchObject({ given_name: 'Ada' });
			expect(steps).toEqual(['token', 'nonce', 'proof', 'credential', 'check', 'done']);
		}
	});

	test.each(['Ed25519', 'Secp256r1', 'Secp256k1'] as const)('a holder key of type %s', async (type) => {
		const { review } = await offerTo();
		expect(await redeem(review, { signers: [newSigner(type)] }, receiveDeps(clock))).toHaveLength(1);
	});

	test('a transaction code, typed with spaces around it', async () => {
		for (const inputMode of ['numeric', 'text'] as const) {
			const { review, txCode } = await offerTo('identity-sd-jwt', { txCode: { inputMode, length: 6, description: 'Sent by\u202e letter' } });
			expect(review.txCode).toEqual({ inputMode, length: 6, description: 'Sent by letter' });
			expect(await codeOf(() => redeem(review, { signers: [newSigner()] }, receiveDeps(clock)))).toBe('oid4vci/tx-code-needed');
			expect(await redeem(review, { signers: [newSigner()], txCode: ` ${txCode} ` }, receiveDeps(clock))).toHaveLength(1);
		}
	});

	test.each(['identity-sd-jwt', 'identity-jwt-vc'])('%s: a batch, each copy bound to its own key', async (configurationId) => {
		const { review } = await offerTo(configurationId);
		const signers = [newSigner(), newSigner('Ed25519'), newSigner(), newSigner()];
		const credentials = await redeem(review, { signers }, receiveDeps(clock));
		expect(credentials.map((each) => each.holderThumbprint)).toEqual(signers.map((signer) => jwkThumbprint(signer.publicJwk)));
		expect(new Set(credentials.map((each) => each.raw)).size).toBe(4);
	});

	test('a key that is named by a DID URL binds to the DID', async () => {
		const { review } = await offerTo('identity-jwt-vc');
		const { did, signer } = didSigner();
		const [credential] = await redeem(review, { signers: [signer] }, receiveDeps(clock));
		expect(credential?.holderDid).toBe(did);
		expect(parse(credential?.raw ?? '').holder?.did).toBe(did);
	});

	test('several configurations in one offer, one after the other, with one token', async () => {
		const created = await office.issuer.createOffer({ configurationIds: ['identity-sd-jwt', 'identity-jwt-vc'], data: CLAIMS, ttlMs: HOUR });
		const review = await readOffer(created.uri, receiveDeps(clock));
		const token = await requestToken(review, {}, receiveDeps(clock));
		for (const configurationId of ['identity-sd-jwt', 'identity-jwt-vc']) {
			expect(office.store.offers.get(created.id)?.state).toBe('open');
			expect(await requestCredentials(review, token, { signers: [newSigner()], configurationId }, receiveDeps(clock))).toHaveLength(1);
		}
		expect(office.store.offers.get(created.id)?.state).toBe('redeemed');
	});

	test('after a crash the wallet goes on with its journal, and gets the same credential, not a second one', async () => {
		const { review, id } = await offerTo();
		const journal = JSON.stringify({ review, token: await requestToken(review, {}, receiveDeps(clock)) });
		const signer = newSigner();
		const saved = JSON.parse(journal) as { review: OfferReview; token: Awaited<ReturnType<typeof requestToken>> };
		const first = await requestCredentials(saved.review, saved.token, { signers: [signer] }, receiveDeps(clock));
		const again = await requestCredentials(saved.review, saved.token, { signers: [signer] }, receiveDeps(clock));
		expect(again).toEqual(first);
		expect(office.store.offers.get(id)?.issued).toHaveLength(1);
		expect(office.signed.count).toBe(1);
		expect(await codeOf(() => requestCredentials(saved.review, saved.token, { signers: [newSigner()] }, receiveDeps(clock)))).toBe(
			'oid4vci/credential-refused',
		);
		expect(lastRefusal()).toBe('oid4vci/already-issued');
	});

	test('two requests at the same moment give one credential', async () => {
		const { review, id } = await offerTo();
		const token = await requestToken(review, {}, receiveDeps(clock));
		const results = await Promise.allSettled(
			[newSigner(), newSigner(), newSigner()].map((signer) => requestCredentials(review, token, { signers: [signer] }, receiveDeps(clock))),
		);
		expect(results.filter((each) => each.status === 'fulfilled')).toHaveLength(1);
		expect(office.store.offers.get(id)?.issued).toHaveLength(1);
	});

	test('the code is redeemed once, however many ask at the same moment', async () => {
		const { review } = await offerTo();
		const results = await Promise.allSettled(Array.from({ length: 8 }, () => requestToken(review, {}, receiveDeps(clock))));
		expect(results.filter((each) => each.status === 'fulfilled')).toHaveLength(1);
	});

	test('codes, tokens and nonces are stored only as hashes', async () => {
		const { review, txCode } = await offerTo('identity-sd-jwt', { txCode: { inputMode: 'numeric', length: 8 } });
		const token = await requestToken(review, { txCode: txCode ?? '' }, receiveDeps(clock));
		const stored = JSON.stringify([...office.store.offers.values()]);
		for (const secret of [review.preAuthorizedCode, token.accessToken, txCode ?? '-']) expect(stored).not.toContain(secret);
	});
});

describe('metadata', () => {
	test('stands where §12.2.2 and RFC 8414 put it, for an issuer with a path', async () => {
		for (const name of ['openid-credential-issuer', 'oauth-authorization-server']) {
			const response = await fetch(`${office.served.url}/.well-known/${name}/issuer/one`);
			expect(response.headers.get('content-type')).toBe('application/json');
			const body = (await response.json()) as JsonObject;
			expect(body.credential_issuer ?? body.issuer).toBe(office.url);
			expect((await fetch(`${office.url}/.well-known/${name}`)).status).toBe(404);
		}
	});

	test('another issuer’s metadata is refused', async () => {
		const { uri } = await offerTo();
		const moved = uri.replaceAll('issuer%2Fone', 'issuer%2Ftwo');
		expect(await codeOf(() => readOffer(moved, receiveDeps(clock)))).toBe('oid4vci/issuer-metadata');
	});
});

describe('the token endpoint refuses', () => {
	test('a wrong transaction code, and after five the right one too', async () => {
		const { review, txCode, id } = await offerTo('identity-sd-jwt', { txCode: { inputMode: 'numeric', length: 6 } });
		const wrong = txCode === '000000' ? '000001' : '000000';
		for (let round = 0; round < 5; round++)
			expect(await codeOf(() => requestToken(review, { txCode: wrong }, receiveDeps(clock)))).toBe('oid4vci/code-refused');
		expect(office.store.offers.get(id)).toMatchObject({ state: 'cancelled', txTries: 5 });
		expect(await codeOf(() => requestToken(review, { txCode: txCode ?? '' }, receiveDeps(clock)))).toBe('oid4vci/code-refused');
		expect(lastRefusal()).toBe('oid4vci/locked-out');
	});

	test('guesses at the same moment count one by one', async () => {
		const { review, id } = await offerTo('identity-sd-jwt', { txCode: { inputMode: 'text', length: 8 } });
		await Promise.allSettled(Array.from({ length: 12 }, (_, index) => requestToken(review, { txCode: `guess${index}` }, receiveDeps(clock))));
		expect(office.store.offers.get(id)).toMatchObject({ state: 'cancelled', txTries: 5 });
	});

	test.each([
		['a used code', 'oid4vci/code-used', async (review: OfferReview) => void (await requestToken(review, {}, receiveDeps(clock)))],
		['an expired code', 'oid4vci/code-expired', async () => clock.advance(HOUR + 1)],
		['a cancelled offer', 'oid4vci/code-used', async (_: OfferReview, id: string) => void expect(await office.issuer.cancelOffer(id)).toBe(true)],
	])('%s', async (_name, code, before) => {
		const { review, id } = await offerTo();
		await before(review, id);
		expect(await codeOf(() => requestToken(review, {}, receiveDeps(clock)))).toBe('oid4vci/code-refused');
		expect(lastRefusal()).toBe(code);
	});

	test.each([
		['an unknown code', { grant_type: GRANT, 'pre-authorized_code': 'nobody' }, 'invalid_grant'],
		['another grant', { grant_type: 'authorization_code', code: 'x' }, 'unsupported_grant_type'],
		['no code', { grant_type: GRANT }, 'invalid_request'],
		['no grant', { 'pre-authorized_code': 'x' }, 'invalid_request'],
	])('%s', async (_name, parameters, error) => {
		const response = await post('/token', ...form(parameters as unknown as Record<string, string>));
		expect(response.status).toBe(400);
		expect(response.headers.get('cache-control')).toBe('no-store');
		expect(await response.json()).toMatchObject({ error });
	});

	test('a transaction code that is not expected, one that is missing, and a parameter twice', async () => {
		const { review } = await offerTo();
		const code = review.preAuthorizedCode;
		expect(await (await post('/token', ...form({ grant_type: GRANT, 'pre-authorized_code': code, tx_code: '1234' }))).json()).toMatchObject({
			error: 'invalid_request',
		});
		const { review: asks } = await offerTo('identity-sd-jwt', { txCode: { inputMode: 'numeric', length: 4 } });
		expect(await (await post('/token', ...form({ grant_type: GRANT, 'pre-authorized_code': asks.preAuthorizedCode }))).json()).toMatchObject({
			error: 'invalid_request',
		});
		const [body, headers] = form({ grant_type: GRANT, 'pre-authorized_code': code });
		expect((await post('/token', `${body}&grant_type=x`, headers)).status).toBe(400);
		expect((await post('/token', '{}', { 'content-type': 'application/json' })).status).toBe(400);
	});
});

describe('the credential endpoint', () => {
	const now = (): number => Math.floor(clock.now() / 1000);
	const nonce = async (): Promise<string> => ((await (await post('/nonce', '', {})).json()) as { c_nonce: string }).c_nonce;
	const proofOf = async (signer: Signer, header: JsonObject = {}, payload: JsonObject = {}): Promise<string> =>
		signJwt(
			signer,
			{ typ: 'openid4vci-proof+jwt', jwk: { ...signer.publicJwk }, ...header },
			{ aud: office.url, iat: now(), nonce: await nonce(), ...payload },
		);
	const ask = async (body: unknown, token?: string): Promise<{ status: number; body: JsonObject }> => {
		const accessToken = token ?? (await requestToken((await offerTo()).review, {}, receiveDeps(clock))).accessToken;
		const response = await post('/credential', typeof body === 'string' ? body : JSON.stringify(body), {
			'content-type': 'application/json',
			authorization: `Bearer ${accessToken}`,
		});
		return { status: response.status, body: (await response.json()) as JsonObject };
	};
	const asking = (...jwt: string[]): JsonObject => ({ credential_configuration_id: 'identity-sd-jwt', proofs: { jwt } });

	test('takes a good proof (the negative cases below differ in one thing each)', async () => {
		expect((await ask(asking(await proofOf(newSigner())))).body.credentials).toHaveLength(1);
	});

	test.each<[string, string, string, () => Promise<string>]>([
		['the wrong typ', 'invalid_proof', 'oid4vci/proof-wrong-typ', () => proofOf(newSigner(), { typ: 'JWT' })],
		['another issuer as audience', 'invalid_proof', 'oid4vci/proof-wrong-audience', () => proofOf(newSigner(), {}, { aud: 'https://other.example' })],
		['an invented nonce', 'invalid_nonce', 'oid4vci/proof-wrong-nonce', () => proofOf(newSigner(), {}, { nonce: 'invented' })],
		['an old proof', 'invalid_proof', 'oid4vci/proof-stale', () => proofOf(newSigner(), {}, { iat: now() - 3600 })],
		['a proof from the future', 'invalid_proof', 'oid4vci/proof-stale', () => proofOf(newSigner(), {}, { iat: now() + 3600 })],
		['no iat', 'invalid_proof', 'oid4vci/proof-stale', () => proofOf(newSigner(), {}, { iat: 'now' })],
		['an algorithm that is not supported', 'invalid_proof', 'oid4vci/proof-unsupported-alg', () => proofOf(newSigner(), { alg: 'none' })],
		['critical headers', 'invalid_proof', 'oid4vci/proof-critical', () => proofOf(newSigner(), { crit: ['x'], x: 1 })],
		['somebody else’s key', 'invalid_proof', 'oid4vci/proof-bad-signature', () => proofOf(newSigner(), { jwk: { ...newSigner().publicJwk } })],
		['both jwk and kid', 'invalid_proof', 'oid4vci/proof-no-key', () => proofOf(newSigner(), { kid: 'did:jwk:x#0' })],
		[
			'a private key in the header',
			'invalid_proof',
			'oid4vci/proof-no-key',
			() => {
				const signer = newSigner();
				return proofOf(signer, { jwk: { ...signer.publicJwk, d: 'AAAA' } });
			},
		],
		[
			'a DID where only keys are bound',
			'invalid_proof',
			'oid4vci/proof-binding-not-supported',
			async () => {
				const { signer } = didSigner();
				return signJwt(signer, { typ: 'openid4vci-proof+jwt', kid: signer.kid ?? '' }, { aud: office.url, iat: now(), nonce: await nonce() });
			},
		],
		['no JWT at all', 'invalid_proof', 'oid4vci/proof-malformed', async () => 'nonsense'],
	])('refuses %s', async (_name, error, code, makeProof) => {
		const answer = await ask(asking(await makeProof()));
		expect(answer).toMatchObject({ status: 400, body: { error } });
		expect(lastRefusal()).toBe(code);
		expect(office.signed.count).toBe(0);
	});

	test('refuses a proof without nonce, and a nonce a second time or too late', async () => {
		const signer = newSigner();
		const bare = await signJwt(signer, { typ: 'openid4vci-proof+jwt', jwk: { ...signer.publicJwk } }, { aud: office.url, iat: now() });
		expect((await ask(asking(bare))).body.error).toBe('invalid_nonce');
		const proof = await proofOf(newSigner());
		expect((await ask(asking(proof))).status).toBe(200);
		expect((await ask(asking(proof))).body.error).toBe('invalid_nonce');
		const late = await nonce();
		clock.advance(5 * 60_000 + 1);
		expect((await ask(asking(await proofOf(newSigner(), {}, { nonce: late })))).body.error).toBe('invalid_nonce');
	});

	test('refuses a DID that does not resolve', async () => {
		const signer = newSigner();
		const token = await requestToken((await offerTo('identity-jwt-vc')).review, {}, receiveDeps(clock));
		const proof = await signJwt(signer, { typ: 'openid4vci-proof+jwt', kid: 'did:jwk:nothing#0' }, { aud: office.url, iat: now(), nonce: await nonce() });
		expect((await ask({ credential_configuration_id: 'identity-jwt-vc', proofs: { jwt: [proof] } }, token.accessToken)).body.error).toBe('invalid_proof');
		expect(lastRefusal()).toBe('oid4vci/proof-key-not-resolved');
	});

	test.each<[string, unknown, string]>([
		['malformed JSON', '{"proofs":', 'invalid_credential_request'],
		['a list', '[]', 'invalid_credential_request'],
		['no configuration', {}, 'invalid_credential_request'],
		['an unknown configuration', { credential_configuration_id: 'toString' }, 'unknown_credential_configuration'],
		['a configuration that was not offered', { credential_configuration_id: 'identity-jwt-vc' }, 'unknown_credential_configuration'],
		['a credential identifier', { credential_identifier: 'x' }, 'unknown_credential_identifier'],
		['no proofs', { credential_configuration_id: 'identity-sd-jwt' }, 'invalid_proof'],
		['empty proofs', { credential_configuration_id: 'identity-sd-jwt', proofs: { jwt: [] } }, 'invalid_proof'],
		['two kinds of proofs', { credential_configuration_id: 'identity-sd-jwt', proofs: { jwt: ['x'], attestation: ['y'] } }, 'invalid_proof'],
		['encryption', { credential_configuration_id: 'identity-sd-jwt', credential_response_encryption: {} }, 'invalid_encryption_parameters'],
	])('refuses %s', async (_name, body, error) => {
		expect(await ask(body)).toMatchObject({ status: 400, body: { error } });
	});

	test('refuses more copies than the batch size, and two with one key', async () => {
		expect((await ask(asking(...(await Promise.all(Array.from({ length: 5 }, () => proofOf(newSigner()))))))).body.error).toBe('invalid_credential_request');
		const signer = newSigner();
		expect((await ask(asking(await proofOf(signer), await proofOf(signer)))).body.error).toBe('invalid_proof');
	});

	test('refuses no token, a wrong token and an old token, with 401', async () => {
		const without = await post('/credential', '{}', { 'content-type': 'application/json' });
		expect(without.status).toBe(401);
		expect(without.headers.get('www-authenticate')).toBe('Bearer');
		expect((await ask({}, 'wrong')).status).toBe(401);
		const { review } = await offerTo();
		const token = await requestToken(review, {}, receiveDeps(clock));
		clock.advance(10 * 60_000 + 1);
		expect((await ask({}, token.accessToken)).status).toBe(401);
		expect(await codeOf(() => requestCredentials(review, token, { signers: [newSigner()] }, receiveDeps(clock)))).toBe('oid4vci/token-expired');
	});

	test('refuses the wrong content type, the wrong method, and a body over 1 MiB', async () => {
		const { accessToken } = await requestToken((await offerTo()).review, {}, receiveDeps(clock));
		const authorization = `Bearer ${accessToken}`;
		expect(await (await post('/credential', '{}', { 'content-type': 'text/plain', authorization })).json()).toMatchObject({
			error: 'invalid_credential_request',
		});
		expect((await fetch(`${office.url}/credential`)).status).toBe(405);
		expect((await fetch(`${office.url}/nonce`)).status).toBe(405);
		const large = await post('/credential', `{"x":"${'a'.repeat(1024 * 1024)}"}`, { 'content-type': 'application/json', authorization }).then(
			(response) => response.status,
			() => 413,
		);
		expect(large).toBe(413);
	});
});

describe('an offer by reference', () => {
	test('is gone once redeemed or expired, and never says more than 404', async () => {
		const { uri, review } = await offerTo('identity-sd-jwt', { by: 'reference' });
		expect(uri.length).toBeLessThan(200);
		await requestToken(review, {}, receiveDeps(clock));
		expect(await codeOf(() => readOffer(uri, receiveDeps(clock)))).toBe('oid4vci/offer-not-reachable');
		const second = await office.issuer.createOffer({ configurationIds: ['identity-sd-jwt'], data: CLAIMS, ttlMs: HOUR, by: 'reference' });
		clock.advance(HOUR + 1);
		expect(await codeOf(() => readOffer(second.uri, receiveDeps(clock)))).toBe('oid4vci/offer-not-reachable');
	});
});

describe('createOffer and createIssuer refuse', () => {
	test('what is not offered, no time at all, and codes that are too short', async () => {
		const make = (more: object): Promise<string> =>
			codeOf(() => office.issuer.createOffer({ configurationIds: ['identity-sd-jwt'], data: {}, ttlMs: HOUR, ...more }));
		expect(await make({ configurationIds: ['nothing'] })).toBe('oid4vci/unknown-configuration');
		expect(await make({ configurationIds: [] })).toBe('oid4vci/unknown-configuration');
		expect(await make({ ttlMs: 0 })).toBe('oid4vci/bad-configuration');
		expect(await make({ txCode: { inputMode: 'numeric', length: 3 } })).toBe('oid4vci/bad-configuration');
	});

	test.each(['http://issuer.example', 'https://issuer.example/', 'https://issuer.example?a=b', 'nonsense'])('the address %s', async (issuerUrl) => {
		expect(await codeOf(() => startIssuer(clock, { issuerUrl }).then((other) => other.served.close()))).toBe('oid4vci/bad-configuration');
	});
});
