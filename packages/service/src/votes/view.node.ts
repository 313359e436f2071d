import type { VoteReview, Vote as VoteView } from '@holdfast/contract';
import type { JsonObject } from '@holdfast/kernel';
import type { DaoRow, VoteRow } from '@holdfast/vault';
import { contextName, type DaoRef, digestOf, type Review, safeVoteFile, type TypedData, type VoteReceipt } from '@holdfast/web3';
import type { Session } from '../session.node.ts';
import { refOf } from './rows.node.ts';
import { hostOf, safeHost } from './words.node.ts';

// Reviews and votes as the contract shows them.

export interface VoteSubject {
	readonly dao: DaoRow;
	readonly proposalId: string;
	readonly title: string;
	readonly review: Review;
	/** For the vote of a Safe: the Safe's row, whose account signs. */
	readonly safeId?: string;
	/** For the vote of a Safe: the host of its owners' service, if they have one. */
	readonly safeService?: string | null;
	/** The vote that the Safe's message is about. */
	readonly about?: TypedData;
}

export const receiptOf = (row: VoteRow): VoteReceipt => row.receipt as unknown as VoteReceipt;

/** The host that a vote is handed to; null where the signature is given to somebody: a relayer, or the other owners of a Safe. */
export function takerOf(ref: DaoRef): string | null {
	return ref.system === 'snapshot' ? hostOf(ref.sequencerUrl) : safeHost(ref);
}

export function reviewView(id: string, { dao, review, safeService }: VoteSubject): VoteReview {
	const taker = safeService === undefined ? takerOf(refOf(dao)) : safeService;
	return {
		id,
		sentence: review.sentence,
		lines: review.lines.map(({ label, value }) => ({ label, value })),
		warnings: [...review.warnings],
		way: taker === null ? 'relay' : 'submit',
		taker,
		digest: review.digest,
	};
}

export interface Words extends JsonObject {
	readonly dao: string;
	readonly title: string;
	readonly sentence: string;
}

export function voteView(session: Session, row: VoteRow): VoteView {
	const words = row.words as Words;
	const receipt = receiptOf(row);
	const { typedData, signature, signer, voter, answer, relay } = receipt;
	const { struct: _struct, ...wire } = typedData;
	return {
		id: row.id,
		daoId: session.vault.daos.ofContext(row.context)?.id ?? null,
		daoName: words.dao,
		proposalId: row.proposalId,
		title: words.title,
		sentence: words.sentence,
		state: row.state,
		at: row.createdAt,
		signer,
		voter,
		signature,
		receipt: JSON.stringify({ typedData: wire, signer, signature, ...(answer ? { answer } : {}), ...(relay ? { relay } : {}) }, null, '\t'),
		relay: relay ? { chainId: relay.chainId, to: relay.to, data: relay.data } : null,
		safe: safeOfVote(session, receipt),
		check: row.lastCheck as unknown as VoteView['check'],
	};
}

/** Where the owners' signatures of a Safe's vote are collected, as long as they are. */
function safeOfVote(session: Session, { safe, typedData }: VoteReceipt): VoteView['safe'] {
	if (!safe) return null;
	const dao = session.vault.daos.ofContext(contextName({ kind: 'dao', chainId: safe.chainId, contract: safe.contract }));
	const messageId = digestOf(safeVoteFile(safe, typedData).typedData);
	return dao && session.vault.safeFiles.get(messageId) ? { daoId: dao.id, messageId } : null;
}
