import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { findCheck } from '@holdfast/kernel';
import {
	type Address,
	createPublicClient,
	encodeFunctionData,
	encodeFunctionResult,
	type Hex,
	HttpRequestError,
	http,
	keccak256,
	type PublicClient,
	parseAbi,
	parseUnits,
	ResponseBodyTooLargeError,
	toBytes,
	toFunctionSelector,
	zeroAddress,
	zeroHash,
} from 'viem';
import type { PrivateKeyAccount } from 'viem/accounts';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type ReviewRequest, reviewTypedData } from '../firewall/index.ts';
import {
	type Allowance,
	addSignature,
	type ContractRef,
	type ContractSystem,
	checkSignature,
	createBaalAdapter,
	createBravoAdapter,
	createDelegationAdapter,
	createGovernorAdapter,
	createSafeAdapter,
	detectSystem,
	digestOf,
	hashProposal,
	mergeSafeFiles,
	type OnChainDraft,
	type ProposalCall,
	type ProposalContent,
	packSignatures,
	readRelayFile,
	readSafeFile,
	relayCall,
	type SafeFile,
	type SafeQueue,
	type SignedData,
	safeMessageFile,
	safeVote,
	safeVoteFile,
	sendCall,
	sendSigned,
	type TypedData,
	typedData,
	type VoteAdapter,
	type VoteReceipt,
	writeRelayFile,
	writeSafeFile,
} from '../index.ts';
import { domainSeparator, structs } from '../typed-data/index.ts';
import { envelope } from './snapshot/envelope.ts';
import { type Contract, clientThrough, startTestChain, type TestChain } from './testing/chain.ts';
import { person } from './testing/people.ts';

let chain: TestChain;
let token: Contract;
let timelock: Contract;
let governor: Contract;
let simple: ContractRef;
let council: Contract;
let council2: Contract;

const [alice, bob, ballotKey, dora, ownerA, ownerB, ownerC] = [1, 2, 3, 4, 5, 6, 7].map(person) as [
	PrivateKeyAccount,
	PrivateKeyAccount,
	PrivateKeyAccount,
	PrivateKeyAccount,
	PrivateKeyAccount,
	PrivateKeyAccount,
	PrivateKeyAccount,
];
// biome-ignore lint/suspicious/noExplicitAny: files are changed in every way here.
type Json = any;
type Edit = (json: Json) => unknown;
const TWO_DAYS = 2 * 86_400;
const units = (amount: number) => parseUnits(String(amount), 18);
const ERC20 = parseAbi(['function transfer(address to, uint256 amount)', 'function permit(address,address,uint256,uint256,uint8,bytes32,bytes32)']);
const transfer = (to: Address, amount: number) => encodeFunctionData({ abi: ERC20, functionName: 'transfer', args: [to, units(amount)] });

const refTo = (system: ContractSystem, { address }: Contract): ContractRef => ({ system, chainId: chain.anvil.chainId, contract: address });
const coded = (code: string, data: object = {}) =>
	expect.objectContaining({ code, ...(Object.keys(data).length ? { data: expect.objectContaining(data) } : {}) });

/** What the wallet does: the firewall reads the draft for an account that may sign what the DAO needs, and the key signs what was shown. */
async function reviewAndSign(
	who: PrivateKeyAccount,
	ref: ContractRef,
	allowances: readonly Allowance[],
	draft: OnChainDraft,
	about?: NonNullable<ReviewRequest['about']>,
): Promise<SignedData & { readonly sentence: string }> {
	const account = {
		address: who.address,
		context: { kind: 'dao', chainId: ref.chainId, contract: ref.contract },
		index: 0,
		dao: 'Test DAO',
		allowances,
	} as const;
	const { typedData: data, words: proposal, actions } = draft;
	const review = reviewTypedData(
		account,
		{ typedData: loose(data), proposal, ...(actions ? { actions } : {}), ...(about ? { about } : {}) },
		chain.access.clock,
	);
	return { typedData: review.typedData, signer: who.address, signature: await who.sign({ hash: review.digest }), sentence: review.sentence };
}
const loose = ({ types, domain, primaryType, message }: TypedData) => ({ types, domain, primaryType, message });

async function vote(
	adapter: VoteAdapter<ContractRef>,
	ref: ContractRef,
	id: string,
	who: PrivateKeyAccount,
	option: number,
	more: { readonly reason?: string; readonly override?: boolean } = {},
): Promise<SignedData & { readonly sentence: string }> {
	const { allowances } = await adapter.describe(ref);
	const draft = await adapter.draft(ref, await adapter.proposal(ref, id), { voter: who.address, choice: { kind: 'one', option }, reason: '', ...more });
	return reviewAndSign(who, ref, allowances(who.address), draft as OnChainDraft);
}

const receiptOf = (ref: ContractRef, proposalId: string, { typedData: data, signer, signature }: SignedData): VoteReceipt => ({
	ref,
	proposalId,
	signer,
	voter: signer,
	typedData: data,
	signature,
	state: 'signed',
});

/** The same signature with one bit of its r changed: often still a signature, of somebody else. */
const tampered = (signed: SignedData): SignedData => ({
	...signed,
	signature: `${signed.signature.slice(0, 40)}${signed.signature[40] === '0' ? '1' : '0'}${signed.signature.slice(41)}` as Hex,
});

/** What was signed for another domain, brought to this contract after all. */
const forged = (data: TypedData, { signer, signature }: SignedData): SignedData => ({ typedData: data, signer, signature });

async function signedFor(data: TypedData, who: PrivateKeyAccount, change: Partial<{ chainId: number; verifyingContract: Address }>): Promise<SignedData> {
	const other = typedData(data.struct, { ...data.domain, ...change }, data.message);
	return { typedData: other, signer: who.address, signature: await who.sign({ hash: digestOf(other) }) };
}

/** Every way in which a signature of another's, of another chain or of another contract is held up; then the vote, and its replay. */
async function holdsAndCounts(adapter: VoteAdapter<ContractRef>, ref: ContractRef, id: string, signed: SignedData, who: PrivateKeyAccount): Promise<void> {
	const send = (each: SignedData) => sendSigned(chain.client, each, chain.relayer);
	expect((await adapter.check(ref, receiptOf(ref, id, signed))).state).toBe('unknown');
	await expect(send(tampered(signed))).rejects.toThrowError(coded('vote/bad-signature'));
	await expect(send({ ...signed, signer: dora.address })).rejects.toThrowError(coded('vote/bad-signature'));
	for (const change of [{ chainId: 1 }, { verifyingContract: dora.address }]) {
		const elsewhere = await signedFor(signed.typedData, who, change);
		expect(() => adapter.relay?.(ref, elsewhere)).toThrowError(coded('vote/other-dao'));
		await expect(send(forged(signed.typedData, elsewhere))).rejects.toThrowError(coded('vote/bad-signature'));
	}
	await expect(send(await signedFor(signed.typedData, who, { chainId: 1 }))).rejects.toThrowError(coded('vote/wrong-chain'));
	expect(adapter.relay?.(ref, signed)).toEqual(relayCall(signed));
	await send(signed);
	await expect(send(signed)).rejects.toThrowError(coded('vote/would-fail'));
	expect(await adapter.check(ref, receiptOf(ref, id, signed))).toMatchObject({ state: 'counted', report: { result: 'passed' } });
}

async function propose(
	contract: Contract,
	calls: readonly { readonly to: Address; readonly data: Hex; readonly signature?: string }[],
	description: string,
): Promise<string> {
	const bravo = calls[0]?.signature !== undefined;
	const [targets, values, datas] = [calls.map(({ to }) => to), calls.map(() => 0n), calls.map(({ data }) => data)];
	const events = await chain.send(contract, 'propose', targets, values, ...(bravo ? [calls.map(({ signature }) => signature)] : []), datas, description);
	const created = events.find(({ eventName }) => eventName === 'ProposalCreated')?.args;
	await chain.mine(2);
	return String(created?.proposalId ?? created?.id);
}

const queueArguments = (to: Address, data: Hex, description: string) => [[to], [0n], [data], keccak256(toBytes(description))] as const;

beforeAll(async () => {
	chain = await startTestChain();
	token = await chain.deploy('VotesToken', 'Test Votes', false);
	timelock = await chain.deploy('TimelockController', BigInt(TWO_DAYS), [], [zeroAddress], chain.relayer.address);
	governor = await chain.deploy('SimpleGovernor', token.address, timelock.address, 100, 40n, 50);
	simple = refTo('governor', governor);
	await chain.send(timelock, 'grantRole', keccak256(toBytes('PROPOSER_ROLE')), governor.address);
	council = await chain.safe([ownerA.address, ownerB.address, ownerC.address], 2);
	council2 = await chain.safe([ownerA.address], 1);
	for (const [to, amount] of [
		[alice.address, 500],
		[bob.address, 300],
		[council.address, 200],
		[timelock.address, 10],
	] as const) {
		await chain.send(token, 'mint', to, units(amount));
	}
	await chain.sendAs(council.address, token, 'delegate', council.address);
	await chain.sendAs(bob.address, token, 'delegate', bob.address);
});

afterAll(() => chain?.stop());

describe('delegation by signature', () => {
	test('gives the power of a treasury account to an account that only votes, and nothing else', async () => {
		const adapter = createDelegationAdapter(chain.access);
		const ref = { chainId: chain.anvil.chainId, token: token.address };
		const before = await adapter.standing(ref, alice.address);
		expect(before).toMatchObject({ delegate: null, votes: 0n, balance: units(500), token: { symbol: 'VOTE', decimals: 18 } });
		const expiry = BigInt(Math.floor(chain.access.clock.now() / 1000) + 3600);
		const draft = await adapter.draft(ref, { holder: alice.address, delegatee: ballotKey.address, expiry });
		expect(draft.warnings.join(' ')).toMatch(/permit.*same counter/);
		const signed = await reviewAndSign(alice, simple, [before.allowance], { ...draft, words: { id: '', title: '', options: [], voting: 'one' } });
		expect(signed.sentence).toContain(ballotKey.address);

		await expect(sendSigned(chain.client, tampered(signed), chain.relayer)).rejects.toThrowError(coded('vote/bad-signature'));
		expect(() => adapter.relay({ ...ref, token: governor.address }, signed)).toThrowError(coded('vote/other-dao'));
		expect((await adapter.check(ref, { holder: alice.address, typedData: draft.typedData })).state).toBe('unknown');
		await sendSigned(chain.client, signed, chain.relayer);
		await expect(sendSigned(chain.client, signed, chain.relayer)).rejects.toThrowError(coded('vote/would-fail'));

		expect(await adapter.check(ref, { holder: alice.address, typedData: draft.typedData })).toMatchObject({ state: 'counted' });
		expect(await adapter.standing(ref, alice.address)).toMatchObject({ delegate: ballotKey.address, votes: 0n, balance: units(500) });
		expect(await adapter.standing(ref, ballotKey.address)).toMatchObject({ votes: units(500), balance: 0n });
	});

	test('of an account that votes with tokens of its own goes to itself alone', async () => {
		const adapter = createDelegationAdapter(chain.access);
		const ref = { chainId: chain.anvil.chainId, token: token.address };
		const { allowances } = await createGovernorAdapter(chain.access).describe(simple);
		const expiry = BigInt(Math.floor(chain.access.clock.now() / 1000) + 3600);
		const sign = async (delegatee: Address) => {
			const draft = await adapter.draft(ref, { holder: ownerA.address, delegatee, expiry });
			return reviewAndSign(ownerA, simple, allowances(ownerA.address), { ...draft, words: { id: '', title: '', options: [], voting: 'one' } });
		};
		await expect(sign(dora.address)).rejects.toThrowError(coded('signing/other-value'));
		await sendSigned(chain.client, await sign(ownerA.address), chain.relayer);
		expect((await adapter.standing(ref, ownerA.address)).delegate).toBe(ownerA.address);
	});

	test('is not for a Safe, not for the past, and a permit makes it void', async () => {
		const adapter = createDelegationAdapter(chain.access);
		const ref = { chainId: chain.anvil.chainId, token: token.address };
		const now = BigInt(Math.floor(chain.access.clock.now() / 1000));
		const input = { delegatee: bob.address, expiry: now + 3600n };
		await expect(adapter.draft(ref, { ...input, holder: council.address })).rejects.toThrowError(coded('vote/contract-voter'));
		await expect(adapter.draft(ref, { ...input, holder: dora.address, expiry: now })).rejects.toThrowError(coded('vote/bad-choice'));
		const { typedData: data } = await adapter.draft(ref, { ...input, holder: dora.address });
		const signed = { typedData: data, signer: dora.address, signature: await dora.sign({ hash: digestOf(data) }) };
		const domain = { name: 'Test Votes', version: '1', chainId: chain.anvil.chainId, verifyingContract: token.address };
		const permit = await dora.signTypedData({
			domain,
			types: {
				Permit: ['owner address', 'spender address', 'value uint256', 'nonce uint256', 'deadline uint256'].map((each) => ({
					name: each.split(' ')[0] ?? '',
					type: each.split(' ')[1] ?? '',
				})),
			},
			primaryType: 'Permit',
			message: { owner: dora.address, spender: bob.address, value: 0n, nonce: 0n, deadline: now + 3600n },
		} as never);
		const [r, s, v] = [permit.slice(0, 66), `0x${permit.slice(66, 130)}`, Number(`0x${permit.slice(130)}`)];
		await chain.send(token, 'permit', dora.address, bob.address, 0n, now + 3600n, v, r, s);
		await expect(sendSigned(chain.client, signed, chain.relayer)).rejects.toThrowError(coded('vote/would-fail'));
		expect((await adapter.check(ref, { holder: dora.address, typedData: data })).state).toBe('replaced');
	});
});

describe('OpenZeppelin 5', () => {
	const description = '# Pay the gardener\n\nFive votes for a year of work.';
	const adapter = () => createGovernorAdapter(chain.access);
	let id: string;

	beforeAll(async () => {
		id = await propose(governor, [{ to: token.address, data: transfer(dora.address, 5) }], description);
	});

	test('is found out, and says what it is', async () => {
		expect(await detectSystem(chain.access, simple)).toEqual(simple);
		const { name, facts, allowances, power } = await adapter().describe(simple);
		expect(name).toBe('Simple DAO');
		expect(facts).toContainEqual({ label: 'Delay after a vote', value: '2 days' });
		expect(facts).toContainEqual({ label: 'Quorum', value: '404 VOTE now' });
		expect(allowances(bob.address).map(({ struct, pins }) => [struct, pins])).toEqual([
			['governor-ballot', { voter: bob.address }],
			['governor-extended-ballot', { voter: bob.address }],
			['delegation', { delegatee: bob.address }],
		]);
		expect(power.token?.address).toBe(token.address);
	});

	test('a proposal is read with what proves its text and its actions', async () => {
		const proposal = await adapter().proposal(simple, id);
		expect(proposal).toMatchObject({ title: 'Pay the gardener', body: description, state: 'open', voting: 'one', obstacle: null, takesReason: true });
		expect(proposal.calls).toEqual([{ target: token.address, value: 0n, data: transfer(dora.address, 5) }]);
		expect(proposal.chain.timelock).toEqual({ address: timelock.address, delay: BigInt(TWO_DAYS), eta: null, open: true });
		expect(proposal.chain.quorum).toBe((units(1010) * 40n) / 100n);
		expect(findCheck(proposal.report, 'proposal/content')?.result).toBe('passed');
		expect(await adapter().proposals(simple, { open: true, first: 10 })).toMatchObject([{ id, title: 'Pay the gardener', state: 'open' }]);
		await expect(adapter().proposal(simple, '12')).rejects.toThrowError(coded('vote/no-such-proposal'));
		await expect(adapter().proposal(simple, '-1')).rejects.toThrowError(coded('vote/no-such-proposal'));
	});

	test('a text from elsewhere is believed as far as the number is its hash', async () => {
		const content: ProposalContent = { targets: [token.address], values: [0n], calldatas: [transfer(dora.address, 5)], description };
		expect(String(hashProposal(content))).toBe(id);
		const kept = createGovernorAdapter({ ...chain.access, content: async () => content });
		expect((await kept.proposal(simple, id)).obstacle).toBeNull();
		const lying = createGovernorAdapter({ ...chain.access, content: async () => ({ ...content, description: 'Harmless' }) });
		const proposal = await lying.proposal(simple, id);
		expect(findCheck(proposal.report, 'proposal/content')).toMatchObject({ result: 'failed', code: 'vote/other-content' });
		await expect(lying.draft(simple, proposal, { voter: bob.address, choice: { kind: 'one', option: 1 }, reason: '' })).rejects.toThrowError(
			coded('vote/not-open'),
		);
		const forgetful = createGovernorAdapter({ ...chain.access, search: { chunk: 1n, lookback: 0n } });
		expect((await forgetful.proposal(simple, id)).obstacle).toBeNull(); // It stands where the delay says.
	});

	test('a vote with a reason, by an account that holds nothing, is sent by somebody else and counts; a late quorum moves the end', async () => {
		expect(await adapter().standing(simple, await adapter().proposal(simple, id), ballotKey.address)).toEqual({ power: '500', voted: null, obstacle: null });
		expect((await adapter().standing(simple, await adapter().proposal(simple, id), alice.address)).obstacle).toMatch(/no voting power/);
		const { deadline } = (await adapter().proposal(simple, id)).chain;
		await chain.mine(Number(deadline - (await chain.client.getBlockNumber())) - 8);
		const signed = await vote(adapter(), simple, id, ballotKey, 1, { reason: 'The roses.' });
		expect(signed.sentence).toBe('Vote “For” on “Pay the gardener”');
		expect(signed.typedData.struct).toBe('governor-extended-ballot');
		// The contract itself refuses what the wallet does not send.
		await expect(sendCall(chain.client, relayCall(tampered(signed)), chain.relayer)).rejects.toThrowError(coded('vote/would-fail'));
		await holdsAndCounts(adapter(), simple, id, signed, ballotKey);
		const later = await adapter().proposal(simple, id);
		expect(later.chain.deadline).toBeGreaterThan(deadline);
		expect(later.ends).toBe(`block ${later.chain.deadline}`);
		expect(later.tally).toContainEqual({ value: 1, power: '500' });
		const check = await adapter().check(simple, receiptOf(simple, id, signed));
		expect(check.words).toBe('The contract counted For with 500.');
		expect(findCheck(check.report, 'proposal/end')?.reason).toMatch(/later than planned/);
	});

	test('a signed vote goes through a file to whoever sends it', async () => {
		const signed = await vote(adapter(), simple, id, bob, 0);
		expect(signed.typedData.struct).toBe('governor-ballot');
		const text = writeRelayFile(signed);
		const file = await readRelayFile(text);
		expect(file.call).toEqual(relayCall(signed));
		const change = (edit: Edit) => {
			const json = JSON.parse(text);
			edit(json);
			return readRelayFile(JSON.stringify(json));
		};
		for (const edit of [
			(json: Json) => (json.call.to = dora.address),
			(json: Json) => (json.call.chainId = 1),
			(json: Json) => (json.call.data = `${json.call.data}00`),
			(json: Json) => (json.typedData.message.support = 1),
			(json: Json) => (json.signer = dora.address),
			(json: Json) => (json.extra = 1),
			(json: Json) => (json.version = 2),
		]) {
			await expect(change(edit)).rejects.toThrowError(coded('vote/bad-file'));
		}
		await expect(readRelayFile('{')).rejects.toThrowError(coded('vote/bad-file'));
		await sendSigned(chain.client, file, chain.relayer);
		expect((await adapter().check(simple, receiptOf(simple, id, signed))).state).toBe('counted');
		// Another ballot of the same account: what counted is something else than what was signed.
		const other = typedData('governor-ballot', signed.typedData.domain, { ...signed.typedData.message, support: 1 });
		expect((await adapter().check(simple, receiptOf(simple, id, { ...signed, typedData: other }))).state).toBe('replaced');
	});

	test('a Safe votes as a contract does: its owners sign the ballot in a file (EIP-1271)', async () => {
		const safes = createSafeAdapter({ ...chain.access, queue: memoryQueue() });
		const proposal = await adapter().proposal(simple, id);
		const draft = await adapter().draft(simple, proposal, { voter: council.address, choice: { kind: 'one', option: 1 }, reason: '' });
		const empty = safeMessageFile(refTo('safe', council), draft.typedData);
		// Every owner sees what the Safe would vote: the firewall's words for the ballot, of a DAO of whose power the Safe has a part.
		const { allowances } = await adapter().describe(simple);
		const safeAccount = { address: council.address, context: adapter().context(simple), index: 0, dao: 'Simple DAO', allowances: allowances(council.address) };
		const bySignature = async (file: SafeFile, owner: PrivateKeyAccount) => {
			const safe = refTo('safe', council);
			const message = { typedData: file.typedData, words: draft.words, warnings: [] };
			const about = { typedData: loose(draft.typedData), account: safeAccount };
			const { signature, sentence } = await reviewAndSign(owner, safe, (await safes.describe(safe)).allowances(owner.address), message, about);
			expect(sentence).toMatch(/^Vote “For” on .*, in the name of Test DAO$/);
			return addSignature(file, { signature });
		};
		const one = await readSafeFile(writeSafeFile(await bySignature(empty, ownerC)));
		await expect(safes.contractSignature(one)).rejects.toThrowError(coded('vote/too-few-signatures', { have: 1, need: 2 }));
		const both = mergeSafeFiles(one, await bySignature(empty, ownerA));
		const signature = await safes.contractSignature(both);
		const signed = { typedData: draft.typedData, signer: council.address, signature };
		await expect(checkSignature(chain.client, { ...signed, signature: await ownerA.sign({ hash: digestOf(draft.typedData) }) })).rejects.toThrowError(
			coded('vote/bad-signature'),
		);
		await expect(sendSigned(chain.client, tampered(signed), chain.relayer)).rejects.toThrowError(coded('vote/bad-signature'));
		await sendSigned(chain.client, await readRelayFile(writeRelayFile(signed)), chain.relayer);
		await expect(sendSigned(chain.client, signed, chain.relayer)).rejects.toThrowError(coded('vote/would-fail'));
		expect((await adapter().check(simple, receiptOf(simple, id, signed))).words).toBe('The contract counted For with 200.');
	});

	test('a Safe’s vote on Snapshot is one that snapshot.js takes, which asks the Safe about it', async () => {
		const safes = createSafeAdapter({ ...chain.access, queue: memoryQueue() });
		const safe = refTo('safe', council);
		const message = { space: 'example.eth', timestamp: 1_700_000_000, proposal: zeroHash, choice: 1, reason: '', app: 'holdfast', metadata: '{}' };
		const ballot = (change: object = {}) =>
			typedData('snapshot-vote-single', { name: 'snapshot', version: '0.1.4' }, { from: council.address, ...message, ...change });
		expect(() => safeVoteFile(safe, ballot({ from: dora.address }))).toThrowError(coded('vote/not-a-vote'));
		let file = safeVoteFile(safe, ballot());
		for (const owner of [ownerA, ownerC]) file = await addSignature(file, { signature: await owner.sign({ hash: digestOf(file.typedData) }) });
		const { vote, until } = safeVote(file);
		expect(until).toBe(1_700_000_000_000 + 6 * 86_400_000);
		const signature = await safes.contractSignature(file);
		const { address, sig, data } = envelope({ typedData: vote, signer: safe.contract, signature });
		const { utils } = createRequire(import.meta.url)('@snapshot-labs/snapshot.js') as {
			utils: { verify(address: string, sig: string, data: object, network: string, options: object): Promise<boolean> };
		};
		// snapshot.js asks a server that has every network under its number, and knows none of our chain's: this one stands for the first.
		const brovider = createServer(async (request, response) => {
			const answer = await fetch(chain.anvil.rpcUrl, { method: 'POST', headers: { 'content-type': 'application/json' }, body: await text(request) });
			response.writeHead(200, { 'content-type': 'application/json' }).end(await answer.text());
		});
		await new Promise<void>((resolve) => brovider.listen(0, '127.0.0.1', resolve));
		onTestFinished(() => void brovider.close());
		const node = { broviderUrl: `http://127.0.0.1:${(brovider.address() as AddressInfo).port}` };
		const takes = (signed: Hex, about: object) => utils.verify(address, signed, about, '1', node).catch(() => false);
		expect(await takes(sig, data)).toBe(true);
		expect(await takes(sig.slice(0, 132) as Hex, data)).toBe(false);
		expect(await takes(sig, { ...data, message: { ...data.message, choice: 2 } })).toBe(false);
	});

	test('what passed is carried out after the delay, and not before', async () => {
		const args = queueArguments(token.address, transfer(dora.address, 5), description);
		await chain.mine(60);
		expect((await adapter().proposal(simple, id)).state).toBe('passed');
		const tooLate = await adapter().proposal(simple, id);
		await expect(adapter().draft(simple, tooLate, { voter: dora.address, choice: { kind: 'one', option: 1 }, reason: '' })).rejects.toThrowError(
			coded('vote/not-open'),
		);
		await chain.send(governor, 'queue', ...args);
		const queued = await adapter().proposal(simple, id);
		expect(queued.state).toBe('queued');
		expect(queued.chain.timelock?.eta).toBe(BigInt(Math.floor(chain.access.clock.now() / 1000) + TWO_DAYS));
		await expect(chain.send(governor, 'execute', ...args)).rejects.toThrow();
		await chain.wait(TWO_DAYS + 1);
		await chain.send(governor, 'execute', ...args);
		expect((await adapter().proposal(simple, id)).state).toBe('executed');
		expect(await chain.read(token, 'balanceOf', dora.address)).toBe(units(5));
	});

	test('a signature that nobody sent, or whose counter was used up, does not count; votes without power neither', async () => {
		const next = await propose(governor, [{ to: token.address, data: transfer(dora.address, 1) }], 'Another');
		const first = await vote(adapter(), simple, next, ballotKey, 1);
		const second = await vote(adapter(), simple, next, ballotKey, 0);
		await sendSigned(chain.client, second, chain.relayer);
		expect((await adapter().check(simple, receiptOf(simple, next, first))).state).toBe('replaced');
		const later = await propose(governor, [{ to: token.address, data: transfer(dora.address, 2) }], 'A third');
		const stale = await vote(adapter(), simple, later, bob, 1);
		await sendSigned(chain.client, await vote(adapter(), simple, next, bob, 1), chain.relayer);
		expect(await adapter().check(simple, receiptOf(simple, later, stale))).toMatchObject({ state: 'not-counted', report: { code: 'vote/counter-passed' } });
		await expect(sendSigned(chain.client, stale, chain.relayer)).rejects.toThrowError(coded('vote/would-fail'));
		const powerless = await vote(adapter(), simple, next, alice, 1);
		await sendSigned(chain.client, powerless, chain.relayer);
		expect(await adapter().check(simple, receiptOf(simple, next, powerless))).toMatchObject({ state: 'not-counted', report: { code: 'vote/no-power' } });
		// Two votes in a row are numbered in the order in which they will be sent; those of others, and those that were sent, do not matter.
		const proposal = await adapter().proposal(simple, later);
		const input = { voter: bob.address, choice: { kind: 'one', option: 1 }, reason: '' } as const;
		const one = await adapter().draft(simple, proposal, { ...input, waiting: [stale.typedData, powerless.typedData] });
		const counter = await chain.read<bigint>(governor, 'nonces', bob.address);
		expect(one.typedData.message.nonce).toBe(String(counter));
		const draft = await adapter().draft(simple, proposal, { ...input, waiting: [one.typedData] });
		expect(draft.typedData.message.nonce).toBe(String(counter + 1n));
		expect(draft.warnings.join(' ')).toMatch(/no expiry.*in the order/);
		await chain.mine(130);
		expect(await adapter().check(simple, receiptOf(simple, later, stale))).toMatchObject({ state: 'not-counted', report: { code: 'vote/too-late' } });
	});

	test('what the governor would not count is not drafted', async () => {
		const open = await propose(governor, [{ to: token.address, data: transfer(dora.address, 3) }], 'A fourth');
		const proposal = await adapter().proposal(simple, open);
		const draft = (input: object) => adapter().draft(simple, proposal, { voter: bob.address, choice: { kind: 'one', option: 1 }, reason: '', ...input });
		await expect(draft({ choice: { kind: 'one', option: 3 } })).rejects.toThrowError(coded('vote/bad-choice'));
		await expect(draft({ choice: { kind: 'weights', weights: { 0: 1, 1: 1 } } })).rejects.toThrowError(coded('vote/bad-choice'));
		await expect(draft({ override: true })).rejects.toThrowError(coded('vote/bad-choice'));
		await expect(draft({ reason: 'x'.repeat(2001) })).rejects.toThrowError(coded('vote/bad-choice'));
	});
});

describe('OpenZeppelin 5, power that is split, votes by seconds', () => {
	test('by shares, in two votes, with a counter for each proposal', async () => {
		const votes = await chain.deploy('VotesToken', 'Seconds', true);
		const contract = await chain.deploy('FractionalGovernor', votes.address, 86_400);
		const ref = refTo('governor', contract);
		const adapter = createGovernorAdapter(chain.access);
		await chain.send(votes, 'mint', bob.address, 1001n);
		await chain.sendAs(bob.address, votes, 'delegate', bob.address);
		await chain.wait(5);
		const ids = [
			await propose(contract, [{ to: votes.address, data: '0x' }], 'One'),
			await propose(contract, [{ to: votes.address, data: '0x' }], 'Two'),
		] as const;
		await chain.wait(5);
		const proposal = await adapter.proposal(ref, ids[0]);
		expect(ids[0]).toBe('1');
		expect(findCheck(proposal.report, 'proposal/content')?.reason).toMatch(/contract says/);
		expect(proposal).toMatchObject({ voting: 'weights', state: 'open', endsAt: Number(proposal.chain.deadline) * 1000 });

		const { allowances } = await adapter.describe(ref);
		const weights = { 0: 1, 1: 2 };
		const draft = await adapter.draft(ref, proposal, { voter: bob.address, choice: { kind: 'weights', weights }, reason: '' });
		// 1001 in base units, by thirds; what rounding leaves goes to the larger share.
		expect(draft.typedData.message).toMatchObject({
			support: 255,
			params: `0x${[333n, 668n, 0n].map((each) => each.toString(16).padStart(32, '0')).join('')}`,
		});
		expect(draft.warnings).toHaveLength(1);
		const split = await reviewAndSign(bob, ref, allowances(bob.address), draft);
		expect(split.sentence).toMatch(/66.73% “For”, 33.27% “Against”/);
		// Of another proposal, signed now as well: the counters do not depend on each other, so that it can be sent first.
		const plain = await vote(adapter, ref, ids[1], bob, 2, { reason: 'Later' });
		await holdsAndCounts(adapter, ref, ids[1], plain, bob);
		await holdsAndCounts(adapter, ref, ids[0], split, bob);
		expect((await adapter.check(ref, receiptOf(ref, ids[0], split))).words).toContain('Against with 0.000000000000000333, For with 0.000000000000000668');
		const reversed = typedData('governor-extended-ballot', split.typedData.domain, {
			...split.typedData.message,
			params: `0x${'01'.padStart(32, '0').repeat(3)}`,
		});
		expect((await adapter.check(ref, receiptOf(ref, ids[0], { ...split, typedData: reversed }))).state).toBe('replaced');
		expect((await adapter.standing(ref, proposal, bob.address)).voted).toContain('Against with');
		const again = await adapter.proposal(ref, ids[0]);
		expect(again.chain.votes).toEqual({ 0: 333n, 1: 668n, 2: 0n });
		await expect(adapter.draft(ref, again, { voter: bob.address, choice: { kind: 'weights', weights }, reason: '' })).rejects.toThrowError(
			coded('vote/bad-choice'),
		);
		for (const wrong of [{}, { 3: 1 }, { 0: -1, 1: 2 }, { 0: Number.NaN, 1: 1 }]) {
			await expect(adapter.draft(ref, again, { voter: bob.address, choice: { kind: 'weights', weights: wrong }, reason: '' })).rejects.toThrowError(
				coded('vote/bad-choice'),
			);
		}
	});

	test('a holder takes the own share back out of what the delegate voted', async () => {
		const contract = await chain.deploy('OverridableGovernor', token.address, 100);
		const ref = refTo('governor', contract);
		const adapter = createGovernorAdapter(chain.access);
		const id = await propose(contract, [{ to: token.address, data: '0x' }], 'Override');
		await sendSigned(chain.client, await vote(adapter, ref, id, ballotKey, 1), chain.relayer);
		expect(await adapter.standing(ref, await adapter.proposal(ref, id), alice.address)).toMatchObject({ power: '500', obstacle: null });
		// Nothing else of hers would count.
		const signed = await vote(adapter, ref, id, alice, 0, { reason: 'Not in my name' });
		expect(signed.typedData.struct).toBe('governor-override-ballot');
		await holdsAndCounts(adapter, ref, id, signed, alice);
		expect((await adapter.check(ref, receiptOf(ref, id, signed))).words).toContain('Against with 500 of your own, instead of your delegate');
		expect((await adapter.proposal(ref, id)).chain.votes).toEqual({ 0: units(500), 1: 0n, 2: 0n });
	});
});

describe('OpenZeppelin 4', () => {
	test('takes ballots of keys only, compares the signer with nobody, and carries out after the delay', async () => {
		const delay = await chain.deploy('TimelockController', BigInt(TWO_DAYS), [], [zeroAddress], chain.relayer.address);
		const contract = await chain.deploy('Governor4', token.address, delay.address, 50n);
		await chain.send(delay, 'grantRole', keccak256(toBytes('PROPOSER_ROLE')), contract.address);
		await chain.send(token, 'mint', delay.address, units(2));
		const ref = refTo('governor', contract);
		const adapter = createGovernorAdapter(chain.access);
		const id = await propose(contract, [{ to: token.address, data: transfer(dora.address, 2) }], 'Older');
		expect(await detectSystem(chain.access, ref)).toEqual(ref);
		const proposal = await adapter.proposal(ref, id);
		expect(proposal).toMatchObject({ takesReason: false, obstacle: null });
		const byCouncil = { voter: council.address, choice: { kind: 'one', option: 1 }, reason: '' } as const;
		await expect(adapter.draft(ref, proposal, byCouncil)).rejects.toThrowError(coded('vote/contract-voter'));
		expect((await adapter.standing(ref, proposal, council.address)).obstacle).toMatch(/keys? only|with a key only/);
		await expect(adapter.draft(ref, proposal, { ...byCouncil, voter: bob.address, reason: 'x' })).rejects.toThrowError(coded('vote/bad-choice'));
		const signed = await vote(adapter, ref, id, ballotKey, 1);
		expect(signed.typedData).toMatchObject({ struct: 'bravo-ballot', domain: { version: '1' } });
		await expect(sendSigned(chain.client, { ...signed, signer: council.address }, chain.relayer)).rejects.toThrowError(coded('vote/contract-voter'));
		await holdsAndCounts(adapter, ref, id, signed, ballotKey);
		await chain.mine(60);
		const args = queueArguments(token.address, transfer(dora.address, 2), 'Older');
		await chain.send(contract, 'queue', ...args);
		await chain.wait(TWO_DAYS + 1);
		const held = await chain.read<bigint>(token, 'balanceOf', dora.address);
		await chain.send(contract, 'execute', ...args);
		expect(await chain.read(token, 'balanceOf', dora.address)).toBe(held + units(2));
		expect((await adapter.proposal(ref, id)).state).toBe('executed');
	});
});

describe('Bravo and Nouns (stand-ins)', () => {
	test.each(['BravoStandIn', 'NounsStandIn'] as const)('%s: a vote under a domain without a version counts once and is carried out', async (kind) => {
		const comp = await chain.deploy('CompStandIn');
		const delay = await chain.deploy('CompoundTimelockStandIn', BigInt(TWO_DAYS));
		const contract = await chain.deploy(kind, ...(kind === 'BravoStandIn' ? ['Test Bravo'] : []), delay.address, comp.address, 50n);
		await chain.send(delay, 'setAdmin', contract.address);
		await chain.send(comp, 'mint', alice.address, units(500_000));
		await chain.send(comp, 'mint', delay.address, units(7));
		const ref = refTo('bravo', contract);
		const adapter = createBravoAdapter(chain.access);
		expect(await detectSystem(chain.access, ref)).toEqual(ref);

		const delegation = createDelegationAdapter(chain.access);
		const compRef = { chainId: ref.chainId, token: comp.address };
		const expiry = BigInt(Math.floor(chain.access.clock.now() / 1000) + 3600);
		const { typedData: data } = await delegation.draft(compRef, { holder: alice.address, delegatee: ballotKey.address, expiry });
		expect(data.domain).not.toHaveProperty('version');
		await sendSigned(chain.client, { typedData: data, signer: alice.address, signature: await alice.sign({ hash: digestOf(data) }) }, chain.relayer);
		expect((await delegation.standing(compRef, ballotKey.address)).votes).toBe(units(500_000));

		const arguments_: Hex = `0x${transfer(dora.address, 7).slice(10)}`;
		const id = await propose(contract, [{ to: comp.address, data: arguments_, signature: 'transfer(address,uint96)' }], 'Pay\nin COMP');
		const proposal = await adapter.proposal(ref, id);
		const selector = keccak256(toBytes('transfer(address,uint96)')).slice(0, 10);
		expect(proposal).toMatchObject({
			title: 'Pay',
			state: 'open',
			takesReason: false,
			calls: [{ target: comp.address, data: `${selector}${arguments_.slice(2)}` }],
		});
		expect(proposal.chain).toMatchObject({ quorum: units(400_000), timelock: { delay: BigInt(TWO_DAYS), eta: null, open: true } });
		expect(findCheck(proposal.report, 'proposal/content')?.result).toBe('passed');
		expect(await adapter.proposals(ref, { open: true, first: 5 })).toMatchObject([{ id, title: 'Pay' }]);
		await expect(adapter.proposal(ref, '99')).rejects.toThrowError(coded('vote/no-such-proposal'));

		if (kind === 'NounsStandIn') {
			await chain.send(contract, 'setObjectionPeriod', BigInt(id), true);
			expect(await adapter.proposal(ref, id)).toMatchObject({
				state: 'open',
				options: [{ value: 0, label: 'Against' }],
				ends: expect.stringMatching(/only votes against/),
			});
			await chain.send(contract, 'setObjectionPeriod', BigInt(id), false);
		}
		const signed = await vote(adapter, ref, id, ballotKey, 1);
		expect(signed.typedData.domain).not.toHaveProperty('version');
		const byCouncil = { voter: council.address, choice: { kind: 'one', option: 1 }, reason: '' } as const;
		await expect(adapter.draft(ref, proposal, byCouncil)).rejects.toThrowError(coded('vote/contract-voter'));
		await holdsAndCounts(adapter, ref, id, signed, ballotKey);
		expect((await adapter.standing(ref, proposal, ballotKey.address)).voted).toBe('For with 500000');
		await chain.mine(60);
		await chain.send(contract, 'queue', BigInt(id));
		expect((await adapter.proposal(ref, id)).chain.timelock?.eta).toBe(BigInt(Math.floor(chain.access.clock.now() / 1000) + TWO_DAYS));
		await chain.wait(TWO_DAYS + 1);
		await chain.send(contract, 'execute', BigInt(id));
		expect((await adapter.proposal(ref, id)).state).toBe('executed');
		expect(await chain.read(comp, 'balanceOf', dora.address)).toBe(units(7));
	});

	test('a damaged signature would count for a stranger there, so the wallet does not send it', async () => {
		const comp = await chain.deploy('CompStandIn');
		const delay = await chain.deploy('CompoundTimelockStandIn', 0n);
		const contract = await chain.deploy('BravoStandIn', 'Test Bravo', delay.address, comp.address, 50n);
		const ref = refTo('bravo', contract);
		const id = await propose(contract, [{ to: comp.address, data: '0x', signature: '' }], 'Pay');
		const signed = await vote(createBravoAdapter(chain.access), ref, id, bob, 1);
		const other = { ...signed, typedData: typedData('bravo-ballot', signed.typedData.domain, { proposalId: id, support: 0 }) };
		await expect(sendCall(chain.client, relayCall(other), chain.relayer)).resolves.toBeDefined();
		await expect(sendSigned(chain.client, other, chain.relayer)).rejects.toThrowError(coded('vote/bad-signature'));
	});
});

describe('Moloch v3 (stand-in)', () => {
	test('a vote with an expiry counts, and its Safe carries out what passed', async () => {
		const shares = await chain.deploy('BaalSharesStandIn', 'Guild Shares');
		const multisend = await chain.deploy('MultiSend');
		const treasury = await chain.safe([ownerA.address], 1);
		const contract = await chain.deploy('BaalStandIn', shares.address, treasury.address, multisend.address, 86_400, 3_600, 20n);
		await chain.sendAs(treasury.address, treasury, 'enableModule', contract.address);
		await chain.send(shares, 'mint', alice.address, units(30));
		await chain.send(shares, 'mint', bob.address, units(10));
		await chain.send(token, 'mint', treasury.address, units(4));
		const ref = refTo('baal', contract);
		const adapter = createBaalAdapter(chain.access);
		expect(await detectSystem(chain.access, ref)).toEqual(ref);

		const delegation = createDelegationAdapter(chain.access);
		const sharesRef = { chainId: ref.chainId, token: shares.address };
		const now = () => BigInt(Math.floor(chain.access.clock.now() / 1000));
		const { typedData: data } = await delegation.draft(sharesRef, { holder: alice.address, delegatee: ballotKey.address, expiry: now() + 3600n });
		expect(data.struct).toBe('baal-delegation');
		await sendSigned(chain.client, { typedData: data, signer: alice.address, signature: await alice.sign({ hash: digestOf(data) }) }, chain.relayer);

		const safes = createSafeAdapter({ ...chain.access, queue: memoryQueue() });
		const calls = [4, 0].map((amount) => ({ target: token.address, value: 0n, data: transfer(dora.address, amount) }));
		const { typedData: batch } = await safes.transaction(refTo('safe', treasury), calls, { multiSend: multisend.address });
		const proposalData = batch.message.data as Hex;
		await chain.wait(5);
		await chain.send(contract, 'submitProposal', proposalData, 0, 0n, JSON.stringify({ title: 'Pay\u202e dora', description: 'In two parts' }));
		const waiting = await adapter.proposal(ref, '1');
		expect(await adapter.proposals(ref, { open: true, first: 5 })).toMatchObject([{ id: '1', title: 'Pay dora', state: 'pending' }]);
		expect(waiting).toMatchObject({ state: 'pending', startsAt: null, obstacle: expect.stringMatching(/sponsored/) });
		await expect(adapter.draft(ref, waiting, { voter: bob.address, choice: { kind: 'one', option: 1 }, reason: '' })).rejects.toThrowError(
			coded('vote/not-open'),
		);
		await chain.wait(60);
		await chain.sendAs(bob.address, contract, 'sponsorProposal', 1);
		await chain.wait(5);
		// In a list, one that was sponsored later goes by its number; by itself, its text is looked for.
		expect(await adapter.proposals(ref, { open: true, first: 5 })).toMatchObject([{ id: '1', title: 'Proposal 1', state: 'open' }]);

		const proposal = await adapter.proposal(ref, '1');
		expect(proposal).toMatchObject({ title: 'Pay dora', body: 'In two parts', state: 'open', obstacle: null });
		expect(proposal.calls).toEqual(calls.map((each) => ({ ...each, operation: 0 })));
		expect(findCheck(proposal.report, 'proposal/content')?.result).toBe('passed');
		await expect(adapter.proposal(ref, '2')).rejects.toThrowError(coded('vote/no-such-proposal'));
		await expect(adapter.proposal(ref, '4294967297')).rejects.toThrowError(coded('vote/no-such-proposal'));

		// A server that shows other actions than those that the contract keeps the hash of.
		const lying = clientThrough(chain, async (method, params) => {
			const answer = await chain.client.request({ method, params } as never);
			const [paid, shown] = [4, 1].map((amount) => transfer(dora.address, amount).slice(2)) as [string, string];
			return method === 'eth_getLogs' ? JSON.parse(JSON.stringify(answer).replaceAll(paid, shown)) : answer;
		});
		const shown = await createBaalAdapter({ ...chain.access, client: () => lying }).proposal(ref, '1');
		expect(shown.calls[0]?.data).toBe(transfer(dora.address, 1));
		expect(findCheck(shown.report, 'proposal/content')).toMatchObject({ result: 'failed', code: 'vote/other-content' });
		expect(shown.obstacle).toMatch(/not those/);

		const input = { voter: ballotKey.address, choice: { kind: 'one', option: 1 }, reason: '' } as const;
		await expect(adapter.draft(ref, proposal, { ...input, voter: council.address })).rejects.toThrowError(coded('vote/contract-voter'));
		await expect(adapter.draft(ref, proposal, { ...input, expiry: now() })).rejects.toThrowError(coded('vote/bad-choice'));
		expect((await adapter.draft(ref, proposal, { ...input, expiry: 2n ** 200n })).typedData.message.expiry).toBe(String(proposal.chain.deadline));
		const signed = await vote(adapter, ref, '1', ballotKey, 1);
		await holdsAndCounts(adapter, ref, '1', signed, ballotKey);
		expect((await adapter.standing(ref, proposal, ballotKey.address)).voted).toBe('Yes with 30');

		// One that was signed with a short life, and not sent in it.
		const draft = await adapter.draft(ref, proposal, { ...input, voter: bob.address, choice: { kind: 'one', option: 0 }, expiry: now() + 60n });
		const expired = await reviewAndSign(bob, ref, (await adapter.describe(ref)).allowances(bob.address), draft);
		await chain.wait(120);
		await expect(sendSigned(chain.client, expired, chain.relayer)).rejects.toThrowError(coded('vote/would-fail'));
		expect((await adapter.check(ref, receiptOf(ref, '1', expired))).state).toBe('not-counted');

		await chain.wait(86_400 + 3_600 + 5);
		expect((await adapter.proposal(ref, '1')).state).toBe('queued');
		const held = await chain.read<bigint>(token, 'balanceOf', dora.address);
		await chain.send(contract, 'processProposal', 1, proposalData);
		expect((await adapter.proposal(ref, '1')).state).toBe('executed');
		expect(await chain.read(token, 'balanceOf', dora.address)).toBe(held + units(4));
	});
});

/** The chain through a server that says what it likes of one function of one contract. */
const answering = ({ address }: Contract, signature: string, result: Hex | Error): PublicClient =>
	clientThrough(chain, (method, [call]) => {
		const { data, to } = (call ?? {}) as unknown as { data?: Hex; to?: Address };
		if (method !== 'eth_call' || !data?.startsWith(toFunctionSelector(signature)) || to?.toLowerCase() !== address.toLowerCase()) return undefined;
		if (result instanceof Error) throw result;
		return result;
	});
const reverted = () => Object.assign(new Error('execution reverted'), { code: 3, data: '0x' });

/** Files in memory. */
function memoryQueue(): SafeQueue {
	const files = new Map<string, SafeFile>();
	return {
		list: async () => [...files.values()],
		find: async (_, digest) => files.get(digest),
		put: async (_, file) => {
			files.set(digestOf(file.typedData), file);
		},
	};
}

describe('Safe', () => {
	test('two of three owners approve through a file, and anybody carries it out', async () => {
		const queue = memoryQueue();
		const adapter = createSafeAdapter({ ...chain.access, queue });
		const ref = refTo('safe', council);
		expect(await detectSystem(chain.access, ref)).toEqual(ref);
		expect((await adapter.describe(ref)).facts).toContainEqual({ label: 'Approvals needed', value: '2 of 3 owners' });

		const file = await adapter.transaction(ref, [{ target: token.address, value: 0n, data: transfer(dora.address, 20) }]);
		const id = digestOf(file.typedData);
		await queue.put(ref, file);
		const other = await adapter.transaction(ref, [{ target: token.address, value: 0n, data: transfer(dora.address, 30) }]);
		await queue.put(ref, other);
		const proposal = await adapter.proposal(ref, id);
		expect(proposal.title).toMatch(/^Sends 20,?000/);
		expect(proposal).toMatchObject({ state: 'open', tally: [{ value: 1, power: '0 of 2' }], report: { result: 'warning' } });
		expect(findCheck(proposal.report, 'proposal/order')?.code).toBe('vote/same-counter');

		const approve = async (who: PrivateKeyAccount, shown: SafeFile) => {
			const { allowances } = await adapter.describe(ref);
			const draft = await adapter.draft(ref, await adapter.proposal(ref, digestOf(shown.typedData)), {
				voter: who.address,
				choice: { kind: 'one', option: 1 },
				reason: '',
			});
			return reviewAndSign(who, ref, allowances(who.address), draft);
		};
		await expect(approve(dora, file)).rejects.toThrowError(coded('vote/not-an-owner'));
		const first = await approve(ownerB, file);
		await expect(adapter.submit?.(ref, tampered(first))).rejects.toThrowError(coded('vote/bad-signature'));
		await expect(adapter.submit?.(ref, { ...first, signer: ownerA.address })).rejects.toThrowError(coded('vote/bad-signature'));
		const foreign = { typedData: file.typedData, signer: dora.address, signature: await dora.sign({ hash: id }) };
		await expect(adapter.submit?.(ref, foreign)).rejects.toThrowError(coded('vote/not-an-owner'));
		await adapter.submit?.(ref, first);
		const half = (await queue.find(ref, id)) as SafeFile;
		await expect(adapter.execution(half)).rejects.toThrowError(coded('vote/too-few-signatures', { have: 1, need: 2 }));

		// The other owner gets the file, adds a signature, and sends it back.
		const received = await readSafeFile(writeSafeFile(half));
		const second = await approve(ownerA, received);
		const returned = await readSafeFile(writeSafeFile(await addSignature(received, second)));
		const full = mergeSafeFiles(half, returned);
		expect(full.signatures.map(({ owner }) => owner.toLowerCase())).toEqual([ownerA.address, ownerB.address].map((each) => each.toLowerCase()).sort());
		await queue.put(ref, full);
		expect(await adapter.check(ref, receiptOf(ref, id, first))).toMatchObject({
			state: 'unknown',
			words: expect.stringContaining('2 of 2 owners have signed, you among them'),
		});

		// A stranger's signature in the file neither counts nor gets in the way.
		const stranger = await addSignature(full, { signature: await dora.sign({ hash: id }) });
		const held = await chain.read<bigint>(token, 'balanceOf', dora.address);
		await sendCall(chain.client, await adapter.execution(stranger), chain.relayer);
		expect(await chain.read(token, 'balanceOf', dora.address)).toBe(held + units(20));
		expect(await adapter.check(ref, receiptOf(ref, id, first))).toMatchObject({ state: 'counted' });
		expect((await adapter.proposal(ref, id)).state).toBe('executed');

		// Its counter is used up: neither it nor the other one can be carried out.
		await expect(adapter.execution(full)).rejects.toThrowError(coded('vote/not-open'));
		const otherId = digestOf(other.typedData);
		expect((await adapter.proposal(ref, otherId)).state).toBe('closed');
		expect((await adapter.check(ref, { ...receiptOf(ref, otherId, first), typedData: other.typedData })).state).toBe('not-counted');
		expect(await adapter.proposals(ref, { open: true, first: 5 })).toEqual([]);
	});

	test('signatures for another Safe, chain or transaction do not fit, and neither do files that were changed', async () => {
		const adapter = createSafeAdapter({ ...chain.access, queue: memoryQueue() });
		const ref = refTo('safe', council);
		const file = await adapter.transaction(ref, [{ target: token.address, value: 0n, data: transfer(dora.address, 1) }]);
		for (const change of [{ chainId: 1 }, { verifyingContract: council2.address }]) {
			const elsewhere = await signedFor(file.typedData, ownerA, change);
			await expect(addSignature(file, { owner: ownerA.address, signature: elsewhere.signature })).rejects.toThrowError(coded('vote/bad-signature'));
		}
		const signed = await addSignature(file, { signature: await ownerA.sign({ hash: digestOf(file.typedData) }) });
		const again = await addSignature(signed, { signature: await ownerA.sign({ hash: digestOf(file.typedData) }) });
		expect(again.signatures).toHaveLength(1);
		const later = await adapter.transaction(ref, [{ target: token.address, value: 0n, data: '0x' }]);
		// A queue that gives another file than it was asked for; a Safe that would have another hash signed.
		const mixed = { ...memoryQueue(), find: async () => later };
		await expect(createSafeAdapter({ ...chain.access, queue: mixed }).proposal(ref, digestOf(file.typedData))).rejects.toThrowError(
			coded('vote/no-such-proposal'),
		);
		const elsewhere = refTo('safe', council2);
		await expect(createSafeAdapter({ ...chain.access, queue: mixed }).proposal(elsewhere, digestOf(later.typedData))).rejects.toThrowError(
			coded('vote/no-such-proposal'),
		);
		const hashing = answering(council, 'getTransactionHash(address,uint256,bytes,uint8,uint256,uint256,uint256,address,address,uint256)', zeroHash);
		const suspicious = await createSafeAdapter({ ...chain.access, client: () => hashing, queue: mixed }).proposal(ref, digestOf(later.typedData));
		expect(findCheck(suspicious.report, 'proposal/content')).toMatchObject({ result: 'failed', code: 'vote/other-content' });
		expect(suspicious.obstacle).not.toBeNull();
		expect(() => mergeSafeFiles(signed, later)).toThrowError(coded('vote/other-message'));
		const change = (edit: Edit) => {
			const json = JSON.parse(writeSafeFile(signed));
			edit(json);
			return readSafeFile(JSON.stringify(json));
		};
		await expect(change((json) => (json.typedData.message.value = '1'))).rejects.toThrowError(coded('vote/bad-signature'));
		await expect(change((json) => (json.signatures[0].owner = ownerB.address))).rejects.toThrowError(coded('vote/bad-signature'));
		await expect(change((json) => json.signatures.push(json.signatures[0]))).rejects.toThrowError(coded('vote/bad-file'));
		const message = JSON.parse(writeSafeFile(safeMessageFile(ref, file.typedData)));
		message.about = JSON.parse(writeSafeFile(later)).typedData;
		await expect(readSafeFile(JSON.stringify(message))).rejects.toThrowError(coded('vote/bad-file'));
		await expect(change((json) => (json.about = json.typedData))).rejects.toThrowError(coded('vote/bad-file'));
		await expect(change((json) => (json.more = 1))).rejects.toThrowError(coded('vote/bad-file'));
		// What lies too deep in itself to be read is named so, hides nothing else, and is not signed.
		let deep = { target: token.address, value: 0n, data: transfer(dora.address, 1) } as ProposalCall;
		for (let level = 0; level < 10; level += 1) {
			const { typedData: outer } = await adapter.transaction(ref, [deep, deep].slice(level === 0 ? 0 : 1).concat({ ...deep, data: '0x' }), {
				multiSend: token.address,
			});
			deep = { target: token.address, value: 0n, data: outer.message.data as Hex, operation: 1 };
		}
		const queue = memoryQueue();
		const unread = await adapter.transaction(ref, [deep]);
		for (const each of [unread, later]) await queue.put(ref, each);
		const reading = createSafeAdapter({ ...chain.access, queue });
		expect((await reading.proposals(ref, { open: true, first: 5 })).map(({ title }) => title).sort()).toEqual([
			expect.stringMatching(/^Sends 0 ETH/),
			expect.stringMatching(/too large/),
		]);
		const input = { voter: ownerA.address, choice: { kind: 'one', option: 1 }, reason: '' } as const;
		await expect(reading.draft(ref, await reading.proposal(ref, digestOf(unread.typedData)), input)).rejects.toThrowError(coded('web3/proposal-too-large'));
		await expect(adapter.transaction(ref, [])).rejects.toThrowError(coded('vote/bad-choice'));
		await expect(
			adapter.transaction(
				ref,
				[1, 2].map(() => ({ target: token.address, value: 0n, data: '0x' as const })),
			),
		).rejects.toThrowError(coded('vote/not-supported'));
	});

	test('a Safe that owns a Safe signs as a contract', async () => {
		const adapter = createSafeAdapter({ ...chain.access, queue: memoryQueue() });
		const parent = await chain.safe([council.address, dora.address], 2);
		await chain.send(token, 'mint', parent.address, units(6));
		const file = await adapter.transaction(refTo('safe', parent), [{ target: token.address, value: 0n, data: transfer(bob.address, 6) }]);
		let message = safeMessageFile(refTo('safe', council), file.typedData, 'bytes');
		for (const owner of [ownerA, ownerC]) message = await addSignature(message, { signature: await owner.sign({ hash: digestOf(message.typedData) }) });
		const byCouncil = await adapter.contractSignature(await readSafeFile(writeSafeFile(message)));
		const both = await addSignature(await addSignature(file, { signature: await dora.sign({ hash: digestOf(file.typedData) }) }), {
			owner: council.address,
			signature: byCouncil,
			byContract: true,
		});
		const held = await chain.read<bigint>(token, 'balanceOf', bob.address);
		await sendCall(chain.client, await adapter.execution(await readSafeFile(writeSafeFile(both))), chain.relayer);
		expect(await chain.read(token, 'balanceOf', bob.address)).toBe(held + units(6));
		expect(() => packSignatures(both, { owners: [dora.address], threshold: 2 })).toThrowError(coded('vote/too-few-signatures'));
	});
});

describe('the chain', () => {
	test('has the type hashes and domains that the wallet signs for', async () => {
		const comp = await chain.deploy('CompStandIn');
		const bravo = await chain.deploy('BravoStandIn', 'B', dora.address, comp.address, 50n);
		const overridable = await chain.deploy('OverridableGovernor', token.address, 50);
		const said = [
			[governor, 'BALLOT_TYPEHASH', 'governor-ballot'],
			[governor, 'EXTENDED_BALLOT_TYPEHASH', 'governor-extended-ballot'],
			[overridable, 'OVERRIDE_BALLOT_TYPEHASH', 'governor-override-ballot'],
			[bravo, 'BALLOT_TYPEHASH', 'bravo-ballot'],
			[comp, 'DELEGATION_TYPEHASH', 'delegation'],
		] as const;
		for (const [contract, constant, struct] of said) expect(await chain.read(contract, constant), constant).toBe(structs[struct].typeHash);
		expect(await chain.read(council, 'domainSeparator')).toBe(domainSeparator({ chainId: chain.anvil.chainId, verifyingContract: council.address }));
	});

	test('is searched in smaller steps where a server refuses large ones, and not where it is away', async () => {
		const asked: bigint[] = [];
		const refusing = (error: (span: bigint) => Error | undefined): PublicClient =>
			clientThrough(chain, (method, [filter]) => {
				if (method !== 'eth_getLogs') return undefined;
				const { fromBlock, toBlock } = filter as unknown as { fromBlock: Hex; toBlock: Hex };
				const span = BigInt(toBlock) - BigInt(fromBlock);
				asked.push(span);
				const refusal = error(span);
				if (refusal) throw refusal;
				return undefined;
			});
		const listed = async (error: (span: bigint) => Error | undefined) => {
			const client = refusing(error);
			return createGovernorAdapter({ ...chain.access, client: () => client, search: { chunk: 1024n, lookback: 4096n } }).proposals(simple, {
				open: false,
				first: 99,
			});
		};
		const all = await createGovernorAdapter(chain.access).proposals(simple, { open: false, first: 99 });
		expect(all.length).toBeGreaterThan(3);
		const tooMuch = (span: bigint) => (span > 300n ? Object.assign(new Error('query exceeds max block range'), { code: -32005 }) : undefined);
		expect(await listed(tooMuch)).toEqual(all);
		expect(asked.some((span) => span > 300n) && asked.some((span) => span <= 300n)).toBe(true);
		const tooLong = (span: bigint) => (span > 300n ? new HttpRequestError({ status: 413, url: 'http://localhost' }) : undefined);
		expect(await listed(tooLong)).toEqual(all);
		const tooMany = (span: bigint) => (span > 300n ? new ResponseBodyTooLargeError({ maxSize: 1, size: 2 }) : undefined);
		expect(await listed(tooMany)).toEqual(all);
		await expect(listed(() => Object.assign(new Error('no'), { code: -32005 }))).rejects.toThrowError(coded('vote/unreachable'));
		const before = asked.length;
		await expect(listed(() => new HttpRequestError({ status: 503, url: 'http://localhost' }))).rejects.toThrowError(coded('vote/unreachable'));
		expect(asked.length).toBe(before + 1);
	});
});

describe('domains', () => {
	// ERC-5267's answer, as a contract could give it.
	const STATED = parseAbi(['function eip712Domain() view returns (bytes1, string, string, uint256, address, bytes32, uint256[])']);
	const stated = (change: {
		readonly fields?: Hex;
		readonly chainId?: bigint;
		readonly contract?: Address;
		readonly salt?: Hex;
		readonly extensions?: readonly bigint[];
	}) =>
		encodeFunctionResult({
			abi: STATED,
			functionName: 'eip712Domain',
			result: [change.fields ?? '0x0f', 'Simple DAO', '1', change.chainId ?? 31337n, change.contract ?? governor.address, zeroHash, change.extensions ?? []],
		});

	test('of another chain or contract, or with members that no vote has, are not signed for', async () => {
		const describeWith = (result: Hex | Error) =>
			createGovernorAdapter({ ...chain.access, client: () => answering(governor, 'eip712Domain()', result) }).describe(simple);
		const honest = await describeWith(stated({}));
		for (const change of [{ chainId: 1n }, { contract: dora.address }, { fields: '0x1f' }, { fields: '0x0b' }, { extensions: [1n] }] as const) {
			await expect(describeWith(stated(change))).rejects.toThrowError(coded('vote/unknown-domain'));
		}
		// Before 4.9 governors did not say: their name and version do.
		expect((await describeWith(reverted())).allowances(bob.address)).toEqual(honest.allowances(bob.address));
	});

	test('of another form than the system has are not signed for', async () => {
		const comp = await chain.deploy('CompStandIn');
		const bravo = await chain.deploy('BravoStandIn', 'B', timelock.address, comp.address, 50n);
		const versioned = keccak256(toBytes('EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)'));
		const ofBravo = createBravoAdapter({ ...chain.access, client: () => answering(bravo, 'DOMAIN_TYPEHASH()', versioned) });
		await expect(ofBravo.describe(refTo('bravo', bravo))).rejects.toThrowError(coded('vote/unknown-domain'));
		const shares = await chain.deploy('BaalSharesStandIn', 'S');
		const baal = await chain.deploy('BaalStandIn', shares.address, council.address, token.address, 60, 60, 0n);
		const named = encodeFunctionResult({ abi: STATED, functionName: 'eip712Domain', result: ['0x0f', 'Permit', '4', 31337n, baal.address, zeroHash, []] });
		const ofBaal = createBaalAdapter({ ...chain.access, client: () => answering(baal, 'eip712Domain()', named) });
		await expect(ofBaal.describe(refTo('baal', baal))).rejects.toThrowError(coded('vote/unknown-domain'));
		// As of a Safe before 1.3, whose signatures count on every chain.
		const ofSafe = createSafeAdapter({ ...chain.access, client: () => answering(council, 'domainSeparator()', zeroHash), queue: memoryQueue() });
		await expect(ofSafe.describe(refTo('safe', council))).rejects.toThrowError(coded('vote/unknown-domain'));
	});

	test('of a token that does not state its own are recognised by their hash, and by nothing less', async () => {
		const standing = (client: PublicClient) =>
			createDelegationAdapter({ ...chain.access, client: () => client }).standing({ chainId: chain.anvil.chainId, token: token.address }, bob.address);
		const expected = { name: 'Test Votes', version: '1', chainId: chain.anvil.chainId, verifyingContract: token.address };
		expect((await standing(answering(token, 'eip712Domain()', reverted()))).allowance).toEqual({ struct: 'delegation', domain: expected, pins: {} });
		const silent = clientThrough(chain, (method, [call]) => {
			// eip712Domain() and DOMAIN_SEPARATOR()
			if (method === 'eth_call' && ['0x84b0196e', '0x3644e515'].includes((call as unknown as { data: Hex }).data)) throw reverted();
			return undefined;
		});
		await expect(standing(silent)).rejects.toThrowError(coded('vote/unknown-domain'));
		const { allowances } = await createGovernorAdapter({ ...chain.access, client: () => silent }).describe(simple);
		expect(allowances(bob.address).map(({ struct }) => struct)).toEqual(['governor-ballot', 'governor-extended-ballot']);
	});
});

describe('an account with a key that runs code (EIP-7702)', () => {
	test('votes with its key where the signer is recovered, and is warned where its code is asked', async () => {
		await chain.setCode(ownerB.address, `0xef0100${token.address.slice(2).toLowerCase()}`);
		const id = await propose(governor, [{ to: token.address, data: transfer(dora.address, 9) }], 'With code');
		const adapter = createGovernorAdapter(chain.access);
		const draft = await adapter.draft(simple, await adapter.proposal(simple, id), { voter: ownerB.address, choice: { kind: 'one', option: 1 }, reason: '' });
		expect(draft.warnings.join(' ')).toMatch(/EIP-7702/);
		const signed = { typedData: draft.typedData, signer: ownerB.address, signature: await ownerB.sign({ hash: digestOf(draft.typedData) }) };
		await expect(sendSigned(chain.client, signed, chain.relayer)).rejects.toThrowError(coded('vote/bad-signature', { reason: 'refused' }));
		await expect(sendCall(chain.client, relayCall(signed), chain.relayer)).rejects.toThrowError(coded('vote/would-fail'));
		const expiry = BigInt(Math.floor(chain.access.clock.now() / 1000) + 3600);
		const delegation = createDelegationAdapter(chain.access);
		const ref = { chainId: chain.anvil.chainId, token: token.address };
		const { typedData: data } = await delegation.draft(ref, { holder: ownerB.address, delegatee: bob.address, expiry });
		await sendSigned(chain.client, { typedData: data, signer: ownerB.address, signature: await ownerB.sign({ hash: digestOf(data) }) }, chain.relayer);
		expect((await delegation.standing(ref, ownerB.address)).delegate).toBe(bob.address);
	});
});

describe('what is not there', () => {
	test('an address without a DAO, a contract of another kind, a server that is away or serves another chain', async () => {
		const nobody = { chainId: chain.anvil.chainId, contract: dora.address };
		await expect(detectSystem(chain.access, nobody)).rejects.toThrowError(coded('vote/no-such-dao'));
		await expect(detectSystem(chain.access, { ...nobody, contract: token.address })).rejects.toThrowError(coded('vote/no-such-dao'));
		// What decides without signatures is named for what it is.
		const other = { ...nobody, contract: token.address };
		for (const [signature, kind, words] of [
			['calculateThreshold(uint256)', 'conviction', 'decides by conviction'],
			['supportThreshold()', 'aragon', 'Aragon'],
			['authenticators(address)', 'snapshot-x', 'Snapshot X'],
		] as const) {
			const access = { ...chain.access, client: () => answering(token, signature, zeroHash) };
			await expect(detectSystem(access, other)).rejects.toMatchObject({
				code: 'vote/not-by-signature',
				data: { kind },
				message: expect.stringContaining(words),
			});
		}
		for (const adapter of [
			createGovernorAdapter(chain.access),
			createBravoAdapter(chain.access),
			createBaalAdapter(chain.access),
			createSafeAdapter({ ...chain.access, queue: memoryQueue() }),
		]) {
			await expect(adapter.describe({ ...nobody, system: adapter.system } as ContractRef)).rejects.toThrowError(coded('vote/no-such-dao'));
			await expect(adapter.describe({ ...nobody, chainId: 1, system: adapter.system } as ContractRef)).rejects.toThrowError(
				coded('vote/wrong-chain', { served: chain.anvil.chainId }),
			);
		}
		await expect(createGovernorAdapter(chain.access).describe(refTo('governor', council))).rejects.toThrowError(coded('vote/no-such-dao'));
		const away = createPublicClient({ transport: http('http://127.0.0.1:9', { retryCount: 0 }) }) as PublicClient;
		const error = await createGovernorAdapter({ ...chain.access, client: () => away })
			.describe(simple)
			.catch((each: unknown) => each);
		expect(error).toMatchObject({ code: 'vote/unreachable' });
		expect(JSON.stringify((error as { toInfo(): unknown }).toInfo())).not.toContain('127.0.0.1');
	});
});
