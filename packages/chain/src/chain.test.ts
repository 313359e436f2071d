import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createMerkleProof, MerklePatriciaTrie } from '@ethereumjs/mpt';
import { createGuardedFetch } from '@holdfast/net';
import fc from 'fast-check';
import { bytesToHex, type Hex, hexToBytes, isAddress, numberToHex, toRlp } from 'viem';
import { afterEach, describe, expect, test } from 'vitest';
import {
	checkChain,
	createChainClient,
	createStateSource,
	customNetwork,
	defaultNetworks,
	EMPTY_CODE_HASH,
	encodeHeader,
	isLoopbackNetwork,
	type Network,
	type NetworkInput,
	proveAccount,
	proveSlot,
	readHeader,
} from './index.ts';

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
			expect(network.ethrRegistry === undefined || isAddress(network.ethrRegistry)).toBe(true);
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
		const source = createStateSource(customNetwork({ ...good, rpcUrl: node.url }), strict);
		const call = { to: `0x${'1'.repeat(40)}`, data: '0x' } as const;
		for (const ask of [() => source.block('latest'), () => source.call(call, 1n), () => source.accessList(call, 1n), () => source.code(call.to, 1n)]) {
			await expect(ask()).rejects.toMatchObject({ code: 'chain/wrong-chain' });
		}
	});
});

describe('state proofs', () => {
	const slot = (n: number): Hex => numberToHex(n, { size: 32 });
	const address = (n: number): Hex => numberToHex(n, { size: 20 });
	const trie = async (entries: readonly (readonly [Hex, Hex])[]) => {
		const made = new MerklePatriciaTrie({ useKeyHashing: true });
		for (const [key, value] of entries) await made.put(hexToBytes(key), hexToBytes(value));
		const proof = async (key: Hex) => (await createMerkleProof(made, hexToBytes(key))).filter(Boolean).map((node) => bytesToHex(node));
		return { root: bytesToHex(made.root()), proof };
	};
	const number = (n: number): Hex => (n === 0 ? '0x' : numberToHex(n));

	test('an account and its slots in a state of many, and that others are not there', async () => {
		const storage = await trie(Array.from({ length: 500 }, (_, n) => [slot(n), toRlp(number(n + 1))] as const));
		const state = await trie(Array.from({ length: 500 }, (_, n) => [address(n), toRlp([number(n), number(7), storage.root, EMPTY_CODE_HASH])] as const));
		const proof = await state.proof(address(300));
		const account = await proveAccount(state.root, address(300), proof);
		expect(account).toEqual({ nonce: 300n, balance: 7n, storageRoot: storage.root, codeHash: EMPTY_CODE_HASH });
		expect(await proveAccount(state.root, address(9999), await state.proof(address(9999)))).toBeNull();
		expect(await proveSlot(storage.root, slot(41), await storage.proof(slot(41)))).toBe(slot(42));
		expect(await proveSlot(storage.root, slot(9999), await storage.proof(slot(9999)))).toBe(slot(0));

		const bad = { code: 'chain/bad-proof' };
		await expect(proveAccount(state.root, address(301), proof)).rejects.toMatchObject(bad);
		await expect(proveAccount(storage.root, address(300), proof)).rejects.toMatchObject(bad);
		await expect(proveAccount(state.root, address(300), proof.slice(0, -1))).rejects.toMatchObject(bad);
		await expect(proveAccount(state.root, address(300), [])).rejects.toMatchObject(bad);
		await expect(proveAccount(state.root, address(300), Array(65).fill('0x00'))).rejects.toMatchObject(bad);
		await expect(proveAccount(state.root, '0x01', proof)).rejects.toMatchObject(bad);
		// A slot's value is no account, and a slot is not named by fewer bytes.
		await expect(proveAccount(storage.root, slot(41), await storage.proof(slot(41)))).rejects.toMatchObject(bad);
		await expect(proveSlot(storage.root, '0x29', await storage.proof(slot(41)))).rejects.toMatchObject(bad);
		await fc.assert(
			fc.asyncProperty(fc.nat(proof.length - 1), fc.nat(2000), fc.integer({ min: 1, max: 255 }), async (which, where, change) => {
				const changed = proof.map((node, index) => {
					if (index !== which) return node;
					const bytes = hexToBytes(node);
					const place = where % bytes.length;
					bytes[place] = (bytes[place] ?? 0) ^ change;
					return bytesToHex(bytes);
				});
				await expect(proveAccount(state.root, address(300), changed)).rejects.toMatchObject(bad);
			}),
			{ numRuns: 50 },
		);
	});
});

describe('headers', () => {
	const hash = (digit: string): Hex => `0x${digit.repeat(64)}`;
	const block = {
		parentHash: hash('1'),
		sha3Uncles: hash('2'),
		miner: `0x${'3'.repeat(40)}`,
		stateRoot: hash('4'),
		transactionsRoot: hash('5'),
		receiptsRoot: hash('6'),
		logsBloom: `0x${'00'.repeat(256)}`,
		difficulty: '0x0',
		number: '0x10',
		gasLimit: '0x1c9c380',
		gasUsed: '0x0',
		timestamp: '0x6553f100',
		extraData: '0x',
		mixHash: hash('7'),
		nonce: '0x0000000000000000',
		baseFeePerGas: '0x7',
		hash: '0x1b0ab1ac64f6d6e6e5ff0a35b17fcdd0b6f4d6e3b8ff1c8f2ee05a3b4a8d4b11',
	};

	test('are taken from a node’s words only where those give the hash', () => {
		expect(() => encodeHeader(block)).toThrowError(expect.objectContaining({ code: 'chain/bad-header' }));
		expect(() => encodeHeader({ ...block, parentHash: undefined })).toThrowError(expect.objectContaining({ code: 'chain/bad-header' }));
	});

	test('nothing else is read as one', () => {
		fc.assert(
			fc.property(
				fc.oneof(
					fc.uint8Array({ maxLength: 700 }),
					fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 14, maxLength: 24 }).map((fields) => toRlp(fields, 'bytes')),
				),
				(bytes) => {
					expect(() => readHeader(bytesToHex(bytes))).toThrowError(expect.objectContaining({ code: 'chain/bad-header' }));
				},
			),
		);
	});
});
