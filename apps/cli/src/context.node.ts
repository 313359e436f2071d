import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CallInput, CallName, CallOutput } from '@holdfast/contract';
import { type ErrorInfo, HoldfastError, systemClock, systemRandom } from '@holdfast/kernel';
import { createService, type Service, type ServicePorts } from '@holdfast/service';
import { ask, askNew, readLineFrom } from './secret-input.node.ts';

export interface GlobalOptions {
	readonly profile?: string;
	readonly json?: boolean;
	readonly passphraseFd?: number;
	readonly yes?: boolean;
}

/** An error that came back from the service: its code decides the exit code. */
export class CallError extends HoldfastError {
	constructor(info: ErrorInfo) {
		super(info.code, info.message, { data: info.data });
		this.name = 'CallError';
	}
}

export interface Output {
	write(text: string): void;
}

export interface Streams {
	readonly out: Output;
	readonly err: Output;
	/** When a service that was started has to end. Default: at the first signal to this process. */
	readonly stopped?: () => Promise<void>;
}

/** What a command works with: one profile, and the way to print. */
export class Context {
	readonly options: GlobalOptions;
	readonly service: Service;
	readonly streams: Streams;
	#folder: string | null = null;
	#file: string | null = null;
	#printed = false;

	constructor(options: GlobalOptions, streams: Streams, overrides: Partial<ServicePorts> = {}) {
		this.options = options;
		this.streams = streams;
		const home = process.env.XDG_DATA_HOME ?? join(homedir(), '.local', 'share');
		const dir = resolve(options.profile ?? process.env.HOLDFAST_PROFILE ?? join(home, 'holdfast'));
		this.service = createService({
			dir,
			clock: systemClock,
			random: systemRandom,
			servicesElsewhere: true,
			// From source, so a development setup will do: every verdict on one says so.
			proofs: {
				folder: dirname(fileURLToPath(import.meta.resolve('@holdfast/circuits/package.json'))),
				production: false,
				referenceString: join(dir, 'reference-string'),
			},
			chooseFolder: () => Promise.resolve(this.#folder),
			chooseFile: () => Promise.resolve(this.#file),
			...overrides,
		});
	}

	get printed(): boolean {
		return this.#printed;
	}

	/** The folder that the next call may write to. */
	allowFolder(folder: string): void {
		this.#folder = resolve(folder);
	}

	/** The file that the next call may read. */
	allowFile(file: string): void {
		this.#file = resolve(file);
	}

	async call<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>> {
		const result = await this.service.invoke(name, input);
		if (!result.ok) throw new CallError(result.error);
		return result.value;
	}

	async passphrase(question: string): Promise<string> {
		const { passphraseFd } = this.options;
		return passphraseFd === undefined ? ask(question, true) : readLineFrom(passphraseFd);
	}

	async newPassphrase(): Promise<string> {
		const { passphraseFd } = this.options;
		return passphraseFd === undefined ? askNew('New passphrase: ') : readLineFrom(passphraseFd);
	}

	async unlock(): Promise<void> {
		const { phase } = await this.call('vault.status', {});
		if (phase === 'empty') throw new HoldfastError('vault/not-found', 'There is no wallet in this profile. Make one with: holdfast init');
		if (phase === 'locked') await this.call('vault.unlock', { passphrase: await this.passphrase('Passphrase: ') });
	}

	/** Shows what is about to be signed or sent, and asks. `--yes` answers for scripts. */
	async approve(review: string): Promise<boolean> {
		if (this.options.yes) return true;
		this.streams.err.write(`${review}\n`);
		return /^y(es)?$/i.test((await ask('Go on? [y/N] ', false)).trim());
	}

	/** One value, once a command: JSON for scripts, words for people. */
	print(value: unknown, words: string): void {
		if (this.#printed) throw new Error('A command prints once.');
		this.#printed = true;
		this.streams.out.write(this.options.json ? `${JSON.stringify({ ok: true, value })}\n` : `${words}\n`);
	}
}
