import type { Address, PublicClient } from 'viem';
import { PAST_SUPPLY, VOTE_CAST, VOTE_CAST_WITH_PARAMS } from './abis.ts';
import type { Ballots, ContractRef } from './adapter.ts';
import { blockAt, latestBlock, lookbackFrom, searchLogs } from './logs.ts';
import { type ChainFacts, proposalNumber } from './on-chain.ts';
import { type ChainAccess, maybe } from './reads.ts';

/** Votes enough to tell how power lies. A proposal with more is told from its newest ones. */
const MOST = 2_000;

/**
 * The votes that a governor counted, from its events, and what all votes at the snapshot were. Asks about nobody in
 * particular. `quorumOf`: the options that count towards the quorum.
 */
export async function ballotsOf(
	access: ChainAccess,
	client: PublicClient,
	ref: ContractRef,
	id: string,
	{ clock, snapshot, votes, quorum }: ChainFacts,
	{ token, quorumOf }: { readonly token: Address | null; readonly quorumOf: readonly (0 | 1 | 2)[] },
): Promise<Ballots> {
	const number = proposalNumber(id);
	const latest = await latestBlock(client);
	const began = clock === 'blocks' ? snapshot : await blockAt(client, snapshot);
	const range = { address: ref.contract, from: began < latest ? began : lookbackFrom(latest, access.search), to: latest } as const;
	const enough = (logs: readonly unknown[]): boolean => logs.length > MOST;
	const [plain, withParams, past, earlier] = await Promise.all([
		searchLogs(client, { ...range, event: VOTE_CAST }, enough, access.search),
		searchLogs(client, { ...range, event: VOTE_CAST_WITH_PARAMS }, enough, access.search),
		token ? maybe(client, { address: token, abi: PAST_SUPPLY, functionName: 'getPastTotalSupply', args: [snapshot] }) : undefined,
		token ? maybe(client, { address: token, abi: PAST_SUPPLY, functionName: 'totalSupply' }) : undefined,
	]);
	return {
		votes: [...plain, ...withParams].filter(({ args }) => args.proposalId === number).map(({ args }) => ({ voter: args.voter, weight: args.weight })),
		total: past ?? earlier ?? null,
		counted: votes ? quorumOf.reduce((sum, option) => sum + (votes[option] ?? 0n), 0n) : null,
		quorum,
	};
}
