import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CallInput, CallName, CallOutput, EventPayload } from '@holdfast/contract';
import { type Anvil, deployContract, sendToContract, startAnvil } from '@holdfast/devchain';
import { findCheck, firstFailure, systemClock, systemRandom } from '@holdfast/kernel';
import { createGuardedFetch, type GuardedFetch } from '@holdfast/net';
import { linkStatement, linkTypedData, publishedLine, readDefinition } from '@holdfast/web3';
import { keccak256, stringToBytes } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createService, type Service } from './index.ts';

const PASSPHRASE = 'six green lanterns over quiet water';
const PURPOSE = 'Proposal 12';
const CIRCUITS = fileURLToPath(new URL('../../../circuits', import.meta.url));

let folder: string;
let anvil: Anvil;
let holder: Service;
let club: Service;
let collection: `0x${string}`;
let now = 0;

/** What the wallets asked of others, while somebody counts. */
let asked: string[] = [];
const guarded = createGuardedFetch({ allowLoopback: true });
const counting: GuardedFetch = (url, init) => {
	asked.push(String(init?.body));
	return guarded(url, init);
};
let onProgress: ((event: EventPayload<'exchange.progress'>) => void) | undefined;

const start = (name: string): Service =>
	createService({
		dir: join(folder, name),
		clock: { now: () => systemClock.now() + now },
		random: systemRandom,
		chooseFolder: () => Promise.resolve(null),
		fetch: counting,
		// The other one is opened again, which takes no weaker key derivation.
		...(name === 'club' ? {} : { kdf: { m: 1024, t: 1, p: 1 } }),
		proofs: { folder: CIRCUITS, production: true },
		onEvent: (event, payload) => {
			if (event === 'exchange.progress') onProgress?.(payload as unknown as EventPayload<'exchange.progress'>);
		},
	});

async function ask<N extends CallName>(service: Service, name: N, input: CallInput<N>): Promise<CallOutput<N>> {
	const result = await service.invoke(name, input);
	if (!result.ok) throw Object.assign(new Error(result.error.message), { code: result.error.code });
	return result.value;
}

const open = (service: Service, lines: readonly string[], text = group) => ask(service, 'owners.open', { group: text, statements: lines.join('\n') });
async function rebuilt(service: Service, lines: readonly string[]): Promise<string> {
	const { id } = await open(service, lines);
	await ask(service, 'owners.rebuild', { id });
	return id;
}

/** Somebody with other software: the statement without evidence, so that a node has to be asked. */
async function stranger(i: number, tokenId: bigint): Promise<string> {
	const account = privateKeyToAccount(keccak256(stringToBytes(`stranger ${i}`)));
	const definition = readDefinition(group);
	const statement = linkStatement(definition, { owner: account.address, tokenId, commitment: BigInt(1000 + i), expiresAt: definition.expiresAt });
	return publishedLine({ statement, signature: await account.signTypedData(linkTypedData(statement)) });
}

async function link(service: Service, tokenId: string): Promise<string> {
	const review = await ask(service, 'owners.prepareLink', { group, tokenId });
	expect(review.sentence).toBe(`Take part in anonymous choices of Plain Collection’s owners, with token ${tokenId}`);
	expect(review.warnings[0]).toBe('This publishes for good that this address is one of those who may choose. It never shows which choice it makes.');
	return (await ask(service, 'owners.approveLink', { id: review.id })).statement;
}

let group: string;
let own: string[];
let all: string[];
let collectionId: string;

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), 'holdfast-owners-'));
	anvil = await startAnvil();
	[holder, club] = [start('holder'), start('club')];
	collection = await deployContract(anvil, 'PlainCollection');
	for (const [i, wallet] of [holder, club].entries()) {
		await ask(wallet, 'vault.create', { passphrase: PASSPHRASE });
		await ask(wallet, 'networks.save', { chainId: 31337, name: 'Local', rpcUrl: anvil.rpcUrl, ethrRegistry: null });
		const added = await ask(wallet, 'assets.add', { chainId: 31337, contract: collection });
		collectionId = added.id;
		await sendToContract(anvil, 'PlainCollection', collection, 'mint', added.account, i + 1);
	}
	for (const i of [3, 4, 5]) {
		const { address } = privateKeyToAccount(keccak256(stringToBytes(`stranger ${i}`)));
		await sendToContract(anvil, 'PlainCollection', collection, 'mint', address, i);
	}
	await anvil.mine(70);
	group = (await ask(club, 'owners.define', { collectionId, days: 30 })).group;
	own = [await link(holder, '1'), await link(club, '2')];
	all = [...own, ...(await Promise.all([3, 4, 5].map((i) => stranger(i, BigInt(i)))))];
}, 60_000);
afterAll(async () => {
	await Promise.all([holder.close(), club.close(), anvil.stop()]);
	rmSync(folder, { recursive: true });
});

test('an owner chooses without being named, once, whatever others put into the list', async () => {
	const noise = ['{"spam":1}', 'not json', await stranger(6, 1n), all[2] ?? ''];
	const view = await open(holder, [...all, ...noise, '']);
	expect(view).toMatchObject({ name: 'Plain Collection', network: 'Local', contract: collection, isOver: false, statements: 8 });
	const steps: number[] = [];
	onProgress = ({ id, done, of }) => id === view.id && steps.push(done / of);
	const crowd = await ask(holder, 'owners.rebuild', { id: view.id });
	onProgress = undefined;
	expect(steps.at(0)).toBe(0);
	expect(steps.at(-1)).toBe(1);
	expect(crowd).toMatchObject({ owners: 5, isSmall: true, isMember: true, counted: 5, refused: 3 });
	expect(findCheck(crowd.report, 'linked/crowd')?.code).toBe('linked/small-crowd');
	expect(findCheck(crowd.report, 'owners/block')?.result).toBe('passed');
	expect(findCheck(crowd.report, 'linked/statements')?.evidence).toMatchObject({ 'linked/not-owner': '1', 'linked/malformed': '2' });

	const choose = async (choice: string): Promise<string> => {
		const review = await ask(holder, 'owners.prepareChoice', { id: view.id, purpose: PURPOSE, choice });
		expect(review.sentence).toBe(`Choose “${choice}” as an owner of Plain Collection who is not named`);
		expect(review.lines.map(({ value }) => value)).toEqual(expect.arrayContaining([PURPOSE, choice, '5 accounts that take part']));
		expect(review.warnings[0]).toContain('Only 5 accounts take part');
		return (await ask(holder, 'owners.approveChoice', { id: review.id })).text;
	};
	const text = await choose('For');
	const [{ account } = { account: '' }] = await ask(holder, 'assets.list', {});
	expect(text.toLowerCase()).not.toContain(account.slice(2).toLowerCase());

	const id = await rebuilt(club, [...all].reverse());
	const check = (change: Partial<CallInput<'owners.check'>> = {}, service = club) =>
		ask(service, 'owners.check', { id, text, purpose: PURPOSE, choices: ['For', 'Against'], ...change });
	const code = async (verdict: ReturnType<typeof check>) => firstFailure((await verdict).report)?.code;
	// What is refused uses nothing up.
	expect(await code(check({ purpose: 'Proposal 13' }))).toBe('linked/wrong-purpose');
	expect(await code(check({ choices: ['Against'] }))).toBe('linked/wrong-choice');
	expect(await code(check({ text: text.replace('"For"', '"Against"') }))).toBe('semaphore/wrong-message');
	expect(await code(check({ text: '{}' }))).toBe('linked/malformed');
	expect(await code(check({ id: await rebuilt(club, all.slice(1)) }))).toBe('semaphore/wrong-group');
	const verdict = await check();
	expect(verdict).toMatchObject({ accepted: true, choice: 'For', counts: [{ choice: 'For', count: 1 }] });
	expect(verdict.report.result).toBe('warning');

	const other = await choose('Against');
	expect(await code(check())).toBe('linked/already-counted');
	// Nothing of it is lost when the wallet is closed.
	await club.close();
	club = start('club');
	await ask(club, 'vault.unlock', { passphrase: PASSPHRASE });
	const later = await rebuilt(club, all);
	const refused = await check({ id: later, text: other, choices: [] });
	expect(firstFailure(refused.report)?.code).toBe('linked/double-use');
	expect(refused).toMatchObject({ accepted: false, choice: null, counts: [{ choice: 'For', count: 1 }] });
	expect((await ask(holder, 'activity.list', { limit: 1 }))[0]?.title).toBe('Choice made as an unnamed owner of Plain Collection');
	await ask(club, 'owners.discard', { id: later });
	await expect(check({ id: later })).rejects.toMatchObject({ code: 'review/not-open' });
});

test('with evidence and a block that somebody looked up, nobody is asked', async () => {
	const { blockHash } = readDefinition(group);
	const { id } = await open(club, own);
	asked = [];
	expect(await ask(club, 'owners.rebuild', { id, blockHash })).toMatchObject({ owners: 2, isMember: true });
	expect(asked).toEqual([]);
	await expect(ask(club, 'owners.rebuild', { id, blockHash: `0x${'1'.repeat(64)}` })).rejects.toMatchObject({ code: 'owners/other-block' });
	// Statements without evidence: no group, rather than one without them.
	await expect(ask(club, 'owners.rebuild', { id: (await open(club, all)).id, blockHash })).rejects.toMatchObject({ code: 'linked/not-checked' });
	// Evidence of somebody else's token, or damaged evidence, is no evidence.
	const [mine = '', theirs = ''] = own;
	const swapped = JSON.stringify({ ...JSON.parse(mine), evidence: { ...JSON.parse(theirs).evidence, header: '0x00' } });
	await expect(ask(club, 'owners.rebuild', { id: (await open(club, [swapped])).id, blockHash })).rejects.toMatchObject({ code: 'linked/not-checked' });
	// A statement for a token that others prove to be theirs is refused, not left open; a copy with damaged evidence changes nothing.
	const thief = await stranger(6, 1n);
	const copy = JSON.stringify({ ...JSON.parse(mine), evidence: JSON.parse(swapped).evidence });
	const contested = (await open(club, [thief, copy, ...own])).id;
	expect(await ask(club, 'owners.rebuild', { id: contested, blockHash })).toMatchObject({ owners: 2, refused: 2 });
	// The user's node learns the block's number, and who owned what only where there is no evidence.
	asked = [];
	await ask(club, 'owners.rebuild', { id });
	expect(asked.filter((body) => body.includes('eth_getProof'))).toEqual([]);
});

test('what cannot be right is refused before anything is signed', async () => {
	const changed = (change: object) => JSON.stringify({ ...JSON.parse(group), ...change });
	for (const [text, tokenId, code] of [
		['{}', '1', 'linked/malformed'],
		[changed({ more: 1 }), '1', 'linked/malformed'],
		[changed({ expiresAt: 1_700_000_000 }), '1', 'owners/over'],
		[changed({ blockHash: `0x${'1'.repeat(64)}` }), '1', 'owners/other-block'],
		[changed({ blockNumber: '999999' }), '1', 'owners/no-block'],
		[changed({ collection: `0x${'1'.repeat(40)}` }), '1', 'assets/no-such-collection'],
		[group, '2', 'ownership/not-owner'],
	] as const) {
		await expect(ask(holder, 'owners.prepareLink', { group: text, tokenId }), code).rejects.toMatchObject({ code });
	}
	const view = await open(holder, [own[1] ?? '']);
	const choice = { id: view.id, purpose: PURPOSE, choice: 'For' };
	await expect(ask(holder, 'owners.prepareChoice', choice)).rejects.toMatchObject({ code: 'owners/not-rebuilt' });
	expect(await ask(holder, 'owners.rebuild', { id: view.id })).toMatchObject({ isMember: false, owners: 1 });
	await expect(ask(holder, 'owners.prepareChoice', choice)).rejects.toMatchObject({ code: 'owners/not-linked' });
	const id = await rebuilt(holder, own);
	await expect(ask(holder, 'owners.prepareChoice', { ...choice, id, choice: 'For\u202eever' })).rejects.toMatchObject({ code: 'owners/hidden-text' });
	// An empty list is a group of nobody.
	const nobody = await ask(holder, 'owners.rebuild', { id: (await open(holder, [])).id });
	expect(nobody).toMatchObject({ owners: 0, report: { result: 'failed' } });
	const editions = await ask(club, 'assets.add', { chainId: 31337, contract: await deployContract(anvil, 'Editions'), name: 'Prints' });
	await expect(ask(club, 'owners.define', { collectionId: editions.id, days: 1 })).rejects.toMatchObject({ code: 'owners/not-erc721' });
});

test('rebuilding is stopped when the person says so, and a group ends', async () => {
	const { id } = await open(holder, all);
	onProgress = (event) => void holder.invoke('exchange.cancel', { id: event.id });
	await expect(ask(holder, 'owners.rebuild', { id })).rejects.toMatchObject({ code: 'owners/cancelled' });
	onProgress = undefined;
	expect((await ask(holder, 'owners.rebuild', { id })).owners).toBe(5);
	const review = await ask(holder, 'owners.prepareChoice', { id, purpose: PURPOSE, choice: 'For' });
	onProgress = (event) => void holder.invoke('exchange.cancel', { id: event.id });
	await expect(ask(holder, 'owners.approveChoice', { id: review.id })).rejects.toMatchObject({ code: 'owners/cancelled' });
	onProgress = undefined;
	now = 31 * 86_400_000;
	const late = await open(holder, own);
	expect(late.isOver).toBe(true);
	await ask(holder, 'owners.rebuild', { id: late.id });
	await expect(ask(holder, 'owners.prepareChoice', { id: late.id, purpose: PURPOSE, choice: 'For' })).rejects.toMatchObject({ code: 'owners/over' });
});
