import { defaultNetworks, type Network } from '@holdfast/chain';
import type { Vault } from '@holdfast/vault';

/** The networks that this profile knows: the user's own stand before ours of the same chain id. */
export function networks(vault: Vault): Network[] {
	const own: Network[] = vault.networks.list().map((row) => ({
		chainId: row.chainId,
		name: row.name,
		rpcUrl: row.rpcUrl,
		custom: true,
		...(row.ethrRegistry ? { ethrRegistry: row.ethrRegistry as `0x${string}` } : {}),
	}));
	const taken = new Set(own.map((network) => network.chainId));
	return [...own, ...defaultNetworks.filter((network) => !taken.has(network.chainId))];
}
