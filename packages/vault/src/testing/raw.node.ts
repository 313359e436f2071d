// Opens a vault's database without this package, as somebody with stock SQLCipher and the passphrase would.
import * as fs from 'node:fs';
import { join } from 'node:path';
import { base64urlDecode, deriveKek, hexEncode, hkdf, open, utf8 } from '@holdfast/crypto';
import SqliteDatabase from 'better-sqlite3-multiple-ciphers';

/** The raw key of the database, as README.md describes it. */
export async function rawDatabaseKey(dir: string, passphrase: string): Promise<string> {
	const header = JSON.parse(fs.readFileSync(join(dir, 'vault.json'), 'utf8'));
	const kek = await deriveKek(passphrase, { m: header.m, t: header.t, p: header.p, salt: base64urlDecode(header.salt) });
	const context = utf8(JSON.stringify(['holdfast/vault/wrapped/v1', header.kdf, header.m, header.t, header.p, header.salt]));
	const vaultKey = open(kek, base64urlDecode(header.wrapped), context);
	return hkdf(vaultKey, { info: 'holdfast/vault/database/v1' }).use(hexEncode);
}

/** Opens a database file with SQLCipher 4's defaults and a raw key. */
export function openRaw(path: string, key: string): SqliteDatabase {
	const sqlite = new SqliteDatabase(path, { fileMustExist: true, timeout: 1000 });
	sqlite.pragma("cipher='sqlcipher'");
	sqlite.pragma('legacy=4');
	sqlite.pragma(`key="x'${key}'"`);
	return sqlite;
}
