import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, systemRandom } from '@holdfast/kernel';
import { type Actor, contractActor, scenarios } from '@holdfast/testkit';
import { afterEach, beforeEach, describe, test } from 'vitest';
import { createService } from './index.ts';

const PASSPHRASE = 'six green lanterns over quiet water';

describe.each(['dc+sd-jwt', 'jwt_vc_json'] as const)('the wallet, in this process, with %s', (format) => {
	let folder: string;
	let authority: Actor;
	let holder: Actor;

	const open = async (name: string): Promise<Actor> => {
		const service = createService({
			dir: join(folder, name),
			clock: systemClock,
			random: systemRandom,
			chooseFolder: () => Promise.resolve(null),
			kdf: { m: 1024, t: 1, p: 1 },
		});
		const made = await service.invoke('vault.create', { passphrase: PASSPHRASE });
		if (!made.ok) throw new Error(made.error.message);
		return contractActor(service.invoke, () => service.close());
	};

	beforeEach(async () => {
		folder = mkdtempSync(join(tmpdir(), 'holdfast-'));
		[authority, holder] = await Promise.all([open('authority'), open('holder')]);
	});
	afterEach(async () => {
		await Promise.all([authority.close(), holder.close()]);
		rmSync(folder, { recursive: true });
	});

	for (const scenario of scenarios) test(scenario.name, () => scenario.run({ authority, holder }, format));
});
