import * as fs from 'node:fs';
import { join } from 'node:path';
import { newId, type Random } from '@holdfast/kernel';
import { guarded } from './errors.ts';
import { isRunning, ownFiles, syncFolder } from './files.node.ts';

const MARKER = /^open-(\d+)-[0-9a-z]+$/;

/**
 * A file for each connection, removed when it is closed: one that is left over says that a process
 * ended without closing, so the database is checked before it is used.
 */
export class OpenMarker {
	readonly #dir: string;
	readonly #path: string;
	/** Markers that were there before: of other running processes, or of ones that crashed. */
	readonly others: readonly string[];

	constructor(dir: string, random: Random) {
		this.#dir = dir;
		this.others = ownFiles(dir).filter((name) => MARKER.test(name));
		this.#path = join(dir, `open-${process.pid}-${newId(random)}`);
		guarded(() => {
			fs.writeFileSync(this.#path, '', { mode: 0o600, flag: 'wx' });
			syncFolder(dir);
		});
	}

	/** Forgets the markers of processes that no longer run, after the check that they asked for. */
	forgetCrashed(): void {
		for (const name of this.others) {
			if (!isRunning(Number(MARKER.exec(name)?.[1]))) fs.rmSync(join(this.#dir, name), { force: true });
		}
	}

	remove(): void {
		fs.rmSync(this.#path, { force: true });
	}
}
