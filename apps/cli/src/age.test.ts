import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Verification } from '@holdfast/contract';
import { ADA_ID } from '@holdfast/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cliActor, printed } from './testing/cli-actor.node.ts';
import { inThisProcess, type Terminal } from './testing/holdfast.node.ts';

let folder: string;
let here: Terminal;
beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), 'holdfast-cli-age-'));
	here = inThisProcess(folder);
	for (const name of ['door', 'holder']) printed(await here.run(join(folder, name), ['init']));
});
afterAll(async () => {
	await here.end();
	rmSync(folder, { recursive: true });
});

test('over 18 by command: asked with a preset, proven, and nothing else learned', { timeout: 120_000 }, async () => {
	const [door, holder] = [join(folder, 'door'), join(folder, 'holder')];
	const office = cliActor(here, door);
	const ask = async <T>(profile: string, ...args: string[]): Promise<T> => {
		const { value, error } = printed(await here.run(profile, args));
		if (error) throw new Error(error.message);
		return value as T;
	};
	try {
		const issuerDid = await office.createDid('did:jwk');
		await office.serve('issuer');
		await office.serve('verifier');
		await cliActor(here, holder).receive((await office.offer({ typeId: 'eudi-pid', format: 'dc+sd-jwt', issuerDid, claims: ADA_ID })).uri);
		const { id, uri } = await ask<Verification>(door, 'request', '--preset', 'over-18', '--did', issuerDid, '--reason', 'Entry after ten');
		const shown = await ask<{ learned: unknown[] }>(holder, 'present', uri, '--disclose', 'Over 18');
		expect(shown.learned).toEqual([['Over 18']]);
		const { verdict } = await ask<Verification>(door, 'verify', id);
		expect(verdict?.accepted).toBe(true);
		expect(verdict?.documents[0]?.proven).toEqual(['Over 18: Yes']);
		expect(JSON.stringify(verdict)).not.toContain(ADA_ID.birthdate);
		expect(await ask(door, 'proofs', 'status')).toEqual({ ordinary: 'none', mayDevelop: true });
	} finally {
		await office.close();
	}
});
