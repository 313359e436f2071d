import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { distPath, findChromium } from '../src/index.ts';

export const FIXTURE: string = fileURLToPath(new URL('./fixture', import.meta.url));

export interface FixtureOptions {
	readonly grant?: readonly string[];
	readonly switches?: readonly string[];
	readonly subframes?: boolean;
	readonly lock?: boolean;
	readonly window?: boolean;
	readonly env?: Readonly<Record<string, string>>;
	readonly userData?: string;
	readonly args?: readonly string[];
}

// biome-ignore lint/suspicious/noExplicitAny: what a page evaluates to has no type.
type Anything = any;

/** The fixture app in a process of its own. */
export interface FixtureApp {
	readonly process: ChildProcess;
	readonly userData: string;
	/** What the app wrote to stderr. */
	readonly stderr: () => string;
	op(name: string, rest?: Record<string, unknown>): Promise<Anything>;
	/** Evaluates in the page's own world. */
	page(code: string, gesture?: boolean): Promise<Anything>;
	/** Names and details of what the main process has seen since the last call. */
	events(): Promise<{ name: string; detail?: Anything }[]>;
	/** Waits until an event of this name has been seen; forgets all that came before it. */
	until(name: string): Promise<Anything>;
	readonly exited: Promise<number | null>;
	stop(): Promise<void>;
}

export async function startFixture(options: FixtureOptions = {}): Promise<FixtureApp> {
	// Fails here, with the line to type, rather than in a child process.
	findChromium();
	const userData = options.userData ?? mkdtempSync(join(tmpdir(), 'electron-chromium-'));
	const child = spawn(join(distPath, 'electron'), [FIXTURE, `--user-data-dir=${userData}`, ...(options.args ?? [])], {
		stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
		env: { ...process.env, HOLDFAST_HEADLESS: '1', FIXTURE: JSON.stringify(options), ...options.env },
	});
	let stderr = '';
	child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
		stderr += chunk;
	});
	const waiting = new Map<number, (message: { ok: boolean; value?: unknown; text?: string }) => void>();
	const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
	const ready = new Promise<void>((resolve, reject) => {
		child.on('message', (message: Anything) => {
			if (message.ready === true) resolve();
			else waiting.get(message.id)?.(message);
		});
		void exited.then((code) => reject(new Error(`The app ended with ${code}: ${stderr}`)));
	});
	await ready;
	let lastId = 0;
	const op: FixtureApp['op'] = (name, rest = {}) =>
		new Promise((resolve, reject) => {
			lastId += 1;
			waiting.set(lastId, ({ ok, value, text }) => (ok ? resolve(value) : reject(new Error(text))));
			void exited.then((code) => reject(new Error(`The app has ended with ${code}: ${stderr}`)));
			if (child.connected) child.send({ id: lastId, op: name, ...rest }, () => {});
		});
	const events: FixtureApp['events'] = () => op('events');
	return {
		process: child,
		userData,
		stderr: () => stderr,
		op,
		page: (code, gesture = false) => op('evaluate', { code, gesture }),
		events,
		async until(name) {
			for (;;) {
				const found = (await events()).find((event) => event.name === name);
				if (found !== undefined) return found.detail;
				await new Promise((resolve) => setTimeout(resolve, 20));
			}
		},
		exited,
		async stop() {
			if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
			await exited;
			if (options.userData === undefined) rmSync(userData, { recursive: true, force: true });
		},
	};
}

/** Processes of this machine (Linux) whose command line holds the text. */
export function processesWith(text: string): number[] {
	return readdirSync('/proc')
		.filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
		.filter((pid) => {
			try {
				return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(text);
			} catch {
				return false;
			}
		})
		.map(Number);
}

/** A TCP server on loopback that counts who connects. */
export async function listener(): Promise<{ port: number; connections: () => number; close: () => void }> {
	let count = 0;
	const server: Server = createServer((socket) => {
		count += 1;
		socket.end('HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 2\r\n\r\nhi');
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const address = server.address();
	return { port: typeof address === 'object' && address !== null ? address.port : 0, connections: () => count, close: () => server.close() };
}
