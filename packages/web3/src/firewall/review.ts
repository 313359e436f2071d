import type { Address, Hex } from 'viem';
import type { AccountContext } from '../accounts/context.ts';
import type { Domain, Message, StructId, TypedData } from '../typed-data/index.ts';

/**
 * One kind of message that an account may sign: a struct, in exactly this domain, with these fields having exactly these values.
 * Every allowance of a vote pins who votes (`voter`, `from`) and, where the domain does not, the DAO (`space`).
 */
export interface Allowance {
	readonly struct: StructId;
	readonly domain: Domain;
	readonly pins: Message;
}

/** An account made for one DAO, as the vault keeps it. What it may sign was settled when it was made. */
export interface VoteAccount {
	readonly address: Address;
	readonly context: AccountContext;
	/** 0 for the context's account, above it for session keys. */
	readonly index: number;
	/** The DAO's name as the person knows it. */
	readonly dao: string;
	readonly allowances: readonly Allowance[];
}

/**
 * What the wallet knows about a proposal from a checked source, so that a choice can be said in words: the options by the number
 * that is signed. For a Safe's transaction, what it does.
 */
export interface ProposalWords {
	readonly id: string;
	readonly title: string;
	readonly options: readonly { readonly value: number; readonly label: string }[];
	/** How a list or map of options is meant. */
	readonly voting: Voting;
	/** Whether the choice is encrypted until the vote closes: then `plainChoice` says what the ciphertext holds. */
	readonly secretUntilClose?: boolean;
}

/** One option; any number of them; all of them in order of preference; or shares of one's power. */
export type Voting = 'one' | 'several' | 'ranked' | 'weights';

export interface ReviewRequest {
	/** `eth_signTypedData_v4`'s parameter, as it came. */
	readonly typedData: unknown;
	readonly proposal?: ProposalWords;
	/** What an encrypted choice holds, in the protocol's own form, from whoever encrypted it in this process. */
	readonly plainChoice?: string;
	/** In words, what a transaction does that the message approves (a Safe's); from the decoder. */
	readonly actions?: readonly string[];
	/** For a Safe's message: the typed data whose digest it is, and the Safe as an account of the DAO that takes it. */
	readonly about?: { readonly typedData: unknown; readonly account: VoteAccount };
}

export interface ReviewLine {
	readonly label: string;
	readonly value: string;
}

/**
 * What a person is shown before signing, made by {@link reviewTypedData} alone. `typedData` is what will be signed: written anew from
 * what was read and shown, not what was handed in.
 */
export interface Review {
	readonly account: Address;
	readonly struct: StructId;
	/** One sentence: `Vote “For” on “Raise the quorum”`. */
	readonly sentence: string;
	readonly lines: readonly ReviewLine[];
	readonly warnings: readonly string[];
	readonly typedData: TypedData;
	readonly digest: Hex;
}
