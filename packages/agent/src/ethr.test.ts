import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { customNetwork, type Network } from '@holdfast/chain';
import { hexEncode, jwkToPublicKey, utf8, verifyJws } from '@holdfast/crypto';
import { type Anvil, deployEthrRegistry, startAnvil } from '@holdfast/devchain';
import { createGuardedFetch } from '@holdfast/net';
import { computeAddress, Interface, type InterfaceAbi, toBeHex } from 'ethers';
import { EthereumDIDRegistry } from 'ethr-did-resolver';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { codeOf, type Fixture, openFixture } from '../test/fixtures.node.ts';
import { createDidKeyResolver, createIssuerKeyResolver, type KeyInfo } from './index.ts';

// The guarded fetch of these tests does not allow loopback: only the user's own network leads there.
const strict = createGuardedFetch({ allowLoopback: false, timeoutMs: 5000 });
const data = utf8('signing input');
const DAY = 86_400;

let anvil: Anvil;
let network: Network;
let fixture: Fixture;
beforeAll(async () => {
	anvil = await startAnvil();
	network = customNetwork({ chainId: anvil.chainId, name: 'Local', rpcUrl: anvil.rpcUrl, ethrRegistry: await deployEthrRegistry(anvil) });
});
afterAll(() => anvil.stop());
beforeEach(async () => {
	fixture = await openFixture({ networks: [network], fetch: strict });
});
afterEach(() => fixture.close());

const publicHex = (key: KeyInfo): string => hexEncode(jwkToPublicKey(key.publicJwk).publicKey);
const addressOf = (key: KeyInfo): string => computeAddress(`0x${publicHex(key)}`);

/** A did:ethr of the fixture's wallet whose account can pay. */
async function fundedDid(): Promise<{ did: string; key: KeyInfo; address: string }> {
	const { did, keys } = await fixture.agent.dids.create({ method: 'did:ethr' });
	const [key] = keys;
	if (!key) throw new Error('a did:ethr has a key');
	await anvil.fund(addressOf(key), 1);
	return { did, key, address: addressOf(key) };
}

describe('did:ethr on a chain', () => {
	test('created without a transaction, resolved, signed, verified', async () => {
		const { agent } = fixture;
		const { did, keys } = await agent.dids.create({ method: 'did:ethr', network: anvil.chainId });
		expect(did).toMatch(/^did:ethr:0x7a69:0x0[23][0-9a-f]{64}$/);
		expect(await agent.ethr.owner(did)).toBe(addressOf(keys[0] as KeyInfo));
		const signer = await agent.didSigner(did);
		expect(signer).toMatchObject({ alg: 'ES256K', kid: `${did}#controllerKey` });
		const { jwk, how } = await createIssuerKeyResolver(agent).resolve({ issuer: did, kid: signer.kid, header: {}, alg: 'ES256K' });
		expect(how).toContain('did:ethr document');
		expect(verifyJws('ES256K', jwk, data, await signer.sign(data))).toBe(true);
	});

	test('the controller’s address alone is a coded refusal', async () => {
		const { agent } = fixture;
		const { did } = await agent.dids.create({ method: 'did:ethr' });
		const resolving = createIssuerKeyResolver(agent).resolve({ issuer: did, kid: `${did}#controller`, header: {}, alg: 'ES256K' });
		await expect(resolving).rejects.toMatchObject({ code: 'did/unsupported-key', data: { reason: 'account-address' } });
	});

	test('a key as attribute: signs until it is revoked', async () => {
		const { agent } = fixture;
		const { did } = await fundedDid();
		const extra = await agent.createKey({ type: 'Ed25519', purpose: 'did' });
		const attribute = { name: 'did/pub/Ed25519/veriKey/hex', value: `0x${publicHex(extra)}` };
		expect(await agent.ethr.setAttribute(did, { ...attribute, validitySec: DAY })).toMatch(/^0x[0-9a-f]{64}$/);
		const signer = await agent.didSigner(did, { alg: 'EdDSA' });
		expect(signer.publicJwk).toEqual(extra.publicJwk);
		const found = await createDidKeyResolver(agent)({ did, kid: signer.kid ?? '', alg: 'EdDSA', relationship: 'assertionMethod' });
		expect(verifyJws('EdDSA', found.jwk, data, await signer.sign(data))).toBe(true);
		// veriKey is for assertions only.
		expect(await codeOf(agent.didSigner(did, { alg: 'EdDSA', relationship: 'authentication' }))).toBe('did/no-usable-key');
		await agent.ethr.revokeAttribute(did, attribute);
		expect(await codeOf(agent.didSigner(did, { alg: 'EdDSA' }))).toBe('did/no-usable-key');
		expect(await codeOf(createDidKeyResolver(agent)({ did, kid: signer.kid ?? '', alg: 'EdDSA', relationship: 'assertionMethod' }))).toBe('did/key-not-found');
	});

	test('a service as attribute', async () => {
		const { agent } = fixture;
		const { did } = await fundedDid();
		const attribute = { name: 'did/svc/LinkedDomains', value: 'https://example.com' };
		await agent.ethr.setAttribute(did, { ...attribute, validitySec: DAY });
		expect((await agent.resolve(did)).document.service).toMatchObject([{ type: 'LinkedDomains', serviceEndpoint: 'https://example.com' }]);
		await agent.ethr.revokeAttribute(did, attribute);
		expect((await agent.resolve(did)).document.service).toBeUndefined();
	});

	test('delegates stand in the document until they are revoked', async () => {
		const { agent } = fixture;
		const { did } = await fundedDid();
		const delegate = addressOf(await agent.createKey({ type: 'Secp256k1', purpose: 'did' }));
		const accounts = async (relationship: 'authentication' | 'assertionMethod') => {
			const { document } = await agent.resolve(did);
			const methods = (document.verificationMethod ?? []).filter(({ id }) => document[relationship]?.includes(id));
			return methods.map(({ blockchainAccountId }) => blockchainAccountId).filter((account) => account?.endsWith(delegate));
		};
		await agent.ethr.addDelegate(did, { delegate, type: 'veriKey', validitySec: DAY });
		expect([await accounts('assertionMethod'), await accounts('authentication')]).toEqual([[`eip155:${anvil.chainId}:${delegate}`], []]);
		await agent.ethr.addDelegate(did, { delegate, type: 'sigAuth', validitySec: DAY });
		expect(await accounts('authentication')).toHaveLength(1);
		await agent.ethr.revokeDelegate(did, { delegate, type: 'veriKey' });
		await agent.ethr.revokeDelegate(did, { delegate, type: 'sigAuth' });
		expect([await accounts('assertionMethod'), await accounts('authentication')]).toEqual([[], []]);
	});

	test('a key ends with its validity: the signer is one that is still valid', async () => {
		const { agent } = fixture;
		const { did } = await fundedDid();
		const [ended, current] = [await agent.createKey({ type: 'Ed25519', purpose: 'did' }), await agent.createKey({ type: 'Ed25519', purpose: 'did' })];
		const name = 'did/pub/Ed25519/veriKey/hex';
		// The chain's clock is minutes behind, so ten seconds from there are over already.
		await agent.ethr.setAttribute(did, { name, value: `0x${publicHex(ended)}`, validitySec: 10 });
		expect(await codeOf(agent.didSigner(did, { alg: 'EdDSA' }))).toBe('did/no-usable-key');
		await agent.ethr.setAttribute(did, { name, value: `0x${publicHex(current)}`, validitySec: DAY });
		expect((await agent.didSigner(did, { alg: 'EdDSA' })).publicJwk).toEqual(current.publicJwk);
	});

	test('owner rotation: the old key signs no more, the new owner changes the DID', async () => {
		const { agent } = fixture;
		const { did, address } = await fundedDid();
		const next = await agent.createKey({ type: 'Secp256k1', purpose: 'did' });
		await anvil.fund(addressOf(next), 1);
		const before = await agent.didSigner(did);
		await agent.ethr.changeOwner(did, addressOf(next));
		expect(await agent.ethr.owner(did)).toBe(addressOf(next));
		expect(await agent.ethr.owner(did)).not.toBe(address);
		// The document now names the new owner's account, which is no key for a JWS.
		expect(await codeOf(agent.didSigner(did))).toBe('did/no-usable-key');
		expect(await codeOf(createDidKeyResolver(agent)({ did, kid: before.kid ?? '', alg: 'ES256K', relationship: 'assertionMethod' }))).toBe('did/key-not-found');
		// A key that the new owner sets is one.
		await agent.ethr.setAttribute(did, { name: 'did/pub/Secp256k1/veriKey/hex', value: `0x${publicHex(next)}`, validitySec: DAY });
		const after = await agent.didSigner(did);
		expect(after.publicJwk).toEqual(next.publicJwk);
		const { jwk } = await createDidKeyResolver(agent)({ did, kid: after.kid ?? '', alg: 'ES256K', relationship: 'assertionMethod' });
		expect(verifyJws('ES256K', jwk, data, await after.sign(data))).toBe(true);
	});

	test('a DID that was given away cannot be changed', async () => {
		const { agent } = fixture;
		const { did } = await fundedDid();
		await agent.ethr.changeOwner(did, '0x70997970C51812dc3A010C7d01b50e0d17dc79C8');
		expect(await codeOf(agent.ethr.setAttribute(did, { name: 'did/svc/X', value: 'y', validitySec: DAY }))).toBe('did/no-such-key');
	});

	test('an account without funds', async () => {
		const { agent } = fixture;
		const { did } = await agent.dids.create({ method: 'did:ethr' });
		expect(await codeOf(agent.ethr.setAttribute(did, { name: 'did/svc/X', value: 'y', validitySec: DAY }))).toBe('did/insufficient-funds');
	});

	test('a transaction that is not mined in time is said to be pending', async () => {
		const impatient = await openFixture({ networks: [network], fetch: strict, transactionWaitMs: 300 });
		const { did, keys } = await impatient.agent.dids.create({ method: 'did:ethr' });
		await anvil.fund(addressOf(keys[0] as KeyInfo), 1);
		await anvil.setMining(false);
		try {
			expect(await codeOf(impatient.agent.ethr.setAttribute(did, { name: 'did/svc/X', value: 'y', validitySec: DAY }))).toBe('did/transaction-pending');
		} finally {
			await anvil.setMining(true);
			impatient.agent.setNetworks([]);
			impatient.close();
		}
	});

	test('the longest attribute value fits into a transaction', async () => {
		const { did } = await fundedDid();
		const value = 'x'.repeat(1024);
		await fixture.agent.ethr.setAttribute(did, { name: 'did/svc/X', value, validitySec: DAY });
		expect((await fixture.agent.resolve(did)).document.service?.[0]?.serviceEndpoint).toBe(value);
		expect(await codeOf(fixture.agent.ethr.setAttribute(did, { name: 'did/svc/X', value: `${value}x`, validitySec: DAY }))).toBe('did/invalid');
	});

	test('somebody else resolves the same document', async () => {
		const { did } = await fundedDid();
		await fixture.agent.ethr.setAttribute(did, { name: 'did/svc/X', value: 'y', validitySec: DAY });
		const other = await openFixture({ networks: [network], fetch: strict });
		expect((await other.agent.resolve(did)).document).toEqual((await fixture.agent.resolve(did)).document);
		expect((await other.agent.resolve(did)).metadata).toHaveProperty('versionId');
		other.close();
	});

	test('cached for a short time, and not after an own change', async () => {
		const { agent, clock } = fixture;
		const { did } = await fundedDid();
		await agent.resolve(did);
		clock.time += 59_000;
		expect(await agent.resolve(did)).toMatchObject({ fromCache: true, ageMs: 59_000 });
		clock.time += 1000;
		expect(await agent.resolve(did)).toMatchObject({ fromCache: false });
		await agent.ethr.setAttribute(did, { name: 'did/svc/X', value: 'y', validitySec: DAY });
		expect(await agent.resolve(did)).toMatchObject({ fromCache: false });
	});

	test.each<[string, () => Promise<unknown>]>([
		['attribute name too long', () => fixture.agent.ethr.setAttribute(DID, { name: `did/svc/${'x'.repeat(25)}`, value: 'y', validitySec: 1 })],
		['attribute name of nothing known', () => fixture.agent.ethr.setAttribute(DID, { name: 'x', value: 'y', validitySec: 1 })],
		['half a byte', () => fixture.agent.ethr.setAttribute(DID, { name: 'did/svc/X', value: '0x123', validitySec: 1 })],
		['no validity', () => fixture.agent.ethr.setAttribute(DID, { name: 'did/svc/X', value: 'y', validitySec: 0 })],
		['validity for ever', () => fixture.agent.ethr.addDelegate(DID, { delegate: ZERO, type: 'veriKey', validitySec: 1e12 })],
		['delegate that is no address', () => fixture.agent.ethr.revokeDelegate(DID, { delegate: '0x12', type: 'veriKey' })],
		['owner that is no address', () => fixture.agent.ethr.changeOwner(DID, 'alice')],
		['another method', () => fixture.agent.ethr.owner('did:web:example.com')],
	])('%s is refused', async (_name, work) => {
		expect(await codeOf(work())).toBe('did/invalid');
	});
});

const ZERO = '0x0000000000000000000000000000000000000001';
const DID = `did:ethr:0x7a69:${ZERO}`;

describe('networks', () => {
	test('a network that is not configured, and one that is added later', async () => {
		const other = await openFixture({ fetch: strict });
		expect(await codeOf(other.agent.resolve(DID))).toBe('did/unknown-network');
		other.agent.setNetworks([network]);
		expect((await other.agent.resolve(DID)).document.id).toBe(DID);
		expect((await other.agent.dids.create({ method: 'did:ethr' })).did).toContain('did:ethr:0x7a69:');
		other.agent.setNetworks([]);
		expect(await codeOf(other.agent.resolve(DID))).toBe('did/unknown-network');
		other.close();
	});

	test('another registry is another answer: the cache does not mix them', async () => {
		await fixture.agent.resolve(DID);
		fixture.agent.setNetworks([{ ...network, ethrRegistry: await deployEthrRegistry(anvil) }]);
		expect(await fixture.agent.resolve(DID)).toMatchObject({ fromCache: false });
	});

	test('a registry that is none', async () => {
		fixture.agent.setNetworks([{ ...network, ethrRegistry: ZERO }]);
		expect(await codeOf(fixture.agent.resolve(DID))).toBe('did/network');
	});

	test('a node on this computer is not asked for a network that is not the user’s own', async () => {
		fixture.agent.setNetworks([{ ...network, custom: false }]);
		expect(await codeOf(fixture.agent.resolve(DID))).toBe('did/network');
		expect(await codeOf(fixture.agent.ethr.owner(DID))).toBe('did/network');
	});

	test('a node of another chain is not believed', async () => {
		fixture.agent.setNetworks([{ ...network, chainId: 1 }]);
		await expect(fixture.agent.resolve(`did:ethr:${ZERO}`)).rejects.toMatchObject({ code: 'did/network', data: { reason: 'chain/wrong-chain' } });
	});

	test('a node that leads through an endless history is left', async () => {
		const registry = new Interface(EthereumDIDRegistry.abi as unknown as InterfaceAbi);
		let requests = 0;
		const answer = (method: string, params: readonly unknown[]): unknown => {
			if (method === 'eth_chainId') return '0x7a69';
			if (method === 'eth_call') return toBeHex(0xffffff, 32);
			if (method !== 'eth_getLogs') return null;
			const [{ fromBlock }] = params as [{ fromBlock: string }];
			const { data: log, topics } = registry.encodeEventLog('DIDOwnerChanged', [ZERO, ZERO, BigInt(fromBlock) - 1n]);
			const hash = `0x${'1'.repeat(64)}`;
			return [
				{
					address: network.ethrRegistry,
					topics,
					data: log,
					blockNumber: fromBlock,
					transactionHash: hash,
					blockHash: hash,
					logIndex: '0x0',
					transactionIndex: '0x0',
					removed: false,
				},
			];
		};
		const server = createServer((req, res) => {
			requests += 1;
			let body = '';
			req.on('data', (chunk) => {
				body += chunk;
			});
			req.on('end', () => {
				const { id, method, params } = JSON.parse(body) as { id: number; method: string; params: unknown[] };
				res.setHeader('content-type', 'application/json').end(JSON.stringify({ jsonrpc: '2.0', id, result: answer(method, params) }));
			});
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		fixture.agent.setNetworks([{ ...network, rpcUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }]);
		expect(await codeOf(fixture.agent.resolve(DID))).toBe('did/network');
		expect(requests).toBeGreaterThan(390);
		expect(requests).toBeLessThan(410);
		server.closeAllConnections();
		server.close();
	});

	test('a node that answers with nonsense, or not at all', async () => {
		for (const body of ['<html>', '{}', JSON.stringify({ jsonrpc: '2.0', id: 1, result: '0x' })]) {
			const server = createServer((_req, res) => res.setHeader('content-type', 'application/json').end(body));
			await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
			fixture.agent.setNetworks([{ ...network, rpcUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }]);
			expect(await codeOf(fixture.agent.resolve(DID)), body).toBe('did/network');
			server.closeAllConnections();
			server.close();
			expect(await codeOf(fixture.agent.resolve(DID)), body).toBe('did/network');
		}
	});
});
