import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { parse, parseStatusList, readStatus, STATUS_LIST_TYPE } from '@holdfast/credentials';
import { findCheck, type ReportNode } from '@holdfast/kernel';
import { ADA_DIPLOMA, ADA_ID } from '@holdfast/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type TestWallet, TestWallets } from './testing/wallets.node.ts';

let world: TestWallets;
let issuer: TestWallet;
beforeEach(async () => {
	world = new TestWallets();
	issuer = await world.wallet('issuer');
});
afterEach(() => world.close());

const statusOf = (report: ReportNode): ReportNode => findCheck(report, 'status') ?? { check: '', title: '', result: 'skipped', reason: '' };
const indexOf = (raw: string): number => {
	const status = readStatus(parse(raw).status);
	return typeof status === 'object' ? status.idx : -1;
};

/** Does it, as a person who looks at the review and agrees. */
async function act(wallet: TestWallet, action: 'revoke' | 'suspend' | 'reinstate', documents: string[]) {
	const { id } = await wallet.ask('register.prepare', { action, documents });
	return wallet.ask('register.approve', { id });
}

describe.each(['dc+sd-jwt', 'jwt_vc_json'] as const)('a document that was issued (%s)', (format) => {
	test('is withdrawn with all its copies; a verifier elsewhere learns it, and says how old its knowledge is', async () => {
		const holder = await world.wallet('holder');
		const verifier = await world.wallet('verifier');
		const issuerDid = await issuer.actor.createDid('did:jwk');
		await issuer.actor.serve('issuer');
		await verifier.actor.serve('verifier');
		await verifier.actor.trust(issuerDid, 'Office');
		const offer = await issuer.actor.offer({ typeId: 'eudi-pid', format, issuerDid, claims: ADA_ID });
		await holder.actor.receive(offer.uri);
		const direct = await issuer.actor.issueTo(await holder.actor.createDid('did:key', 'Ed25519'), {
			typeId: 'university-diploma',
			format,
			issuerDid,
			claims: ADA_DIPLOMA,
		});

		const { entries, documents, copies } = await issuer.ask('register.list', { filter: {}, limit: 10 });
		expect([documents, copies]).toEqual([2, 6]);
		expect(entries.map((each) => [each.typeId, each.copies, each.state, each.canBeWithdrawn])).toEqual([
			['university-diploma', 1, 'valid', true],
			['eudi-pid', 5, 'valid', true],
		]);
		expect(entries[1]).toMatchObject({ id: offer.id, offerId: offer.id, subtitle: 'Ada Marguerite Byron-Example' });
		const check = async (raw: string, fresh = false) => {
			const verdict = await verifier.ask('verify.check', { text: raw, fresh });
			return { accepted: verdict.accepted, node: statusOf(verdict.report), sentence: verdict.sentence };
		};
		const [card] = await holder.ask('credentials.list', {});
		const { raw } = await holder.ask('credentials.get', { id: card?.id ?? '' });
		expect(await check(raw)).toMatchObject({ accepted: true, node: { result: 'passed' } });
		expect(indexOf(raw)).not.toBe(indexOf(direct));

		expect(await act(issuer, 'revoke', [offer.id])).toEqual({ documents: 1, copies: 5, published: true, problem: null });
		world.ahead = 120_000;
		// The list that the verifier has is still good by its own word: the verdict says that it is two minutes old.
		const known = await check(raw);
		expect(known).toMatchObject({ accepted: true });
		expect(known.node.reason).toContain('2 minutes ago');
		const fresh = await check(raw, true);
		expect(fresh).toMatchObject({ accepted: false, node: { result: 'failed', code: 'credential/revoked' } });
		expect(fresh.sentence).toMatch(/withdrawn this credential.*(second|minute)s? ago/);
		expect(await check(direct)).toMatchObject({ accepted: true });

		// A presentation is judged by the same knowledge.
		const request = await verifier.actor.request({ typeId: 'eudi-pid', format, paths: [['family_name']] });
		await holder.ask('present.open', { text: request.uri }).then(async (review) => {
			const credentialId = review.queries[0]?.candidates[0]?.credential.id ?? '';
			await holder.ask('present.approve', { id: review.id, choices: [{ queryId: 'document', credentialId }] });
		});
		const seen = await verifier.actor.verification(request.id);
		expect(seen.verdict?.accepted).toBe(false);
		expect(statusOf(seen.verdict?.report as ReportNode).code).toBe('credential/revoked');
	});
});

test('suspending ends, revoking does not, and nothing happens before it is approved', async () => {
	const issuerDid = await issuer.actor.createDid('did:jwk');
	await issuer.actor.serve('issuer');
	const raw = await issuer.actor.issueTo(await issuer.actor.createDid('did:key', 'Ed25519'), {
		typeId: 'eudi-pid',
		format: 'dc+sd-jwt',
		issuerDid,
		claims: ADA_ID,
	});
	const [entry] = (await issuer.ask('register.list', { filter: {}, limit: 1 })).entries;
	const id = entry?.id ?? '';
	const state = async () => (await issuer.ask('register.list', { filter: {}, limit: 1 })).entries[0]?.state;
	const code = async () => statusOf((await issuer.ask('verify.check', { text: raw })).report).code;

	const review = await issuer.ask('register.prepare', { action: 'suspend', documents: [id] });
	expect(review).toMatchObject({ documents: 1, copies: 1, examples: ['Identity (PID): Ada Marguerite Byron-Example'] });
	expect(await state()).toBe('valid');
	await issuer.ask('register.discard', { id: review.id });
	expect(await issuer.refusal('register.approve', { id: review.id })).toBe('review/not-open');

	expect(await issuer.refusal('register.prepare', { action: 'reinstate', documents: [id] })).toBe('register/nothing-to-do');
	await act(issuer, 'suspend', [id]);
	expect([await state(), await code()]).toEqual(['suspended', 'credential/suspended']);
	await act(issuer, 'reinstate', [id]);
	expect([await state(), await code()]).toEqual(['valid', undefined]);
	await act(issuer, 'revoke', [id]);
	expect([await state(), await code()]).toEqual(['revoked', 'credential/revoked']);
	expect(await issuer.refusal('register.prepare', { action: 'reinstate', documents: [id] })).toBe('register/revoked-for-good');
	expect(await issuer.refusal('register.prepare', { action: 'revoke', documents: ['0'.repeat(26)] })).toBe('register/nothing-to-do');
	expect((await issuer.actor.activity()).map((line) => line.title)).toContain('1 document revoked');
});

test('what was issued where nobody would find a list says so, and cannot be withdrawn', async () => {
	const issuerDid = await issuer.actor.createDid('did:jwk');
	const holderDid = await issuer.actor.createDid('did:key', 'Ed25519');
	const prepared = await issuer.ask('issue.prepare', {
		typeId: 'eudi-pid',
		format: 'dc+sd-jwt',
		issuerDid,
		claims: ADA_ID as never,
		validDays: 1,
		delivery: { kind: 'direct', holderDid },
	});
	expect(prepared.warnings.join()).toContain('cannot be withdrawn');
	const { credential } = await issuer.ask('issue.approve', { id: prepared.id });
	expect(readStatus(parse(credential ?? '').status)).toBe('none');
	const [entry] = (await issuer.ask('register.list', { filter: {}, limit: 1 })).entries;
	expect(entry?.canBeWithdrawn).toBe(false);
	expect(await issuer.refusal('register.prepare', { action: 'revoke', documents: [entry?.id ?? ''] })).toBe('register/no-status');
});

test('lists are written into a folder, whole, and found there by verifiers while the wallet is closed', async () => {
	const site = join(world.folder, 'site');
	mkdirSync(site);
	const server = createServer((request, response) => {
		try {
			response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(readFileSync(join(site, request.url?.split('/').at(-1) ?? '')));
		} catch {
			response.writeHead(404).end();
		}
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	try {
		const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/lists`;
		issuer.answers.folder = null;
		expect((await issuer.ask('status.setPlace', { kind: 'folder', baseUrl })).kind).toBe('service');
		issuer.answers.folder = site;
		expect(await issuer.ask('status.setPlace', { kind: 'folder', baseUrl })).toEqual({ kind: 'folder', baseUrl, folder: site });
		const issuerDid = await issuer.actor.createDid('did:jwk');
		const raw = await issuer.actor.issueTo(await issuer.actor.createDid('did:key', 'Ed25519'), {
			typeId: 'eudi-pid',
			format: 'dc+sd-jwt',
			issuerDid,
			claims: ADA_ID,
		});
		expect((await issuer.ask('status.lists', {}))[0]).toMatchObject({ used: 1, withdrawn: 0, publishedAt: null });
		expect((await issuer.ask('status.publish', {}))[0]?.behind).toBe(false);
		const [entry] = (await issuer.ask('register.list', { filter: {}, limit: 1 })).entries;
		expect((await act(issuer, 'suspend', [entry?.id ?? ''])).published).toBe(true);
		const [name = ''] = readdirSync(site);
		expect(name).toMatch(/^[0-9a-z]{26}\.jwt$/);
		expect(
			parseStatusList(readFileSync(join(site, name), 'utf8'))
				.list()
				.get(indexOf(raw)),
		).toBe(2);

		// The folder is gone: the decision stands, and the answer says that others do not know it.
		issuer.answers.folder = join(site, name);
		await issuer.ask('status.setPlace', { kind: 'folder', baseUrl });
		const failed = await act(issuer, 'reinstate', [entry?.id ?? '']);
		expect(failed).toMatchObject({ copies: 1, published: false });
		expect(failed.problem).toContain('could not be written');
		expect((await issuer.ask('status.lists', {}))[0]?.behind).toBe(true);
		const [list] = await issuer.ask('status.lists', {});
		const handed = await issuer.ask('status.token', { id: list?.id ?? '' });
		expect(parseStatusList(handed.token)).toMatchObject({ uri: handed.uri });
		expect(await issuer.refusal('status.token', { id: '0'.repeat(26) })).toBe('status/no-such-list');

		const verifier = await world.wallet('verifier');
		await verifier.actor.trust(issuerDid, 'Office');
		await issuer.service.close();
		expect(statusOf((await verifier.ask('verify.check', { text: raw })).report).code).toBe('credential/suspended');
	} finally {
		server.close();
	}
});

test('the service gives out its lists, and the verifier’s rule decides when it does not', async () => {
	const issuerDid = await issuer.actor.createDid('did:jwk');
	const url = await issuer.actor.serve('issuer');
	const raw = await issuer.actor.issueTo(await issuer.actor.createDid('did:key', 'Ed25519'), {
		typeId: 'eudi-pid',
		format: 'dc+sd-jwt',
		issuerDid,
		claims: ADA_ID,
	});
	const [list] = await issuer.ask('status.lists', {});
	expect(list?.uri).toBe(`${url}/statuslists/${list?.id}`);
	const answer = await fetch(list?.uri ?? '');
	expect([answer.status, answer.headers.get('content-type')]).toEqual([200, STATUS_LIST_TYPE]);
	expect((await fetch(`${url}/statuslists/nowhere`)).status).toBe(404);
	expect((await fetch(list?.uri ?? '', { method: 'POST' })).status).toBe(405);

	const verifier = await world.wallet('verifier');
	await verifier.actor.trust(issuerDid, 'Office');
	await issuer.ask('services.stop', { kind: 'issuer' });
	const check = async () => statusOf((await verifier.ask('verify.check', { text: raw })).report);
	expect(await check()).toMatchObject({ result: 'failed', code: 'credential/status-unknown', evidence: { rule: 'refuse' } });
	await verifier.ask('settings.update', { statusUnknown: 'accept-with-warning' });
	expect(await check()).toMatchObject({ result: 'warning', code: 'credential/status-unknown' });
});

test('the register filters, and goes out as a table in which no name is a formula', async () => {
	const issuerDid = await issuer.actor.createDid('did:jwk');
	await issuer.actor.serve('issuer');
	const holderDid = await issuer.actor.createDid('did:key', 'Ed25519');
	for (const name of ['=HYPERLINK("http://evil")', 'Bea', 'Cy'])
		await issuer.actor.issueTo(holderDid, { typeId: 'eudi-pid', format: 'dc+sd-jwt', issuerDid, claims: { ...ADA_ID, given_name: name, family_name: 'X' } });
	const found = await issuer.ask('register.list', { filter: { text: 'bea' }, limit: 10 });
	expect(found.entries.map((each) => each.subtitle)).toEqual(['Bea X']);
	await act(issuer, 'revoke', [found.entries[0]?.id ?? '']);
	expect((await issuer.ask('register.list', { filter: { state: 'valid' }, limit: 10 })).documents).toBe(2);
	expect((await issuer.ask('register.list', { filter: {}, limit: 1, offset: 2 })).entries).toHaveLength(1);

	issuer.answers.folder = world.folder;
	const { path, documents } = await issuer.ask('register.export', { filter: {} });
	expect(documents).toBe(3);
	const text = readFileSync(path ?? '', 'utf8');
	expect(text).toContain(`"'=HYPERLINK(""http://evil"") X"`);
	expect(text).toContain('revoked');
	// A second one does not replace the first.
	writeFileSync(path ?? '', 'mine');
	expect((await issuer.ask('register.export', { filter: { state: 'revoked' } })).path).toContain('register-2.csv');
	expect(readFileSync(path ?? '', 'utf8')).toBe('mine');

	// All that fit at once.
	const { id } = await issuer.ask('register.prepare', { action: 'suspend', documents: { state: 'valid' } });
	expect(await issuer.ask('register.approve', { id })).toMatchObject({ documents: 2, copies: 2 });
});

test('a holder looks whether a document still counts, is told so again before showing it, and learns nothing wrong from a list that cannot be had', async () => {
	const holder = await world.wallet('holder');
	const verifier = await world.wallet('verifier');
	const issuerDid = await issuer.actor.createDid('did:jwk');
	await issuer.actor.serve('issuer');
	await verifier.actor.serve('verifier');
	const offer = await issuer.actor.offer({ typeId: 'eudi-pid', format: 'dc+sd-jwt', issuerDid, claims: ADA_ID });
	await holder.actor.receive(offer.uri);
	const card = async () => (await holder.ask('credentials.list', {}))[0];
	const id = (await card())?.id ?? '';
	expect((await card())?.withdrawal).toBeNull();
	expect(await holder.ask('credentials.checkStatus', { id })).toMatchObject({ state: 'in-force' });

	const asked = async () => {
		const review = await verifier.ask('verify.prepare', {
			title: 'x',
			request: { kind: 'claims', typeId: 'eudi-pid', format: 'dc+sd-jwt', paths: [['family_name']] },
			verifierDid: null,
			encrypted: false,
			expiresInMinutes: 5,
		});
		const { uri } = await verifier.ask('verify.approve', { id: review.id });
		return (await holder.ask('present.open', { text: uri })).warnings.join();
	};
	expect(await asked()).not.toContain('issuer when you looked');
	await act(issuer, 'suspend', [offer.id]);
	expect(await holder.ask('credentials.checkStatus', { id })).toMatchObject({ state: 'suspended' });
	await act(issuer, 'revoke', [offer.id]);
	expect(await holder.ask('credentials.checkStatus', { id })).toMatchObject({ state: 'withdrawn' });
	expect((await card())?.withdrawal?.state).toBe('withdrawn');
	expect(await asked()).toContain('was withdrawn by its issuer when you looked last');
	// A list that cannot be had changes nothing of what is known.
	await issuer.ask('services.stop', { kind: 'issuer' });
	expect(await holder.refusal('credentials.checkStatus', { id })).toBe('credential/status-stale');
	expect((await card())?.withdrawal?.state).toBe('withdrawn');

	const direct = await issuer.actor.issueTo(await holder.actor.createDid('did:key', 'Ed25519'), {
		typeId: 'university-diploma',
		format: 'dc+sd-jwt',
		issuerDid,
		claims: ADA_DIPLOMA,
	});
	const opened = await holder.ask('receive.open', { text: direct });
	const [plain] = (await holder.ask('receive.approve', { id: opened.id })).credentialIds;
	expect(await holder.refusal('credentials.checkStatus', { id: plain ?? '' })).toBe('credential/no-status');
});
