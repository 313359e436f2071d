import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EXIT } from './exit.ts';
import { printed } from './testing/cli-actor.node.ts';
import { inThisProcess, type RunOptions, type Terminal } from './testing/holdfast.node.ts';

let folder: string;
let here: Terminal;
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'holdfast-cli-'));
	here = inThisProcess(folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

test('a table is signed, its documents are withdrawn by command, and the lists are published in a folder and through a command', async () => {
	const profile = join(folder, 'profile');
	const run = (args: readonly string[], options?: RunOptions) => here.run(profile, args, options);
	const ask = async <T>(args: readonly string[]): Promise<T> => {
		const { value, error } = printed(await run(args));
		if (error) throw new Error(`${error.code}: ${error.message}`);
		return value as T;
	};
	await ask(['init']);
	const issuer = (await ask<{ did: string }>(['did', 'create', '--method', 'did:jwk'])).did;
	const holder = (await ask<{ did: string }>(['did', 'create', '--method', 'did:key'])).did;
	const site = join(folder, 'site');
	const out = join(folder, 'out');
	for (const each of [site, out]) mkdirSync(each);
	await ask(['status', 'publish', '--base-url', 'https://lists.example/s', '--folder', site]);

	const file = join(folder, 'people.csv');
	writeFileSync(file, `Vorname;Family name;Employer;Nr;DID\nAda;B;Works;1;${holder}\n;C;Works;2;${holder}\nDee;D;Works;3;${holder}\n`);
	const batch = ['issue', 'batch', file, '--type', 'employee-badge', '--issuer', issuer, '--sign', '--yes', '--out', out, '--map', '{"Nr":"employee_number"}'];
	const refused = await run(batch);
	expect(refused.code).toBe(EXIT.refused);
	const { error } = printed(refused);
	expect(error?.code).toBe('batch/wrong-rows');
	expect(error?.message).toContain('Line 3, Vorname');
	expect(await ask(['issue', 'batches'])).toEqual([]);

	const done = await ask<{ batch: { id: string; state: string; counts: object }; files: string[] }>([...batch, '--leave-out-wrong']);
	expect(done.batch).toMatchObject({ state: 'done', counts: { done: 2, leftOut: 1 } });
	expect(done.files.map((path) => path.replace(out, ''))).toEqual(['/people-credentials.csv', '/people-problems.csv']);
	const raw = /eyJ[^,\r]+/.exec(readFileSync(done.files[0] ?? '', 'utf8'))?.[0] ?? '';
	expect(printed(await run(['verify', raw])).ok).toBe(true);

	const listed = await ask<{ entries: { id: string; subtitle: string }[] }>(['status', 'list', '--batch', done.batch.id]);
	expect(listed.entries.map((each) => each.subtitle).sort()).toEqual(['Ada B', 'Dee D']);
	const ada = listed.entries.find((each) => each.subtitle === 'Ada B')?.id ?? '';
	expect((await run(['status', 'revoke', ada, '--text', 'Ada', '--yes'])).code).toBe(EXIT.usage);
	expect((await run(['status', 'revoke', '--yes'])).code).toBe(EXIT.usage);
	expect(await ask(['status', 'suspend', '--text', 'dee', '--yes'])).toMatchObject({ documents: 1, published: true });
	expect(await ask(['status', 'reinstate', '--text', 'dee', '--yes'])).toMatchObject({ documents: 1 });
	expect(await ask(['status', 'revoke', ada, '--yes'])).toMatchObject({ documents: 1, copies: 1, published: true });
	expect((await run(['verify', raw])).code).toBe(EXIT.refused);

	const copy = join(folder, 'copy');
	const [list] = await ask<{ uri: string; withdrawn: number }[]>(['status', 'publish', '--command', `cat > ${copy}`]);
	expect(list).toMatchObject({ withdrawn: 1 });
	expect(readFileSync(copy, 'utf8')).toBe(readFileSync(join(site, readdirSync(site)[0] ?? ''), 'utf8'));
	expect(printed(await run(['status', 'publish', '--command', 'exit 3'])).error?.code).toBe('status/command-failed');
	expect((await run(['issue', 'batch'])).code).toBe(EXIT.usage);
	expect((await run(['issue', 'batch', '--resume', '0'.repeat(26)])).code).toBe(EXIT.notFound);
	expect((await run(['issue', '--type', 'employee-badge'])).code).toBe(EXIT.usage);
	const written = await ask<{ path: string }>(['status', 'list', '--state', 'revoked', '--out', out]);
	expect(readFileSync(written.path, 'utf8')).toContain('Ada B');

	// Four eyes: the same again waits for somebody else, who reads it in a wallet of their own.
	const other = async <T>(args: readonly string[]): Promise<T> => printed(await here.run(join(folder, 'other'), args)).value as T;
	await other(['init']);
	const second = (await other<{ did: string }>(['did', 'create', '--method', 'did:jwk'])).did;
	await ask(['issue', 'approvals', 'rule', '--from', '2', '--needed', '1', '--approver', `${second}=Bea`]);
	const waiting = await ask<{ batch: { id: string; state: string; approval: object } }>([...batch, '--again', '--leave-out-wrong']);
	expect(waiting.batch).toMatchObject({ state: 'draft', approval: { needed: 1, approvers: [{ name: 'Bea', hasApproved: false }] } });
	const { id } = waiting.batch;
	expect(printed(await run(['issue', 'batch', '--resume', id, '--out', out])).error?.code).toBe('batch/needs-approval');
	const request = await ask<{ path: string }>(['issue', 'approvals', 'request', id, out]);
	const approval = await other<{ path: string; review: object }>(['--yes', 'issue', 'approvals', 'sign', `@${request.path}`, out, '--as', second]);
	expect(approval.review).toMatchObject({ documents: 2, delivery: 'signed' });
	expect(await ask(['issue', 'approvals', 'take', id, `@${approval.path}`])).toEqual({ by: 'Bea' });
	expect((await ask<{ batch: { state: string } }>(['issue', 'batch', '--resume', id, '--out', out])).batch.state).toBe('done');
	expect(await ask(['issue', 'approvals', 'rule', '--none'])).toBeNull();
});
