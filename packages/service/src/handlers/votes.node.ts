import type { FollowReview, Proposal as ProposalView, VoteReview } from '@holdfast/contract';
import { displayText, epochSeconds, errorInfo, type JsonObject, newId } from '@holdfast/kernel';
import type { DaoRow, VoteRow } from '@holdfast/vault';
import {
	allowanceFor,
	boundKey,
	type CountCheck,
	contextName,
	type DaoDescription,
	type DaoRef,
	type Proposal,
	parseTypedData,
	prose,
	type ReviewRequest,
	relayCall,
	reviewTypedData,
	signReviewed,
	type TypedData,
	type VoteAccount,
	VoteError,
	type VoteReceipt,
} from '@holdfast/web3';
import { record } from '../activity.node.ts';
import { ServiceError } from '../errors.ts';
import { ownMark } from '../recovery.node.ts';
import type { Handlers } from '../service.node.ts';
import type { Session } from '../session.node.ts';
import { adapterFor, delegationFor, detectKind, safeFor } from '../votes/adapters.node.ts';
import { handIn } from '../votes/hand-in.node.ts';
import { proposalReading } from '../votes/reading.node.ts';
import { accountOf, daoRow, refOf, safeRef } from '../votes/rows.node.ts';
import { draftForSafe, signAsOwner } from '../votes/safe-vote.node.ts';
import {
	beginSessionKey,
	dropSessionKey,
	endSessionKey,
	findSessionKey,
	handInSessionKey,
	ownVoter,
	sessionKeyView,
	signerFor,
	stillSigns,
	votesAs,
	withdrawSessionKey,
} from '../votes/session-key.node.ts';
import { receiptOf, reviewView, takerOf, type VoteSubject, voteView, type Words } from '../votes/view.node.ts';
import { daoView, learnsWords, safeHost, signsWords, waysWords, whereWords } from '../votes/words.node.ts';

export interface FollowSubject {
	readonly ref: DaoRef;
	readonly account: VoteAccount;
}

const PROPOSALS = 50;
/** Stands for the proposal of what belongs to none, such as a delegation. */
const NO_PROPOSAL = '-';
const MAX_CALL_DATA = 20_000;

/** What the account would be, as the DAO describes itself now. */
function accountFor(session: Session, ref: DaoRef, described: DaoDescription): VoteAccount {
	const context = adapterFor(session, ref).context(ref);
	const { address } = boundKey(context, session.vault, session.clock.now());
	return { address, context, index: 0, dao: described.name, allowances: described.allowances(address) };
}

const KINDS = { governor: 'Governor (OpenZeppelin)', bravo: 'Governor Bravo', baal: 'Moloch v3 (Baal)', safe: 'Safe' } as const;

/** Where nothing of the chosen kind is there: what there is instead, if that is known. */
async function otherKind(session: Session, ref: DaoRef, error: unknown): Promise<never> {
	if (ref.system === 'snapshot' || errorInfo(error).code !== 'vote/no-such-dao') throw error;
	const { system } = await detectKind(session, ref);
	if (system === ref.system) throw error;
	throw new ServiceError('votes/other-kind', `At this address is another kind: choose “${KINDS[system]}”.`, { system });
}

function proposalView(dao: DaoRow, proposal: Proposal): ProposalView {
	return {
		id: proposal.id,
		daoId: dao.id,
		daoName: dao.name,
		title: displayText(proposal.title, 300) || 'Proposal without a title',
		state: proposal.state,
		startsAt: proposal.startsAt,
		endsAt: proposal.endsAt,
		author: displayText(proposal.author, 100),
		ends: displayText(proposal.ends, 100),
		body: prose(proposal.body).map(({ kind, parts }) => ({ kind, parts: [...parts] })),
		voting: proposal.voting,
		counting: proposal.counting ?? null,
		options: proposal.options.map(({ value, label }) => ({
			value,
			label: displayText(label, 300) || `Option ${value}`,
			power: proposal.tally?.find((each) => each.value === value)?.power ?? null,
		})),
		secretUntilClose: proposal.secretUntilClose,
		takesReason: proposal.takesReason,
		calls: proposal.calls.map(({ target, value, data, operation }) => ({
			target,
			value: value.toString(),
			data: data.length > MAX_CALL_DATA ? `${data.slice(0, MAX_CALL_DATA)}…` : data,
			delegate: operation === 1,
		})),
		report: proposal.report,
		obstacle: proposal.obstacle,
	};
}

interface ReviewOf {
	readonly dao: DaoRow;
	/** Who signs. */
	readonly account: VoteAccount;
	readonly title: string;
	readonly proposalId: string;
}

function openReview(session: Session, { dao, account, title, proposalId }: ReviewOf, request: ReviewRequest): VoteReview {
	const subject: VoteSubject = { dao, proposalId, title: displayText(title, 300), review: reviewTypedData(account, request, session.clock) };
	return reviewView(session.reviews.open('vote', subject), subject);
}

/** What a relayer is given: it follows from what was signed. Snapshot and a Safe's other owners take the signature itself. */
const relayOf = (ref: DaoRef, vote: Pick<VoteReceipt, 'typedData' | 'signature'>): VoteReceipt['relay'] =>
	ref.system === 'snapshot' || ref.system === 'safe' ? undefined : relayCall(vote);

/** The token that a delegation was signed for. */
function delegated({ typedData }: VoteReceipt): { readonly chainId: number; readonly token: VoteReceipt['signer'] } | undefined {
	const { chainId, verifyingContract: token } = typedData.domain;
	const isDelegation = typedData.struct === 'delegation' || typedData.struct === 'baal-delegation';
	return isDelegation && chainId !== undefined && token !== undefined ? { chainId, token } : undefined;
}

/** Looks at the chain or the hub. */
function checkCounted(session: Session, receipt: VoteReceipt): Promise<CountCheck> {
	const token = delegated(receipt);
	if (token) return delegationFor(session).check(token, { holder: receipt.signer, typedData: receipt.typedData });
	return adapterFor(session, receipt.ref).check(receipt.ref, receipt);
}

/** How long an activation can be handed in, in seconds. */
const ACTIVATION_SEC = 7 * 86_400;

/** Typed data as it comes from outside: without our own name for its struct. */
const wireOf = ({ struct: _struct, ...wire }: TypedData): unknown => wire;

function readJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		throw new ServiceError('votes/not-json', 'This is not typed data: it cannot be read as JSON.');
	}
}

/** The voter that a message names: the account itself, or whom it votes for with a session key. */
function voterIn({ message }: TypedData, account: VoteAccount): VoteReceipt['voter'] {
	const named = message.voter ?? message.from;
	return typeof named === 'string' ? (named as VoteReceipt['voter']) : account.address;
}

export const voteHandlers: Handlers<
	| 'votes.daos'
	| 'votes.look'
	| 'votes.follow'
	| 'votes.unfollow'
	| 'votes.sessionKey'
	| 'votes.beginSessionKey'
	| 'votes.findSessionKey'
	| 'votes.endSessionKey'
	| 'votes.handInSessionKey'
	| 'votes.withdrawSessionKey'
	| 'votes.dropSessionKey'
	| 'votes.proposals'
	| 'votes.proposal'
	| 'votes.reading'
	| 'votes.standing'
	| 'votes.prepare'
	| 'votes.prepareTypedData'
	| 'votes.prepareActivation'
	| 'votes.approve'
	| 'votes.refuse'
	| 'votes.list'
	| 'votes.get'
	| 'votes.check'
> = {
	'votes.daos': (_input, session) => session.vault.daos.list().map((row) => daoView(session, row)),

	'votes.look': async ({ ref: asked }, session): Promise<FollowReview> => {
		const ref = asked as DaoRef;
		const adapter = adapterFor(session, ref);
		if (session.vault.daos.ofContext(contextName(adapter.context(ref)))) throw new ServiceError('votes/followed', 'You follow this DAO already.');
		const described = await adapter.describe(ref).catch((error: unknown) => otherKind(session, ref, error));
		const account = accountFor(session, ref, described);
		return {
			id: session.reviews.open('follow', { ref, account }),
			dao: {
				name: described.name,
				system: ref.system,
				where: whereWords(session, ref),
				account: account.address,
				safeService: safeHost(ref),
				learns: learnsWords(session, ref),
			},
			facts: described.facts.map(({ label, value }) => ({ label: displayText(label, 120), value: displayText(value, 300) })),
			power: displayText(described.power.words, 600),
			signs: signsWords(account),
			ways: waysWords(ref),
		};
	},

	'votes.follow': ({ id }, session) => {
		const { ref, account } = session.reviews.take('follow', id);
		const { row: key } = boundKey(account.context, session.vault, session.clock.now(), account.index);
		const dao: DaoRow = {
			id: newId(session.random),
			context: contextName(account.context),
			name: account.dao,
			ref: ref as unknown as JsonObject,
			kid: key.kid,
			account: account as unknown as JsonObject,
			addedAt: session.clock.now(),
		};
		session.vault.transaction(() => {
			if (session.vault.daos.ofContext(dao.context)) throw new ServiceError('votes/followed', 'You follow this DAO already.');
			if (!session.vault.keys.get(key.kid)) session.vault.keys.insert(key);
			session.vault.daos.insert(dao);
			record(session, { kind: 'identity', title: `Account made for votes in ${dao.name}`, detail: account.address });
		});
		session.changed('daos');
		return daoView(session, dao);
	},

	'votes.unfollow': ({ id }, session) => {
		const dao = daoRow(session, id);
		session.vault.transaction(() => {
			session.vault.daos.remove(id);
			session.vault.keys.delete(dao.kid);
			record(session, { kind: 'deleted', title: `No longer following ${dao.name}`, detail: 'Its account comes back when you follow it again.' });
		});
		session.changed('daos');
		return {};
	},

	'votes.sessionKey': ({ daoId }, session) => sessionKeyView(session, daoRow(session, daoId)),
	'votes.beginSessionKey': ({ daoId, owner }, session) => beginSessionKey(session, daoRow(session, daoId), owner),
	'votes.findSessionKey': ({ daoId, owner }, session) => findSessionKey(session, daoRow(session, daoId), owner),
	'votes.endSessionKey': ({ daoId }, session) => endSessionKey(session, daoRow(session, daoId)),
	'votes.handInSessionKey': ({ daoId, signature }, session) => handInSessionKey(session, daoRow(session, daoId), signature),
	'votes.withdrawSessionKey': ({ daoId }, session) => withdrawSessionKey(session, daoRow(session, daoId)),
	'votes.dropSessionKey': ({ daoId }, session) => {
		dropSessionKey(session, daoRow(session, daoId));
		return {};
	},

	'votes.proposals': async ({ daoId, open }, session) => {
		const ref = refOf(daoRow(session, daoId));
		const listed = await adapterFor(session, ref).proposals(ref, { open, first: PROPOSALS });
		return listed.map(({ id, title, state, startsAt, endsAt }) => ({
			id,
			title: displayText(title, 300) || 'Proposal without a title',
			state,
			startsAt,
			endsAt,
		}));
	},

	'votes.proposal': async ({ daoId, proposalId }, session) => {
		const dao = daoRow(session, daoId);
		return proposalView(dao, await adapterFor(session, refOf(dao)).proposal(refOf(dao), proposalId));
	},

	'votes.reading': async ({ daoId, proposalId }, session) => {
		const dao = daoRow(session, daoId);
		const ref = refOf(dao);
		const adapter = adapterFor(session, ref);
		const proposal = await adapter.proposal(ref, proposalId);
		return proposalReading(session, { ref, adapter, proposal, name: dao.name, account: ownVoter(session, dao) });
	},

	'votes.standing': async ({ daoId, proposalId, safeId }, session) => {
		const dao = daoRow(session, daoId);
		const adapter = adapterFor(session, refOf(dao));
		const voter = safeId === undefined ? votesAs(session, dao).voter : safeRef(session, safeId).contract;
		return { ...(await adapter.standing(refOf(dao), await adapter.proposal(refOf(dao), proposalId), voter)) };
	},

	'votes.prepare': async ({ daoId, proposalId, choice, reason, safeId }, session) => {
		const dao = daoRow(session, daoId);
		if (safeId !== undefined) {
			const subject = await draftForSafe(session, { dao, proposalId, choice, reason: reason.trim(), safeId });
			return reviewView(session.reviews.open('vote', subject), subject);
		}
		const ref = refOf(dao);
		const adapter = adapterFor(session, ref);
		// Read anew: what is signed follows from what is true now, not from what a screen has shown some time ago.
		const proposal = await adapter.proposal(ref, proposalId);
		const { account, voter } = votesAs(session, dao);
		const { typedData, words, plainChoice, actions } = await adapter.draft(ref, proposal, { voter, choice, reason: reason.trim() });
		const request: ReviewRequest = {
			typedData: wireOf(typedData),
			proposal: words,
			...(plainChoice === undefined ? {} : { plainChoice }),
			...(actions === undefined ? {} : { actions }),
		};
		return openReview(session, { dao, account, title: words.title, proposalId }, request);
	},

	'votes.prepareTypedData': async ({ daoId, text }, session) => {
		const dao = daoRow(session, daoId);
		const ref = refOf(dao);
		const typedData = readJson(text);
		const data = parseTypedData(typedData);
		// What the account would not sign anyway is asked about nowhere.
		const account = signerFor(session, dao, data);
		allowanceFor(account, data);
		const { message } = data;
		const id = message.proposal ?? message.proposalId;
		if (id === undefined) return openReview(session, { dao, account, title: dao.name, proposalId: NO_PROPOSAL }, { typedData });
		const proposal = await adapterFor(session, ref).proposal(ref, String(id));
		if (proposal.obstacle !== null) throw new VoteError('vote/not-open', proposal.obstacle);
		return openReview(session, { dao, account, title: proposal.title, proposalId: proposal.id }, { typedData, proposal });
	},

	'votes.prepareActivation': async ({ daoId }, session) => {
		const dao = daoRow(session, daoId);
		const ref = refOf(dao);
		const { token } = (await adapterFor(session, ref).describe(ref)).power;
		if (!token) throw new ServiceError('votes/no-activation', 'Power in this DAO needs no activation, as far as it says.');
		const account = accountOf(dao);
		const { address } = account;
		const expiry = BigInt(epochSeconds(session.clock) + ACTIVATION_SEC);
		const { typedData } = await delegationFor(session).draft({ chainId: token.chainId, token: token.address }, { holder: address, delegatee: address, expiry });
		return openReview(session, { dao, account, title: 'Activation of your own voting power', proposalId: NO_PROPOSAL }, { typedData: wireOf(typedData) });
	},

	'votes.approve': async ({ id, submit }, session) => {
		const subject = session.reviews.take('vote', id);
		const { dao, proposalId, title, review } = subject;
		// It may have been given up since the review was opened.
		daoRow(session, dao.id);
		if (subject.safeId !== undefined) return voteView(session, await signAsOwner(session, subject, submit));
		const account = stillSigns(session, dao, review);
		const ref = refOf(dao);
		const adapter = adapterFor(session, ref);
		const { typedData } = review;
		const signer = account.address;
		const voter = voterIn(typedData, account);
		const signature = signReviewed(review, session.vault);
		const vote = { typedData, signer, signature };
		const handsIn = submit && takerOf(ref) !== null;
		const relay = relayOf(ref, vote);
		const receipt: VoteReceipt = {
			ref,
			proposalId,
			...vote,
			voter,
			state: handsIn ? 'sent' : 'signed',
			...(relay ? { relay } : {}),
		};
		const words: Words = { ...ownMark(), dao: dao.name, title, sentence: review.sentence };
		const row: VoteRow = {
			id: newId(session.random),
			context: dao.context,
			proposalId,
			state: handsIn ? 'sending' : 'signed',
			words,
			receipt: receipt as unknown as JsonObject,
			lastCheck: null,
			createdAt: session.clock.now(),
		};
		// Before it leaves: whatever happens then, what was signed is known here.
		session.vault.transaction(() => {
			session.vault.votes.insert(row);
			record(session, {
				kind: 'voted',
				title: handsIn ? `Voted in ${dao.name}` : `Signed a vote in ${dao.name}`,
				shared: [review.sentence],
				detail: handsIn ? `As ${voter}` : 'The signature was given to you: it counts once somebody hands it in.',
			});
		});
		session.changed('votes', row.id);
		if (!handsIn || !adapter.submit) {
			// What an owner of a Safe has signed stands in its file for the other owners, whoever hands it on.
			if (ref.system === 'safe') await safeFor(session).submit?.({ ...ref, serviceUrl: null }, vote);
			return voteView(session, row);
		}
		const { submit: take } = adapter;
		await handIn(session, { id: row.id, dao: dao.name, sentence: review.sentence, receipt }, () => take(ref, vote));
		return voteView(session, session.vault.votes.get(row.id) ?? row);
	},

	'votes.refuse': ({ id }, session) => {
		session.reviews.take('vote', id);
		return {};
	},

	'votes.list': (_input, session) => session.vault.votes.list().map((row) => voteView(session, row)),

	'votes.get': ({ id }, session) => voteView(session, voteRow(session, id)),

	'votes.check': async ({ id }, session) => {
		const row = voteRow(session, id);
		const receipt = receiptOf(row);
		const found = await checkCounted(session, receipt);
		const lastCheck = { state: found.state, words: displayText(found.words, 300), report: found.report, at: session.clock.now() } as unknown as JsonObject;
		// A vote without an answer that is counted was taken after all.
		session.vault.votes.update(id, { lastCheck, ...(row.state === 'sending' && found.state === 'counted' ? { state: 'sent' as const } : {}) });
		session.changed('votes', id);
		return voteView(session, voteRow(session, id));
	},
};

function voteRow(session: Session, id: string): VoteRow {
	const row = session.vault.votes.get(id);
	if (!row) throw new ServiceError('votes/unknown', 'There is no such vote in this wallet.');
	return row;
}
