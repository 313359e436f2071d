import { parse } from '@holdfast/credentials';
import type { Signer } from '@holdfast/crypto';
import { findCheck, type JsonObject } from '@holdfast/kernel';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CLAIMS, codeOf, didSigner, hold, newSigner, presentDeps, random, startVerifier, type TestVerifier, testClock, VCT } from './fixture.ts';
import {
	buildPresentations,
	type CreateRequestInput,
	type HeldCredential,
	match,
	type RequestReview,
	readRequest,
	refuse,
	respond,
	type Selection,
	serve,
	type VerificationRecord,
	type VpToken,
} from './index.ts';
import { encryptJson, newEncryptionKey } from './shared/encryption.ts';
import { decodeJwt, signJwt } from './shared/jose.ts';

const MINUTE = 60_000;
const SD_JWT = {
	credentials: [{ id: 'pid', format: 'dc+sd-jwt', meta: { vct_values: [VCT] }, claims: [{ path: ['given_name'] }, { path: ['address', 'locality'] }] }],
};
const JWT_VC = {
	credentials: [{ id: 'vc', format: 'jwt_vc_json', meta: { type_values: [['IdentityCredential']] }, claims: [{ path: ['credentialSubject', 'given_name'] }] }],
};

let clock: ReturnType<typeof testClock>;
let desk: TestVerifier;
beforeEach(async () => {
	clock = testClock();
	desk = await startVerifier(clock);
});
afterEach(() => desk.served.close());

const signedBy = (): CreateRequestInput['clientId'] => ({ scheme: 'decentralized_identifier', did: desk.did, signer: desk.signer });
const request = (more: Partial<CreateRequestInput> = {}): ReturnType<TestVerifier['verifier']['createRequest']> =>
	desk.verifier.createRequest({
		dcql: SD_JWT,
		clientId: signedBy(),
		responseMode: 'direct_post',
		ttlMs: 5 * MINUTE,
		clientName: 'Test Desk',
		purpose: 'To see who you are',
		...more,
	});
const read = (uri: string): Promise<RequestReview> => readRequest(uri, presentDeps(clock));
const record = (id: string): VerificationRecord => {
	const found = desk.store.get(id);
	if (!found) throw new Error('no record');
	return found;
};
const select = (review: RequestReview, held: readonly HeldCredential[], signer: Signer): Selection[] =>
	match(review.dcql, held).proposal.map(({ queryId, candidate }) => {
		const credential = held.find((each) => each.id === candidate.credentialId);
		if (!credential) throw new Error('no credential');
		return { queryId, raw: credential.parsed.raw, format: credential.parsed.format, disclose: candidate.disclose, holder: signer };
	});
const lastRejection = (): string | undefined => desk.events.flatMap((event) => (event.kind === 'rejected' ? [event.code] : [])).at(-1);

describe('whole flows', () => {
	const cases = (['dc+sd-jwt', 'jwt_vc_json'] as const).flatMap((format) =>
		(['decentralized_identifier', 'redirect_uri'] as const).flatMap((scheme) =>
			(['direct_post', 'direct_post.jwt'] as const).map((responseMode) => ({ format, scheme, responseMode })),
		),
	);
	test.each(cases)('$format, $scheme, $responseMode', async ({ format, scheme, responseMode }) => {
		const { id, uri } = await request({
			dcql: format === 'dc+sd-jwt' ? SD_JWT : JWT_VC,
			clientId: scheme === 'redirect_uri' ? { scheme } : signedBy(),
			responseMode,
		});
		const review = await read(uri);
		expect(review).toMatchObject({ clientIdPrefix: scheme, verifierName: 'Test Desk', purpose: 'To see who you are', responseMode });
		expect(review.identification.result).toBe(scheme === 'redirect_uri' ? 'warning' : 'passed');
		expect(review.responseHost).toBe(`127.0.0.1:${desk.served.port}`);
		const signer = newSigner();
		const held = [await hold(format, signer, clock)];
		const token = await buildPresentations(JSON.parse(JSON.stringify(review)), select(review, held, signer), { clock });
		expect(await respond(review, token, presentDeps(clock))).toEqual({ redirectUri: null });
		const done = record(id);
		expect(done.report, JSON.stringify(done.report, null, 1)).toMatchObject({ check: 'presentation', result: 'passed' });
		expect(findCheck(done.report ?? fail(), 'query')?.result).toBe('passed');
		expect(done).toMatchObject({ state: 'done', encryptionKey: null });
		expect(done.disclosed?.[0]?.claims).toMatchObject({ given_name: 'Ada' });
		if (format === 'dc+sd-jwt') expect(done.disclosed?.[0]?.claims).toEqual({ given_name: 'Ada', address: { locality: 'London' } });
	});

	test('what was hidden is not in the bytes', async () => {
		const review = await read((await request()).uri);
		const signer = newSigner();
		const token = await buildPresentations(review, select(review, [await hold('dc+sd-jwt', signer, clock)], signer), { clock });
		const shown = parse(token.pid?.[0]?.replace(/[^~]*$/, '') ?? '');
		expect(shown.claims).toEqual({ given_name: 'Ada', address: { locality: 'London' } });
	});

	test('with a wallet nonce (request_uri_method=post), fresh for each fetch', async () => {
		const { uri } = await request({ requestUriMethod: 'post' });
		expect(uri).toContain('request_uri_method=post');
		expect((await read(uri)).clientId).toBe(`decentralized_identifier:${desk.did}`);
	});

	test('several credentials, and several of one kind', async () => {
		const dcql = { credentials: [...SD_JWT.credentials.map((each) => ({ ...each, multiple: true })), ...JWT_VC.credentials] };
		const { id, uri } = await request({ dcql });
		const review = await read(uri);
		const signer = newSigner();
		const [one, two, three] = [await hold('dc+sd-jwt', signer, clock), await hold('dc+sd-jwt', signer, clock), await hold('jwt_vc_json', signer, clock)];
		const disclose = [['given_name'], ['address', 'locality']];
		const token = await buildPresentations(
			review,
			[
				{ queryId: 'pid', raw: one.parsed.raw, format: 'dc+sd-jwt', disclose, holder: signer },
				{ queryId: 'pid', raw: two.parsed.raw, format: 'dc+sd-jwt', disclose, holder: signer },
				{ queryId: 'vc', raw: three.parsed.raw, format: 'jwt_vc_json', disclose: [], holder: signer },
			],
			{ clock },
		);
		await respond(review, token, presentDeps(clock));
		expect(record(id).report?.result).toBe('passed');
		expect(record(id).disclosed).toHaveLength(3);
	});

	test('a W3C credential without holder binding goes as it is', async () => {
		const dcql = { credentials: JWT_VC.credentials.map((each) => ({ ...each, require_cryptographic_holder_binding: false })) };
		const { id, uri } = await request({ dcql });
		const review = await read(uri);
		const signer = newSigner();
		await respond(review, await buildPresentations(review, select(review, [await hold('jwt_vc_json', signer, clock)], signer), { clock }), presentDeps(clock));
		expect(record(id).report?.result, JSON.stringify(record(id).report)).not.toBe('failed');
	});

	test.each(['direct_post', 'direct_post.jwt'] as const)('the holder refuses, %s', async (responseMode) => {
		const { id, uri } = await request({ responseMode });
		await refuse(await read(uri), presentDeps(clock), 'No, thank you');
		expect(record(id)).toMatchObject({ state: 'refused', walletError: 'access_denied', walletErrorDescription: 'No, thank you', report: null });
	});

	test('the verifier sends the holder on', async () => {
		const { uri } = await request({ redirectUri: 'https://desk.example/thanks' });
		expect(await refuse(await read(uri), presentDeps(clock))).toEqual({ redirectUri: 'https://desk.example/thanks' });
	});

	test('an answer that was stored is judged after a restart', async () => {
		const { id, uri } = await request();
		const review = await read(uri);
		const signer = newSigner();
		await respond(review, await buildPresentations(review, select(review, [await hold('dc+sd-jwt', signer, clock)], signer), { clock }), presentDeps(clock));
		const done = record(id);
		desk.store.records.set(id, { ...done, state: 'received', report: null, disclosed: null });
		expect((await desk.verifier.finish(id))?.report?.result).toBe('passed');
		expect((await desk.verifier.finish(id))?.version).toBe(done.version + 1);
	});

	test('cancelled and expired requests are not given out', async () => {
		const cancelled = await request();
		expect(await desk.verifier.cancel(cancelled.id)).toBe(true);
		expect(await desk.verifier.cancel(cancelled.id)).toBe(false);
		expect(await codeOf(() => read(cancelled.uri))).toBe('oid4vp/request-not-reachable');
		const expired = await request();
		clock.advance(5 * MINUTE);
		expect((await desk.verifier.get(expired.id))?.state).toBe('expired');
		expect(await codeOf(() => read(expired.uri))).toBe('oid4vp/request-not-reachable');
	});
});

describe('the verifier refuses', () => {
	const answer = async (more: Partial<CreateRequestInput> = {}): Promise<{ id: string; review: RequestReview; token: VpToken; signer: Signer }> => {
		const { id, uri } = await request(more);
		const review = await read(uri);
		const signer = newSigner();
		return { id, review, signer, token: await buildPresentations(review, select(review, [await hold('dc+sd-jwt', signer, clock)], signer), { clock }) };
	};
	const send = (review: RequestReview, parameters: Record<string, string>): Promise<Response> =>
		fetch(review.responseUri, { method: 'POST', body: new URLSearchParams(parameters) });

	test('a second answer (replay), and ten at the same moment but one', async () => {
		const { id, review, token } = await answer();
		const results = await Promise.allSettled(Array.from({ length: 10 }, () => respond(review, token, presentDeps(clock))));
		expect(results.filter((each) => each.status === 'fulfilled')).toHaveLength(1);
		expect(await codeOf(() => respond(review, token, presentDeps(clock)))).toBe('oid4vp/response-refused');
		expect(lastRejection()).toBe('presentation/replay');
		expect(record(id).report?.result).toBe('passed');
	});

	test('the wrong state, and leaves the request open', async () => {
		const { id, review, token } = await answer();
		expect(await codeOf(() => respond({ ...review, state: 'other' }, token, presentDeps(clock)))).toBe('oid4vp/response-refused');
		expect(lastRejection()).toBe('oid4vp/wrong-state');
		expect(await codeOf(() => refuse({ ...review, state: null }, presentDeps(clock)))).toBe('oid4vp/response-refused');
		expect(record(id).state).toBe('open');
	});

	test('an answer in the clear where it has to be encrypted, to another key, or changed', async () => {
		const { id, review, token } = await answer({ responseMode: 'direct_post.jwt' });
		const encryption = review.encryption ?? fail();
		expect(await codeOf(() => respond({ ...review, encryption: null }, token, presentDeps(clock)))).toBe('oid4vp/response-refused');
		expect(lastRejection()).toBe('oid4vp/not-encrypted');
		const { publicJwk } = newEncryptionKey(random, 'other');
		const { kid: _kid, ...other } = publicJwk;
		expect(await codeOf(() => respond({ ...review, encryption: { ...encryption, jwk: other } }, token, presentDeps(clock)))).toBe('oid4vp/response-refused');
		expect(lastRejection()).toBe('oid4vp/decryption-failed');
		const jwe = await encryptJson({ vp_token: token as unknown as JsonObject, state: review.state }, encryption.jwk, 'A128GCM');
		expect((await send(review, { response: `${jwe.slice(0, -2)}AA` })).status).toBe(400);
		expect((await send(review, { response: jwe })).status).toBe(200);
		expect(record(id).state).toBe('done');
	});

	test.each<[string, (review: RequestReview, token: VpToken) => Record<string, string>]>([
		['no vp_token', (review) => ({ state: review.state ?? '' })],
		['a vp_token that is no JSON', (review) => ({ state: review.state ?? '', vp_token: '{' })],
		['an empty vp_token', (review) => ({ state: review.state ?? '', vp_token: '{}' })],
		['a string instead of a list', (review, token) => ({ state: review.state ?? '', vp_token: JSON.stringify({ pid: token.pid?.[0] }) })],
		['an answer to what was not asked', (review, token) => ({ state: review.state ?? '', vp_token: JSON.stringify({ other: token.pid }) })],
		['two where one was asked', (review, token) => ({ state: review.state ?? '', vp_token: JSON.stringify({ pid: [token.pid?.[0], token.pid?.[0]] }) })],
		['an encrypted answer that was not asked for', (review) => ({ state: review.state ?? '', response: 'a.b.c.d.e' })],
	])('%s', async (_name, parameters) => {
		const { id, review, token } = await answer();
		const response = await send(review, parameters(review, token));
		expect(response.status).toBe(400);
		expect(await response.json()).toMatchObject({ error: 'invalid_request' });
		expect(record(id).state).toBe('open');
	});

	test('the wrong content type, the wrong method, a body over 1 MiB, and unknown paths', async () => {
		const { review } = await answer();
		expect((await fetch(review.responseUri, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } })).status).toBe(415);
		expect((await fetch(review.responseUri)).status).toBe(405);
		const large = await send(review, { vp_token: 'a'.repeat(1024 * 1024) }).then(
			(response) => response.status,
			() => 413,
		);
		expect(large).toBe(413);
		for (const path of ['/', '/vp', '/vp/response/', `/vp/request/${'0'.repeat(26)}`, '/vp/../etc/passwd', '/other/vp/request'])
			expect((await fetch(`${desk.served.url}${path}`)).status).toBe(404);
	});

	test('an answer after the end', async () => {
		const { review, token } = await answer();
		clock.advance(5 * MINUTE);
		expect(await codeOf(() => respond(review, token, presentDeps(clock)))).toBe('oid4vp/request-expired');
		expect((await send(review, { state: review.state ?? '', vp_token: JSON.stringify(token) })).status).toBe(400);
		expect(lastRejection()).toBe('oid4vp/request-expired');
	});

	test.each<[string, string, (review: RequestReview, signer: Signer) => Promise<VpToken>]>([
		[
			'a presentation with another nonce',
			'credential/wrong-nonce',
			async (review, signer) => buildPresentations({ ...review, nonce: 'other' }, select(review, [await hold('dc+sd-jwt', signer, clock)], signer), { clock }),
		],
		[
			'a presentation for another verifier',
			'credential/wrong-audience',
			async (review, signer) =>
				buildPresentations(
					{ ...review, clientId: 'decentralized_identifier:did:example:other' },
					select(review, [await hold('dc+sd-jwt', signer, clock)], signer),
					{ clock },
				),
		],
		[
			'a credential of another type',
			'oid4vp/query-not-satisfied',
			async (review, signer) => {
				const other = await hold('dc+sd-jwt', signer, clock, CLAIMS, 'https://credentials.example/library_card');
				return buildPresentations(
					review,
					[{ queryId: 'pid', raw: other.parsed.raw, format: 'dc+sd-jwt', disclose: [['given_name'], ['address', 'locality']], holder: signer }],
					{ clock },
				);
			},
		],
		['nonsense instead of a credential', 'credential/', async () => ({ pid: ['nonsense'] })],
	])('%s, in the report', async (_name, code, make) => {
		const { id, uri } = await request();
		const review = await read(uri);
		await respond(review, await make(review, newSigner()), presentDeps(clock));
		const done = record(id);
		expect(done).toMatchObject({ state: 'done', report: { result: 'failed' } });
		expect(done.report?.code).toContain(code);
	});

	test('less than was asked for, and says what is missing', async () => {
		const { id, uri } = await request();
		const review = await read(uri);
		const signer = newSigner();
		const held = await hold('dc+sd-jwt', signer, clock);
		await respond(
			review,
			await buildPresentations(review, [{ queryId: 'pid', raw: held.parsed.raw, format: 'dc+sd-jwt', disclose: [['given_name']], holder: signer }], { clock }),
			presentDeps(clock),
		);
		expect(record(id).report?.result).toBe('failed');
		expect(JSON.stringify(record(id).report)).toContain('locality');
	});

	test('a value that was not asked for, and a credential that is missing', async () => {
		const dcql = { credentials: [{ ...SD_JWT.credentials[0], claims: [{ path: ['given_name'], values: ['Grace'] }] }, ...JWT_VC.credentials] };
		const { id, uri } = await request({ dcql });
		const review = await read(uri);
		const signer = newSigner();
		const held = await hold('dc+sd-jwt', signer, clock);
		await respond(
			review,
			await buildPresentations(review, [{ queryId: 'pid', raw: held.parsed.raw, format: 'dc+sd-jwt', disclose: [['given_name']], holder: signer }], { clock }),
			presentDeps(clock),
		);
		const query = findCheck(record(id).report ?? fail(), 'query');
		expect(query).toMatchObject({ result: 'failed', code: 'oid4vp/query-not-satisfied' });
		expect(query?.reason).toMatch(/identity credential lacks.*given name.*Identity Credential was not shown/);
		expect(query?.reason).not.toContain('Ada');
	});

	test('requests that it could not judge', async () => {
		expect(await codeOf(() => request({ dcql: { credentials: [{ id: 'a', format: 'mso_mdoc', meta: { doctype_value: 'x' } }] } }))).toBe(
			'oid4vp/unsupported-format',
		);
		expect(
			await codeOf(() => request({ dcql: { credentials: [{ ...SD_JWT.credentials[0], trusted_authorities: [{ type: 'aki', values: ['AAAA'] }] }] } })),
		).toBe('oid4vp/unsupported-query');
		expect(await codeOf(() => request({ dcql: {} }))).toBe('oid4vp/invalid-dcql');
		expect(await codeOf(() => request({ ttlMs: 0 }))).toBe('oid4vp/bad-configuration');
		expect(await codeOf(() => request({ clientId: { scheme: 'decentralized_identifier', did: desk.did, signer: newSigner() } }))).toBe(
			'oid4vp/bad-configuration',
		);
	});
});

describe('the wallet refuses a request', () => {
	/** Serves a request object that was changed and signed again (by `signer`), or changed after signing. */
	const served = async (jwt: string, contentType = 'application/oauth-authz-req+jwt'): Promise<{ uri: string; close: () => Promise<void> }> => {
		const server = await serve(async () => new Response(jwt, { headers: { 'content-type': contentType } }));
		return {
			uri: `openid4vp://?client_id=${encodeURIComponent(`decentralized_identifier:${desk.did}`)}&request_uri=${encodeURIComponent(`${server.url}/r`)}`,
			close: server.close,
		};
	};
	const readServed = async (jwt: string, contentType?: string): Promise<string> => {
		const { uri, close } = await served(jwt, contentType);
		try {
			return await codeOf(() => read(uri));
		} finally {
			await close();
		}
	};
	const original = async (more: Partial<CreateRequestInput> = {}): Promise<{ jwt: string; header: JsonObject; payload: JsonObject }> => {
		const jwt = record((await request(more)).id).requestJwt ?? fail();
		const decoded = decodeJwt(jwt) ?? fail();
		return { jwt, header: decoded.header, payload: decoded.payload };
	};
	const resigned = async (payload: JsonObject, header: JsonObject = {}): Promise<string> => {
		const { header: before, payload: claims } = await original();
		const { alg: _alg, ...rest } = before;
		return signJwt(desk.signer, { ...rest, ...header }, { ...claims, ...payload });
	};

	test('takes the original (each case below differs in one thing)', async () => {
		expect(await readServed((await original()).jwt)).toBe('nothing thrown');
	});

	test.each<[string, string, () => Promise<string>]>([
		[
			'changed after signing',
			'oid4vp/bad-signature',
			async () => {
				const { jwt, payload } = await original();
				const [head, , signature] = jwt.split('.');
				return `${head}.${Buffer.from(JSON.stringify({ ...payload, nonce: 'mine' })).toString('base64url')}.${signature}`;
			},
		],
		['of another DID', 'oid4vp/client-id-mismatch', () => resigned({ client_id: 'decentralized_identifier:did:example:other' })],
		['signed by a key of another DID', 'oid4vp/client-id-mismatch', () => resigned({}, { kid: `${didSigner().did}#0` })],
		['signed by a key that is not there', 'oid4vp/client-key-not-found', () => resigned({}, { kid: `${desk.did}#7` })],
		['of another typ', 'oid4vp/wrong-typ', () => resigned({}, { typ: 'JWT' })],
		['with an unknown algorithm', 'oid4vp/unsupported-alg', () => resigned({}, { alg: 'none' })],
		['with critical headers', 'oid4vp/malformed-request', () => resigned({}, { crit: ['b64'] })],
		['that has expired', 'oid4vp/request-expired', () => resigned({ exp: Math.floor(clock.now() / 1000) - 61 })],
		['from the future', 'oid4vp/request-expired', () => resigned({ iat: Math.floor(clock.now() / 1000) + 61 })],
		['without nonce', 'oid4vp/missing-nonce', () => resigned({ nonce: '' })],
		['without query', 'oid4vp/invalid-dcql', () => resigned({ dcql_query: null })],
		['with a presentation definition', 'oid4vp/unsupported-query', () => resigned({ presentation_definition: {} })],
		['with a scope', 'oid4vp/unsupported-query', () => resigned({ scope: 'pid' })],
		['with transaction data', 'oid4vp/unsupported-transaction-data', () => resigned({ transaction_data: ['e30'] })],
		['with another response mode', 'oid4vp/unsupported-response-mode', () => resigned({ response_mode: 'fragment' })],
		['with another response type', 'oid4vp/malformed-request', () => resigned({ response_type: 'code' })],
		['with a redirect_uri beside the response_uri', 'oid4vp/malformed-request', () => resigned({ redirect_uri: 'https://x.example' })],
		['that is answered over plain http', 'oid4vp/bad-url', () => resigned({ response_uri: 'http://verifier.example/r' })],
		['without a key to encrypt to', 'oid4vp/unsupported-encryption', () => resigned({ response_mode: 'direct_post.jwt' })],
		['that is no JWT', 'oid4vp/malformed-request', async () => 'nonsense'],
	])('%s', async (_name, code, make) => {
		expect(await readServed(await make())).toBe(code);
	});

	test('served as another content type, or too large', async () => {
		const { jwt } = await original();
		expect(await readServed(jwt, 'application/json')).toBe('oid4vp/wrong-content-type');
		expect(await readServed('a'.repeat(300 * 1024))).toBe('oid4vp/malformed-request');
	});

	test('that does not carry the wallet nonce', async () => {
		const { uri, close } = await served((await original()).jwt);
		expect(await codeOf(() => read(`${uri}&request_uri_method=post`))).toBe('oid4vp/wallet-nonce-mismatch');
		expect(await codeOf(() => read(`${uri}&request_uri_method=put`))).toBe('oid4vp/malformed-request');
		await close();
	});

	test('by address, whose answer goes elsewhere, or which is signed', async () => {
		const { uri } = await request({ clientId: { scheme: 'redirect_uri' } });
		expect(await codeOf(() => read(uri))).toBe('nothing thrown');
		const elsewhere = new URL(uri);
		elsewhere.searchParams.set('response_uri', 'https://elsewhere.example/r');
		expect(await codeOf(() => read(elsewhere.href))).toBe('oid4vp/response-uri-mismatch');
		const signed = new URL(uri);
		signed.searchParams.set('request_uri', 'https://verifier.example/r');
		expect(await codeOf(() => read(signed.href))).toBe('oid4vp/signed-redirect-uri');
	});

	test.each([
		['x509_san_dns:verifier.example', 'x509_san_dns'],
		['x509_hash:abc', 'x509_hash'],
		['verifier_attestation:v', 'verifier_attestation'],
		['openid_federation:https://v.example', 'openid_federation'],
		['shop-4711', 'pre-registered'],
		['did:example:123', 'unknown'],
		['constructor:x', 'unknown'],
	])('of the client %s, naming its prefix', async (clientId, prefix) => {
		const error = await readRequest(`openid4vp://?client_id=${encodeURIComponent(clientId)}&request_uri=https://v.example/r`, presentDeps(clock)).catch(
			(caught: unknown) => caught,
		);
		expect(error).toMatchObject({ code: 'oid4vp/unsupported-client-id', data: { prefix } });
		expect((error as Error).message).not.toContain(clientId);
	});

	test('of a DID without signature, from plain http, by value and by reference at once, and what is no request', async () => {
		const clientId = encodeURIComponent(`decentralized_identifier:${desk.did}`);
		expect(await codeOf(() => read(`openid4vp://?client_id=${clientId}&nonce=x`))).toBe('oid4vp/not-signed');
		expect(await codeOf(() => read(`openid4vp://?client_id=${clientId}&request_uri=http://v.example/r`))).toBe('oid4vp/bad-url');
		expect(await codeOf(() => read(`openid4vp://?client_id=${clientId}&request=x&request_uri=y`))).toBe('oid4vp/malformed-request');
		for (const input of ['', 'hello', 'openid4vp://', 'mailto:a@b.c?client_id=x', 'openid4vp://?client_id=a&client_id=b'])
			expect(await codeOf(() => read(input))).toBe('oid4vp/not-a-request');
		expect(await codeOf(() => read(`openid4vp://?client_id=${'x'.repeat(65 * 1024)}`))).toBe('oid4vp/too-long');
	});

	test('and does not build what was not asked for', async () => {
		const review = await read((await request()).uri);
		const signer = newSigner();
		const { parsed } = await hold('dc+sd-jwt', signer, clock);
		const selection: Selection = { queryId: 'pid', raw: parsed.raw, format: 'dc+sd-jwt', disclose: [['given_name']], holder: signer };
		for (const selections of [[], [{ ...selection, queryId: 'other' }], [selection, selection], [{ ...selection, format: 'jwt_vc_json' as const }]]) {
			expect(await codeOf(() => buildPresentations(review, selections, { clock }))).toBe('oid4vp/not-asked-for');
		}
	});
});

test('the encryption key is fresh for each request', async () => {
	const jwks = new Set<string>();
	for (let round = 0; round < 3; round++) jwks.add(JSON.stringify((await read((await request({ responseMode: 'direct_post.jwt' })).uri)).encryption?.jwk));
	expect(jwks.size).toBe(3);
});

function fail(): never {
	throw new Error('not there');
}
