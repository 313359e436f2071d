import type { SafeMessage, SafeMessageSummary, Vote as VoteView } from '@holdfast/contract';
import { displayText, errorInfo, HoldfastError, type JsonObject, newId } from '@holdfast/kernel';
import type { DaoRow, VoteRow } from '@holdfast/vault';
import {
	addSignature,
	type Choice,
	type ContractRef,
	contextName,
	digestOf,
	mergeSafeFiles,
	type ProposalWords,
	type Review,
	reviewTypedData,
	type SafeFile,
	type SafeVote,
	type SnapshotRef,
	safeVote,
	safeVoteFile,
	signReviewed,
	snapshotAllowances,
	type TypedData,
	type VoteAccount,
	VoteError,
	type VoteReceipt,
} from '@holdfast/web3';
import { record } from '../activity.node.ts';
import { ServiceError } from '../errors.ts';
import { ownMark } from '../recovery.node.ts';
import type { Session } from '../session.node.ts';
import { safeFor, snapshotFor } from './adapters.node.ts';
import { handIn } from './hand-in.node.ts';
import { accountOf, daoRow, refOf, safeRef } from './rows.node.ts';
import { safeQueue } from './safe-queue.node.ts';
import { receiptOf, reviewView, type VoteSubject, voteView, type Words } from './view.node.ts';
import { hostOf, safeHost } from './words.node.ts';

// A Safe's vote on Snapshot: a message that its owners sign together (EIP-1271). Each of them reads the vote in words, made from the
// very bytes whose digest the message is.

const wireOf = ({ struct: _struct, ...wire }: TypedData): unknown => wire;
const isOne = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

export const messageTitle = (file: SafeFile): string => `A vote in ${displayText(safeVote(file).space, 128)}`;

export const messageSummary = (file: SafeFile): SafeMessageSummary => ({
	id: digestOf(file.typedData),
	title: messageTitle(file),
	until: safeVote(file).until,
	signatures: file.signatures.length,
});

interface Space {
	readonly dao: DaoRow;
	readonly ref: SnapshotRef;
}

/** The space that a vote is in, where the proposal is read and the vote goes: one that is followed. */
function spaceOf(session: Session, space: string): Space {
	const dao = session.vault.daos.ofContext(contextName({ kind: 'dao', space }));
	if (!dao) {
		throw new ServiceError(
			'safe/space-not-followed',
			`This is a vote in the Snapshot space “${displayText(space, 128)}”, which you do not follow. Follow it first: its proposal is read there.`,
		);
	}
	return { dao, ref: refOf(dao) as SnapshotRef };
}

/** Snapshot asks a Safe about its signatures on one network: that of the space. */
async function assertSameNetwork(session: Session, { ref }: Space, safe: ContractRef): Promise<void> {
	const network = await snapshotFor(session).network(ref);
	if (network === safe.chainId) return;
	throw new ServiceError(
		'safe/other-network',
		network === null
			? 'The hub does not say on which network this space asks contracts about their signatures, so a Safe’s vote cannot be checked.'
			: `This space asks contracts about their signatures on chain ${network}, and this Safe is on chain ${safe.chainId}. Its vote would not be taken.`,
	);
}

function reviewFor(session: Session, file: SafeFile, safe: DaoRow, space: Space, words: ProposalWords): Review {
	const { vote, voter } = safeVote(file);
	const about: VoteAccount = {
		address: voter,
		context: { kind: 'dao', space: space.ref.space },
		index: 0,
		dao: space.dao.name,
		allowances: snapshotAllowances(space.ref.space, voter),
	};
	const request = { typedData: wireOf(file.typedData), proposal: words, about: { typedData: wireOf(vote), account: about } };
	return reviewTypedData(accountOf(safe), request, session.clock);
}

interface Asked {
	/** The Snapshot space's row. */
	readonly dao: DaoRow;
	readonly proposalId: string;
	readonly choice: Choice;
	readonly reason: string;
	readonly safeId: string;
}

/** A new vote in the name of a Safe, to be reviewed by the owner who begins it. Nothing is kept before it is signed. */
export async function draftForSafe(session: Session, { dao, proposalId, choice, reason, safeId }: Asked): Promise<VoteSubject> {
	const ref = refOf(dao);
	if (ref.system !== 'snapshot') throw new ServiceError('safe/not-snapshot', 'A Safe votes here in Snapshot spaces only.');
	const safe = daoRow(session, safeId);
	const followed = safeRef(session, safeId);
	const { chainId, contract } = followed;
	const space: Space = { dao, ref };
	const adapter = snapshotFor(session);
	await assertOwner(session, safe);
	await assertSameNetwork(session, space, { system: 'safe', chainId, contract });
	const proposal = await adapter.proposal(ref, proposalId);
	assertReadable(proposal.secretUntilClose);
	const { typedData: vote, words } = await adapter.draft(ref, proposal, { voter: contract, choice, reason });
	const file = safeVoteFile({ system: 'safe', chainId, contract }, vote);
	const review = reviewFor(session, file, safe, space, words);
	return { dao, proposalId, title: displayText(words.title, 300), review, safeId, safeService: safeHost(followed), about: vote };
}

function assertReadable(secret: boolean): void {
	if (secret)
		throw new VoteError(
			'vote/not-supported',
			'This vote keeps choices encrypted until it closes, so that the Safe’s other owners could not read what they sign.',
		);
}

async function assertOwner(session: Session, safe: DaoRow): Promise<void> {
	const { owners } = await safeFor(session).facts(safeRef(session, safe.id));
	if (!owners.some((owner) => isOne(owner, accountOf(safe).address)))
		throw new VoteError('vote/not-an-owner', `Your account for this Safe, ${accountOf(safe).address}, is not one of its owners.`);
}

/**
 * What an owner has read: signed, and kept with the other owners' signatures and among the votes; then left at the owners' service, where
 * that is asked for.
 */
export async function signAsOwner(session: Session, { dao, proposalId, title, review, safeId, about }: VoteSubject, leave: boolean): Promise<VoteRow> {
	const safe = daoRow(session, safeId ?? '');
	const ref = safeRef(session, safe.id);
	const { address: signer } = accountOf(safe);
	if (review.account !== signer || !about) throw new ServiceError('votes/not-followed', 'You do not follow this Safe any more.');
	const before = await safeQueue(session).find(ref, review.digest);
	const signature = signReviewed(review, session.vault);
	const signed = await addSignature(safeVoteFile(ref, about), { owner: signer, signature });
	const file = before ? mergeSafeFiles(before, signed) : signed;
	const receipt: VoteReceipt = { ref: refOf(dao), proposalId, signer, voter: ref.contract, typedData: about, signature, safe: bare(ref), state: 'signed' };
	const row = newRow(session, dao, title, review.sentence, receipt, 'signed');
	await safeQueue(session).put(ref, file);
	session.vault.transaction(() => {
		session.vault.votes.insert(row);
		record(session, {
			kind: 'voted',
			title: `Signed a vote of ${safe.name} in ${dao.name}`,
			shared: [review.sentence],
			detail: 'It counts once enough owners have signed and one of them hands it in.',
		});
	});
	session.changed('votes', row.id);
	if (!leave || !ref.serviceUrl) return row;
	try {
		await safeFor(session).leave(ref, review.digest, signer);
	} catch (error) {
		const { message } = errorInfo(error);
		throw new ServiceError('safe/not-left', `${message} Your signature is kept with the Safe’s votes: send it from there, or hand it on as a file.`, {}, error);
	}
	return row;
}

const bare = ({ chainId, contract }: ContractRef): ContractRef => ({ system: 'safe', chainId, contract });

function newRow(session: Session, dao: DaoRow, title: string, sentence: string, receipt: VoteReceipt, state: VoteRow['state']): VoteRow {
	const words: Words = { ...ownMark(), dao: dao.name, title, sentence };
	return {
		id: newId(session.random),
		context: dao.context,
		proposalId: receipt.proposalId,
		state,
		words,
		receipt: receipt as unknown as JsonObject,
		lastCheck: null,
		createdAt: session.clock.now(),
	};
}

/**
 * Holds a file from another owner to what can be signed and counted here, before it is kept.
 * @throws VoteError vote/not-a-vote; ServiceError safe/space-not-followed, safe/not-an-owner
 */
export async function checkMessage(session: Session, ref: ContractRef, file: SafeFile): Promise<void> {
	spaceOf(session, safeVote(file).space);
	const { owners } = await safeFor(session).facts(ref);
	const stranger = file.signatures.find(({ owner, byContract }) => byContract || !owners.some((each) => isOne(each, owner)));
	if (stranger)
		throw new ServiceError(
			'safe/not-an-owner',
			stranger.byContract
				? 'This file has the signature of a contract, which Holdfast cannot check in a message. Nothing was taken in.'
				: `This file has a signature of ${stranger.owner}, who is not an owner of this Safe now. Nothing was taken in.`,
		);
}

interface Opened {
	readonly safe: DaoRow;
	readonly ref: ContractRef;
	readonly space: Space;
	readonly vote: SafeVote;
	readonly title: string;
	/** Why it cannot be signed or handed in any more. */
	readonly over: string | null;
	readonly review: Review;
}

async function opened(session: Session, safeId: string, file: SafeFile): Promise<Opened> {
	const safe = daoRow(session, safeId);
	const vote = safeVote(file);
	const space = spaceOf(session, vote.space);
	const proposal = await snapshotFor(session).proposal(space.ref, vote.proposalId);
	// Nothing is put into the words of a proposal that is not what its author signed.
	if (proposal.report.result === 'failed')
		throw new VoteError('vote/not-open', proposal.obstacle ?? proposal.report.reason ?? 'This proposal could not be checked.');
	assertReadable(proposal.secretUntilClose);
	const { id, title, options, voting } = proposal;
	const isOld = session.clock.now() >= vote.until;
	return {
		safe,
		ref: safeRef(session, safeId),
		space,
		vote,
		title,
		over: proposal.obstacle ?? (isOld ? 'This vote was begun more than six days ago, and Snapshot takes it no more. Begin it again.' : null),
		review: reviewFor(session, file, safe, space, { id, title, options, voting }),
	};
}

/** The vote in this wallet's list: the one that was handed in, else the newest. */
function voteOf(session: Session, { dao }: Space, { vote, voter }: SafeVote): VoteRow | undefined {
	const digest = digestOf(vote);
	const same = session.vault.votes.list({ context: dao.context }).filter((row) => {
		const receipt = receiptOf(row);
		return isOne(receipt.voter, voter) && digestOf(receipt.typedData) === digest;
	});
	return same.find(({ state }) => state === 'sent' || state === 'sending') ?? same[0];
}

export async function messageView(session: Session, safeId: string, file: SafeFile): Promise<SafeMessage> {
	const { safe, ref, space, vote, title, over, review } = await opened(session, safeId, file);
	const { owners, threshold } = await safeFor(session).facts(ref);
	const { address } = accountOf(safe);
	const signers = file.signatures.map(({ owner }) => owner).filter((owner) => owners.some((each) => isOne(each, owner)));
	const row = voteOf(session, space, vote);
	const isOver = row?.state === 'sent' ? 'It was handed in.' : over;
	return {
		...messageSummary(file),
		title: displayText(title, 300),
		safeName: safe.name,
		spaceId: space.dao.id,
		proposalId: vote.proposalId,
		sentence: review.sentence,
		lines: review.lines.map(({ label, value }) => ({ label, value })),
		warnings: [...review.warnings],
		signers,
		need: threshold,
		isOwner: owners.some((owner) => isOne(owner, address)),
		own: signers.some((owner) => isOne(owner, address)),
		taker: hostOf(space.ref.sequencerUrl),
		service: safeHost(ref),
		over: isOver,
		waits: isOver === null ? await notReady(session, file) : null,
		voteId: row?.id ?? null,
	};
}

/** What the Safe says of the signatures so far, asked on the user's node; null where it takes them. */
async function notReady(session: Session, file: SafeFile): Promise<string | null> {
	try {
		await safeFor(session).contractSignature(file);
		return null;
	} catch (error) {
		if (!(error instanceof HoldfastError) || (error.code !== 'vote/too-few-signatures' && error.code !== 'vote/bad-signature')) throw error;
		return error.message;
	}
}

export async function reviewMessage(session: Session, safeId: string, file: SafeFile): Promise<ReturnType<typeof reviewView>> {
	const { safe, ref, space, vote, title, over, review } = await opened(session, safeId, file);
	if (over !== null) throw new VoteError('vote/not-open', over);
	await assertOwner(session, safe);
	const subject: VoteSubject = {
		dao: space.dao,
		proposalId: vote.proposalId,
		title: displayText(title, 300),
		review,
		safeId,
		safeService: safeHost(ref),
		about: vote.vote,
	};
	return reviewView(session.reviews.open('vote', subject), subject);
}

/**
 * Hands the vote in, with the owners' signatures joined: only after the Safe itself has said, on the user's node, that it takes them.
 * @throws VoteError vote/not-open, vote/too-few-signatures, vote/bad-signature, vote/refused; ServiceError safe/already-sent, votes/no-answer
 */
export async function sendMessage(session: Session, safeId: string, file: SafeFile): Promise<VoteView> {
	const { safe, ref, space, vote, title, over, review } = await opened(session, safeId, file);
	if (over !== null) throw new VoteError('vote/not-open', over);
	await assertSameNetwork(session, space, ref);
	const before = voteOf(session, space, vote);
	if (before?.state === 'sent') throw new ServiceError('safe/already-sent', 'This vote was handed in already. Look among your votes whether it counted.');
	const signature = await safeFor(session).contractSignature(file);
	const signed = { typedData: vote.vote, signer: ref.contract, signature };
	const receipt: VoteReceipt = { ref: space.ref, proposalId: vote.proposalId, ...signed, voter: ref.contract, safe: bare(ref), state: 'sent' };
	const row = before ?? newRow(session, space.dao, displayText(title, 300), review.sentence, receipt, 'sending');
	// Before it leaves: whatever happens then, what was sent is known here.
	session.vault.transaction(() => {
		if (before) session.vault.votes.update(row.id, { state: 'sending', receipt: receipt as unknown as JsonObject });
		else session.vault.votes.insert(row);
		record(session, { kind: 'voted', title: `Voted in ${space.dao.name}`, shared: [review.sentence], detail: `As ${safe.name}, ${ref.contract}` });
	});
	session.changed('votes', row.id);
	await handIn(session, { id: row.id, dao: space.dao.name, sentence: review.sentence, receipt }, () => snapshotFor(session).submit(space.ref, signed));
	return voteView(session, session.vault.votes.get(row.id) ?? row);
}
