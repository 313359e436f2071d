import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@holdfast/kernel';
import { TestSnapshotHub } from '@holdfast/web3/testing';
import { startTestChain } from '@holdfast/web3/testing/chain';
import { encodeFunctionData, type Hex, parseAbi } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EXIT } from './exit.ts';
import { printed } from './testing/cli-actor.node.ts';
import { inThisProcess, type RunOptions, type Terminal } from './testing/holdfast.node.ts';

// Typed data from a file: said in words, refused, signed and handed in.

let folder: string;
let here: Terminal;
const hub = new TestSnapshotHub({ space: 'harbour.eth', clock: systemClock });

const holdfast = async (args: readonly string[], options?: RunOptions) => {
	const ran = await here.run(join(folder, 'profile'), args, options);
	return { ...ran, ...(options?.json === false ? { value: undefined, error: undefined } : printed(ran)) };
};

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), 'holdfast-cli-votes-'));
	here = inThisProcess(folder);
	const { hubUrl, sequencerUrl, gatewayUrl } = await hub.start();
	await holdfast(['init']);
	const followed = await holdfast([
		'--yes',
		'vote',
		'follow',
		'snapshot',
		'harbour.eth',
		'--hub',
		hubUrl,
		'--sequencer',
		sequencerUrl,
		'--gateway',
		gatewayUrl,
	]);
	expect(followed.value).toMatchObject({ name: 'Example DAO' });
});
afterAll(async () => {
	await hub.stop();
	rmSync(folder, { recursive: true });
});

const fields = {
	from: 'string',
	space: 'string',
	timestamp: 'uint64',
	proposal: 'string',
	choice: 'uint32',
	reason: 'string',
	app: 'string',
	metadata: 'string',
};
const voteFile = async (change: object = {}): Promise<string> => {
	const { value } = await holdfast(['vote', 'daos']);
	const [dao] = value as { account: string }[];
	const proposal = await hub.propose({ title: 'New ropes', choices: ['Yes', 'No'] });
	const path = join(folder, `vote-${Math.random()}.json`);
	const message = {
		from: dao?.account,
		space: 'harbour.eth',
		timestamp: Math.floor(Date.now() / 1000),
		proposal,
		choice: 2,
		reason: '',
		app: 'script',
		metadata: '{}',
		...change,
	};
	const types = { Vote: Object.entries(fields).map(([name, type]) => ({ name, type })) };
	writeFileSync(path, JSON.stringify({ domain: { name: 'snapshot', version: '0.1.4' }, types, primaryType: 'Vote', message }));
	return `@${path}`;
};

test('a file is put into words, signed, handed in, and counted', async () => {
	const file = await voteFile();
	const reviewed = await holdfast(['vote', 'review', 'Example DAO', file], { json: false });
	expect(reviewed.stdout).toContain('Vote “No” on “New ropes”');
	expect(hub.votes).toHaveLength(0);
	const signed = await holdfast(['--yes', 'vote', 'sign', 'example dao', file, '--submit']);
	expect(signed.value).toMatchObject({ state: 'sent', sentence: 'Vote “No” on “New ropes”' });
	const checked = await holdfast(['vote', 'check', (signed.value as { id: string }).id]);
	expect(checked.value).toMatchObject({ check: { state: 'counted' } });
	expect((await holdfast(['vote', 'list'], { json: false })).stdout).toContain('The hub counts this vote');
});

test('a file that asks for something else is refused, and so is a DAO that is not followed', async () => {
	const other = await holdfast(['--yes', 'vote', 'sign', 'Example DAO', await voteFile({ space: 'other.eth' })]);
	expect([other.code, other.error?.code]).toEqual([EXIT.refused, 'signing/other-value']);
	const permit = JSON.stringify({ domain: {}, types: { Permit: [{ name: 'spender', type: 'address' }] }, primaryType: 'Permit', message: { spender: '0x' } });
	const drained = await holdfast(['--yes', 'vote', 'sign', 'Example DAO', '-'], { stdin: permit });
	expect([drained.code, drained.error?.code]).toEqual([EXIT.refused, 'typed-data/unknown-struct']);
	const unknown = await holdfast(['vote', 'review', 'Nobody', permit]);
	expect([unknown.code, unknown.error?.code]).toEqual([EXIT.usage, 'cli/usage']);
});

test('a session key is begun with a signature from elsewhere, shown, and dropped', async () => {
	// Any account with a key will do: the author of the hub's proposals.
	const owner = hub.author;
	const asked = await holdfast(['vote', 'session-key', 'begin', 'Example DAO', owner.address]);
	const { address, request } = asked.value as { address: string; request: { typedData: string } };
	expect((await holdfast(['vote', 'session-key', 'show', 'Example DAO'], { json: false })).stdout).toContain('"EIP712Domain"');
	const other = await holdfast(['vote', 'session-key', 'hand-in', 'Example DAO', await owner.signMessage({ message: 'no' })]);
	expect([other.code, other.error?.code]).toEqual([EXIT.refused, 'votes/other-signer']);
	const signature = await owner.signTypedData(JSON.parse(request.typedData));
	const begun = await holdfast(['vote', 'session-key', 'hand-in', 'Example DAO', '-'], { stdin: `${signature}\n` });
	expect(begun.value).toMatchObject({ address, state: 'in-force', owner: owner.address });
	await holdfast(['--yes', 'vote', 'session-key', 'drop', 'Example DAO']);
	expect((await holdfast(['vote', 'session-key', 'show', 'Example DAO'])).value).toBeNull();
});

test('a Safe’s transaction is made, read, approved, and handed on as a file that another wallet takes in', async () => {
	const chain = await startTestChain();
	try {
		const founder = privateKeyToAccount(`0x${'5a'.repeat(32)}`);
		const safe = await chain.safe([founder.address], 1);
		const { chainId, rpcUrl } = chain.anvil;
		await holdfast(['--yes', 'network', 'add', String(chainId), 'Here', rpcUrl]);
		const followed = await holdfast(['--yes', 'vote', 'follow', 'safe', safe.address, '--chain', String(chainId)]);
		const { name, account } = followed.value as { name: string; account: Hex };
		// The founder takes the account in by hand.
		const add = encodeFunctionData({ abi: safe.abi, functionName: 'addOwnerWithThreshold', args: [account, 2n] });
		const adding = await holdfast(['vote', 'safe', 'propose', name, safe.address, '--data', add]);
		const { proposalId } = adding.value as { proposalId: Hex };
		const written = await holdfast(['vote', 'safe', 'file', name, proposalId, folder]);
		const { path } = written.value as { path: string };
		const signedBy = async (file: string, hash: Hex) => {
			const json = JSON.parse(readFileSync(file, 'utf8'));
			json.signatures.push({ owner: founder.address, signature: await founder.sign({ hash }), byContract: false });
			json.signatures.sort((a: { owner: string }, b: { owner: string }) => (a.owner.toLowerCase() < b.owner.toLowerCase() ? -1 : 1));
			writeFileSync(file, JSON.stringify(json));
		};
		await signedBy(path, proposalId);
		await holdfast(['vote', 'safe', 'take', name, `@${path}`]);
		const ready = (await holdfast(['vote', 'safe', 'state', name, proposalId])).value as { execution: { to: Hex; data: Hex } };
		await chain.relayer.send({ chainId, ...ready.execution });

		const paid = await holdfast(['vote', 'safe', 'propose', name, founder.address, '--value', '5']);
		const { proposalId: payment } = paid.value as { proposalId: Hex };
		const approved = await holdfast(['--yes', 'vote', 'safe', 'approve', name, payment]);
		expect(approved.value).toMatchObject({ state: 'signed', sentence: expect.stringMatching(/^Approve a transaction of Safe/) });
		const state = await holdfast(['vote', 'safe', 'state', name, payment], { json: false });
		expect(state.stdout).toContain(`1 of 2 owners have signed:\n  ${account}`);
		expect((await holdfast(['vote', 'safe', 'list', name], { json: false })).stdout).toContain(payment);
		const none = await holdfast(['vote', 'safe', 'collect', name]);
		expect([none.code, none.error?.code]).toEqual([EXIT.usage, 'vote/no-service']);
		const bad = await holdfast(['vote', 'safe', 'take', name, '{}']);
		expect(bad.error?.code).toBe('vote/bad-file');

		// A vote of the Safe on Snapshot: begun here, signed by the founder in the file, sent.
		const abi = parseAbi(['function isValidSignature(bytes32, bytes) view returns (bytes4)']);
		hub.network = String(chainId);
		hub.contract = async (address, digest, signature) =>
			(await chain.client.readContract({ address, abi, functionName: 'isValidSignature', args: [digest, signature] }).catch(() => null)) === '0x1626ba7e';
		const boats = await hub.propose({ title: 'Buy boats', choices: ['Yes', 'No'], type: 'weighted' });
		const wrong = await holdfast(['--yes', 'vote', 'safe', 'vote', name, 'Example DAO', boats, '1']);
		expect([wrong.code, wrong.error?.message]).toEqual([EXIT.usage, expect.stringMatching(/1=60,2=40/)]);
		const begun = await holdfast(['--yes', 'vote', 'safe', 'vote', name, 'Example DAO', boats, '1=75,2=25']);
		const { messageId } = (begun.value as { safe: { messageId: Hex } }).safe;
		expect((await holdfast(['vote', 'safe', 'votes', name], { json: false })).stdout).toContain(messageId);
		const early = await holdfast(['--yes', 'vote', 'safe', 'send-vote', name, messageId]);
		expect(early.error?.code).toBe('vote/too-few-signatures');
		const { path: voteFile } = (await holdfast(['vote', 'safe', 'file', name, messageId, folder])).value as { path: string };
		await signedBy(voteFile, messageId);
		expect((await holdfast(['vote', 'safe', 'take', name, `@${voteFile}`])).value).toMatchObject({ kind: 'message', proposalId: messageId });
		const shown = (await holdfast(['vote', 'safe', 'show-vote', name, messageId], { json: false })).stdout;
		expect(shown).toContain('2 of 2 owners have signed');
		expect(shown).toContain('The Safe takes these signatures.');
		const cast = await holdfast(['--yes', 'vote', 'safe', 'send-vote', name, messageId]);
		expect(cast.value).toMatchObject({ state: 'sent', voter: safe.address });
		expect(hub.votes.at(-1)).toMatchObject({ voter: safe.address, choice: { '1': 75, '2': 25 } });
	} finally {
		await chain.stop();
	}
});

test('descriptions of contracts are added from a folder, listed and removed', async () => {
	const described = join(folder, 'described');
	mkdirSync(described);
	const common = { metadata: { owner: 'Pool' }, display: { formats: { 'repay(uint256 amount)': { intent: 'Repay', fields: [] } } } };
	writeFileSync(join(described, 'common.json'), JSON.stringify(common));
	writeFileSync(
		join(described, 'calldata-pool.json'),
		JSON.stringify({
			includes: './common.json',
			context: { contract: { deployments: [{ chainId: 1, address: `0x${'11'.repeat(20)}` }] } },
			display: { formats: {} },
		}),
	);
	const alone = await holdfast(['vote', 'descriptions', 'add', join(described, 'calldata-pool.json')]);
	expect([alone.code, alone.error?.code]).toEqual([EXIT.usage, 'descriptions/not-read']);
	const added = await holdfast(['vote', 'descriptions', 'add', described]);
	const list = added.value as { id: string; file: string; owner: string | null }[];
	expect(list.map(({ file, owner }) => [file, owner])).toEqual([
		['calldata-pool.json', 'Pool'],
		['common.json', null],
	]);
	expect((await holdfast(['vote', 'descriptions', 'list'], { json: false })).stdout).toContain('Pool, 1 functions of 1 contracts');
	for (const { id } of list) await holdfast(['vote', 'descriptions', 'remove', id]);
	expect((await holdfast(['vote', 'descriptions', 'list'])).value).toEqual([]);
	expect((await holdfast(['vote', 'descriptions', 'add', join(folder, 'nowhere')])).error?.code).toBe('cli/usage');
});
