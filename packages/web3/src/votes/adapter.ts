import type { ReportNode } from '@holdfast/kernel';
import type { Address, Hex } from 'viem';
import type { AccountContext } from '../accounts/context.ts';
import type { Allowance, ProposalWords, Voting } from '../firewall/review.ts';
import type { TypedData } from '../typed-data/index.ts';

/** Where a DAO votes. Stored with the DAO that the user follows. */
export type DaoRef = SnapshotRef | ContractRef;

export interface SnapshotRef {
	readonly system: 'snapshot';
	/** The space's name: `name.eth`. */
	readonly space: string;
	/** GraphQL endpoint that is read from. It learns which space is read, and whose votes are asked about. */
	readonly hubUrl: string;
	/** Endpoint that takes votes. */
	readonly sequencerUrl: string;
	/** IPFS gateway, up to where the content id follows: it gives what a proposal's author signed. */
	readonly gatewayUrl: string;
}

export type ContractSystem = 'governor' | 'bravo' | 'baal' | 'safe';

export interface ContractRef {
	readonly system: ContractSystem;
	readonly chainId: number;
	/** The governor, the Baal or the Safe. */
	readonly contract: Address;
	/** Of a Safe: the transaction service that its owners use, up to `/api`; null or undefined where they hand each other files. */
	readonly serviceUrl?: string | null;
}

/** What a DAO says about itself. */
export interface DaoDescription {
	readonly name: string;
	/** In words, a line each: how votes are counted, the delay before and the length of a vote, the quorum. */
	readonly facts: readonly { readonly label: string; readonly value: string }[];
	/** What an account of this DAO may sign, for `voter`, who is that account or, with a session key, whom it votes for. */
	allowances(voter: Address): readonly Allowance[];
	/** Where the power to vote comes from, for the screen that says how to get some: a token, shares, or the space's strategies. */
	readonly power: { readonly words: string; readonly token?: { readonly chainId: number; readonly address: Address } };
}

export type ProposalState = 'pending' | 'open' | 'passed' | 'failed' | 'queued' | 'executed' | 'cancelled' | 'closed';

/** A call that a proposal would make. Values are base units, `data` the whole calldata. */
export interface ProposalCall {
	readonly target: Address;
	readonly value: bigint;
	readonly data: Hex;
	/** 1 is a delegatecall (Safe); 0 otherwise. */
	readonly operation?: 0 | 1;
}

export interface ProposalSummary {
	readonly id: string;
	readonly title: string;
	readonly state: ProposalState;
	/** Milliseconds since the epoch; null where the contract counts blocks and the time is not known. */
	readonly startsAt: number | null;
	readonly endsAt: number | null;
}

export interface Proposal extends ProposalSummary {
	/** Markdown from outside: hostile. */
	readonly body: string;
	/** Who proposed it: an address. */
	readonly author: string;
	/** `endsAt` in the contract's own terms where it is not a time: "block 21000000". */
	readonly ends: string;
	readonly voting: Voting;
	/** How choices are counted, where that is not plain: for a person. */
	readonly counting?: string;
	/** By the number that is signed. */
	readonly options: readonly { readonly value: number; readonly label: string }[];
	/** Whether the choice is encrypted until the vote closes. */
	readonly secretUntilClose: boolean;
	/** Whether a reason can be given with the vote. */
	readonly takesReason: boolean;
	/** What it would do on chain. Empty where nothing happens on chain by itself. */
	readonly calls: readonly ProposalCall[];
	/** Who makes the calls (a timelock, a Safe, the governor itself), and the block in which the proposal was made, where known. */
	readonly executor?: { readonly address: Address; readonly madeIn: bigint | null };
	/** What was checked of what the source says: that its id is the digest of what its author signed, that the contract knows it. */
	readonly report: ReportNode;
	/** Power so far, by option, in words' units; null where it is not told. */
	readonly tally: readonly { readonly value: number; readonly power: string }[] | null;
	/** Whether the vote can be signed at all, and in words why not. */
	readonly obstacle: string | null;
}

export type Choice =
	| { readonly kind: 'one'; readonly option: number }
	| { readonly kind: 'several' | 'ranked'; readonly options: readonly number[] }
	/** Shares by option; only their proportions count. */
	| { readonly kind: 'weights'; readonly weights: Readonly<Record<string, number>> };

/** What the voter has to vote with, asked of the DAO: whoever answers learns the address. */
export interface Standing {
	/** In the token's units, decimal; null where it is not told before the vote. */
	readonly power: string | null;
	/** The choice that counts now, in words; null where there is none. */
	readonly voted: string | null;
	/** Why a vote would not count, in words; null where nothing stands against it. */
	readonly obstacle: string | null;
}

export interface Draft {
	/** To be reviewed by the firewall, and signed. */
	readonly typedData: TypedData;
	readonly words: ProposalWords;
	/** What an encrypted choice holds. */
	readonly plainChoice?: string;
	/** For a Safe: what the transaction does, in words. */
	readonly actions?: readonly string[];
}

/** A transaction that anybody may send, and which brings a signed vote onto the chain. Whoever sends it pays for it. */
export interface RelayCall {
	readonly chainId: number;
	readonly to: Address;
	readonly data: Hex;
}

/** What is kept of a vote: enough to show later, to anybody, that it was cast and taken. */
export interface VoteReceipt {
	readonly ref: DaoRef;
	readonly proposalId: string;
	readonly signer: Address;
	readonly voter: Address;
	readonly typedData: TypedData;
	readonly signature: Hex;
	/** The Safe in whose name it is, as `voter`: `signature` is one owner's of the Safe's message, until the vote was handed in with the Safe's own. */
	readonly safe?: ContractRef;
	/** `sent` where somebody confirmed it, `signed` where the signature was handed out for a relayer. */
	readonly state: 'sent' | 'signed';
	/** What the taker answered. Snapshot: `{ id, ipfs, relayer: { address, receipt } }`. */
	readonly answer?: { readonly id: string; readonly ipfs: string | null; readonly relayer: { readonly address: string; readonly receipt: string } | null };
	readonly relay?: RelayCall;
}

export interface CountCheck {
	readonly state: 'counted' | 'not-counted' | 'replaced' | 'unknown';
	/** One sentence for a person. */
	readonly words: string;
	readonly report: ReportNode;
}

/** How power lies in a proposal. Weights are in the smallest unit of the votes; `null` where it is not told. */
export interface Ballots {
	/** Several entries of one voter add up. */
	readonly votes: readonly { readonly voter: string; readonly weight: bigint }[];
	/** All votes there are. */
	readonly total: bigint | null;
	/** What counts towards the quorum so far. */
	readonly counted: bigint | null;
	readonly quorum: bigint | null;
}

/**
 * One voting system. Made with its I/O (a guarded fetch, viem clients, a clock); knows no keys. What it prepares is typed data, which
 * the firewall reviews and the vault signs; what it gets back is a signature.
 */
export interface VoteAdapter<R extends DaoRef = DaoRef> {
	readonly system: R['system'];
	/** The context of the DAO's account. */
	context(ref: R): AccountContext;
	/** @throws VoteError vote/no-such-dao where nothing of this system is there */
	describe(ref: R): Promise<DaoDescription>;
	/** Newest first: those that are open or still to open, or all. */
	proposals(ref: R, options: { readonly open: boolean; readonly first: number }): Promise<readonly ProposalSummary[]>;
	/** @throws VoteError vote/no-such-proposal */
	proposal(ref: R, id: string): Promise<Proposal>;
	standing(ref: R, proposal: Proposal, voter: Address): Promise<Standing>;
	/**
	 * Who has voted with how much, of a proposal as this adapter has read it; undefined where the system does not tell. Whoever answers
	 * learns the proposal.
	 */
	ballots?(ref: R, proposal: Proposal): Promise<Ballots>;
	/** @throws VoteError vote/bad-choice for a choice that the system would not count, vote/not-supported */
	draft(ref: R, proposal: Proposal, input: { readonly voter: Address; readonly choice: Choice; readonly reason: string }): Promise<Draft>;
	/** Hands the vote in where the system takes signatures by itself; undefined where somebody has to send a transaction. */
	readonly submit?: (
		ref: R,
		vote: { readonly typedData: TypedData; readonly signer: Address; readonly signature: Hex },
	) => Promise<NonNullable<VoteReceipt['answer']>>;
	/** The transaction that brings the signature onto the chain; undefined where {@link submit} is the way. */
	readonly relay?: (ref: R, vote: { readonly typedData: TypedData; readonly signer: Address; readonly signature: Hex }) => RelayCall;
	/** Looks whether the vote counted. */
	check(ref: R, receipt: VoteReceipt): Promise<CountCheck>;
}
