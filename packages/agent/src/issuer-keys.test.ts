import { base64urlEncode, generateKeyPair, type Jwk, jwkThumbprint, publicKeyToJwk, signerOf, utf8, verifyJws } from '@holdfast/crypto';
import { systemRandom } from '@holdfast/kernel';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { codeOf, type Fixture, openFixture, serve, type WebServer } from '../test/fixtures.node.ts';
import { createHolderKeyResolver, createIssuerKeyResolver, type IssuerKeyResolver } from './index.ts';

const newJwk = (type: 'Ed25519' | 'Secp256r1' | 'Secp256k1' | 'X25519' = 'Secp256r1'): Jwk =>
	publicKeyToJwk(type, generateKeyPair(type, systemRandom).publicKey);

let fixture: Fixture;
let keys: IssuerKeyResolver;
let server: WebServer;
let pages: Record<string, unknown>;
beforeEach(async () => {
	fixture = await openFixture();
	keys = createIssuerKeyResolver(fixture.agent);
	pages = {};
	server = await serve((req, res) => {
		const page = pages[req.url ?? ''];
		if (page === undefined) res.writeHead(404).end();
		else res.setHeader('content-type', 'application/json').end(typeof page === 'string' ? page : JSON.stringify(page));
	});
});
afterEach(() => {
	server.close();
	fixture.close();
});

const reasonOf = async (work: Promise<unknown>): Promise<string> => {
	try {
		await work;
	} catch (error) {
		const { code, data } = error as { code: string; data: { reason?: string } };
		return `${code} ${data.reason ?? ''}`.trim();
	}
	return 'no error';
};

describe('an issuer that is a DID', () => {
	const publish = (change: (did: string, jwk: Jwk) => object = () => ({})): { did: string; jwk: Jwk } => {
		const did = `did:web:${server.host.replace(':', '%3A')}`;
		const jwk = newJwk();
		pages['/.well-known/did.json'] = {
			id: did,
			verificationMethod: [{ id: `${did}#key-1`, type: 'JsonWebKey', controller: did, publicKeyJwk: jwk }],
			assertionMethod: [`${did}#key-1`],
			...change(did, jwk),
		};
		return { did, jwk };
	};
	const ask = (issuer: string, kid?: string, alg = 'ES256') => keys.resolve({ issuer, kid, header: { alg, kid }, alg });

	test('the key that kid names, absolute or relative, with how it was found', async () => {
		const { did, jwk } = publish();
		expect(await ask(did, `${did}#key-1`)).toEqual({ jwk, did, how: 'did:web document, assertionMethod #key-1' });
		fixture.clock.time += 90_000;
		expect(await ask(did, '#key-1')).toEqual({ jwk, did, how: 'did:web document, fetched 90 s ago, assertionMethod #key-1' });
	});

	test('without kid, the only fitting key', async () => {
		const { did, jwk } = publish();
		expect(await ask(did)).toMatchObject({ jwk, how: expect.stringContaining('the only one') });
	});

	test('without kid, two fitting keys are one too many; another algorithm does not count', async () => {
		const { did, jwk } = publish((id, first) => ({
			assertionMethod: [
				{ id: '#a', type: 'JsonWebKey', controller: id, publicKeyJwk: first },
				{ id: '#b', type: 'JsonWebKey', controller: id, publicKeyJwk: newJwk('Ed25519') },
			],
		}));
		expect((await ask(did)).jwk).toEqual(jwk);
		publish((id, first) => ({
			assertionMethod: [first, newJwk()].map((publicKeyJwk, index) => ({ id: `#e${index}`, type: 'JsonWebKey', controller: id, publicKeyJwk })),
		}));
		fixture.clock.time += 3_600_000;
		expect(await reasonOf(ask(did))).toBe('credential/issuer-key-not-found kid-missing-and-several-keys');
	});

	test.each<[string, (did: string) => string, string]>([
		['an unknown fragment', (did) => `${did}#key-2`, 'key-not-in-document'],
		['another DID', () => 'did:web:evil.example#key-1', 'kid-of-another-did'],
		['a DID that begins alike', (did) => `${did}:path#key-1`, 'kid-of-another-did'],
		['no fragment', (did) => did, 'kid-of-another-did'],
		['a bare name', () => 'key-1', 'kid-is-not-a-did-url'],
		['a query', (did) => `${did}?versionId=1#key-1`, 'kid-is-not-a-did-url'],
	])('a kid with %s', async (_name, kid, reason) => {
		const { did } = publish();
		expect(await reasonOf(ask(did, kid(did)))).toBe(`credential/issuer-key-not-found ${reason}`);
	});

	test('a key that is not for assertions', async () => {
		const { did } = publish((id) => ({ assertionMethod: [], authentication: [`${id}#key-1`] }));
		expect(await reasonOf(ask(did, '#key-1'))).toBe('credential/issuer-key-not-found key-not-for-this-use');
		expect((await createHolderKeyResolver(fixture.agent).resolve({ did, kid: '#key-1', alg: 'ES256' })).how).toContain('authentication #key-1');
	});

	test('a key of another algorithm, and one that only agrees on secrets', async () => {
		const { did } = publish((id) => ({ assertionMethod: [`${id}#key-1`, { id: '#x', type: 'JsonWebKey', controller: id, publicKeyJwk: newJwk('X25519') }] }));
		expect(await reasonOf(ask(did, '#key-1', 'EdDSA'))).toBe('credential/issuer-key-not-found key-of-another-algorithm');
		expect(await reasonOf(ask(did, '#x', 'EdDSA'))).toBe('credential/issuer-key-not-found key-of-another-algorithm');
		expect(await reasonOf(ask(did, '#key-1', 'none'))).toBe('credential/issuer-key-not-found key-of-another-algorithm');
	});

	test('a DID that does not resolve keeps its own code', async () => {
		expect(await codeOf(ask('did:example:1', 'did:example:1#a'))).toBe('did/unsupported-method');
		expect(await codeOf(ask(`did:web:${server.host.replace(':', '%3A')}`))).toBe('did/not-found');
	});

	test('did:key and did:jwk name their own key', async () => {
		for (const method of ['did:key', 'did:jwk'] as const) {
			const { did } = await fixture.agent.dids.create({ method });
			const signer = await fixture.agent.didSigner(did);
			const { jwk, how } = await ask(did, signer.kid);
			expect(how).toContain(`key inside the ${method}`);
			expect(jwkThumbprint(jwk)).toBe(jwkThumbprint(signer.publicJwk));
		}
	});
});

describe('an issuer that is a URL', () => {
	const issuer = (path = '') => `http://${server.host}${path}`;
	const ask = (url: string, kid?: string, alg = 'ES256') => keys.resolve({ issuer: url, kid, header: { alg, kid }, alg });

	test('jwks in the metadata; the well-known part stands between host and path', async () => {
		const pair = generateKeyPair('Secp256r1', systemRandom);
		const jwk = { ...publicKeyToJwk('Secp256r1', pair.publicKey), kid: '1', alg: 'ES256', use: 'sig' };
		pages['/.well-known/jwt-vc-issuer/tenant/1'] = { issuer: issuer('/tenant/1'), jwks: { keys: [{ kty: 'RSA', n: 'x', e: 'AQAB', kid: '2' }, jwk] } };
		const found = await ask(issuer('/tenant/1'), '1');
		expect(found.how).toContain('JWT VC issuer metadata');
		expect(found.did).toBeUndefined();
		const data = utf8('x');
		expect(verifyJws('ES256', found.jwk, data, await signerOf(pair).sign(data))).toBe(true);
		expect((await ask(issuer('/tenant/1'))).jwk).toEqual(found.jwk);
	});

	test('jwks_uri', async () => {
		const jwk = newJwk('Ed25519');
		pages['/.well-known/jwt-vc-issuer'] = { issuer: issuer(), jwks_uri: issuer('/keys') };
		pages['/keys'] = { keys: [{ ...jwk, kid: 'a' }] };
		expect((await ask(issuer(), 'a', 'EdDSA')).jwk).toEqual(jwk);
	});

	test.each<[string, () => unknown, string]>([
		['nothing there', () => undefined, 'metadata-not-found'],
		['not JSON', () => '<html>', 'metadata-shape'],
		['another issuer', () => ({ issuer: 'https://evil.example', jwks: { keys: [] } }), 'metadata-of-another-issuer'],
		['an issuer with a slash more', () => ({ issuer: `${issuer()}/`, jwks: { keys: [] } }), 'metadata-of-another-issuer'],
		['neither jwks nor jwks_uri', () => ({ issuer: issuer() }), 'metadata-shape'],
		['both', () => ({ issuer: issuer(), jwks: { keys: [] }, jwks_uri: issuer('/keys') }), 'metadata-shape'],
		['no key', () => ({ issuer: issuer(), jwks: { keys: [] } }), 'key-not-in-metadata'],
		['a key of another name', () => ({ issuer: issuer(), jwks: { keys: [{ ...newJwk(), kid: 'b' }] } }), 'key-not-in-metadata'],
		['a key of another algorithm', () => ({ issuer: issuer(), jwks: { keys: [{ ...newJwk('Ed25519'), kid: 'a' }] } }), 'key-not-in-metadata'],
		['an encryption key', () => ({ issuer: issuer(), jwks: { keys: [{ ...newJwk(), kid: 'a', use: 'enc' }] } }), 'key-not-in-metadata'],
		['a private key', () => ({ issuer: issuer(), jwks: { keys: [{ ...newJwk(), kid: 'a', d: base64urlEncode(new Uint8Array(32)) }] } }), 'key-not-in-metadata'],
		[
			'two keys of one name',
			() => ({
				issuer: issuer(),
				jwks: {
					keys: [
						{ ...newJwk(), kid: 'a' },
						{ ...newJwk(), kid: 'a' },
					],
				},
			}),
			'several-keys-for-kid',
		],
		['jwks_uri into a private network', () => ({ issuer: issuer(), jwks_uri: 'https://10.0.0.1/' }), 'net/private-address'],
		['jwks_uri that is none', () => ({ issuer: issuer(), jwks_uri: 'x' }), 'net/bad-url'],
	])('%s', async (_name, page, reason) => {
		pages['/.well-known/jwt-vc-issuer'] = page();
		expect(await reasonOf(ask(issuer(), 'a'))).toBe(`credential/issuer-key-not-found ${reason}`);
	});

	test('several keys and no kid', async () => {
		pages['/.well-known/jwt-vc-issuer'] = { issuer: issuer(), jwks: { keys: [newJwk(), newJwk()] } };
		expect(await reasonOf(ask(issuer()))).toBe('credential/issuer-key-not-found kid-missing-and-several-keys');
	});

	test.each([
		['mailto:a@example.com', 'issuer-is-neither-did-nor-url'],
		['', 'issuer-is-neither-did-nor-url'],
		['http://example.com', 'net/not-https'],
		['https://10.0.0.1', 'net/private-address'],
		['https://example.com/?a=b', 'issuer-url'],
	])('%j', async (url, reason) => {
		expect(await reasonOf(ask(url, 'a'))).toBe(`credential/issuer-key-not-found ${reason}`);
	});
});
