import * as fs from 'node:fs';
import { dirname } from 'node:path';
import type { Db } from './database.node.ts';
import { asVaultError, guarded, VaultError } from './errors.ts';
import { syncFolder } from './files.node.ts';
import type { Migration } from './migrations/index.ts';

/** Where the copy from before a migration lies, beside its database. Encrypted with the same key. */
export const backupPath = (database: string): string => `${database}.before-migration`;

/**
 * Brings the database to the last version of `steps`, all steps in one transaction. An existing
 * database is copied first; where a step fails, nothing has changed. Returns whether anything was done.
 *
 * Throws `vault/newer-version` and `vault/migration-failed`.
 */
export function migrate(db: Db, path: string, steps: readonly Migration[]): boolean {
	const target = steps.at(-1)?.version ?? 0;
	if (checkVersion(db, target) === target) return false;
	db.pragma('wal_checkpoint(TRUNCATE)');
	return db.transaction(() => {
		// Again, now that no other process can write: it may have migrated in the meantime.
		const from = checkVersion(db, target);
		if (from === target) return false;
		if (from > 0) copyDatabase(path);
		for (const step of steps.filter((each) => each.version > from)) {
			try {
				db.exec(step.sql);
			} catch (error) {
				const known = asVaultError(error);
				if (known instanceof VaultError && known.code === 'vault/disk-full') throw known;
				throw new VaultError(
					'vault/migration-failed',
					'The vault could not be brought to this version. It is unchanged: use the previous version of Holdfast.',
					{
						data: { version: step.version },
						cause: error,
					},
				);
			}
		}
		db.pragma(`user_version=${target}`);
		return true;
	});
}

function checkVersion(db: Db, target: number): number {
	const version = Number(db.pragma('user_version'));
	if (version > target) {
		throw new VaultError('vault/newer-version', 'This vault was made by a newer Holdfast. Install the newest version.', { data: { version } });
	}
	return version;
}

/**
 * Copies the database and its log, in this order, while the caller holds the write lock: whatever a
 * checkpoint moves during the copy is in the log too, and nothing can be appended to the log.
 */
function copyDatabase(path: string): void {
	guarded(() => {
		const target = backupPath(path);
		for (const suffix of ['', '-wal']) {
			fs.rmSync(target + suffix, { force: true });
			if (!fs.existsSync(path + suffix)) continue;
			fs.copyFileSync(path + suffix, target + suffix, fs.constants.COPYFILE_EXCL);
			const file = fs.openSync(target + suffix, 'r+');
			try {
				fs.fsyncSync(file);
			} finally {
				fs.closeSync(file);
			}
		}
		syncFolder(dirname(path));
	});
}
