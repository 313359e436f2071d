import { HoldfastError } from '@holdfast/kernel';
import { createGuardedFetch, type GuardedFetch } from '@holdfast/net';
import {
	type Account,
	type Chain,
	createPublicClient,
	createWalletClient,
	defineChain,
	type HttpTransport,
	http,
	type PublicClient,
	type WalletClient,
} from 'viem';
import { isLoopbackNetwork, type Network } from './network.ts';

/** Block ranges with many logs are larger than ordinary answers: 8 MiB. */
const MAX_RPC_BYTES = 8 << 20;
const RPC_TIMEOUT_MS = 15_000;

/**
 * The fetch for a network's node: the given one, or one that may reach this computer where the user
 * said that the node runs here.
 */
export function networkFetch(network: Network, fetch: GuardedFetch): GuardedFetch {
	// No redirects: a node answers itself, and its answer must not lead anywhere else on this computer.
	return isLoopbackNetwork(network) ? createGuardedFetch({ allowLoopback: true, maxRedirects: 0 }) : fetch;
}

/** A viem client that reads from the network, over the guarded fetch. */
export function createChainClient(network: Network, fetch: GuardedFetch): PublicClient<HttpTransport, Chain> {
	return createPublicClient({ chain: toChain(network), transport: guardedTransport(network, fetch) });
}

/** A viem client that also sends what `account` signs. The account decides where its key lives. */
export function createChainWallet(network: Network, fetch: GuardedFetch, account: Account): WalletClient<HttpTransport, Chain, Account> {
	return createWalletClient({ account, chain: toChain(network), transport: guardedTransport(network, fetch) });
}

/**
 * Asks the node which chain it serves, before anything it says is believed for another chain.
 * @throws HoldfastError chain/wrong-chain, chain/unreachable
 */
export async function checkChain(network: Network, fetch: GuardedFetch): Promise<void> {
	let served: number;
	try {
		served = await createChainClient(network, fetch).getChainId();
	} catch (error) {
		// viem's own message holds the URL, which may hold an API key.
		throw new HoldfastError('chain/unreachable', 'The network’s node cannot be reached. Check its address in the settings.', {
			data: { chainId: network.chainId },
			cause: error,
		});
	}
	if (served !== network.chainId) {
		throw new HoldfastError('chain/wrong-chain', 'The node at this address serves another chain. Check the network in the settings.', {
			data: { chainId: network.chainId, served },
		});
	}
}

function guardedTransport(network: Network, fetch: GuardedFetch): HttpTransport {
	const guarded = networkFetch(network, fetch);
	return http(network.rpcUrl, {
		fetchFn: (input, init) => {
			const { body, headers, method, signal } = init ?? {};
			return guarded(String(input), {
				...(method === undefined ? {} : { method }),
				...(typeof body === 'string' ? { body } : {}),
				...(signal ? { signal } : {}),
				headers: new Headers(headers),
				maxBytes: MAX_RPC_BYTES,
				timeoutMs: RPC_TIMEOUT_MS,
			});
		},
		maxResponseBodySize: MAX_RPC_BYTES,
		timeout: RPC_TIMEOUT_MS,
		retryCount: 1,
	});
}

function toChain(network: Network): Chain {
	return defineChain({
		id: network.chainId,
		name: network.name,
		nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
		rpcUrls: { default: { http: [network.rpcUrl] } },
	});
}
