import { displayText, HoldfastError } from '@holdfast/kernel';
import { getAddress, isAddress } from 'viem';

/** An EVM network that the wallet talks to. */
export interface Network {
	/** EIP-155 chain id. */
	readonly chainId: number;
	readonly name: string;
	/** JSON-RPC endpoint: https, or http on this computer for a custom network. */
	readonly rpcUrl: string;
	/** Address of the ERC-1056 registry that did:ethr uses there. */
	readonly ethrRegistry?: `0x${string}`;
	/** The user added it. */
	readonly custom: boolean;
}

/** What a user says about a network. */
export interface NetworkInput {
	readonly chainId: number;
	readonly name: string;
	readonly rpcUrl: string;
	readonly ethrRegistry?: string;
}

export type NetworkField = 'chainId' | 'name' | 'rpcUrl' | 'ethrRegistry';

// RPC endpoints that need no key. Registry addresses: ethr-did-registry's list of deployments.
export const defaultNetworks: readonly Network[] = [
	{
		chainId: 1,
		name: 'Ethereum',
		rpcUrl: 'https://ethereum-rpc.publicnode.com',
		ethrRegistry: '0xdCa7EF03e98e0DC2B855bE647C39ABe984fcF21B',
		custom: false,
	},
	{
		chainId: 11155111,
		name: 'Sepolia (test network)',
		rpcUrl: 'https://ethereum-sepolia-rpc.publicnode.com',
		ethrRegistry: '0x03d5003bf0e79C5F5223588F347ebA39AfbC3818',
		custom: false,
	},
	{
		chainId: 100,
		name: 'Gnosis',
		rpcUrl: 'https://rpc.gnosischain.com',
		ethrRegistry: '0x03d5003bf0e79C5F5223588F347ebA39AfbC3818',
		custom: false,
	},
	{
		chainId: 137,
		name: 'Polygon',
		rpcUrl: 'https://polygon-bor-rpc.publicnode.com',
		ethrRegistry: '0xdCa7EF03e98e0DC2B855bE647C39ABe984fcF21B',
		custom: false,
	},
	// did:ethr has no registry on these that its list names.
	{ chainId: 42161, name: 'Arbitrum One', rpcUrl: 'https://arbitrum-one-rpc.publicnode.com', custom: false },
	{ chainId: 10, name: 'Optimism', rpcUrl: 'https://optimism-rpc.publicnode.com', custom: false },
	{ chainId: 8453, name: 'Base', rpcUrl: 'https://base-rpc.publicnode.com', custom: false },
];

const MESSAGES: Readonly<Record<NetworkField, string>> = {
	chainId: 'The chain id has to be a whole number above zero.',
	name: 'The network needs a name of at most 40 characters.',
	rpcUrl: 'The RPC address has to start with https://. For a node on this computer, http://localhost works too.',
	ethrRegistry: 'The registry is not a contract address.',
};

/**
 * Checks what a user says about a network.
 * @throws HoldfastError chain/bad-network, `data.field` names what to correct
 */
export function customNetwork(input: NetworkInput): Network {
	const bad = (field: NetworkField) => new HoldfastError('chain/bad-network', MESSAGES[field], { data: { field } });
	// EIP-2294's bound on chain ids is floor(2^53 / 2) - 36.
	if (!Number.isSafeInteger(input.chainId) || input.chainId < 1 || input.chainId > 4503599627370460) throw bad('chainId');
	const name = displayText(input.name, 41);
	if (name === '' || [...name].length > 40) throw bad('name');
	const url = URL.parse(input.rpcUrl);
	if (url === null || url.username !== '' || url.password !== '' || input.rpcUrl.length > 2048) throw bad('rpcUrl');
	if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopbackHost(url.hostname))) throw bad('rpcUrl');
	url.hash = '';
	const registry = input.ethrRegistry;
	if (registry !== undefined && !isAddress(registry)) throw bad('ethrRegistry');
	return {
		chainId: input.chainId,
		name,
		rpcUrl: url.href,
		...(registry === undefined ? {} : { ethrRegistry: getAddress(registry) }),
		custom: true,
	};
}

/** Whether the network's node runs on this computer. Only a custom network's may. */
export function isLoopbackNetwork(network: Network): boolean {
	const url = URL.parse(network.rpcUrl);
	return network.custom && url !== null && isLoopbackHost(url.hostname);
}

const isLoopbackHost = (host: string): boolean => host === 'localhost' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);

const CURRENCIES: Readonly<Record<number, string>> = { 100: 'xDAI', 137: 'POL', 56: 'BNB', 43114: 'AVAX', 42220: 'CELO' };

/** What a chain's own currency is called. Most chains that are not in the list count in ether. */
export const currencyOf = (chainId: number): string => CURRENCIES[chainId] ?? 'ETH';
