import type { JsonObject } from '@holdfast/kernel';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { codeOf, didSigner, hold, makeVerifier, newSigner, presentDeps, startVerifier, testClock, VCT } from './fixture.ts';
import {
	answerByQr,
	buildPresentations,
	type CreateRequestInput,
	match,
	type PresentDeps,
	type RequestReview,
	readRequest,
	respond,
	type VerificationRecord,
	type VpToken,
} from './index.ts';
import { signJwt } from './shared/jose.ts';

const MINUTE = 60_000;
const SD_JWT = { credentials: [{ id: 'pid', format: 'dc+sd-jwt', meta: { vct_values: [VCT] }, claims: [{ path: ['given_name'] }] }] };
const JWT_VC = {
	credentials: [{ id: 'vc', format: 'jwt_vc_json', meta: { type_values: [['IdentityCredential']] }, claims: [{ path: ['credentialSubject', 'given_name'] }] }],
};

let clock: ReturnType<typeof testClock>;
let desk: ReturnType<typeof makeVerifier>;
/** A holder who is not on any network. */
let offline: PresentDeps;
beforeEach(() => {
	clock = testClock();
	desk = makeVerifier(clock, null);
	offline = { ...presentDeps(clock), fetch: () => Promise.reject(new Error('there is no network')) };
});

const request = (more: Partial<CreateRequestInput> = {}): ReturnType<typeof desk.verifier.createRequest> =>
	desk.verifier.createRequest({ dcql: SD_JWT, clientId: { scheme: 'redirect_uri' }, responseMode: 'org.holdfast.qr.jwt', ttlMs: 5 * MINUTE, ...more });

async function tokenFor(review: RequestReview, format: 'dc+sd-jwt' | 'jwt_vc_json' = 'dc+sd-jwt'): Promise<VpToken> {
	const holder = newSigner();
	const held = [await hold(format, holder, clock)];
	const selections = match(review.dcql, held).proposal.map(({ queryId, candidate }) => ({
		queryId,
		raw: held[0]?.parsed.raw ?? '',
		format,
		disclose: candidate.disclose,
		holder,
	}));
	return buildPresentations(review, selections, { clock });
}

interface Asked {
	readonly id: string;
	readonly uri: string;
	readonly review: RequestReview;
	/** What the holder's film says. */
	readonly text: string;
}

async function answered(more: Partial<CreateRequestInput> = {}): Promise<Asked> {
	const { id, uri } = await request(more);
	const review = await readRequest(uri, offline);
	return { id, uri, review, text: await answerByQr(review, await tokenFor(review), { clock }) };
}

const changed = (text: string, change: JsonObject): string => JSON.stringify({ ...(JSON.parse(text) as JsonObject), ...change });

describe('from request to verdict without a network', () => {
	const cases = (['dc+sd-jwt', 'jwt_vc_json'] as const).flatMap((format) =>
		(['decentralized_identifier', 'redirect_uri'] as const).flatMap((scheme) =>
			(['org.holdfast.qr', 'org.holdfast.qr.jwt'] as const).map((responseMode) => ({ format, scheme, responseMode })),
		),
	);
	test.each(cases)('$format, $scheme, $responseMode', async ({ format, scheme, responseMode }) => {
		const { id, uri } = await request({
			dcql: format === 'dc+sd-jwt' ? SD_JWT : JWT_VC,
			clientId: scheme === 'redirect_uri' ? { scheme } : { scheme, did: desk.did, signer: desk.signer },
			responseMode,
		});
		const review = await readRequest(uri, offline);
		expect(review).toMatchObject({ clientIdPrefix: scheme, responseMode, responseHost: null, responseUri: `org.holdfast.qr:${id}` });
		expect(review.clientId).toBe(scheme === 'redirect_uri' ? `redirect_uri:org.holdfast.qr:${id}` : `decentralized_identifier:${desk.did}`);
		const text = await answerByQr(review, await tokenFor(review, format), { clock });
		expect(text.includes('vp_token')).toBe(responseMode === 'org.holdfast.qr');
		const record = await desk.verifier.answer(text);
		expect(record.report, JSON.stringify(record.report)).toMatchObject({ result: 'passed' });
		expect(record).toMatchObject({ id, state: 'done', encryptionKey: null });
		expect(record.disclosed?.[0]?.claims).toMatchObject({ given_name: 'Ada' });
	});

	test('requests made ahead differ in nonce, state, audience and key', async () => {
		const reviews = await Promise.all(Array.from({ length: 5 }, async () => readRequest((await request()).uri, offline)));
		for (const of of [(each: RequestReview) => each.nonce, (each: RequestReview) => each.state, (each: RequestReview) => each.clientId]) {
			expect(new Set(reviews.map(of)).size).toBe(5);
		}
		expect(new Set(reviews.map((each) => JSON.stringify(each.encryption))).size).toBe(5);
	});
});

describe('refused', () => {
	const refusal = (text: string): Promise<string> => codeOf(() => desk.verifier.answer(text));

	test('the same answer twice, from a stranger too', async () => {
		const { text } = await answered();
		expect((await desk.verifier.answer(text)).state).toBe('done');
		expect(await refusal(text)).toBe('presentation/replay');
		expect(await codeOf(() => makeVerifier(clock, null).verifier.answer(text))).toBe('oid4vp/unknown-request');
	});

	test('late, and after it was withdrawn', async () => {
		const { id, text } = await answered();
		expect(await desk.verifier.cancel(id)).toBe(true);
		expect(await refusal(text)).toBe('oid4vp/request-cancelled');
		const late = await answered();
		clock.advance(6 * MINUTE);
		expect(await refusal(late.text)).toBe('oid4vp/request-expired');
	});

	test('an answer to one request at another', async () => {
		for (const responseMode of ['org.holdfast.qr', 'org.holdfast.qr.jwt'] as const) {
			const [one, other] = [await answered({ responseMode }), await answered({ responseMode })];
			const moved = changed(one.text, { response_uri: other.review.responseUri });
			expect(await refusal(moved)).toBe(responseMode === 'org.holdfast.qr' ? 'oid4vp/wrong-state' : 'oid4vp/decryption-failed');
			// Neither request is used up by it.
			expect((await desk.verifier.answer(one.text)).state).toBe('done');
			expect((await desk.verifier.answer(other.text)).state).toBe('done');
		}
	});

	test('a presentation that was made for another request is seen through, whoever wraps it', async () => {
		const [one, other] = [await answered({ responseMode: 'org.holdfast.qr' }), await answered({ responseMode: 'org.holdfast.qr' })];
		const { vp_token } = JSON.parse(one.text) as { vp_token: JsonObject };
		const record = await desk.verifier.answer(changed(other.text, { vp_token }));
		expect(record.report?.result).toBe('failed');
	});

	test('in the clear where it has to be sealed, and the other way round', async () => {
		const sealed = await answered();
		const plain = JSON.stringify({ response_uri: sealed.review.responseUri, state: sealed.review.state, vp_token: await tokenFor(sealed.review) });
		expect(await refusal(plain)).toBe('oid4vp/not-encrypted');
		const open = await answered({ responseMode: 'org.holdfast.qr' });
		expect(await refusal(changed(open.text, { response: 'x.y.z' }))).toBe('oid4vp/malformed-response');
		expect(await refusal(changed(sealed.text, { response: 7 }))).toBe('oid4vp/malformed-response');
		expect(await refusal(changed(sealed.text, { response: 'x.y.z' }))).toBe('oid4vp/decryption-failed');
	});

	test('anything else', async () => {
		const { id, text } = await answered({ responseMode: 'org.holdfast.qr' });
		for (const bad of ['', '[]', '{}', 'null', '{"response_uri":"https://x.example"}', '{"response_uri":"org.holdfast.qr:short"}', 'x'.repeat(200_000)])
			expect(await refusal(bad)).toBe('oid4vp/malformed-response');
		for (const vp_token of [{}, [], 7, { other: ['x'] }, { pid: 'x' }, { pid: [] }, { pid: ['x', 'y'] }])
			expect(await refusal(changed(text, { vp_token }))).toBe('oid4vp/malformed-response');
		expect(await refusal(changed(text, { state: 'x' }))).toBe('oid4vp/wrong-state');
		await fc.assert(
			fc.asyncProperty(fc.json(), async (json) => {
				expect(await refusal(json)).toBe('oid4vp/malformed-response');
			}),
			{ numRuns: 30 },
		);
		// What was refused has not used the request up.
		expect((await desk.verifier.get(id))?.state).toBe('open');
	});

	test('a wallet can say no', async () => {
		const { id, review } = await answered({ responseMode: 'org.holdfast.qr' });
		const record: VerificationRecord = await desk.verifier.answer(
			JSON.stringify({ response_uri: review.responseUri, state: review.state, error: 'access_denied' }),
		);
		expect(record).toMatchObject({ id, state: 'refused', walletError: 'access_denied' });
	});

	test('over the other channel', async () => {
		const online = await startVerifier(clock);
		try {
			const common = { dcql: SD_JWT, clientId: { scheme: 'redirect_uri' }, ttlMs: MINUTE } as const;
			const posted = await online.verifier.createRequest({ ...common, responseMode: 'direct_post' });
			expect(await codeOf(() => online.verifier.answer(JSON.stringify({ response_uri: `org.holdfast.qr:${posted.id}` })))).toBe('oid4vp/unknown-request');
			const filmed = await online.verifier.createRequest({ ...common, responseMode: 'org.holdfast.qr' });
			const url = `${online.served.url}/vp/response/${filmed.id}`;
			expect((await fetch(url, { method: 'POST', body: new URLSearchParams({ state: 'x' }) })).status).toBe(404);
			expect((await online.verifier.get(filmed.id))?.state).toBe('open');
			const review = await readRequest(posted.uri, presentDeps(clock));
			expect(await codeOf(async () => answerByQr(review, await tokenFor(review), { clock }))).toBe('oid4vp/unsupported-response-mode');
			expect(await codeOf(async () => respond(await readRequest(filmed.uri, offline), {}, offline))).toBe('oid4vp/bad-url');
		} finally {
			await online.served.close();
		}
		expect(await codeOf(() => request({ responseMode: 'direct_post' }))).toBe('oid4vp/bad-configuration');
	});

	test('a request that names another address, or another name', async () => {
		const { uri } = await request();
		const parameters = new URLSearchParams(uri.slice(uri.indexOf('?') + 1));
		const withParameter = (change: Record<string, string>): string => {
			const next = new URLSearchParams(parameters);
			for (const [name, value] of Object.entries(change)) next.set(name, value);
			return `openid4vp://?${next}`;
		};
		for (const address of ['https://evil.example/answer', 'org.holdfast.qr:', 'org.holdfast.qr:UPPER', 'javascript:alert(1)'])
			expect(await codeOf(() => readRequest(withParameter({ response_uri: address, client_id: `redirect_uri:${address}` }), offline))).toBe('oid4vp/bad-url');
		expect(await codeOf(() => readRequest(withParameter({ client_id: 'redirect_uri:https://known.example/' }), offline))).toBe('oid4vp/response-uri-mismatch');
		expect(await codeOf(() => readRequest(withParameter({ response_mode: 'org.holdfast.other' }), offline))).toBe('oid4vp/unsupported-response-mode');
		expect(await codeOf(() => readRequest(withParameter({ nonce: '' }), offline))).toBe('oid4vp/missing-nonce');
		// A mode of the network with our address.
		expect(await codeOf(() => readRequest(withParameter({ response_mode: 'direct_post.jwt' }), offline))).toBe('oid4vp/bad-url');
	});

	test('a signed request of another key', async () => {
		const { uri } = await request({ clientId: { scheme: 'decentralized_identifier', did: desk.did, signer: desk.signer } });
		const parameters = new URLSearchParams(uri.slice(uri.indexOf('?') + 1));
		const [, payload] = (parameters.get('request') ?? '').split('.');
		const claims = JSON.parse(Buffer.from(payload ?? '', 'base64url').toString()) as JsonObject;
		const forged = await signJwt({ ...didSigner().signer, kid: `${desk.did}#0` }, { typ: 'oauth-authz-req+jwt', kid: `${desk.did}#0` }, claims);
		parameters.set('request', forged);
		expect(await codeOf(() => readRequest(`openid4vp://?${parameters}`, offline))).toBe('oid4vp/bad-signature');
		clock.advance(7 * MINUTE);
		expect(await codeOf(() => readRequest(uri, offline))).toBe('oid4vp/request-expired');
	});
});
