import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CallInput, CallName } from '@holdfast/contract';
import { type Clock, findCheck, systemClock, systemRandom, walkReport } from '@holdfast/kernel';
import { createGuardedFetch, type GuardedFetch } from '@holdfast/net';
import { type Actor, ADA_ID, asking, contractActor, fetchRequest } from '@holdfast/testkit';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createService, type Service, type ServicePorts } from './index.ts';

const CIRCUITS = fileURLToPath(new URL('../../../circuits', import.meta.url));
const PASSPHRASE = 'six green lanterns over quiet water';
type Format = 'dc+sd-jwt' | 'jwt_vc_json';

interface Person {
	readonly service: Service;
	readonly actor: Actor;
}

let folder: string;
let authority: Person;
let holder: Person;
/** Takes what the holder's wallet would send to a verifier. */
let intercept: ((body: string) => void) | undefined;

const guarded = createGuardedFetch({ allowLoopback: true });
const fetchOrKeep: GuardedFetch = async (url, init) => {
	if (!intercept || init?.method !== 'POST') return guarded(url, init);
	intercept(String(init.body));
	return new Response('{}');
};

async function open(name: string, options: { production?: boolean; proofs?: false; clock?: Clock; idle?: ServicePorts['idle'] } = {}): Promise<Person> {
	const service = createService({
		dir: join(folder, name),
		clock: options.clock ?? systemClock,
		random: systemRandom,
		chooseFolder: () => Promise.resolve(null),
		fetch: fetchOrKeep,
		...(options.idle ? { idle: options.idle } : {}),
		...(options.proofs === false ? {} : { proofs: { folder: CIRCUITS, production: options.production ?? false } }),
		kdf: { m: 1024, t: 1, p: 1 },
	});
	const made = await service.invoke('vault.create', { passphrase: PASSPHRASE });
	if (!made.ok) throw new Error(made.error.message);
	return { service, actor: contractActor(service.invoke, () => service.close()) };
}

const ask = <N extends CallName>(person: Person, name: N, input: CallInput<N>) => asking(person.service.invoke, name, input);

beforeEach(async () => {
	folder = mkdtempSync(join(tmpdir(), 'holdfast-proofs-'));
	[authority, holder] = await Promise.all([open('authority'), open('holder')]);
});
afterEach(async () => {
	await Promise.all([authority.actor.close(), holder.actor.close()]);
	rmSync(folder, { recursive: true });
});

async function over(person: Person, years: 18 | 21): Promise<{ id: string; uri: string }> {
	const { id } = await ask(person, 'verify.prepare', {
		title: `Over ${years}`,
		request: { kind: 'preset', presetId: `over-${years}` },
		verifierDid: await person.actor.createDid('did:jwk'),
		encrypted: false,
		expiresInMinutes: 10,
	});
	return ask(person, 'verify.approve', { id });
}

async function give(format: Format, birthdate: string): Promise<void> {
	const issuerDid = await authority.actor.createDid('did:jwk');
	await authority.actor.serve('issuer');
	await authority.actor.serve('verifier');
	await holder.actor.receive((await authority.actor.offer({ typeId: 'eudi-pid', format, issuerDid, claims: { ...ADA_ID, birthdate } })).uri);
}

/** Years before today, in UTC, moved by some days. */
function born(years: number, days = 0): string {
	const now = new Date();
	return new Date(Date.UTC(now.getUTCFullYear() - years, now.getUTCMonth(), now.getUTCDate() + days)).toISOString().slice(0, 10);
}

const learned = (review: Awaited<ReturnType<typeof openReview>>, queryId: string) => review.queries.find((query) => query.queryId === queryId)?.candidates[0];
const openReview = (uri: string) => ask(holder, 'present.open', { text: uri });

describe.each(['dc+sd-jwt', 'jwt_vc_json'] as const)('over 18, proven from a %s document', (format) => {
	test('tells the verifier that, and neither birth date nor anything else of the document', async () => {
		await give(format, ADA_ID.birthdate);
		const request = await over(authority, 18);
		const review = await openReview(request.uri);
		expect(review.canAnswer).toBe(true);
		const candidate = learned(review, 'age_proof');
		expect(candidate?.learned.map((line) => `${line.label}: ${line.value}`)).toEqual(['Over 18: Yes']);
		expect(candidate?.hidden.map((line) => line.label)).toEqual(expect.arrayContaining(['Date of birth', 'Given name', 'Family name', 'Street']));
		expect(review.queries.find((query) => query.queryId === 'age_proof')?.asks).toContain('that the holder is over 18, and nothing else');

		await ask(holder, 'present.approve', { id: review.id, choices: [{ queryId: 'age_proof', credentialId: candidate?.credential.id ?? '' }] });
		const seen = await authority.actor.verification(request.id);
		expect(seen.verdict?.accepted, seen.verdict?.sentence).toBe(true);
		expect(seen.verdict?.documents).toMatchObject([{ name: 'Identity', proven: ['Over 18: Yes'], lines: [] }]);
		// The keys of this repository come from a development setup, and every verdict says so.
		const report = seen.verdict?.report;
		expect(report && findCheck(report, 'zk/setup')).toMatchObject({ result: 'warning', code: 'zk/development-setup' });
		for (const check of ['zk/proof', 'zk/issuer-key', 'zk/bounds', 'zk/request', 'zk/validity', 'zk/type']) {
			expect(report && findCheck(report, check)?.result, check).toBe('passed');
		}
		const told = JSON.stringify(seen);
		for (const kept of [ADA_ID.birthdate, 'Byron-Example', 'Ada Marguerite', 'E14 9ZZ']) expect(told).not.toContain(kept);
		const log = await holder.actor.activity();
		expect(log.find((entry) => entry.kind === 'presented')?.shared).toEqual(['Identity: Over 18']);
	});
});

test('what the issuer added for proofs is no claim: not shown, not listed, and nobody can ask for it', async () => {
	await give('dc+sd-jwt', ADA_ID.birthdate);
	const [summary] = await holder.actor.credentials();
	const detail = await ask(holder, 'credentials.get', { id: summary?.id ?? '' });
	expect(JSON.stringify(detail.lines)).not.toContain('zk_attestation');
	const { id } = await ask(authority, 'verify.prepare', {
		title: 'Nosy',
		request: {
			kind: 'dcql',
			dcql: { credentials: [{ id: 'x', format: 'dc+sd-jwt', meta: { vct_values: ['urn:eudi:pid:1'] }, claims: [{ path: ['zk_attestation'] }] }] },
		},
		verifierDid: null,
		encrypted: false,
		expiresInMinutes: 10,
	});
	const review = await openReview((await ask(authority, 'verify.approve', { id })).uri);
	expect(review.canAnswer).toBe(false);
});

describe('the birthday', () => {
	test.each([
		['the day before', 18, 1, false],
		['the day of it', 18, 0, true],
		['the day after', 18, -1, true],
	] as const)('%s', async (_name, years, days, able) => {
		await give('dc+sd-jwt', born(years, days));
		const request = await over(authority, 18);
		const review = await openReview(request.uri);
		expect(learned(review, 'age_proof') !== undefined).toBe(able);
		if (able) {
			await ask(holder, 'present.approve', {
				id: review.id,
				choices: [{ queryId: 'age_proof', credentialId: learned(review, 'age_proof')?.credential.id ?? '' }],
			});
			expect((await authority.actor.verification(request.id)).verdict?.accepted).toBe(true);
		} else {
			expect(review.queries.find((query) => query.queryId === 'age_proof')?.missing).toMatch(/cannot prove it/);
		}
	});

	test('a wallet that cannot prove it is told what more would be learned instead, and asks', async () => {
		await give('dc+sd-jwt', born(17));
		const review = await openReview((await over(authority, 18)).uri);
		// The ordinary option is still there: whoever takes it shows the birth date, and reads so before.
		expect(learned(review, 'age_claim')?.learned.map((line) => line.label)).toEqual(['Date of birth']);
		expect(review.warnings.join(' ')).toMatch(/A proof would be enough for them, but it cannot be made.*tells more/s);
	});
});

/** Makes the holder's answer to a request, and keeps it on its way: as it would have been sent. */
async function catchAnswer(uri: string): Promise<{ v: number; proof: string; key_token: string }> {
	const review = await openReview(uri);
	let caught = '';
	intercept = (body) => {
		caught = body;
	};
	try {
		await ask(holder, 'present.approve', {
			id: review.id,
			choices: [{ queryId: 'age_proof', credentialId: learned(review, 'age_proof')?.credential.id ?? '' }],
		});
	} finally {
		intercept = undefined;
	}
	const token = JSON.parse(new URLSearchParams(caught).get('vp_token') ?? '{}') as { age_proof: [string] };
	return JSON.parse(token.age_proof[0]);
}

describe('an answer that is not right is refused, with its reason', () => {
	const attempt = async (send: string, answer: object): Promise<{ failed: string[]; proven: string[] }> => {
		const request = await fetchRequest(send);
		const body = new URLSearchParams({ vp_token: JSON.stringify({ age_proof: [JSON.stringify(answer)] }), ...(request.state ? { state: request.state } : {}) });
		await fetch(request.responseUri, { method: 'POST', body });
		const seen = (await ask(authority, 'verify.list', {})).find((each) => each.uri === send);
		expect(seen?.verdict?.accepted).toBe(false);
		const failed = seen?.verdict ? [...walkReport(seen.verdict.report)].filter((node) => node.result === 'failed').map((node) => node.check) : [];
		return { failed, proven: seen?.verdict?.documents.flatMap((document) => document.proven) ?? [] };
	};

	test('replayed to another request, changed, stripped, under a key that nobody vouches for, or no proof at all', async () => {
		await give('dc+sd-jwt', ADA_ID.birthdate);
		const first = await over(authority, 18);
		const answer = await catchAnswer(first.uri);
		const proof = JSON.parse(answer.proof);
		const change = (members: object) => ({ ...answer, proof: JSON.stringify({ ...proof, ...members }) });
		const signals = (at: number, value: string) => proof.publicSignals.map((each: string, index: number) => (index === at ? value : each));
		const other = await authority.actor.createDid('did:jwk');
		const attempts: readonly [string, object, string][] = [
			['another request', answer, 'zk/request'],
			['another proof', change({ proof: `${proof.proof.slice(0, -8)}AAAAAAAA` }), 'zk/proof'],
			['another cutoff', change({ publicSignals: signals(7, '20200101') }), 'zk/bounds'],
			['another day', change({ publicSignals: signals(8, '20200101') }), 'zk/validity'],
			['another issuer', change({ issuers: [{ ...proof.issuers[0], iss: other }] }), 'zk/issuer-key'],
			['a key token of nobody', { ...answer, key_token: `${answer.key_token.slice(0, -4)}AAAA` }, 'zk/issuer-key'],
			['no proof', { v: 1 }, 'proof/format'],
			['something else', [], 'proof/format'],
		];
		// Each to another request than it was made for; what else is wrong is found as well.
		for (const [name, sent, check] of attempts) {
			const { failed, proven } = await attempt((await over(authority, 18)).uri, sent);
			expect(failed, name).toContain(check);
			expect(proven, name).toEqual([]);
		}
		// The one that it was made for takes it: the refusals above are not refusals of everything.
		const { responseUri, state } = await fetchRequest(first.uri);
		await fetch(responseUri, {
			method: 'POST',
			body: new URLSearchParams({ vp_token: JSON.stringify({ age_proof: [JSON.stringify(answer)] }), ...(state ? { state } : {}) }),
		});
		expect((await authority.actor.verification(first.id)).verdict?.accepted).toBe(true);
	});

	test('from an issuer that the verifier does not know', async () => {
		await give('dc+sd-jwt', ADA_ID.birthdate);
		const stranger = await open('stranger');
		try {
			await stranger.actor.serve('verifier');
			const request = await over(stranger, 18);
			const review = await openReview(request.uri);
			await ask(holder, 'present.approve', {
				id: review.id,
				choices: [{ queryId: 'age_proof', credentialId: learned(review, 'age_proof')?.credential.id ?? '' }],
			});
			const { verdict } = await stranger.actor.verification(request.id);
			expect(verdict?.accepted).toBe(false);
			expect(verdict?.sentence).toContain('not on your list of trusted issuers');
		} finally {
			await stranger.actor.close();
		}
	});
});

test('two proofs of one document have nothing in common that another holder’s proof does not have', async () => {
	await give('dc+sd-jwt', ADA_ID.birthdate);
	const [first, second] = [
		JSON.parse((await catchAnswer((await over(authority, 18)).uri)).proof),
		JSON.parse((await catchAnswer((await over(authority, 18)).uri)).proof),
	];
	expect(first.proof).not.toBe(second.proof);
	// nullifier (none asked for: zero), issuer, type, name, kind, bounds, day: the request's own. The context differs.
	const same = first.publicSignals.filter((each: string, index: number) => each === second.publicSignals[index]);
	expect(same).toHaveLength(first.publicSignals.length - 1);
	expect(JSON.stringify(first)).not.toContain((await holder.actor.credentials())[0]?.id);
});

test('a proof that is under way can be stopped, and nothing is sent', async () => {
	await give('dc+sd-jwt', ADA_ID.birthdate);
	const request = await over(authority, 18);
	const review = await openReview(request.uri);
	const approving = holder.service.invoke('present.approve', {
		id: review.id,
		choices: [{ queryId: 'age_proof', credentialId: learned(review, 'age_proof')?.credential.id ?? '' }],
	});
	await ask(holder, 'exchange.cancel', { id: review.id });
	const result = await approving;
	expect(result.ok ? null : result.error.code).toMatch(/cancelled$/);
	expect((await authority.actor.verification(request.id)).state).toBe('open');
	expect((await holder.actor.activity()).some((entry) => entry.kind === 'presented')).toBe(false);
	// Nothing has happened: the same review can be approved after all.
	await ask(holder, 'present.approve', { id: review.id, choices: [{ queryId: 'age_proof', credentialId: learned(review, 'age_proof')?.credential.id ?? '' }] });
	expect((await authority.actor.verification(request.id)).verdict?.accepted).toBe(true);
});

describe('proofs that were made ahead', { timeout: 180_000 }, () => {
	const DAY_MS = 86_400_000;
	let made: number;
	let mayWork: () => boolean;
	let later: number;

	beforeEach(async () => {
		[made, later] = [0, 0];
		mayWork = () => true;
		await Promise.all([authority.actor.close(), holder.actor.close()]);
		const clock = { now: () => Date.now() + later };
		const onMade = (): void => {
			made += 1;
		};
		authority = await open('later-authority', { clock });
		holder = await open('idle-holder', { clock, idle: { afterMs: 50, mayWork: () => mayWork(), onMade } });
	});

	/** Waits until so many have been made, and then whether it stays at that. No call is made meanwhile. */
	async function madeIn(all: number, ms = 500): Promise<number> {
		await vi.waitFor(() => expect(made).toBeGreaterThanOrEqual(all), { timeout: 60_000 });
		await new Promise((resolve) => setTimeout(resolve, ms));
		return made;
	}

	const answerTo = async (years: 18 | 21) => JSON.parse((await catchAnswer((await over(authority, years)).uri)).proof);

	test('two of each are kept ready; one is used once, for its very statement and day, and replaced', async () => {
		await give('dc+sd-jwt', ADA_ID.birthdate);
		expect(await madeIn(4)).toBe(4);
		const request = await over(authority, 18);
		const review = await openReview(request.uri);
		await ask(holder, 'present.approve', {
			id: review.id,
			choices: [{ queryId: 'age_proof', credentialId: learned(review, 'age_proof')?.credential.id ?? '' }],
		});
		const { verdict } = await authority.actor.verification(request.id);
		expect(verdict?.accepted, verdict?.sentence).toBe(true);
		expect(verdict?.documents).toMatchObject([{ proven: ['Over 18: Yes'], lines: [] }]);
		expect(await madeIn(5)).toBe(5);
		// Three at once: two that were ready, one that was not. A verifier sees no difference, and nothing of one in another.
		mayWork = () => false;
		const answers = [await answerTo(18), await answerTo(18), await answerTo(18)];
		expect(new Set(answers.flatMap(({ binding, proof }) => [binding.key, binding.sig, proof])).size).toBe(9);
		expect(
			answers.map((answer) => JSON.stringify({ ...answer, binding: answer.binding.kind, proof: '', publicSignals: answer.publicSignals.toSpliced(9, 1) })),
		).toEqual(Array(3).fill(JSON.stringify({ ...answers[0], binding: 'one-time-key', proof: '', publicSignals: answers[0].publicSignals.toSpliced(9, 1) })));
		mayWork = () => true;
		expect(await madeIn(7)).toBe(7);
		// Yesterday's are not shown today, and make room for today's.
		later = DAY_MS;
		const today = new Date(Date.now() + later).toISOString().slice(0, 10).replaceAll('-', '');
		expect((await answerTo(21)).publicSignals[8]).toBe(today);
		expect(await madeIn(11)).toBe(11);
	});

	test('none where nobody may work, where they are turned off, and of what is not so', async () => {
		mayWork = () => false;
		await give('dc+sd-jwt', born(19));
		expect(await madeIn(0)).toBe(0);
		await ask(holder, 'settings.update', { provesAhead: false });
		mayWork = () => true;
		expect(await madeIn(0)).toBe(0);
		await ask(holder, 'settings.update', { provesAhead: true });
		// Two of being over 18; of being over 21 there is none to make.
		expect(await madeIn(2)).toBe(2);
		// Turned off, they are gone: turned on, they are made anew.
		await ask(holder, 'settings.update', { provesAhead: false });
		await ask(holder, 'settings.update', { provesAhead: true });
		expect(await madeIn(4)).toBe(4);
	});

	test('a call stops it at once, and what was half made is not kept', async () => {
		let stopped: Promise<unknown> | undefined;
		mayWork = () => {
			stopped ??= new Promise((resolve) => setTimeout(resolve, 30)).then(() => holder.actor.activity()).then(() => made);
			return true;
		};
		await give('dc+sd-jwt', ADA_ID.birthdate);
		expect(await madeIn(4)).toBe(4);
		expect(await stopped).toBe(0);
	});
});

describe('by BBS, which needs no setup', () => {
	/** A verifier whose installation accepts no Groth16 keys, and so asks for the other way alone. */
	test.each([
		['no circuits', { proofs: false }],
		['a development setup in a production build', { production: true }],
	] as const)('%s: over 18 is proven all the same, and without a caution', async (_name, options) => {
		await give('dc+sd-jwt', ADA_ID.birthdate);
		const door = await open('door', options);
		try {
			await door.actor.serve('verifier');
			await door.actor.trust((await holder.actor.credentials())[0]?.issuer.id ?? '', 'Office of Examples');
			const request = await over(door, 18);
			const review = await openReview(request.uri);
			const candidate = learned(review, 'age_proof');
			expect(review.queries.map((query) => query.missing)).toEqual([null, null]);
			expect(candidate?.learned.map((line) => line.label)).toEqual(['Over 18']);
			await ask(holder, 'present.approve', { id: review.id, choices: [{ queryId: 'age_proof', credentialId: candidate?.credential.id ?? '' }] });
			const { verdict } = await door.actor.verification(request.id);
			expect(verdict?.accepted, verdict?.sentence).toBe(true);
			expect(verdict?.report.result).toBe('passed');
			expect(verdict?.documents[0]?.proven).toEqual(['Over 18: Yes']);
			expect(verdict && findCheck(verdict.report, 'bound/birthdate')?.result).toBe('passed');
			const told = JSON.stringify(verdict);
			for (const kept of [ADA_ID.birthdate, 'Byron-Example', 'E14 9ZZ']) expect(told).not.toContain(kept);
		} finally {
			await door.actor.close();
		}
	});

	test('the day before the birthday it says so, and a proof for another request is refused', async () => {
		await give('dc+sd-jwt', born(18, 1));
		const door = await open('door', { production: true });
		try {
			await door.actor.serve('verifier');
			const tooYoung = await openReview((await over(door, 18)).uri);
			expect(tooYoung.queries.find((query) => query.queryId === 'age_proof')?.missing).toMatch(/cannot prove it/);
			await holder.actor.receive(
				(await authority.actor.offer({ typeId: 'eudi-pid', format: 'dc+sd-jwt', issuerDid: await authority.actor.createDid('did:jwk'), claims: ADA_ID })).uri,
			);
			const caught = await catchAnswer((await over(door, 18)).uri);
			const request = await over(door, 18);
			const { responseUri, state } = await fetchRequest(request.uri);
			await fetch(responseUri, {
				method: 'POST',
				body: new URLSearchParams({ vp_token: JSON.stringify({ age_proof: [JSON.stringify(caught)] }), ...(state ? { state } : {}) }),
			});
			const { verdict } = await door.actor.verification(request.id);
			expect(verdict?.accepted).toBe(false);
			expect(verdict && findCheck(verdict.report, 'request-binding')?.result).toBe('failed');
		} finally {
			await door.actor.close();
		}
	});
});

test('an answer by a way that was not asked for, or with keys that are refused, is not believed', async () => {
	await give('dc+sd-jwt', ADA_ID.birthdate);
	const caught = await catchAnswer((await over(authority, 18)).uri);
	const door = await open('door', { production: true });
	try {
		await door.actor.serve('verifier');
		const request = await over(door, 18);
		const { responseUri, state } = await fetchRequest(request.uri);
		await fetch(responseUri, {
			method: 'POST',
			body: new URLSearchParams({ vp_token: JSON.stringify({ age_proof: [JSON.stringify(caught)] }), ...(state ? { state } : {}) }),
		});
		const { verdict } = await door.actor.verification(request.id);
		expect(verdict?.accepted).toBe(false);
		expect(JSON.stringify(verdict?.report)).toContain('proof/other-system');
	} finally {
		await door.actor.close();
	}
});
