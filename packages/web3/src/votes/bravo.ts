import { displayText, group, passed, type ReportNode, warning } from '@holdfast/kernel';
import { type Address, encodeFunctionData, type Hex, hexToBigInt, type PublicClient, size, slice } from 'viem';
import { actionFromBravo } from '../proposals/index.ts';
import { type Domain, structs, typedData } from '../typed-data/index.ts';
import { BRAVO, BRAVO_SHAPES, NOUNS_QUORUM, PROPOSAL_CREATED, TOKEN, UNVERSIONED_DOMAIN } from './abis.ts';
import type { Choice, ContractRef, CountCheck, Proposal, ProposalCall, ProposalState, ProposalSummary, VoteAdapter } from './adapter.ts';
import { ballotsOf } from './ballots.ts';
import { VoteError } from './errors.ts';
import { before, findCreated, latestBlock, MOST_OVER, searchEach } from './logs.ts';
import {
	AGAINST_FOR_ABSTAIN,
	amountWords,
	assertVotable,
	badChoice,
	COUNTED,
	closedWords,
	countCheck,
	isVotable,
	KNOWN_TO_CONTRACT,
	lengthWords,
	NO_EXPIRY,
	noSuchDao,
	noSuchProposal,
	type OnChainDraft,
	type OnChainProposal,
	oneOption,
	proposalNumber,
	proposalState,
	type TokenFacts,
	timelockFacts,
	timelockNode,
	titleOf,
	tokenFacts,
	uncounted,
	unknownDomain,
} from './on-chain.ts';
import { type ChainAccess, clientOf, isNetworkError, kindOfAccount, maybe, read, unreachable } from './reads.ts';
import { relayCallOf } from './relay.ts';
import { contractVoter } from './signatures.ts';
import { ownPowerAllowance } from './token-domain.ts';

export interface BravoAdapter extends VoteAdapter<ContractRef> {
	readonly system: 'bravo';
	proposal(ref: ContractRef, id: string): Promise<OnChainProposal>;
	draft(ref: ContractRef, proposal: Proposal, input: { readonly voter: Address; readonly choice: Choice; readonly reason: string }): Promise<OnChainDraft>;
}

interface Bravo {
	readonly name: string;
	readonly domain: Domain;
	readonly token: TokenFacts | null;
	readonly timelock: Address | null;
	readonly delay: bigint;
	readonly period: bigint;
	/** Whether each proposal has a quorum of its own, as in Nouns. */
	readonly nouns: boolean;
	readonly count: bigint;
}

/** Nouns: the last votes were for, so that there is time to vote against, and only that. */
const OBJECTION = 9;

/**
 * Compound's Governor Bravo and Nouns (logic 1 to 4). A ballot holds neither voter nor counter: the contract takes whoever's signature
 * it is, once for each proposal, and does not compare. So a signature is held to its voter here before it is sent.
 */
export function createBravoAdapter(access: ChainAccess): BravoAdapter {
	const open = async (ref: ContractRef) => {
		const client = await clientOf(access, ref);
		return { client, bravo: await readBravo(client, ref) };
	};

	return {
		system: 'bravo',
		context: ({ chainId, contract }) => ({ kind: 'dao', chainId, contract }),

		async describe(ref) {
			const { client, bravo } = await open(ref);
			const timelock = bravo.timelock && (await timelockFacts(client, bravo.timelock, undefined));
			const ownPower = bravo.token ? await ownPowerAllowance(client, { chainId: ref.chainId, token: bravo.token.address }) : () => [];
			return {
				name: bravo.name,
				facts: [
					{ label: 'Kind', value: bravo.nouns ? 'Nouns' : 'Governor Bravo' },
					{ label: 'Choices', value: 'For, against or abstain' },
					{ label: 'Delay before a vote', value: lengthWords(bravo.delay, 'blocks') },
					{ label: 'Length of a vote', value: lengthWords(bravo.period, 'blocks') },
					...(timelock?.delay ? [{ label: 'Delay after a vote', value: lengthWords(timelock.delay, 'seconds') }] : []),
				],
				allowances: (voter) => [{ struct: 'bravo-ballot', domain: bravo.domain, pins: {} }, ...ownPower(voter)],
				power: bravo.token
					? {
							words: `${bravo.token.symbol} that is held and delegated: to vote with your own, delegate it to yourself.`,
							token: { chainId: ref.chainId, address: bravo.token.address },
						}
					: { words: 'The contract does not say where voting power comes from.' },
			};
		},

		async proposals(ref, { open: onlyOpen, first }): Promise<readonly ProposalSummary[]> {
			const { client, bravo } = await open(ref);
			const listed: { readonly id: bigint; readonly state: ProposalState; readonly stored: Stored }[] = [];
			for (let id = bravo.count, over = 0; id > 0n && listed.length < first && over < MOST_OVER; id -= 1n) {
				const number = await maybe(client, { address: ref.contract, abi: BRAVO, functionName: 'state', args: [id] });
				// The first numbers of Bravo belong to the governor before it.
				if (number === undefined) break;
				const state = proposalState(number);
				if (!onlyOpen || isVotable(state)) listed.push({ id, state, stored: await readStored(client, ref, id) });
				else over += 1;
			}
			const from = listed.reduce((block, { stored }) => (madeAbout(bravo, stored) < block ? madeAbout(bravo, stored) : block), await latestBlock(client));
			const created = await searchEach(
				client,
				{ address: ref.contract, event: PROPOSAL_CREATED, from },
				({ args }) => args.proposalId,
				listed.map(({ id }) => id),
				access.search,
			);
			const summaries = listed.map(({ id, state }) => ({
				id: String(id),
				title: titleOf(created.get(id)?.args.description ?? '', String(id)),
				state,
				startsAt: null,
				endsAt: null,
			}));
			return summaries;
		},

		async proposal(ref, id) {
			const { client, bravo } = await open(ref);
			return readProposal(access, client, bravo, ref, id);
		},

		async ballots(ref, { id, chain }: OnChainProposal) {
			const { client, bravo } = await open(ref);
			return ballotsOf(access, client, ref, id, chain, { token: bravo.token?.address ?? null, quorumOf: [1] });
		},

		async standing(ref, { id }, voter) {
			const { client, bravo } = await open(ref);
			const number = proposalNumber(id);
			const { startBlock } = await readStored(client, ref, number);
			const at = { address: ref.contract, abi: BRAVO } as const;
			const [state, receipt, power, kind] = await Promise.all([
				read(client, { ...at, functionName: 'state', args: [number] }),
				read(client, { ...at, functionName: 'getReceipt', args: [number, voter] }),
				powerAt(client, bravo, voter, startBlock),
				kindOfAccount(client, voter),
			]);
			const decimals = bravo.token?.decimals ?? 0;
			return {
				power: amountWords(power, decimals),
				voted: receipt.hasVoted ? voteWords(receipt, decimals) : null,
				obstacle:
					closedWords(proposalState(state)) ??
					(kind === 'contract' ? contractVoter('This governor').message : null) ??
					(receipt.hasVoted ? 'This account has voted. A vote here cannot be changed.' : null) ??
					(power === 0n ? 'This account had no voting power when the vote began. Tokens have to be delegated before that, to yourself too.' : null),
			};
		},

		async draft(ref, shown, { voter, choice, reason }) {
			const { client, bravo } = await open(ref);
			assertVotable(shown);
			if (reason !== '') throw badChoice('This governor takes no reason with a signed vote.');
			if ((await kindOfAccount(client, voter)) === 'contract') throw contractVoter('This governor');
			const message = { proposalId: proposalNumber(shown.id), support: oneOption(choice, shown.options) };
			return {
				typedData: typedData('bravo-ballot', bravo.domain, message),
				words: { id: shown.id, title: shown.title, options: shown.options, voting: shown.voting },
				warnings: [NO_EXPIRY],
			};
		},

		relay: (ref, vote) => relayCallOf(ref, vote, ['bravo-ballot']),

		async check(ref, { proposalId, voter, typedData: { message } }): Promise<CountCheck> {
			const { client, bravo } = await open(ref);
			const id = proposalNumber(proposalId);
			const at = { address: ref.contract, abi: BRAVO } as const;
			const [state, receipt] = await Promise.all([
				read(client, { ...at, functionName: 'state', args: [id] }),
				read(client, { ...at, functionName: 'getReceipt', args: [id, voter] }),
			]);
			const words = voteWords(receipt, bravo.token?.decimals ?? 0);
			if (receipt.hasVoted && receipt.support !== message.support) return countCheck('replaced', uncounted.replaced(words));
			if (receipt.hasVoted && receipt.votes === 0n) return countCheck('not-counted', uncounted.noPower());
			if (receipt.hasVoted) return countCheck('counted', passed({ ...COUNTED, reason: `The contract counted ${words}.` }));
			return isVotable(proposalState(state)) ? countCheck('unknown', uncounted.notSent()) : countCheck('not-counted', uncounted.tooLate());
		},
	};
}

async function readBravo(client: PublicClient, ref: ContractRef): Promise<Bravo> {
	const at = { address: ref.contract, abi: BRAVO } as const;
	const [typeHash, domainHash, name, timelock, comp, nounsToken, token, delay, period, count, fixedQuorum] = await Promise.all([
		maybe(client, { ...at, functionName: 'BALLOT_TYPEHASH' }),
		maybe(client, { ...at, functionName: 'DOMAIN_TYPEHASH' }),
		maybe(client, { ...at, functionName: 'name' }),
		maybe(client, { ...at, functionName: 'timelock' }),
		maybe(client, { ...at, functionName: 'comp' }),
		maybe(client, { ...at, functionName: 'nouns' }),
		maybe(client, { ...at, functionName: 'token' }),
		maybe(client, { ...at, functionName: 'votingDelay' }),
		maybe(client, { ...at, functionName: 'votingPeriod' }),
		maybe(client, { ...at, functionName: 'proposalCount' }),
		maybe(client, { address: ref.contract, abi: BRAVO_SHAPES, functionName: 'quorumVotes' }),
	]);
	if (typeHash === structs['alpha-ballot'].typeHash) {
		throw new VoteError('vote/not-supported', 'This is a Governor Alpha, which Holdfast does not vote in. Vote by a transaction instead.');
	}
	if (typeHash !== structs['bravo-ballot'].typeHash || name === undefined || count === undefined) throw noSuchDao('Governor Bravo');
	if (domainHash !== undefined && domainHash !== UNVERSIONED_DOMAIN) throw unknownDomain();
	const power = comp ?? nounsToken ?? token;
	return {
		name: displayText(name, 120) || 'Unnamed DAO',
		domain: { name, chainId: ref.chainId, verifyingContract: ref.contract },
		token: power ? await tokenFacts(client, power) : null,
		timelock: timelock ?? null,
		delay: delay ?? 0n,
		period: period ?? 0n,
		nouns: fixedQuorum === undefined,
		count,
	};
}

interface Stored {
	readonly proposer: Address;
	readonly quorum: bigint | null;
	readonly eta: bigint;
	readonly startBlock: bigint;
	readonly endBlock: bigint;
	/** Nouns 2 to 4 keep it. */
	readonly madeIn: bigint | null;
	readonly votes: { readonly 0: bigint; readonly 1: bigint; readonly 2: bigint };
}

/**
 * What `proposals` returns, whose members differ: ten words in Bravo; in Nouns, thirteen or fifteen, with a threshold and a quorum
 * before the eta. Told apart by their number.
 */
async function readStored(client: PublicClient, { chainId, contract }: ContractRef, id: bigint): Promise<Stored> {
	let data: Hex | undefined;
	try {
		({ data } = await client.call({ to: contract, data: encodeFunctionData({ abi: BRAVO_SHAPES, functionName: 'proposals', args: [id] }) }));
	} catch (error) {
		if (isNetworkError(error)) throw unreachable({ chainId }, error);
	}
	const words = data === undefined ? 0 : size(data) / 32;
	if (data === undefined || (words !== 10 && words !== 13 && words !== 15)) throw noSuchProposal();
	const word = (index: number): bigint => hexToBigInt(slice(data, index * 32, index * 32 + 32));
	if (word(0) !== id) throw noSuchProposal();
	const more = words === 10 ? 0 : 2;
	return {
		proposer: `0x${data.slice(2 + 64 + 24, 2 + 128)}` as Address,
		quorum: more ? word(3) : null,
		eta: word(2 + more),
		startBlock: word(3 + more),
		endBlock: word(4 + more),
		madeIn: words === 15 ? word(14) : null,
		votes: { 1: word(5 + more), 0: word(6 + more), 2: word(7 + more) },
	};
}

/** The block in which a proposal was made, if the delay was then what it is now. */
const madeAbout = ({ delay }: Bravo, { madeIn, startBlock }: Stored): bigint => madeIn ?? before(startBlock, delay);

async function readProposal(access: ChainAccess, client: PublicClient, bravo: Bravo, ref: ContractRef, id: string): Promise<OnChainProposal> {
	const number = proposalNumber(id);
	const at = { address: ref.contract, abi: BRAVO } as const;
	const stateNumber = await maybe(client, { ...at, functionName: 'state', args: [number] });
	if (stateNumber === undefined) throw noSuchProposal();
	const stored = await readStored(client, ref, number);
	const [[targets, values, signatures, calldatas], created, quorum, timelock] = await Promise.all([
		read(client, { ...at, functionName: 'getActions', args: [number] }),
		findCreated(client, ref.contract, number, madeAbout(bravo, stored), access.search),
		bravo.nouns
			? maybe(client, { address: ref.contract, abi: NOUNS_QUORUM, functionName: 'quorumVotes', args: [number] })
			: maybe(client, { address: ref.contract, abi: BRAVO_SHAPES, functionName: 'quorumVotes' }),
		bravo.timelock ? timelockFacts(client, bravo.timelock, stored.eta) : null,
	]);
	const calls: ProposalCall[] = targets.map((target, index) => {
		const { value, data } = actionFromBravo(target, values[index] ?? 0n, signatures[index] ?? '', calldatas[index] ?? '0x');
		return { target, value, data };
	});
	const same =
		created !== undefined &&
		String(created.args.targets) === String(targets) &&
		String(created.args.values) === String(values) &&
		JSON.stringify(created.args.signatures) === JSON.stringify(signatures) &&
		String(created.args.calldatas) === String(calldatas);
	const state = proposalState(stateNumber);
	const decimals = bravo.token?.decimals ?? 0;
	const options = stateNumber === OBJECTION ? AGAINST_FOR_ABSTAIN.filter(({ value }) => value === 0) : AGAINST_FOR_ABSTAIN;
	return {
		id,
		title: titleOf(created?.args.description ?? '', id),
		body: created?.args.description ?? '',
		author: stored.proposer,
		state,
		startsAt: null,
		endsAt: null,
		ends: stateNumber === OBJECTION ? `soon after block ${stored.endBlock}; only votes against are taken now` : `block ${stored.endBlock}`,
		voting: 'one',
		options,
		secretUntilClose: false,
		takesReason: false,
		calls,
		executor: { address: timelock?.address ?? ref.contract, madeIn: created?.blockNumber ?? null },
		report: group(
			{
				check: 'proposal',
				title: 'Where this proposal comes from',
				passed: 'The actions are those that the contract will carry out.',
				failed: 'The actions cannot be relied on.',
			},
			[KNOWN_TO_CONTRACT, contentNode(created !== undefined, same), ...(timelock ? [timelockNode(timelock)] : [])],
		),
		tally: options.map(({ value }) => ({ value, power: amountWords(stored.votes[value], decimals) })),
		obstacle: closedWords(state),
		chain: {
			clock: 'blocks',
			snapshot: stored.startBlock,
			deadline: stored.endBlock,
			quorum: quorum ?? stored.quorum,
			votes: stored.votes,
			decimals,
			timelock,
			madeIn: created?.blockNumber ?? null,
		},
	};
}

function contentNode(found: boolean, same: boolean): ReportNode {
	const leaf = { check: 'proposal/content', title: 'Text and actions' };
	if (!found) {
		const reason = 'The actions come from the contract. The text of this proposal was not found with the network’s server.';
		return warning({ ...leaf, code: 'vote/content-not-found', reason });
	}
	if (!same) {
		const reason = 'The actions were changed after this text was written. What counts are the actions.';
		return warning({ ...leaf, code: 'vote/other-content', reason });
	}
	return passed({
		...leaf,
		reason: 'The actions come from the contract, and are those with which the text was published. Nothing but the event holds the text.',
	});
}

async function powerAt(client: PublicClient, { token }: Bravo, voter: Address, block: bigint): Promise<bigint> {
	if (!token) return 0n;
	const at = { address: token.address, abi: TOKEN } as const;
	const then = await maybe(client, { ...at, functionName: 'getPriorVotes', args: [voter, block] });
	return then ?? (await maybe(client, { ...at, functionName: 'getCurrentVotes', args: [voter] })) ?? 0n;
}

function voteWords({ support, votes }: { readonly support: number; readonly votes: bigint }, decimals: number): string {
	const label = AGAINST_FOR_ABSTAIN.find(({ value }) => value === support)?.label ?? `option ${support}`;
	return `${label} with ${amountWords(votes, decimals)}`;
}
