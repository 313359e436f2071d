import { err, type Result } from '@holdfast/kernel';
import { type UtilityProcess, utilityProcess } from 'electron';
import type { FromVault, ToVault } from '../vault-process/messages.ts';
import { vaultEnvironment } from './security.main.ts';

export interface VaultLinkOptions {
	/** The vault process's program. */
	readonly program: string;
	/** The profile's folder. */
	readonly dir: string;
	/** The folder of the circuits and keys for proofs. */
	readonly circuits: string;
	/** True for a packaged app, which accepts no development keys. */
	readonly production: boolean;
	readonly onEvent: (name: string, payload: unknown) => void;
	readonly onAutoLockMinutes: (minutes: number) => void;
	/** The process ended without being asked to; a new, locked one is already starting. */
	readonly onCrash: () => void;
	readonly chooseFolder: (title: string) => Promise<string | null>;
	readonly chooseFile: (title: string, endings: readonly string[]) => Promise<string | null>;
}

const ENDED = err({ code: 'vault/ended', message: 'The wallet was locked while this was under way. Unlock it to see how far it came.', data: {} });
/** How long the vault process may take to close its database before it is ended. */
const CLOSE_MS = 2000;

/** Main's end of the vault process: calls go in, results and events come out, and locking replaces it. */
export class VaultLink {
	readonly #options: VaultLinkOptions;
	#process: UtilityProcess | undefined;
	#locking: Promise<void> | undefined;
	#pending = new Map<number, (result: Result<unknown>) => void>();
	#seq = 0;
	#idle = false;

	constructor(options: VaultLinkOptions) {
		this.#options = options;
		this.#start();
	}

	get pid(): number | undefined {
		return this.#process?.pid;
	}

	call(name: string, input: unknown): Promise<Result<unknown>> {
		const child = this.#process;
		if (!child) return Promise.resolve(ENDED);
		this.#seq += 1;
		const seq = this.#seq;
		return new Promise((resolve) => {
			this.#pending.set(seq, resolve);
			child.postMessage({ kind: 'call', seq, name, input } satisfies ToVault);
		});
	}

	/** Tells the process whether it may work by itself. */
	idle(idle: boolean): void {
		if (idle === this.#idle) return;
		this.#idle = idle;
		this.#process?.postMessage({ kind: 'idle', idle } satisfies ToVault);
	}

	/** Ends the process, keys and all, and starts a locked one. Asked twice at once, it does it once: a second one would be left behind. */
	lock(): Promise<void> {
		this.#locking ??= this.stop()
			.then(() => this.#start())
			.finally(() => {
				this.#locking = undefined;
			});
		return this.#locking;
	}

	async stop(): Promise<void> {
		const child = this.#process;
		if (!child) return;
		this.#process = undefined;
		await new Promise<void>((resolve) => {
			const timer = setTimeout(() => child.kill(), CLOSE_MS);
			child.once('exit', () => {
				clearTimeout(timer);
				resolve();
			});
			child.postMessage({ kind: 'close' } satisfies ToVault);
		});
		this.#abandon();
	}

	#abandon(): void {
		for (const resolve of this.#pending.values()) resolve(ENDED);
		this.#pending.clear();
	}

	#start(): void {
		const child = utilityProcess.fork(this.#options.program, [], {
			serviceName: 'Holdfast vault',
			env: vaultEnvironment(process.env),
			stdio: 'ignore',
		});
		this.#process = child;
		this.#idle = false;
		child.on('message', (message: FromVault) => this.#receive(child, message));
		child.on('exit', () => {
			if (this.#process !== child) return;
			this.#process = undefined;
			this.#abandon();
			this.#start();
			this.#options.onCrash();
		});
		const { dir, circuits, production } = this.#options;
		child.postMessage({ kind: 'start', dir, circuits, production } satisfies ToVault);
	}

	#receive(child: UtilityProcess, message: FromVault): void {
		if (message.kind === 'result') {
			this.#pending.get(message.seq)?.(message.result);
			this.#pending.delete(message.seq);
		} else if (message.kind === 'event') this.#options.onEvent(message.name, message.payload);
		else if (message.kind === 'auto-lock') this.#options.onAutoLockMinutes(message.minutes);
		else if (message.kind === 'ask') {
			const { chooseFile, chooseFolder } = this.#options;
			const chosen = message.question === 'file' ? chooseFile(message.title, message.endings) : chooseFolder(message.title);
			void chosen.then((value) => child.postMessage({ kind: 'answer', seq: message.seq, value } satisfies ToVault));
		}
	}
}
