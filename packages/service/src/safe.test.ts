import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CallInput, CallName, CallOutput } from '@holdfast/contract';
import { systemClock, systemRandom } from '@holdfast/kernel';
import { createGuardedFetch } from '@holdfast/net';
import { type ServedTransaction, TestSafeService } from '@holdfast/web3/testing';
import { type Contract, startTestChain, type TestChain } from '@holdfast/web3/testing/chain';
import { encodeFunctionData, type Hex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
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
		expect(await bob.ask('safe.collect', { daoId: bob.daoId })).toEqual({ transactions: 1, refused: 0, signaturesLeftOut: 0 });

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
		expect(await ada.refused('safe.takeFile', { daoId: ada.daoId, text: JSON.stringify(file) })).toBe('safe/message');
		expect(await ada.refused('votes.prepareTypedData', { daoId: ada.daoId, text: JSON.stringify(file.typedData) })).toBe('signing/no-words');
	});
});
