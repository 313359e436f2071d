import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { generateKeyPair, generateMnemonic, hexEncode, jwkThumbprint, type KeyType, publicKeyToJwk, SecretBytes, utf8, verifyJws } from '@holdfast/crypto';
import { systemRandom } from '@holdfast/kernel';
import { createGuardedFetch } from '@holdfast/net';
import { computeAddress, Transaction, verifyMessage, verifyTypedData } from 'ethers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { codeOf, type Fixture, openFixture, serve, serveFolder, type WebServer } from '../test/fixtures.node.ts';
import { didKeyFor } from './did-key.ts';
import {
	bindingKey,
	createDidKeyResolver,
	createHolderKeyResolver,
	type DidMethod,
	kidOfHolder,
	VaultDidStore,
	VaultKeyStore,
	VaultKms,
	VaultPrivateKeyStore,
} from './index.ts';

const SIGNING: readonly KeyType[] = ['Ed25519', 'Secp256k1', 'Secp256r1'];
const data = utf8('signing input');

let fixture: Fixture;
beforeEach(async () => {
	fixture = await openFixture();
});
afterEach(() => fixture.close());

describe('keys', () => {
	test.each(SIGNING)('%s: created, signs, verifies', async (type) => {
		const key = await fixture.agent.createKey({ type, purpose: 'holder' });
		expect(key.kid).toBe(jwkThumbprint(key.publicJwk));
		const signer = fixture.agent.signer(key.kid);
		expect(signer.kid).toBeUndefined();
		expect(verifyJws(signer.alg, signer.publicJwk, data, await signer.sign(data))).toBe(true);
	});

	test('each is another key, also after a deletion', async () => {
		const first = await fixture.agent.createKey({ type: 'Secp256r1', purpose: 'holder' });
		fixture.vault.keys.delete(first.kid);
		const second = await fixture.agent.createKey({ type: 'Secp256r1', purpose: 'holder' });
		expect(second.kid).not.toBe(first.kid);
	});

	test.each(['vote', 'collection'])('a key made for one purpose (%s) is no key for anything that the agent does', async (purpose) => {
		const { agent, vault } = fixture;
		const path = "m/7391'/60'/1'/2'/3'/4'/0'";
		const pair = vault.seedKey({ type: 'Secp256k1', path });
		const publicJwk = publicKeyToJwk('Secp256k1', pair.publicKey);
		const kid = jwkThumbprint(publicJwk);
		vault.keys.insert({ kid, type: 'Secp256k1', publicKeyHex: hexEncode(pair.publicKey), path, purpose, alias: null, createdAt: 1 });
		const bound = async (work: Promise<unknown>) => expect(await codeOf(work)).toBe('did/purpose-bound');
		const digest = hexEncode(data);
		await bound((async () => agent.signer(kid))());
		for (const algorithm of [undefined, 'ES256K', 'eth_signMessage', 'eth_signTypedData', 'eth_signTransaction']) {
			await bound(agent.veramo.keyManagerSign({ keyRef: kid, data: digest, encoding: 'hex', ...(algorithm ? { algorithm } : {}) }));
		}
		await bound(agent.veramo.keyManagerGet({ kid }));
		await bound(agent.veramo.keyManagerDelete({ kid }));
		const kms = new VaultKms(vault, fixture.clock);
		await bound((async () => kms.signRaw(kid, data))());
		await bound(kms.sign({ keyRef: { kid }, data }));
		await bound(kms.deleteKey({ kid }));
		await bound(kms.sharedSecret({ myKeyRef: { kid }, theirKey: { type: 'Secp256k1', publicKeyHex: '' } }));
		await bound(new VaultPrivateKeyStore(vault, kms).getKey({ alias: kid }));
		expect(await kms.listKeys()).toEqual([]);
		expect(await new VaultKeyStore(vault).listKeys()).toEqual([]);
		// Nor can anybody make such a key by asking the agent.
		await bound(agent.createKey({ type: 'Secp256k1', purpose }));
		await bound((async () => agent.importKey({ type: 'Secp256k1', privateKey: pair.privateKey, purpose }))());
		// A DID whose document names the key does not open it.
		vault.dids.put({
			did: didKeyFor('Secp256k1', pair.publicKey),
			provider: 'did:key',
			alias: null,
			controllerKid: kid,
			keys: [],
			services: [],
			meta: {},
			createdAt: 1,
		});
		const signer = await agent.didSigner(didKeyFor('Secp256k1', pair.publicKey));
		await bound(signer.sign(data));
		pair.privateKey.wipe();
		expect(vault.keys.get(kid)).toBeDefined();
	});

	test('a context has an account of its own', async () => {
		const { agent, vault } = fixture;
		const path = async (type: KeyType, context?: string) => {
			const { kid } = await agent.createKey({ type, purpose: 'holder', ...(context === undefined ? {} : { context }) });
			return vault.keys.get(kid)?.path ?? '';
		};
		expect(await path('Secp256k1')).toBe("m/44'/60'/0'/0/0");
		expect(await path('Secp256k1')).toBe("m/44'/60'/0'/0/1");
		expect(await path('Secp256r1')).toBe("m/7391'/1'/0'/0'");
		const one = await path('Ed25519', 'verifier:https://one.example');
		const two = await path('Ed25519', 'verifier:https://two.example');
		const again = await path('Ed25519', 'verifier:https://one.example');
		expect(one.split('/').slice(0, 4)).toEqual(again.split('/').slice(0, 4));
		expect(one.split('/')[3]).not.toBe(two.split('/')[3]);
		expect(again).not.toBe(one);
	});

	test('the seed alone gives the same keys again', async () => {
		const mnemonic = generateMnemonic(systemRandom, 128);
		const fixtures = [await openFixture({ mnemonic }), await openFixture({ mnemonic })];
		const kids = await Promise.all(fixtures.map(async ({ agent }) => (await agent.createKey({ type: 'Secp256r1', purpose: 'holder', context: 'c' })).kid));
		for (const each of fixtures) each.close();
		expect(kids[0]).toBe(kids[1]);
	});

	test('an imported key signs, and is refused twice', async () => {
		for (const type of SIGNING) {
			const pair = generateKeyPair(type, systemRandom);
			const key = await fixture.agent.importKey({ type, privateKey: pair.privateKey, purpose: 'holder', alias: 'old' });
			const signer = fixture.agent.signer(key.kid);
			expect(verifyJws(signer.alg, signer.publicJwk, data, await signer.sign(data))).toBe(true);
			expect(await codeOf(fixture.agent.importKey({ type, privateKey: pair.privateKey, purpose: 'holder' }))).toBe('did/key-exists');
		}
	});

	test('what is no key is not imported', async () => {
		const zero = SecretBytes.take(new Uint8Array(32));
		expect(await codeOf(fixture.agent.importKey({ type: 'Secp256k1', privateKey: zero, purpose: 'holder' }))).toBe('crypto/bad-key');
		expect(fixture.vault.keys.list()).toEqual([]);
	});

	test('unknown keys, and keys that cannot sign', async () => {
		expect(await codeOf(() => fixture.agent.signer('nobody'))).toBe('did/no-such-key');
		const { kid } = await fixture.agent.createKey({ type: 'X25519', purpose: 'agreement' });
		expect(await codeOf(() => fixture.agent.signer(kid))).toBe('did/unsupported');
	});

	test('a closed vault ends its signers', async () => {
		const { kid } = await fixture.agent.createKey({ type: 'Ed25519', purpose: 'holder' });
		const signer = fixture.agent.signer(kid);
		fixture.vault.close();
		await expect(signer.sign(data)).rejects.toThrow();
	});
});

describe('the key management system', () => {
	const ethereumKey = async () => {
		const { kid } = await fixture.agent.createKey({ type: 'Secp256k1', purpose: 'did' });
		const row = fixture.vault.keys.get(kid);
		return { kid, address: computeAddress(`0x${row?.publicKeyHex}`) };
	};

	test('eth_signMessage', async () => {
		const { kid, address } = await ethereumKey();
		const signature = await fixture.agent.veramo.keyManagerSign({ keyRef: kid, data: 'hello', algorithm: 'eth_signMessage' });
		expect(verifyMessage('hello', signature)).toBe(address);
	});

	test('eth_signTypedData', async () => {
		const { kid, address } = await ethereumKey();
		const domain = { name: 'Holdfast', chainId: 1 };
		const types = { Vote: [{ name: 'proposal', type: 'uint256' }] };
		const message = { proposal: 7 };
		const payload = JSON.stringify({ domain, types: { ...types, EIP712Domain: [{ name: 'name', type: 'string' }] }, message });
		const signature = await fixture.agent.veramo.keyManagerSign({ keyRef: kid, data: payload, algorithm: 'eth_signTypedData' });
		expect(verifyTypedData(domain, types, message, signature)).toBe(address);
	});

	test('eth_signTransaction', async () => {
		const { kid, address } = await ethereumKey();
		const unsigned = Transaction.from({
			to: address,
			value: 1n,
			chainId: 31337n,
			nonce: 0,
			gasLimit: 21000n,
			maxFeePerGas: 1n,
			maxPriorityFeePerGas: 1n,
			type: 2,
		});
		const signed = await fixture.agent.veramo.keyManagerSign({
			keyRef: kid,
			data: unsigned.unsignedSerialized,
			algorithm: 'eth_signTransaction',
			encoding: 'hex',
		});
		expect(Transaction.from(signed).from).toBe(address);
	});

	test('refuses an algorithm of another key', async () => {
		const { kid } = await fixture.agent.createKey({ type: 'Ed25519', purpose: 'did' });
		for (const algorithm of ['ES256', 'ES256K', 'eth_signMessage', 'ES256K-R', 'none']) {
			expect(await codeOf(fixture.agent.veramo.keyManagerSign({ keyRef: kid, data: 'x', algorithm })), algorithm).toBe('did/unsupported');
		}
	});

	test('refuses typed data that it cannot read', async () => {
		const { kid } = await ethereumKey();
		for (const text of ['', '{}', 'null', '{"domain":{},"types":{"A":1},"message":{}}']) {
			expect(await codeOf(fixture.agent.veramo.keyManagerSign({ keyRef: kid, data: text, algorithm: 'eth_signTypedData' })), text).toBe('did/invalid');
		}
	});

	test.each(['X25519', 'Secp256r1'] as const)('%s: two sides agree on a secret', async (type) => {
		const [a, b] = await Promise.all([fixture.agent.createKey({ type, purpose: 'agreement' }), fixture.agent.createKey({ type, purpose: 'agreement' })]);
		const secret = (mine: string, theirs: string) =>
			fixture.agent.veramo.keyManagerSharedSecret({
				secretKeyRef: mine,
				publicKey: { type, publicKeyHex: fixture.vault.keys.get(theirs)?.publicKeyHex ?? '' },
			});
		expect(await secret(a.kid, b.kid)).toBe(await secret(b.kid, a.kid));
		expect(await secret(a.kid, b.kid)).toMatch(/^[0-9a-f]{64}$/);
	});
});

describe('Veramo’s stores', () => {
	test('the key store', async () => {
		const store = new VaultKeyStore(fixture.vault);
		const { kid } = await fixture.agent.createKey({ type: 'Secp256k1', purpose: 'did', alias: 'a' });
		const key = await store.getKey({ kid });
		expect(key).toMatchObject({ kid, kms: 'vault', type: 'Secp256k1', meta: { purpose: 'did' } });
		expect(key).not.toHaveProperty('privateKeyHex');
		expect(await store.importKey(key)).toBe(true);
		expect(await codeOf(store.importKey({ ...key, publicKeyHex: '00' }))).toBe('did/no-such-key');
		expect(await codeOf(store.importKey({ ...key, kid: 'other' }))).toBe('did/no-such-key');
		expect((await store.listKeys()).map((each) => each.kid)).toEqual([kid]);
		expect(await fixture.agent.veramo.keyManagerDelete({ kid })).toBe(true);
		expect(await codeOf(store.getKey({ kid }))).toBe('did/no-such-key');
	});

	test('the private key store holds imported keys, and gives out no derived ones', async () => {
		const store = new VaultPrivateKeyStore(fixture.vault, new VaultKms(fixture.vault, fixture.clock));
		const privateKeyHex = generateKeyPair('Ed25519', systemRandom).privateKey.use(hexEncode);
		const { alias } = await store.importKey({ type: 'Ed25519', privateKeyHex });
		const derived = await fixture.agent.createKey({ type: 'Ed25519', purpose: 'did' });
		expect(await store.getKey({ alias })).toEqual({ alias, type: 'Ed25519', privateKeyHex });
		expect(await store.listKeys()).toEqual([{ alias, type: 'Ed25519', privateKeyHex }]);
		expect(await codeOf(store.getKey({ alias: derived.kid }))).toBe('did/no-such-key');
		expect(await store.deleteKey({ alias })).toBe(true);
		expect(await store.listKeys()).toEqual([]);
	});

	test('the DID store round-trips an identifier', async () => {
		const store = new VaultDidStore(fixture.vault, fixture.clock);
		const { kid } = await fixture.agent.createKey({ type: 'Ed25519', purpose: 'did' });
		const key = await new VaultKeyStore(fixture.vault).getKey({ kid });
		const identifier = {
			did: 'did:example:1',
			provider: 'did:example',
			alias: 'me',
			controllerKeyId: kid,
			keys: [key],
			services: [{ id: '#s', type: 'T', serviceEndpoint: { uri: 'https://example.com', routing: ['a'] }, description: 'd' }],
		};
		await store.importDID(identifier);
		expect(await store.getDID({ did: 'did:example:1' })).toEqual(identifier);
		expect(await store.getDID({ alias: 'me' })).toEqual(identifier);
		expect(await store.listDIDs({ provider: 'did:example' })).toEqual([identifier]);
		expect(await store.listDIDs({ alias: 'you' })).toEqual([]);
		const { alias: _alias, controllerKeyId: _controller, ...bare } = identifier;
		await store.importDID(bare);
		expect(await store.getDID({ did: 'did:example:1' })).toEqual(bare);
		expect(await store.deleteDID({ did: 'did:example:1' })).toBe(true);
		expect(await codeOf(store.getDID({ did: 'did:example:1' }))).toBe('did/not-managed');
		expect(await codeOf(store.getDID({ alias: 'me' }))).toBe('did/not-managed');
	});

	test('a private key that comes along with a DID is not stored', async () => {
		const store = new VaultDidStore(fixture.vault, fixture.clock);
		const key = { kid: 'k', kms: 'vault', type: 'Ed25519', publicKeyHex: 'aa', privateKeyHex: 'c0ffee'.repeat(10) };
		await store.importDID({ did: 'did:example:1', provider: 'did:example', keys: [key], services: [] });
		expect(JSON.stringify(fixture.vault.dids.list())).not.toContain('c0ffee');
	});
});

describe('DIDs of every method', () => {
	const cases: readonly [DidMethod, KeyType][] = [
		['did:key', 'Ed25519'],
		['did:key', 'Secp256r1'],
		['did:key', 'Secp256k1'],
		['did:jwk', 'Ed25519'],
		['did:jwk', 'Secp256r1'],
		['did:jwk', 'Secp256k1'],
		['did:peer', 'Ed25519'],
	];

	test.each(cases)('%s with %s: created, resolved, signed, verified', async (method, keyType) => {
		const { agent } = fixture;
		const { did, keys } = await agent.dids.create({ method, keyType });
		expect(did.startsWith(`${method}:`)).toBe(true);
		const { document, fromCache, ageMs } = await agent.resolve(did);
		expect([document.id, fromCache, ageMs]).toEqual([did, false, 0]);
		for (const relationship of ['assertionMethod', 'authentication'] as const) {
			const signer = await agent.didSigner(did, { relationship });
			expect(signer.kid?.startsWith(`${did}#`)).toBe(true);
			expect(document.verificationMethod?.some((each) => each.id === signer.kid)).toBe(true);
			const { jwk, how } = await createDidKeyResolver(agent)({ did, kid: signer.kid ?? '', alg: signer.alg, relationship });
			expect(jwkThumbprint(jwk)).toBe(keys[0]?.kid);
			expect(how).toContain(relationship);
			expect(verifyJws(signer.alg, jwk, data, await signer.sign(data))).toBe(true);
		}
	});

	test('did:pkh: created and resolved; its account signs, but no JWS key stands in its document', async () => {
		const { agent, vault } = fixture;
		const { did, keys } = await agent.dids.create({ method: 'did:pkh' });
		const address = computeAddress(`0x${vault.keys.get(keys[0]?.kid ?? '')?.publicKeyHex}`);
		expect(did).toBe(`did:pkh:eip155:1:${address}`);
		expect((await agent.resolve(did)).document.verificationMethod?.[0]?.blockchainAccountId).toBe(`eip155:1:${address}`);
		expect(await codeOf(agent.didSigner(did))).toBe('did/no-usable-key');
		const signature = await agent.veramo.keyManagerSign({ keyRef: keys[0]?.kid ?? '', data: 'hello', algorithm: 'eth_signMessage' });
		expect(verifyMessage('hello', signature)).toBe(address);
		expect(await codeOf(createHolderKeyResolver(agent).resolve({ did, kid: `${did}#blockchainAccountId`, alg: 'ES256K' }))).toBe('did/unsupported-key');
	});

	test('defaults: P-256, and keys that other methods need', async () => {
		const types = async (method: DidMethod) => (await fixture.agent.dids.create({ method })).keys.map((key) => key.type);
		expect(await types('did:key')).toEqual(['Secp256r1']);
		expect(await types('did:jwk')).toEqual(['Secp256r1']);
		expect(await types('did:peer')).toEqual(['Ed25519', 'X25519']);
	});

	test.each<[DidMethod, KeyType]>([
		['did:pkh', 'Ed25519'],
		['did:peer', 'Secp256r1'],
		['did:ethr', 'Ed25519'],
		['did:key', 'X25519'],
	])('%s with %s is refused before a key is made', async (method, keyType) => {
		expect(await codeOf(fixture.agent.dids.create({ method, keyType }))).toBe('did/unsupported');
		expect(fixture.vault.keys.list()).toEqual([]);
	});

	test('did:ethr without a network is refused', async () => {
		expect(await codeOf(fixture.agent.dids.create({ method: 'did:ethr' }))).toBe('did/unknown-network');
		expect(fixture.vault.keys.list()).toEqual([]);
	});

	test('list, get, rename; a name is taken once', async () => {
		const { agent } = fixture;
		const first = await agent.dids.create({ method: 'did:key', alias: 'work' });
		const second = await agent.dids.create({ method: 'did:jwk' });
		expect((await agent.dids.list()).map((each) => each.did)).toEqual([first.did, second.did]);
		expect(await agent.dids.get(first.did)).toMatchObject({ alias: 'work', method: 'did:key' });
		expect(await codeOf(agent.dids.create({ method: 'did:key', alias: 'work' }))).toBe('did/alias-taken');
		expect(await codeOf(agent.dids.rename(second.did, 'work'))).toBe('did/alias-taken');
		expect((await agent.dids.rename(second.did, 'home')).alias).toBe('home');
		expect((await agent.dids.rename(second.did, null)).alias).toBeNull();
		expect(fixture.vault.keys.list()).toHaveLength(2);
		expect(await codeOf(agent.dids.get('did:key:zOther'))).toBe('did/not-managed');
	});

	test('forget removes the DID and its keys', async () => {
		const { agent, vault } = fixture;
		const { did } = await agent.dids.create({ method: 'did:peer' });
		await agent.dids.forget(did);
		expect(await agent.dids.list()).toEqual([]);
		expect(vault.keys.list()).toEqual([]);
		expect(await codeOf(agent.dids.forget(did))).toBe('did/not-managed');
		expect(await codeOf(agent.didSigner(did))).toBe('did/not-managed');
	});

	test('forget keeps a key that a credential is bound to', async () => {
		const { agent, vault, clock } = fixture;
		const { did, keys } = await agent.dids.create({ method: 'did:key' });
		const holderKid = keys[0]?.kid ?? '';
		vault.credentials.insertMany([
			{
				id: 'c1',
				format: 'dc+sd-jwt',
				raw: 'x',
				type: 't',
				issuer: 'i',
				issuerName: null,
				display: null,
				holderKid,
				batchId: 'b',
				validFrom: null,
				validUntil: null,
				receivedAt: clock.now(),
				exchangeId: null,
				lastUsedAt: null,
				uses: 0,
			},
		]);
		await agent.dids.forget(did);
		expect(vault.keys.get(holderKid)).toBeDefined();
	});

	test('whose key a credential is bound to', async () => {
		const { agent } = fixture;
		for (const method of ['did:key', 'did:jwk', 'did:peer'] as const) {
			const { did, keys } = await agent.dids.create({ method });
			const kid = keys[0]?.kid;
			expect(agent.kidOfHolder({ did })).toBe(kid);
			expect(kidOfHolder(agent, { did: `${did}#x` })).toBe(kid);
			expect(agent.kidOfHolder({ jwk: keys[0]?.publicJwk as never })).toBe(kid);
			expect(jwkThumbprint((await bindingKey(agent, did)).jwk)).toBe(kid);
		}
		const other = await openFixture();
		const stranger = await other.agent.dids.create({ method: 'did:key' });
		other.close();
		expect(agent.kidOfHolder({ did: stranger.did })).toBeUndefined();
		expect(agent.kidOfHolder({ jwk: stranger.keys[0]?.publicJwk as never })).toBeUndefined();
		expect(agent.kidOfHolder({ did: 'did:web:example.com' })).toBeUndefined();
		expect(agent.kidOfHolder({ did: 'nonsense' })).toBeUndefined();
		expect(agent.kidOfHolder({})).toBeUndefined();
		expect(agent.kidOfHolder({ jwk: { kty: 'oct' } as never })).toBeUndefined();
		expect(agent.kidOfHolder({ jwk: { kty: 'EC', crv: 'P-256' } as never })).toBeUndefined();
	});
});

describe('did:web over HTTP', () => {
	let root: string;
	let server: WebServer;
	beforeAll(async () => {
		root = mkdtempSync(join(tmpdir(), 'holdfast-web-'));
		server = await serveFolder(root);
	});
	afterAll(() => {
		server.close();
		rmSync(root, { recursive: true, force: true });
	});

	test('published below its path, resolved, signed, verified', async () => {
		const { agent } = fixture;
		const { did, keys } = await agent.dids.create({ method: 'did:web', domain: server.host, path: 'user/alice' });
		expect(did).toBe(`did:web:${server.host.replace(':', '%3A')}:user:alice`);
		expect(await codeOf(agent.didSigner(did))).toBe('did/not-found');
		expect(await agent.didWeb.publish(did, root)).toBe(join(root, 'user/alice/did.json'));
		const signer = await agent.didSigner(did);
		expect(signer.kid).toBe(`${did}#${keys[0]?.kid}`);
		const { jwk } = await createHolderKeyResolver(agent).resolve({ did, kid: signer.kid ?? '', alg: 'ES256' });
		expect(verifyJws('ES256', jwk, data, await signer.sign(data))).toBe(true);
		expect(JSON.parse(readFileSync(join(root, 'user/alice/did.json'), 'utf8'))).toEqual(await agent.didWeb.documentFor(did));
		expect(readdirSync(join(root, 'user/alice'))).toEqual(['did.json']);
	});

	test('a whole domain stands in .well-known', async () => {
		const { agent } = fixture;
		const { did } = await agent.dids.create({ method: 'did:web', domain: server.host, keyType: 'Ed25519' });
		expect(await agent.didWeb.publish(did, root)).toBe(join(root, '.well-known/did.json'));
		expect((await agent.resolve(did)).document.id).toBe(did);
	});

	test('a DID is made once, and only did:web is published', async () => {
		const { agent } = fixture;
		const { did } = await agent.dids.create({ method: 'did:web', domain: 'example.com' });
		expect(did).toBe('did:web:example.com');
		expect(await codeOf(agent.dids.create({ method: 'did:web', domain: 'example.com' }))).toBe('did/alias-taken');
		const other = await agent.dids.create({ method: 'did:key' });
		expect(await codeOf(agent.didWeb.publish(other.did, root))).toBe('did/unsupported');
	});

	test.each([
		['', undefined],
		['example.com/x', undefined],
		['https://example.com', undefined],
		['127.0.0.1:3000', undefined],
		['example.com:65536', undefined],
		['0x7f.1', undefined],
		['user@example.com', undefined],
		['exa mple.com', undefined],
		['example.com', '../etc'],
		['example.com', 'a//b'],
		['example.com', 'a/./b'],
		['example.com', 'a%2Fb'],
		['example.com', 'a:b'],
	])('domain %j, path %j is refused', async (domain, path) => {
		const input = path === undefined ? { domain } : { domain, path };
		expect(await codeOf(fixture.agent.dids.create({ method: 'did:web', ...input }))).toBe('did/invalid');
		expect(fixture.vault.keys.list()).toEqual([]);
	});
});

describe('resolution', () => {
	const servers: WebServer[] = [];
	afterEach(() => {
		for (const each of servers.splice(0)) each.close();
	});
	const answer = async (body: (did: string) => unknown, status = 200): Promise<{ did: string; server: WebServer }> => {
		let did = '';
		const server = await serve((_req, res) => {
			const value = body(did);
			res.writeHead(status, { 'content-type': 'application/json' }).end(typeof value === 'string' ? value : JSON.stringify(value));
		});
		servers.push(server);
		did = `did:web:${server.host.replace(':', '%3A')}`;
		return { did, server };
	};

	test.each<[string, (did: string) => unknown, number, string]>([
		['nothing there', () => '', 404, 'did/not-found'],
		['gone', () => '', 410, 'did/not-found'],
		['a server in trouble', () => '', 503, 'did/network'],
		['not JSON', () => '<html>', 200, 'did/invalid'],
		['not an object', () => [], 200, 'did/invalid'],
		['the document of another DID', () => ({ id: 'did:web:example.com' }), 200, 'did/invalid'],
		['no id', () => ({}), 200, 'did/invalid'],
		['two methods of one name', (did) => ({ id: did, verificationMethod: [1, 2].map(() => ({ id: '#a', type: 'T', controller: did })) }), 200, 'did/invalid'],
		[
			'one name, once absolute',
			(did) => ({ id: did, verificationMethod: ['#a', `${did}#a`].map((id) => ({ id, type: 'T', controller: did })) }),
			200,
			'did/invalid',
		],
		[
			'a private key',
			(did) => ({
				id: did,
				verificationMethod: [{ id: '#a', type: 'JsonWebKey', controller: did, publicKeyJwk: { kty: 'OKP', crv: 'Ed25519', x: 'x', d: 'd' } }],
			}),
			200,
			'did/invalid',
		],
		['methods that are none', (did) => ({ id: did, verificationMethod: ['#a'] }), 200, 'did/invalid'],
		['too many methods', (did) => ({ id: did, assertionMethod: Array.from({ length: 257 }, () => '#a') }), 200, 'did/invalid'],
		['too big', (did) => ({ id: did, x: 'x'.repeat(300_000) }), 200, 'did/network'],
	])('%s', async (_name, body, status, code) => {
		const { did } = await answer(body, status);
		expect(await codeOf(fixture.agent.resolve(did))).toBe(code);
		// Nothing of it was kept.
		expect(fixture.vault.cache.get(`did-document ${did}`)).toBeUndefined();
	});

	test('a redirect into a private network is not followed', async () => {
		const server = await serve((_req, res) => res.writeHead(302, { location: 'https://10.0.0.1/did.json' }).end());
		servers.push(server);
		const work = fixture.agent.resolve(`did:web:${server.host.replace(':', '%3A')}`);
		await expect(work).rejects.toMatchObject({ code: 'did/network', data: { reason: 'net/private-address' } });
	});

	test('loopback is asked only where the fetch allows it', async () => {
		const { did, server } = await answer((id) => ({ id }));
		const strict = await openFixture({ fetch: createGuardedFetch({ allowLoopback: false }) });
		expect(await codeOf(strict.agent.resolve(did))).toBe('did/network');
		strict.close();
		expect(server.requests).toEqual([]);
	});

	test('the cache says its age and expires', async () => {
		const { agent, clock } = fixture;
		const { did, server } = await answer((id) => ({ id }));
		expect(await agent.resolve(did)).toMatchObject({ fromCache: false, ageMs: 0 });
		clock.time += 60_000;
		expect(await agent.resolve(did)).toMatchObject({ fromCache: true, ageMs: 60_000, method: 'did:web' });
		expect(server.requests).toHaveLength(1);
		expect(await agent.resolve(did, { fresh: true })).toMatchObject({ fromCache: false, ageMs: 0 });
		expect(server.requests).toHaveLength(2);
		clock.time += 10 * 60_000;
		expect(await agent.resolve(did)).toMatchObject({ fromCache: false });
		expect(server.requests).toHaveLength(3);
	});

	test('a clock that was set back does not make an old document young', async () => {
		const { agent, clock } = fixture;
		const { did, server } = await answer((id) => ({ id }));
		await agent.resolve(did);
		clock.time -= 3_600_000;
		expect(await agent.resolve(did)).toMatchObject({ fromCache: false });
		expect(server.requests).toHaveLength(2);
	});

	test('a poisoned cache entry of another DID is not believed', async () => {
		const { agent, vault } = fixture;
		const { did } = await answer((id) => ({ id }));
		vault.cache.put(`did-document ${did}`, { document: { id: 'did:web:evil.example' }, metadata: {} }, 60_000);
		expect(await codeOf(agent.resolve(did))).toBe('did/invalid');
		vault.cache.put(`did-document ${did}`, 'nonsense', 60_000);
		expect(await agent.resolve(did)).toMatchObject({ fromCache: false });
	});

	test('a failure is not kept: the next call asks again', async () => {
		let status = 500;
		const server = await serve((_req, res) => res.writeHead(status).end(JSON.stringify({ id: did })));
		servers.push(server);
		const did = `did:web:${server.host.replace(':', '%3A')}`;
		expect(await codeOf(fixture.agent.resolve(did))).toBe('did/network');
		status = 200;
		expect((await fixture.agent.resolve(did)).document.id).toBe(did);
	});

	test.each([
		['did:example:123', 'did/unsupported-method'],
		['did:ion:abc', 'did/unsupported-method'],
		['did:ethr:0x0000000000000000000000000000000000000001', 'did/unknown-network'],
		['did:ethr:nonsense', 'did/invalid'],
		['did:key:z6Mk', 'did/unsupported-key'],
		['did:key:zzzz', 'did/unsupported-key'],
		['did:key:u7QE', 'did/invalid'],
		['did:jwk:e30', 'did/unsupported-key'],
		['did:jwk:!!', 'did/invalid'],
		['did:jwk:AAAA', 'did/invalid'],
		['did:peer:9abc', 'did/invalid'],
		['did:peer:2.Xabc', 'did/invalid'],
		['did:pkh:nonsense', 'did/invalid'],
		['did:web:127.0.0.1', 'did/invalid'],
		['did:web:example.com:..:etc', 'did/invalid'],
		['did:web:example.com:%2e%2e', 'did/invalid'],
		['did:web:user%40example.com', 'did/invalid'],
		['did:key', 'did/invalid'],
		['key:z6Mk', 'did/invalid'],
		['', 'did/invalid'],
		['did:key:z6Mk#x', 'did/invalid'],
		[`did:key:z${'1'.repeat(5000)}`, 'did/invalid'],
	])('%.40s: %s', async (did, code) => {
		expect(await codeOf(fixture.agent.resolve(did))).toBe(code);
	});

	test('as did-resolver’s Resolvable it answers with errors instead of throwing', async () => {
		const { agent } = fixture;
		const { did } = await agent.dids.create({ method: 'did:key' });
		expect((await agent.resolver.resolve(`${did}#x`)).didDocument?.id).toBe(did);
		expect((await agent.resolver.resolve('did:example:1')).didResolutionMetadata.error).toBe('unsupportedDidMethod');
		expect((await agent.resolver.resolve('nonsense')).didResolutionMetadata.error).toBe('invalidDid');
		expect((await agent.veramo.resolveDid({ didUrl: did })).didDocument?.id).toBe(did);
	});
});

describe('where private keys are', () => {
	test('in no row but the sealed ones, and in no file', async () => {
		const { agent, vault, dir } = fixture;
		const pair = generateKeyPair('Secp256k1', systemRandom);
		const hex = pair.privateKey.use(hexEncode);
		await agent.importKey({ type: 'Secp256k1', privateKey: pair.privateKey, purpose: 'holder' });
		const derived = await agent.dids.create({ method: 'did:peer', alias: 'a' });
		const derivedHex = derived.keys.map(({ kid, type }) => {
			const secret = vault.seedKey({ type, path: vault.keys.get(kid)?.path ?? '' }).privateKey;
			return secret.use(hexEncode);
		});
		const rows = JSON.stringify([vault.keys.list(), vault.dids.list(), await agent.veramo.didManagerFind(), await agent.dids.list()]);
		vault.close();
		const files = readdirSync(dir).map((name) => readFileSync(join(dir, name)));
		for (const secret of [hex, ...derivedHex]) {
			expect(rows).not.toContain(secret);
			for (const bytes of files) {
				expect(bytes.includes(secret)).toBe(false);
				expect(bytes.includes(Buffer.from(secret, 'hex'))).toBe(false);
			}
		}
	});

	test('not in Veramo’s log, even where DEBUG asks for it', async () => {
		const canary = generateKeyPair('Ed25519', systemRandom).privateKey.use(hexEncode);
		const folder = mkdtempSync(join(import.meta.dirname, '../test/tmp-'));
		const script = join(folder, 'debug.node.ts');
		const here = (path: string) => JSON.stringify(pathToFileURL(join(import.meta.dirname, path)).href);
		writeFileSync(
			script,
			`import { openFixture } from ${here('../test/fixtures.node.ts')};
			const { agent, close } = await openFixture();
			await agent.veramo.keyManagerImport({ kms: 'vault', type: 'Ed25519', privateKeyHex: '${canary}' });
			const a = await agent.createKey({ type: 'X25519', purpose: 'x' });
			const secret = await agent.veramo.keyManagerSharedSecret({ secretKeyRef: a.kid, publicKey: { type: 'X25519', publicKeyHex: '${'09'.padEnd(64, '0')}' } });
			await agent.dids.create({ method: 'did:peer' });
			process.stdout.write(secret);
			close();`,
		);
		// What Veramo's own agent would have told: without it, silence would prove nothing.
		const loud = join(folder, 'loud.node.ts');
		writeFileSync(
			loud,
			`import { Agent } from '@veramo/core';
			await new Agent({ plugins: [{ methods: { take: async () => null } }] }).execute('take', { privateKeyHex: '${canary}' });`,
		);
		const run = (path: string) => promisify(execFile)(process.execPath, [path], { env: { ...process.env, DEBUG: '*', NODE_OPTIONS: '' } });
		try {
			expect((await run(loud)).stderr).toContain(canary);
			const { stdout, stderr } = await run(script);
			expect(stdout).toMatch(/^[0-9a-f]{64}$/);
			expect(stderr).not.toContain(canary);
			expect(stderr).not.toContain(stdout);
		} finally {
			rmSync(folder, { recursive: true, force: true });
		}
	});
});
