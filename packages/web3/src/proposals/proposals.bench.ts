import { benchReport, measure } from '@holdfast/testkit';
import { concat, decodeFunctionData, type EIP1193RequestFn, encodeFunctionData, encodePacked, type Hex, parseAbi, size, zeroAddress } from 'viem';
import { test } from 'vitest';
import { startTestChain } from '../votes/testing/chain.ts';
import { person } from '../votes/testing/people.ts';
import { type Action, decodeActions } from './decode.ts';
import { readProposal } from './read.ts';

const PAYMENTS = 50;

test('a proposal of fifty payments in a batch: decoded, tried out, flagged', { timeout: 600_000 }, async () => {
	const chain = await startTestChain();
	try {
		const token = await chain.deploy('VotesToken', 'Money', false);
		const multisend = await chain.deploy('MultiSend');
		const timelock = await chain.deploy('TimelockController', 0n, [], [zeroAddress], chain.relayer.address);
		await chain.send(token, 'mint', timelock.address, 10n ** 24n);
		const pay = (index: number): Hex => encodeFunctionData({ abi: token.abi, functionName: 'transfer', args: [person(index + 1).address, 10n ** 18n] });
		const payments = Array.from({ length: PAYMENTS }, (_, index) => pay(index));
		const packed = concat(
			payments.map((data) => encodePacked(['uint8', 'address', 'uint256', 'uint256', 'bytes'], [0, token.address, 0n, BigInt(size(data)), data])),
		);
		const batch = encodeFunctionData({ abi: multisend.abi, functionName: 'multiSend', args: [packed] });
		const actions: readonly Action[] = [{ to: multisend.address, value: 0n, data: batch, operation: 'delegatecall' }];
		const abi = parseAbi(['function transfer(address to, uint256 amount)']);
		const plain = await measure(12, () => {
			for (const data of payments) decodeFunctionData({ abi, data });
		});
		const decoded = await measure(12, () => decodeActions(actions));
		const request: EIP1193RequestFn = (args) => chain.client.request(args as never);
		const read = await measure(8, () =>
			readProposal({ request, currency: 'ETH', chainId: 1, executor: timelock.address, actions, text: 'Pay everybody', names: new Map() }),
		);
		benchReport(`web3: a proposal of ${PAYMENTS} payments`, [
			{ what: 'calls decoded with viem alone, functions known', times: plain },
			{ what: 'batch opened, looked up, decoded, encoded again', times: decoded, beside: 'calls decoded with viem alone, functions known' },
			{ what: 'read whole: decoded, simulated on a node, flagged, in words', times: read },
		]);
	} finally {
		await chain.stop();
	}
});
