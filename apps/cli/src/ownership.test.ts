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
