import { type Anvil, contractArtifact, startAnvil, type TestContract } from '@holdfast/devchain';
import {
	type Abi,
	type Address,
	createPublicClient,
	createTestClient,
	createWalletClient,
	custom,
	defineChain,
	encodeFunctionData,
	getAddress,
	type Hash,
	type Hex,
	http,
	type PublicClient,
	parseEventLogs,
	zeroAddress,
} from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import type { ChainAccess, RelayCall, TransactionSender } from '../../index.ts';

export interface Contract {
	readonly address: Address;
	readonly abi: Abi;
}

/** A chain with what tests of votes do on it. Its relayer pays for everything and votes for nobody. */
export interface TestChain {
	readonly anvil: Anvil;
	readonly client: PublicClient;
	readonly access: ChainAccess;
	readonly relayer: TransactionSender & { readonly address: Address };
	deploy(name: TestContract, ...args: readonly unknown[]): Promise<Contract>;
	/** Sends the call and waits; fails where it reverts. Gives the events of the contract in it. */
	send(
		contract: Contract,
		functionName: string,
		...args: readonly unknown[]
	): Promise<readonly { readonly eventName: string; readonly args: Record<string, unknown> }[]>;
	/** As {@link send}, from an account without a key at hand, which the chain lets act. */
	sendAs(from: Address, contract: Contract, functionName: string, ...args: readonly unknown[]): Promise<void>;
	read<T>(contract: Contract, functionName: string, ...args: readonly unknown[]): Promise<T>;
	mine(blocks: number): Promise<void>;
	/** Lets time pass, and a block come after it. */
	wait(seconds: number): Promise<void>;
	setCode(address: Address, code: Hex): Promise<void>;
	/** Safe 1.4.1 of these owners, behind a proxy as usual. */
	safe(owners: readonly Address[], threshold: number): Promise<Contract>;
	stop(): Promise<void>;
}

/** The chain through a server of its own mind: `answer` gives a result instead of the chain's, or throws, or gives undefined. */
export const clientThrough = (chain: TestChain, answer: (method: string, params: readonly never[]) => unknown): PublicClient =>
	createPublicClient({
		transport: custom(
			{
				request: async ({ method, params }) => answer(method, (params ?? []) as never[]) ?? chain.client.request({ method, params } as never),
			},
			{ retryCount: 0 },
		),
	}) as PublicClient;

const RELAYER_KEY: Hex = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80';

// Enough for everything here: what a contract lets fail inside would otherwise be given too little, and fail.
const GAS = 3_000_000n;

export async function startTestChain(): Promise<TestChain> {
	const anvil = await startAnvil();
	const chain = defineChain({
		id: anvil.chainId,
		name: 'Test',
		nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
		rpcUrls: { default: { http: [anvil.rpcUrl] } },
	});
	const settings = { chain, transport: http(anvil.rpcUrl, { retryCount: 0 }), pollingInterval: 10, cacheTime: 0 } as const;
	const client = createPublicClient(settings) as PublicClient;
	const test = createTestClient({ ...settings, mode: 'anvil' });
	const account = privateKeyToAccount(RELAYER_KEY);
	const wallet = createWalletClient({ ...settings, account });

	let chainTime = 0;
	const lookAtClock = async () => {
		chainTime = Number((await client.getBlock()).timestamp);
	};
	const mined = async (hash: Hash) => {
		const receipt = await client.waitForTransactionReceipt({ hash });
		if (receipt.status !== 'success') throw new Error('reverted');
		await lookAtClock();
		return receipt;
	};
	await lookAtClock();

	let salt = 0n;
	const safeParts = { singleton: undefined as Contract | undefined, factory: undefined as Contract | undefined, handler: undefined as Contract | undefined };

	const self: TestChain = {
		anvil,
		client,
		access: { client: () => client, clock: { now: () => chainTime * 1000 } },
		relayer: {
			address: account.address,
			send: ({ to, data }: RelayCall) => wallet.sendTransaction({ to, data }),
		},
		async deploy(name, ...args) {
			const { abi, bytecode } = contractArtifact(name) as unknown as { abi: Abi; bytecode: Hex };
			const { contractAddress } = await mined(await wallet.deployContract({ abi, bytecode, args }));
			return { address: getAddress(contractAddress as Address), abi };
		},
		async send({ address, abi }, functionName, ...args) {
			const { logs } = await mined(await wallet.writeContract({ address, abi, functionName, args, chain, gas: GAS }));
			return parseEventLogs({ abi, logs }) as never;
		},
		async sendAs(from, { address, abi }, functionName, ...args) {
			await test.impersonateAccount({ address: from });
			await test.setBalance({ address: from, value: 10n ** 18n });
			await mined(await test.sendUnsignedTransaction({ from, to: address, data: encodeFunctionData({ abi, functionName, args }) } as never));
		},
		read: ({ address, abi }, functionName, ...args) => client.readContract({ address, abi, functionName, args }) as Promise<never>,
		async mine(blocks) {
			await test.mine({ blocks });
			await lookAtClock();
		},
		async wait(seconds) {
			await test.increaseTime({ seconds });
			await test.mine({ blocks: 1 });
			await lookAtClock();
		},
		setCode: (address, bytecode) => test.setCode({ address, bytecode }),
		async safe(owners, threshold) {
			safeParts.singleton ??= await self.deploy('Safe');
			safeParts.factory ??= await self.deploy('SafeProxyFactory');
			safeParts.handler ??= await self.deploy('CompatibilityFallbackHandler');
			const { singleton, factory, handler } = safeParts;
			const setup = encodeFunctionData({
				abi: singleton.abi,
				functionName: 'setup',
				args: [owners, BigInt(threshold), zeroAddress, '0x', handler.address, zeroAddress, 0n, zeroAddress],
			});
			salt += 1n;
			const [event] = await self.send(factory, 'createProxyWithNonce', singleton.address, setup, salt);
			return { address: getAddress(event?.args.proxy as Address), abi: singleton.abi };
		},
		stop: () => anvil.stop(),
	};
	return self;
}
