import { HoldfastError, type JsonObject } from '@holdfast/kernel';

export type VaultErrorCode =
	| 'vault/exists'
	| 'vault/not-found'
	| 'vault/wrong-passphrase'
	| 'vault/locked-out'
	| 'vault/empty-passphrase'
	| 'vault/weak-kdf'
	| 'vault/damaged'
	| 'vault/newer-version'
	| 'vault/migration-failed'
	| 'vault/read-only'
	| 'vault/disk-full'
	| 'vault/busy'
	| 'vault/io'
	| 'vault/closed'
	| 'vault/conflict'
	| 'vault/bad-row'
	| 'vault/async-transaction'
	| 'vault/device-unavailable'
	| 'vault/delete-failed';

/** Every error of this package. Its data never holds a row, a passphrase, a key or a path. */
export class VaultError extends HoldfastError {
	declare readonly code: VaultErrorCode;

	constructor(code: VaultErrorCode, message: string, options: { data?: JsonObject; cause?: unknown } = {}) {
		super(code, message, options);
		this.name = 'VaultError';
	}
}

/** Which part of the vault is damaged. */
export type VaultPart = 'header' | 'database';

export const damaged = (part: VaultPart, cause?: unknown): VaultError =>
	new VaultError('vault/damaged', 'The vault on this disk is damaged. Restore it from a backup, or make it again from your recovery phrase.', {
		data: { part },
		...(cause === undefined ? {} : { cause }),
	});

/** What SQLite or the file system reported, as one of our errors; anything else is given back as it is. */
export function asVaultError(error: unknown): unknown {
	if (error instanceof HoldfastError) return error;
	const code = systemCode(error);
	if (code === undefined) return error;
	if (code === 'SQLITE_FULL' || code === 'ENOSPC' || code === 'EDQUOT') {
		return new VaultError('vault/disk-full', 'The disk is full. Make room, then try again; nothing was lost.', { cause: error });
	}
	if (/^SQLITE_(READONLY|CANTOPEN|PERM)/.test(code) || code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
		return new VaultError('vault/read-only', 'Holdfast may not write to its folder. Check the permissions of the folder and the disk.', { cause: error });
	}
	if (/^SQLITE_(CORRUPT|NOTADB)/.test(code) || code === 'SQLITE_IOERR_SHORT_READ' || code === 'SQLITE_IOERR_DATA') return damaged('database', error);
	if (/^SQLITE_(BUSY|LOCKED)/.test(code)) {
		return new VaultError('vault/busy', 'Another Holdfast process is writing to the vault. Try again in a moment.', { cause: error });
	}
	if (code.startsWith('SQLITE_CONSTRAINT')) {
		return new VaultError('vault/conflict', 'This entry contradicts one that is already in the vault.', { cause: error });
	}
	if (code === 'ENOTDIR' || code === 'EISDIR' || code === 'ELOOP' || code === 'ENAMETOOLONG') {
		return new VaultError('vault/io', 'This folder cannot hold a wallet. Choose another one.', { cause: error });
	}
	if (code.startsWith('SQLITE_IOERR') || code === 'EIO') return new VaultError('vault/io', 'The disk reported an error. Check the disk.', { cause: error });
	return error;
}

/** Runs `work` and turns what it throws into our errors. */
export function guarded<T>(work: () => T): T {
	try {
		return work();
	} catch (error) {
		throw asVaultError(error);
	}
}

export function systemCode(error: unknown): string | undefined {
	if (!(error instanceof Error) || !('code' in error)) return undefined;
	return typeof error.code === 'string' ? error.code : undefined;
}

/** A compare-and-set that found something else than was expected. */
export const conflict = (): VaultError => new VaultError('vault/conflict', 'This step was already taken, or is no longer possible.');
