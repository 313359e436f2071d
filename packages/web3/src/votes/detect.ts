import { type Address, type PublicClient, parseAbi, zeroAddress } from 'viem';
import { BAAL, GOVERNOR, SAFE } from './abis.ts';
import type { ContractRef } from './adapter.ts';
import { VoteError } from './errors.ts';
import { noSuchDao } from './on-chain.ts';
import { type ChainAccess, clientOf, maybe } from './reads.ts';

/**
 * Which system an address votes with, as far as its functions tell; the adapter of that system looks closer.
 * @throws VoteError vote/not-by-signature for one that is known and takes no signatures, vote/no-such-dao where it is none that is known,
 * vote/unreachable, vote/wrong-chain
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
	if (!system) throw (await withoutSignatures(client, contract)) ?? noSuchDao('DAO that Holdfast knows how to vote in');
	return { system, chainId, contract };
}

/** Functions that tell other ways to decide apart, and what each is. Sources: 1Hive Gardens v2 (CVStrategy), Aragon OSx (TokenVoting), sx-evm (Space). */
const OTHERS = [
	{
		abi: parseAbi(['function calculateThreshold(uint256 requested) view returns (uint256)']),
		args: [0n],
		kind: 'conviction',
		words:
			'This DAO decides by conviction: members put their stake on proposals and leave it there, and a proposal passes once enough has grown for as long as its request is large. Nothing is signed for that; the stake is moved by transactions, on the DAO’s own page.',
	},
	{
		abi: parseAbi(['function supportThreshold() view returns (uint32)']),
		args: [],
		kind: 'aragon',
		words: 'This is an Aragon plugin, which takes votes as transactions of the account that has the power, and no signatures. Vote on the DAO’s own page.',
	},
	{
		abi: parseAbi(['function authenticators(address authenticator) view returns (uint256)']),
		args: [zeroAddress],
		kind: 'snapshot-x',
		words: 'This is a Snapshot X space on a chain, which Holdfast does not vote in yet. Vote on its own page.',
	},
] as const;

/** What a contract is that decides without signatures, for the person who wants to follow it. */
async function withoutSignatures(client: PublicClient, contract: Address): Promise<VoteError | undefined> {
	for (const { abi, args, kind, words } of OTHERS) {
		const [{ name }] = abi;
		if ((await maybe(client, { address: contract, abi, functionName: name, args } as never)) !== undefined)
			return new VoteError('vote/not-by-signature', words, { kind });
	}
	return undefined;
}
