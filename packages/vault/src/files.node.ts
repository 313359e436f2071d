import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import { guarded, systemCode } from './errors.ts';

/** The files of a vault, all in one folder. */
export const vaultFiles = (dir: string) => ({
	header: join(dir, 'vault.json'),
	headerCopy: join(dir, 'vault.json.copy'),
	attempts: join(dir, 'attempts.json'),
	database: join(dir, 'vault.db'),
});

/** Names that belong to a vault, with what SQLite and an interrupted write leave beside them. */
export const OWN_FILE: RegExp = /^(?:vault\.(?:json|db)|attempts\.json|open-\d+-[0-9a-z]+)(?:[.-].*)?$/;

/**
 * Replaces a file so that a reader, or a power cut at any moment, finds either the old content or the
 * new one: temporary file, fsync, rename, fsync of the folder. The file is readable by its owner only.
 */
export function writeFileAtomic(path: string, content: string): void {
	guarded(() => {
		const temporary = `${path}.${process.pid}.tmp`;
		const file = fs.openSync(temporary, 'w', 0o600);
		try {
			fs.writeFileSync(file, content);
			fs.fsyncSync(file);
		} finally {
			fs.closeSync(file);
		}
		fs.renameSync(temporary, path);
		syncFolder(dirname(path));
	});
}

/** Makes renames, creations and deletions in `dir` durable. */
export function syncFolder(dir: string): void {
	// Windows opens no folders; NTFS journals its metadata.
	if (process.platform === 'win32') return;
	const folder = fs.openSync(dir, 'r');
	try {
		fs.fsyncSync(folder);
	} finally {
		fs.closeSync(folder);
	}
}

/** The text of a file, or undefined where there is none. */
export function readTextFile(path: string): string | undefined {
	return guarded(() => {
		try {
			return fs.readFileSync(path, 'utf8');
		} catch (error) {
			if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return undefined;
			throw error;
		}
	});
}

/** The names of a vault's own files in `dir`; none where the folder does not exist. */
export function ownFiles(dir: string): string[] {
	return guarded(() => {
		try {
			return fs.readdirSync(dir).filter((name) => OWN_FILE.test(name));
		} catch (error) {
			if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return [];
			throw error;
		}
	});
}

/** Whether a process with this id runs. */
export function isRunning(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		// EPERM: it runs, for somebody else.
		return systemCode(error) === 'EPERM';
	}
}

/** Removes what writes that were interrupted have left, except those of processes that still run. */
export function removeTemporaries(dir: string): void {
	for (const name of ownFiles(dir)) {
		const pid = /\.(\d+)\.tmp$/.exec(name)?.[1];
		if (pid !== undefined && !isRunning(Number(pid))) fs.rmSync(join(dir, name), { force: true });
	}
}
