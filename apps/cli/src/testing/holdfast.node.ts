import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServicePorts } from '@holdfast/service';
import { main } from '../main.node.ts';

const BIN = join(import.meta.dirname, '..', '..', 'bin', 'holdfast.mjs');
const PASSPHRASE_FD = 3;

export const PASSPHRASE = 'six green lanterns over quiet water';

export interface RunOptions {
	/** Sent over a descriptor of its own. `null`: none is given. */
	readonly passphrase?: string | null;
	readonly stdin?: string;
	readonly json?: boolean;
	readonly env?: Readonly<Record<string, string>>;
}

export interface Ran {
	readonly code: number;
	readonly stdout: string;
	readonly stderr: string;
}

/** What every process was given and said: what a person could see on the machine. */
export interface Seen {
	readonly argv: string[];
	readonly env: string[];
	readonly output: string[];
	/** What was said on standard error. */
	readonly messages: string[];
}

export interface Terminal {
	readonly seen: Seen;
	run(profile: string, args: readonly string[], options?: RunOptions): Promise<Ran>;
	/** Starts a service and waits until it says where it is. */
	serve(profile: string, kind: 'issuer' | 'verifier'): Promise<{ url: string; stop(): Promise<Ran> }>;
	/** Ends what a failed test left behind. */
	end(): Promise<void>;
}

const arguments_ = (profile: string, args: readonly string[], json: boolean, fd: number | null): string[] => [
	...(json ? ['--json'] : []),
	'--profile',
	profile,
	...(fd === null ? [] : ['--passphrase-fd', String(fd)]),
	...args,
];
const urlIn = (stdout: string): string => (JSON.parse(stdout) as { value: { url: string } }).value.url;

/** Runs the real command on profiles below one folder, as a shell would. */
export function terminal(cache: string): Terminal {
	const seen: Seen = { argv: [], env: [], output: [], messages: [] };
	const running = new Set<ChildProcess>();

	const start = (profile: string, args: readonly string[], { passphrase = PASSPHRASE, stdin = '', json = true, env = {} }: RunOptions = {}) => {
		const argv = arguments_(profile, args, json, passphrase === null ? null : PASSPHRASE_FD);
		// Compiled code is kept for the next process: most of a command's time is loading libraries.
		const environment = { PATH: process.env.PATH ?? '', HOME: profile, NODE_COMPILE_CACHE: cache, ...env };
		const child = spawn(process.execPath, [BIN, ...argv], { stdio: ['pipe', 'pipe', 'pipe', passphrase === null ? 'ignore' : 'pipe'], env: environment });
		running.add(child);
		let stdout = '';
		let stderr = '';
		child.stdout?.setEncoding('utf8').on('data', (text: string) => {
			stdout += text;
		});
		child.stderr?.setEncoding('utf8').on('data', (text: string) => {
			stderr += text;
		});
		// A command that refuses before it reads closes its end.
		for (const stream of [child.stdin, child.stdio[PASSPHRASE_FD]]) stream?.on('error', () => undefined);
		child.stdin?.end(stdin);
		if (passphrase !== null) (child.stdio[PASSPHRASE_FD] as NodeJS.WritableStream | null)?.end(`${passphrase}\n`);
		const done = new Promise<Ran>((resolve, reject) => {
			child.once('error', reject);
			child.once('close', (code, signal) => {
				running.delete(child);
				seen.argv.push(...argv);
				seen.env.push(...Object.values(environment));
				seen.output.push(stdout, stderr);
				seen.messages.push(stderr);
				resolve({ code: code ?? (signal ? 128 : 70), stdout, stderr });
			});
		});
		return { child, done, stdout: () => stdout };
	};

	return {
		seen,
		run: (profile, args, options) => start(profile, args, options).done,
		async serve(profile, kind) {
			const { child, done, stdout } = start(profile, ['serve', kind, '--port', '0']);
			const url = await new Promise<string>((resolve, reject) => {
				child.stdout?.on('data', () => {
					if (stdout().endsWith('\n')) resolve(urlIn(stdout()));
				});
				done.then(({ stderr }) => reject(new Error(`the service ended: ${stdout()}${stderr}`)), reject);
			});
			return {
				url,
				stop: () => {
					child.kill('SIGTERM');
					return done;
				},
			};
		},
		async end() {
			await Promise.all([...running].map((child) => new Promise((resolve) => child.once('close', resolve).kill('SIGKILL'))));
		},
	};
}

/** The same command line without a process for each command. Its standard input comes from files below `folder`. */
export function inThisProcess(folder: string, overrides: Partial<ServicePorts> = {}): Terminal {
	const seen: Seen = { argv: [], env: [], output: [], messages: [] };
	const running = new Set<() => void>();
	const files = mkdtempSync(join(folder, 'input-'));
	let count = 0;
	const file = (text: string): string => {
		count += 1;
		const path = join(files, String(count));
		writeFileSync(path, text, { mode: 0o600 });
		return path;
	};

	const start = (profile: string, args: readonly string[], { passphrase = PASSPHRASE, stdin = '', json = true }: RunOptions = {}) => {
		const fd = passphrase === null ? null : openSync(file(`${passphrase}\n`), 'r');
		const argv = arguments_(
			profile,
			args.map((each) => (each === '-' ? `@${file(stdin)}` : each)),
			json,
			fd,
		);
		const said = { stdout: '', stderr: '' };
		let stop = (): void => undefined;
		const stopped = new Promise<void>((resolve) => {
			stop = resolve;
		});
		let heard = (): void => undefined;
		const spoke = new Promise<void>((resolve) => {
			heard = resolve;
		});
		running.add(stop);
		const streams = {
			out: {
				write: (text: string) => {
					said.stdout += text;
					heard();
				},
			},
			err: {
				write: (text: string) => {
					said.stderr += text;
				},
			},
			stopped: () => stopped,
		};
		const done = main(argv, streams, overrides).then((code): Ran => {
			if (fd !== null) closeSync(fd);
			running.delete(stop);
			seen.argv.push(...argv);
			seen.output.push(said.stdout, said.stderr);
			seen.messages.push(said.stderr);
			return { code, ...said };
		});
		return { done, stop, spoke, said };
	};

	return {
		seen,
		run: (profile, args, options) => start(profile, args, options).done,
		async serve(profile, kind) {
			const { done, stop, spoke, said } = start(profile, ['serve', kind, '--port', '0']);
			await Promise.race([spoke, done]);
			return {
				url: urlIn(said.stdout),
				stop: () => {
					stop();
					return done;
				},
			};
		},
		async end() {
			for (const stop of running) stop();
		},
	};
}
