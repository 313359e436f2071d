import { EventEmitter } from 'node:events';
import { mkdirSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { InstanceLock } from './instance-lock.node.ts';

/** An event whose default the listener can prevent, as Electron's. */
export interface PreventableEvent {
	readonly defaultPrevented: boolean;
	preventDefault(): void;
}

export function preventable<T extends object>(details?: T): PreventableEvent & T {
	let prevented = false;
	const event = {
		get defaultPrevented() {
			return prevented;
		},
		preventDefault() {
			prevented = true;
		},
	};
	return Object.assign(event, details);
}

/** What the app runs in: where it is, how it was started. */
export interface AppHost {
	readonly appPath: string;
	readonly name: string;
	readonly version: string;
	readonly argv: readonly string[];
	readonly env: NodeJS.ProcessEnv;
}

/** What `app` needs of the windows, to quit. */
export interface WindowList {
	/** Asks each window to close. False when one of them refused. */
	closeAll(): Promise<boolean>;
	destroyAll(): Promise<void>;
}

const appDataFolder = (env: NodeJS.ProcessEnv): string => {
	if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support');
	if (process.platform === 'win32') return env.APPDATA ?? join(homedir(), 'AppData', 'Roaming');
	return env.XDG_CONFIG_HOME ?? join(homedir(), '.config');
};

/** Switches of the command line: `--name` and `--name=value` before the first `--`. */
export class CommandLine {
	readonly #switches = new Map<string, string>();
	readonly #appended: string[] = [];

	constructor(argv: readonly string[]) {
		for (const argument of argv) {
			if (argument === '--') break;
			const match = /^--([^=]+)(?:=(.*))?$/s.exec(argument);
			if (match?.[1] !== undefined) this.#switches.set(match[1], match[2] ?? '');
		}
	}

	appendSwitch(name: string, value?: string): void {
		this.#switches.set(name, value ?? '');
		this.#appended.push(value === undefined ? `--${name}` : `--${name}=${value}`);
	}

	hasSwitch(name: string): boolean {
		return this.#switches.has(name);
	}

	getSwitchValue(name: string): string {
		return this.#switches.get(name) ?? '';
	}

	removeSwitch(name: string): void {
		this.#switches.delete(name);
	}

	/** What the app itself added, for Chromium's command line. What a user typed is not passed on. */
	get appended(): readonly string[] {
		return this.#appended;
	}
}

/** Electron's `app`, as far as this app uses it. */
export class App extends EventEmitter {
	readonly commandLine: CommandLine;
	readonly #host: AppHost;
	readonly #paths = new Map<string, string>();
	readonly #ready = Promise.withResolvers<void>();
	readonly #windows: WindowList;
	#name: string;
	#isReady = false;
	#quitting = false;
	#lock: InstanceLock | undefined;

	constructor(host: AppHost, windows: WindowList) {
		super();
		this.#host = host;
		this.#name = host.name;
		this.#windows = windows;
		this.commandLine = new CommandLine(host.argv.slice(1));
	}

	/** True only with `HOLDFAST_PACKAGED=1`: this shell has no package of its own to recognise. */
	get isPackaged(): boolean {
		return this.#host.env.HOLDFAST_PACKAGED === '1';
	}

	get name(): string {
		return this.#name;
	}

	isReady(): boolean {
		return this.#isReady;
	}

	whenReady(): Promise<void> {
		return this.#ready.promise;
	}

	/** For the runner: the main script has been evaluated. */
	markReady(): void {
		if (this.#isReady) return;
		mkdirSync(this.getPath('userData'), { recursive: true, mode: 0o700 });
		this.#isReady = true;
		this.#ready.resolve();
		this.emit('ready', preventable(), {});
	}

	getName(): string {
		return this.#name;
	}

	setName(name: string): void {
		this.#name = name;
	}

	getVersion(): string {
		return this.#host.version;
	}

	getAppPath(): string {
		return this.#host.appPath;
	}

	getLocale(): string {
		return Intl.DateTimeFormat().resolvedOptions().locale;
	}

	getPath(name: string): string {
		const known = this.#paths.get(name);
		if (known !== undefined) return known;
		switch (name) {
			case 'home':
				return homedir();
			case 'appData':
				return appDataFolder(this.#host.env);
			case 'userData':
			case 'sessionData': {
				const chosen = this.commandLine.getSwitchValue('user-data-dir');
				return chosen === '' ? join(this.getPath('appData'), this.#name) : resolve(chosen);
			}
			case 'temp':
				return tmpdir();
			case 'logs':
				return join(this.getPath('userData'), 'logs');
			case 'exe':
				return this.#host.argv[0] ?? process.execPath;
			case 'desktop':
			case 'documents':
			case 'downloads':
			case 'music':
			case 'pictures':
			case 'videos':
				return join(homedir(), `${name[0]?.toUpperCase()}${name.slice(1)}`);
			default:
				throw new Error(`Failed to get '${name}' path`);
		}
	}

	setPath(name: string, path: string): void {
		this.#paths.set(name, path);
	}

	requestSingleInstanceLock(additionalData?: Record<PropertyKey, unknown>): boolean {
		this.#lock ??= new InstanceLock(this.getPath('userData'), (second) => {
			this.emit('second-instance', preventable(), second.argv, second.workingDirectory, second.additionalData);
		});
		return this.#lock.acquire({ argv: [...this.#host.argv], workingDirectory: process.cwd(), additionalData });
	}

	hasSingleInstanceLock(): boolean {
		return this.#lock?.isHeld ?? false;
	}

	releaseSingleInstanceLock(): void {
		this.#lock?.release();
	}

	/** Always false: there is no installed application to register. */
	setAsDefaultProtocolClient(_protocol: string): boolean {
		return false;
	}

	removeAsDefaultProtocolClient(_protocol: string): boolean {
		return false;
	}

	isDefaultProtocolClient(_protocol: string): boolean {
		return false;
	}

	/** Chromium's renderers are sandboxed anyway, except as root. */
	enableSandbox(): void {
		if (this.#isReady) throw new Error('app.enableSandbox() can only be called before app is ready');
	}

	disableHardwareAcceleration(): void {
		if (this.#isReady) throw new Error('app.disableHardwareAcceleration() can only be called before app is ready');
		this.commandLine.appendSwitch('disable-gpu');
	}

	quit(): void {
		void this.#quit();
	}

	exit(exitCode = 0): void {
		void this.#exit(exitCode);
	}

	/** For the windows: the last one is gone. */
	allWindowsClosed(): void {
		if (this.#quitting) return;
		if (this.listenerCount('window-all-closed') === 0) this.quit();
		else this.emit('window-all-closed');
	}

	async #quit(): Promise<void> {
		if (this.#quitting) return;
		this.#quitting = true;
		const beforeQuit = preventable();
		this.emit('before-quit', beforeQuit);
		if (beforeQuit.defaultPrevented || !(await this.#windows.closeAll())) {
			this.#quitting = false;
			return;
		}
		const willQuit = preventable();
		this.emit('will-quit', willQuit);
		if (willQuit.defaultPrevented) {
			this.#quitting = false;
			return;
		}
		await this.#exit(typeof process.exitCode === 'number' ? process.exitCode : 0);
	}

	async #exit(exitCode: number): Promise<void> {
		this.#quitting = true;
		await this.#windows.destroyAll();
		this.#lock?.release();
		this.emit('quit', preventable(), exitCode);
		process.exit(exitCode);
	}
}
