import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGuardedFetch } from '@holdfast/net';
import fc from 'fast-check';
import { isAddress } from 'viem';
import { afterEach, describe, expect, test } from 'vitest';
import { checkChain, createChainClient, customNetwork, defaultNetworks, isLoopbackNetwork, type Network, type NetworkInput } from './index.ts';

const cleanup: (() => void)[] = [];
afterEach(() => {
	for (const close of cleanup.splice(0)) close();
});

/** A node that knows its chain id and its block number, and nothing else. */
async function serveNode(chainId: number): Promise<{ url: string; methods: string[] }> {
	const methods: string[] = [];
	const server = createServer((req, res) => {
		let body = '';
		req.on('data', (chunk) => {
			body += chunk;
		});
		req.on('end', () => {
			const { id, method } = JSON.parse(body) as { id: number; method: string };
			methods.push(method);
			const result = method === 'eth_chainId' ? `0x${chainId.toString(16)}` : '0x2a';
			res.setHeader('content-type', 'application/json').end(JSON.stringify({ jsonrpc: '2.0', id, result }));
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	cleanup.push(() => {
		server.closeAllConnections();
		server.close();
	});
	return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, methods };
}

const strict = createGuardedFetch({ allowLoopback: false });
const good: NetworkInput = { chainId: 31337, name: 'Local', rpcUrl: 'http://127.0.0.1:8545' };

describe('customNetwork', () => {
	test('takes a node on this computer, and one elsewhere', () => {
		expect(customNetwork({ ...good, ethrRegistry: '0x03d5003bf0e79c5f5223588f347eba39afbc3818' })).toEqual({
			chainId: 31337,
			name: 'Local',
			rpcUrl: 'http://127.0.0.1:8545/',
			ethrRegistry: '0x03d5003bf0e79C5F5223588F347ebA39AfbC3818',
			custom: true,
		});
		expect(customNetwork({ ...good, rpcUrl: 'https://rpc.example/v1#x' }).rpcUrl).toBe('https://rpc.example/v1');
	});

	test.each<[string, Partial<NetworkInput>]>([
		['chainId', { chainId: 0 }],
		['chainId', { chainId: 1.5 }],
		['chainId', { chainId: Number.MAX_SAFE_INTEGER }],
		['name', { name: '' }],
		['name', { name: '\u200b\u202e' }],
		['name', { name: 'x'.repeat(41) }],
		['rpcUrl', { rpcUrl: 'http://rpc.example' }],
		['rpcUrl', { rpcUrl: 'http://192.168.1.1' }],
		['rpcUrl', { rpcUrl: 'http://127.0.0.1.example.com' }],
		['rpcUrl', { rpcUrl: 'ws://127.0.0.1' }],
		['rpcUrl', { rpcUrl: 'https://user:pw@rpc.example' }],
		['rpcUrl', { rpcUrl: 'nonsense' }],
		['ethrRegistry', { ethrRegistry: '0x1234' }],
		['ethrRegistry', { ethrRegistry: '0x03D5003bf0e79C5F5223588F347ebA39AfbC3818' }],
	])('refuses a wrong %s: %j', (field, change) => {
		expect(() => customNetwork({ ...good, ...change })).toThrowError(expect.objectContaining({ code: 'chain/bad-network', data: { field } }));
	});

	test('whatever the address is, it is https or on this computer', () => {
		fc.assert(
			fc.property(
				fc.oneof(
					fc.webUrl({ validSchemes: ['http', 'https', 'ws'] }),
					fc.ipV4().map((ip) => `http://${ip}/`),
					fc.string(),
				),
				(rpcUrl) => {
					try {
						const network = customNetwork({ ...good, rpcUrl });
						expect(network.rpcUrl.startsWith('https://') || isLoopbackNetwork(network)).toBe(true);
					} catch (error) {
						expect((error as { code: string }).code).toBe('chain/bad-network');
					}
				},
			),
		);
	});
});

describe('defaultNetworks', () => {
	test('are https, without keys, with checksummed registries and distinct ids', () => {
		for (const network of defaultNetworks) {
			expect(network.rpcUrl).toMatch(/^https:\/\/[a-z.-]+$/);
			expect(isAddress(network.ethrRegistry ?? '')).toBe(true);
			expect(network.custom).toBe(false);
		}
		expect(new Set(defaultNetworks.map((network) => network.chainId)).size).toBe(defaultNetworks.length);
	});
});

describe('clients', () => {
	test('read from a node on this computer that the user configured', async () => {
		const node = await serveNode(31337);
		const network = customNetwork({ ...good, rpcUrl: node.url });
		expect(await createChainClient(network, strict).getBlockNumber()).toBe(42n);
		await checkChain(network, strict);
	});

	test('do not reach this computer for a network that is not the user’s own', async () => {
		const node = await serveNode(31337);
		const network: Network = { ...customNetwork({ ...good, rpcUrl: node.url }), custom: false };
		await expect(checkChain(network, strict)).rejects.toMatchObject({ code: 'chain/unreachable' });
		expect(node.methods).toEqual([]);
	});

	test('a node of another chain is not believed', async () => {
		const node = await serveNode(1);
		await expect(checkChain(customNetwork({ ...good, rpcUrl: node.url }), strict)).rejects.toMatchObject({
			code: 'chain/wrong-chain',
			data: { chainId: 31337, served: 1 },
		});
	});
});
