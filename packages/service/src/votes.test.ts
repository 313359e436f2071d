import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CallInput, CallName, CallOutput } from '@holdfast/contract';
import { systemClock, systemRandom } from '@holdfast/kernel';
import { createGuardedFetch, type GuardedFetch } from '@holdfast/net';
import { TestSnapshotHub } from '@holdfast/web3/testing';
import { type Contract, startTestChain, type TestChain } from '@holdfast/web3/testing/chain';
import { encodeFunctionData } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createService, type Service } from './index.ts';

// A DAO followed, a vote reviewed, signed, taken and counted; and everything else that somebody could ask of its account.

const PASSPHRASE = 'six green lanterns over quiet water';
const folder = mkdtempSync(join(tmpdir(), 'holdfast-votes-'));
const hub = new TestSnapshotHub({ space: 'example.eth', clock: systemClock });
/** What happens to the next request to the sequencer. */
let handIn: 'passes' | 'is lost' | 'arrives unanswered' = 'passes';
const guarded = createGuardedFetch({ allowLoopback: true });
const fetch: GuardedFetch = async (url, init) => {
	if (!String(url).endsWith('/seq') || handIn === 'passes') return await guarded(url, init);
	if (handIn === 'arrives unanswered') await guarded(url, init);
	throw new Error('connection lost');
};

const open = (name: string): Service =>
	createService({ dir: join(folder, name), clock: systemClock, random: systemRandom, chooseFolder: () => Promise.resolve(null), fetch });
let wallet: Service;
let words: string[];
let ref: CallInput<'votes.look'>['ref'];
let dao: CallOutput<'votes.follow'>;

const ask = async <N extends CallName>(name: N, input: CallInput<N>, service: Service = wallet): Promise<CallOutput<N>> => {
	const result = await service.invoke(name, input);
	if (!result.ok) throw Object.assign(new Error(`${name}: ${result.error.message}`), { code: result.error.code });
	return result.value;
};
const refused = async <N extends CallName>(name: N, input: CallInput<N>): Promise<string> => {
	const result = await wallet.invoke(name, input);
	return result.ok ? 'accepted' : result.error.code;
};
const prepare = async (title: string, option = 1) => {
	const proposalId = await hub.propose({ title, choices: ['Yes', 'No'] });
	return { proposalId, review: await ask('votes.prepare', { daoId: dao.id, proposalId, choice: { kind: 'one', option }, reason: '' }) };
};

beforeAll(async () => {
	ref = { system: 'snapshot', ...(await hub.start()) };
	wallet = open('wallet');
	({ words } = await ask('vault.create', { passphrase: PASSPHRASE }));
	dao = await ask('votes.follow', { id: (await ask('votes.look', { ref })).id });
});
afterAll(async () => {
	await wallet.close();
	await hub.stop();
	rmSync(folder, { recursive: true });
});

test('before a DAO is followed, it is said who learns what, what the account will sign, and what hides the wallet', async () => {
	await ask('votes.unfollow', { id: dao.id });
	const review = await ask('votes.look', { ref });
	expect(review.dao).toMatchObject({ name: 'Example DAO', where: 'Snapshot space example.eth', account: dao.account });
	expect(review.dao.learns.join('\n')).toMatch(/127\.0\.0\.1:\d+ learns .*your account’s address/);
	expect(review.signs).toEqual(['Votes in this DAO']);
	expect(review.ways.map(({ name, hidesWallet }) => [name, hidesWallet])).toEqual([
		['Power held by this account', true],
		['Delegation', false],
		['Session key (Snapshot alias)', false],
	]);
	const again = await ask('votes.follow', { id: review.id });
	// The same account as before, although the DAO was forgotten in between.
	expect(again.account).toBe(dao.account);
	dao = again;
	expect(await refused('votes.look', { ref })).toBe('votes/followed');
	expect(await ask('votes.daos', {})).toEqual([dao]);
});

test('the recovery phrase alone brings the account back', async () => {
	const other = open('restored');
	try {
		await ask('vault.restore', { passphrase: PASSPHRASE, words }, other);
		expect((await ask('votes.look', { ref }, other)).dao.account).toBe(dao.account);
	} finally {
		await other.close();
	}
});

test('from the list to a receipt that says that it counted', async () => {
	const { proposalId, review } = await prepare('Raise the quorum', 2);
	expect((await ask('votes.proposals', { daoId: dao.id, open: true })).map(({ title }) => title)).toContain('Raise the quorum');
	const proposal = await ask('votes.proposal', { daoId: dao.id, proposalId });
	expect(proposal).toMatchObject({ obstacle: null, daoName: 'Example DAO', options: [{ label: 'Yes' }, { label: 'No' }] });
	expect(await ask('votes.standing', { daoId: dao.id, proposalId })).toEqual({ power: '12.5', voted: null, obstacle: null });
	expect(review).toMatchObject({ sentence: 'Vote “No” on “Raise the quorum”', way: 'submit', taker: expect.stringMatching(/^127\.0\.0\.1:/) });
	expect(review.lines).toContainEqual({ label: 'Voter', value: dao.account });
	const vote = await ask('votes.approve', { id: review.id, submit: true });
	expect(vote).toMatchObject({ state: 'sent', title: 'Raise the quorum', sentence: review.sentence, signer: dao.account, check: null, relay: null });
	expect(JSON.parse(vote.receipt)).toMatchObject({ answer: { id: review.digest, relayer: { address: hub.relayer.address } } });
	expect((await ask('votes.check', { id: vote.id })).check).toMatchObject({ state: 'counted', report: { result: 'passed' } });
	expect((await ask('votes.list', {}))[0]?.check?.state).toBe('counted');
	expect((await ask('activity.list', { limit: 1 }))[0]).toMatchObject({ kind: 'voted', title: 'Voted in Example DAO', shared: [review.sentence] });
	// A review is approved once.
	expect(await refused('votes.approve', { id: review.id, submit: true })).toBe('review/not-open');
});

test('the signature alone, for somebody else to hand in', async () => {
	const before = hub.received.length;
	const { review } = await prepare('Signature only');
	const vote = await ask('votes.approve', { id: review.id, submit: false });
	expect(vote).toMatchObject({ state: 'signed', signature: expect.stringMatching(/^0x[0-9a-f]{130}$/) });
	expect(hub.received.length).toBe(before);
	expect((await ask('votes.check', { id: vote.id })).check?.state).toBe('not-counted');
});

test('a refused review signs nothing', async () => {
	const { review } = await prepare('Refused');
	await ask('votes.refuse', { id: review.id });
	expect(await refused('votes.approve', { id: review.id, submit: true })).toBe('review/not-open');
});

describe('a vote that was cut off is kept, and looked after later', () => {
	test.each([
		['is lost', 'not-counted', 'sending'],
		['arrives unanswered', 'counted', 'sent'],
	] as const)('it %s', async (what, counted, state) => {
		const { review } = await prepare(`It ${what}`);
		handIn = what;
		expect(await refused('votes.approve', { id: review.id, submit: true })).toBe('votes/no-answer');
		handIn = 'passes';
		// As after a crash: another process finds it where it was.
		await wallet.close();
		wallet = open('wallet');
		await ask('vault.unlock', { passphrase: PASSPHRASE });
		const vote = (await ask('votes.list', {})).find(({ title }) => title === `It ${what}`);
		expect(vote?.state).toBe('sending');
		const notice = (await ask('notices.list', {})).find(({ id }) => id === vote?.id);
		expect(notice).toMatchObject({ kind: 'interrupted-vote', title: `Your vote on “It ${what}” was cut off` });
		await ask('notices.dismiss', { id: vote?.id ?? '' });
		expect(await ask('votes.check', { id: vote?.id ?? '' })).toMatchObject({ state, check: { state: counted } });
	});

	test('one that the service refuses is told to be refused', async () => {
		const { review } = await prepare('Late');
		hub.closed = 'voting period ended';
		expect(await refused('votes.approve', { id: review.id, submit: true })).toBe('vote/refused');
		hub.closed = undefined;
		expect((await ask('votes.list', {}))[0]?.state).toBe('failed');
	});
});

describe('the account signs votes in its DAO and nothing else', () => {
	const typed = (data: object) => JSON.stringify(data);
	const VOTE = ['from', 'space', 'proposal', 'reason', 'app', 'metadata'];
	const vote = (proposal: string, change: object = {}) => ({
		domain: { name: 'snapshot', version: '0.1.4' },
		types: {
			Vote: ['from', 'space', 'timestamp', 'proposal', 'choice', 'reason', 'app', 'metadata'].map((name) => ({
				name,
				type: VOTE.includes(name) ? 'string' : name === 'choice' ? 'uint32' : 'uint64',
			})),
		},
		primaryType: 'Vote',
		message: {
			from: dao.account,
			space: 'example.eth',
			timestamp: Math.floor(Date.now() / 1000),
			proposal,
			choice: 1,
			reason: '',
			app: 'snapshot',
			metadata: '{}',
			...change,
		},
	});

	test('typed data from elsewhere is put into the same words, or refused', async () => {
		const proposalId = await hub.propose({ title: 'From a file', choices: ['Yes', 'No'] });
		const review = await ask('votes.prepareTypedData', { daoId: dao.id, text: typed(vote(proposalId)) });
		expect(review.sentence).toBe('Vote “Yes” on “From a file”');
		expect((await ask('votes.approve', { id: review.id, submit: true })).state).toBe('sent');
		const permit = {
			domain: { name: 'USD Coin', version: '2', chainId: 1, verifyingContract: dao.account },
			types: { Vote: ['owner', 'spender'].map((name) => ({ name, type: 'address' })) },
			primaryType: 'Vote',
			message: { owner: dao.account, spender: dao.account },
		};
		const refusals: [object, string][] = [
			[permit, 'typed-data/unknown-struct'],
			[vote(proposalId, { from: `0x${'11'.repeat(20)}` }), 'signing/other-value'],
			[vote(proposalId, { space: 'other.eth' }), 'signing/other-value'],
			[vote(proposalId, { choice: 9 }), 'signing/not-an-option'],
			[vote(proposalId, { metadata: '{"x":1}' }), 'signing/hidden-content'],
			[vote(`0x${'00'.repeat(32)}`), 'vote/no-such-proposal'],
			[{ ...vote(proposalId), domain: { name: 'snapshot', version: '0.1.4', chainId: 1 } }, 'typed-data/bad-domain'],
		];
		for (const [data, code] of refusals) expect(await refused('votes.prepareTypedData', { daoId: dao.id, text: typed(data) })).toBe(code);
		expect(await refused('votes.prepareTypedData', { daoId: dao.id, text: 'Vote for me' })).toBe('votes/not-json');
	});

	test('no other call knows the key: identities, documents and requests are made with others', async () => {
		const made = await ask('dids.create', { method: 'did:pkh', keyType: 'Secp256k1' });
		expect(made.did.toLowerCase()).not.toContain(dao.account.toLowerCase());
		expect(JSON.stringify(await ask('dids.list', {})).toLowerCase()).not.toContain(dao.account.toLowerCase());
	});

	test('a hub that lies about a proposal gets no signature', async () => {
		const proposalId = await hub.propose({ title: 'Honest', choices: ['Yes', 'No'] });
		hub.lie = (proposal) => ({ ...proposal, choices: ['No', 'Yes'] });
		expect((await ask('votes.proposal', { daoId: dao.id, proposalId })).obstacle).toContain('could not be checked');
		expect(await refused('votes.prepare', { daoId: dao.id, proposalId, choice: { kind: 'one', option: 1 }, reason: '' })).toBe('vote/not-open');
		hub.lie = (proposal) => proposal;
	});

	test('a DAO that is no longer followed gets no signature either; its votes stay', async () => {
		const { review } = await prepare('Too late');
		const count = (await ask('votes.list', {})).length;
		await ask('votes.unfollow', { id: dao.id });
		expect(await refused('votes.approve', { id: review.id, submit: true })).toBe('votes/not-followed');
		expect(await refused('votes.proposals', { daoId: dao.id, open: true })).toBe('votes/not-followed');
		expect(await ask('votes.list', {})).toHaveLength(count);
		expect((await ask('votes.list', {}))[0]?.daoId).toBeNull();
	});
});

describe('a session key votes for an account whose key is elsewhere', () => {
	const DAY = 86_400_000;
	const owner = privateKeyToAccount(`0x${'a'.repeat(64)}`);
	const stranger = privateKeyToAccount(`0x${'b'.repeat(64)}`);
	let ahead = 0;
	const clock = { now: () => systemClock.now() + ahead };
	const here = new TestSnapshotHub({ space: 'session.eth', clock });
	const other = new TestSnapshotHub({ space: 'other.eth', clock });
	let holder: Service;
	let where: Awaited<ReturnType<typeof here.start>>;
	let followed: CallOutput<'votes.follow'>;
	let elsewhere: CallOutput<'votes.follow'>;
	const call = <N extends CallName>(name: N, input: CallInput<N>) => ask(name, input, holder);
	const code = async <N extends CallName>(name: N, input: CallInput<N>): Promise<string> => {
		const result = await holder.invoke(name, input);
		return result.ok ? 'accepted' : result.error.code;
	};
	/** What another wallet makes of the JSON that it is given. */
	const signed = (key: CallOutput<'votes.sessionKey'>, by = owner) => by.signTypedData(JSON.parse(key?.request?.typedData ?? 'null'));
	const daoId = () => followed.id;
	const propose = (title: string) => here.propose({ title, choices: ['Yes', 'No'] });
	const vote = async (proposalId: string) => call('votes.prepare', { daoId: daoId(), proposalId, choice: { kind: 'one', option: 1 }, reason: '' });
	const begin = async () => {
		const asked = await call('votes.beginSessionKey', { daoId: daoId(), owner: owner.address.toLowerCase() });
		return await call('votes.handInSessionKey', { daoId: daoId(), signature: await signed(asked) });
	};

	beforeAll(async () => {
		holder = createService({ dir: join(folder, 'session'), clock, random: systemRandom, chooseFolder: () => Promise.resolve(null), fetch });
		await call('vault.create', { passphrase: PASSPHRASE });
		const follow = async (place: typeof where) => call('votes.follow', { id: (await call('votes.look', { ref: { system: 'snapshot', ...place } })).id });
		where = await here.start();
		followed = await follow(where);
		elsewhere = await follow(await other.start());
	});
	afterAll(async () => {
		await holder.close();
		await Promise.all([here.stop(), other.stop()]);
	});

	test('only the owner’s signature over exactly this request is handed in', async () => {
		expect(await call('votes.sessionKey', { daoId: daoId() })).toBeNull();
		expect(await code('votes.handInSessionKey', { daoId: daoId(), signature: '0x' })).toBe('votes/no-session-key');
		expect(await code('votes.beginSessionKey', { daoId: daoId(), owner: followed.account })).toBe('votes/own-account');
		const there = await call('votes.beginSessionKey', { daoId: elsewhere.id, owner: owner.address });
		const asked = await call('votes.beginSessionKey', { daoId: daoId(), owner: owner.address.toLowerCase() });
		expect(asked).toMatchObject({ owner: owner.address, state: 'asked', expiresAt: null, request: { act: 'begin' } });
		expect(asked.request?.warnings.join(' ')).toContain('hides nothing');
		const wire = JSON.parse(asked.request?.typedData ?? '');
		expect(wire.types.EIP712Domain).toEqual([
			{ name: 'name', type: 'string' },
			{ name: 'version', type: 'string' },
		]);
		expect(wire.message).toMatchObject({ from: owner.address, alias: asked.address });
		// Each space has a key of its own: what was signed for one says nothing for another.
		expect(there.address).not.toBe(asked.address);
		const refusals: [string, string][] = [
			['0x1234', 'vote/bad-signature'],
			[await signed(asked, stranger), 'votes/other-signer'],
			[await signed(there), 'votes/other-signer'],
			[await owner.signTypedData({ ...wire, message: { ...wire.message, timestamp: wire.message.timestamp + 1 } }), 'votes/other-signer'],
		];
		for (const [signature, refusal] of refusals) expect(await code('votes.handInSessionKey', { daoId: daoId(), signature })).toBe(refusal);
		ahead = 6 * DAY;
		expect(await code('votes.handInSessionKey', { daoId: daoId(), signature: await signed(asked) })).toBe('votes/request-too-old');
		ahead = 0;
		expect(here.received).toHaveLength(0);
		// Until then the DAO's own account votes.
		expect((await vote(await propose('Before'))).lines).toContainEqual({ label: 'Voter', value: followed.account });
		expect(await call('votes.withdrawSessionKey', { daoId: elsewhere.id })).toBeNull();
	});

	test('from then on it votes in the owner’s name, and counts; not in another space, and not for another', async () => {
		const asked = await call('votes.sessionKey', { daoId: daoId() });
		// Some devices write the last byte as 0 or 1.
		const signature = (await signed(asked)).replace(/1b$/, '00').replace(/1c$/, '01');
		const begun = await call('votes.handInSessionKey', { daoId: daoId(), signature });
		expect(begun).toMatchObject({ address: asked?.address, state: 'in-force', request: null });
		expect(begun?.expiresAt).toBe(JSON.parse(asked?.request?.typedData ?? '').message.timestamp * 1000 + 90 * DAY);
		expect(await code('votes.beginSessionKey', { daoId: daoId(), owner: stranger.address })).toBe('votes/session-key-exists');
		expect((await call('votes.daos', {})).find(({ id }) => id === daoId())?.learns.at(-1)).toContain(owner.address);

		const proposalId = await propose('In their name');
		const review = await vote(proposalId);
		expect(review.lines).toContainEqual({ label: 'Voter', value: owner.address });
		expect(review.lines).toContainEqual({ label: 'Signed by session key', value: begun?.address });
		const cast = await call('votes.approve', { id: review.id, submit: true });
		expect(cast).toMatchObject({ state: 'sent', signer: begun?.address, voter: owner.address });
		expect((await call('votes.check', { id: cast.id })).check?.state).toBe('counted');
		expect(here.votes.at(-1)).toMatchObject({ voter: owner.address });

		const { typedData } = JSON.parse(cast.receipt);
		const changed = (change: object) => JSON.stringify({ ...typedData, message: { ...typedData.message, ...change } });
		expect(await code('votes.prepareTypedData', { daoId: daoId(), text: changed({}) })).toBe('accepted');
		expect(await code('votes.prepareTypedData', { daoId: daoId(), text: changed({ space: 'other.eth' }) })).toBe('signing/other-value');
		expect(await code('votes.prepareTypedData', { daoId: daoId(), text: changed({ from: stranger.address }) })).toBe('signing/other-value');
		expect(await code('votes.prepareTypedData', { daoId: elsewhere.id, text: changed({ space: 'other.eth' }) })).toBe('signing/other-value');
	});

	test('a wallet restored from the phrase finds it again by what the hub lists', async () => {
		const { words: phrase } = await call('vault.revealPhrase', { passphrase: PASSPHRASE });
		const before = await call('votes.sessionKey', { daoId: daoId() });
		const restored = createService({ dir: join(folder, 'session-again'), clock, random: systemRandom, chooseFolder: () => Promise.resolve(null), fetch });
		try {
			await ask('vault.restore', { passphrase: PASSPHRASE, words: phrase }, restored);
			const { id } = await ask('votes.look', { ref: { system: 'snapshot', ...where } }, restored);
			const again = await ask('votes.follow', { id }, restored);
			expect(await ask('votes.sessionKey', { daoId: again.id }, restored)).toBeNull();
			await expect(ask('votes.findSessionKey', { daoId: again.id, owner: stranger.address }, restored)).rejects.toMatchObject({
				code: 'votes/no-session-key-listed',
			});
			const found = await ask('votes.findSessionKey', { daoId: again.id, owner: owner.address.toLowerCase() }, restored);
			expect(found).toMatchObject({ address: before?.address, owner: owner.address, state: 'in-force', expiresAt: before?.expiresAt });
			await expect(ask('votes.findSessionKey', { daoId: again.id, owner: owner.address }, restored)).rejects.toMatchObject({
				code: 'votes/session-key-exists',
			});
		} finally {
			await restored.close();
		}
	});

	test('the owner ends it; a review that was open is not signed any more', async () => {
		const review = await vote(await propose('While it ends'));
		const ending = await call('votes.endSessionKey', { daoId: daoId() });
		expect(ending).toMatchObject({ state: 'in-force', request: { act: 'end' } });
		expect(await code('votes.handInSessionKey', { daoId: daoId(), signature: await signed(ending, stranger) })).toBe('votes/other-signer');
		// It arrives, and the answer is lost: the hub is asked what became of it.
		handIn = 'arrives unanswered';
		expect(await call('votes.handInSessionKey', { daoId: daoId(), signature: await signed(ending) })).toBeNull();
		handIn = 'passes';
		expect(await code('votes.approve', { id: review.id, submit: true })).toBe('votes/no-session-key');
		expect((await vote(await propose('Afterwards'))).lines).toContainEqual({ label: 'Voter', value: followed.account });
	});

	test('what is lost on the way stays asked for; after 90 days nothing is signed with it', async () => {
		handIn = 'is lost';
		await expect(begin()).rejects.toMatchObject({ code: 'votes/no-answer' });
		handIn = 'passes';
		const asked = await call('votes.sessionKey', { daoId: daoId() });
		expect(asked).toMatchObject({ state: 'asked' });
		// Refused, it stays asked for as well, and the service's own words are told.
		here.closed = 'no more keys';
		await expect(call('votes.handInSessionKey', { daoId: daoId(), signature: await signed(asked) })).rejects.toMatchObject({
			code: 'vote/refused',
			message: expect.stringContaining('no more keys'),
		});
		here.closed = undefined;
		await call('votes.handInSessionKey', { daoId: daoId(), signature: await signed(asked) });
		// It outlives the DAO's place in the list, as it does on Snapshot.
		await call('votes.unfollow', { id: daoId() });
		const { id } = await call('votes.look', { ref: { system: 'snapshot', ...where } });
		followed = await call('votes.follow', { id });
		expect(await call('votes.sessionKey', { daoId: daoId() })).toMatchObject({ address: asked?.address, state: 'in-force' });
		ahead = 90 * DAY - 60_000;
		const review = await vote(await propose('Last one'));
		ahead = 90 * DAY;
		expect(await call('votes.sessionKey', { daoId: daoId() })).toMatchObject({ state: 'expired' });
		expect(await code('votes.approve', { id: review.id, submit: true })).toBe('votes/session-key-expired');
		const late = await propose('Too late');
		expect(await code('votes.prepare', { daoId: daoId(), proposalId: late, choice: { kind: 'one', option: 1 }, reason: '' })).toBe('votes/session-key-expired');
		// A new one has another address: Snapshot takes each address once.
		expect((await begin())?.address).not.toBe(asked?.address);
		await call('votes.dropSessionKey', { daoId: daoId() });
		expect((await vote(late)).lines).toContainEqual({ label: 'Voter', value: followed.account });
	});
});

describe('a DAO on a chain', () => {
	let chain: TestChain;
	let governor: Contract;
	let token: Contract;
	let council: CallOutput<'votes.follow'>;
	const send = (relay: CallOutput<'votes.get'>['relay']) => chain.relayer.send(relay as Parameters<TestChain['relayer']['send']>[0]);

	beforeAll(async () => {
		chain = await startTestChain();
		token = await chain.deploy('VotesToken', 'Test Votes', false);
		const timelock = await chain.deploy('TimelockController', 0n, [], [], chain.relayer.address);
		governor = await chain.deploy('SimpleGovernor', token.address, timelock.address, 100, 40n, 50);
		await ask('networks.save', { chainId: chain.anvil.chainId, name: 'Here', rpcUrl: chain.anvil.rpcUrl, ethrRegistry: null });
		const review = await ask('votes.look', { ref: { system: 'governor', chainId: chain.anvil.chainId, contract: governor.address } });
		expect(review.dao.where).toBe(`Governor ${governor.address} on Here`);
		expect(review.signs).toEqual(['Votes in this DAO', 'Activations of its own voting power']);
		council = await ask('votes.follow', { id: review.id });
		await chain.send(token, 'mint', council.account, 10n ** 20n);
	}, 60_000);
	afterAll(() => chain?.stop());

	test('power is activated, a vote is signed, a relayer brings both onto the chain, and it counts', async () => {
		const activation = await ask('votes.prepareActivation', { daoId: council.id });
		expect(activation).toMatchObject({ sentence: expect.stringMatching(/^Use your own voting power in /), way: 'relay', taker: null });
		const activated = await ask('votes.approve', { id: activation.id, submit: false });
		expect((await ask('votes.check', { id: activated.id })).check?.state).toBe('unknown');
		await send(activated.relay);
		await chain.mine(1);
		expect((await ask('votes.check', { id: activated.id })).check?.state).toBe('counted');

		await chain.send(governor, 'propose', [token.address], [0n], ['0x'], '# Plan\n\nDo nothing.');
		await chain.mine(60);
		const [listed] = await ask('votes.proposals', { daoId: council.id, open: true });
		expect(listed).toMatchObject({ title: 'Plan', state: 'open' });
		const proposalId = listed?.id ?? '';
		const proposal = await ask('votes.proposal', { daoId: council.id, proposalId });
		expect(proposal).toMatchObject({ obstacle: null, calls: [{ target: token.address, data: '0x' }] });
		expect(await ask('votes.standing', { daoId: council.id, proposalId })).toMatchObject({ power: expect.stringContaining('100'), obstacle: null });
		const review = await ask('votes.prepare', { daoId: council.id, proposalId, choice: { kind: 'one', option: 1 }, reason: 'Yes' });
		expect(review).toMatchObject({ sentence: 'Vote “For” on “Plan”', way: 'relay' });
		expect(review.lines).toContainEqual({ label: 'Reason', value: 'Yes' });
		const vote = await ask('votes.approve', { id: review.id, submit: true });
		expect(vote).toMatchObject({ state: 'signed', relay: { chainId: chain.anvil.chainId, to: governor.address } });
		await send(vote.relay);
		await chain.mine(1);
		expect((await ask('votes.check', { id: vote.id })).check).toMatchObject({ state: 'counted', report: { result: 'passed' } });
	});

	test('a file that describes a contract adds its words to what is read, and takes none away', async () => {
		await chain.send(governor, 'propose', [token.address], [0n], ['0x12345678'], '# Odd\n\nA call.');
		await chain.mine(2);
		const [{ id: proposalId } = { id: '' }] = await ask('votes.proposals', { daoId: council.id, open: true });
		const reading = () => ask('votes.reading', { daoId: council.id, proposalId });
		expect((await reading()).actions[0]).toMatchObject({ signature: null, described: null });
		const { chainId } = chain.anvil;
		const described = (more: object = {}) => ({
			name: 'calldata-odd.json',
			text: JSON.stringify({
				context: { contract: { deployments: [{ chainId, address: token.address }] } },
				metadata: { owner: 'The Odd Company' },
				display: {
					formats: {
						'watch_tg_invmru_119a5a98(address a,uint256 b,uint256 c)': { intent: 'Watch', fields: [] },
						'mint(address to,uint256 amount)': { intent: 'Mint', fields: [{ path: 'amount', label: 'How much', format: 'raw' }] },
					},
				},
				...more,
			}),
		});
		expect(await refused('descriptions.add', { files: [described({ includes: 'common.json' })] })).toBe('descriptions/not-read');
		expect(await refused('descriptions.add', { files: [described(), { name: 'b.json', text: '{}' }] })).toBe('descriptions/not-read');
		expect(await ask('descriptions.list', {})).toEqual([]);
		const [added] = await ask('descriptions.add', { files: [described()] });
		expect(added).toMatchObject({
			file: 'calldata-odd.json',
			owner: 'The Odd Company',
			functions: 2,
			contracts: [{ network: 'Here', address: token.address }],
		});

		const mint = encodeFunctionData({ abi: token.abi, functionName: 'mint', args: [council.account, 5n] });
		await chain.send(governor, 'propose', [token.address], [0n], [mint], '# Mint\n\nSome.');
		await chain.mine(2);
		const [{ id: minting } = { id: '' }] = await ask('votes.proposals', { daoId: council.id, open: true });
		const { actions } = await ask('votes.reading', { daoId: council.id, proposalId: minting });
		expect(actions[0]).toMatchObject({
			words: expect.stringMatching(/^Makes .* out of nothing/),
			described: { owner: 'The Odd Company', intent: 'Mint', lines: [{ label: 'How much', value: '5' }] },
		});
		expect(await ask('descriptions.remove', { id: added?.id ?? '' })).toEqual([]);
		expect(await refused('descriptions.remove', { id: added?.id ?? '' })).toBe('descriptions/not-found');
	});

	test('an address that is another kind of DAO than was chosen is named for what it is', async () => {
		const at = (system: 'governor' | 'bravo' | 'baal', contract: string) => ({ ref: { system, chainId: chain.anvil.chainId, contract } });
		const safe = await chain.safe([chain.relayer.address], 1);
		const result = await wallet.invoke('votes.look', at('baal', safe.address));
		expect(result).toMatchObject({ ok: false, error: { code: 'votes/other-kind', message: expect.stringContaining('choose “Safe”') } });
		expect(await refused('votes.look', at('governor', chain.relayer.address))).toBe('vote/no-such-dao');
	});

	test('its account signs nothing of the Snapshot space, and the space’s account nothing of it', async () => {
		const space = await ask('votes.follow', { id: (await ask('votes.look', { ref })).id });
		const ballot = {
			domain: { name: 'SimpleGovernor', version: '1', chainId: chain.anvil.chainId, verifyingContract: governor.address },
			types: {
				Ballot: ['uint256 proposalId', 'uint8 support', 'address voter', 'uint256 nonce'].map((each) => ({
					type: each.split(' ')[0],
					name: each.split(' ')[1],
				})),
			},
			primaryType: 'Ballot',
			message: { proposalId: '1', support: 1, voter: space.account, nonce: '0' },
		};
		expect(space.account).not.toBe(council.account);
		expect(await refused('votes.prepareTypedData', { daoId: space.id, text: JSON.stringify(ballot) })).toBe('signing/not-for-this-account');
	});
});

test('kinds of DAOs that nobody can vote in here are said to be so', async () => {
	expect(await refused('votes.look', { ref: { system: 'governor', chainId: 424242, contract: `0x${'11'.repeat(20)}` } })).toBe('network/unknown');
	const safe = { system: 'safe', chainId: 424242, contract: `0x${'11'.repeat(20)}`, serviceUrl: null } as const;
	expect(await refused('votes.look', { ref: safe })).toBe('network/unknown');
});
