import { type Address, zeroAddress } from 'viem';
import { BAAL, GOVERNOR, SAFE } from './abis.ts';
import type { ContractRef } from './adapter.ts';
import { noSuchDao } from './on-chain.ts';
import { type ChainAccess, clientOf, maybe } from './reads.ts';

/**
 * Which system an address votes with, as far as its functions tell; the adapter of that system looks closer.
 * @throws VoteError vote/no-such-dao where it is none of them, vote/unreachable, vote/wrong-chain
 */
export async function detectSystem(access: ChainAccess, { chainId, contract }: { readonly chainId: number; readonly contract: Address }): Promise<ContractRef> {
	const client = await clientOf(access, { chainId });
	const [ballot, counting, threshold, votingNonce] = await Promise.all([
		maybe(client, { address: contract, abi: GOVERNOR, functionName: 'BALLOT_TYPEHASH' }),
		maybe(client, { address: contract, abi: GOVERNOR, functionName: 'COUNTING_MODE' }),
		maybe(client, { address: contract, abi: SAFE, functionName: 'getThreshold' }),
		maybe(client, { address: contract, abi: BAAL, functionName: 'votingNonces', args: [zeroAddress] }),
	]);
	const system = ballot !== undefined ? (counting !== undefined ? 'governor' : 'bravo') : votingNonce !== undefined ? 'baal' : threshold ? 'safe' : undefined;
	if (!system) throw noSuchDao('DAO that Holdfast knows how to vote in');
	return { system, chainId, contract };
}
