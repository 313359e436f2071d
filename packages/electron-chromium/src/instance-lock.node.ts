import { randomUUID } from 'node:crypto';
import { type FSWatcher, linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, unlinkSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a second instance tells the first one. All of it is untrusted input: any process of this user can write it. */
export interface SecondInstance {
	readonly argv: string[];
	readonly workingDirectory: string;
	readonly additionalData: unknown;
}

interface Holder {
	readonly pid: number;
	/** Start time of the process in clock ticks (Linux), so that a pid that was given again is not taken for the holder. */
	readonly started: string;
}

const MAX_MESSAGE_BYTES = 64 * 1024;

const startTimeOf = (pid: number): string => {
	try {
		const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
		return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
	} catch {
		return '';
	}
};

const isAlive = ({ pid, started }: Holder): boolean => {
	try {
		process.kill(pid, 0);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
	}
	return started === '' || startTimeOf(pid) === started;
};

const readHolder = (file: string): Holder | undefined => {
	try {
		const { pid, started } = JSON.parse(readFileSync(file, 'utf8'));
		return typeof pid === 'number' && typeof started === 'string' ? { pid, started } : undefined;
	} catch {
		return undefined;
	}
};

const parseMessage = (text: string): SecondInstance | undefined => {
	try {
		const { argv, workingDirectory, additionalData } = JSON.parse(text);
		if (!Array.isArray(argv) || !argv.every((item) => typeof item === 'string') || typeof workingDirectory !== 'string') return undefined;
		return { argv, workingDirectory, additionalData };
	} catch {
		return undefined;
	}
};

/**
 * One instance per userData folder, decided synchronously as Electron does: a lock file that is made by `link` (it
 * fails when the name exists) and holds the process id. The others leave their arguments as a file in a folder that
 * the first one watches. No socket, so no limit on the length of the path.
 */
export class InstanceLock {
	readonly #file: string;
	readonly #inbox: string;
	readonly #onSecond: (second: SecondInstance) => void;
	#watcher: FSWatcher | undefined;

	constructor(folder: string, onSecond: (second: SecondInstance) => void) {
		this.#file = join(folder, 'instance.lock');
		this.#inbox = join(folder, 'second-instance');
		this.#onSecond = onSecond;
	}

	get isHeld(): boolean {
		return this.#watcher !== undefined;
	}

	/** True when this process is now the one. False when another is: it has then been told. */
	acquire(message: SecondInstance): boolean {
		if (this.isHeld) return true;
		mkdirSync(this.#inbox, { recursive: true, mode: 0o700 });
		for (let attempt = 0; attempt < 5; attempt += 1) {
			if (this.#create()) {
				this.#listen();
				return true;
			}
			const holder = readHolder(this.#file);
			if (holder !== undefined && isAlive(holder)) {
				this.#tell(message);
				return false;
			}
			this.#removeStale(holder);
		}
		this.#tell(message);
		return false;
	}

	release(): void {
		this.#watcher?.close();
		if (this.isHeld) rmSync(this.#file, { force: true });
		this.#watcher = undefined;
	}

	#create(): boolean {
		const own = `${this.#file}.${process.pid}.${randomUUID()}`;
		writeFileSync(own, JSON.stringify({ pid: process.pid, started: startTimeOf(process.pid) }), { mode: 0o600 });
		try {
			linkSync(own, this.#file);
			return true;
		} catch {
			return false;
		} finally {
			unlinkSync(own);
		}
	}

	// Two instances may find the same dead lock. It is moved aside first and looked at again, so a lock that was made meanwhile is put back.
	#removeStale(seen: Holder | undefined): void {
		const aside = `${this.#file}.stale.${randomUUID()}`;
		try {
			renameSync(this.#file, aside);
		} catch {
			return;
		}
		const moved = readHolder(aside);
		if (moved !== undefined && moved.pid !== seen?.pid && isAlive(moved)) {
			try {
				linkSync(aside, this.#file);
			} catch {
				// A third instance holds the name by now; the next attempt sees it.
			}
		}
		rmSync(aside, { force: true });
	}

	#tell(message: SecondInstance): void {
		const name = `${Date.now()}-${randomUUID()}`;
		const text = JSON.stringify(message);
		if (Buffer.byteLength(text) > MAX_MESSAGE_BYTES) return;
		writeFileSync(join(this.#inbox, `${name}.part`), text, { mode: 0o600 });
		renameSync(join(this.#inbox, `${name}.part`), join(this.#inbox, `${name}.json`));
	}

	#listen(): void {
		for (const name of readdirSync(this.#inbox)) rmSync(join(this.#inbox, name), { force: true });
		this.#watcher = watch(this.#inbox, () => this.#collect());
		this.#watcher.unref();
	}

	#collect(): void {
		for (const name of readdirSync(this.#inbox)
			.filter((entry) => entry.endsWith('.json'))
			.sort()) {
			const file = join(this.#inbox, name);
			const text = readFileSync(file, 'utf8');
			rmSync(file, { force: true });
			const message = parseMessage(text);
			if (message !== undefined) this.#onSecond(message);
		}
	}
}
