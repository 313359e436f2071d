import { createRequire } from 'node:module';
import { benchReport, measure } from '@holdfast/testkit';
import { encodeFunctionData, type Hex } from 'viem';
import { test } from 'vitest';
import { reviewTypedData } from '../firewall/index.ts';
import { digestOf, type TypedData, typedData } from '../typed-data/index.ts';
import { CAST_BY_SIGNATURE } from './abis.ts';
import { readRelayFile, relayCall, writeRelayFile } from './relay.ts';
import { addSignature, packSignatures, readSafeFile, type SafeFile, writeSafeFile } from './safe-file.ts';
import { snapshotAllowances } from './snapshot/adapter.ts';
import { envelope } from './snapshot/envelope.ts';
import { person } from './testing/people.ts';

const CONTRACT = '0x00000000000000000000000000000000000090f1';
/** Ballots in one round: one alone is too quick to be timed. */
const BALLOTS = 20;
const domain = { name: 'MyGovernor', version: '1', chainId: 1, verifyingContract: CONTRACT } as const;
const voter = person(1);
const message = (nonce: number) => ({ proposalId: 7n, support: 1, voter: voter.address, nonce: BigInt(nonce) });

test('a ballot: reviewed, signed, encoded', { timeout: 600_000 }, async () => {
	const ballot = typedData('governor-ballot', domain, message(0));
	const { struct: _struct, ...wire }: TypedData = ballot;
	const account = {
		address: voter.address,
		context: { kind: 'dao', chainId: 1, contract: CONTRACT },
		index: 0,
		dao: 'DAO',
		allowances: [{ struct: 'governor-ballot', domain, pins: { voter: voter.address } }],
	} as const;
	const proposal = { id: '7', title: 'A proposal', options: [{ value: 1, label: 'For' }], voting: 'one' } as const;
	const each = async (work: (index: number) => unknown) => {
		for (let index = 0; index < BALLOTS; index += 1) await work(index);
	};
	const signature = await voter.sign({ hash: digestOf(ballot) });
	const file = writeRelayFile({ typedData: ballot, signer: voter.address, signature });
	const plain = await measure(12, () =>
		each(async (index) => {
			const types = { Ballot: ballot.types.Ballot as { name: string; type: string }[] };
			const signed: Hex = await voter.signTypedData({ domain, types, primaryType: 'Ballot', message: message(index) });
			encodeFunctionData({ abi: CAST_BY_SIGNATURE, functionName: 'castVoteBySig', args: [7n, 1, voter.address, signed] });
		}),
	);
	const ours = await measure(12, () =>
		each(async () => {
			const review = reviewTypedData(account, { typedData: wire, proposal }, { now: () => 0 });
			relayCall({ typedData: review.typedData, signature: await voter.sign({ hash: review.digest }) });
		}),
	);
	const review = await measure(12, () => each(() => reviewTypedData(account, { typedData: wire, proposal }, { now: () => 0 })));
	const read = await measure(12, () => each(() => readRelayFile(file)));
	benchReport(`web3: ${BALLOTS} ballots`, [
		{ what: 'signed and encoded with viem alone', times: plain },
		{ what: 'reviewed, signed, encoded', times: ours, beside: 'signed and encoded with viem alone' },
		{ what: 'of which the review', times: review, beside: 'signed and encoded with viem alone' },
		{ what: 'read from a file, before the contract is asked', times: read, beside: 'signed and encoded with viem alone' },
	]);
});

// Snapshot's own library, as its users have it: a client on a key of ethers 5. Nothing is sent.
interface SnapshotClient {
	send: (envelope: object) => Promise<unknown>;
	vote(signer: object, address: string, vote: object): Promise<unknown>;
}
const snapshotJs = createRequire(import.meta.url).resolve('@snapshot-labs/snapshot.js');
const fromSnapshotJs = createRequire(snapshotJs);
const { Client712 } = fromSnapshotJs(snapshotJs) as { Client712: new (url: string) => SnapshotClient };
const { Wallet } = fromSnapshotJs('@ethersproject/wallet') as { Wallet: new (key: string) => { readonly address: string } };

test('a vote on Snapshot: from a choice to what is handed in', { timeout: 600_000 }, async () => {
	const key = `0x${'1'.padStart(64, '5')}`;
	const signer = new Wallet(key);
	const proposal = `0x${'ab'.repeat(32)}` as const;
	const client = new Client712('http://127.0.0.1:1');
	client.send = (made) => Promise.resolve(JSON.stringify(made));
	const theirs = await measure(12, async () => {
		for (let index = 0; index < BALLOTS; index += 1)
			await client.vote(signer, signer.address, { space: 'example.eth', proposal, type: 'single-choice', choice: 1, reason: '', app: 'holdfast' });
	});
	const account = {
		address: voter.address,
		context: { kind: 'dao', space: 'example.eth' },
		index: 0,
		dao: 'DAO',
		allowances: snapshotAllowances('example.eth', voter.address),
	} as const;
	const words = { id: proposal, title: 'A proposal', options: [{ value: 1, label: 'For' }], voting: 'one' } as const;
	const now = Date.now();
	const ours = await measure(12, async () => {
		for (let index = 0; index < BALLOTS; index += 1) {
			const timestamp = Math.floor(now / 1000);
			const message = { from: voter.address, space: 'example.eth', timestamp, proposal, choice: 1, reason: '', app: 'holdfast', metadata: '{}' };
			const { struct: _struct, ...wire } = typedData('snapshot-vote-single', { name: 'snapshot', version: '0.1.4' }, message);
			const review = reviewTypedData(account, { typedData: wire, proposal: words }, { now: () => now });
			JSON.stringify(envelope({ typedData: review.typedData, signer: voter.address, signature: await voter.sign({ hash: review.digest }) }));
		}
	});
	const beside = 'snapshot.js: signed';
	benchReport(`web3: ${BALLOTS} votes on Snapshot`, [
		{ what: beside, times: theirs, note: 'ethers 5' },
		{ what: 'reviewed in words, signed', times: ours, beside },
	]);
});

test('a Safe of ten owners: the file read, each signature held to its owner, and packed', { timeout: 600_000 }, async () => {
	const people = Array.from({ length: 10 }, (_, index) => person(index + 1));
	const zero = '0x0000000000000000000000000000000000000000';
	const data = typedData(
		'safe-tx',
		{ chainId: 1, verifyingContract: CONTRACT },
		{ to: CONTRACT, value: 1n, data: '0x', operation: 0, safeTxGas: 0, baseGas: 0, gasPrice: 0, gasToken: zero, refundReceiver: zero, nonce: 3 },
	);
	const owners = people.map(({ address }) => address);
	const text = async (count: number): Promise<string> => {
		let file: SafeFile = { typedData: data, signatures: [] };
		for (const owner of people.slice(0, count)) file = await addSignature(file, { signature: await owner.sign({ hash: digestOf(data) }) });
		return writeSafeFile(file);
	};
	const [one, ten] = [await text(1), await text(10)];
	const pack = async (file: string, threshold: number) => packSignatures(await readSafeFile(file), { owners, threshold });
	const tenOfOne = await measure(12, async () => {
		for (let index = 0; index < 10; index += 1) await pack(one, 1);
	});
	benchReport('web3: signatures for a Safe', [
		{ what: 'ten files with one signature', times: tenOfOne },
		{ what: 'one file with ten signatures', times: await measure(12, () => pack(ten, 10)), beside: 'ten files with one signature' },
	]);
});
