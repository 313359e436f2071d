import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

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
}

/** Runs the real command on profiles below one folder, as a shell would. */
export function terminal(cache: string) {
	const seen: Seen = { argv: [], env: [], output: [] };
	const running = new Set<ChildProcess>();

	const start = (profile: string, args: readonly string[], { passphrase = PASSPHRASE, stdin = '', json = true, env = {} }: RunOptions = {}) => {
		const argv = [...(json ? ['--json'] : []), '--profile', profile, ...(passphrase === null ? [] : ['--passphrase-fd', String(PASSPHRASE_FD)]), ...args];
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
				resolve({ code: code ?? (signal ? 128 : 70), stdout, stderr });
			});
		});
		return { child, done, stdout: () => stdout };
	};

	return {
		seen,
		run: (profile: string, args: readonly string[], options?: RunOptions): Promise<Ran> => start(profile, args, options).done,
		/** Starts a service and waits until it says where it is. */
		async serve(profile: string, kind: 'issuer' | 'verifier'): Promise<{ url: string; stop(): Promise<Ran> }> {
			const { child, done, stdout } = start(profile, ['serve', kind, '--port', '0']);
			const url = await new Promise<string>((resolve, reject) => {
				child.stdout?.on('data', () => {
					if (stdout().endsWith('\n')) resolve((JSON.parse(stdout()) as { value: { url: string } }).value.url);
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
		/** Ends what a failed test left behind. */
		async end(): Promise<void> {
			await Promise.all([...running].map((child) => new Promise((resolve) => child.once('close', resolve).kill('SIGKILL'))));
		},
	};
}

export type Terminal = ReturnType<typeof terminal>;
