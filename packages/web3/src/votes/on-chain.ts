import { displayText, failed, group, type ReportNode, skipped, warning } from '@holdfast/kernel';
import { type Address, formatUnits, getAddress, keccak256, type PublicClient, toBytes, zeroAddress } from 'viem';
import type { Domain, TypedData } from '../typed-data/index.ts';
import { EIP5267, TIMELOCK, TOKEN } from './abis.ts';
import type { Choice, ContractRef, CountCheck, Draft, Proposal, ProposalState } from './adapter.ts';
import { VoteError } from './errors.ts';
import { maybe } from './reads.ts';

/** A time in a contract's own terms: a block's number, or seconds since the epoch. */
export type ClockMode = 'blocks' | 'seconds';

/** What delays a proposal that passed. */
export interface Timelock {
	readonly address: Address;
	/** Seconds between queueing and execution. */
	readonly delay: bigint | null;
	/** Seconds since the epoch, from when it can be executed; null before it is queued. */
	readonly eta: bigint | null;
	/** Whether anybody may execute it. */
	readonly open: boolean;
}

/** What a contract knows of a proposal beyond what every voting system has. Numbers are base units. */
export interface ChainFacts {
	readonly clock: ClockMode;
	/** When power is counted, and when the vote ends, by the clock. Read again before each use: a late quorum moves the end. */
	readonly snapshot: bigint;
	readonly deadline: bigint;
	readonly quorum: bigint | null;
	/** Votes by the number that is signed. */
	readonly votes: Readonly<Record<number, bigint>> | null;
	readonly decimals: number;
	readonly timelock: Timelock | null;
	/** The block in which it was made, where found. */
	readonly madeIn: bigint | null;
}

export interface OnChainProposal extends Proposal {
	readonly chain: ChainFacts;
}

export interface OnChainDraft extends Draft {
	/** What the voter should know of the signature before making it: that it has no expiry, and who can send it. */
	readonly warnings: readonly string[];
}

export const NO_EXPIRY = 'The signature has no expiry: until the vote closes, whoever has it can hand it in, or hold it back.';

/** OpenZeppelin's states (IGovernor) and Bravo's have the same numbers; Nouns adds three. */
const STATES: readonly ProposalState[] = ['pending', 'open', 'cancelled', 'failed', 'passed', 'queued', 'closed', 'executed', 'cancelled', 'open', 'pending'];

export const proposalState = (number: number): ProposalState => STATES[number] ?? 'closed';

export const isVotable = (state: ProposalState): boolean => state === 'open' || state === 'pending';

/** Why a vote cannot be cast in this state, in words. */
export const closedWords = (state: ProposalState): string | null =>
	isVotable(state) ? null : state === 'cancelled' ? 'This proposal was cancelled.' : 'The vote on this proposal is over.';

export const AGAINST_FOR_ABSTAIN = [
	{ value: 1, label: 'For' },
	{ value: 0, label: 'Against' },
	{ value: 2, label: 'Abstain' },
] as const;

/** The first line of a proposal's text, without the marks of a heading. The whole text stays in `body`. */
export const titleOf = (description: string, id: string): string =>
	displayText((description.split('\n').find((line) => line.trim() !== '') ?? '').replace(/^\s*#+\s*/, ''), 200) || `Proposal ${shortId(id)}`;

export const shortId = (id: string): string => (id.length > 12 ? `${id.slice(0, 6)}…${id.slice(-4)}` : id);

/** A proposal's number from outside: decimal, as the contract takes it. @throws VoteError vote/no-such-proposal */
export function proposalNumber(id: string, bits = 256): bigint {
	const number = /^(?:0|[1-9]\d{0,77})$/.test(id) ? BigInt(id) : -1n;
	if (number < 0n || number >= 1n << BigInt(bits)) throw noSuchProposal();
	return number;
}

export const noSuchProposal = (): VoteError => new VoteError('vote/no-such-proposal', 'The contract knows no proposal of this number.');
export const badChoice = (message: string): VoteError => new VoteError('vote/bad-choice', message);
export const noSuchDao = (what: string): VoteError =>
	new VoteError('vote/no-such-dao', `There is no ${what} at this address. Check the address and the network.`);

/** @throws VoteError vote/bad-choice where it is not exactly one of the options */
export function oneOption(choice: Choice, options: readonly { readonly value: number }[]): number {
	if (choice.kind !== 'one') throw badChoice('Here one option can be chosen.');
	if (!options.some(({ value }) => value === choice.option)) throw badChoice('This proposal does not have that option.');
	return choice.option;
}

/** @throws VoteError vote/not-open with the proposal's own obstacle as its words */
export function assertVotable(proposal: Proposal): void {
	if (proposal.obstacle !== null) throw new VoteError('vote/not-open', proposal.obstacle, { state: proposal.state });
}

/** A length of the clock in words. */
export function lengthWords(length: bigint, clock: ClockMode): string {
	if (clock === 'blocks') return `${length} ${length === 1n ? 'block' : 'blocks'}`;
	const seconds = Number(length);
	const [amount, unit] =
		seconds >= 172_800
			? [seconds / 86_400, 'days']
			: seconds >= 7_200
				? [seconds / 3_600, 'hours']
				: seconds >= 120
					? [seconds / 60, 'minutes']
					: [seconds, 'seconds'];
	return `${Number(amount.toFixed(1))} ${unit}`;
}

export const secondsWords = (seconds: bigint): string =>
	seconds > 8_640_000_000_000n ? 'never' : `${new Date(Number(seconds) * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

export const momentWords = (moment: bigint, clock: ClockMode): string => (clock === 'blocks' ? `block ${moment}` : secondsWords(moment));

export const milliseconds = (moment: bigint, clock: ClockMode): number | null =>
	clock === 'seconds' && moment <= 8_640_000_000_000n ? Number(moment) * 1000 : null;

export const amountWords = (amount: bigint, decimals: number): string => formatUnits(amount, decimals);

export interface TokenFacts {
	readonly address: Address;
	readonly symbol: string;
	readonly decimals: number;
}

/** What a token calls itself, cleaned; a token without decimals (an NFT) counts in pieces. */
export async function tokenFacts(client: PublicClient, address: Address): Promise<TokenFacts> {
	const [symbol, decimals] = await Promise.all([
		maybe(client, { address, abi: TOKEN, functionName: 'symbol' }),
		maybe(client, { address, abi: TOKEN, functionName: 'decimals' }),
	]);
	return { address, symbol: displayText(symbol ?? '', 20) || 'votes', decimals: decimals !== undefined && decimals <= 36 ? decimals : 0 };
}

/**
 * The EIP-712 domain that a contract says it uses (ERC-5267), if it says so.
 * @throws VoteError vote/unknown-domain where it names another chain or contract, or members that no vote has: a signature for it
 * would be one for somebody else
 */
export async function statedDomain(client: PublicClient, { chainId, contract }: Pick<ContractRef, 'chainId' | 'contract'>): Promise<Domain | undefined> {
	const stated = await maybe(client, { address: contract, abi: EIP5267, functionName: 'eip712Domain' });
	if (!stated) return undefined;
	const [fields, name, version, itsChain, itsContract, , extensions] = stated;
	const bits = Number(fields);
	// Bits, from the lowest: name, version, chainId, verifyingContract, salt.
	if ((bits & 0b11101) !== 0b01101 || extensions.length > 0 || itsChain !== BigInt(chainId) || itsContract.toLowerCase() !== contract.toLowerCase()) {
		throw unknownDomain();
	}
	return { name, ...(bits & 0b10 ? { version } : {}), chainId, verifyingContract: contract };
}

export const unknownDomain = (): VoteError =>
	new VoteError('vote/unknown-domain', 'This contract does not say in a known way which signatures are meant for it. Vote by a transaction instead.');

const EXECUTOR_ROLE = keccak256(toBytes('EXECUTOR_ROLE'));

/** OpenZeppelin's TimelockController, or Compound's Timelock, which only its governor calls, and the governor for anybody. */
export async function timelockFacts(client: PublicClient, address: Address, eta: bigint | undefined): Promise<Timelock> {
	const [minDelay, delay, role] = await Promise.all([
		maybe(client, { address, abi: TIMELOCK, functionName: 'getMinDelay' }),
		maybe(client, { address, abi: TIMELOCK, functionName: 'delay' }),
		maybe(client, { address, abi: TIMELOCK, functionName: 'hasRole', args: [EXECUTOR_ROLE, zeroAddress] }),
	]);
	return { address, delay: minDelay ?? delay ?? null, eta: eta ? eta : null, open: role ?? delay !== undefined };
}

export function timelockNode({ delay, eta, open }: Timelock): ReportNode {
	const wait =
		eta !== null
			? `It can be carried out from ${secondsWords(eta)}.`
			: delay === null
				? 'It waits before it is carried out.'
				: `Once queued, it waits ${lengthWords(delay, 'seconds')} before it is carried out.`;
	return {
		check: 'proposal/timelock',
		result: 'passed',
		title: 'Delay after the vote',
		reason: `${wait} ${open ? 'Anybody may carry it out then.' : 'Only accounts that the DAO has named may carry it out then.'}`,
	};
}

export const KNOWN_TO_CONTRACT: ReportNode = {
	check: 'proposal/known',
	result: 'passed',
	title: 'The proposal is in the contract',
	reason: 'The network’s server says that the contract knows this proposal.',
};

/** The result of looking whether a vote counted: `node` says why, `more` what else is worth knowing. */
export const countCheck = (state: CountCheck['state'], node: ReportNode, more: readonly ReportNode[] = []): CountCheck => ({
	state,
	words: node.reason,
	report: group({ check: 'vote', title: 'Your vote', passed: 'The vote counted.', failed: 'The vote did not count.' }, [node, ...more]),
});

export const COUNTED = { check: 'vote/counted', title: 'Counted by the contract' } as const;

/** Reasons why a signed vote is not, or not yet, among those that a contract counted. */
export const uncounted = {
	replaced: (words: string): ReportNode => warning({ ...COUNTED, code: 'vote/replaced', reason: `Another vote of this account counted: ${words}.` }),
	noPower: (): ReportNode =>
		failed({ ...COUNTED, code: 'vote/no-power', reason: 'The contract took the vote, but the account had no power when power was counted.' }),
	tooLate: (): ReportNode => failed({ ...COUNTED, code: 'vote/too-late', reason: 'The vote ended, or the signature expired, before anybody sent it.' }),
	counterPassed: (): ReportNode =>
		failed({
			...COUNTED,
			code: 'vote/counter-passed',
			reason: 'This account has used its counter otherwise, so that this signature no longer counts. Sign again.',
		}),
	notSent: (): ReportNode =>
		skipped({ ...COUNTED, code: 'vote/not-sent', reason: 'Nobody has sent it yet. Whoever has the signature can, as long as the vote is open.' }),
};

/**
 * The counter for a ballot that will be sent after those of `waiting`, which are signed and not sent yet. Others' ballots, those of
 * another contract, and those under another counter (whose number is the key above the lower 64 bits) do not matter.
 */
export function counterAfter(next: bigint, voter: Address, contract: Address, waiting: readonly TypedData[]): bigint {
	const used = waiting
		.filter(({ domain, message }) => domain.verifyingContract === getAddress(contract) && message.voter === getAddress(voter) && message.nonce !== undefined)
		.map(({ message }) => BigInt(String(message.nonce)))
		.filter((nonce) => nonce >> 64n === next >> 64n && nonce >= next);
	return used.reduce((highest, nonce) => (nonce >= highest ? nonce + 1n : highest), next);
}
