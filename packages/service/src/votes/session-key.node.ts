import type { SessionKey } from '@holdfast/contract';
import { type Clock, epochSeconds, errorInfo } from '@holdfast/kernel';
import type { DaoRow } from '@holdfast/vault';
import {
	ALIAS_LIFE_MS,
	accountAddress,
	aliasAllowances,
	aliasMessage,
	checkKeySignature,
	MESSAGE_LIFE_MS,
	type Review,
	readSignature,
	reviewTypedData,
	type SnapshotRef,
	snapshotAllowances,
	type TypedData,
	type VoteAccount,
	walletRequest,
} from '@holdfast/web3';
import { z } from 'zod';
import { record } from '../activity.node.ts';
import { ServiceError } from '../errors.ts';
import type { Session } from '../session.node.ts';
import { snapshotFor } from './adapters.node.ts';
import { accountOf, refOf } from './rows.node.ts';

// A key of this wallet that votes on Snapshot for an account whose key is elsewhere. The owner signs its beginning and its end there;
// here only the votes of one space are signed with it.

type Address = VoteAccount['address'];

const zAddress = z.string().transform((value) => value as Address);
const Stored = z.object({
	/** Counts up: Snapshot takes an address as a session key once, for one owner, also after it has expired. */
	lastIndex: z.number().int().min(0),
	key: z
		.object({
			owner: zAddress,
			address: zAddress,
			index: z.number().int().min(1),
			/** When the message that began it was made: its 90 days count from there. Null until it was taken. */
			begunAt: z.number().nullable(),
			request: z.object({ act: z.enum(['begin', 'end']), askedAt: z.number() }).nullable(),
		})
		.nullable(),
});
type Stored = z.output<typeof Stored>;
type Key = NonNullable<Stored['key']>;
type Request = NonNullable<Key['request']>;

// Beside the DAO, not in it: who follows the space again finds the session key again, which Snapshot lists all the while.
const settingOf = (dao: DaoRow): string => `votes.session-key:${dao.context}`;

const stored = (session: Session, dao: DaoRow): Stored => session.vault.settings.get(settingOf(dao), Stored) ?? { lastIndex: 0, key: null };

function keep(session: Session, dao: DaoRow, value: Stored): void {
	session.vault.settings.set(settingOf(dao), value);
	session.changed('daos', dao.id);
}

/** The moment that a message made now says: in whole seconds, so that the 90 days end here when they end there. */
const messageTime = (session: Session): number => epochSeconds(session.clock) * 1000;

const noKey = () => new ServiceError('votes/no-session-key', 'There is no session key for this space.');

function keyOf(session: Session, dao: DaoRow): Key {
	const { key } = stored(session, dao);
	if (!key) throw noKey();
	return key;
}

function spaceOf(dao: DaoRow): SnapshotRef {
	const ref = refOf(dao);
	if (ref.system !== 'snapshot') throw new ServiceError('votes/no-session-keys', 'Session keys exist in Snapshot spaces only.');
	return ref;
}

const expiresAt = ({ begunAt }: Key): number | null => (begunAt === null ? null : begunAt + ALIAS_LIFE_MS);

function stateOf(key: Key, now: number): SessionKey['state'] {
	const until = expiresAt(key);
	if (until === null) return 'asked';
	return now < until ? 'in-force' : 'expired';
}

const messageOf = ({ owner, address }: Key, { act, askedAt }: Request): TypedData => aliasMessage(act, owner, address, { now: () => askedAt });

/** The request in the words of the firewall's renderer. Nothing here can sign it: the owner's key is elsewhere. */
function requestView(dao: DaoRow, key: Key, request: Request, clock: Clock): NonNullable<SessionKey['request']> {
	const { struct: _struct, ...wire } = messageOf(key, request);
	const { context, dao: name } = accountOf(dao);
	const owner: VoteAccount = { address: key.owner, context, index: 0, dao: name, allowances: aliasAllowances(key.owner, key.address) };
	const { sentence, lines, warnings, digest, typedData } = reviewTypedData(owner, { typedData: wire }, clock);
	const { sequencerUrl } = spaceOf(dao);
	return {
		act: request.act,
		sentence,
		lines: lines.map(({ label, value }) => ({ label, value })),
		warnings: [...warnings],
		typedData: walletRequest(typedData),
		digest,
		until: request.askedAt + MESSAGE_LIFE_MS,
		taker: URL.parse(sequencerUrl)?.host ?? sequencerUrl,
	};
}

export function sessionKeyView(session: Session, dao: DaoRow): SessionKey | null {
	const { key } = stored(session, dao);
	return key && viewOf(session, dao, key);
}

function viewOf(session: Session, dao: DaoRow, key: Key): SessionKey {
	return {
		owner: key.owner,
		address: key.address,
		state: stateOf(key, session.clock.now()),
		expiresAt: expiresAt(key),
		request: key.request && requestView(dao, key, key.request, session.clock),
	};
}

/** A new key for each beginning. One that was asked for and not taken, or that has expired, is replaced. */
export function beginSessionKey(session: Session, dao: DaoRow, ownerText: string): SessionKey {
	spaceOf(dao);
	const { lastIndex, key: before } = stored(session, dao);
	if (before && stateOf(before, session.clock.now()) === 'in-force')
		throw new ServiceError('votes/session-key-exists', 'This space has a session key already. End it first, or stop using it here.');
	const index = lastIndex + 1;
	const { context, address: own } = accountOf(dao);
	const address = accountAddress(context, session.vault, index);
	const request: Request = { act: 'begin', askedAt: messageTime(session) };
	// Read back from the message, where addresses have one spelling.
	const owner = messageOf({ owner: ownerText as Address, address, index, begunAt: null, request }, request).message.from as Address;
	if (owner === own || owner === address)
		throw new ServiceError('votes/own-account', 'This is the account that was made here. It votes with its own key and needs no session key.');
	const key: Key = { owner, address, index, begunAt: null, request };
	keep(session, dao, { lastIndex: index, key });
	return viewOf(session, dao, key);
}

/** Keys of one space that are tried: each beginning makes the next one. */
const SEARCHED = 50;

/**
 * Takes up a session key of this wallet that the hub lists for an account: after a recovery from the phrase, which says nothing of it.
 * The hub learns that somebody asks about the account.
 * @throws ServiceError votes/session-key-exists, votes/no-session-key-listed
 */
export async function findSessionKey(session: Session, dao: DaoRow, ownerText: string): Promise<SessionKey> {
	const ref = spaceOf(dao);
	const { lastIndex, key: before } = stored(session, dao);
	if (before && stateOf(before, session.clock.now()) === 'in-force')
		throw new ServiceError('votes/session-key-exists', 'This space has a session key already. End it first, or stop using it here.');
	const { context } = accountOf(dao);
	// In the spelling that messages have, which the hub goes by.
	const owner = aliasMessage('begin', ownerText as Address, accountAddress(context, session.vault, 1), session.clock).message.from as Address;
	const listed = new Map((await snapshotFor(session).aliases(ref, owner)).map(({ address, begunAt }) => [address.toLowerCase(), begunAt]));
	// The newest first: an older one may be listed still.
	for (let index = SEARCHED; index >= 1; index -= 1) {
		const address = accountAddress(context, session.vault, index);
		const begunAt = listed.get(address.toLowerCase());
		if (begunAt === undefined) continue;
		const key: Key = { owner, address, index, begunAt, request: null };
		session.vault.transaction(() => {
			keep(session, dao, { lastIndex: Math.max(lastIndex, index), key });
			record(session, { kind: 'identity', title: `Session key for votes in ${dao.name} found again`, detail: `It votes for ${owner}` });
		});
		return viewOf(session, dao, key);
	}
	throw new ServiceError('votes/no-session-key-listed', 'Snapshot lists no session key of this wallet for that account. Make a new one.');
}

export function endSessionKey(session: Session, dao: DaoRow): SessionKey {
	const value = stored(session, dao);
	const { key } = value;
	if (!key || stateOf(key, session.clock.now()) !== 'in-force') throw noKey();
	const ending: Key = { ...key, request: { act: 'end', askedAt: messageTime(session) } };
	keep(session, dao, { ...value, key: ending });
	return viewOf(session, dao, ending);
}

/** Takes the open request back; a key that was only asked for goes with it. */
export function withdrawSessionKey(session: Session, dao: DaoRow): SessionKey | null {
	const value = stored(session, dao);
	if (value.key?.request) keep(session, dao, { ...value, key: value.key.begunAt === null ? null : { ...value.key, request: null } });
	return sessionKeyView(session, dao);
}

export function dropSessionKey(session: Session, dao: DaoRow): void {
	const value = stored(session, dao);
	if (!value.key) return;
	const { owner, begunAt } = value.key;
	session.vault.transaction(() => {
		keep(session, dao, { ...value, key: null });
		if (begunAt !== null)
			record(session, { kind: 'deleted', title: `Session key in ${dao.name} no longer used`, detail: `It voted for ${owner}. Snapshot may still list it.` });
	});
}

/**
 * Holds the signature to the owner and to exactly this request, before it leaves.
 * @throws ServiceError votes/request-too-old, votes/other-signer, VoteError vote/bad-signature, vote/refused and others of the service
 */
export async function handInSessionKey(session: Session, dao: DaoRow, text: string): Promise<SessionKey | null> {
	const ref = spaceOf(dao);
	const key = keyOf(session, dao);
	const { request } = key;
	if (!request) throw new ServiceError('votes/no-request', 'There is nothing to be signed for this session key now.');
	if (session.clock.now() >= request.askedAt + MESSAGE_LIFE_MS)
		throw new ServiceError('votes/request-too-old', 'This request is more than six days old, and Snapshot takes it no more. Make a new one and sign that.');
	const typedData = messageOf(key, request);
	const signature = readSignature(text);
	try {
		await checkKeySignature({ typedData, signer: key.owner, signature });
	} catch (error) {
		throw new ServiceError(
			'votes/other-signer',
			`This is not the signature of ${key.owner} over this request. Sign exactly this request, with that account; a contract such as a Safe cannot do it here. Nothing was sent.`,
			{},
			error,
		);
	}
	await handIn(session, ref, key, { typedData, signature, act: request.act });
	return taken(session, dao, key);
}

async function handIn(
	session: Session,
	ref: SnapshotRef,
	{ owner, address }: Key,
	{ typedData, signature, act }: Pick<Request, 'act'> & { readonly typedData: TypedData; readonly signature: ReturnType<typeof readSignature> },
): Promise<void> {
	const snapshot = snapshotFor(session);
	try {
		await snapshot.submit(ref, { typedData, signer: owner, signature });
	} catch (error) {
		// The answer to an earlier attempt may have been lost: then the service refuses a second one, and the hub knows.
		const listed = await snapshot.aliases(ref, owner).catch(() => undefined);
		if (listed?.some((each) => each.address.toLowerCase() === address.toLowerCase()) === (act === 'begin')) return;
		const { code, message } = errorInfo(error);
		if (code === 'vote/refused') throw error;
		throw new ServiceError('votes/no-answer', `${message} It may have been taken all the same: hand the same signature in again.`, {}, error);
	}
}

function taken(session: Session, dao: DaoRow, sent: Key): SessionKey | null {
	return session.vault.transaction(() => {
		const value = stored(session, dao);
		const { request } = sent;
		// Whoever withdrew it meanwhile would not know what Snapshot has taken: the answer decides.
		if (request?.act === 'begin') {
			const key: Key = { ...sent, begunAt: request.askedAt, request: null };
			keep(session, dao, { lastIndex: Math.max(value.lastIndex, sent.index), key });
			record(session, { kind: 'identity', title: `Session key made for votes in ${dao.name}`, detail: `It votes for ${sent.owner}` });
			return viewOf(session, dao, key);
		}
		keep(session, dao, { ...value, key: null });
		record(session, { kind: 'deleted', title: `Session key in ${dao.name} ended`, detail: `It voted for ${sent.owner}` });
		return null;
	});
}

/** The account of a session key in force: the votes of this space for its owner, and nothing else. */
function sessionAccount(session: Session, dao: DaoRow, key: Key): VoteAccount {
	if (stateOf(key, session.clock.now()) !== 'in-force')
		throw new ServiceError('votes/session-key-expired', 'Your session key for this space has expired. Make a new one, or stop using it, on the DAO’s page.');
	const { context, dao: name } = accountOf(dao);
	return { address: key.address, context, index: key.index, dao: name, allowances: snapshotAllowances(spaceOf(dao).space, key.owner) };
}

/** Which account signs votes in a DAO, and for whom. A session key that was begun goes before the DAO's own account. */
export function votesAs(session: Session, dao: DaoRow): { readonly account: VoteAccount; readonly voter: Address } {
	const { key } = stored(session, dao);
	if (!key || key.begunAt === null) return { account: accountOf(dao), voter: accountOf(dao).address };
	return { account: sessionAccount(session, dao, key), voter: key.owner };
}

/** Whose votes are one's own in a DAO, also once the session key has expired. */
export function ownVoter(session: Session, dao: DaoRow): Address {
	const { key } = stored(session, dao);
	return key && key.begunAt !== null ? key.owner : accountOf(dao).address;
}

/** Who signs typed data from elsewhere: the session key what is in its owner's name, the DAO's account everything else. */
export function signerFor(session: Session, dao: DaoRow, { message }: TypedData): VoteAccount {
	const { key } = stored(session, dao);
	return key && key.begunAt !== null && message.from === key.owner ? sessionAccount(session, dao, key) : accountOf(dao);
}

/** The account that a review was made for, if it still signs: a session key may have ended since. */
export function stillSigns(session: Session, dao: DaoRow, { account }: Review): VoteAccount {
	const own = accountOf(dao);
	if (account === own.address) return own;
	const { key } = stored(session, dao);
	if (!key || key.address !== account) throw noKey();
	return sessionAccount(session, dao, key);
}
