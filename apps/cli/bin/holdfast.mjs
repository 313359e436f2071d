#!/usr/bin/env node
// Starts the command on Node 24 or newer: the database's native code needs it. On an older Node, which
// may be all that a newcomer has, it looks for the one that was installed with the project.
import { spawn } from 'node:child_process';
import { fstatSync } from 'node:fs';
import { createRequire, enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NEEDED = 24;
const HIGHEST_FD = 9;

/** Where compiled code is kept from one command to the next: below the person's own folder, never the system's shared one, where others could write. */
const codeCache = () => {
	const caches = process.env.XDG_CACHE_HOME ?? (process.platform === 'win32' ? process.env.LOCALAPPDATA : undefined);
	return join(caches ?? join(homedir(), '.cache'), 'holdfast', 'code');
};

const isOpen = (fd) => {
	try {
		fstatSync(fd);
		return true;
	} catch {
		return false;
	}
};

if (Number(process.versions.node.split('.')[0]) >= NEEDED) {
	enableCompileCache(codeCache());
	const { main } = await import('../src/main.node.ts');
	process.exitCode = await main(process.argv.slice(2));
} else {
	let node;
	try {
		node = join(dirname(createRequire(import.meta.url).resolve('node/package.json')), 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
	} catch {
		process.stderr.write(`holdfast needs Node ${NEEDED} or newer; this is ${process.versions.node}. Run "npm install" in the project first.\n`);
		process.exit(70);
	}
	// A passphrase may come by any descriptor: each open one is handed on under its own number.
	const stdio = Array.from({ length: HIGHEST_FD + 1 }, (_, fd) => (fd < 3 ? 'inherit' : isOpen(fd) ? fd : 'ignore'));
	const child = spawn(node, ['--disable-warning=ExperimentalWarning', fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio });
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
	child.on('exit', (code, signal) => {
		process.exitCode = signal ? 130 : (code ?? 70);
	});
}
