import * as fs from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { generateKeyPair, hexEncode, mnemonicToSeed } from '@holdfast/crypto';
import { systemRandom } from '@holdfast/kernel';
import { afterEach, describe, expect, it } from 'vitest';
import { createVault } from './index.ts';
import { openRaw, rawDatabaseKey } from './testing/raw.node.ts';
import { credentialRow, exchangeRow } from './testing/rows.ts';
import { closedVault, emptyFolder, MNEMONIC, PASSPHRASE, type TestVault } from './testing/vaults.node.ts';

const folders: TestVault[] = [];
afterEach(() => {
	for (const folder of folders.splice(0)) folder.remove();
});

const CLAIM = 'canary-claim-Ada-Lovelace-1815';

describe('nothing of it is on the disk in the clear', () => {
	it('not in the database, its log, the header, nor any other file', async () => {
		const folder = emptyFolder();
		folders.push(folder);
		const imported = generateKeyPair('Secp256k1', systemRandom);
		const secrets = [
			CLAIM,
			PASSPHRASE,
			'canary-next-passphrase',
			MNEMONIC.join(' '),
			...MNEMONIC,
			...[mnemonicToSeed(MNEMONIC), imported.privateKey].flatMap((secret) =>
				secret.use((bytes) => [Buffer.from(bytes).toString('latin1'), hexEncode(bytes), Buffer.from(bytes).toString('base64url')]),
			),
		].map((text) => Buffer.from(text, 'latin1'));
		const names = new Set<string>();
		const look = () => {
			for (const entry of fs.readdirSync(join(folder.dir, '..'), { recursive: true, withFileTypes: true })) {
				if (!entry.isFile()) continue;
				names.add(entry.name.replace(/\d.*/, ''));
				const content = fs.readFileSync(join(entry.parentPath, entry.name));
				for (const secret of secrets) expect([entry.name, content.includes(secret)]).toEqual([entry.name, false]);
			}
		};

		const vault = await createVault({ ...folder.options, mnemonic: MNEMONIC });
		vault.keys.insert({ kid: 'k', type: 'Secp256k1', publicKeyHex: '00', path: null, purpose: 'did', alias: CLAIM, createdAt: 1 }, imported.privateKey);
		vault.credentials.insertMany(Array.from({ length: 300 }, (_, i) => credentialRow({ id: `c${i}`, raw: `${CLAIM}.${i}`, display: { name: CLAIM } })));
		vault.exchanges.insert(exchangeRow({ payload: { claim: CLAIM } }));
		vault.cache.put(CLAIM, CLAIM, 1);
		look();
		// Sorting and grouping would write temporary files.
		vault.credentials.groups();
		vault.credentials.delete('c7');
		await vault.changePassphrase(PASSPHRASE, 'canary-next-passphrase');
		await vault.verifyPassphrase('wrong').catch(() => undefined);
		look();
		vault.close();
		look();
		expect([...names].sort()).toEqual(['attempts.json', 'open-', 'vault.db', 'vault.db-shm', 'vault.db-wal', 'vault.json', 'vault.json.copy']);
	});

	it('nor is the search itself blind', async () => {
		const folder = await closedVault();
		folders.push(folder);
		expect(fs.readFileSync(join(folder.dir, 'vault.json')).includes(Buffer.from('argon2id'))).toBe(true);
	});
});

describe('errors and printing', () => {
	it('hold no passphrase, word, claim, key or path', async () => {
		const folder = await closedVault();
		folders.push(folder);
		const vault = await folder.open();
		const caught: unknown[] = [];
		const attempt = async (work: () => unknown) => {
			try {
				await work();
			} catch (error) {
				caught.push(error);
			}
		};
		const row = credentialRow({ raw: CLAIM });
		vault.credentials.insertMany([row]);
		await attempt(() => vault.credentials.insertMany([row]));
		await attempt(() => vault.credentials.insertMany([{ ...row, id: 'other', uses: CLAIM as unknown as number }]));
		await attempt(() => vault.verifyPassphrase('canary-wrong'));
		await attempt(() => createVault({ ...folder.options, mnemonic: MNEMONIC }));
		await attempt(() => createVault({ ...folder.options, mnemonic: ['canaryword', ...MNEMONIC.slice(1)] }));
		const shown = [
			...caught.map((error) => inspect(error, { depth: 9 }).replaceAll(/\n\s+at .*/g, '')),
			inspect(vault, { depth: 9 }),
			JSON.stringify(vault),
			String(vault),
		];
		vault.close();
		await attempt(() => vault.keys.list());
		expect(caught).toHaveLength(6);
		for (const text of shown) {
			for (const secret of ['canary', CLAIM, PASSPHRASE, MNEMONIC.join(' ')]) expect(text).not.toContain(secret);
		}
		for (const error of caught) expect(JSON.stringify((error as { toInfo(): unknown }).toInfo())).not.toContain(folder.dir);
	});
});

describe('the file format', () => {
	it('is SQLCipher 4 with the raw key that README.md describes', async () => {
		const folder = await closedVault();
		folders.push(folder);
		const vault = await folder.open();
		vault.credentials.insertMany([credentialRow({ raw: CLAIM })]);
		vault.close();
		const sqlite = openRaw(join(folder.dir, 'vault.db'), await rawDatabaseKey(folder.dir, PASSPHRASE));
		expect(sqlite.prepare('SELECT raw FROM credentials').all({})).toEqual([{ raw: CLAIM }]);
		expect(sqlite.pragma('integrity_check', { simple: true })).toBe('ok');
		expect(sqlite.pragma('journal_mode', { simple: true })).toBe('wal');
		expect(sqlite.pragma('application_id', { simple: true })).toBe(0x484f4c44);
		sqlite.close();
		const wrong = openRaw(join(folder.dir, 'vault.db'), '00'.repeat(32));
		expect(() => wrong.pragma('user_version')).toThrow(/not a database/);
		wrong.close();
	});

	it('refuses to change or delete an entry of the activity log, even in SQL', async () => {
		const folder = await closedVault();
		folders.push(folder);
		const vault = await folder.open();
		vault.activity.append({ id: 'a', at: 1, kind: 'k', title: '', peer: null, shared: [], outcome: 'done', detail: null, exchangeId: null, report: null });
		vault.close();
		const sqlite = openRaw(join(folder.dir, 'vault.db'), await rawDatabaseKey(folder.dir, PASSPHRASE));
		for (const sql of ['DELETE FROM activity', "UPDATE activity SET title='x'"]) expect(() => sqlite.exec(sql)).toThrow(/append-only/);
		sqlite.close();
	});
});
