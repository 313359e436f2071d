import * as fs from 'node:fs';
import { join } from 'node:path';
import { deriveKey, hexEncode, KEY_TYPES, mnemonicToSeed } from '@holdfast/crypto';
import { Secret } from '@holdfast/kernel';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { createVault, DEFAULT_KDF, type DeviceWrap, delayAfter, deleteVault, openVault, openVaultOnDevice, vaultExists, vaultRetryAfterMs } from './index.ts';
import { MINIMUM_KDF } from './kdf.ts';
import { CHEAP, closedVault, emptyFolder, MNEMONIC, PASSPHRASE, type TestVault } from './testing/vaults.node.ts';

const folders: TestVault[] = [];
const keep = <T extends TestVault>(folder: T): T => {
	folders.push(folder);
	return folder;
};
afterEach(() => {
	for (const folder of folders.splice(0)) folder.remove();
});

const readHeader = (folder: TestVault) => JSON.parse(fs.readFileSync(join(folder.dir, 'vault.json'), 'utf8'));
const rejected = (code: string) => ({ code });

describe('creating', () => {
	it('makes a vault that opens again, with files for its owner only', async () => {
		const folder = keep(emptyFolder());
		expect(vaultExists(folder.dir)).toBe(false);
		const vault = await createVault({ ...folder.options, passphrase: new Secret(PASSPHRASE), mnemonic: new Secret(MNEMONIC) });
		vault.settings.set('a', 1);
		vault.close();
		expect(vaultExists(folder.dir)).toBe(true);
		expect(fs.statSync(folder.dir).mode & 0o777).toBe(0o700);
		for (const name of fs.readdirSync(folder.dir)) expect([name, fs.statSync(join(folder.dir, name)).mode & 0o777]).toEqual([name, 0o600]);
		(await folder.open()).close();
		expect(fs.readdirSync(folder.dir).sort()).toEqual(['attempts.json', 'vault.db', 'vault.json', 'vault.json.copy']);
	});

	it('refuses a folder that has one, an empty passphrase and a wrong phrase', async () => {
		const folder = keep(await closedVault());
		await expect(createVault({ ...folder.options, mnemonic: MNEMONIC })).rejects.toMatchObject(rejected('vault/exists'));
		const empty = keep(emptyFolder());
		await expect(createVault({ ...empty.options, passphrase: '', mnemonic: MNEMONIC })).rejects.toMatchObject(rejected('vault/empty-passphrase'));
		await expect(createVault({ ...empty.options, mnemonic: MNEMONIC.with(0, 'zoo') })).rejects.toMatchObject(rejected('crypto/mnemonic-checksum'));
		expect(vaultExists(empty.dir)).toBe(false);
	});

	it('starts anew where an earlier attempt was interrupted before the header was written', async () => {
		const folder = keep(await closedVault());
		for (const name of ['vault.json', 'vault.json.copy']) fs.rmSync(join(folder.dir, name));
		fs.writeFileSync(join(folder.dir, 'vault.json.1.tmp'), '{');
		expect(vaultExists(folder.dir)).toBe(false);
		(await createVault({ ...folder.options, mnemonic: MNEMONIC })).close();
		(await folder.open()).close();
	});

	it('uses 64 MiB of argon2id where nothing else is said', async () => {
		const { dir, options } = keep(emptyFolder());
		const { kdf: _cheap, ...production } = options;
		(await createVault({ ...production, mnemonic: MNEMONIC })).close();
		expect(readHeader({ dir } as TestVault)).toMatchObject({ v: 1, kdf: 'argon2id', ...DEFAULT_KDF });
		(await openVault(production)).close();
	});
});

describe('opening', () => {
	it('says that there is nothing', async () => {
		const folder = keep(emptyFolder());
		await expect(folder.open()).rejects.toMatchObject(rejected('vault/not-found'));
	});

	it('derives the keys of the recovery phrase', async () => {
		const vault = await keep(await closedVault()).open();
		for (const type of KEY_TYPES) {
			const expected = deriveKey(mnemonicToSeed(MNEMONIC), { type, path: "m/1'/2'" });
			const pair = vault.seedKey({ type, path: "m/1'/2'" });
			expect(pair.privateKey.use(hexEncode)).toBe(expected.privateKey.use(hexEncode));
		}
		vault.close();
	});

	it('gives the same log and export keys each time, different from each other', async () => {
		const folder = keep(await closedVault());
		const read = async () => {
			const vault = await folder.open();
			const keys = [vault.subkey('log').use(hexEncode), vault.subkey('export').use(hexEncode)];
			vault.close();
			return keys;
		};
		const first = await read();
		expect(await read()).toEqual(first);
		expect(new Set(first).size).toBe(2);
	});

	it('is over when it is closed', async () => {
		const vault = await keep(await closedVault()).open();
		const logKey = vault.subkey('log');
		vault.close();
		vault.close();
		const closed = expect.objectContaining({ code: 'vault/closed' });
		expect(() => vault.keys.list()).toThrow(closed);
		expect(() => vault.transaction(() => 1)).toThrow(closed);
		expect(() => vault.seedKey({ type: 'Ed25519', path: 'm' })).toThrow(closed);
		expect(() => logKey.use(() => 0)).toThrow(expect.objectContaining({ code: 'crypto/wiped' }));
	});

	it('takes a passphrase in any Unicode form', async () => {
		const folder = keep(await closedVault({ passphrase: 'Zu\u0308rich' }));
		(await folder.open({ passphrase: 'Z\u00fcrich' })).close();
	});
});

describe('a wrong passphrase', () => {
	it('waits longer and longer, across restarts, and is forgotten after a right one', async () => {
		const folder = keep(await closedVault());
		const wrong = () => folder.open({ passphrase: 'wrong' });
		for (let attempts = 1; attempts <= 12; attempts++) {
			const retryAfterMs = delayAfter(attempts);
			await expect(wrong()).rejects.toMatchObject({ code: 'vault/wrong-passphrase', data: { attempts, retryAfterMs } });
			expect(vaultRetryAfterMs(folder.dir, folder.clock)).toBe(retryAfterMs);
			if (retryAfterMs > 0) {
				folder.clock.time += retryAfterMs - 1;
				// Even the right one, and it does not count.
				await expect(folder.open()).rejects.toMatchObject({ code: 'vault/locked-out', data: { attempts, retryAfterMs: 1 } });
				folder.clock.time += 1;
			}
		}
		expect([1, 2, 3, 4, 5, 11, 12, 13, 99, 10_000].map(delayAfter)).toEqual([0, 0, 1000, 2000, 4000, 256_000, 300_000, 300_000, 300_000, 300_000]);
		(await folder.open()).close();
		await expect(wrong()).rejects.toMatchObject({ data: { attempts: 1, retryAfterMs: 0 } });
	});

	it('never locks out for more than five minutes, wherever the clock jumps', async () => {
		const folder = keep(await closedVault());
		await fc.assert(
			fc.asyncProperty(fc.array(fc.integer({ min: -1_000_000_000_000, max: 1_000_000_000 }), { minLength: 5, maxLength: 8 }), async (jumps) => {
				folder.clock.time = 1_800_000_000_000;
				for (const jump of jumps) {
					folder.clock.time += jump;
					await folder.open({ passphrase: 'wrong' }).catch((error) => expect(error.code).toMatch(/^vault\/(wrong-passphrase|locked-out)$/));
				}
				expect(vaultRetryAfterMs(folder.dir, folder.clock)).toBeLessThanOrEqual(300_000);
				folder.clock.time += vaultRetryAfterMs(folder.dir, folder.clock);
				(await folder.open()).close();
			}),
			{ numRuns: 8 },
		);
	});

	it('cannot shorten its delay by setting the clock back', async () => {
		const folder = keep(await closedVault());
		for (let i = 0; i < 3; i++) await folder.open({ passphrase: 'wrong' }).catch(() => undefined);
		folder.clock.time -= 1_000_000;
		await expect(folder.open()).rejects.toMatchObject({ code: 'vault/locked-out', data: { retryAfterMs: 1000 } });
		folder.clock.time += 999;
		await expect(folder.open()).rejects.toMatchObject({ code: 'vault/locked-out', data: { retryAfterMs: 1 } });
		folder.clock.time += 1;
		(await folder.open()).close();
	});

	it('counts for every call that takes one', async () => {
		const folder = keep(await closedVault());
		const vault = await folder.open();
		const wrong = rejected('vault/wrong-passphrase');
		await expect(vault.verifyPassphrase('x')).rejects.toMatchObject(wrong);
		await expect(vault.revealMnemonic('x')).rejects.toMatchObject(wrong);
		await expect(vault.changePassphrase('x', 'y')).rejects.toMatchObject({ ...wrong, data: { attempts: 3 } });
		await expect(vault.verifyPassphrase(PASSPHRASE)).rejects.toMatchObject(rejected('vault/locked-out'));
		folder.clock.time += 1000;
		await vault.verifyPassphrase(PASSPHRASE);
		vault.close();
	});

	it('starts to count again where the file of attempts is damaged', async () => {
		const folder = keep(await closedVault());
		fs.writeFileSync(join(folder.dir, 'attempts.json'), '{"v":1,"failures":-5');
		await expect(folder.open({ passphrase: 'wrong' })).rejects.toMatchObject({ data: { attempts: 1 } });
		(await folder.open()).close();
	});
});

describe('the cost of argon2id', () => {
	it('is raised when a vault is opened, and never lowered', async () => {
		const folder = keep(await closedVault({ kdf: MINIMUM_KDF }));
		const { kdf: _cheap, ...production } = folder.options;
		const before = readHeader(folder);
		expect(before).toMatchObject(MINIMUM_KDF);
		(await openVault(production)).close();
		expect(readHeader(folder)).toMatchObject(DEFAULT_KDF);
		expect(readHeader(folder).salt).not.toBe(before.salt);
		(await folder.open({ kdf: MINIMUM_KDF })).close();
		expect(readHeader(folder)).toMatchObject(DEFAULT_KDF);
	});

	it('is refused where it is too low or too high', async () => {
		const folder = keep(await closedVault());
		const { kdf: _cheap, ...production } = folder.options;
		await expect(openVault(production)).rejects.toMatchObject({ code: 'vault/weak-kdf', data: CHEAP });
		const dear = keep(await closedVault({ kdf: { m: 8, t: 17, p: 1 } }));
		await expect(dear.open()).rejects.toMatchObject(rejected('vault/weak-kdf'));
	});
});

describe('changing the passphrase', () => {
	it('lets the new one in and the old one out, and keeps everything', async () => {
		const folder = keep(await closedVault());
		const vault = await folder.open();
		vault.settings.set('kept', true);
		await vault.changePassphrase(PASSPHRASE, 'next');
		await vault.verifyPassphrase('next');
		await expect(vault.changePassphrase('next', '')).rejects.toMatchObject(rejected('vault/empty-passphrase'));
		vault.close();
		await expect(folder.open()).rejects.toMatchObject(rejected('vault/wrong-passphrase'));
		const again = await folder.open({ passphrase: 'next' });
		expect((await again.revealMnemonic('next')).reveal()).toEqual(MNEMONIC);
		again.close();
	});
});

describe('the recovery phrase', () => {
	it('is shown for the passphrase only, hidden in a Secret', async () => {
		const vault = await keep(await closedVault()).open();
		const phrase = await vault.revealMnemonic(PASSPHRASE);
		expect(phrase.reveal()).toEqual(MNEMONIC);
		expect(JSON.stringify({ phrase })).not.toContain(MNEMONIC[0]);
		vault.close();
	});

	it('is compared with three answers at least', async () => {
		const vault = await keep(await closedVault()).open();
		const answer = (position: number, word = MNEMONIC[position - 1] ?? '') => ({ position, word });
		expect(vault.matchesMnemonic([answer(1), answer(5), answer(12)])).toBe(true);
		expect(vault.matchesMnemonic([answer(1), answer(5), answer(12, 'zoo')])).toBe(false);
		expect(vault.matchesMnemonic([answer(1), answer(5)])).toBe(false);
		expect(vault.matchesMnemonic([answer(1), answer(1), answer(1)])).toBe(false);
		expect(vault.matchesMnemonic([answer(1), answer(5), answer(13, '')])).toBe(false);
		expect(vault.matchesMnemonic([])).toBe(false);
		vault.close();
	});
});

describe('remember on this device', () => {
	const device = (backend: string, mask = 0x5a): DeviceWrap => ({
		backend,
		wrap: async (bytes) => bytes.map((byte) => byte ^ mask),
		unwrap: async (bytes) => bytes.map((byte) => byte ^ mask),
	});
	const unavailable = rejected('vault/device-unavailable');

	it('opens without the passphrase, survives its change, and can be forgotten', async () => {
		const folder = keep(await closedVault());
		const keychain = device('gnome_libsecret');
		const vault = await folder.open();
		expect(vault.rememberedOnDevice).toBe(false);
		await expect(vault.rememberOnDevice('wrong', keychain)).rejects.toMatchObject(rejected('vault/wrong-passphrase'));
		await vault.rememberOnDevice(PASSPHRASE, keychain);
		await vault.changePassphrase(PASSPHRASE, 'next');
		expect(vault.rememberedOnDevice).toBe(true);
		vault.close();
		const remembered = await openVaultOnDevice({ ...folder.options, device: keychain });
		// The phrase still needs the passphrase.
		await expect(remembered.revealMnemonic('')).rejects.toMatchObject(rejected('vault/wrong-passphrase'));
		await remembered.forgetDevice('next');
		remembered.close();
		await expect(openVaultOnDevice({ ...folder.options, device: keychain })).rejects.toMatchObject(unavailable);
	});

	it('is refused where the device protects nothing', async () => {
		const vault = await keep(await closedVault()).open();
		for (const backend of ['basic_text', 'unknown', '']) await expect(vault.rememberOnDevice(PASSPHRASE, device(backend))).rejects.toMatchObject(unavailable);
		vault.close();
	});

	it('is refused by another backend, another key, or one that fails', async () => {
		const folder = keep(await closedVault());
		const vault = await folder.open();
		await vault.rememberOnDevice(PASSPHRASE, device('keychain'));
		vault.close();
		const open = (wrap: DeviceWrap) => openVaultOnDevice({ ...folder.options, device: wrap });
		await expect(open(device('dpapi'))).rejects.toMatchObject(unavailable);
		await expect(open(device('keychain', 0x11))).rejects.toMatchObject(rejected('vault/damaged'));
		const broken = { ...device('keychain'), unwrap: () => Promise.reject(new Error('the keychain is locked')) };
		await expect(open(broken)).rejects.toMatchObject(unavailable);
	});
});

describe('deleting', () => {
	it('leaves nothing of the vault, and nothing else is touched', async () => {
		const folder = keep(await closedVault());
		await folder.open({ passphrase: 'wrong' }).catch(() => undefined);
		fs.writeFileSync(join(folder.dir, 'vault.db-wal'), 'left over');
		fs.writeFileSync(join(folder.dir, 'vault.db.before-migration'), 'left over');
		fs.writeFileSync(join(folder.dir, 'vault.json.1.tmp'), 'left over');
		fs.writeFileSync(join(folder.dir, 'open-1-abc'), '');
		fs.writeFileSync(join(folder.dir, 'notes.txt'), 'mine');
		deleteVault(folder.dir);
		expect(fs.readdirSync(folder.dir)).toEqual(['notes.txt']);
		expect(vaultExists(folder.dir)).toBe(false);
		await expect(folder.open()).rejects.toMatchObject(rejected('vault/not-found'));
		fs.rmSync(join(folder.dir, 'notes.txt'));
		deleteVault(folder.dir);
		expect(fs.existsSync(folder.dir)).toBe(false);
		deleteVault(folder.dir);
	});

	it('says so where something is left', async () => {
		const folder = keep(await closedVault());
		// A folder under the name of a file cannot be removed as one.
		fs.mkdirSync(join(folder.dir, 'vault.db-wal'));
		expect(() => deleteVault(folder.dir)).toThrow(expect.objectContaining({ code: 'vault/delete-failed' }));
		expect(vaultExists(folder.dir) && fs.readFileSync(join(folder.dir, 'vault.json')).some((byte) => byte !== 0)).toBe(false);
	});
});
