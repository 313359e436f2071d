import { failed, group, passed, type ReportNode } from '@holdfast/kernel';
import { type Address, encodeAbiParameters, type Hex, keccak256, type PublicClient, parseAbiParameters, toBytes } from 'viem';
import { GOVERNOR } from './abis.ts';
import type { ContractRef } from './adapter.ts';
import type { Governor } from './governor-reads.ts';
import { before, blockAt, findCreated } from './logs.ts';
import {
	AGAINST_FOR_ABSTAIN,
	amountWords,
	closedWords,
	KNOWN_TO_CONTRACT,
	milliseconds,
	momentWords,
	noSuchProposal,
	type OnChainProposal,
	proposalNumber,
	proposalState,
	timelockFacts,
	timelockNode,
	titleOf,
} from './on-chain.ts';
import { type ChainAccess, maybe, read } from './reads.ts';

/** What a proposal was made of: kept from an earlier look, or from elsewhere. It is believed only as far as the proposal's number is its hash. */
export interface ProposalContent {
	readonly targets: readonly Address[];
	readonly values: readonly bigint[];
	readonly calldatas: readonly Hex[];
	readonly description: string;
}

export interface GovernorAccess extends ChainAccess {
	/** Where to look for a proposal's content before the chain's events are searched. */
	readonly content?: (ref: ContractRef, id: string) => Promise<ProposalContent | undefined>;
}

export async function readProposal(access: GovernorAccess, client: PublicClient, governor: Governor, ref: ContractRef, id: string): Promise<OnChainProposal> {
	const number = proposalNumber(id);
	const at = { address: ref.contract, abi: GOVERNOR } as const;
	const stateNumber = await maybe(client, { ...at, functionName: 'state', args: [number] });
	if (stateNumber === undefined) throw noSuchProposal();
	const snapshot = await read(client, { ...at, functionName: 'proposalSnapshot', args: [number] });
	const [deadline, votes, quorum, eta, found] = await Promise.all([
		read(client, { ...at, functionName: 'proposalDeadline', args: [number] }),
		maybe(client, { ...at, functionName: 'proposalVotes', args: [number] }),
		// The quorum of a moment that is still to come is not known.
		maybe(client, { ...at, functionName: 'quorum', args: [snapshot] }),
		maybe(client, { ...at, functionName: 'proposalEta', args: [number] }),
		findContent(access, client, governor, ref, id, snapshot),
	]);
	const { clock, token, counting } = governor;
	const decimals = token?.decimals ?? 0;
	const timelock = governor.timelock === null ? null : await timelockFacts(client, governor.timelock, eta);
	const origin = await contentNode(client, ref, number, found?.content);
	const state = proposalState(stateNumber);
	const options = AGAINST_FOR_ABSTAIN;
	const tally = votes ? { 0: votes[0], 1: votes[1], 2: votes[2] } : null;
	return {
		id,
		title: titleOf(found?.content.description ?? '', id),
		body: found?.content.description ?? '',
		author: found?.proposer ?? '',
		state,
		startsAt: milliseconds(snapshot, clock),
		endsAt: milliseconds(deadline, clock),
		ends: momentWords(deadline, clock),
		voting: counting.fractional ? 'weights' : 'one',
		options,
		secretUntilClose: false,
		takesReason: governor.ballots === 'nonce',
		calls: (found?.content.targets ?? []).map((target, index) => ({
			target,
			value: found?.content.values[index] ?? 0n,
			data: found?.content.calldatas[index] ?? '0x',
		})),
		executor: { address: timelock?.address ?? ref.contract, madeIn: found?.block ?? null },
		report: group(
			{
				check: 'proposal',
				title: 'Where this proposal comes from',
				passed: 'The text and the actions are those that the contract has.',
				failed: 'The text and the actions cannot be relied on.',
			},
			[KNOWN_TO_CONTRACT, origin, ...(timelock ? [timelockNode(timelock)] : [])],
		),
		tally: tally ? options.map(({ value }) => ({ value, power: amountWords(tally[value], decimals) })) : null,
		obstacle: closedWords(state) ?? (origin.result === 'failed' ? origin.reason : null),
		chain: { clock, snapshot, deadline, quorum: quorum ?? null, votes: tally, decimals, timelock, madeIn: found?.block ?? null },
	};
}

interface Found {
	readonly content: ProposalContent;
	readonly proposer: Address | null;
	readonly block: bigint | null;
}

/** What was proposed: from the caller's store, or from the event, which stands in the block before the delay, or earlier. */
async function findContent(
	access: GovernorAccess,
	client: PublicClient,
	{ clock, delay }: Governor,
	ref: ContractRef,
	id: string,
	snapshot: bigint,
): Promise<Found | undefined> {
	const kept = await access.content?.(ref, id);
	if (kept) return { content: kept, proposer: null, block: null };
	const moment = before(snapshot, delay);
	const likely = clock === 'blocks' ? moment : await blockAt(client, moment);
	const log = await findCreated(client, ref.contract, proposalNumber(id), likely, access.search);
	if (!log) return undefined;
	const { targets, values, calldatas, description, proposer } = log.args;
	return { content: { targets, values, calldatas, description }, proposer, block: log.blockNumber };
}

/** OpenZeppelin's number of a proposal: the hash of what it does and of its text (Governor.hashProposal). */
export function hashProposal({ targets, values, calldatas, description }: ProposalContent): bigint {
	return BigInt(
		keccak256(encodeAbiParameters(parseAbiParameters('address[], uint256[], bytes[], bytes32'), [targets, values, calldatas, keccak256(toBytes(description))])),
	);
}

async function contentNode(client: PublicClient, { contract }: ContractRef, number: bigint, content: ProposalContent | undefined): Promise<ReportNode> {
	const leaf = { check: 'proposal/content', title: 'Text and actions' };
	if (!content) {
		const reason = 'The text of this proposal was not found with the network’s server. Use a server that keeps old events.';
		return failed({ ...leaf, code: 'vote/content-not-found', reason });
	}
	if (hashProposal(content) === number) return passed({ ...leaf, reason: 'The proposal’s number is the hash of this text and these actions.' });
	const { targets, values, calldatas, description } = content;
	const args = [targets, values, calldatas, keccak256(toBytes(description))] as const;
	const named = await maybe(client, { address: contract, abi: GOVERNOR, functionName: 'getProposalId', args });
	// Governors that count their proposals (GovernorSequentialProposalId) say so themselves.
	if (named === number) return passed({ ...leaf, reason: 'The contract says that this text and these actions are the proposal of this number.' });
	return failed({ ...leaf, code: 'vote/other-content', reason: 'This text and these actions are not those of the proposal of this number.' });
}
