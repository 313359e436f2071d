import { execFileSync, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { base64urlEncode, sha256 } from '@holdfast/crypto';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createVault, type Vault } from './index.ts';
import { credentialRow } from './testing/rows.ts';
import { closedVault, emptyFolder, MNEMONIC, type TestVault } from './testing/vaults.node.ts';

const damagedDatabase = { code: 'vault/damaged', data: { part: 'database' } };
const damagedHeader = { code: 'vault/damaged', data: { part: 'header' } };

let folder: TestVault;
let files: ReadonlyMap<string, Uint8Array>;
beforeAll(async () => {
	folder = await closedVault();
	const vault = await folder.open();
	vault.credentials.insertMany(Array.from({ length: 60 }, (_, i) => credentialRow({ id: `c${i}`, raw: 'x'.repeat(400) })));
	vault.close();
	files = new Map(fs.readdirSync(folder.dir).map((name) => [name, new Uint8Array(fs.readFileSync(join(folder.dir, name)))]));
});
afterEach(() => {
	for (const name of fs.readdirSync(folder.dir)) fs.rmSync(join(folder.dir, name), { recursive: true });
	for (const [name, bytes] of files) fs.writeFileSync(join(folder.dir, name), bytes);
});
afterAll(() => folder.remove());

const path = (name: string) => join(folder.dir, name);
const original = (name: string) => files.get(name) ?? new Uint8Array();
const uncleanExit = () => fs.writeFileSync(path('open-4194399-crashed'), '');

function flip(name: string, bit: number): void {
	const bytes = Uint8Array.from(original(name));
	const at = bit % (bytes.length * 8);
	bytes[at >> 3] = (bytes[at >> 3] ?? 0) ^ (1 << (at & 7));
	fs.writeFileSync(path(name), bytes);
}

/** What a person would notice: opens and reads everything. */
async function openAndRead(): Promise<string> {
	let vault: Vault | undefined;
	try {
		vault = await folder.open();
		return `${vault.credentials.list().length} credentials`;
	} catch (error) {
		return (error as { code: string }).code;
	} finally {
		vault?.close();
	}
}

describe('a damaged database', () => {
	it('is noticed after an unclean exit, whatever bit is flipped', async () => {
		await fc.assert(
			fc.asyncProperty(fc.nat(), async (bit) => {
				flip('vault.db', bit);
				uncleanExit();
				await expect(folder.open()).rejects.toMatchObject(damagedDatabase);
			}),
			{ numRuns: 40 },
		);
	});

	it('gives the right rows or an error, never a wrong row, without that check', async () => {
		await fc.assert(
			fc.asyncProperty(fc.nat(), async (bit) => {
				flip('vault.db', bit);
				expect(await openAndRead()).toMatch(/^(60 credentials|vault\/damaged)$/);
			}),
			{ numRuns: 40 },
		);
	});

	it('is noticed where it is truncated', async () => {
		const { length } = original('vault.db');
		for (const size of [0, 1, 15, 100, 4095, 4096, 4097, length - 4096, length - 1]) {
			fs.writeFileSync(path('vault.db'), original('vault.db').subarray(0, size));
			expect([size, await openAndRead()]).toEqual([size, 'vault/damaged']);
		}
	});

	it('is noticed where it is missing, and no empty one is made', async () => {
		fs.rmSync(path('vault.db'));
		await expect(folder.open()).rejects.toMatchObject(damagedDatabase);
		expect(fs.existsSync(path('vault.db'))).toBe(false);
	});

	it('is noticed where it is the one of another vault', async () => {
		const other = await closedVault();
		fs.copyFileSync(join(other.dir, 'vault.db'), path('vault.db'));
		await expect(folder.open()).rejects.toMatchObject(damagedDatabase);
		other.remove();
	});

	it('leaves no trace of a failed opening behind', async () => {
		fs.writeFileSync(path('vault.db'), 'no database');
		await expect(folder.open()).rejects.toMatchObject(damagedDatabase);
		expect(fs.readdirSync(folder.dir).filter((name) => name.startsWith('open-'))).toEqual([]);
	});
});

describe('an unclean exit', () => {
	it('is forgotten after the check', async () => {
		uncleanExit();
		expect(await openAndRead()).toBe('60 credentials');
		expect(fs.readdirSync(folder.dir).filter((name) => name.startsWith('open-'))).toEqual([]);
	});
});

describe('a damaged header', () => {
	it('is repaired from its copy, whatever bit is flipped', async () => {
		await fc.assert(
			fc.asyncProperty(fc.nat(), fc.constantFrom('vault.json', 'vault.json.copy'), async (bit, name) => {
				for (const each of ['vault.json', 'vault.json.copy']) fs.writeFileSync(path(each), original(each));
				flip(name, bit);
				expect(await openAndRead()).toBe('60 credentials');
				expect(new Uint8Array(fs.readFileSync(path('vault.json')))).toEqual(new Uint8Array(fs.readFileSync(path('vault.json.copy'))));
			}),
			{ numRuns: 25 },
		);
	});

	it('is told from a wrong passphrase where the copy is damaged too, and does not count as an attempt', async () => {
		for (const content of ['', '{}', 'null', '[1]', '\0', '{"v":1}', 'x'.repeat(100_000)]) {
			for (const name of ['vault.json', 'vault.json.copy']) fs.writeFileSync(path(name), content);
			await expect(folder.open()).rejects.toMatchObject(damagedHeader);
		}
		expect(new Uint8Array(fs.readFileSync(path('attempts.json')))).toEqual(original('attempts.json'));
	});

	it('is repaired where one of both is missing', async () => {
		fs.rmSync(path('vault.json'));
		expect(await openAndRead()).toBe('60 credentials');
		fs.rmSync(path('vault.json.copy'));
		expect(await openAndRead()).toBe('60 credentials');
		expect(fs.existsSync(path('vault.json.copy'))).toBe(true);
	});

	it('cannot be edited: not even with a right checksum', async () => {
		const header = JSON.parse(new TextDecoder().decode(original('vault.json')));
		for (const patch of [
			{ t: 2 },
			{ m: 16 },
			{ salt: 'AAAAAAAAAAAAAAAAAAAAAA' },
			{ wrapped: header.wrapped.replace(/^./, 'A').replace(/^A(.)/, 'B$1') },
			{ device: { backend: 'keychain', wrapped: 'AA' } },
		]) {
			const next = { ...header, ...patch };
			const canonical = JSON.stringify([
				next.v,
				next.kdf,
				next.m,
				next.t,
				next.p,
				next.salt,
				next.wrapped,
				next.device && [next.device.backend, next.device.wrapped],
			]);
			next.checksum = base64urlEncode(sha256(`${canonical}.${next.mac}`));
			for (const name of ['vault.json', 'vault.json.copy']) fs.writeFileSync(path(name), JSON.stringify(next));
			// Whoever edits it cannot make the passphrase fit; the device's part is covered by the MAC.
			expect(await openAndRead()).toBe('device' in patch ? 'vault/damaged' : 'vault/wrong-passphrase');
			folder.clock.time += 1_000_000;
		}
	});

	it('of a newer version is left alone', async () => {
		const header = JSON.parse(new TextDecoder().decode(original('vault.json')));
		fs.writeFileSync(path('vault.json'), JSON.stringify({ ...header, v: 2, kdf: 'argon3' }));
		await expect(folder.open()).rejects.toMatchObject({ code: 'vault/newer-version', data: { version: 2 } });
		expect(JSON.parse(fs.readFileSync(path('vault.json'), 'utf8')).v).toBe(2);
	});
});

describe('a folder that cannot be written', () => {
	it('gives vault/read-only', () => {
		fs.chmodSync(folder.dir, 0o555);
		// Readable for the other user, as a mounted backup would be.
		fs.chmodSync(join(folder.dir, '..'), 0o755);
		for (const name of files.keys()) fs.chmodSync(path(name), 0o444);
		try {
			const child = join(import.meta.dirname, 'testing/child.node.ts');
			expect(spawnSync(process.execPath, [child, 'open-unprivileged', folder.dir], { encoding: 'utf8' }).stdout).toBe('vault/read-only\n');
		} finally {
			fs.chmodSync(folder.dir, 0o755);
		}
	});

	it('gives a coded error when the vault is created', async () => {
		const parent = emptyFolder();
		// A file where the folder should be made: nobody can make one below it, root included.
		const file = join(parent.dir, '..', 'file');
		fs.writeFileSync(file, '');
		await expect(createVault({ ...parent.options, dir: join(file, 'vault'), mnemonic: MNEMONIC })).rejects.toMatchObject({
			code: expect.stringMatching(/^vault\/(read-only|io)$/),
		});
		expect(fs.readFileSync(file, 'utf8')).toBe('');
		parent.remove();
	});
});

const canMount =
	process.platform === 'linux' && process.getuid?.() === 0 && spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', '/mnt']).status === 0;
if (canMount) execFileSync('umount', ['/mnt']);

describe('a full disk', () => {
	// Needs a file system of its own, hence root on Linux; skipped elsewhere.
	it.skipIf(!canMount)('gives vault/disk-full, loses nothing, and goes on when there is room', async () => {
		const mount = fs.mkdtempSync('/mnt/holdfast-');
		execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', mount]);
		const small = emptyFolder(mount);
		let vault: Vault | undefined;
		try {
			vault = await createVault({ ...small.options, mnemonic: MNEMONIC });
			const stored: string[] = [];
			let full: unknown;
			for (let i = 0; full === undefined && i < 200; i++) {
				try {
					const rows = ['a', 'b'].map((copy) => credentialRow({ id: `${copy}${i}`, raw: 'y'.repeat(15_000) }));
					vault.credentials.insertMany(rows);
					stored.push(...rows.map((row) => row.id));
				} catch (error) {
					full = error;
				}
			}
			expect(full).toMatchObject({ code: 'vault/disk-full' });
			expect(stored.length).toBeGreaterThan(10);
			expect(
				vault.credentials
					.list()
					.map((row) => row.id)
					.sort(),
			).toEqual([...stored].sort());
			fs.writeFileSync(join(mount, 'filler'), '');
			try {
				for (;;) fs.appendFileSync(join(mount, 'filler'), 'z'.repeat(4096));
			} catch {
				// Now not even a header fits.
			}
			await expect(vault.changePassphrase(small.options.passphrase, 'next')).rejects.toMatchObject({ code: 'vault/disk-full' });
			fs.rmSync(join(mount, 'filler'));
			vault.close();
			execFileSync('mount', ['-o', 'remount,size=8m', mount]);
			vault = await small.open();
			expect(
				vault.credentials
					.list()
					.map((row) => row.id)
					.sort(),
			).toEqual([...stored].sort());
			vault.credentials.insertMany([credentialRow({ id: 'more', raw: 'y'.repeat(15_000) })]);
			expect(vault.credentials.get('more')).toBeDefined();
		} finally {
			vault?.close();
			execFileSync('umount', [mount]);
			fs.rmdirSync(mount);
		}
	});
});
