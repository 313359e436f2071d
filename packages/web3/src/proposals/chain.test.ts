import { type Address, concat, type EIP1193RequestFn, encodeFunctionData, encodePacked, type Hex, maxUint256, size, zeroAddress } from 'viem';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Contract, startTestChain, type TestChain } from '../votes/testing/chain.ts';
import { person } from '../votes/testing/people.ts';
import type { Action } from './decode.ts';
import { readProposal } from './read.ts';

const DAI = 10n ** 18n;
const THIEF = person(66).address;
const AUDITOR = person(7).address;

let chain: TestChain;
let token: Contract;
let timelock: Contract;
let multisend: Contract;

beforeAll(async () => {
	chain = await startTestChain();
	token = await chain.deploy('VotesToken', 'Treasury money', false);
	multisend = await chain.deploy('MultiSend');
	timelock = await chain.deploy('TimelockController', 0n, [], [zeroAddress], chain.relayer.address);
	await chain.send(token, 'mint', timelock.address, 1_000n * DAI);
});
afterAll(() => chain.stop());

const call = (contract: Contract, functionName: string, ...args: readonly unknown[]): Action => ({
	to: contract.address,
	value: 0n,
	data: encodeFunctionData({ abi: contract.abi, functionName, args }),
	operation: 'call',
});
const packed = ({ to, value, data }: Action): Hex =>
	encodePacked(['uint8', 'address', 'uint256', 'uint256', 'bytes'], [0, to, value, BigInt(size(data)), data]);

/** Safe's, 1.4.1. */
const MULTI_SEND: Address = '0x38869bf66a61cF6bDB996A6aE40D5853Fd43B526';
const request: EIP1193RequestFn = (args) => chain.client.request(args as never);
const read = (actions: readonly Action[], more: { text?: string; madeIn?: bigint; request?: EIP1193RequestFn; executor?: Address } = {}) =>
	readProposal({
		chainId: 31337,
		request: more.request ?? request,
		currency: 'ETH',
		executor: more.executor ?? timelock.address,
		actions,
		text: more.text ?? '',
		names: new Map([[timelock.address, 'Treasury']]),
		...(more.madeIn === undefined ? {} : { madeIn: more.madeIn }),
	});

test('a small payment is what it says: words, effects, no flags', async () => {
	const reading = await read([call(token, 'transfer', AUDITOR, 10n * DAI)], {
		text: `Pay the auditor ${AUDITOR}.`,
		madeIn: await chain.client.getBlockNumber(),
	});
	expect(reading.actions.map(({ words }) => words)).toEqual([`Sends 10 VOTE to ${AUDITOR}.`]);
	expect(reading.effects).toEqual([`10 VOTE (token ${token.address}) would leave the treasury (1.0% of what it has).`]);
	expect(reading.flags).toEqual([]);
});

test('a drain hidden in a batch, behind a payment that the text is about, is seen', async () => {
	const batch = concat([packed(call(token, 'transfer', AUDITOR, 10n * DAI)), packed(call(token, 'transfer', THIEF, 990n * DAI))]);
	// Any contract can have a function of that name: only Safe's own are believed about what a delegate call does.
	const foreign = await read([{ ...call(multisend, 'multiSend', batch), operation: 'delegatecall' }]);
	expect(foreign.flags.map(({ code }) => code)).toEqual(expect.arrayContaining(['delegatecall', 'not-simulated']));
	await chain.client.request({ method: 'anvil_setCode', params: [MULTI_SEND, (await chain.client.getCode(multisend)) ?? '0x'] } as never);
	const known = { ...multisend, address: MULTI_SEND };
	const reading = await read([{ ...call(known, 'multiSend', batch), operation: 'delegatecall' }], { text: `Pay the auditor ${AUDITOR}.` });
	expect(reading.actions[0]?.inside.map(({ words }) => words)).toContain(`Sends 990 VOTE to ${THIEF}.`);
	expect(reading.effects).toEqual([`1,000 VOTE (token ${token.address}) would leave the treasury (100% of what it has).`]);
	expect(reading.flags.map(({ code, severity, message }) => [code, severity, message])).toEqual([
		['treasury-share', 'danger', 'All of the treasury’s VOTE would leave it (1,000 VOTE).'],
		['not-in-text', 'warning', `${THIEF} gets something, and the text names other addresses only.`],
	]);
});

test('an allowance is said once, whether its call or its event tells of it', async () => {
	const reading = await read([call(token, 'approve', THIEF, maxUint256)]);
	expect(reading.flags.map(({ code }) => code)).toEqual(['unlimited-approval']);
	expect(reading.effects).toEqual([]);
});

test('the network’s own currency, and what comes in', async () => {
	await chain.anvil.fund(timelock.address, 4);
	const paying = await read([{ to: THIEF, value: 2n * DAI, data: '0x', operation: 'call' }]);
	expect(paying.effects).toEqual(['2 ETH would leave the treasury (50% of what it has).']);
	expect(paying.flags.map(({ code }) => code)).toEqual(['treasury-share']);
	const minting = await read([call(token, 'mint', timelock.address, 5n * DAI)]);
	expect(minting.effects).toEqual([`5 VOTE (token ${token.address}) would reach the treasury.`]);
});

test('what would fail now, a target without code, and code that is younger than the proposal', async () => {
	const tooMuch = await read([call(token, 'transfer', AUDITOR, 10n ** 30n)]);
	expect(tooMuch.flags.map(({ code }) => code)).toContain('would-fail');
	const before = await chain.client.getBlockNumber();
	const young = await chain.deploy('VotesToken', 'Young', false);
	const reading = await read([call(young, 'transfer', AUDITOR, 0n), { ...call(token, 'transfer', AUDITOR, 0n), to: THIEF }], { madeIn: before });
	expect(reading.flags.map(({ code }) => code)).toEqual(expect.arrayContaining(['young-code', 'no-code']));
});

test('a server that can’t try things out, and one that answers nonsense, leave the rest of the reading', async () => {
	const without = (answer: () => Promise<unknown>): EIP1193RequestFn =>
		((args: { method: string }) => (args.method === 'eth_simulateV1' ? answer() : request(args as never))) as EIP1193RequestFn;
	for (const answer of [() => Promise.reject(new Error('unknown method')), () => Promise.resolve({ calls: 'many' }), () => Promise.resolve([])]) {
		const reading = await read([call(token, 'transfer', AUDITOR, 10n * DAI)], { request: without(answer) });
		expect(reading.effects).toBeNull();
		expect(reading.flags.map(({ code }) => code)).toEqual(['not-simulated']);
		expect(reading.actions[0]?.words).toBe(`Sends 10 VOTE to ${AUDITOR}.`);
	}
	const hostile: EIP1193RequestFn = (() => Promise.resolve(`0x${'ff'.repeat(40_000)}`)) as never;
	expect((await read([call(token, 'transfer', AUDITOR, 1n)], { request: hostile })).actions).toHaveLength(1);
});
