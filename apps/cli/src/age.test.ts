import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Issued, Verification } from '@holdfast/contract';
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

		// Revoked by command, and published to a folder as well: the next proof is impossible, and the command says why.
		const asked = ['request', '--preset', 'over-18', '--not-revoked', '--max-age', '1', '--did', issuerDid] as const;
		const current = await ask<Verification>(door, ...asked);
		await ask(holder, 'present', current.uri, '--disclose', 'Over 18,Not revoked');
		expect((await ask<Verification>(door, 'verify', current.id)).verdict?.documents[0]?.proven).toEqual([
			'Over 18: Yes',
			'Not revoked: By the issuer’s list, at most 1 hour old',
		]);
		const [document] = await ask<Issued[]>(door, 'issued');
		expect((await ask<Issued>(door, 'revoke', document?.id ?? '', '--yes')).revocation).toBe('revoked');
		const again = printed(await here.run(door, ['revoke', document?.id ?? '', '--yes']));
		expect(again.error?.code).toBe('issue/already-revoked');
		const { path } = await ask<{ path: string }>(door, 'revocations', 'publish', join(folder, 'website'));
		const [list] = readdirSync(path).map((name) => JSON.parse(readFileSync(join(path, name), 'utf8')));
		expect(list.revoked).toHaveLength(1);
		const late = await ask<Verification>(door, ...asked);
		const refused = printed(await here.run(holder, ['present', late.uri, '--disclose', 'Over 18,Not revoked']));
		expect(refused.error?.message).toContain('The issuer has revoked this credential.');
		expect((await ask<Verification>(door, 'verify', late.id)).state).toBe('open');

		// A set, and each holder once: by name of the occasion, and only where there is somebody to know them again.
		const once = ['request', '--preset', 'citizen-eu', '--once', 'Wine tasting'] as const;
		expect(printed(await here.run(door, [...once])).error?.code).toBe('verify/once-needs-identity');
		const tasting = await ask<Verification>(door, ...once, '--did', issuerDid);
		await ask(holder, 'present', tasting.uri, '--disclose', 'Citizen of the EU,A mark for “Wine tasting”');
		expect((await ask<Verification>(door, 'verify', tasting.id)).verdict?.documents[0]?.proven).toEqual([
			'Citizen of the EU: Yes',
			'A mark for “Wine tasting”: This holder’s first time',
		]);

		expect(await ask(door, 'proofs', 'status')).toEqual({ ordinary: 'none', mayDevelop: true });
	} finally {
		await office.close();
	}
});
