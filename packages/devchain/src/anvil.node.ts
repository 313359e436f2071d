import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Contract, ContractFactory, Network as EthersNetwork, type InterfaceAbi, JsonRpcProvider, Wallet } from 'ethers';
import { contractArtifact, type TestContract } from './contracts.node.ts';

const require = createRequire(import.meta.url);

export interface Anvil {
	readonly rpcUrl: string;
	readonly chainId: number;
	/** Gives an account `ether` of the test chain's currency. */
	fund(address: string, ether: number): Promise<void>;
	/** Whether transactions are mined as soon as they arrive, as they are at first. */
	setMining(automatic: boolean): Promise<void>;
	/** Adds empty blocks, as time does on a network that lives. */
	mine(blocks: number): Promise<void>;
	/** How many blocks there are. A block is mined for each transaction, so it tells whether something was written. */
	blockNumber(): Promise<number>;
	stop(): Promise<void>;
	/** Ends it without waiting. */
	kill(): void;
}

// The first of anvil's published development accounts: worthless everywhere else.
const DEVELOPMENT_KEY = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80';

// anvil dates every block at least one second after the one before, so that quick tests run ahead of the
// clock, and what was just revoked looks valid for a while. A chain that starts late has room for that.
const BEHIND_SEC = 300;

/**
 * Starts an Ethereum node for tests and demonstrations on a free port of this computer. Its clock is five
 * minutes behind.
 */
export async function startAnvil(options: { readonly chainId?: number } = {}): Promise<Anvil> {
	const chainId = options.chainId ?? 31337;
	const genesis = Math.floor(Date.now() / 1000) - BEHIND_SEC;
	const child = spawn(binary(), ['--host', '127.0.0.1', '--port', '0', '--chain-id', String(chainId), '--timestamp', String(genesis)], {
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	const port = await listeningPort(child);
	const rpcUrl = `http://127.0.0.1:${port}`;
	const send = (method: string, ...params: unknown[]) => rpc(rpcUrl, method, params);
	return {
		rpcUrl,
		chainId,
		fund: async (address, ether) => {
			await send('anvil_setBalance', address, `0x${(BigInt(Math.round(ether * 1e6)) * 10n ** 12n).toString(16)}`);
		},
		setMining: async (automatic) => {
			await send('evm_setAutomine', automatic);
			if (automatic) await send('evm_mine');
		},
		mine: async (blocks) => {
			await send('anvil_mine', `0x${blocks.toString(16)}`);
		},
		blockNumber: async () => Number(await send('eth_blockNumber')),
		kill: () => {
			child.kill('SIGKILL');
		},
		stop: () =>
			new Promise((resolve) => {
				if (child.exitCode !== null || child.signalCode !== null) resolve();
				else {
					child.once('exit', () => resolve());
					child.kill('SIGKILL');
				}
			}),
	};
}

/** Deploys the ERC-1056 registry that did:ethr uses, and returns its address. */
export function deployEthrRegistry(anvil: Pick<Anvil, 'rpcUrl' | 'chainId'>): Promise<`0x${string}`> {
	const entry = require.resolve('ethr-did-registry');
	const artifact = join(
		entry.slice(0, entry.lastIndexOf('ethr-did-registry') + 'ethr-did-registry'.length),
		'artifacts/contracts/EthereumDIDRegistry.sol/EthereumDIDRegistry.json',
	);
	const { abi, bytecode } = JSON.parse(readFileSync(artifact, 'utf8')) as { abi: InterfaceAbi; bytecode: string };
	return withDeployer(anvil, (deployer) => deployed(new ContractFactory(abi, bytecode, deployer)));
}

type Chain = Pick<Anvil, 'rpcUrl' | 'chainId'>;

/** Deploys a contract of `contracts/`, and returns its address. */
export function deployContract(anvil: Chain, name: TestContract, ...args: readonly unknown[]): Promise<`0x${string}`> {
	const { abi, bytecode } = contractArtifact(name);
	return withDeployer(anvil, (deployer) => deployed(new ContractFactory(abi as InterfaceAbi, bytecode, deployer), args));
}

/** Sends a transaction to a contract, as anvil's first account, and waits until it is mined. */
export function sendToContract(anvil: Chain, name: TestContract, address: string, method: string, ...args: readonly unknown[]): Promise<void> {
	return withDeployer(anvil, async (deployer) => {
		const contract = new Contract(address, contractArtifact(name).abi as InterfaceAbi, deployer);
		const sent = (await contract.getFunction(method)(...args)) as { wait(): Promise<unknown> };
		await sent.wait();
	});
}

/** Puts a contract of `contracts/` at an address of one's choice, as it is after its constructor. */
export async function putContract(anvil: Chain, name: TestContract, address: string): Promise<void> {
	const made = await deployContract(anvil, name);
	const provider = new JsonRpcProvider(anvil.rpcUrl, anvil.chainId, { staticNetwork: EthersNetwork.from(anvil.chainId), cacheTimeout: -1 });
	try {
		await provider.send('anvil_setCode', [address, await provider.getCode(made)]);
	} finally {
		provider.destroy();
	}
}

/** Sends a transaction as anvil's first account, and waits until it is mined. */
export const sendTransaction = (anvil: Chain, call: { readonly to: string; readonly data: string }): Promise<void> =>
	withDeployer(anvil, async (deployer) => {
		await (await deployer.sendTransaction(call)).wait();
	});

async function deployed(factory: ContractFactory, args: readonly unknown[] = []): Promise<`0x${string}`> {
	const contract = await factory.deploy(...args);
	await contract.waitForDeployment();
	return (await contract.getAddress()) as `0x${string}`;
}

async function withDeployer<T>(anvil: Chain, work: (deployer: Wallet) => Promise<T>): Promise<T> {
	const provider = new JsonRpcProvider(anvil.rpcUrl, anvil.chainId, {
		staticNetwork: EthersNetwork.from(anvil.chainId),
		pollingInterval: 50,
		cacheTimeout: -1,
	});
	try {
		return await work(new Wallet(DEVELOPMENT_KEY, provider));
	} finally {
		provider.destroy();
	}
}

/** The platform's executable: its package's launcher would leave a child behind when it is killed. */
function binary(): string {
	const platform = `@foundry-rs/anvil-${process.platform === 'win32' ? 'win32' : process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`;
	const launcher = dirname(require.resolve('@foundry-rs/anvil/package.json'));
	const folder = join(launcher, '..', '..', platform, 'bin');
	const file = join(folder, process.platform === 'win32' ? 'anvil.exe' : 'anvil');
	if (!existsSync(file)) throw new Error(`anvil is not installed for ${process.platform} ${process.arch}`);
	return file;
}

function listeningPort(child: ChildProcess): Promise<number> {
	return new Promise((resolve, reject) => {
		let output = '';
		const onExit = () => reject(new Error(`anvil did not start: ${output.slice(-500)}`));
		child.once('exit', onExit);
		child.once('error', reject);
		child.stdout?.on('data', (chunk: Buffer) => {
			output += chunk.toString();
			const port = /Listening on 127\.0\.0\.1:(\d+)/.exec(output)?.[1];
			if (port !== undefined) {
				child.off('exit', onExit);
				child.stdout?.removeAllListeners('data');
				child.stdout?.resume();
				resolve(Number(port));
			}
		});
		child.stderr?.resume();
	});
}

async function rpc(url: string, method: string, params: readonly unknown[]): Promise<unknown> {
	const response = await fetch(url, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
	});
	const { result, error } = (await response.json()) as { result?: unknown; error?: { message: string } };
	if (error) throw new Error(error.message);
	return result;
}
