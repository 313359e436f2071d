import { type Address, isAddressEqual } from 'viem';
import { digestOf, type TypedData } from '../typed-data/index.ts';
import type { ContractRef } from './adapter.ts';
import { VoteError } from './errors.ts';
import { type SafeFile, safeMessageFile, safeOf } from './safe-file.ts';
import { MESSAGE_LIFE_MS } from './snapshot/adapter.ts';

/** A vote on Snapshot in the name of a Safe, as it stands in a file of its owners. */
export interface SafeVote {
	readonly safe: ContractRef;
	readonly voter: Address;
	readonly space: string;
	readonly proposalId: string;
	/** What Snapshot takes, with the Safe's signature. */
	readonly vote: TypedData;
	/** Snapshot takes it until then, in milliseconds since the epoch. */
	readonly until: number;
}

/** Starts a file in which the owners sign a vote of their Safe. @throws VoteError vote/not-a-vote */
export const safeVoteFile = (safe: ContractRef, vote: TypedData): SafeFile => {
	const file = safeMessageFile(safe, vote);
	safeVote(file);
	return file;
};

/**
 * Reads a file as a vote of its Safe: a message that is the digest of a Snapshot vote, whose voter is this Safe.
 * @throws VoteError vote/not-a-vote
 */
export function safeVote(file: SafeFile): SafeVote {
	const { typedData: data, about } = file;
	const safe = safeOf(file);
	const from = about?.message.from;
	if (data.struct !== 'safe-message' || !about?.struct.startsWith('snapshot-vote-') || data.message.message !== digestOf(about)) {
		throw new VoteError('vote/not-a-vote', 'This message of a Safe is not a vote on Snapshot. Holdfast signs no other messages of a Safe.');
	}
	if (typeof from !== 'string' || !isAddressEqual(from as Address, safe.contract)) {
		throw new VoteError('vote/not-a-vote', 'This vote is not in the name of the Safe that is to sign it.');
	}
	const { space, proposal, timestamp } = about.message;
	return { safe, voter: safe.contract, space: String(space), proposalId: String(proposal), vote: about, until: Number(timestamp) * 1000 + MESSAGE_LIFE_MS };
}
