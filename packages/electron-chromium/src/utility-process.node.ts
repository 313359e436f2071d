import { type ChildProcess, fork as forkNode } from 'node:child_process';
import { EventEmitter } from 'node:events';
import type { Readable } from 'node:stream';

export interface ForkOptions {
	readonly env?: NodeJS.ProcessEnv;
	readonly execArgv?: readonly string[];
	readonly cwd?: string;
	readonly stdio?: 'pipe' | 'ignore' | 'inherit' | readonly ('pipe' | 'ignore' | 'inherit')[];
	readonly serviceName?: string;
	readonly [other: string]: unknown;
}

const BOOTSTRAP = new URL('./utility-bootstrap.node.ts', import.meta.url).href;

/** Electron's `UtilityProcess`: a Node child with `process.parentPort`. It ends when this process ends. */
export class UtilityProcess extends EventEmitter {
	readonly #child: ChildProcess;
	readonly #name: string;

	constructor(modulePath: string, args: readonly string[] = [], options: ForkOptions = {}) {
		super();
		const [, out = 'inherit', err = 'inherit'] = typeof options.stdio === 'string' ? ['ignore', options.stdio, options.stdio] : (options.stdio ?? []);
		this.#name = options.serviceName ?? 'Node Utility Process';
		this.#child = forkNode(modulePath, [...args], {
			serialization: 'advanced',
			execArgv: ['--import', BOOTSTRAP, ...(options.execArgv ?? [])],
			env: { ...(options.env ?? process.env) },
			stdio: ['ignore', out, err, 'ipc'],
			...(options.cwd === undefined ? {} : { cwd: options.cwd }),
		});
		this.#child.on('spawn', () => this.emit('spawn'));
		this.#child.on('message', (message) => this.emit('message', message));
		this.#child.on('error', (error) => this.emit('error', 'FatalError', error.message, ''));
		this.#child.on('exit', (code, signal) => this.emit('exit', code ?? 128 + (signal === 'SIGKILL' ? 9 : 15)));
	}

	get pid(): number | undefined {
		return this.#child.exitCode === null && this.#child.signalCode === null ? this.#child.pid : undefined;
	}

	get serviceName(): string {
		return this.#name;
	}

	get stdout(): Readable | null {
		return this.#child.stdout;
	}

	get stderr(): Readable | null {
		return this.#child.stderr;
	}

	/** Structured clone. Ports cannot be handed over in this shell. */
	postMessage(message: unknown, transfer?: readonly unknown[]): void {
		if (transfer !== undefined && transfer.length > 0) throw new Error('This shell cannot transfer ports to a utility process');
		if (this.#child.connected) this.#child.send(message as object);
	}

	/** Ends it at once. False when it was gone already. */
	kill(): boolean {
		return this.pid !== undefined && this.#child.kill('SIGTERM');
	}
}

export const utilityProcess = {
	fork: (modulePath: string, args?: readonly string[], options?: ForkOptions): UtilityProcess => new UtilityProcess(modulePath, args, options),
};
