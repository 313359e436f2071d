import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CallInput, CallName } from '@holdfast/contract';
import { hexEncode, sha256, utf8 } from '@holdfast/crypto';
import { findCheck, type JsonObject, systemClock, systemRandom } from '@holdfast/kernel';
import { createGuardedFetch, type GuardedFetch, NetError } from '@holdfast/net';
import { ADA_ID, asking, contractActor } from '@holdfast/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createService, type Service } from './index.ts';

const CIRCUITS = fileURLToPath(new URL('../../../circuits', import.meta.url));
const PASSPHRASE = 'six green lanterns over quiet water';
const HOUR = 3_600_000;

let folder: string;
let office: Service;
let door: Service;
let holder: Service;
let issuerDid: string;
let issuerUrl: string;
/** Added to clocks. */
const ahead = { office: 0, door: 0, holder: 0 };
/** Stands between the holder and the issuer's list. */
let listInstead: ((honest: () => Promise<Response>) => Promise<Response>) | undefined;

const guarded = createGuardedFetch({ allowLoopback: true });
const fetchWithHooks: GuardedFetch = async (url, init) => {
	return listInstead && String(url).includes('/proof-revocations/') ? listInstead(() => guarded(url, init)) : guarded(url, init);
};

const make = (name: keyof typeof ahead): Service =>
	createService({
		dir: join(folder, name),
		clock: { now: () => systemClock.now() + ahead[name] },
		random: systemRandom,
		chooseFolder: () => Promise.resolve(join(folder, 'website')),
		...(name === 'holder' ? { fetch: fetchWithHooks } : {}),
		proofs: { folder: CIRCUITS, production: false },
		// The office is opened a second time, which takes a key derivation of full strength.
		...(name === 'office' ? {} : { kdf: { m: 1024, t: 1, p: 1 } }),
	});

const ask = <N extends CallName>(service: Service, name: N, input: CallInput<N>) => asking(service.invoke, name, input);
const actor = (service: Service) => contractActor(service.invoke, () => service.close());

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), 'holdfast-revocation-'));
	[office, door, holder] = [make('office'), make('door'), make('holder')];
	for (const service of [office, door, holder]) await ask(service, 'vault.create', { passphrase: PASSPHRASE });
	issuerDid = await actor(office).createDid('did:jwk');
	issuerUrl = await actor(office).serve('issuer');
	await actor(door).serve('verifier');
	await ask(door, 'trust.add', { issuer: issuerDid, name: 'Office of Examples' });
});
afterAll(async () => {
	await Promise.all([office.close(), door.close(), holder.close()]);
	rmSync(folder, { recursive: true });
});

/** Gives the holder a document and returns its id at the issuer's desk and in the wallet. */
async function give(
	format: 'dc+sd-jwt' | 'jwt_vc_json' = 'dc+sd-jwt',
	did = issuerDid,
	claims: JsonObject = ADA_ID,
): Promise<{ issued: string; held: string }> {
	for (const { id } of await ask(holder, 'credentials.list', {})) await ask(holder, 'credentials.delete', { id });
	const offer = await actor(office).offer({ typeId: 'eudi-pid', format, issuerDid: did, claims });
	await actor(holder).receive(offer.uri);
	const copies = (await ask(office, 'issue.issued', {})).filter((each) => each.offerId === offer.id);
	expect(copies.map((each) => each.revocation)).toEqual(copies.map(() => 'possible'));
	return { issued: copies.at(-1)?.id ?? '', held: (await ask(holder, 'credentials.list', {}))[0]?.id ?? '' };
}

async function over18(maxAgeSec = 3600): Promise<{ id: string; uri: string }> {
	const { id } = await ask(door, 'verify.prepare', {
		title: 'Over 18',
		request: { kind: 'preset', presetId: 'over-18', notRevoked: { maxAgeSec } },
		verifierDid: null,
		encrypted: false,
		expiresInMinutes: 10,
	});
	return ask(door, 'verify.approve', { id });
}

const open = (uri: string) => ask(holder, 'present.open', { text: uri });
const approve = (review: { id: string }, credentialId: string, queryId = 'age_proof') =>
	ask(holder, 'present.approve', { id: review.id, choices: [{ queryId, credentialId }] });
const verdictOf = async (id: string) => (await ask(door, 'verify.get', { id })).verdict;

test.each(['dc+sd-jwt', 'jwt_vc_json'] as const)(
	'a %s document is proven not revoked; once it is, the next proof is impossible and the wallet says why; a restart changes nothing',
	async (format) => {
		const { issued, held } = await give(format);
		const first = await over18();
		const review = await open(first.uri);
		expect(review.queries.map((query) => query.queryId)).toEqual(['age_proof']);
		const learned = review.queries[0]?.candidates[0]?.learned.map((line) => `${line.label}: ${line.value}`);
		expect(learned).toEqual(['Over 18: Yes', 'Not revoked: By the issuer’s list, at most 1 hour old']);
		expect(review.queries[0]?.asks).toContain('that the holder is over 18, and that the issuer has not revoked the document, by a list at most 1 hour old');
		await approve(review, held);
		const verdict = await verdictOf(first.id);
		expect(verdict?.accepted, verdict?.sentence).toBe(true);
		expect(verdict?.documents[0]?.proven).toEqual(learned);
		expect(verdict && findCheck(verdict.report, 'zk/revocation')?.result).toBe('passed');
		expect(JSON.stringify(verdict)).not.toContain(ADA_ID.birthdate);

		// Any copy stands for all of them.
		const list = await ask(office, 'issue.revoke', { id: issued });
		const offerId = list.find((each) => each.id === issued)?.offerId;
		expect(list.filter((each) => each.offerId === offerId).every((each) => each.revocation === 'revoked' && each.revokedAt !== null)).toBe(true);
		await expect(ask(office, 'issue.revoke', { id: issued })).rejects.toMatchObject({ code: 'issue/already-revoked' });
		const refused = await open((await over18()).uri);
		expect(refused.canAnswer).toBe(false);
		expect(refused.queries[0]?.missing).toBe('Your Identity cannot prove it: The issuer has revoked this credential.');

		await office.close();
		office = make('office');
		await ask(office, 'vault.unlock', { passphrase: PASSPHRASE });
		const port = Number(new URL(issuerUrl).port);
		await ask(office, 'services.start', { kind: 'issuer', host: '127.0.0.1', port, publicUrl: null });
		expect((await ask(office, 'issue.issued', {})).find((each) => each.id === issued)?.revocation).toBe('revoked');
		expect((await open((await over18()).uri)).canAnswer).toBe(false);
		expect((await ask(office, 'activity.list', { limit: 50 })).map((entry) => entry.title)).toContain('Identity (PID) revoked');
	},
	60_000,
);

test('a proof on an old list is refused by its age, with the reason in the report', async () => {
	const { held } = await give();
	// The door's clock stands three hours later: what is a fresh list for the wallet is an old one there.
	ahead.door = 3 * HOUR;
	try {
		const request = await over18(2 * 3600);
		await approve(await open(request.uri), held);
		const verdict = await verdictOf(request.id);
		expect(verdict?.accepted).toBe(false);
		expect(verdict?.sentence).toContain('a list of revoked credentials that is too old');
		expect(verdict && findCheck(verdict.report, 'zk/revocation')).toMatchObject({ result: 'failed', code: 'zk/stale-revocation' });
		expect(verdict && findCheck(verdict.report, 'zk/proof')?.result).toBe('passed');
		expect(verdict?.documents[0]?.proven).toEqual([]);
	} finally {
		ahead.door = 0;
	}
}, 60_000);

test('the list: the same for everybody, at one address for each issuer, and written to a folder as it is served', async () => {
	const { issued } = await give();
	await ask(office, 'issue.revoke', { id: issued });
	const { path } = await ask(office, 'issue.publishRevocations', {});
	const [mark, ...others] = readdirSync(path ?? '');
	expect([mark, others]).toEqual([expect.stringMatching(/^[0-9a-f]{12}$/), []]);
	const address = (name = ''): string => `${issuerUrl}/proof-revocations/${name}`;
	const served = await (await fetch(address(mark))).text();
	expect(JSON.parse(served)).toMatchObject({ v: 1, revoked: expect.arrayContaining([expect.any(Number)]) });
	expect(await (await fetch(address(mark))).text()).toBe(served);
	expect(readFileSync(join(path ?? '', mark ?? ''), 'utf8')).toBe(served);
	expect((await fetch(address('000000000000'))).status).toBe(404);
	expect((await fetch(address())).status).toBe(404);
	expect((await fetch(address(mark), { method: 'POST' })).status).toBe(405);
	await expect(ask(office, 'issue.revoke', { id: (await ask(holder, 'credentials.list', {}))[0]?.id ?? '' })).rejects.toMatchObject({
		code: 'issue/no-such-document',
	});
	// Signed by hand for a DID: its holder's wallet was not asked for what a proof needs. Its status can be withdrawn all the same.
	await actor(office).issueTo(await actor(holder).createDid('did:jwk'), { typeId: 'eudi-pid', format: 'dc+sd-jwt', issuerDid, claims: ADA_ID });
	const byHand = (await ask(office, 'issue.issued', {})).find((each) => each.offerId === null);
	expect(byHand?.revocation).toBe('possible');
	expect((await ask(office, 'issue.revoke', { id: byHand?.id ?? '' })).find((each) => each.id === byHand?.id)?.revocation).toBe('revoked');
	// Nothing to publish, and nothing to revoke, at a desk that has issued nothing.
	await expect(ask(door, 'issue.publishRevocations', {})).rejects.toMatchObject({ code: 'issue/nothing-to-publish' });
});

test('a list that is not the issuer’s, or not to be had, makes no proof; the one that was had last will do while it is young enough', async () => {
	const { issued, held } = await give('dc+sd-jwt', await actor(office).createDid('did:jwk'));
	const why = async (maxAgeSec = 3600) => {
		const review = await open((await over18(maxAgeSec)).uri);
		await ask(holder, 'present.refuse', { id: review.id });
		expect(review.canAnswer).toBe(review.queries[0]?.candidates.some((each) => each.credential.id === held));
		return review.queries[0]?.missing;
	};
	const unreachable = () => Promise.reject(new NetError('net/unreachable'));
	try {
		for (const [instead, reason] of [
			[unreachable, /could not be fetched from 127\.0\.0\.1:\d+\. The server cannot be reached/],
			[async () => new Response('', { status: 503 }), /could not be fetched from 127\.0\.0\.1:\d+\. It answered with 503/],
			[async () => new Response('no'), /What it answered cannot be read/],
			[async () => new Response('{}'), /revocation list cannot be read/],
			[async () => Response.json({ revoked: Array.from({ length: 10_001 }, (_, place) => place + 1) }), /too long/],
			[async (honest: () => Promise<Response>) => Response.json({ ...((await (await honest()).json()) as object), revoked: [7] }), /does not fit/],
		] as const) {
			listInstead = instead;
			expect(await why()).toMatch(reason);
		}
		listInstead = undefined;
		expect(await why()).toBeNull();
		listInstead = unreachable;
		expect(await why()).toBeNull();
		ahead.holder = 2 * HOUR;
		expect(await why(3600)).toMatch(/is of \d{4}-\d{2}-\d{2}, which is older than this verifier accepts/);
		expect(await why(3 * 3600)).toBeNull();
		ahead.holder = 0;
		listInstead = undefined;
		const before = await (await listOf(held)).text();
		await ask(office, 'issue.revoke', { id: issued });
		expect(await why()).toMatch(/has revoked/);
		// An older list, played again, does not undo it.
		listInstead = async () => new Response(before);
		expect(await why()).toMatch(/has revoked/);
	} finally {
		listInstead = undefined;
		ahead.holder = 0;
	}
}, 60_000);

/** The list that the issuer of a document of the holder serves. */
async function listOf(held: string): Promise<Response> {
	const { summary } = await ask(holder, 'credentials.get', { id: held });
	return fetch(`${issuerUrl}/proof-revocations/${hexEncode(sha256(utf8(summary.issuer.id))).slice(0, 12)}`);
}

test('only what there is a proof for can be asked so', async () => {
	const common = { title: 'x', verifierDid: null, encrypted: false, expiresInMinutes: 10 };
	const request = { kind: 'preset', presetId: 'degree', notRevoked: { maxAgeSec: 3600 } } as const;
	await expect(ask(door, 'verify.prepare', { ...common, request })).rejects.toMatchObject({ code: 'verify/not-about-revocation' });
	const can = (await ask(door, 'verify.presets', {})).filter((each) => each.can.refuseRevoked).map((each) => each.id);
	expect(can).toEqual(['over-18', 'over-21']);
	// A set has no proof of non-revocation.
	await expect(ask(door, 'verify.prepare', { ...common, request: { ...request, presetId: 'citizen-eu' } })).rejects.toMatchObject({
		code: 'verify/not-about-revocation',
	});
	// By BBS nobody can prove it: a request that accepts nothing else is not answered.
	await give();
	const { dcql } = await ask(door, 'verify.prepare', { ...common, request: { ...request, presetId: 'over-18' } });
	const narrowed = JSON.parse(JSON.stringify(dcql).replace('groth16-bn254', 'bbs-bls12381-sha256'));
	const { id } = await ask(door, 'verify.prepare', { ...common, request: { kind: 'dcql', dcql: narrowed } });
	expect((await open((await ask(door, 'verify.approve', { id })).uri)).queries[0]?.missing).toContain('does not know how to prove');
});

type Asked = CallInput<'verify.prepare'>['request'];

async function request(asked: Asked, verifierDid: string | null = null): Promise<{ id: string; uri: string }> {
	const { id } = await ask(door, 'verify.prepare', { title: 'Asked', request: asked, verifierDid, encrypted: false, expiresInMinutes: 10 });
	return ask(door, 'verify.approve', { id });
}

const told = (lines: readonly { label: string; value: string }[] | undefined) => lines?.map((line) => `${line.label}: ${line.value}`);

test('citizen of the EU: proven without the nationality; who is none can only show another document', async () => {
	const { held } = await give();
	const asked = await request({ kind: 'preset', presetId: 'citizen-eu' });
	const review = await open(asked.uri);
	const candidate = review.queries.find((query) => query.queryId === 'citizen_proof')?.candidates[0];
	expect(told(candidate?.learned)).toEqual(['Citizen of the EU: Yes']);
	expect(candidate?.hidden.map((line) => line.label)).toContain('Nationalities 1');
	expect(review.queries[0]?.asks).toContain('that the holder is a citizen of a country of the EU, and nothing else');
	await approve(review, held, 'citizen_proof');
	const verdict = await verdictOf(asked.id);
	expect(verdict?.accepted, verdict?.sentence).toBe(true);
	expect(verdict?.documents[0]).toMatchObject({ proven: ['Citizen of the EU: Yes'], lines: [] });
	expect(verdict && findCheck(verdict.report, 'zk/set')?.result).toBe('passed');

	await give('dc+sd-jwt', issuerDid, { ...ADA_ID, nationalities: ['GB'] });
	const none = await open((await request({ kind: 'preset', presetId: 'citizen-eu' })).uri);
	expect(none.canAnswer).toBe(false);
	expect(none.queries[0]?.missing).toContain('does not fulfil the statement');
}, 60_000);

test('a set without a name is told value by value; one that cannot be told whole is not answered', async () => {
	await give();
	const preset = await ask(door, 'verify.prepare', {
		title: 'x',
		request: { kind: 'preset', presetId: 'citizen-eu' },
		verifierDid: null,
		encrypted: false,
		expiresInMinutes: 10,
	});
	const ofSet = async (set: readonly string[], did: string | null = null) => {
		const dcql = JSON.parse(JSON.stringify(preset.dcql));
		dcql.credentials[0].meta['org.holdfast.zk_statement'].request.statement.set = set;
		return (await open((await request({ kind: 'dcql', dcql }, did)).uri)).queries[0];
	};
	expect(told((await ofSet(['FR', 'MC']))?.candidates[0]?.learned)).toEqual(['Nationalities: At least one of them is one of: FR, MC']);
	const eu = (preset.dcql as { credentials: { meta: { 'org.holdfast.zk_statement': { request: { statement: { set: string[] } } } } }[] }).credentials[0]?.meta[
		'org.holdfast.zk_statement'
	].request.statement.set;
	const eea = told((await ofSet([...(eu ?? []), 'NO', 'IS', 'LI']))?.candidates[0]?.learned);
	expect(eea).toEqual(['Nationalities: At least one of them is one of: the countries of the European Economic Area']);
	// One country less has no name, and is listed.
	expect(told((await ofSet(eu?.slice(1) ?? []))?.candidates[0]?.learned)?.[0]).toContain('BE, BG, HR');
	// Signed, and so by reference: no link holds it.
	const did = await actor(door).createDid('did:jwk');
	for (const set of [
		['FR', `${'x'.repeat(101)}`],
		['FR', 'a\u202eb'],
		['FR', ...Array.from({ length: 31 }, (_, index) => `${index} ${'y'.repeat(60)}`)],
	])
		expect((await ofSet(set, did))?.missing).toContain('does not know how to prove');
}, 60_000);

test('each holder once: the second answer is refused whatever the document, another occasion is another mark, and nobody asks for another’s', async () => {
	const did = await actor(door).createDid('did:jwk');
	const once = (purpose: string): Asked => ({ kind: 'preset', presetId: 'over-18', once: { purpose } });
	const answer = async (purpose: string) => {
		const { held } = await give();
		const asked = await request(once(purpose), did);
		const review = await open(asked.uri);
		await approve(review, held);
		return { review, verdict: await verdictOf(asked.id) };
	};
	const first = await answer('Wine tasting 2026');
	expect(told(first.review.queries[0]?.candidates[0]?.learned)).toEqual([
		'Over 18: Yes',
		'A mark for “Wine tasting 2026”: This verifier can tell when you come again for this purpose, but not who you are',
	]);
	expect(first.verdict?.accepted, first.verdict?.sentence).toBe(true);
	expect(first.verdict?.documents[0]?.proven).toEqual(['Over 18: Yes', 'A mark for “Wine tasting 2026”: This holder’s first time']);
	expect(first.verdict && findCheck(first.verdict.report, 'proof/once')?.result).toBe('passed');

	const again = await answer('Wine tasting 2026');
	expect(again.verdict?.accepted).toBe(false);
	expect(again.verdict?.sentence).toMatch(/This holder has answered for this purpose before, on \d{4}-/);
	expect(again.verdict && findCheck(again.verdict.report, 'proof/once')).toMatchObject({ result: 'failed', code: 'proof/seen-before' });
	expect(again.verdict?.documents[0]?.proven).toEqual([]);
	expect((await answer('Beer tasting 2026')).verdict?.accepted).toBe(true);

	await expect(request(once('x'))).rejects.toMatchObject({ code: 'verify/once-needs-identity' });
	await expect(request({ ...once('x'), presetId: 'degree' } as Asked, did)).rejects.toMatchObject({ code: 'verify/not-once' });
	await expect(request(once('a\u202eb'), did)).rejects.toMatchObject({ code: 'ipc/invalid-input' });
	const { dcql } = await ask(door, 'verify.prepare', { title: 'x', request: once('Theirs'), verifierDid: did, encrypted: false, expiresInMinutes: 10 });
	const theirs = await request({ kind: 'dcql', dcql }, await actor(door).createDid('did:jwk'));
	expect((await open(theirs.uri)).queries[0]?.missing).toContain('the mark that another verifier knows you by');
}, 60_000);
