import type { Json, JsonObject } from '@holdfast/kernel';
import { afterEach, expect, test } from 'vitest';
import { codeOf, didSigner, issueOne, newSigner, receiveDeps, testClock } from './fixture.ts';
import { type OfferReview, readOffer, redeem, requestCredentials, requestToken, type Served, serve } from './index.ts';

// A wallet in front of issuers that do not keep to the specification.

const clock = testClock();
let served: Served | undefined;
afterEach(() => served?.close());

interface Behaviour {
	readonly token?: (form: URLSearchParams) => Response | Json;
	readonly nonce?: () => Response | Json;
	readonly credential?: (body: JsonObject, headers: Headers) => Response | Json | Promise<Response | Json>;
	readonly metadata?: JsonObject;
	readonly txCode?: boolean;
}

const TOKEN: Json = { access_token: 'access', token_type: 'bearer', expires_in: 600 };

async function misbehaving(behaviour: Behaviour): Promise<OfferReview> {
	const reply = (value: Response | Json): Response =>
		value instanceof Response ? value : new Response(JSON.stringify(value), { headers: { 'content-type': 'application/json' } });
	const server: Served = await serve(async (request) => {
		const { pathname } = new URL(request.url);
		if (pathname.includes('openid-credential-issuer')) {
			return reply({
				credential_issuer: server.url,
				credential_endpoint: `${server.url}/credential`,
				nonce_endpoint: `${server.url}/nonce`,
				batch_credential_issuance: { batch_size: 2 },
				credential_configurations_supported: {
					a: { format: 'dc+sd-jwt', vct: 'v', credential_metadata: {}, proof_types_supported: { jwt: { proof_signing_alg_values_supported: ['ES256'] } } },
					old: { format: 'mso_mdoc', doctype: 'd' },
				},
				...behaviour.metadata,
			});
		}
		if (pathname.includes('oauth-authorization-server')) return reply({ issuer: server.url, token_endpoint: `${server.url}/token` });
		if (pathname === '/token') return reply(behaviour.token?.(new URLSearchParams(await request.text())) ?? TOKEN);
		if (pathname === '/nonce') return reply(behaviour.nonce?.() ?? { c_nonce: 'n' });
		return reply((await behaviour.credential?.((await request.json()) as JsonObject, request.headers)) ?? {});
	});
	served = server;
	const offer = {
		credential_issuer: server.url,
		credential_configuration_ids: ['a', 'old'],
		grants: { 'urn:ietf:params:oauth:grant-type:pre-authorized_code': { 'pre-authorized_code': 'code', ...(behaviour.txCode ? { tx_code: {} } : {}) } },
	};
	return readOffer(JSON.stringify(offer), receiveDeps(clock));
}

const failure = (error: string, status = 400): Response =>
	new Response(JSON.stringify({ error, error_description: 'CANARY' }), { status, headers: { 'content-type': 'application/json' } });

test.each<[string, Behaviour, string]>([
	['refuses the code', { token: () => failure('invalid_grant') }, 'oid4vci/code-refused'],
	['refuses the client', { token: () => failure('invalid_client', 401) }, 'oid4vci/token-refused'],
	['answers the token request with HTML', { token: () => new Response('<h1>', { status: 500 }) }, 'oid4vci/token-refused'],
	['gives no token', { token: () => ({}) }, 'oid4vci/malformed-answer'],
	['gives a token of another kind', { token: () => ({ access_token: 'x', token_type: 'mac' }) }, 'oid4vci/unsupported-token'],
	['gives no nonce', { nonce: () => ({}) }, 'oid4vci/malformed-answer'],
	['fails at the nonce', { nonce: () => failure('x', 500) }, 'oid4vci/malformed-answer'],
	['does not know its token', { credential: () => failure('invalid_token', 401) }, 'oid4vci/token-expired'],
	['never takes the nonce', { credential: () => failure('invalid_nonce') }, 'oid4vci/credential-refused'],
	['refuses the credential', { credential: () => failure('credential_request_denied') }, 'oid4vci/credential-refused'],
	['defers', { credential: () => ({ transaction_id: 't', interval: 5 }) }, 'oid4vci/deferred'],
	['gives nothing', { credential: () => ({}) }, 'oid4vci/malformed-answer'],
	['gives an empty list', { credential: () => ({ credentials: [] }) }, 'oid4vci/malformed-answer'],
	['gives nonsense', { credential: () => ({ credentials: [{ credential: 'nonsense' }] }) }, 'oid4vci/wrong-credential'],
	['gives an object', { credential: () => ({ credentials: [{ credential: { '@context': [] } }] }) }, 'oid4vci/wrong-credential'],
	['gives more than it may send', { credential: () => new Response('a'.repeat(1024 * 1024 + 1)) }, 'oid4vci/malformed-answer'],
	[
		'gives a credential of another’s key',
		{ credential: async () => ({ credentials: [{ credential: await issueOne('dc+sd-jwt', didSigner(), newSigner().publicJwk, clock) }] }) },
		'oid4vci/wrong-credential',
	],
])('an issuer that %s', async (_name, behaviour, code) => {
	const review = await misbehaving(behaviour);
	const error = await redeem(review, { signers: [newSigner()] }, receiveDeps(clock)).catch((caught: unknown) => caught);
	expect(error).toMatchObject({ code });
	expect(JSON.stringify({ ...(error as object), message: (error as Error).message })).not.toContain('CANARY');
});

test('an issuer that gives the wrong format, or more copies than keys', async () => {
	const signer = newSigner();
	let review = await misbehaving({
		credential: async () => ({ credentials: [{ credential: await issueOne('jwt_vc_json', didSigner(), signer.publicJwk, clock) }] }),
	});
	expect(await codeOf(() => redeem(review, { signers: [signer] }, receiveDeps(clock)))).toBe('oid4vci/wrong-credential');
	await served?.close();
	const twice = async (): Promise<Json> => {
		const credential = await issueOne('dc+sd-jwt', didSigner(), signer.publicJwk, clock);
		return { credentials: [{ credential }, { credential }] };
	};
	review = await misbehaving({ credential: twice });
	expect(await codeOf(() => redeem(review, { signers: [signer] }, receiveDeps(clock)))).toBe('oid4vci/wrong-credential');
	// Two keys, but both copies bound to the first.
	expect(await codeOf(() => redeem(review, { signers: [signer, newSigner()] }, receiveDeps(clock)))).toBe('oid4vci/wrong-credential');
});

test('a nonce that ran out is fetched again, once', async () => {
	const signer = newSigner();
	let nonces = 0;
	const review = await misbehaving({
		nonce: () => ({ c_nonce: `n${++nonces}` }),
		credential: async () =>
			nonces === 1 ? failure('invalid_nonce') : { credentials: [{ credential: await issueOne('dc+sd-jwt', didSigner(), signer.publicJwk, clock) }] },
	});
	expect(await redeem(review, { signers: [signer] }, receiveDeps(clock))).toHaveLength(1);
	expect(nonces).toBe(2);
});

test('what cannot work is refused before the code is spent', async () => {
	let asked = 0;
	const review = await misbehaving({
		token: () => {
			asked++;
			return TOKEN;
		},
	});
	const signer = newSigner();
	const attempt = (options: Parameters<typeof redeem>[1]): Promise<string> => codeOf(() => redeem(review, options, receiveDeps(clock)));
	expect(await attempt({ signers: [] })).toBe('oid4vci/no-key');
	expect(await attempt({ signers: [signer, signer] })).toBe('oid4vci/no-key');
	expect(await attempt({ signers: [newSigner(), newSigner(), newSigner()] })).toBe('oid4vci/batch-too-large');
	expect(await attempt({ signers: [newSigner('Ed25519')] })).toBe('oid4vci/unsupported-alg');
	expect(await attempt({ signers: [signer], configurationId: 'old' })).toBe('oid4vci/unsupported-configuration');
	expect(await attempt({ signers: [signer], configurationId: 'x' })).toBe('oid4vci/unknown-configuration');
	expect(asked).toBe(0);
});

test('sends the transaction code and the credential identifier where they are asked for, and the token as a bearer token', async () => {
	const signer = newSigner();
	const seen: Record<string, unknown> = {};
	const review = await misbehaving({
		txCode: true,
		token: (form) => {
			seen.txCode = form.get('tx_code');
			return {
				...(TOKEN as JsonObject),
				authorization_details: [{ type: 'openid_credential', credential_configuration_id: 'a', credential_identifiers: ['a-1'] }],
			};
		},
		credential: async (body, headers) => {
			seen.identifier = body.credential_identifier;
			seen.configuration = body.credential_configuration_id;
			seen.authorization = headers.get('authorization');
			return { credentials: [{ credential: await issueOne('dc+sd-jwt', didSigner(), signer.publicJwk, clock) }] };
		},
	});
	const token = await requestToken(review, { txCode: '12 34' }, receiveDeps(clock));
	await requestCredentials(review, token, { signers: [signer] }, receiveDeps(clock));
	expect(seen).toEqual({ txCode: '12 34', identifier: 'a-1', configuration: undefined, authorization: 'Bearer access' });
});

test('can be stopped', async () => {
	const review = await misbehaving({});
	await expect(redeem(review, { signers: [newSigner()], signal: AbortSignal.abort() }, receiveDeps(clock))).rejects.toThrow();
});
