// Starting programs so that none outlives the command: each runs in its own process group, signals are
// passed on to it, and what is left of the group when it ends is ended too.
import { spawn, spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const GRACE_MS = 3000;
const running = new Set();
let interrupted;

/** The signal that asked this command to stop, if one did. */
export function interruption() {
	return interrupted;
}

function signalTree(child, signal) {
	if (child.pid === undefined) return false;
	if (process.platform === 'win32') {
		if (child.exitCode !== null) return false;
		return spawnSync('taskkill', ['/pid', String(child.pid), '/T', '/F'], { stdio: 'ignore' }).status === 0;
	}
	try {
		process.kill(child.ownGroup ? -child.pid : child.pid, signal);
		return true;
	} catch {
		return false; // Nothing is left to signal.
	}
}

/** Asks the program and its children to end, then insists. */
export async function endTree(child) {
	if (!signalTree(child, 'SIGTERM')) return;
	for (let waited = 0; waited < GRACE_MS; waited += 50) {
		await sleep(50);
		if (!signalTree(child, 0)) return;
	}
	signalTree(child, 'SIGKILL');
}

for (const signal of SIGNALS) {
	process.on(signal, () => {
		// The second request does not wait.
		const force = interrupted !== undefined;
		interrupted = signal;
		for (const child of running) signalTree(child, force ? 'SIGKILL' : signal);
		if (running.size === 0) process.exit(signal === 'SIGINT' ? 130 : 143);
	});
}
process.on('exit', () => {
	for (const child of running) signalTree(child, 'SIGKILL');
});

/**
 * Starts a program. `foreground` leaves it in this process group, for programs that ask questions on the terminal.
 * Returns the child and a promise of its exit code (128 + n after a signal, 127 when it could not be started).
 */
export function start(command, args, { cwd, env, stdio = 'inherit', foreground = false } = {}) {
	const ownGroup = !foreground && process.platform !== 'win32';
	const child = spawn(command, args, { cwd, env, stdio, detached: ownGroup, windowsHide: true });
	child.ownGroup = ownGroup;
	running.add(child);
	const done = new Promise((resolve) => {
		let startError;
		child.on('error', (error) => {
			startError = error;
			if (child.pid === undefined) {
				running.delete(child);
				resolve({ code: 127, error });
			}
		});
		child.on('exit', async (code, signal) => {
			if (ownGroup) await endTree(child);
			running.delete(child);
			resolve({ code: code ?? (signal === 'SIGINT' ? 130 : 143), error: startError });
		});
	});
	return { child, done };
}

/** Runs a program to its end. `{ code, output }`; `output` holds stdout and stderr only when `capture` is set. */
export async function run(command, args, { timeoutMs, capture = false, ...options } = {}) {
	const { child, done } = start(command, args, { ...options, stdio: capture ? ['ignore', 'pipe', 'pipe'] : (options.stdio ?? 'inherit') });
	let output = '';
	if (capture) {
		for (const stream of [child.stdout, child.stderr]) {
			stream.setEncoding('utf8');
			stream.on('data', (text) => {
				output += text;
			});
		}
	}
	let timedOut = false;
	const timer =
		timeoutMs === undefined
			? undefined
			: setTimeout(() => {
					timedOut = true;
					void endTree(child);
				}, timeoutMs);
	const { code, error } = await done;
	clearTimeout(timer);
	return { code: timedOut && code === 0 ? 1 : code, output, timedOut, error };
}
