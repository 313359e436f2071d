import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';
import type { CallInput, CallOutput } from '@holdfast/contract';
import { parse, readStatus } from '@holdfast/credentials';
import { systemClock, systemRandom } from '@holdfast/kernel';
import { createQrDecoder } from '@holdfast/qr/decode';
import { wasm } from '@holdfast/qr/testing';
import { openVault } from '@holdfast/vault';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type TestWallet, TestWallets } from '../testing/wallets.node.ts';
import { printable } from './sheet.node.ts';

let world: TestWallets;
let issuer: TestWallet;
let issuerDid: string;
beforeEach(async () => {
	world = new TestWallets();
	issuer = await world.wallet('issuer');
	issuerDid = await issuer.actor.createDid('did:jwk');
	await issuer.actor.serve('issuer');
	issuer.answers.folder = world.folder;
});
afterEach(() => world.close());

type Batch = CallOutput<'batch.get'>;
const HEADER = 'Personalnummer,Vorname,Family name,Employer,Kontakt,Access to,Shoe size';

function table(lines: readonly string[], name = 'people.csv'): string {
	const path = join(world.folder, name);
	writeFileSync(path, [HEADER, ...lines].join('\n'));
	return path;
}

async function check(path: string, change: Partial<CallInput<'batch.check'>> = {}): Promise<Batch> {
	issuer.answers.file = path;
	const preview = await issuer.ask('import.open', { typeId: 'employee-badge' });
	return issuer.ask('batch.check', {
		importId: preview?.id ?? '',
		typeId: 'employee-badge',
		format: 'dc+sd-jwt',
		issuerDid,
		validDays: 365,
		delivery: { kind: 'offers', expiresInMinutes: 60 },
		columns: (preview?.columns ?? []).map((column) => column.suggested),
		...change,
	});
}

async function until(id: string, good: (batch: Batch) => boolean): Promise<Batch> {
	for (;;) {
		const batch = await issuer.ask('batch.get', { id });
		if (good(batch)) return batch;
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
}

const rowsOf = (id: string, state?: 'wrong' | 'done' | 'waiting') => issuer.ask('batch.rows', { id, limit: 200, ...(state ? { state } : {}) });

describe('a table', () => {
	test('is looked at before anything is kept: columns in any language, what is unknown, what is missing', async () => {
		issuer.answers.file = null;
		expect(await issuer.ask('import.open', { typeId: 'employee-badge' })).toBeNull();
		issuer.answers.file = table(['7,Ada,B,Works,ada@x.example,lab;roof,38']);
		const preview = await issuer.ask('import.open', { typeId: 'employee-badge' });
		expect(preview).toMatchObject({ name: 'people.csv', kind: 'csv', encoding: 'utf-8', delimiter: ',', sheets: [], sheet: null });
		expect(preview?.columns.map(({ name, suggested }) => [name, suggested.kind === 'claim' ? suggested.path.join('.') : suggested.kind])).toEqual([
			['Personalnummer', 'employee_number'],
			['Vorname', 'given_name'],
			['Family name', 'family_name'],
			['Employer', 'employer'],
			['Kontakt', 'contact'],
			['Access to', 'access_areas'],
			['Shoe size', 'nothing'],
		]);
		expect(preview?.unknown).toEqual(['Shoe size']);
		expect(preview?.columns[1]?.samples).toEqual(['Ada']);
		expect((await issuer.ask('import.look', { id: preview?.id ?? '', typeId: 'employee-badge', delimiter: ';' })).columns).toHaveLength(2);
		expect((await issuer.ask('import.look', { id: preview?.id ?? '', typeId: 'eudi-pid' })).missing).toContain('Date of birth');
		expect(await issuer.refusal('import.look', { id: '0'.repeat(26), typeId: 'eudi-pid' })).toBe('import/not-open');
		expect(await issuer.ask('batch.list', {})).toEqual([]);
		expect(await issuer.ask('issue.offers', {})).toEqual([]);
	});

	test('tells what is wrong cell by cell and how to mend it; nothing is issued before it is approved', async () => {
		const batch = await check(
			table([
				'1,Ada,B,Works,,lab,',
				'2,,B,Works,,,',
				'3,\u0410da,B,Works,,,',
				'4,Bo\u200bb,B,Works,,,',
				'5,Cy,B,Works,,,',
				'5,Cy,B,Works,,,',
				'6,\u0418\u0432\u0430\u043d,B,Works,,,',
			]),
		);
		expect(batch).toMatchObject({ state: 'draft', counts: { wrong: 4, waiting: 3, done: 0, leftOut: 0 }, interrupted: false });
		const wrong = await rowsOf(batch.id, 'wrong');
		expect(wrong.map((row) => [row.position, row.problems[0]?.columnName, row.problems[0]?.code])).toEqual([
			[3, 'Vorname', 'import/missing'],
			[4, 'Vorname', 'import/look-alike'],
			[5, 'Vorname', 'import/invisible'],
			[7, 'Row', 'import/twice'],
		]);
		for (const row of wrong) for (const each of row.problems) expect(each.mend.length).toBeGreaterThan(10);
		expect(batch.warnings.join()).toMatch(/“Vorname”: 1 cell is in another alphabet \(Cyrillic\).*line 8/);
		expect(await issuer.refusal('batch.approve', { id: batch.id, leaveOutWrong: false })).toBe('batch/wrong-rows');

		const mended = await issuer.ask('batch.mend', { id: batch.id, position: 3, cells: ['2', 'Bea', 'B', 'Works', '', '', ''] });
		expect(mended).toMatchObject({ state: 'waiting', label: 'Bea B', problems: [] });
		expect((await issuer.ask('batch.mend', { id: batch.id, position: 4, cells: ['', '', '', '', '', '', ''] })).problems.map((each) => each.code)).toContain(
			'import/missing',
		);
		expect(await issuer.refusal('batch.mend', { id: batch.id, position: 99, cells: [] })).toBe('batch/no-such-row');
		const { lines } = await issuer.ask('batch.preview', { id: batch.id, position: 3 });
		expect(lines.map((line) => line.value)).toContain('Bea');
		expect((await issuer.ask('batch.get', { id: batch.id })).counts).toMatchObject({ wrong: 3, waiting: 4 });
		expect(await issuer.ask('issue.offers', {})).toEqual([]);

		const { path } = await issuer.ask('batch.export', { id: batch.id, what: 'problems' });
		expect(readFileSync(path ?? '', 'utf8').split('\r\n')[1]).toMatch(/^4,/);
		await issuer.ask('batch.cancel', { id: batch.id });
		expect(await issuer.refusal('batch.approve', { id: batch.id, leaveOutWrong: true })).toBe('batch/wrong-state');
		await issuer.ask('batch.delete', { id: batch.id });
		expect(await issuer.refusal('batch.get', { id: batch.id })).toBe('batch/not-found');
	});

	test('that cannot be taken is refused in words', async () => {
		const path = table(['1,Ada,B,Works,,,']);
		const nothing = { kind: 'nothing' } as const;
		const name = { kind: 'claim' as const, path: ['given_name'] };
		await expect(check(path, { columns: [nothing, nothing] })).rejects.toMatchObject({ code: 'import/no-columns' });
		await expect(check(path, { columns: [name, name] })).rejects.toMatchObject({ code: 'import/column-twice' });
		await expect(check(path, { issuerDid: 'did:web:else.example' })).rejects.toMatchObject({ code: 'did/not-managed' });
		await expect(check(table([]))).rejects.toMatchObject({ code: 'import/no-rows' });
		await expect(check(join(world.folder, 'nowhere.csv'))).rejects.toMatchObject({ code: 'table/unreadable' });
		// The file is exchanged between looking and reading.
		issuer.answers.file = path;
		const preview = await issuer.ask('import.open', { typeId: 'employee-badge' });
		writeFileSync(path, 'Other,Columns\n1,2\n');
		const columns = (preview?.columns ?? []).map((column) => column.suggested);
		const input = {
			importId: preview?.id ?? '',
			typeId: 'employee-badge',
			format: 'dc+sd-jwt',
			issuerDid,
			validDays: 1,
			delivery: { kind: 'signed' },
			columns,
		} as const;
		expect(await issuer.refusal('batch.check', input)).toBe('import/changed');
		expect(await issuer.ask('batch.list', {})).toEqual([]);
	});
});

/** The codes that a PDF draws: its rectangles, page by page, put into pixels and read. */
async function codesIn(path: string): Promise<{ codes: string[]; text: string; pages: number }> {
	const pdfjs = await import('pdfjs-dist/legacy/build/pdf.mjs');
	const document = await pdfjs.getDocument({ data: new Uint8Array(readFileSync(path)), verbosity: 0 }).promise;
	const decoder = await createQrDecoder(wasm());
	const codes: string[] = [];
	let text = '';
	for (let n = 1; n <= document.numPages; n += 1) {
		const page = await document.getPage(n);
		text += (await page.getTextContent()).items.map((item) => ('str' in item ? `${item.str}\n` : '')).join('');
		const { fnArray, argsArray } = await page.getOperatorList();
		const scale = 4;
		for (const [index, fn] of fnArray.entries()) {
			if (fn !== pdfjs.OPS.constructPath) continue;
			const [kind, [path2d]] = argsArray[index] as [number, [Float32Array | null]];
			if (kind !== pdfjs.OPS.fill || !path2d) continue;
			const rectangles: [number, number, number, number][] = [];
			let points: [number, number][] = [];
			for (let at = 0; at < path2d.length; ) {
				const op = path2d[at];
				if (op === 4) {
					at += 1;
					const xs = points.map(([x]) => x);
					const ys = points.map(([, y]) => y);
					rectangles.push([Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)]);
					points = [];
				} else {
					points.push([path2d[at + 1] ?? 0, path2d[at + 2] ?? 0]);
					at += 3;
				}
			}
			const [left, bottom] = [Math.min(...rectangles.map(([x]) => x)) - 10, Math.min(...rectangles.map(([, y]) => y)) - 10];
			const [right, top] = [Math.max(...rectangles.map(([, , x]) => x)) + 10, Math.max(...rectangles.map(([, , , y]) => y)) + 10];
			const width = Math.ceil((right - left) * scale);
			const height = Math.ceil((top - bottom) * scale);
			const data = new Uint8Array(width * height * 4).fill(255);
			for (const [x0, y0, x1, y1] of rectangles) {
				for (let y = Math.round((y0 - bottom) * scale); y < Math.round((y1 - bottom) * scale); y += 1)
					for (let x = Math.round((x0 - left) * scale); x < Math.round((x1 - left) * scale); x += 1) {
						// PDFKit draws from the top: the page's y axis points down here.
						data.fill(0, (y * width + x) * 4, (y * width + x) * 4 + 3);
					}
			}
			codes.push(...(await decoder.read({ width, height, data })).map(({ text: found }) => found));
		}
	}
	return { codes, text, pages: document.numPages };
}

describe('issuing by the table', () => {
	test('an offer for each row: links, codes on paper, collected by a holder, found in the register', async () => {
		const people = Array.from({ length: 11 }, (_, n) => `${n},${n === 3 ? '=Łukasz' : `Person ${n}`},B,Works,p${n}@x.example,lab;roof,`);
		const batch = await check(table([...people, '99,,B,Works,,,']), { basis: '  Contract of employment  ' });
		expect(batch.basis).toBe('Contract of employment');
		await issuer.ask('batch.approve', { id: batch.id, leaveOutWrong: true });
		const done = await until(batch.id, ({ state }) => state === 'done');
		expect(done.counts).toEqual({ wrong: 0, waiting: 0, done: 11, leftOut: 1 });
		const rows = await rowsOf(batch.id, 'done');
		expect(rows.every((row) => row.cells === null && row.offerId !== null)).toBe(true);

		const links = await issuer.ask('batch.export', { id: batch.id, what: 'links' });
		expect(links.rows).toBe(11);
		const text = readFileSync(links.path ?? '', 'utf8');
		expect(text).toContain("'=Łukasz");
		expect(text).toContain('p7@x.example');
		expect(statSync(links.path ?? '').mode & 0o077).toBe(0);
		const found = text.match(/openid-credential-offer:[^,\r]+/g) ?? [];
		expect(new Set(found).size).toBe(11);

		const sheet = await issuer.ask('batch.export', { id: batch.id, what: 'sheet' });
		const { codes, text: words, pages } = await codesIn(sheet.path ?? '');
		expect(pages).toBe(2);
		expect(codes.toSorted()).toEqual(found.toSorted());
		expect(words).toContain('Lukasz');
		expect(words).toContain('No. 2');
		expect(words).toContain('Scan this code');

		const holder = await world.wallet('holder');
		await holder.actor.receive(found[7] ?? '');
		const { entries } = await issuer.ask('register.list', { filter: { batchId: batch.id }, limit: 10 });
		expect(entries.map((each) => [each.subtitle, each.copies, each.basis])).toEqual([['Person 7 B', 5, 'Contract of employment']]);
		expect((await issuer.ask('register.list', { filter: { text: 'employment' }, limit: 10 })).documents).toBe(1);
		const register = await issuer.ask('register.export', { filter: {} });
		expect(readFileSync(register.path ?? '', 'utf8')).toMatch(/ground or consent[\s\S]*Contract of employment/);
		expect((await holder.actor.credentials())[0]?.subtitle).toBe('Person 7 B');
		// A link that was used is no longer handed out.
		expect((await issuer.ask('batch.export', { id: batch.id, what: 'links' })).path).not.toBe(links.path);

		// The same file again: every row was issued before, unless that is wanted.
		const second = await check(join(world.folder, 'people.csv'));
		expect(second.counts).toMatchObject({ wrong: 12, waiting: 0 });
		expect((await rowsOf(second.id, 'wrong'))[0]?.problems[0]?.code).toBe('import/issued-before');
		expect((await check(join(world.folder, 'people.csv'), { again: true })).counts.waiting).toBe(11);
		expect(await issuer.refusal('batch.export', { id: batch.id, what: 'credentials' })).toBe('batch/not-signed');
	});

	test('a thousand offers as one PDF, which another reader opens, and whose every code decodes', { timeout: 120_000 }, async () => {
		const batch = await check(table(Array.from({ length: 1000 }, (_, n) => `k${n},Guest ${n},B,Works,,,`)));
		await issuer.ask('batch.approve', { id: batch.id, leaveOutWrong: false });
		await until(batch.id, ({ state }) => state === 'done');
		const links = await issuer.ask('batch.export', { id: batch.id, what: 'links' });
		const found = readFileSync(links.path ?? '', 'utf8').match(/openid-credential-offer:[^,\r]+/g) ?? [];
		expect(new Set(found).size).toBe(1000);
		const sheet = await issuer.ask('batch.export', { id: batch.id, what: 'sheet' });
		const { codes, pages } = await codesIn(sheet.path ?? '');
		expect(pages).toBe(125);
		expect(codes.toSorted()).toEqual(found.toSorted());
	});

	test('a credential for each row that brings a key, with an entry of its own in a status list', async () => {
		const dids = await Promise.all([1, 2, 3].map(() => issuer.actor.createDid('did:key', 'Secp256r1')));
		const path = join(world.folder, 'holders.csv');
		writeFileSync(
			path,
			[
				'Given name;Family name;Employer;Employee number;DID',
				...dids.map((did, n) => `Person ${n};B;Works;${n};${did}`),
				'Nobody;B;Works;9;did:web:x.example',
				'None;B;Works;8;',
			].join('\n'),
		);
		const batch = await check(path, { delivery: { kind: 'signed' } });
		expect((await rowsOf(batch.id, 'wrong')).map((row) => row.problems[0]?.code)).toEqual(['import/holder', 'import/no-holder']);
		await issuer.ask('batch.approve', { id: batch.id, leaveOutWrong: true });
		await until(batch.id, ({ state }) => state === 'done');
		const { path: written } = await issuer.ask('batch.export', { id: batch.id, what: 'credentials' });
		const credentials = (readFileSync(written ?? '', 'utf8').match(/eyJ[^,\r]+/g) ?? []).map((raw) => parse(raw));
		expect(credentials).toHaveLength(3);
		const indices = credentials.map(({ status }) => (readStatus(status) as { idx: number }).idx);
		expect(new Set(indices).size).toBe(3);
		const verdict = await issuer.ask('verify.check', { text: credentials[1]?.raw ?? '' });
		expect(verdict.accepted).toBe(true);
		const { id } = await issuer.ask('register.prepare', { action: 'revoke', documents: { batchId: batch.id } });
		expect(await issuer.ask('register.approve', { id })).toMatchObject({ documents: 3 });
		expect((await issuer.ask('verify.check', { text: credentials[1]?.raw ?? '' })).accepted).toBe(false);
		expect(await issuer.refusal('batch.export', { id: batch.id, what: 'links' })).toBe('batch/no-offers');
	});

	test('pauses, goes on, and can be cancelled half-way', async () => {
		const batch = await check(table(Array.from({ length: 1200 }, (_, n) => `${n},Person ${n},B,Works,,,`)));
		await issuer.ask('batch.approve', { id: batch.id, leaveOutWrong: false });
		await until(batch.id, ({ counts }) => counts.done > 0);
		await issuer.ask('batch.pause', { id: batch.id });
		await until(batch.id, ({ state }) => state === 'paused');
		await new Promise((resolve) => setTimeout(resolve, 100));
		const paused = await issuer.ask('batch.get', { id: batch.id });
		await new Promise((resolve) => setTimeout(resolve, 100));
		expect((await issuer.ask('batch.get', { id: batch.id })).counts.done).toBe(paused.counts.done);
		expect(paused.counts.waiting).toBeGreaterThan(0);
		// It was locked meanwhile; the service is off: said before anything is done.
		await issuer.ask('services.stop', { kind: 'issuer' });
		expect(await issuer.refusal('batch.resume', { id: batch.id })).toBe('services/off');
		await issuer.actor.serve('issuer');
		await issuer.ask('batch.resume', { id: batch.id });
		await until(batch.id, ({ counts }) => counts.done > paused.counts.done);
		// Stopped and gone on with at once, before the part that was under way has ended.
		await issuer.ask('batch.pause', { id: batch.id });
		await issuer.ask('batch.resume', { id: batch.id });
		const before = (await issuer.ask('batch.get', { id: batch.id })).counts.done;
		await until(batch.id, ({ counts }) => counts.done > before);
		const cancelled = await issuer.ask('batch.cancel', { id: batch.id });
		expect(cancelled.state).toBe('cancelled');
		expect(await issuer.refusal('batch.resume', { id: batch.id })).toBe('batch/wrong-state');
	});
});

describe('four eyes', () => {
	const rows = (count: number, name = 'Person') => table(Array.from({ length: count }, (_, n) => `e${n},${name} ${n},B,Works,,,`));
	const written = (path: string | null) => readFileSync(path ?? '', 'utf8');

	test('a large batch is issued once somebody else has approved exactly these rows, in a wallet of their own', async () => {
		const second = await world.wallet('second');
		const third = await world.wallet('third');
		second.answers.folder = world.folder;
		third.answers.folder = world.folder;
		const secondDid = await second.actor.createDid('did:jwk');
		const thirdDid = await third.actor.createDid('did:jwk');
		const approvers = [
			{ did: secondDid, name: 'Bea' },
			{ did: thirdDid, name: 'Cy' },
		];
		expect(await issuer.refusal('approvals.setRule', { rule: { from: 5, needed: 1, approvers: [{ did: issuerDid, name: 'Me' }] } })).toBe(
			'approvals/own-identity',
		);
		expect(await issuer.refusal('approvals.setRule', { rule: { from: 5, needed: 3, approvers } })).toBe('approvals/too-few');
		expect(await issuer.refusal('approvals.setRule', { rule: { from: 5, needed: 1, approvers: [approvers[0] as never, approvers[0] as never] } })).toBe(
			'approvals/twice',
		);
		await issuer.ask('approvals.setRule', { rule: { from: 5, needed: 2, approvers } });

		const small = await check(rows(4));
		expect(small.approval).toBeNull();
		await issuer.ask('batch.approve', { id: small.id, leaveOutWrong: false });
		const batch = await check(rows(6, 'Guest'), { again: true });
		expect(batch.approval).toEqual({
			needed: 2,
			approvers: [
				{ name: 'Bea', hasApproved: false },
				{ name: 'Cy', hasApproved: false },
			],
		});
		expect(await issuer.refusal('batch.approve', { id: batch.id, leaveOutWrong: false })).toBe('batch/needs-approval');

		const request = written((await issuer.ask('approvals.request', { id: batch.id })).path);
		const approvalBy = async (who: typeof second, did: string, text = request) => {
			const review = await who.ask('approvals.open', { text });
			return { review, text: written((await who.ask('approvals.sign', { id: review.id, did })).path) };
		};
		const bea = await approvalBy(second, secondDid);
		expect(bea.review).toMatchObject({
			documents: 6,
			delivery: 'offers',
			examples: expect.arrayContaining(['Guest 0 B']),
			digest: expect.stringMatching(/^[0-9a-f]{64}$/),
		});
		expect(bea.review.warnings.join()).toContain('do not know who signed');
		expect(await issuer.ask('approvals.take', { id: batch.id, text: bea.text })).toEqual({ by: 'Bea' });
		// The same person twice is one.
		await issuer.ask('approvals.take', { id: batch.id, text: (await approvalBy(second, secondDid)).text });
		expect(await issuer.refusal('batch.approve', { id: batch.id, leaveOutWrong: false })).toBe('batch/needs-approval');
		const cy = await approvalBy(third, thirdDid);
		await issuer.ask('approvals.take', { id: batch.id, text: cy.text });
		expect((await issuer.ask('batch.get', { id: batch.id })).approval?.approvers.every(({ hasApproved }) => hasApproved)).toBe(true);

		// A row is mended afterwards: what was approved is not what would be issued.
		const [row] = await rowsOf(batch.id, 'waiting');
		await issuer.ask('batch.mend', { id: batch.id, position: row?.position ?? 0, cells: (row?.cells ?? []).map((text) => text.replace('Guest 0', 'Thief')) });
		expect(await issuer.refusal('batch.approve', { id: batch.id, leaveOutWrong: false })).toBe('batch/needs-approval');
		expect(await issuer.refusal('approvals.take', { id: batch.id, text: cy.text })).toBe('approvals/other-rows');
		const again = written((await issuer.ask('approvals.request', { id: batch.id })).path);
		for (const [who, did] of [
			[second, secondDid],
			[third, thirdDid],
		] as const)
			await issuer.ask('approvals.take', { id: batch.id, text: (await approvalBy(who, did, again)).text });
		await issuer.ask('batch.approve', { id: batch.id, leaveOutWrong: false });
		expect((await until(batch.id, ({ state }) => state === 'done')).counts.done).toBe(6);
		const log = (await issuer.ask('activity.list', { limit: 50, kind: 'security' })).map(({ title }) => title);
		expect(log).toContain('Tables of 5 rows or more need 2 of 2 approvals');
		expect(log.filter((title) => title.startsWith('Bea approved'))).not.toEqual([]);
		await issuer.ask('approvals.setRule', { rule: null });
	});

	test('approvals of strangers, for another table, changed, or of another kind are refused', async () => {
		const second = await world.wallet('fourth');
		second.answers.folder = world.folder;
		const did = await second.actor.createDid('did:jwk');
		const other = await second.actor.createDid('did:jwk');
		await issuer.ask('approvals.setRule', { rule: { from: 1, needed: 1, approvers: [{ did, name: 'Dee' }] } });
		const one = await check(rows(2, 'One'));
		const two = await check(rows(2, 'Two'));
		const request = written((await issuer.ask('approvals.request', { id: one.id })).path);
		const sign = async (as: string) => {
			const { id } = await second.ask('approvals.open', { text: request });
			return written((await second.ask('approvals.sign', { id, did: as })).path);
		};
		const approval = await sign(did);
		const refused = (text: string, id = one.id) => issuer.refusal('approvals.take', { id, text });
		expect(await refused(await sign(other))).toBe('approvals/not-listed');
		expect(await refused(approval, two.id)).toBe('approvals/other-batch');
		expect(await refused(request)).toBe('approvals/malformed');
		expect(await refused('hello')).toBe('approvals/malformed');
		const [head, body = '', signature] = approval.split('.');
		const changed = JSON.parse(Buffer.from(body, 'base64url').toString());
		expect(await refused([head, Buffer.from(JSON.stringify({ ...changed, iat: changed.iat - 1 })).toString('base64url'), signature].join('.'))).toBe(
			'approvals/not-authentic',
		);
		expect(await refused([head, Buffer.from(JSON.stringify({ ...changed, more: 1 })).toString('base64url'), signature].join('.'))).toBe('approvals/malformed');
		expect(await second.refusal('approvals.open', { text: approval })).toBe('approvals/malformed');
		expect(await second.refusal('approvals.open', { text: `${request.slice(0, -4)}AAAA` })).toMatch(/approvals\/(not-authentic|malformed)/);
		await issuer.ask('approvals.take', { id: one.id, text: approval });
		// Whoever is taken from the list has approved nothing any more.
		await issuer.ask('approvals.setRule', { rule: { from: 1, needed: 1, approvers: [{ did: other, name: 'Else' }] } });
		expect(await issuer.refusal('batch.approve', { id: one.id, leaveOutWrong: false })).toBe('batch/needs-approval');
		await issuer.ask('approvals.setRule', { rule: null });
		await issuer.ask('batch.approve', { id: one.id, leaveOutWrong: false });
		expect(await issuer.refusal('approvals.take', { id: one.id, text: approval })).toMatch(/batch\/wrong-state|approvals/);
	});
});

// 100,000 rows with HOLDFAST_HEAVY=1.
const ROWS = process.env.HOLDFAST_HEAVY ? 100_000 : 3_000;
const KILLS = process.env.HOLDFAST_HEAVY ? 3 : 1;

describe.each(['offers', 'signed'] as const)('kill -9 in the middle (%s)', (delivery) => {
	const rows = delivery === 'offers' || process.env.HOLDFAST_HEAVY ? ROWS : 1_000;
	test(`${rows} rows: none twice, none lost, wrong cells listed, memory flat`, { timeout: 1_800_000 }, async () => {
		const did = await issuer.actor.createDid('did:key', 'Ed25519');
		const path = join(world.folder, 'many.csv');
		const out = createWriteStream(path);
		out.write('Given name,Family name,Employer,Employee number,DID\n');
		for (let n = 0; n < rows; n += 1) out.write(n % 500 === 499 ? `,B,Works,${n},${did}\n` : `Person ${n},B,Works,${n},${did}\n`);
		out.end();
		await finished(out);
		const wrong = rows / 500;
		const batch = await check(path, { delivery: delivery === 'offers' ? { kind: 'offers', expiresInMinutes: 600 } : { kind: 'signed' } });
		expect(batch.counts).toMatchObject({ wrong, waiting: rows - wrong });
		expect((await issuer.ask('batch.rows', { id: batch.id, state: 'wrong', limit: 2 })).map((row) => [row.position, row.problems[0]?.columnName])).toEqual(
			[
				[501, 'Given name'],
				[1001, 'Given name'],
			].slice(0, Math.min(2, wrong)),
		);
		await issuer.ask('batch.approve', { id: batch.id, leaveOutWrong: true });
		await issuer.ask('batch.pause', { id: batch.id });
		await issuer.service.close();

		const dir = join(world.folder, 'issuer');
		const memory: number[] = [];
		for (let kills = 0; kills < KILLS; kills += 1) {
			const child = spawn(process.execPath, [join(import.meta.dirname, '../testing/batch-child.node.ts'), dir, batch.id], {
				stdio: ['ignore', 'pipe', 'inherit'],
			});
			const lines = createInterface({ input: child.stdout });
			const said: string[] = [];
			lines.on('line', (line) => {
				said.push(line);
				const rss = Number(line.split(' ')[1]);
				if (rss > 0) memory.push(rss);
				// At another moment of a part each time, also in the middle of a transaction.
				if (said.length === 1 + kills * 20) setTimeout(() => child.kill('SIGKILL'), kills * 7);
			});
			const [[, signal]] = (await Promise.all([once(child, 'exit'), once(lines, 'close')])) as [[number | null, string | null], unknown];
			expect([signal, said.filter((line) => /[a-z]/.test(line))]).toEqual(['SIGKILL', []]);
		}

		// What a crash has left is taken up here.
		issuer = await world.wallet('issuer');
		const cut = await issuer.ask('batch.get', { id: batch.id });
		expect(cut).toMatchObject({ state: 'running', interrupted: true });
		expect(cut.counts.done).toBeGreaterThan(0);
		expect(cut.counts.waiting).toBeGreaterThan(0);
		await issuer.actor.serve('issuer');
		const watch = setInterval(() => memory.push(Math.round(process.memoryUsage().rss / 2 ** 20)), 500);
		await issuer.ask('batch.resume', { id: batch.id });
		await until(batch.id, ({ state }) => state === 'done');
		clearInterval(watch);
		await issuer.service.close();

		const vault = await openVault({
			dir,
			passphrase: 'six green lanterns over quiet water',
			clock: systemClock,
			random: systemRandom,
			kdf: { m: 1024, t: 1, p: 1 },
		});
		try {
			const counts = vault.batches.counts(batch.id);
			expect(counts).toEqual({ wrong: 0, waiting: 0, done: rows - wrong, 'left-out': wrong });
			const labels =
				delivery === 'offers'
					? vault.offers.list({ limit: rows * 2 }).map((offer) => (offer.record.data as { subtitle: string }).subtitle)
					: vault.issued.list({ limit: rows * 2 }).map((row) => row.subtitle);
			expect(labels).toHaveLength(rows - wrong);
			expect(new Set(labels).size).toBe(rows - wrong);
			if (delivery === 'signed') {
				const entries = vault.issued.list({ limit: rows * 2 }).map((row) => `${row.listId} ${row.idx}`);
				expect(new Set(entries).size).toBe(rows - wrong);
			}
		} finally {
			vault.close();
		}
		// The last tenth needs no more than the first, give or take what the collector leaves lying about.
		if (process.env.HOLDFAST_HEAVY) {
			const tenth = Math.ceil(memory.length / 10);
			const most = (part: readonly number[]): number => Math.max(...part);
			process.stdout.write(
				`${delivery}: ${rows} rows, memory ${most(memory.slice(0, tenth))} MB in the first tenth, ${most(memory.slice(-tenth))} MB in the last\n`,
			);
			expect(most(memory.slice(-tenth))).toBeLessThan(most(memory.slice(0, tenth)) + 300);
		}
	});
});

test('letters that paper cannot show become their base letters', () => {
	expect(printable('Łukasz Žižek Ødegård ß €')).toBe('Lukasz Žižek Ødegård ß €');
	expect(printable('Ștefan ệ')).toBe('Stefan e');
	expect(printable('Иван')).toBe('????');
});
