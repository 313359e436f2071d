import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { deflateSync } from 'node:zlib';
import { base64urlEncode, type Signer } from '@holdfast/crypto';
import type { JsonObject } from '@holdfast/kernel';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { clock, NOW, newSigner, nodeOf, parties, signAnything, takeApart } from '../fixture.ts';
import {
	type CredentialFormatId,
	createStatusSource,
	credentialFormats,
	encodeList,
	parse,
	parseStatusList,
	readStatus,
	STATUS_LIMITS,
	STATUS_LIST_TYPE,
	type StatusBits,
	StatusList,
	type StatusPolicy,
	type StatusStore,
	signStatusList,
} from '../index.ts';
import { decodeList } from './compress.node.ts';

const URI = 'https://issuer.example/statuslists/1';
const codeOf = (work: () => unknown): string => {
	try {
		work();
	} catch (error) {
		return (error as { code: string }).code;
	}
	return 'nothing was thrown';
};

describe('the list', () => {
	it('keeps what was set and nothing else, at every width', () => {
		const writes = fc.array(fc.tuple(fc.nat(299), fc.nat(255)), { maxLength: 60 });
		fc.assert(
			fc.property(fc.constantFrom<StatusBits>(1, 2, 4, 8), writes, (bits, all) => {
				const list = StatusList.ofSize(bits, 300);
				const model = new Map<number, number>();
				for (const [index, value] of all) {
					list.set(index, value % 2 ** bits);
					model.set(index, value % 2 ** bits);
				}
				const read = decodeList(bits, encodeList(list));
				for (let index = 0; index < 300; index += 1) expect(read.get(index)).toBe(model.get(index) ?? 0);
			}),
			{ numRuns: 60 },
		);
	});

	it('has no entry outside', () => {
		const list = StatusList.ofSize(2, 8);
		for (const index of [-1, 8, 0.5, Number.NaN]) {
			expect(list.get(index)).toBeUndefined();
			expect(codeOf(() => list.set(index, 0))).toBe('status/bad-index');
		}
		expect(codeOf(() => list.set(0, 4))).toBe('status/bad-index');
	});

	it('refuses what inflates without end, what does not inflate, and widths that there are not', () => {
		const bomb = base64urlEncode(deflateSync(new Uint8Array(STATUS_LIMITS.bytes + 1), { level: 9 }));
		expect(bomb.length).toBeLessThan(40_000);
		expect(codeOf(() => decodeList(1, bomb))).toBe('status/too-large');
		expect(codeOf(() => decodeList(1, 'AAAA'))).toBe('status/malformed');
		expect(codeOf(() => decodeList(3, encodeList(StatusList.ofSize(1, 8))))).toBe('status/malformed');
		expect(codeOf(() => decodeList(1, base64urlEncode(deflateSync(new Uint8Array()))))).toBe('status/malformed');
	});
});

const ROOT = fileURLToPath(new URL('../../../../../shared/vectors/token-status-list/examples/', import.meta.url));
const present = existsSync(ROOT);
if (!present) it.skip('the examples of the specification are not here (../shared/vectors): skipped', () => {});

describe.skipIf(!present)('examples of the specification', () => {
	const text = (name: string): string => readFileSync(`${ROOT}${name}.md`, 'utf8');
	const joined = (name: string): string => text(name).replace(/\s+/g, '');
	const afterHeader = (name: string): string => text(name).replace(/^byte_array.*\nencoded:\n/, '');
	const jsonOf = (name: string): { bits: StatusBits; lst: string } => JSON.parse(afterHeader(name).replace(/\s+/g, ''));
	/** `{bits, lst}` in CBOR, as far as the examples use it. */
	const cborOf = (hex: string): { bits: number; lst: Buffer } => {
		const bytes = Buffer.from(hex, 'hex');
		expect(bytes.subarray(0, 6).toString('latin1')).toBe('\xa2\x64bits');
		expect(bytes.subarray(7, 11).toString('latin1')).toBe('\x63lst');
		const first = bytes[11] ?? 0;
		const head = first < 0x58 ? 1 : first === 0x58 ? 2 : 3;
		return { bits: bytes[6] ?? 0, lst: bytes.subarray(11 + head) };
	};

	it.each([
		['status_list_encoding_json', 1, [0xb9, 0xa3]],
		['status_list_encoding2_json', 2, [0xc9, 0x44, 0xf9]],
	] as const)('%s is made from its bytes', (name, bits, bytes) => {
		expect(jsonOf(name)).toEqual({ bits, lst: encodeList(new StatusList(bits, Uint8Array.from(bytes))) });
	});

	it.each([
		['status_list_encoding_json', 'status_list_encoding_cbor'],
		['status_list_encoding2_json', 'status_list_encoding2_cbor'],
		['status_list_encoding1_long_json', 'status_list_encoding1_long_cbor'],
		['status_list_encoding2_long_json', 'status_list_encoding2_long_cbor'],
		['status_list_encoding4_json', 'status_list_encoding4_cbor'],
		['status_list_encoding8_json', 'status_list_encoding8_cbor'],
	])('%s and %s are read, are the same, and are made again entry by entry', (name, cborName) => {
		const { bits, lst } = jsonOf(name);
		const cbor = cborOf(afterHeader(cborName).replace(/\s+/g, ''));
		expect(cbor.bits).toBe(bits);
		expect(base64urlEncode(cbor.lst)).toBe(lst);
		const list = decodeList(bits, lst);
		const again = StatusList.ofSize(bits, list.size);
		let set = 0;
		for (let index = 0; index < list.size; index += 1) {
			const value = list.get(index) ?? 0;
			if (value === 0) continue;
			set += 1;
			again.set(index, value);
		}
		expect(set).toBeGreaterThan(3);
		// The packing is not canonical: another zlib may find other matches for the same bytes. The bytes are.
		expect(Buffer.from(again.bytes).equals(Buffer.from(list.bytes))).toBe(true);
		const ours = encodeList(again);
		expect(Buffer.from(decodeList(bits, ours).bytes).equals(Buffer.from(list.bytes))).toBe(true);
		expect(ours.length).toBeLessThan(lst.length * 1.1);
	});

	it('the long examples hold the statuses that the specification names', () => {
		const one = decodeList(1, jsonOf('status_list_encoding1_long_json').lst);
		expect(one.size).toBe(2 ** 20);
		for (const index of [0, 1993, 25_460, 159_495, 495_669, 554_353, 645_645, 723_232, 854_545, 934_534, 1_000_345]) expect(one.get(index)).toBe(1);
		const eight = decodeList(8, jsonOf('status_list_encoding8_json').lst);
		for (const [index, status] of [
			[52_451, 1],
			[576_778, 2],
			[513_575, 3],
			[91_122, 35],
			[96_100, 44],
		] as const)
			expect(eight.get(index)).toBe(status);
	});

	it('the diagnostic forms and the CWT hold the same lists; a CWT is not taken for a JWT', () => {
		const hexOf = (name: string): string =>
			text(name)
				.split('\n')
				.map((line) => line.split('#')[0]?.replace(/\s+/g, '') ?? '')
				.join('');
		expect(hexOf('status_list_encoding_cbor_diag')).toBe(afterHeader('status_list_encoding_cbor').trim());
		expect(hexOf('status_list_encoding2_cbor_diag')).toBe(afterHeader('status_list_encoding2_cbor').trim());
		expect(hexOf('status_list_cwt_diag')).toBe(joined('status_list_cwt'));
		expect(hexOf('referenced_token_cwt_diag')).toBe(joined('referenced_token_cwt'));
		const cwt = Buffer.from(joined('status_list_cwt'), 'hex');
		expect(cwt.includes(Buffer.from('78dadbb918000217015d', 'hex'))).toBe(true);
		expect(codeOf(() => parseStatusList(cwt.toString('latin1')))).toBe('status/malformed');
	});

	it('the token is read, and ours has the same header and claims', async () => {
		const token = parseStatusList(joined('status_list_jwt_raw'));
		expect(token).toMatchObject({ uri: 'https://example.com/statuslists/1', issuedAt: 1_686_920_170, expiresAt: 2_291_720_170, ttl: 43_200 });
		const [header, payload] = text('status_list_jwt')
			.split(/\n\.\n/)
			.map((part) => JSON.parse(part) as JsonObject);
		const made = takeApart(
			await signStatusList({
				list: new StatusList(1, Uint8Array.of(0xb9, 0xa3)),
				uri: token.uri,
				signer: newSigner('Secp256r1', '12'),
				issuedAt: token.issuedAt,
				expiresAt: token.expiresAt ?? 0,
				ttl: token.ttl ?? 0,
			}),
		);
		expect(made).toMatchObject({ header, payload });
		expect([0, 1, 2, 3, 4, 5, 6, 7].map((index) => token.list().get(index))).toEqual([1, 0, 0, 1, 1, 1, 0, 1]);
	});
});

/** A store as the vault gives one, with a clock of its own. */
function memory(): StatusStore & { readonly kept: Map<string, { token: string; storedAt: number }>; now: number } {
	const kept = new Map<string, { token: string; storedAt: number }>();
	const store = {
		kept,
		now: NOW * 1000,
		get: (uri: string) => kept.get(uri),
		put: (uri: string, token: string) => void kept.set(uri, { token, storedAt: store.now }),
	};
	return store;
}

type Answer = { readonly body: string; readonly type?: string; readonly ok?: boolean } | Error;

function world(format: CredentialFormatId) {
	const people = parties(format);
	const store = memory();
	const server: { answer: Answer; asked: number } = { answer: new Error('off'), asked: 0 };
	const fetch = async () => {
		server.asked += 1;
		const { answer } = server;
		if (answer instanceof Error) throw answer;
		return { ok: answer.ok ?? true, headers: new Headers({ 'content-type': answer.type ?? STATUS_LIST_TYPE }), text: async () => answer.body };
	};
	const sign = (change: Partial<Parameters<typeof signStatusList>[0]> & { signer?: Signer } = {}, statuses: Record<number, number> = {}): Promise<string> => {
		const list = StatusList.ofSize(2, 1000);
		for (const [index, status] of Object.entries(statuses)) list.set(Number(index), status);
		return signStatusList({ list, uri: URI, signer: people.issuer, issuedAt: NOW - 240, expiresAt: NOW + 86_400, ttl: 600, ...change });
	};
	const check = async (options: { now?: number; whenUnknown?: StatusPolicy['whenUnknown']; fresh?: boolean; believedSec?: number; raw?: string } = {}) => {
		const raw = options.raw ?? (await people.issue({ status: { uri: URI, idx: 77 } }));
		store.now = (options.now ?? NOW) * 1000;
		const result = await people.verify(await people.present(raw), {
			status: {
				source: createStatusSource({
					fetch,
					store,
					...(options.fresh ? { fresh: true } : {}),
					...(options.believedSec === undefined ? {} : { believedSec: options.believedSec }),
				}),
				whenUnknown: options.whenUnknown ?? 'refuse',
			},
			expected: { now: { now: () => (options.now ?? NOW) * 1000 }, maxProofAgeSec: 10_000_000 },
		});
		return { node: nodeOf(result.report, 'status'), report: result.report };
	};
	return { people, store, server, sign, check };
}

describe.each(credentialFormats)('the status of a %s credential', (format) => {
	it('stands in the credential, always shown, and is read back', async () => {
		const { people } = world(format);
		const raw = await people.issue({ status: { uri: URI, idx: 77 } });
		expect(readStatus(parse(raw).status)).toEqual({ uri: URI, idx: 77 });
		expect(takeApart(raw.split('~')[0] ?? '').payload.status).toEqual({ status_list: { idx: 77, uri: URI } });
		expect(Object.keys(parse(raw).claims)).not.toContain('status');
		for (const status of [
			{ uri: URI, idx: -1 },
			{ uri: URI, idx: 1.5 },
			{ uri: 'nowhere', idx: 1 },
			{ uri: 'ftp://x.example/', idx: 1 },
		])
			await expect(people.issue({ status })).rejects.toMatchObject({ code: 'credential/invalid-input' });
	});

	it.each([
		[0, 'passed', undefined, 'has not withdrawn it'],
		[1, 'failed', 'credential/revoked', 'has withdrawn this credential'],
		[2, 'failed', 'credential/suspended', 'has suspended'],
		[3, 'failed', 'credential/status-not-valid', 'not agreed'],
	] as const)('%i is %s, with the age of the knowledge', async (status, result, code, words) => {
		const { server, sign, check } = world(format);
		server.answer = { body: await sign({}, { 77: status, 76: 1, 78: 1 }) };
		const { node, report } = await check();
		expect(node).toMatchObject({ result, ...(code === undefined ? {} : { code }) });
		expect(node.reason).toContain(words);
		expect(node.reason).toContain('4 minutes ago');
		expect(node.evidence).toMatchObject({ ageSeconds: '240', index: '77', list: URI });
		expect(report.result).toBe(result === 'passed' ? 'passed' : 'failed');
	});
});

describe('what the verifier knows', () => {
	it('is kept as long as the list says, then asked for again; `fresh` asks at once', async () => {
		const { server, sign, check } = world('dc+sd-jwt');
		server.answer = { body: await sign() };
		await check();
		server.answer = { body: await sign({ issuedAt: NOW + 100 }, { 77: 1 }) };
		expect((await check({ now: NOW + 300 })).node.result).toBe('passed');
		expect(server.asked).toBe(1);
		expect((await check({ now: NOW + 300, fresh: true })).node.code).toBe('credential/revoked');
		expect((await check({ now: NOW + 901 })).node.code).toBe('credential/revoked');
		expect(server.asked).toBe(3);
	});

	it('is old where the list cannot be had: by the rule refused, or accepted with a warning that says how old', async () => {
		const { server, sign, check } = world('dc+sd-jwt');
		server.answer = { body: await sign() };
		await check();
		server.answer = new Error('unplugged');
		const later = NOW + 7_200;
		const refused = await check({ now: later });
		expect(refused.node).toMatchObject({ result: 'failed', code: 'credential/status-unknown', evidence: { rule: 'refuse', ageSeconds: '7440' } });
		expect(refused.node.reason).toContain('2 hours ago');
		const accepted = await check({ now: later, whenUnknown: 'accept-with-warning' });
		expect(accepted.node).toMatchObject({ result: 'warning', code: 'credential/status-unknown', evidence: { rule: 'accept with warning' } });
		expect(accepted.report.result).toBe('warning');
		// An expired list says nothing any more.
		expect((await check({ now: NOW + 90_000, whenUnknown: 'accept-with-warning' })).node.evidence).not.toHaveProperty('ageSeconds');
	});

	it('is believed without a network for as long as the verifier says, and never against a server that answers', async () => {
		const { server, sign, check } = world('dc+sd-jwt');
		server.answer = { body: await sign() };
		await check();
		server.answer = new Error('unplugged');
		const later = { now: NOW + 7_200, believedSec: 7_200 };
		const believed = await check(later);
		expect(believed.node).toMatchObject({ result: 'passed', evidence: { ageSeconds: '7440' } });
		expect(believed.node.reason).toContain('2 hours ago');
		expect((await check({ ...later, believedSec: 7_199 })).node.code).toBe('credential/status-unknown');
		expect((await check({ now: NOW + 90_000, believedSec: 100_000 })).node.code).toBe('credential/status-unknown');
		server.answer = { body: await sign({ issuedAt: NOW - 5_000 }) };
		expect((await check(later)).node).toMatchObject({ code: 'credential/status-unknown', evidence: { cause: 'stale' } });
		// Nor against one that says something else than the issuer does.
		for (const body of [
			await sign({ signer: newSigner() }),
			await sign({ uri: `${URI}0` }),
			await sign({ issuedAt: NOW - 900, expiresAt: NOW - 800 }),
			'e30.e30.AAAA',
		]) {
			server.answer = { body };
			expect((await check(later)).node.code).toBe('credential/status-unknown');
		}
	});

	it('a withdrawal that is known stays one, whatever the rule and the network', async () => {
		const { server, sign, check } = world('dc+sd-jwt');
		server.answer = { body: await sign({}, { 77: 1 }) };
		await check();
		server.answer = new Error('unplugged');
		expect((await check({ now: NOW + 7_200, whenUnknown: 'accept-with-warning' })).node).toMatchObject({ result: 'failed', code: 'credential/revoked' });
	});

	it('does not go back: an older list than the one that is known is not taken', async () => {
		const { server, sign, check } = world('dc+sd-jwt');
		server.answer = { body: await sign({}, { 77: 1 }) };
		await check();
		server.answer = { body: await sign({ issuedAt: NOW - 5_000 }) };
		expect((await check({ now: NOW + 1_000 })).node).toMatchObject({ result: 'failed', code: 'credential/revoked' });
	});

	it.each<[string, string, (w: ReturnType<typeof world>) => Promise<Answer> | Answer]>([
		['another list', 'status/wrong-list', async ({ sign }) => ({ body: await sign({ uri: `${URI}0` }) })],
		['a list of somebody else', 'status/tampered', async ({ sign }) => ({ body: await sign({ signer: newSigner() }) })],
		[
			'a key named by another DID',
			'status/wrong-signer',
			async ({ sign, people }) => ({ body: await sign({ signer: { ...people.issuer, kid: 'did:web:else.example#1' } }) }),
		],
		['an expired list', 'status/expired', async ({ sign }) => ({ body: await sign({ expiresAt: NOW - 100 }) })],
		['a list from the future', 'status/not-yet-valid', async ({ sign }) => ({ body: await sign({ issuedAt: NOW + 1_000 }) })],
		['a list without this entry', 'status/bad-index', async ({ sign }) => ({ body: await sign({ list: StatusList.ofSize(2, 8) }) })],
		[
			'a token of another kind',
			'status/wrong-typ',
			async ({ people }) => ({ body: await signAnything({ alg: 'ES256', typ: 'JWT' }, { sub: URI, iat: NOW, status_list: {} }, people.issuer) }),
		],
		[
			'a token without a list',
			'status/malformed',
			async ({ people }) => ({ body: await signAnything({ alg: 'ES256', typ: 'statuslist+jwt' }, { sub: URI, iat: NOW }, people.issuer) }),
		],
		['a negative time to live', 'status/malformed', async ({ sign }) => ({ body: await sign({ ttl: -1 }) })],
		[
			'an unsigned token',
			'status/tampered',
			async ({ people }) => ({ body: await signAnything({ alg: 'none', typ: 'statuslist+jwt' }, { sub: URI, iat: NOW, status_list: {} }, people.issuer) }),
		],
		['a web page', 'status/unavailable', () => ({ body: '<html>', type: 'text/html' })],
		['nothing', 'status/unavailable', () => ({ body: '', ok: false })],
		['too much', 'status/too-large', () => ({ body: 'a'.repeat(STATUS_LIMITS.token + 1) })],
		['no server', 'status/unavailable', () => new Error('unplugged')],
	])('%s is as good as none (%s), and is not kept', async (_what, cause, answer) => {
		const w = world('dc+sd-jwt');
		w.server.answer = await answer(w);
		expect((await w.check()).node).toMatchObject({ result: 'failed', code: 'credential/status-unknown', evidence: { cause } });
		expect((await w.check({ whenUnknown: 'accept-with-warning' })).node.result).toBe('warning');
		expect(w.store.kept.size).toBe(0);
	});

	it('asks nobody for a credential that its issuer did not sign', async () => {
		const { people, server, check } = world('dc+sd-jwt');
		const raw = await people.issue({ status: { uri: URI, idx: 77 } });
		const [jwt = '', ...rest] = raw.split('~');
		const forged = [`${jwt.slice(0, -4)}${jwt.endsWith('AAAA') ? 'BBBB' : 'AAAA'}`, ...rest].join('~');
		expect((await check({ raw: forged })).node.result).toBe('skipped');
		expect(server.asked).toBe(0);
	});

	it('takes a mechanism that it does not know for not knowing, and a broken reference for a broken credential', () => {
		expect(readStatus({ type: 'StatusList2021Entry' })).toBe('unknown');
		expect(readStatus({ status_list: { idx: '1', uri: URI } })).toBe('malformed');
		expect(readStatus({ status_list: { idx: 1, uri: 'javascript:alert(1)' } })).toBe('malformed');
		expect(readStatus(undefined)).toBe('none');
	});
});

describe('a million entries', () => {
	let close: (() => void) | undefined;
	afterEach(() => close?.());

	it('are made, signed, served, fetched and checked', async () => {
		const people = parties('dc+sd-jwt');
		const size = 1_000_000;
		const list = StatusList.ofSize(2, size);
		// Every 97th withdrawn, every 1009th suspended: a list that does not compress to nothing.
		for (let index = 0; index < size; index += 97) list.set(index, 1);
		for (let index = 5; index < size; index += 1009) list.set(index, 2);
		let body = '';
		const server = createServer((_request, response) => response.writeHead(200, { 'content-type': STATUS_LIST_TYPE }).end(body));
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		close = () => server.close();
		const uri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/statuslists/1`;
		body = await signStatusList({ list, uri, signer: people.issuer, issuedAt: NOW, ttl: 60 });
		expect(body.length).toBeLessThan(STATUS_LIMITS.token / 10);
		const source = createStatusSource({ fetch: (url, { headers }) => globalThis.fetch(url, { headers }), store: memory() });
		const keys = { resolve: async () => ({ jwk: people.issuer.publicJwk, how: 'test key' }) };
		const ask = (idx: number) => source.status({ uri, idx, issuer: 'https://issuer.example', keys, now: NOW, clockSkewSec: 60 });
		expect((await ask(97 * 5)).value).toBe(1);
		expect((await ask(5 + 1009 * 3)).value).toBe(2);
		expect((await ask(999_999)).value).toBe(0);
		expect(clock.now()).toBe(NOW * 1000);
	});
});
