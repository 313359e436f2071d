import type { Address, PublicClient } from 'viem';
import type { Allowance } from '../firewall/review.ts';
import { type StructId, type TypedData, typedData } from '../typed-data/index.ts';
import { GOVERNOR, PROPOSAL_CREATED } from './abis.ts';
import type { Choice, ContractRef, Proposal, ProposalSummary, VoteAdapter } from './adapter.ts';
import { ballotsOf } from './ballots.ts';
import type { VoteError } from './errors.ts';
import { split } from './fractional.ts';
import { castVotes, checkCounted, voteWords } from './governor-counted.ts';
import { type GovernorAccess, readProposal } from './governor-proposal.ts';
import { type Governor, nextNonce, ownShareAt, powerAt, readGovernor, remainingPower } from './governor-reads.ts';
import { before, blockAt, blockOf, latestBlock, lookbackFrom, searchLogs } from './logs.ts';
import {
	amountWords,
	assertVotable,
	badChoice,
	closedWords,
	counterAfter,
	isVotable,
	lengthWords,
	milliseconds,
	NO_EXPIRY,
	type OnChainDraft,
	type OnChainProposal,
	oneOption,
	proposalNumber,
	proposalState,
	timelockFacts,
	titleOf,
} from './on-chain.ts';
import { type ChainAccess, clientOf, kindOfAccount, maybe, read } from './reads.ts';
import { relayCallOf } from './relay.ts';
import { contractVoter } from './signatures.ts';
import { ownPowerAllowance } from './token-domain.ts';

export interface GovernorDraftInput {
	readonly voter: Address;
	readonly choice: Choice;
	readonly reason: string;
	/**
	 * Takes the voter's own share back out of what the delegate votes (GovernorCountingOverridable). By default where nothing else would
	 * count: the voter has tokens, and no power, because somebody else votes with them.
	 */
	readonly override?: boolean;
	/** Ballots of this voter that are signed and not sent yet: this one is numbered after them. */
	readonly waiting?: readonly TypedData[];
}

export interface GovernorAdapter extends VoteAdapter<ContractRef> {
	readonly system: 'governor';
	proposal(ref: ContractRef, id: string): Promise<OnChainProposal>;
	draft(ref: ContractRef, proposal: Proposal, input: GovernorDraftInput): Promise<OnChainDraft>;
}

const BALLOTS = ['governor-ballot', 'governor-extended-ballot', 'governor-override-ballot', 'bravo-ballot'] as const satisfies readonly StructId[];
/** More of this would not be read by anybody, and every byte is paid for. */
const MAX_REASON = 2000;

/**
 * OpenZeppelin's Governor, 5 and 4, found out by its BALLOT_TYPEHASH (web3 notes: three versions share a name, never a type hash).
 * Version 5 takes the ballots of contracts too (EIP-1271); version 4 and everything older only those of keys.
 */
export function createGovernorAdapter(access: GovernorAccess): GovernorAdapter {
	const open = async (ref: ContractRef) => {
		const client = await clientOf(access, ref);
		return { client, governor: await readGovernor(client, ref) };
	};

	async function proposal(ref: ContractRef, id: string): Promise<OnChainProposal> {
		const { client, governor } = await open(ref);
		return readProposal(access, client, governor, ref, id);
	}

	return {
		system: 'governor',
		context: ({ chainId, contract }) => ({ kind: 'dao', chainId, contract }),
		proposal,

		async describe(ref) {
			const { client, governor } = await open(ref);
			const timelock = governor.timelock && (await timelockFacts(client, governor.timelock, undefined));
			const { clock, token } = governor;
			const quorum = await quorumOfNow(client, ref);
			const ownPower = token ? await ownPowerAllowance(client, { chainId: ref.chainId, token: token.address }) : () => [];
			return {
				name: governor.name,
				facts: [
					{ label: 'Kind', value: governor.ballots === 'nonce' ? 'OpenZeppelin Governor 5' : 'OpenZeppelin Governor 4' },
					{ label: 'Choices', value: countingWords(governor) },
					{ label: 'Delay before a vote', value: lengthWords(governor.delay, clock) },
					{ label: 'Length of a vote', value: lengthWords(governor.period, clock) },
					...(quorum === undefined ? [] : [{ label: 'Quorum', value: `${amountWords(quorum, token?.decimals ?? 0)} ${token?.symbol ?? 'votes'} now` }]),
					...(governor.late === null
						? []
						: [{ label: 'Late quorum', value: `A quorum in the last ${lengthWords(governor.late, clock)} makes the vote longer` }]),
					...(timelock ? [{ label: 'Delay after a vote', value: timelock.delay === null ? 'Unknown' : lengthWords(timelock.delay, 'seconds') }] : []),
				],
				allowances: (voter) => [...ballotAllowances(governor, voter), ...ownPower(voter)],
				power: token
					? {
							words: `${token.symbol} that is held and delegated: to vote with your own, delegate it to yourself.`,
							token: { chainId: ref.chainId, address: token.address },
						}
					: { words: 'The contract does not say where voting power comes from.' },
			};
		},

		async proposals(ref, { open: onlyOpen, first }): Promise<readonly ProposalSummary[]> {
			const { client, governor } = await open(ref);
			const latest = await latestBlock(client);
			const created = await searchLogs(
				client,
				{ address: ref.contract, event: PROPOSAL_CREATED, from: await oldest(access, client, governor, latest, onlyOpen), to: latest },
				(found) => !onlyOpen && found.length >= first,
				access.search,
			);
			const summaries: ProposalSummary[] = [];
			for (const { args } of created) {
				if (summaries.length >= first) break;
				const [state, deadline] = await Promise.all([
					read(client, { address: ref.contract, abi: GOVERNOR, functionName: 'state', args: [args.proposalId] }),
					read(client, { address: ref.contract, abi: GOVERNOR, functionName: 'proposalDeadline', args: [args.proposalId] }),
				]);
				if (onlyOpen && !isVotable(proposalState(state))) continue;
				const id = String(args.proposalId);
				summaries.push({
					id,
					title: titleOf(args.description, id),
					state: proposalState(state),
					startsAt: milliseconds(args.voteStart, governor.clock),
					endsAt: milliseconds(deadline, governor.clock),
				});
			}
			return summaries;
		},

		async ballots(ref, { id, chain }: OnChainProposal) {
			const { client, governor } = await open(ref);
			return ballotsOf(access, client, ref, id, chain, { token: governor.token?.address ?? null, quorumOf: governor.counting.quorumOf });
		},

		async standing(ref, { id }, voter) {
			const { client, governor } = await open(ref);
			const number = proposalNumber(id);
			const at = { address: ref.contract, abi: GOVERNOR } as const;
			const snapshot = await read(client, { ...at, functionName: 'proposalSnapshot', args: [number] });
			const [state, power, own, voted, kind] = await Promise.all([
				read(client, { ...at, functionName: 'state', args: [number] }),
				powerAt(client, governor, ref, voter, snapshot),
				governor.counting.override ? ownShareAt(client, governor, voter, snapshot) : 0n,
				castVotes(access, client, governor, ref, number, snapshot, voter),
				kindOfAccount(client, voter),
			]);
			const decimals = governor.token?.decimals ?? 0;
			const obstacle =
				closedWords(proposalState(state)) ??
				(kind === 'contract' && governor.ballots === 'plain' ? contractVoter('This governor').message : null) ??
				(power === 0n && own === 0n
					? 'This account had no voting power when power was counted. Tokens have to be delegated before that, to yourself too.'
					: null);
			return {
				power: amountWords(power === 0n ? own : power, decimals),
				voted: voted.length === 0 ? null : voted.map((vote) => voteWords(vote, decimals)).join('; '),
				obstacle,
			};
		},

		async draft(ref, shown, { voter, choice, reason, override: asked, waiting = [] }): Promise<OnChainDraft> {
			const { client, governor } = await open(ref);
			assertVotable(shown);
			const id = proposalNumber(shown.id);
			const words = { id: shown.id, title: shown.title, options: shown.options, voting: shown.voting };
			if (reason.length > MAX_REASON) throw badChoice('The reason is too long: every letter of it is paid for by whoever sends the vote.');
			if (governor.ballots === 'plain') {
				if ((await kindOfAccount(client, voter)) === 'contract') throw contractVoter('This governor');
				if (reason !== '') throw badChoice('This governor takes no reason with a signed vote.');
				if (asked) throw overrideNotCounted();
				const message = { proposalId: id, support: oneOption(choice, shown.options) };
				return { typedData: typedData('bravo-ballot', governor.domain, message), words, warnings: [NO_EXPIRY] };
			}
			if (asked && !governor.counting.override) throw overrideNotCounted();
			const override = asked ?? (governor.counting.override && (await onlyOwnShare(client, governor, ref, voter, id)));
			const [{ nonce, keyed }, kind] = await Promise.all([nextNonce(client, ref, voter, id, override), kindOfAccount(client, voter)]);
			const base = { proposalId: id, voter, nonce: counterAfter(nonce, voter, ref.contract, waiting) };
			const warnings = [
				NO_EXPIRY,
				...(keyed
					? []
					: ['Other votes of this account at this DAO, where they are signed and not sent yet, have to be sent in the order in which they were signed.']),
				...(kind === 'delegated-key'
					? ['This account runs code (EIP-7702). The governor asks that code about the signature, and it may refuse what the key signs.']
					: []),
			];
			if (override) {
				const message = { ...base, support: oneOption(choice, shown.options), reason };
				return { typedData: typedData('governor-override-ballot', governor.domain, message), words, warnings };
			}
			const { support, params } =
				choice.kind === 'weights' && governor.counting.fractional
					? split(choice.weights, await remainingPower(client, governor, ref, voter, id))
					: { support: oneOption(choice, shown.options), params: '0x' as const };
			if (reason === '' && params === '0x') return { typedData: typedData('governor-ballot', governor.domain, { ...base, support }), words, warnings };
			return { typedData: typedData('governor-extended-ballot', governor.domain, { ...base, support, reason, params }), words, warnings };
		},

		relay: (ref, vote) => relayCallOf(ref, vote, BALLOTS),

		async check(ref, receipt) {
			const { client, governor } = await open(ref);
			return checkCounted(access, client, governor, ref, receipt);
		},
	};
}

/** The block from which proposals are listed. What is open cannot be older than a vote is long, with room for settings that changed. */
async function oldest(access: ChainAccess, client: PublicClient, { clock, delay, period, late }: Governor, latest: bigint, onlyOpen: boolean): Promise<bigint> {
	const farthest = lookbackFrom(latest, access.search);
	if (!onlyOpen) return farthest;
	const span = 2n * (delay + period + (late ?? 0n));
	const from = clock === 'blocks' ? before(latest, span) : await blockAt(client, before((await blockOf(client, latest)).timestamp, span));
	return from > farthest ? from : farthest;
}

/** The quorum of the last moment that is over; undefined for governors before 4.9, which do not tell their clock. */
async function quorumOfNow(client: PublicClient, { contract }: ContractRef): Promise<bigint | undefined> {
	const now = await maybe(client, { address: contract, abi: GOVERNOR, functionName: 'clock' });
	return now ? maybe(client, { address: contract, abi: GOVERNOR, functionName: 'quorum', args: [BigInt(now) - 1n] }) : undefined;
}

const ballotAllowances = ({ ballots, counting, domain }: Governor, voter: Address): readonly Allowance[] =>
	ballots === 'plain'
		? [{ struct: 'bravo-ballot', domain, pins: {} }]
		: [
				{ struct: 'governor-ballot', domain, pins: { voter } },
				{ struct: 'governor-extended-ballot', domain, pins: { voter } },
				...(counting.override ? [{ struct: 'governor-override-ballot' as const, domain, pins: { voter } }] : []),
			];

const countingWords = ({ counting }: Governor): string =>
	[
		'For, against or abstain',
		...(counting.fractional ? ['the power can be split'] : []),
		...(counting.override ? ['holders can override their delegate'] : []),
	].join('; ');

async function onlyOwnShare(client: PublicClient, governor: Governor, ref: ContractRef, voter: Address, id: bigint): Promise<boolean> {
	const snapshot = await read(client, { address: ref.contract, abi: GOVERNOR, functionName: 'proposalSnapshot', args: [id] });
	const [power, own] = await Promise.all([powerAt(client, governor, ref, voter, snapshot), ownShareAt(client, governor, voter, snapshot)]);
	return power === 0n && own > 0n;
}

const overrideNotCounted = (): VoteError => badChoice('This governor does not let holders override their delegate.');
