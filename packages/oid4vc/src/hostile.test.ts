import { errorInfo, HoldfastError } from '@holdfast/kernel';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CLAIMS, codeOf, presentDeps, receiveDeps, startIssuer, startVerifier, type TestIssuer, type TestVerifier, testClock, VCT } from './fixture.ts';
import { describeDcql, type Fetch, parseDcql, readOffer, readRequest, serve } from './index.ts';

const clock = testClock();
let office: TestIssuer;
let desk: TestVerifier;
let offers: string[];
let requests: string[];
beforeAll(async () => {
	office = await startIssuer(clock);
	desk = await startVerifier(clock);
	const offer = (by: 'value' | 'reference'): Promise<string> =>
		office.issuer
			.createOffer({ configurationIds: ['identity-sd-jwt'], data: CLAIMS, ttlMs: 60_000, by, txCode: { inputMode: 'numeric', length: 6 } })
			.then(({ uri }) => uri);
	const byValue = await offer('value');
	offers = [byValue, await offer('reference'), new URL(byValue).searchParams.get('credential_offer') ?? ''];
	const dcql = { credentials: [{ id: 'q', format: 'dc+sd-jwt', meta: { vct_values: [VCT] }, claims: [{ path: ['given_name'] }] }] };
	const common = { dcql, ttlMs: 60_000, clientName: 'Desk' };
	requests = [
		(await desk.verifier.createRequest({ ...common, clientId: { scheme: 'redirect_uri' }, responseMode: 'direct_post.jwt' })).uri,
		(
			await desk.verifier.createRequest({
				...common,
				clientId: { scheme: 'decentralized_identifier', did: desk.did, signer: desk.signer },
				responseMode: 'direct_post',
			})
		).uri,
	];
});
afterAll(async () => {
	await office.served.close();
	await desk.served.close();
});

/** Only our own servers are there; every other address fails at once, as the guarded fetch would make it. */
const closed: Fetch = (url, init) => {
	const { port } = new URL(url);
	if (port === String(office.served.port) || port === String(desk.served.port)) return fetch(url, init);
	return Promise.reject(new HoldfastError('net/unreachable', 'This address cannot be reached.'));
};

const CANARY = 'CANARY7c1f';
const piece = fc.oneof(
	fc.string({ maxLength: 12 }),
	fc.constantFrom(
		'%',
		'%22',
		'%7B',
		'{',
		'}',
		'"',
		'[',
		']',
		'&',
		'?',
		'#',
		':',
		'null',
		'0',
		'-1',
		'1e999',
		'\u202e',
		'\0',
		'\ud800',
		'__proto__',
		CANARY,
		CANARY.repeat(50),
		'[['.repeat(2000),
	),
);
type Edit = { readonly at: number; readonly remove: number; readonly insert: string };
const edits = fc.array(fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), remove: fc.nat(20), insert: piece }), { minLength: 1, maxLength: 4 });
const mutate = (text: string, changes: readonly Edit[]): string =>
	changes.reduce((now, { at, remove, insert }) => {
		const start = Math.floor(at * now.length);
		return now.slice(0, start) + insert + now.slice(start + remove);
	}, text);

async function onlyCoded(work: () => Promise<unknown>): Promise<void> {
	try {
		await work();
	} catch (error) {
		if (!(error instanceof HoldfastError)) throw error;
		expect(error.code).toMatch(/^(?:oid4vci|oid4vp|net)\//);
		expect(JSON.stringify(errorInfo(error))).not.toContain(CANARY);
	}
}

describe('1,000 mutations each give a review or a coded error without the input', () => {
	test('of offers', async () => {
		await fc.assert(
			fc.asyncProperty(fc.nat(2), edits, (which, changes) =>
				onlyCoded(() => readOffer(mutate(offers[which] ?? '', changes), { ...receiveDeps(clock), fetch: closed })),
			),
			{ numRuns: 1000 },
		);
	});
	test('of requests', async () => {
		await fc.assert(
			fc.asyncProperty(fc.nat(1), edits, (which, changes) =>
				onlyCoded(() => readRequest(mutate(requests[which] ?? '', changes), { ...presentDeps(clock), fetch: closed })),
			),
			{ numRuns: 1000 },
		);
	});
});

describe('an issuer that answers with anything', () => {
	const answers = fc.oneof(fc.json({ maxDepth: 4 }), fc.string(), fc.constantFrom('', '{}', '[]', 'null', '['.repeat(100_000)));
	test('as offer, or as metadata', async () => {
		const json = (body: string): Response => new Response(body, { headers: { 'content-type': 'application/json' } });
		await fc.assert(
			fc.asyncProperty(answers, async (body) => {
				await onlyCoded(() =>
					readOffer('openid-credential-offer://?credential_offer_uri=https%3A%2F%2Fissuer.example%2Fo', { clock, fetch: async () => json(body) }),
				);
				await onlyCoded(() => readOffer(offers[0] ?? '', { ...receiveDeps(clock), fetch: async () => json(body) }));
			}),
			{ numRuns: 200 },
		);
	});
	test('with metadata of its own making: logos from the network, other endpoints, markup', async () => {
		const issuer = 'https://issuer.example';
		const metadata =
			(more: object): Fetch =>
			async (url) => {
				const path = new URL(url).pathname;
				const body = path.includes('oauth')
					? { issuer, token_endpoint: `${issuer}/token` }
					: {
							credential_issuer: issuer,
							credential_endpoint: `${issuer}/c`,
							credential_configurations_supported: { a: { format: 'dc+sd-jwt', vct: 'v' } },
							...more,
						};
				return new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json' } });
			};
		const offer = JSON.stringify({
			credential_issuer: issuer,
			credential_configuration_ids: ['a'],
			grants: { 'urn:ietf:params:oauth:grant-type:pre-authorized_code': { 'pre-authorized_code': 'x' } },
		});
		const read = (more: object): ReturnType<typeof readOffer> => readOffer(offer, { clock, fetch: metadata(more) });
		expect((await read({ display: [{ name: 'A\u202eB', logo: { uri: 'https://spy.example/logo.png' } }] })).issuerName).toBe('AB');
		expect((await read({ display: [{ logo: { uri: 'https://spy.example/logo.png' } }] })).issuerLogo).toBeNull();
		expect((await read({ display: [{ logo: { uri: 'data:image/png;base64,iVBORw0KGgo=' } }] })).issuerLogo).toBe('data:image/png;base64,iVBORw0KGgo=');
		expect((await read({ display: [{ logo: { uri: 'data:image/svg+xml;base64,PHN2Zz4=' } }] })).issuerLogo).toBeNull();
		expect((await read({ batch_credential_issuance: { batch_size: 1e9 } })).batchSize).toBe(100);
		expect(await codeOf(() => read({ credential_endpoint: 'http://issuer.example/c' }))).toBe('oid4vci/bad-url');
		expect(await codeOf(() => read({ nonce_endpoint: 'https://user:password@issuer.example/n' }))).toBe('oid4vci/bad-url');
		expect(await codeOf(() => read({ credential_issuer: 'https://other.example' }))).toBe('oid4vci/issuer-metadata');
		expect(await codeOf(() => read({ credential_configurations_supported: {} }))).toBe('oid4vci/unknown-configuration');
		for (const format of ['mso_mdoc', 'ldp_vc', 'vc+sd-jwt', 'x']) {
			const { configurations } = await read({
				credential_configurations_supported: { a: { format, doctype: 'd', vct: 'v', credential_definition: { '@context': ['x'], type: ['T'] } } },
			});
			expect(configurations[0]).toMatchObject({ format: null, unsupported: expect.stringContaining('does not support') });
		}
		const attested = {
			format: 'dc+sd-jwt',
			vct: 'v',
			proof_types_supported: { jwt: { proof_signing_alg_values_supported: ['ES256'], key_attestations_required: {} } },
		};
		expect((await read({ credential_configurations_supported: { a: attested } })).configurations[0]?.unsupported).toContain('hardware');
	});
	test('an offer for the authorization code flow is named as unsupported', async () => {
		expect(
			await codeOf(() =>
				readOffer(JSON.stringify({ credential_issuer: 'https://i.example', credential_configuration_ids: ['a'], grants: { authorization_code: {} } }), {
					clock,
					fetch: closed,
				}),
			),
		).toBe('oid4vci/unsupported-grant');
		expect(await codeOf(() => readOffer('x'.repeat(65 * 1024), { clock, fetch: closed }))).toBe('oid4vci/too-long');
		expect(await codeOf(() => readOffer('openid-credential-offer://?credential_offer=%7B%7D&credential_offer_uri=x', { clock, fetch: closed }))).toBe(
			'oid4vci/not-an-offer',
		);
		expect(await codeOf(() => readOffer('openid-credential-offer://?credential_offer_uri=http%3A%2F%2Fi.example', { clock, fetch: closed }))).toBe(
			'oid4vci/bad-url',
		);
	});
});

test('any JSON as DCQL is a query that can be told in words, or a coded error', () => {
	const json = fc.jsonValue({ maxDepth: 5 });
	const near = fc.record(
		{
			credentials: fc.array(
				fc.record(
					{
						id: fc.constantFrom('a', 'b', '__proto__', 'constructor', ''),
						format: fc.constantFrom('dc+sd-jwt', 'jwt_vc_json', 'mso_mdoc', 'x'),
						meta: fc.oneof(json, fc.constant({ vct_values: ['v'] })),
						claims: fc.array(fc.oneof(json, fc.record({ path: fc.array(fc.oneof(fc.string(), fc.integer(), fc.constant(null))) }))),
					},
					{ requiredKeys: ['id', 'format'] },
				),
			),
			credential_sets: fc.oneof(json, fc.constant([{ options: [['a']] }])),
		},
		{ requiredKeys: ['credentials'] },
	);
	fc.assert(
		fc.property(fc.oneof(json, near), (value) => {
			try {
				expect(describeDcql(parseDcql(value)).length).toBeGreaterThan(0);
			} catch (error) {
				if (!(error instanceof HoldfastError)) throw error;
				expect(error.code).toBe('oid4vp/invalid-dcql');
			}
		}),
		{ numRuns: 1000 },
	);
});

test('any request to the endpoints of issuer and verifier gets an answer below 500, in JSON, without what was sent', async () => {
	const paths = ['/token', '/nonce', '/credential', '/offers/x', `/offers/${'a'.repeat(43)}`, '', '/.well-known/openid-credential-issuer'].map((path) => ({
		path: `/issuer/one${path}`,
		handle: office.issuer.handle,
	}));
	const open = desk.store.records.keys().next().value ?? '';
	const targets = [...paths, ...['request', 'response'].map((endpoint) => ({ path: `/vp/${endpoint}/${open}`, handle: desk.verifier.handle }))];
	const body = fc.oneof(
		fc.string(),
		fc.json(),
		fc
			.array(fc.tuple(fc.constantFrom('grant_type', 'pre-authorized_code', 'tx_code', 'response', 'vp_token', 'state', 'error', 'wallet_nonce'), piece))
			.map((pairs) => pairs.map(([name, value]) => `${name}=${value}`).join('&')),
		fc.record({ credential_configuration_id: piece, proofs: fc.jsonValue() }).map((value) => JSON.stringify(value)),
	);
	await fc.assert(
		fc.asyncProperty(
			fc.constantFrom(...targets),
			fc.constantFrom('GET', 'POST', 'PUT', 'OPTIONS'),
			fc.constantFrom('application/json', 'application/x-www-form-urlencoded', 'text/plain', ''),
			body,
			async ({ path, handle }, method, type, sent) => {
				const headers = { 'content-type': type, authorization: `Bearer ${CANARY}` };
				const response = await handle(new Request(`http://host.example${path}`, { method, headers, ...(method === 'GET' ? {} : { body: sent }) }));
				expect(response.status).toBeLessThan(500);
				const answer = await response.text();
				expect(answer).not.toContain(CANARY);
				if (response.headers.get('content-type') === 'application/json') expect(typeof JSON.parse(answer)).toBe('object');
			},
		),
		{ numRuns: 500 },
	);
});

describe('serve', () => {
	test('says nothing about itself, and limits bodies whether or not they are declared', async () => {
		const server = await serve(async (request) => new Response(String((await request.text()).length)), { maxBody: 1000 });
		const response = await fetch(server.url, { method: 'POST', body: 'a'.repeat(1000) });
		expect(await response.text()).toBe('1000');
		for (const header of ['server', 'x-powered-by', 'date']) expect(response.headers.get(header)).toBeNull();
		expect(
			await fetch(server.url, { method: 'POST', body: 'a'.repeat(1001) }).then(
				({ status }) => status,
				() => 413,
			),
		).toBe(413);
		const stream = new ReadableStream({
			start(controller) {
				for (let round = 0; round < 20; round++) controller.enqueue(new Uint8Array(100));
				controller.close();
			},
		});
		expect(
			await fetch(server.url, { method: 'POST', body: stream, duplex: 'half' } as RequestInit).then(
				({ status }) => status,
				() => 413,
			),
		).toBe(413);
		await server.close();
	});
	test('a handler that throws or hangs does not take the server with it', async () => {
		const server = await serve((request) => (request.url.endsWith('/hang') ? new Promise(() => {}) : Promise.reject(new Error('secret'))), {
			handlerTimeoutMs: 50,
		});
		const thrown = await fetch(server.url);
		expect(thrown.status).toBe(500);
		expect(await thrown.text()).not.toContain('secret');
		expect((await fetch(`${server.url}/hang`)).status).toBe(503);
		await server.close();
		await expect(fetch(server.url)).rejects.toThrow();
	});
	test('close ends connections that are kept alive, and a port that is taken is a coded error', async () => {
		const server = await serve(async () => new Response('x'));
		await (await fetch(server.url)).text();
		expect(await codeOf(() => serve(async () => new Response(), { port: server.port }))).toBe('oid4vc/cannot-listen');
		await server.close();
		const again = await serve(async () => new Response('y'), { port: server.port });
		expect(await (await fetch(again.url)).text()).toBe('y');
		await again.close();
	});
});
