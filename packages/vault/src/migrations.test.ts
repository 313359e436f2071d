import * as fs from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createVault, type Vault } from './index.ts';
import { migrations } from './migrations/index.ts';
import { openRaw, rawDatabaseKey } from './testing/raw.node.ts';
import { credentialRow, exchangeRow } from './testing/rows.ts';
import { emptyFolder, MNEMONIC, PASSPHRASE, type TestVault } from './testing/vaults.node.ts';

const folders: TestVault[] = [];
afterEach(() => {
	for (const folder of folders.splice(0)) folder.remove();
});

/** A vault with the schema of `version` and rows in all tables that it has. */
async function vaultOf(version: number): Promise<TestVault> {
	const folder = emptyFolder();
	folders.push(folder);
	const vault = await createVault({ ...folder.options, mnemonic: MNEMONIC, migrations: migrations.slice(0, version) });
	vault.settings.set('theme', 'dark');
	vault.keys.insert({ kid: 'k', type: 'Ed25519', publicKeyHex: '00', path: "m/0'", purpose: 'did', alias: null, createdAt: 1 });
	vault.keys.nextIndex('did');
	if (version >= 2) {
		vault.credentials.insertMany([credentialRow({ id: 'c', raw: 'kept' })]);
		vault.exchanges.insert(exchangeRow({ id: 'x' }));
	}
	vault.close();
	return folder;
}

function expectRows(vault: Vault, version: number): void {
	expect(vault.settings.get('theme', { safeParse: (data: unknown) => ({ success: true, data }) } as never)).toBe('dark');
	expect(vault.keys.get('k')?.path).toBe("m/0'");
	expect(vault.keys.nextIndex('did')).toBeGreaterThan(0);
	if (version >= 2) {
		expect(vault.credentials.get('c')?.raw).toBe('kept');
		expect(vault.exchanges.open().map((row) => row.id)).toEqual(['x']);
	}
}

async function schemaOf(folder: TestVault): Promise<unknown> {
	const sqlite = openRaw(join(folder.dir, 'vault.db'), await rawDatabaseKey(folder.dir, PASSPHRASE));
	try {
		return [sqlite.pragma('user_version', { simple: true }), sqlite.prepare('SELECT type, name, sql FROM sqlite_master ORDER BY type, name').all({})];
	} finally {
		sqlite.close();
	}
}

describe('migrations', () => {
	it('are numbered from 1 without gaps', () => expect(migrations.map((step) => step.version)).toEqual(migrations.map((_, i) => i + 1)));

	for (const { version } of migrations.slice(0, -1)) {
		it(`bring version ${version} to the newest, keep every row, and keep a copy from before`, async () => {
			const folder = await vaultOf(version);
			const vault = await folder.open();
			expectRows(vault, version);
			vault.close();
			expect(await schemaOf(folder)).toEqual(await schemaOf(await vaultOf(migrations.length)));

			// The copy is a database of the old version: put in place, it opens as one.
			const copy = join(folder.dir, 'vault.db.before-migration');
			expect(fs.existsSync(copy)).toBe(true);
			const restored = emptyFolder();
			folders.push(restored);
			fs.mkdirSync(restored.dir);
			for (const name of ['vault.json', 'vault.json.copy']) fs.copyFileSync(join(folder.dir, name), join(restored.dir, name));
			fs.copyFileSync(copy, join(restored.dir, 'vault.db'));
			const old = await restored.open({ migrations: migrations.slice(0, version) });
			expectRows(old, version);
			old.close();

			(await folder.open()).close();
			expect(fs.existsSync(copy)).toBe(false);
		});
	}

	it('that fail change nothing', async () => {
		const folder = await vaultOf(2);
		const before = await schemaOf(folder);
		const broken = [
			...migrations.slice(0, 2),
			{ version: 3, name: 'broken', sql: 'CREATE TABLE half (a TEXT) STRICT; DELETE FROM keys; CREATE TABLE half (a TEXT) STRICT;' },
		];
		await expect(folder.open({ migrations: broken })).rejects.toMatchObject({ code: 'vault/migration-failed', data: { version: 3 } });
		expect(await schemaOf(folder)).toEqual(before);
		const vault = await folder.open();
		expectRows(vault, 2);
		vault.close();
	});

	it('do not open what a newer version has made', async () => {
		const folder = emptyFolder();
		folders.push(folder);
		const newer = [...migrations, { version: migrations.length + 1, name: 'future', sql: 'CREATE TABLE future (a TEXT) STRICT' }];
		(await createVault({ ...folder.options, mnemonic: MNEMONIC, migrations: newer })).close();
		await expect(folder.open()).rejects.toMatchObject({ code: 'vault/newer-version', data: { version: migrations.length + 1 } });
		(await folder.open({ migrations: newer })).close();
	});

	it('of two processes at once are done once', async () => {
		const folder = await vaultOf(1);
		const [a, b] = await Promise.all([folder.open(), folder.open()]);
		expectRows(a, 1);
		expectRows(b, 1);
		a.close();
		b.close();
	});
});
