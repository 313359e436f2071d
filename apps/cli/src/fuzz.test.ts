import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errorInfo, HoldfastError, type Result, systemClock, systemRandom } from '@holdfast/kernel';
import { createGuardedFetch, type GuardedFetch } from '@holdfast/net';
import { createService, type Service, type ServicePorts } from '@holdfast/service';
import { ADA_ID, contractActor } from '@holdfast/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Dice, dice, MARK, mutateJwt, mutateLink, mutateSdJwt, mutateText, mutateValue } from './testing/fuzz.ts';
import { inThisProcess, PASSPHRASE, type Terminal } from './testing/holdfast.node.ts';

// 10,000 hostile inputs through the calls that the commands make, and some hundred through the command line itself.
// Real answers of a real issuer and verifier are recorded, and played back unharmed or mutated: no network is reached.
// HOLDFAST_FUZZ_SEED and HOLDFAST_FUZZ_COUNT look elsewhere and longer.

const SEED = Number(process.env.HOLDFAST_FUZZ_SEED ?? 20_261);
const COUNT = Number(process.env.HOLDFAST_FUZZ_COUNT ?? 10_000);
const THROUGH_MAIN = 150;
/** Of this process's own time: what a busy machine adds is no hang. */
const LIMIT_MS = 2000;
const END_MS = 30_000;
const CODE = /^[a-z0-9]+(-[a-z0-9]+)*\/[a-z0-9-]+$/;

interface Recorded {
	readonly status: number;
	readonly headers: Headers;
	readonly body: string;
}

let folder: string;
let service: Service;
let corpus: { offers: string[]; requests: string[]; sdJwts: string[]; jwts: string[] };
const recorded = new Map<string, Recorded>();
const asked = new Set<string>();
let roll: Dice = dice(0);
let live: GuardedFetch | null;

const keyOf = (url: string | URL, method = 'GET'): string => `${method} ${new URL(url).href}`;

/** The wallet's only way out: to the real servers while recording, to nobody afterwards. */
const fetch: GuardedFetch = async (url, init) => {
	const key = keyOf(url, init?.method);
	if (live) {
		const answer = await live(url, init);
		const body = await answer.clone().text();
		recorded.set(key, { status: answer.status, headers: answer.headers, body });
		return answer;
	}
	asked.add(key);
	const known = recorded.get(key);
	if (!known) throw new HoldfastError('net/unreachable', 'The server cannot be reached. Check the connection and try again.');
	if (roll.chance(60)) return new Response(known.body, known);
	const status = roll.chance(10) ? roll.pick([400, 404, 500, 302]) : known.status;
	const headers = roll.chance(5) ? new Headers({ 'content-type': 'text/html' }) : known.headers;
	return new Response(roll.chance(10) ? mutateText(roll, known.body) : mutateValue(roll, known.body), { status, headers });
};

const ports = (dir: string): ServicePorts => ({
	dir,
	clock: systemClock,
	random: systemRandom,
	chooseFolder: () => Promise.resolve(null),
});

const value = <T>(result: Result<T>): T => {
	if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
	return result.value;
};

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), 'holdfast-fuzz-'));
	live = createGuardedFetch({ allowLoopback: true });
	const authority = createService(ports(join(folder, 'authority')));
	service = createService({ ...ports(join(folder, 'holder')), fetch });
	for (const each of [authority, service]) value(await each.invoke('vault.create', { passphrase: PASSPHRASE }));
	const office = contractActor(authority.invoke, () => authority.close());
	const ada = contractActor(service.invoke, () => service.close());
	const issuerDid = await office.createDid('did:jwk');
	const verifierDid = await office.createDid('did:key', 'Secp256r1');
	await office.serve('issuer');
	await office.serve('verifier');
	const holderDid = await ada.createDid('did:jwk');
	corpus = { offers: [], requests: [], sdJwts: [], jwts: [] };
	for (const format of ['dc+sd-jwt', 'jwt_vc_json'] as const) {
		const what = { typeId: 'eudi-pid', format, issuerDid, claims: ADA_ID };
		for (const byReference of [false, true]) {
			const offer = await office.offer({ ...what, byReference, txCode: byReference });
			corpus.offers.push(offer.uri);
			await ada.receive(offer.uri, offer.txCode ?? undefined);
		}
		const raw = await office.issueTo(holderDid, what);
		await ada.receive(raw);
		corpus[format === 'dc+sd-jwt' ? 'sdJwts' : 'jwts'].push(raw);
		for (const [did, encrypted] of [
			[undefined, false],
			[undefined, true],
			[verifierDid, true],
		] as const) {
			const request = await office.request({
				typeId: 'eudi-pid',
				format,
				paths: [['given_name'], ['nationalities']],
				encrypted,
				...(did ? { did } : {}),
			});
			corpus.requests.push(request.uri);
			await ada.present(request.uri, ['given_name', 'nationalities', 'family_name', 'birthdate', 'address', ...Object.keys(ADA_ID)]);
		}
	}
	// A signed request by value: its request object, as the verifier gave it out.
	for (const { body, headers } of [...recorded.values()]) {
		if (!headers.get('content-type')?.includes('oauth-authz-req+jwt')) continue;
		const { client_id } = JSON.parse(Buffer.from(body.split('.')[1] ?? '', 'base64url').toString()) as { client_id: string };
		corpus.requests.push(`openid4vp://?${new URLSearchParams({ client_id, request: body })}`);
	}
	await office.close();
	live = null;
}, 60_000);
afterAll(async () => {
	await service?.close();
	rmSync(folder, { recursive: true });
});

let slowest = { took: 0, input: '' };

/** Fails where a call throws, hangs, gives an error of no kind, or says what it was given. */
async function hold(work: () => Promise<Result<unknown>>, input: string): Promise<Result<unknown>> {
	const before = process.cpuUsage();
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<never>((_, reject) => {
		timer = setTimeout(() => reject(new Error(`no answer in time to ${JSON.stringify(input.slice(0, 2000))}`)), END_MS);
	});
	const result = await Promise.race([work(), late]).finally(() => clearTimeout(timer));
	const { user, system } = process.cpuUsage(before);
	const took = (user + system) / 1000;
	if (took > slowest.took) slowest = { took, input };
	if (took > LIMIT_MS) throw new Error(`${Math.round(took)} ms for ${JSON.stringify(input.slice(0, 2000))}`);
	if (!result.ok) checkError(result.error, input);
	return result;
}

/** Whether a message repeats a piece of what was given, longer than a word of ours that both may use. */
function echoes(message: string, input: string): boolean {
	const LENGTH = 20;
	for (let at = 0; at + LENGTH <= message.length; at += 1) if (input.includes(message.slice(at, at + LENGTH))) return true;
	return false;
}

function checkError(error: { code: string; message: string }, input: string): void {
	const about = JSON.stringify({ error, input: input.slice(0, 3000) });
	if (!CODE.test(error.code) || error.code.endsWith('/internal')) throw new Error(`an unexpected error: ${about}`);
	if (error.message.includes(MARK) || echoes(error.message, input)) throw new Error(`input in a message: ${about}`);
	if (error.message.length < 10 || error.message.length > 1000) throw new Error(`no sentence for a person: ${about}`);
}

type Family = keyof typeof corpus;
const FAMILIES: readonly Family[] = ['offers', 'requests', 'sdJwts', 'jwts'];

function hostile(family: Family): string {
	const valid = roll.pick(corpus[family]);
	const mutate = family === 'sdJwts' ? mutateSdJwt : family === 'jwts' ? mutateJwt : mutateLink;
	let text = roll.chance(3) && family !== 'sdJwts' && family !== 'jwts' ? valid : mutate(roll, valid);
	while (roll.chance(25)) text = mutate(roll, text);
	return text.slice(0, 131_072) || MARK;
}

/** What the commands do with such a text. */
async function feed(family: Family, text: string, outcomes: Map<string, number>): Promise<void> {
	const call = async (...[name, input]: Parameters<Service['call']>): Promise<Result<unknown>> => {
		const result = await hold(() => service.call(name, input), text);
		const outcome = `${name} ${result.ok ? 'ok' : result.error.code}`;
		outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
		return result;
	};
	// What was accepted goes again: the wallet stays as large as it was.
	const putBack = async (result: Result<unknown>): Promise<void> => {
		if (result.ok) for (const id of (result.value as { credentialIds: string[] }).credentialIds) await call('credentials.delete', { id });
	};
	await call('link.classify', { text });
	if (family === 'offers') {
		const opened = await call('receive.open', { text });
		if (!opened.ok) return;
		const { id } = opened.value as { id: string };
		if (roll.chance(15)) await putBack(await call('receive.approve', { id, ...(roll.chance(80) ? { txCode: '123456' } : {}) }));
		else if (roll.chance(30)) await call('receive.refuse', { id });
	} else if (family === 'requests') {
		const opened = await call('present.open', { text });
		if (!opened.ok) return;
		const { id, queries } = opened.value as { id: string; queries: { queryId: string; candidates: { credential: { id: string } }[] }[] };
		const choices = queries.flatMap(({ queryId, candidates }) => candidates.slice(0, 1).map(({ credential }) => ({ queryId, credentialId: credential.id })));
		if (choices.length > 0 && roll.chance(30)) await call('present.approve', { id, choices });
		else if (roll.chance(30)) await call('present.refuse', { id });
	} else {
		const presentation = roll.chance(30) ? { nonce: 'n-0S6_WzA2Mj', audience: 'x509_san_dns:verifier.example' } : {};
		await call('verify.check', { text, ...presentation });
		const opened = await call('receive.open', { text });
		if (opened.ok && roll.chance(20)) await putBack(await call('receive.approve', { id: (opened.value as { id: string }).id }));
	}
}

test(`${COUNT} hostile offers, requests, SD-JWTs and JWTs: no crash, no hang, only errors with a code`, async () => {
	const outcomes = new Map<string, number>();
	for (let index = 0; index < COUNT; index += 1) {
		roll = dice(SEED * 100_003 + index);
		const family = FAMILIES[index % FAMILIES.length] ?? 'offers';
		const text = hostile(family);
		try {
			await feed(family, text, outcomes);
		} catch (error) {
			throw new Error(`input ${index} of seed ${SEED} (${family}): ${error instanceof Error ? error.message : String(error)}`, { cause: error });
		}
	}
	if (process.env.HOLDFAST_FUZZ_SHOW)
		process.stdout.write(
			`${[...outcomes]
				.sort()
				.map(([name, count]) => `${count}\t${name}`)
				.join('\n')}\n`,
		);
	if (process.env.HOLDFAST_FUZZ_SHOW)
		process.stdout.write(`slowest: ${Math.round(slowest.took)} ms of this process, ${JSON.stringify(slowest.input.slice(0, 300))}\n`);
	// The inputs went deep: each family was accepted sometimes, and refused for many reasons.
	for (const call of ['receive.open ok', 'present.open ok', 'receive.approve ok', 'verify.check ok']) expect(outcomes.get(call) ?? 0, call).toBeGreaterThan(0);
	expect(outcomes.size).toBeGreaterThan(30);
	// It is still a wallet afterwards.
	expect(value(await service.invoke('credentials.list', {})).length).toBeGreaterThan(0);
	expect(value(await service.invoke('activity.list', { limit: 200 })).length).toBeGreaterThan(20);
}, 600_000);

test(`${THROUGH_MAIN} of them through the command line: one JSON object each, and an exit code for it`, async () => {
	await service.close();
	const shell: Terminal = inThisProcess(folder, { fetch });
	const profile = join(folder, 'holder');
	const outcomes = new Set<string>();
	const run = async (index: number): Promise<void> => {
		const family = FAMILIES[index % FAMILIES.length] ?? 'offers';
		const text = hostile(family);
		const file = join(folder, 'input.txt');
		writeFileSync(file, text);
		// A shell passes no NUL, and what begins with a dash or @ means something else.
		const argument = roll.chance(70) || /^[-@]|\0/.test(text) ? `@${file}` : text;
		const args = roll.pick(
			{
				offers: [['receive', argument, '--yes']],
				requests: [
					['present', argument, '--disclose', 'given_name'],
					['present', argument, '--refuse'],
				],
				sdJwts: [
					['verify', argument],
					['receive', argument, '--yes'],
				],
				jwts: [
					['verify', argument, '--nonce', 'n', '--audience', 'a'],
					['credentials', 'show', argument],
					['did', 'resolve', argument],
				],
			}[family],
		);
		const result = await hold(async () => {
			const { code, stdout } = await shell.run(profile, args);
			const printed = JSON.parse(stdout) as Result<unknown>;
			outcomes.add(printed.ok ? 'ok' : printed.error.code);
			if (!printed.ok) expect(printed.error.code).not.toMatch(/^vault\//);
			expect(code === 0).toBe(printed.ok);
			expect(code).not.toBe(70);
			expect(stdout.trimEnd()).not.toContain('\n');
			return printed;
		}, text);
		expect(result).toBeDefined();
	};
	for (let index = 0; index < THROUGH_MAIN; index += 1) {
		roll = dice(SEED * 200_003 + index);
		await run(index).catch((error: unknown) => {
			throw new Error(`input ${index} of seed ${SEED} through main: ${error instanceof Error ? error.message : errorInfo(error).code}`, { cause: error });
		});
	}
	expect(outcomes.has('ok')).toBe(true);
	expect(outcomes.size).toBeGreaterThan(15);
	// Whatever was asked for was asked of the fake: the real way out was closed after recording.
	expect(asked.size).toBeGreaterThan(0);
	expect(live).toBeNull();
}, 600_000);
