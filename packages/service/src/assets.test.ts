import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CallInput, PresentReview } from '@holdfast/contract';
import { type Anvil, deployContract, putContract, sendToContract, sendTransaction, startAnvil } from '@holdfast/devchain';
import { findCheck, systemClock, systemRandom } from '@holdfast/kernel';
import { createGuardedFetch, type GuardedFetch } from '@holdfast/net';
import { type Actor, contractActor } from '@holdfast/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createService, type Service } from './index.ts';

const DELEGATE_REGISTRY = '0x00000000000000447e69651d841bD8D104Bed493';
/** Anvil's first account, whose wallet is elsewhere. */
const VAULT = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';

interface Person {
	readonly service: Service;
	readonly actor: Actor;
}

let folder: string;
let anvil: Anvil;
let holder: Person;
let club: Person;
let collection: `0x${string}`;
let editions: `0x${string}`;

/** Keeps what the holder's wallet would send to a verifier, instead of sending it. */
let intercept: ((url: string, body: string) => void) | undefined;
const guarded = createGuardedFetch({ allowLoopback: true });
const fetchOrKeep: GuardedFetch = async (url, init) => {
	const body = String(init?.body);
	if (!intercept || !body.includes('vp_token=')) return guarded(url, init);
	intercept(String(url), body);
	return new Response('{}');
};

async function open(name: string): Promise<Person> {
	const service = createService({
		dir: join(folder, name),
		clock: systemClock,
		random: systemRandom,
		chooseFolder: () => Promise.resolve(null),
		fetch: fetchOrKeep,
		kdf: { m: 1024, t: 1, p: 1 },
	});
	await service.invoke('vault.create', { passphrase: 'six green lanterns over quiet water' });
	await service.invoke('networks.save', { chainId: 31337, name: 'Local', rpcUrl: anvil.rpcUrl, ethrRegistry: null });
	return { service, actor: contractActor(service.invoke, () => service.close()) };
}

async function ask<N extends Parameters<Service['invoke']>[0]>(person: Person, name: N, input: CallInput<N>) {
	const result = await person.service.invoke(name, input);
	if (!result.ok) throw Object.assign(new Error(result.error.message), { code: result.error.code });
	return result.value;
}

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), 'holdfast-assets-'));
	anvil = await startAnvil();
	[holder, club] = [await open('holder'), await open('club')];
	collection = await deployContract(anvil, 'PlainCollection');
	editions = await deployContract(anvil, 'Editions');
	await club.actor.serve('verifier');
}, 60_000);
afterAll(async () => {
	await Promise.all([holder.actor.close(), club.actor.close(), anvil.stop()]);
	rmSync(folder, { recursive: true });
});

type Question = Extract<CallInput<'verify.prepare'>['request'], { kind: 'ownership' }>;

async function asks(question: Partial<Question> = {}, encrypted = true): Promise<{ id: string; uri: string }> {
	const review = await ask(club, 'verify.prepare', {
		title: 'Members',
		purpose: 'To open  the members’ page',
		request: { kind: 'ownership', chainId: 31337, contract: collection, standard: 'erc721', tokenId: null, ...question },
		verifierDid: await club.actor.createDid('did:jwk'),
		encrypted,
		expiresInMinutes: 10,
	});
	expect(review.asks.join()).toContain(`of the collection ${question.contract ?? collection} on Local`);
	return ask(club, 'verify.approve', { id: review.id });
}

const choice = (review: PresentReview, index = 0) => [{ queryId: 'token', credentialId: review.queries[0]?.candidates[index]?.credential.id ?? '' }];

test('a token is received into an account of its collection, and proven to a verifier that asks', async () => {
	const request = await asks();
	expect((await ask(holder, 'present.open', { text: request.uri })).queries[0]).toMatchObject({
		candidates: [],
		missing: expect.stringContaining('Add the collection under Assets'),
	});

	const added = await ask(holder, 'assets.add', { chainId: 31337, contract: collection.toLowerCase() });
	expect(added).toMatchObject({ name: 'Plain Collection', standard: 'erc721', network: 'Local', contract: collection });
	await expect(ask(holder, 'assets.add', { chainId: 31337, contract: collection })).rejects.toMatchObject({ code: 'assets/known' });
	expect((await ask(holder, 'present.open', { text: request.uri })).queries[0]?.missing).toContain('owns no token');
	for (const id of [7, 8]) await sendToContract(anvil, 'PlainCollection', collection, 'mint', added.account, id);
	expect(await ask(holder, 'assets.tokens', { id: added.id })).toEqual({
		tokens: [
			{ tokenId: '7', amount: '1' },
			{ tokenId: '8', amount: '1' },
		],
		complete: true,
		asked: '127.0.0.1',
	});

	await anvil.mine(70);
	const review = await ask(holder, 'present.open', { text: request.uri });
	expect(review.canAnswer).toBe(true);
	expect(review.queries[0]?.asks).toContain('A proof that the holder owns a token of Plain Collection');
	const [first, second] = review.queries[0]?.candidates ?? [];
	expect([first?.credential.subtitle, second?.credential.subtitle]).toEqual(['Token 7', 'Token 8']);
	expect(second?.learned.map(({ value }) => value).join()).toContain(added.account);
	expect(second?.hidden.map(({ label }) => label)).toEqual(['Your other accounts', 'Who you are']);
	await ask(holder, 'present.approve', { id: review.id, choices: choice(review, 1) });

	const seen = await club.actor.verification(request.id);
	expect(seen.verdict?.accepted, seen.verdict?.sentence).toBe(true);
	expect(seen.verdict?.report.result).toBe('passed');
	const [proven] = seen.verdict?.documents ?? [];
	expect(proven).toMatchObject({ name: 'Ownership of a token', lines: [] });
	expect(proven?.proven.slice(0, 2)).toEqual([`Owns token 8 of the collection ${collection} on Local`, `Address ${added.account}`]);
	const report = seen.verdict?.report;
	expect(report && findCheck(report, 'block/trust')?.reason).toBe('Your node for Local knows this block.');
	expect(report && findCheck(report, 'statement/purpose')?.result).toBe('passed');
	expect((await ask(holder, 'activity.list', { limit: 1 }))[0]?.shared).toEqual(['Plain Collection: Token, Address']);
});

test('a certain token, an edition, and what the account does not own', async () => {
	const one = await ask(holder, 'present.open', { text: (await asks({ tokenId: '7', maxBlockAgeSec: 600 }, false)).uri });
	expect(one.queries[0]?.candidates).toHaveLength(1);
	const none = await ask(holder, 'present.open', { text: (await asks({ tokenId: '99' })).uri });
	expect(none.queries[0]?.missing).toContain('does not own token 99');

	const added = await ask(holder, 'assets.add', { chainId: 31337, contract: editions, name: 'Prints' });
	expect(added.standard).toBe('erc1155');
	expect((await ask(holder, 'assets.list', {})).map((each) => each.account)).toHaveLength(2);
	expect(new Set((await ask(holder, 'assets.list', {})).map((each) => each.account)).size).toBe(2);
	await sendToContract(anvil, 'Editions', editions, 'mint', added.account, 4, 3);
	expect((await ask(holder, 'assets.tokens', { id: added.id })).tokens).toEqual([{ tokenId: '4', amount: '3' }]);
	const request = await asks({ contract: editions, standard: 'erc1155' });
	const review = await ask(holder, 'present.open', { text: request.uri });
	await ask(holder, 'present.approve', { id: review.id, choices: choice(review) });
	const { verdict } = await club.actor.verification(request.id);
	expect(verdict?.accepted, verdict?.sentence).toBe(true);
	// The chain has gone on by one block only, and a proof is of its newest.
	expect(verdict && findCheck(verdict.report, 'block/final')?.code).toBe('ownership/not-final');
});

test('a proof made by hand is checked as text, for its own request alone', async () => {
	const [plain] = (await ask(holder, 'assets.list', {})).filter((each) => each.contract === collection);
	const input = { collectionId: plain?.id ?? '', tokenId: '7', verifier: 'club.example', nonce: 'door-1', purpose: 'To enter' };
	const review = await ask(holder, 'ownership.prepare', input);
	expect(review.sentence).toBe('Prove that you own token 7 of Plain Collection');
	expect(review.warnings[0]).toContain('account’s address');
	const { bundle } = await ask(holder, 'ownership.approve', { id: review.id });
	await expect(ask(holder, 'ownership.approve', { id: review.id })).rejects.toMatchObject({ code: 'review/not-open' });
	const verdict = await ask(club, 'verify.check', { text: bundle, nonce: 'door-1', audience: 'club.example' });
	expect(verdict.accepted, verdict.sentence).toBe(true);
	expect((await ask(club, 'verify.check', { text: bundle, nonce: 'door-2', audience: 'club.example' })).sentence).toContain('another request');
	await expect(ask(club, 'verify.check', { text: bundle })).rejects.toMatchObject({ code: 'ownership/needs-request' });
	await expect(ask(holder, 'ownership.prepare', { ...input, tokenId: '99' })).rejects.toMatchObject({ code: 'ownership/no-such-token' });

	await ask(holder, 'assets.remove', { id: plain?.id ?? '' });
	await expect(ask(holder, 'assets.tokens', { id: plain?.id ?? '' })).rejects.toMatchObject({ code: 'assets/no-such-collection' });
	expect((await ask(holder, 'assets.add', { chainId: 31337, contract: collection, standard: 'erc721', name: 'Again' })).account).toBe(plain?.account);
	await expect(ask(holder, 'assets.add', { chainId: 999, contract: collection })).rejects.toMatchObject({ code: 'network/unknown' });
	await expect(ask(holder, 'assets.add', { chainId: 31337, contract: `0x${'9'.repeat(40)}` })).rejects.toMatchObject({ code: 'ownership/no-contract' });
});

test('a token that stays in a wallet elsewhere is proven by an account that its owner lets act for it', async () => {
	const row = (await ask(holder, 'assets.list', {})).find((each) => each.contract === collection);
	const id = row?.id ?? '';
	await putContract(anvil, 'DelegateRegistryStandIn', DELEGATE_REGISTRY);
	await sendToContract(anvil, 'PlainCollection', collection, 'mint', VAULT, 40);
	await expect(ask(holder, 'assets.addWallet', { id, address: row?.account ?? '' })).rejects.toMatchObject({ code: 'assets/own-account' });
	const [wallet] = await ask(holder, 'assets.addWallet', { id, address: VAULT.toLowerCase() });
	expect(wallet).toMatchObject({ address: VAULT, grant: { to: DELEGATE_REGISTRY } });
	const look = () => ask(holder, 'assets.walletTokens', { id, address: VAULT });
	expect(await look()).toMatchObject({ tokens: [{ tokenId: '40', amount: '1' }], standing: 'none' });
	const input = { collectionId: id, tokenId: '40', wallet: VAULT, verifier: 'club.example', nonce: 'door-1', purpose: 'To enter' };
	await expect(ask(holder, 'ownership.prepare', input)).rejects.toMatchObject({ code: 'ownership/not-delegated' });

	await sendTransaction(anvil, wallet?.grant ?? { to: '', data: '' });
	expect((await look()).standing).toBe('delegate');
	const review = await ask(holder, 'ownership.prepare', input);
	expect(review.sentence).toMatch(/^Prove that you may act for the owner of token 40 of /);
	expect(review.lines).toContainEqual({ label: 'Owner', value: VAULT });
	expect(review.warnings.join()).toContain('owner’s address as well');
	const { bundle } = await ask(holder, 'ownership.approve', { id: review.id });
	const pasted = { text: bundle, nonce: 'door-1', audience: 'club.example' };
	// Only who says so takes the authorised for the owner.
	expect(await ask(club, 'verify.check', pasted)).toMatchObject({ accepted: false, sentence: expect.stringContaining('was only allowed to act') });
	const byHand = await ask(club, 'verify.check', { ...pasted, delegates: true });
	expect([byHand.accepted, byHand.documents[0]?.proven[0]]).toEqual([true, expect.stringMatching(/^Acts for the owner of token 40/)]);

	// A verifier that asks for owners gets none; one that takes delegates is told that it is one.
	const strict = await ask(holder, 'present.open', { text: (await asks({ tokenId: '40' })).uri });
	expect(strict.queries[0]?.candidates).toEqual([]);
	const request = await asks({ tokenId: '40', delegates: true });
	const open = await ask(holder, 'present.open', { text: request.uri });
	expect(open.queries[0]?.asks).toContain('or acts for whoever owns it');
	expect(open.queries[0]?.candidates[0]?.learned.map(({ label }) => label)).toEqual(['Token', 'Address', 'Owner']);
	await ask(holder, 'present.approve', { id: open.id, choices: choice(open) });
	const { verdict } = await club.actor.verification(request.id);
	expect(verdict?.accepted, verdict?.sentence).toBe(true);
	expect(verdict?.documents[0]?.proven.slice(0, 3)).toEqual([
		expect.stringMatching(/^Acts for the owner of token 40/),
		`Address ${row?.account}`,
		`Owner ${VAULT}, who lets that address act for it (delegate.xyz)`,
	]);
	const any = await ask(holder, 'present.open', { text: (await asks({ delegates: true })).uri });
	expect(any.queries[0]?.candidates.map(({ credential }) => credential.subtitle)).toContain('Token 40');

	await sendTransaction(anvil, wallet?.withdrawal ?? { to: '', data: '' });
	expect((await look()).standing).toBe('none');
	expect(await ask(holder, 'assets.removeWallet', { id, address: VAULT })).toEqual([]);
});

test('an answer to one request is worth nothing for another', async () => {
	const [request, other] = [await asks({}, false), await asks({}, false)];
	const sent: { url: string; form: URLSearchParams }[] = [];
	intercept = (url, body) => sent.push({ url, form: new URLSearchParams(body) });
	for (const { uri } of [request, other]) {
		const review = await ask(holder, 'present.open', { text: uri });
		await ask(holder, 'present.approve', { id: review.id, choices: choice(review) });
	}
	intercept = undefined;
	const [first, second] = sent;
	if (!first || !second) throw new Error('nothing was sent');
	const body = new URLSearchParams({ vp_token: first.form.get('vp_token') ?? '', state: second.form.get('state') ?? '' }).toString();
	await guarded(second.url, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body });
	const { verdict } = await club.actor.verification(other.id);
	expect(verdict?.accepted).toBe(false);
	expect(verdict && findCheck(verdict.report, 'statement/nonce')?.code).toBe('ownership/wrong-nonce');
	expect(verdict?.documents[0]?.proven).toEqual([]);
});

test('a question with something in it that is not understood is not answered', async () => {
	const unknown = await ask(club, 'verify.prepare', {
		title: 'Odd',
		request: {
			kind: 'dcql',
			dcql: { credentials: [{ id: 'token', format: 'org.holdfast.nft_ownership', meta: { chain_id: 31337, collection, standard: 'erc721', more: 1 } }] },
		},
		verifierDid: null,
		encrypted: false,
		expiresInMinutes: 5,
	});
	expect(unknown.asks).toEqual(['A proof that you own a token that Holdfast does not understand.']);
	const made = await ask(club, 'verify.approve', { id: unknown.id });
	expect((await ask(holder, 'present.open', { text: made.uri })).queries[0]?.missing).toContain('does not understand');
});
