import { passed, type ReportNode } from '@holdfast/kernel';
import type { Address, Hex, PublicClient } from 'viem';
import { GOVERNOR, OVERRIDE_VOTE_CAST, VOTE_CAST, VOTE_CAST_WITH_PARAMS } from './abis.ts';
import type { ContractRef, CountCheck, VoteReceipt } from './adapter.ts';
import { amountsOf, FRACTIONAL } from './fractional.ts';
import { type Governor, nextNonce } from './governor-reads.ts';
import { blockAt, latestBlock, lookbackFrom, searchLogs } from './logs.ts';
import { AGAINST_FOR_ABSTAIN, amountWords, COUNTED, countCheck, isVotable, momentWords, proposalNumber, proposalState, uncounted } from './on-chain.ts';
import { type ChainAccess, maybe, read } from './reads.ts';

export interface CastVote {
	readonly override: boolean;
	readonly support: number;
	readonly weight: bigint;
	readonly params: Hex;
}

/** The votes of an account that the contract has counted, from its events, newest first. */
export async function castVotes(
	access: ChainAccess,
	client: PublicClient,
	{ clock, counting }: Governor,
	{ contract }: ContractRef,
	id: bigint,
	snapshot: bigint,
	voter: Address,
): Promise<readonly CastVote[]> {
	const at = { address: contract, abi: GOVERNOR } as const;
	const [voted, overridden] = await Promise.all([
		read(client, { ...at, functionName: 'hasVoted', args: [id, voter] }),
		counting.override ? maybe(client, { ...at, functionName: 'hasVotedOverride', args: [id, voter] }) : false,
	]);
	if (!voted && !overridden) return [];
	const latest = await latestBlock(client);
	const began = clock === 'blocks' ? snapshot : await blockAt(client, snapshot);
	const from = began < latest ? began : lookbackFrom(latest, access.search);
	const range = { address: contract, args: { voter }, from, to: latest } as const;
	const ofThis = (logs: readonly { readonly args: { readonly proposalId: bigint } }[]) => logs.some(({ args }) => args.proposalId === id);
	// A split may come in several votes, so that all of them are looked for.
	const enough = counting.fractional ? () => false : ofThis;
	const [plain, withParams, overrides] = await Promise.all([
		voted ? searchLogs(client, { ...range, event: VOTE_CAST }, enough, access.search) : [],
		voted ? searchLogs(client, { ...range, event: VOTE_CAST_WITH_PARAMS }, enough, access.search) : [],
		overridden ? searchLogs(client, { ...range, event: OVERRIDE_VOTE_CAST }, ofThis, access.search) : [],
	]);
	return [
		...plain.map(({ args }) => ({ ...args, override: false, params: '0x' as Hex })),
		...withParams.map(({ args }) => ({ ...args, override: false })),
		...overrides.map(({ args }) => ({ ...args, override: true, params: '0x' as Hex })),
	].filter(({ proposalId }) => proposalId === id);
}

export function voteWords({ override, support, weight, params }: CastVote, decimals: number): string {
	const label = (option: number) => AGAINST_FOR_ABSTAIN.find(({ value }) => value === option)?.label ?? `option ${option}`;
	const amounts = support === FRACTIONAL ? amountsOf(params) : undefined;
	if (amounts) {
		return amounts
			.map((amount, option) => ({ amount, option }))
			.filter(({ amount }) => amount > 0n)
			.map(({ amount, option }) => `${label(option)} with ${amountWords(amount, decimals)}`)
			.join(', ');
	}
	return `${label(support)} with ${amountWords(weight, decimals)}${override ? ' of your own, instead of your delegate' : ''}`;
}

export async function checkCounted(
	access: ChainAccess,
	client: PublicClient,
	governor: Governor,
	ref: ContractRef,
	{ proposalId, voter, typedData: signed }: VoteReceipt,
): Promise<CountCheck> {
	const id = proposalNumber(proposalId);
	const at = { address: ref.contract, abi: GOVERNOR } as const;
	const [stateNumber, snapshot, deadline] = await Promise.all([
		read(client, { ...at, functionName: 'state', args: [id] }),
		read(client, { ...at, functionName: 'proposalSnapshot', args: [id] }),
		read(client, { ...at, functionName: 'proposalDeadline', args: [id] }),
	]);
	const { message, struct } = signed;
	const override = struct === 'governor-override-ballot';
	const all = await castVotes(access, client, governor, ref, id, snapshot, voter);
	const votes = all.filter((vote) => vote.override === override);
	const decimals = governor.token?.decimals ?? 0;
	const vote = votes.find(({ support, params }) => support === message.support && params === (message.params ?? '0x'));
	const end: ReportNode = passed({
		check: 'proposal/end',
		title: 'End of the vote',
		reason: `The vote ends at ${momentWords(deadline, governor.clock)}${governor.late !== null && deadline > snapshot + governor.period ? ', later than planned: the quorum was reached late' : ''}.`,
	});
	if (vote && vote.weight > 0n) return countCheck('counted', passed({ ...COUNTED, reason: `The contract counted ${voteWords(vote, decimals)}.` }), [end]);
	if (vote) return countCheck('not-counted', uncounted.noPower(), [end]);
	const [other] = votes;
	if (other) return countCheck('replaced', uncounted.replaced(voteWords(other, decimals)), [end]);
	if (!isVotable(proposalState(stateNumber))) return countCheck('not-counted', uncounted.tooLate(), [end]);
	if (await counterPassed(client, ref, id, voter, message.nonce)) return countCheck('not-counted', uncounted.counterPassed(), [end]);
	return countCheck('unknown', uncounted.notSent(), [end]);
}

/** Whether a ballot's counter is used up. A proposal's own counter has the proposal's key above its lower 64 bits (NoncesKeyed). */
async function counterPassed(client: PublicClient, ref: ContractRef, id: bigint, voter: Address, signed: unknown): Promise<boolean> {
	if (signed === undefined) return false;
	const nonce = BigInt(String(signed));
	const own = nonce >> 64n === 0n;
	return nonce < (await nextNonce(client, ref, voter, id, own)).nonce;
}
