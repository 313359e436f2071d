import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Collection, Verification } from '@holdfast/contract';
import { type Anvil, deployContract, sendToContract, startAnvil } from '@holdfast/devchain';
import type { ReportNode } from '@holdfast/kernel';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EXIT } from './exit.ts';
import { cliActor, printed } from './testing/cli-actor.node.ts';
import { inThisProcess, type Terminal } from './testing/holdfast.node.ts';

let folder: string;
let here: Terminal;
let anvil: Anvil;
beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), 'holdfast-cli-ownership-'));
	here = inThisProcess(folder);
	anvil = await startAnvil();
	for (const name of ['club', 'holder']) {
		printed(await here.run(join(folder, name), ['init']));
		printed(await here.run(join(folder, name), ['network', 'add', '31337', 'Local', anvil.rpcUrl]));
	}
}, 60_000);
afterAll(async () => {
	await Promise.all([here.end(), anvil.stop()]);
	rmSync(folder, { recursive: true });
});

test('a token is proven by command: for a request, and in a file that is checked without a wallet', { timeout: 120_000 }, async () => {
	const [club, holder] = [join(folder, 'club'), join(folder, 'holder')];
	const run = async (profile: string, ...args: string[]) => {
		const ran = await here.run(profile, args);
		return { code: ran.code, ...printed(ran) };
	};
	const ask = async <T>(profile: string, ...args: string[]): Promise<T> => {
		const { value, error } = await run(profile, ...args);
		if (error) throw new Error(error.message);
		return value as T;
	};
	const contract = await deployContract(anvil, 'PlainCollection');
	const collection = `eip155:31337:${contract}`;
	const added = await ask<Collection>(holder, 'assets', 'add', collection);
	await sendToContract(anvil, 'PlainCollection', contract, 'mint', added.account, 5);
	expect(await ask(holder, 'assets', 'list')).toEqual([added]);
	expect(await ask(holder, 'assets', 'tokens', added.id)).toMatchObject({ tokens: [{ tokenId: '5' }], complete: true });

	const request = ['--token', '5', '--verifier', 'club.example', '--nonce', 'door-1', '--purpose', 'To enter'];
	expect(await run(holder, 'ownership', 'present', added.id, ...request)).toMatchObject({ code: EXIT.usage, error: { code: 'cli/no-terminal' } });
	const { bundle } = await ask<{ bundle: string }>(holder, '--yes', 'ownership', 'present', added.id, ...request);
	const file = join(folder, 'proof.json');
	writeFileSync(file, bundle);
	// A profile without a wallet.
	const check = (...args: string[]) => run(join(folder, 'nobody'), 'ownership', 'verify', `@${file}`, '--verifier', 'club.example', ...args);
	const { statement } = JSON.parse(bundle) as { statement: { blockHash: string } };
	const asked = ['--nonce', 'door-1', '--owner-of', collection, '--token', '5', '--purpose', 'To enter'];
	const offline = await check(...asked, '--block-hash', statement.blockHash);
	expect(offline).toMatchObject({ code: EXIT.done, value: { accepted: true, holder: added.account, token: '5' } });
	expect((await check(...asked, '--rpc', anvil.rpcUrl, '--rpc', anvil.rpcUrl)).code).toBe(EXIT.done);
	for (const [args, code, reason] of [
		[['--nonce', 'door-2', '--block-hash', statement.blockHash], EXIT.refused, 'ownership/wrong-nonce'],
		[[...asked, '--block-hash', `0x${'1'.repeat(64)}`], EXIT.refused, 'ownership/unknown-block'],
		[['--nonce', 'door-1', '--token', '6', '--block-hash', statement.blockHash], EXIT.refused, 'ownership/wrong-token'],
		[['--nonce', 'door-1'], EXIT.usage, 'cli/usage'],
		[['--nonce', 'door-1', '--rpc', 'http://127.0.0.1:1'], EXIT.peer, 'chain/unreachable'],
	] as const) {
		const refused = await check(...args);
		expect(refused.code).toBe(code);
		expect((refused.value as { report?: ReportNode } | undefined)?.report?.code ?? refused.error?.code).toBe(reason);
	}

	// One who is not named. The club has a token too: its statement and the holder's make the group.
	const theirs = await ask<Collection>(club, 'assets', 'add', collection);
	await sendToContract(anvil, 'PlainCollection', contract, 'mint', theirs.account, 6);
	await anvil.mine(70);
	const { group } = await ask<{ group: string }>(club, 'ownership', 'group', theirs.id, '--days', '7');
	const lines = join(folder, 'statements.jsonl');
	expect(await run(holder, 'ownership', 'link', group, '--token', '5')).toMatchObject({ code: EXIT.usage, error: { code: 'cli/no-terminal' } });
	const links = [await ask<{ statement: string }>(holder, '--yes', 'ownership', 'link', group, '--token', '5')];
	links.push(await ask<{ statement: string }>(club, '--yes', 'ownership', 'link', group, '--token', '6'));
	writeFileSync(lines, links.map(({ statement: line }) => `${line}\n`).join(''));
	const { blockHash } = JSON.parse(group) as { blockHash: string };
	const files = ['--group', group, '--statements', `@${lines}`, '--block-hash', blockHash];
	const about = [...files, '--purpose', 'Proposal 12'];
	expect(await ask(club, 'ownership', 'crowd', ...files)).toMatchObject({ crowd: { owners: 2, isSmall: true, isMember: true } });
	const { text } = await ask<{ text: string }>(holder, '--yes', 'ownership', 'choose', ...about, '--choice', 'For');
	const counted = await run(club, 'ownership', 'check', text, ...about, '--option', 'For', '--option', 'Against');
	expect(counted).toMatchObject({ code: EXIT.done, value: { accepted: true, choice: 'For', counts: [{ choice: 'For', count: 1 }] } });
	expect(await run(club, 'ownership', 'check', text, ...about)).toMatchObject({ code: EXIT.refused, value: { accepted: false } });
	expect((await run(club, 'ownership', 'check', text, ...files.slice(0, 4), '--purpose', 'x', '--block-hash', '0x1')).code).toBe(EXIT.usage);

	const office = cliActor(here, club);
	try {
		await office.serve('verifier');
		const did = await office.createDid('did:jwk');
		const { id, uri } = await ask<Verification>(club, 'request', '--owner-of', collection, '--did', did, '--reason', 'To enter');
		const shown = await ask<{ learned: unknown[] }>(holder, 'present', uri, '--disclose', 'Token,Address');
		expect(shown.learned).toEqual([['Token'], ['Address']]);
		const { verdict } = await ask<Verification>(club, 'verify', id);
		expect(verdict?.accepted, verdict?.sentence).toBe(true);
		expect(verdict?.documents[0]?.proven[1]).toBe(`Address ${added.account}`);
	} finally {
		await office.close();
	}
	expect(await ask(holder, 'assets', 'remove', added.id)).toEqual({});
});
