import { displayText, epochSeconds, failed, group, passed, type ReportNode } from '@holdfast/kernel';
import { type Address, encodeAbiParameters, type Hex, keccak256, type PublicClient, parseAbiParameters } from 'viem';
import { decodeActions } from '../proposals/index.ts';
import { type Domain, type TypedData, typedData } from '../typed-data/index.ts';
import { BAAL, SUBMIT_PROPOSAL, SUBMIT_VOTE, TOKEN } from './abis.ts';
import type { Choice, ContractRef, CountCheck, Proposal, ProposalCall, ProposalState, ProposalSummary, VoteAdapter } from './adapter.ts';
import { blockAt, latestBlock, lookbackFrom, MOST_OVER, searchEach, searchLogs } from './logs.ts';
import {
	amountWords,
	assertVotable,
	badChoice,
	COUNTED,
	closedWords,
	countCheck,
	counterAfter,
	isVotable,
	KNOWN_TO_CONTRACT,
	lengthWords,
	milliseconds,
	noSuchDao,
	noSuchProposal,
	type OnChainDraft,
	type OnChainProposal,
	oneOption,
	proposalNumber,
	secondsWords,
	shortId,
	statedDomain,
	type TokenFacts,
	tokenFacts,
	uncounted,
	unknownDomain,
} from './on-chain.ts';
import { type ChainAccess, clientOf, kindOfAccount, maybe, read } from './reads.ts';
import { relayCallOf } from './relay.ts';
import { contractVoter } from './signatures.ts';
import { ownPowerAllowance } from './token-domain.ts';

export interface BaalDraftInput {
	readonly voter: Address;
	readonly choice: Choice;
	readonly reason: string;
	/** Seconds since the epoch until which the signature can be sent; by default, and at most, the end of the vote. */
	readonly expiry?: bigint;
	/** Votes of this voter that are signed and not sent yet: this one is numbered after them. */
	readonly waiting?: readonly TypedData[];
}

export interface BaalAdapter extends VoteAdapter<ContractRef> {
	readonly system: 'baal';
	proposal(ref: ContractRef, id: string): Promise<OnChainProposal>;
	draft(ref: ContractRef, proposal: Proposal, input: BaalDraftInput): Promise<OnChainDraft>;
}

interface Baal {
	readonly name: string;
	readonly sharesName: string;
	readonly domain: Domain;
	readonly shares: TokenFacts;
	readonly avatar: Address;
	readonly multisend: Address;
	readonly period: bigint;
	readonly grace: bigint;
	readonly quorumPercent: bigint;
	readonly count: number;
}

const YES_NO = [
	{ value: 1, label: 'Yes' },
	{ value: 0, label: 'No' },
] as const;

/** Moloch v3 (Baal). Its signatures are those of keys only, name the voter and a counter, and expire. */
export function createBaalAdapter(access: ChainAccess): BaalAdapter {
	const open = async (ref: ContractRef) => {
		const client = await clientOf(access, ref);
		return { client, baal: await readBaal(client, ref) };
	};

	return {
		system: 'baal',
		context: ({ chainId, contract }) => ({ kind: 'dao', chainId, contract }),

		async describe(ref) {
			const { client, baal } = await open(ref);
			const ownPower = await ownPowerAllowance(client, { chainId: ref.chainId, token: baal.shares.address });
			return {
				name: baal.name,
				facts: [
					{ label: 'Kind', value: 'Moloch v3 (Baal)' },
					{ label: 'Choices', value: 'Yes or no' },
					{ label: 'Length of a vote', value: lengthWords(baal.period, 'seconds') },
					{ label: 'Time to leave after a vote', value: lengthWords(baal.grace, 'seconds') },
					{ label: 'Quorum', value: `${baal.quorumPercent}% of all shares and loot have to vote yes` },
					{ label: 'Treasury', value: `Safe ${baal.avatar}` },
				],
				allowances: (voter) => [{ struct: 'baal-vote', domain: baal.domain, pins: { name: baal.sharesName, voter } }, ...ownPower(voter)],
				power: { words: `Shares (${baal.shares.symbol}), your own or delegated to you.`, token: { chainId: ref.chainId, address: baal.shares.address } },
			};
		},

		async proposals(ref, { open: onlyOpen, first }): Promise<readonly ProposalSummary[]> {
			const { client, baal } = await open(ref);
			const listed: { readonly id: number; readonly stored: Stored }[] = [];
			for (let id = baal.count, over = 0; id > 0 && listed.length < first && over < MOST_OVER; id -= 1) {
				const stored = await readStored(client, ref, id);
				if (!onlyOpen || isVotable(stored.state)) listed.push({ id, stored });
				else over += 1;
			}
			const latest = await latestBlock(client);
			const began = listed.map(({ stored }) => stored.starts).filter((starts) => starts > 0n);
			// Where one waits for a sponsor, nobody knows since when.
			const all = began.length < listed.length || began.length === 0;
			const from = all
				? lookbackFrom(latest, access.search)
				: await blockAt(
						client,
						began.reduce((a, b) => (a < b ? a : b)),
					);
			const submitted = await searchEach(
				client,
				{ address: ref.contract, event: SUBMIT_PROPOSAL, from },
				({ args }) => args.proposal,
				listed.map(({ id }) => BigInt(id)),
				access.search,
			);
			const summaries = listed.map(({ id, stored: { state, starts, ends } }) => {
				const { title } = detailsOf(submitted.get(BigInt(id))?.args.details ?? '', String(id));
				return { id: String(id), title, state, startsAt: moment(starts), endsAt: moment(ends) };
			});
			return summaries;
		},

		async proposal(ref, id) {
			const { client, baal } = await open(ref);
			return readProposal(access, client, baal, ref, id);
		},

		async standing(ref, { id }, voter) {
			const { client, baal } = await open(ref);
			const number = Number(proposalNumber(id, 32));
			const stored = await readStored(client, ref, number);
			const [voted, power, kind] = await Promise.all([
				castVote(access, client, ref, number, stored.starts, voter),
				powerAt(client, baal, voter, stored.starts),
				kindOfAccount(client, voter),
			]);
			const { decimals } = baal.shares;
			return {
				power: amountWords(power, decimals),
				voted: voted ? voteWords(voted, decimals) : null,
				obstacle:
					notOpen(stored.state, stored.starts) ??
					(kind === 'contract' ? contractVoter('This DAO').message : null) ??
					(voted ? 'This account has voted. A vote here cannot be changed.' : null) ??
					(power === 0n ? 'This account had no shares, and none delegated to it, when the vote began.' : null),
			};
		},

		async draft(ref, shown, { voter, choice, reason, expiry, waiting = [] }) {
			const { client, baal } = await open(ref);
			assertVotable(shown);
			if (reason !== '') throw badChoice('This DAO takes no reason with a signed vote.');
			if ((await kindOfAccount(client, voter)) === 'contract') throw contractVoter('This DAO');
			const proposalId = Number(proposalNumber(shown.id, 32));
			const [{ ends }, next] = await Promise.all([
				readStored(client, ref, proposalId),
				read(client, { address: ref.contract, abi: BAAL, functionName: 'votingNonces', args: [voter] }),
			]);
			if (expiry !== undefined && expiry <= BigInt(epochSeconds(access.clock))) throw badChoice('The signature would have expired already.');
			// After the vote it could do nothing, so that it need not live longer.
			const until = expiry !== undefined && expiry < ends ? expiry : ends;
			const support = oneOption(choice, shown.options) === 1;
			return {
				typedData: typedData('baal-vote', baal.domain, {
					name: baal.sharesName,
					voter,
					expiry: until,
					nonce: counterAfter(next, voter, ref.contract, waiting),
					proposalId,
					support,
				}),
				words: { id: shown.id, title: shown.title, options: shown.options, voting: shown.voting },
				warnings: [
					`Whoever has the signature can hand it in, or hold it back, until ${secondsWords(until)}.`,
					'Other votes of this account at this DAO, where they are signed and not sent yet, have to be sent in the order in which they were signed.',
				],
			};
		},

		relay: (ref, vote) => relayCallOf(ref, vote, ['baal-vote']),

		async check(ref, { proposalId, voter, typedData: { message } }): Promise<CountCheck> {
			const { client, baal } = await open(ref);
			const number = Number(proposalNumber(proposalId, 32));
			const stored = await readStored(client, ref, number);
			const [voted, nonce] = await Promise.all([
				castVote(access, client, ref, number, stored.starts, voter),
				read(client, { address: ref.contract, abi: BAAL, functionName: 'votingNonces', args: [voter] }),
			]);
			const words = voted ? voteWords(voted, baal.shares.decimals) : '';
			if (voted && voted.approved !== message.support) return countCheck('replaced', uncounted.replaced(words));
			if (voted) return countCheck('counted', passed({ ...COUNTED, reason: `The contract counted ${words}.` }));
			const expired = BigInt(String(message.expiry)) < BigInt(epochSeconds(access.clock));
			if (!isVotable(stored.state) || expired) return countCheck('not-counted', uncounted.tooLate());
			if (BigInt(String(message.nonce)) < nonce) return countCheck('not-counted', uncounted.counterPassed());
			return countCheck('unknown', uncounted.notSent());
		},
	};
}

async function readBaal(client: PublicClient, ref: ContractRef): Promise<Baal> {
	const at = { address: ref.contract, abi: BAAL } as const;
	const [shares, avatar, multisend, period, grace, quorumPercent, count, stated] = await Promise.all([
		maybe(client, { ...at, functionName: 'sharesToken' }),
		maybe(client, { ...at, functionName: 'avatar' }),
		maybe(client, { ...at, functionName: 'multisendLibrary' }),
		maybe(client, { ...at, functionName: 'votingPeriod' }),
		maybe(client, { ...at, functionName: 'gracePeriod' }),
		maybe(client, { ...at, functionName: 'quorumPercent' }),
		maybe(client, { ...at, functionName: 'proposalCount' }),
		statedDomain(client, ref),
	]);
	if (!shares || !avatar || !multisend || period === undefined || grace === undefined || count === undefined) throw noSuchDao('DAO of Moloch v3’s kind');
	// Most say nothing of their domain. The transaction is tried out before it is sent, and would fail if this were another.
	if (stated && (stated.name !== 'Vote' || stated.version !== '4')) throw unknownDomain();
	const sharesName = await read(client, { address: shares, abi: TOKEN, functionName: 'name' });
	return {
		name: displayText(sharesName, 120) || 'Unnamed DAO',
		sharesName,
		domain: { name: 'Vote', version: '4', chainId: ref.chainId, verifyingContract: ref.contract },
		shares: await tokenFacts(client, shares),
		avatar,
		multisend,
		period: BigInt(period),
		grace: BigInt(grace),
		quorumPercent: quorumPercent ?? 0n,
		count,
	};
}

interface Stored {
	readonly state: ProposalState;
	readonly starts: bigint;
	readonly ends: bigint;
	readonly grace: bigint;
	readonly votes: { readonly 0: bigint; readonly 1: bigint };
	readonly sponsor: Address;
	readonly dataHash: Hex;
}

async function readStored(client: PublicClient, { contract }: ContractRef, id: number): Promise<Stored> {
	const at = { address: contract, abi: BAAL } as const;
	const [number, stored, flags] = await Promise.all([
		maybe(client, { ...at, functionName: 'state', args: [id] }),
		maybe(client, { ...at, functionName: 'proposals', args: [BigInt(id)] }),
		maybe(client, { ...at, functionName: 'getProposalStatus', args: [id] }),
	]);
	if (!number || !stored || !flags) throw noSuchProposal();
	const [, , starts, ends, grace, , , yes, no, , sponsor, dataHash] = stored;
	const [, , itPassed, itFailed] = flags;
	// Baal's states: 1 submitted, 2 voting, 3 cancelled, 4 grace, 5 ready, 6 processed, 7 defeated.
	const states: Readonly<Record<number, ProposalState>> = {
		1: 'pending',
		2: 'open',
		3: 'cancelled',
		4: yes > no ? 'passed' : 'failed',
		5: 'queued',
		6: itPassed && !itFailed ? 'executed' : 'failed',
		7: 'failed',
	};
	return { state: states[number] ?? 'closed', starts: BigInt(starts), ends: BigInt(ends), grace: BigInt(grace), votes: { 1: yes, 0: no }, sponsor, dataHash };
}

const moment = (seconds: bigint): number | null => (seconds === 0n ? null : milliseconds(seconds, 'seconds'));

const notOpen = (state: ProposalState, starts: bigint): string | null =>
	closedWords(state) ?? (starts === 0n ? 'Nobody has sponsored this proposal yet, so that the vote has not begun.' : null);

async function findSubmitted(access: ChainAccess, client: PublicClient, { contract }: ContractRef, id: number, starts: bigint) {
	const latest = await latestBlock(client);
	const range = { address: contract, event: SUBMIT_PROPOSAL, args: { proposal: BigInt(id) } } as const;
	const search = async (from: bigint, to: bigint) => (await searchLogs(client, { ...range, from, to }, (found) => found.length > 0, access.search))[0];
	// Submitted and sponsored at once, as by a member, or some time before.
	const likely = starts === 0n ? latest : await blockAt(client, starts);
	return (await search(likely, likely)) ?? (await search(lookbackFrom(likely, access.search), latest));
}

/** Title and text as DAOhaus writes them: JSON. What is not JSON is text. */
function detailsOf(details: string, id: string): { readonly title: string; readonly body: string } {
	let json: unknown;
	try {
		json = JSON.parse(details);
	} catch {
		json = undefined;
	}
	const text = (name: string): string => {
		const value = typeof json === 'object' && json !== null && Object.hasOwn(json, name) ? (json as Record<string, unknown>)[name] : undefined;
		return typeof value === 'string' ? value : '';
	};
	const body = json === undefined ? details : text('description');
	return { title: displayText(text('title') || (body.split('\n')[0] ?? ''), 200) || `Proposal ${shortId(id)}`, body };
}

async function readProposal(access: ChainAccess, client: PublicClient, baal: Baal, ref: ContractRef, id: string): Promise<OnChainProposal> {
	const number = Number(proposalNumber(id, 32));
	const stored = await readStored(client, ref, number);
	const submitted = await findSubmitted(access, client, ref, number, stored.starts);
	const data = submitted?.args.proposalData;
	const origin = contentNode(stored.dataHash, data);
	const { decimals } = baal.shares;
	return {
		id,
		...detailsOf(submitted?.args.details ?? '', id),
		author: stored.sponsor,
		state: stored.state,
		startsAt: moment(stored.starts),
		endsAt: moment(stored.ends),
		ends: stored.ends === 0n ? 'not known before somebody sponsors it' : secondsWords(stored.ends),
		voting: 'one',
		options: YES_NO,
		secretUntilClose: false,
		takesReason: false,
		calls: data === undefined ? [] : callsOf(baal, data),
		executor: { address: baal.avatar, madeIn: submitted?.blockNumber ?? null },
		report: group(
			{
				check: 'proposal',
				title: 'Where this proposal comes from',
				passed: 'The actions are those that the contract will carry out.',
				failed: 'The actions cannot be relied on.',
			},
			[KNOWN_TO_CONTRACT, origin],
		),
		tally: YES_NO.map(({ value }) => ({ value, power: amountWords(stored.votes[value], decimals) })),
		obstacle: notOpen(stored.state, stored.starts) ?? (origin.result === 'failed' ? origin.reason : null),
		chain: {
			clock: 'seconds',
			snapshot: stored.starts,
			deadline: stored.ends,
			quorum: null,
			votes: stored.votes,
			decimals,
			timelock: null,
			madeIn: submitted?.blockNumber ?? null,
		},
	};
}

/** The Safe runs the multisend library's code as itself, so that what it does is what stands in the batch. */
function callsOf({ multisend }: Baal, data: Hex): ProposalCall[] {
	const [batch] = decodeActions([{ to: multisend, value: 0n, data, operation: 'delegatecall' }]);
	if (batch?.call?.name !== 'multiSend' || !batch.exact) return [{ target: multisend, value: 0n, data, operation: 1 }];
	return batch.inside.map(({ to, value, data: inner, operation }) => ({ target: to, value, data: inner, operation: operation === 'delegatecall' ? 1 : 0 }));
}

function contentNode(dataHash: Hex, data: Hex | undefined): ReportNode {
	const leaf = { check: 'proposal/content', title: 'Actions' };
	if (data === undefined) {
		const reason = 'The actions of this proposal were not found with the network’s server. Use a server that keeps old events.';
		return failed({ ...leaf, code: 'vote/content-not-found', reason });
	}
	if (keccak256(encodeAbiParameters(parseAbiParameters('bytes'), [data])) !== dataHash) {
		return failed({ ...leaf, code: 'vote/other-content', reason: 'These actions are not those that the contract will carry out.' });
	}
	return passed({ ...leaf, reason: 'The contract keeps the hash of these actions. Nothing but the event holds the text.' });
}

async function powerAt(client: PublicClient, { shares }: Baal, voter: Address, starts: bigint): Promise<bigint> {
	const at = { address: shares.address, abi: TOKEN } as const;
	const then = starts === 0n ? undefined : await maybe(client, { ...at, functionName: 'getPriorVotes', args: [voter, starts] });
	return then ?? (await maybe(client, { ...at, functionName: 'getCurrentVotes', args: [voter] })) ?? 0n;
}

interface CastVote {
	readonly approved: boolean;
	readonly balance: bigint;
}

async function castVote(
	access: ChainAccess,
	client: PublicClient,
	{ contract }: ContractRef,
	id: number,
	starts: bigint,
	voter: Address,
): Promise<CastVote | undefined> {
	if (starts === 0n || !(await read(client, { address: contract, abi: BAAL, functionName: 'memberVoted', args: [voter, id] }))) return undefined;
	const [from, to] = [await blockAt(client, starts), await latestBlock(client)];
	const range = { address: contract, event: SUBMIT_VOTE, args: { member: voter, proposal: BigInt(id) }, from, to } as const;
	return (await searchLogs(client, range, (found) => found.length > 0, access.search))[0]?.args;
}

const voteWords = ({ approved, balance }: CastVote, decimals: number): string => `${approved ? 'Yes' : 'No'} with ${amountWords(balance, decimals)}`;
