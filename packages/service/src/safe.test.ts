import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CallInput, CallName, CallOutput } from '@holdfast/contract';
import { systemClock, systemRandom } from '@holdfast/kernel';
import { createGuardedFetch } from '@holdfast/net';
import { type ServedMessage, type ServedTransaction, TestSafeService, TestSnapshotHub } from '@holdfast/web3/testing';
import { type Contract, startTestChain, type TestChain } from '@holdfast/web3/testing/chain';
import { encodeFunctionData, type Hex, hashTypedData, parseAbi } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createService, type Service } from './index.ts';

// Two wallets become owners of a Safe, and approve together what it does: by files, and through a transaction service.

const PASSPHRASE = 'six green lanterns over quiet water';
const folder = mkdtempSync(join(tmpdir(), 'holdfast-safe-'));
const founder = privateKeyToAccount(`0x${'5a'.repeat(32)}`);
const friend = privateKeyToAccount(`0x${'5b'.repeat(32)}`);
const stranger = privateKeyToAccount(`0x${'5c'.repeat(32)}`);
let chain: TestChain;
let safe: Contract;
let token: Contract;
let hub: TestSafeService;
let serviceUrl: string;

class Wallet {
	readonly name: string;
	service: Service;
	daoId = '';
	account = '' as Hex;

	constructor(name: string) {
		this.name = name;
		this.service = this.#open();
	}

	#open(): Service {
		const dir = join(folder, this.name);
		return createService({
			dir,
			clock: systemClock,
			random: systemRandom,
			chooseFolder: () => Promise.resolve(folder),
			fetch: createGuardedFetch({ allowLoopback: true }),
		});
	}

	async ask<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>> {
		const result = await this.service.invoke(name, input);
		if (!result.ok) throw Object.assign(new Error(`${name}: ${result.error.message}`), { code: result.error.code });
		return result.value;
	}

	async refused<N extends CallName>(name: N, input: CallInput<N>): Promise<string> {
		const result = await this.service.invoke(name, input);
		return result.ok ? 'accepted' : result.error.code;
	}

	async begin(): Promise<void> {
		await this.ask('vault.create', { passphrase: PASSPHRASE });
		await this.ask('networks.save', { chainId: chain.anvil.chainId, name: 'Here', rpcUrl: chain.anvil.rpcUrl, ethrRegistry: null });
		await this.follow();
	}

	async follow(): Promise<void> {
		const ref = { system: 'safe', chainId: chain.anvil.chainId, contract: safe.address, serviceUrl } as const;
		const { id } = await this.ask('votes.look', { ref });
		const dao = await this.ask('votes.follow', { id });
		this.daoId = dao.id;
		this.account = dao.account as Hex;
	}

	/** The process is gone, as after a kill, and a new one opens the same file. */
	async again(): Promise<void> {
		await this.service.close();
		this.service = this.#open();
		await this.ask('vault.unlock', { passphrase: PASSPHRASE });
	}

	async approve(proposalId: string, submit = true) {
		const { id } = await this.ask('votes.prepare', { daoId: this.daoId, proposalId, choice: { kind: 'one', option: 1 }, reason: '' });
		return this.ask('votes.approve', { id, submit });
	}

	async file(proposalId: string): Promise<string> {
		const { path } = await this.ask('safe.writeFile', { daoId: this.daoId, proposalId });
		return readFileSync(path ?? '', 'utf8');
	}
}

let ada: Wallet;
let bob: Wallet;

const call = (contract: Contract, functionName: string, ...args: unknown[]): Hex => encodeFunctionData({ abi: contract.abi, functionName, args });
const carryOut = (execution: { to: string; data: string } | null): Promise<unknown> =>
	chain.relayer.send({ chainId: chain.anvil.chainId, to: execution?.to as Hex, data: execution?.data as Hex });

beforeAll(async () => {
	chain = await startTestChain();
	safe = await chain.safe([founder.address], 1);
	token = await chain.deploy('VotesToken', 'Test Votes', false);
	await chain.send(token, 'mint', safe.address, 10n ** 21n);
	hub = new TestSafeService({ chainId: chain.anvil.chainId, owners: (address) => chain.read(Object.assign({ ...safe, address }), 'getOwners') });
	serviceUrl = await hub.start();
	ada = new Wallet('ada');
	bob = new Wallet('bob');
	await ada.begin();
	await bob.begin();
}, 60_000);
afterAll(async () => {
	await ada.service.close();
	await bob.service.close();
	await hub.stop();
	await chain.stop();
	rmSync(folder, { recursive: true });
});
beforeEach(() => {
	hub.fails = undefined;
	hub.key = undefined;
	hub.change = (served) => served;
});
afterEach(() => hub.transactions.clear());

/** Lets the Safe do something on its founder's word alone, as long as that is enough. */
async function byFounder(data: Hex): Promise<void> {
	const { proposalId } = await ada.ask('safe.propose', { daoId: ada.daoId, to: safe.address, value: '0', data });
	const json = JSON.parse(await ada.file(proposalId));
	json.signatures.push({ owner: founder.address, signature: await founder.sign({ hash: proposalId as Hex }), byContract: false });
	await ada.ask('safe.takeFile', { daoId: ada.daoId, text: JSON.stringify(json) });
	await carryOut((await ada.ask('safe.state', { daoId: ada.daoId, proposalId })).execution);
	expect((await ada.ask('votes.proposal', { daoId: ada.daoId, proposalId })).state).toBe('executed');
}

describe('a Safe', () => {
	test('is looked at before it is followed; the account signs its transactions alone and has no say before it is an owner', async () => {
		await ada.ask('votes.unfollow', { id: ada.daoId });
		const ref = { system: 'safe', chainId: chain.anvil.chainId, contract: safe.address, serviceUrl } as const;
		const review = await ada.ask('votes.look', { ref });
		expect(review.facts).toContainEqual({ label: 'Approvals needed', value: '1 of 1 owners' });
		expect(review.signs.join()).toMatch(/transactions/);
		expect(review.ways.map(({ name }) => name)).toEqual(['Being an owner of the Safe']);
		expect(review.dao.learns.join('\n')).toMatch(/127\.0\.0\.1:\d+ learns, when you ask it/);
		await ada.follow();
		expect(ada.account).not.toBe(bob.account);
		const { proposalId } = await ada.ask('safe.propose', { daoId: ada.daoId, to: stranger.address, value: '1', data: '0x' });
		expect(await ada.ask('votes.standing', { daoId: ada.daoId, proposalId })).toMatchObject({
			power: '0',
			obstacle: expect.stringMatching(/not one of the Safe’s owners/),
		});
		expect(await ada.refused('votes.prepare', { daoId: ada.daoId, proposalId, choice: { kind: 'one', option: 1 }, reason: '' })).toBe('vote/not-an-owner');
		await ada.ask('safe.forget', { daoId: ada.daoId, proposalId });
		expect(await ada.refused('safe.state', { daoId: ada.daoId, proposalId })).toBe('safe/unknown');
		expect(await ada.refused('votes.look', { ref: { ...ref, contract: token.address } })).toBe('vote/no-such-dao');
	});

	test('takes the two wallets in, and two of three approve by files', async () => {
		await byFounder(call(safe, 'addOwnerWithThreshold', ada.account, 1n));
		await byFounder(call(safe, 'addOwnerWithThreshold', bob.account, 2n));

		const data = call(token, 'transfer', friend.address, 7n * 10n ** 18n);
		const { proposalId } = await ada.ask('safe.propose', { daoId: ada.daoId, to: token.address, value: '0', data });
		const [listed] = await ada.ask('votes.proposals', { daoId: ada.daoId, open: true });
		expect(listed).toMatchObject({ id: proposalId, state: 'open' });
		const reading = await ada.ask('votes.reading', { daoId: ada.daoId, proposalId });
		expect(reading.actions[0]?.words).toMatch(/Sends 7 /);
		expect(reading.effects?.join()).toMatch(/7/);
		hub.fails = 500;
		const review = await ada.ask('votes.prepare', { daoId: ada.daoId, proposalId, choice: { kind: 'one', option: 1 }, reason: '' });
		expect(review).toMatchObject({
			sentence: expect.stringMatching(/^Approve a transaction of Safe/),
			way: 'submit',
			taker: expect.stringMatching(/^127/),
			digest: proposalId,
		});
		// The service is down: the signature is kept, and goes on by file or later.
		expect(await ada.refused('votes.approve', { id: review.id, submit: true })).toBe('votes/no-answer');
		await ada.again();
		expect(await ada.ask('safe.state', { daoId: ada.daoId, proposalId })).toMatchObject({ signers: [ada.account], need: 2, own: true, execution: null });
		hub.fails = undefined;
		expect(hub.transactions.size).toBe(0);

		const text = await ada.file(proposalId);
		const tampered = text.replace(/"value": "0"/, '"value": "1"');
		expect(await bob.refused('safe.takeFile', { daoId: bob.daoId, text: tampered })).toBe('vote/bad-signature');
		expect(await bob.refused('safe.takeFile', { daoId: bob.daoId, text: text.replaceAll(safe.address, token.address) })).toMatch(
			/vote\/bad-signature|safe\/other-safe/,
		);
		const unsigned = JSON.parse(text);
		unsigned.signatures = [];
		unsigned.typedData.domain.chainId = 1;
		expect(await bob.refused('safe.takeFile', { daoId: bob.daoId, text: JSON.stringify(unsigned) })).toBe('safe/other-safe');
		expect(await bob.refused('safe.takeFile', { daoId: bob.daoId, text: '{}' })).toBe('vote/bad-file');
		expect(await bob.ask('safe.takeFile', { daoId: bob.daoId, text })).toMatchObject({ proposalId, title: expect.stringMatching(/^Sends/) });
		const vote = await bob.approve(proposalId, false);
		expect(vote).toMatchObject({ state: 'signed', relay: null });
		expect((await bob.ask('safe.state', { daoId: bob.daoId, proposalId })).own).toBe(true);
		expect((await bob.ask('votes.check', { id: vote.id })).check).toMatchObject({ state: 'unknown', words: expect.stringMatching(/2 of 2 owners/) });
		const back = await ada.ask('safe.takeFile', { daoId: ada.daoId, text: await bob.file(proposalId) });
		expect(back.proposalId).toBe(proposalId);
		const { execution } = await ada.ask('safe.state', { daoId: ada.daoId, proposalId });
		await carryOut(execution);
		expect(await chain.read(token, 'balanceOf', friend.address)).toBe(7n * 10n ** 18n);
		expect((await bob.ask('votes.check', { id: vote.id })).check?.state).toBe('counted');
		// The same again is refused by the Safe, and said to be over here.
		await expect(carryOut(execution)).rejects.toThrow();
		expect(await ada.ask('safe.state', { daoId: ada.daoId, proposalId })).toMatchObject({ execution: null, waits: expect.stringMatching(/not the next/) });
		expect(readdirSync(folder).filter((name) => name.startsWith('safe-'))).not.toEqual([]);
	});

	test('approves through its owners’ service, which is believed in nothing', async () => {
		const data = call(token, 'transfer', friend.address, 10n ** 18n);
		const { proposalId } = await ada.ask('safe.propose', { daoId: ada.daoId, to: token.address, value: '0', data });
		hub.key = 'secret-of-the-service';
		expect(await ada.refused('safe.collect', { daoId: ada.daoId })).toBe('vote/key-refused');
		for (const each of [ada, bob]) await each.ask('safe.setServiceKey', { daoId: each.daoId, key: 'secret-of-the-service' });
		const vote = await ada.approve(proposalId);
		expect(vote.state).toBe('sent');
		expect(JSON.stringify([vote, await ada.ask('votes.daos', {}), await ada.ask('activity.list', { limit: 100 })])).not.toContain('secret-of-the-service');
		expect(hub.transactions.get(proposalId)?.confirmations).toHaveLength(1);

		const lies: readonly [string, (served: ServedTransaction) => unknown, object][] = [
			['another transaction under this hash', (served) => ({ ...served, to: stranger.address }), { transactions: 0, refused: 1 }],
			['another hash', (served) => ({ ...served, safeTxHash: `0x${'00'.repeat(32)}` }), { transactions: 0, refused: 1 }],
			['another Safe', (served) => ({ ...served, safe: token.address }), { transactions: 0, refused: 1 }],
			['a number beyond 256 bits', (served) => ({ ...served, value: '9'.repeat(78) }), { transactions: 0, refused: 1 }],
			['no transaction at all', () => 'nothing', { transactions: 0, refused: 1 }],
			[
				'a signature of somebody else',
				(served) => ({ ...served, confirmations: [{ ...served.confirmations[0], owner: bob.account }] }),
				{ transactions: 1, signaturesLeftOut: 1 },
			],
		];
		for (const [what, change, found] of lies) {
			hub.change = change;
			expect(await bob.ask('safe.collect', { daoId: bob.daoId }), what).toMatchObject(found);
		}
		expect(await bob.ask('safe.state', { daoId: bob.daoId, proposalId })).toMatchObject({ signers: [] });
		hub.change = (served) => served;
		for (const status of [500, 429]) {
			hub.fails = status;
			expect(await bob.refused('safe.collect', { daoId: bob.daoId })).toBe(status === 429 ? 'vote/too-many-requests' : 'vote/bad-answer');
		}
		hub.fails = undefined;
		expect(await bob.ask('safe.collect', { daoId: bob.daoId })).toEqual({ transactions: 1, votes: 0, refused: 0, signaturesLeftOut: 0 });

		// Refused by the service: kept here, and left there later.
		const { id } = await bob.ask('votes.prepare', { daoId: bob.daoId, proposalId, choice: { kind: 'one', option: 1 }, reason: '' });
		hub.fails = 400;
		expect(await bob.refused('votes.approve', { id, submit: true })).toBe('votes/no-answer');
		hub.fails = undefined;
		expect(hub.transactions.get(proposalId)?.confirmations).toHaveLength(1);
		await bob.ask('safe.leave', { daoId: bob.daoId, proposalId });
		expect(hub.transactions.get(proposalId)?.confirmations).toHaveLength(2);
		await ada.ask('safe.collect', { daoId: ada.daoId });
		const state = await ada.ask('safe.state', { daoId: ada.daoId, proposalId });
		expect(state).toMatchObject({ need: 2, waits: null, service: expect.stringMatching(/^127/) });
		await carryOut(state.execution);
		expect(await ada.ask('votes.proposals', { daoId: ada.daoId, open: true })).toEqual([]);
	});

	test('says which transactions stand in each other’s way, and which waits for another', async () => {
		const make = (value: string) => ada.ask('safe.propose', { daoId: ada.daoId, to: stranger.address, value, data: '0x' });
		// What was carried out meanwhile no longer stands in the way; what nobody signs does, until it is forgotten.
		for (const { id } of await ada.ask('votes.proposals', { daoId: ada.daoId, open: true })) await ada.ask('safe.forget', { daoId: ada.daoId, proposalId: id });
		const first = await make('1');
		const second = await make('2');
		const turn = async (proposalId: string) => {
			const { report } = await ada.ask('votes.proposal', { daoId: ada.daoId, proposalId });
			return report.children?.find(({ check }) => check === 'proposal/order');
		};
		expect(await turn(first.proposalId)).toMatchObject({ result: 'passed', reason: expect.stringMatching(/^It is the next/) });
		expect(await turn(second.proposalId)).toMatchObject({ result: 'passed', reason: expect.stringMatching(/^1 transaction has/) });
		const rival = JSON.parse(await ada.file(second.proposalId));
		rival.typedData.message.value = '3';
		rival.signatures = [];
		await ada.ask('safe.takeFile', { daoId: ada.daoId, text: JSON.stringify(rival) });
		expect(await turn(second.proposalId)).toMatchObject({ result: 'warning', code: 'vote/same-counter' });
	});

	test('a message of the Safe is not a transaction', async () => {
		const { proposalId } = await ada.ask('safe.propose', { daoId: ada.daoId, to: stranger.address, value: '9', data: '0x' });
		const file = JSON.parse(await ada.file(proposalId));
		file.typedData.types = { SafeMessage: [{ name: 'message', type: 'bytes' }] };
		file.typedData.primaryType = 'SafeMessage';
		file.typedData.message = { message: '0x1234' };
		file.signatures = [];
		expect(await ada.refused('safe.takeFile', { daoId: ada.daoId, text: JSON.stringify(file) })).toBe('vote/not-a-vote');
		expect(await ada.refused('votes.prepareTypedData', { daoId: ada.daoId, text: JSON.stringify(file.typedData) })).toBe('signing/no-words');
	});
});

describe('a Safe’s vote on Snapshot', () => {
	const space = new TestSnapshotHub({ space: 'example.eth', clock: systemClock });
	const spaces = new Map<Wallet, string>();
	let proposalId: string;

	beforeAll(async () => {
		const ref = { system: 'snapshot', ...(await space.start()) } as const;
		space.network = String(chain.anvil.chainId);
		// As Snapshot does: the contract itself is asked about the digest of the vote.
		space.contract = async (address, digest, signature) => {
			const abi = parseAbi(['function isValidSignature(bytes32, bytes) view returns (bytes4)']);
			const said = await chain.client.readContract({ address, abi, functionName: 'isValidSignature', args: [digest, signature] }).catch(() => null);
			return said === '0x1626ba7e';
		};
		for (const each of [ada, bob]) {
			const { id } = await each.ask('votes.look', { ref });
			spaces.set(each, (await each.ask('votes.follow', { id })).id);
		}
		proposalId = await space.propose({ title: 'Fund the library', choices: ['Yes', 'No'] });
	});
	afterAll(() => space.stop());

	const begin = (wallet: Wallet, option = 1, id = proposalId) => ({
		daoId: spaces.get(wallet) ?? '',
		proposalId: id,
		choice: { kind: 'one' as const, option },
		reason: '',
		safeId: wallet.daoId,
	});
	const signed = async (wallet: Wallet, option = 1) => {
		const { id } = await wallet.ask('votes.prepare', begin(wallet, option));
		const vote = await wallet.ask('votes.approve', { id, submit: false });
		return vote.safe?.messageId ?? '';
	};
	const changed = ({ message: served }: ServedMessage, change: object) => {
		const data = served as { message: object };
		return { ...data, message: { ...data.message, ...change } };
	};
	const message = (wallet: Wallet, messageId: string) => wallet.ask('safe.message', { daoId: wallet.daoId, messageId });

	test('is begun by one owner, read and signed by another from a file, checked by the Safe, taken, and found in the count', async () => {
		const review = await ada.ask('votes.prepare', begin(ada));
		expect(review.sentence).toMatch(/^Vote “Yes” on “Fund the library”, in the name of Safe 0x/);
		expect(review).toMatchObject({ way: 'submit', taker: expect.stringMatching(/^127/) });
		const line = (label: string) => review.lines.find((each) => each.label === label)?.value;
		expect([line('Voter'), line('Signer'), line('In the name of')]).toEqual([
			safe.address,
			ada.account,
			`Safe ${safe.address} on chain ${chain.anvil.chainId}`,
		]);
		// Nothing is kept of what is only looked at.
		expect(await ada.ask('safe.messages', { daoId: ada.daoId })).toEqual([]);
		const began = await ada.ask('votes.approve', { id: review.id, submit: false });
		expect(began).toMatchObject({ state: 'signed', signer: ada.account, voter: safe.address, safe: { daoId: ada.daoId, messageId: review.digest } });
		const messageId = review.digest;
		await ada.again();
		expect(await ada.ask('safe.messages', { daoId: ada.daoId })).toMatchObject([{ id: messageId, title: 'A vote in example.eth', signatures: 1 }]);
		expect(await message(ada, messageId)).toMatchObject({ signers: [ada.account], need: 2, own: true, waits: expect.stringMatching(/More owners/) });
		expect(await ada.refused('safe.sendMessage', { daoId: ada.daoId, messageId })).toBe('vote/too-few-signatures');
		expect((await ada.ask('votes.check', { id: began.id })).check?.state).toBe('not-counted');

		expect(await bob.ask('safe.takeFile', { daoId: bob.daoId, text: await ada.file(messageId) })).toEqual({
			kind: 'message',
			proposalId: messageId,
			title: 'A vote in example.eth',
		});
		expect(await message(bob, messageId)).toMatchObject({ title: 'Fund the library', signers: [ada.account], own: false, isOwner: true, voteId: null });
		const second = await bob.ask('safe.prepareMessage', { daoId: bob.daoId, messageId });
		expect(second).toMatchObject({ digest: messageId, sentence: review.sentence });
		await bob.ask('votes.approve', { id: second.id, submit: false });
		const ready = await message(bob, messageId);
		expect(ready).toMatchObject({ own: true, waits: null, taker: expect.stringMatching(/^127/) });
		expect(new Set(ready.signers)).toEqual(new Set([ada.account, bob.account]));

		const sent = await bob.ask('safe.sendMessage', { daoId: bob.daoId, messageId });
		expect(sent).toMatchObject({ id: ready.voteId, state: 'sent', voter: safe.address, signer: safe.address });
		expect(sent.signature).toHaveLength(2 + 2 * 130);
		const [envelope] = space.received;
		expect(envelope).toMatchObject({ address: safe.address, sig: sent.signature, data: { message: { from: safe.address, choice: 1 } } });
		expect((await bob.ask('votes.check', { id: sent.id })).check?.state).toBe('counted');
		// The owner who only signed finds it as well.
		expect((await ada.ask('votes.check', { id: began.id })).check?.state).toBe('counted');
		expect(await bob.refused('safe.sendMessage', { daoId: bob.daoId, messageId })).toBe('safe/already-sent');
		expect(await ada.ask('votes.standing', { daoId: spaces.get(ada) ?? '', proposalId, safeId: ada.daoId })).toMatchObject({
			voted: expect.stringMatching(/Yes/),
		});
		await ada.ask('safe.forget', { daoId: ada.daoId, proposalId: messageId });
		expect((await ada.ask('votes.get', { id: began.id })).safe).toBeNull();
	});

	test('takes in no signature of a stranger, twice the same, for another vote, another Safe or another chain', async () => {
		const messageId = await signed(ada, 2);
		const text = await ada.file(messageId);
		const taken = (change: (json: Record<string, never> & { signatures: unknown[]; typedData: never; about: never }) => void) => {
			const json = JSON.parse(text);
			change(json);
			return bob.refused('safe.takeFile', { daoId: bob.daoId, text: JSON.stringify(json) });
		};
		const byStranger = { owner: stranger.address, signature: await stranger.sign({ hash: messageId as Hex }), byContract: false };
		expect(await taken((json) => json.signatures.push(byStranger))).toBe('safe/not-an-owner');
		expect(await taken((json) => json.signatures.push({ owner: founder.address, signature: byStranger.signature, byContract: false }))).toBe(
			'vote/bad-signature',
		);
		expect(await taken((json) => json.signatures.push({ owner: founder.address, signature: '0x1234', byContract: true }))).toBe('safe/not-an-owner');
		expect(await taken((json) => json.signatures.push(json.signatures[0]))).toBe('vote/bad-file');
		expect(await taken(({ about }: { about: { message: { choice: number } } }) => Object.assign(about.message, { choice: 1 }))).toBe('vote/bad-file');
		const other = { ...JSON.parse(text), signatures: [] };
		const elsewhere = (domain: object) =>
			bob.refused('safe.takeFile', {
				daoId: bob.daoId,
				text: JSON.stringify({ ...other, typedData: { ...other.typedData, domain: { ...other.typedData.domain, ...domain } } }),
			});
		expect(await elsewhere({ chainId: 1 })).toBe('safe/other-safe');
		expect(await elsewhere({ verifyingContract: token.address })).toBe('safe/other-safe');
		// A vote of somebody else, or in a space that is not followed, though all hashes fit.
		const about = (message: object) => {
			const vote = { ...other.about, message: { ...other.about.message, ...message } };
			const digest = hashTypedData({ ...vote, message: { ...vote.message, timestamp: BigInt(vote.message.timestamp) } });
			return bob.refused('safe.takeFile', {
				daoId: bob.daoId,
				text: JSON.stringify({ ...other, about: vote, typedData: { ...other.typedData, message: { message: digest } } }),
			});
		};
		expect(await about({ from: stranger.address })).toBe('vote/not-a-vote');
		expect(await about({ space: 'unknown.eth' })).toBe('safe/space-not-followed');
		expect(await bob.ask('safe.messages', { daoId: bob.daoId })).toHaveLength(1);
		expect(await taken(() => undefined)).toBe('accepted');
	});

	test('goes through the owners’ service, which is believed in nothing', async () => {
		const id = await space.propose({ title: 'By the service', choices: ['Yes', 'No'] });
		for (const each of [ada, bob]) await each.ask('safe.setServiceKey', { daoId: each.daoId, key: null });
		const review = await ada.ask('votes.prepare', begin(ada, 2, id));
		const where = { daoId: ada.daoId, messageId: review.digest };
		hub.fails = 500;
		expect(await ada.refused('votes.approve', { id: review.id, submit: true })).toBe('safe/not-left');
		hub.fails = undefined;
		expect(await message(ada, review.digest)).toMatchObject({ own: true, service: expect.stringMatching(/^127/) });
		await ada.ask('safe.leave', { daoId: ada.daoId, proposalId: review.digest });
		expect(hub.messages.get(review.digest)?.confirmations).toMatchObject([{ owner: ada.account }]);

		const collect = () => bob.ask('safe.collect', { daoId: bob.daoId });
		const lies: readonly [string, (served: ServedMessage) => unknown, object][] = [
			['another vote under this hash', (served) => ({ ...served, message: changed(served, { choice: 1 }) }), { votes: 0, refused: 1 }],
			['another hash', (served) => ({ ...served, messageHash: `0x${'00'.repeat(32)}` }), { votes: 0, refused: 1 }],
			['another Safe', (served) => ({ ...served, safe: token.address }), { votes: 0, refused: 1 }],
			['no message at all', () => 7, { votes: 0, refused: 1 }],
			['a text, which is none of ours', (served) => ({ ...served, message: 'hello' }), { votes: 0, refused: 0 }],
			['a vote of somebody else', (served) => ({ ...served, message: changed(served, { from: stranger.address }) }), { votes: 0, refused: 0 }],
			[
				'a signature under another name',
				(served) => ({ ...served, confirmations: [{ ...served.confirmations[0], owner: bob.account }] }),
				{ votes: 1, signaturesLeftOut: 1 },
			],
		];
		const byStranger = { owner: stranger.address, signature: await stranger.sign({ hash: review.digest as Hex }) };
		hub.changeMessage = (served) => ({ ...served, confirmations: [byStranger] });
		expect(await collect()).toMatchObject({ votes: 1, signaturesLeftOut: 1 });
		for (const [what, change, found] of lies) {
			hub.changeMessage = change;
			expect(await collect(), what).toMatchObject(found);
		}
		hub.changeMessage = (served) => served;
		expect(await message(bob, review.digest)).toMatchObject({ signers: [] });
		expect(await collect()).toMatchObject({ votes: 1, refused: 0, signaturesLeftOut: 0 });
		const second = await bob.ask('safe.prepareMessage', { daoId: bob.daoId, messageId: review.digest });
		await bob.ask('votes.approve', { id: second.id, submit: true });
		expect(hub.messages.get(review.digest)?.confirmations).toHaveLength(2);
		await ada.ask('safe.collect', { daoId: ada.daoId });
		expect(await ada.ask('safe.sendMessage', where)).toMatchObject({ state: 'sent', voter: safe.address });
	});

	test('is refused where the vote is closed, kept secret, too old, on another chain, or the account no owner', async () => {
		const closed = await space.propose({ title: 'Over', choices: ['Yes', 'No'], start: -200, end: -100 });
		expect(await ada.refused('votes.prepare', begin(ada, 1, closed))).toBe('vote/not-open');
		const secret = await space.propose({ title: 'Secret', choices: ['Yes', 'No'], privacy: 'shutter' });
		expect(await ada.refused('votes.prepare', begin(ada, 1, secret))).toBe('vote/not-supported');
		expect(await ada.refused('votes.prepare', { ...begin(ada), safeId: spaces.get(ada) ?? '' })).toBe('safe/not-a-safe');
		expect(await ada.refused('votes.prepare', { ...begin(ada), daoId: ada.daoId })).toBe('safe/not-snapshot');
		space.network = '1';
		expect(await ada.refused('votes.prepare', begin(ada))).toBe('safe/other-network');
		space.network = String(chain.anvil.chainId);

		// Ends while its owners sign.
		const ending = await space.propose({ title: 'Ending', choices: ['Yes', 'No'] });
		const { id } = await ada.ask('votes.prepare', begin(ada, 1, ending));
		const { safe: at } = await ada.ask('votes.approve', { id, submit: false });
		const where = { daoId: ada.daoId, messageId: at?.messageId ?? '' };
		space.lie = (shown) => (shown.id === ending ? { ...shown, choices: ['No', 'Yes'] } : shown);
		expect(await ada.refused('safe.message', where)).toBe('vote/not-open');
		space.lie = (shown) => shown;
		const real = systemClock.now();
		vi.setSystemTime(real + 2 * 86_400_000);
		try {
			expect((await ada.ask('safe.message', where)).over).toMatch(/closed/);
			expect(await ada.refused('safe.prepareMessage', where)).toBe('vote/not-open');
			expect(await ada.refused('safe.sendMessage', where)).toBe('vote/not-open');
		} finally {
			vi.useRealTimers();
		}
		expect(await ada.refused('safe.message', { ...where, messageId: `0x${'00'.repeat(32)}` })).toBe('safe/unknown');
	});
});
