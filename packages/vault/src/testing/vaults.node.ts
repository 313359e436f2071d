// Vaults for tests: real files in a folder of their own, with the cheapest argon2id that there is.
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, systemRandom } from '@holdfast/kernel';
import { createVault, openVault, type UnlockOptions, type Vault } from '../index.ts';

export const MNEMONIC = 'legal winner thank year wave sausage worth useful legal winner thank yellow'.split(' ');
export const PASSPHRASE = 'correct horse battery staple';
export const CHEAP = { m: 8, t: 1, p: 1 } as const;

/** A clock that stands still until it is moved. */
export class TestClock implements Clock {
	time = 1_800_000_000_000;

	now(): number {
		return this.time;
	}
}

export interface TestVault {
	readonly dir: string;
	readonly clock: TestClock;
	readonly options: UnlockOptions;
	open(patch?: Partial<UnlockOptions>): Promise<Vault>;
	remove(): void;
}

/** A folder without a vault. */
export function emptyFolder(under: string = tmpdir()): TestVault {
	const dir = join(fs.mkdtempSync(join(under, 'holdfast-vault-')), 'vault');
	const clock = new TestClock();
	const options: UnlockOptions = { dir, passphrase: PASSPHRASE, clock, random: systemRandom, kdf: CHEAP };
	return {
		dir,
		clock,
		options,
		open: (patch = {}) => openVault({ ...options, ...patch }),
		remove: () => fs.rmSync(join(dir, '..'), { recursive: true, force: true }),
	};
}

/** A folder with a vault, closed. */
export async function closedVault(patch: Partial<UnlockOptions> = {}): Promise<TestVault> {
	const folder = emptyFolder();
	(await createVault({ ...folder.options, ...patch, mnemonic: MNEMONIC })).close();
	return folder;
}
