// The program behind bin/electron: finds the app, makes `electron` mean this package, runs the app's main script.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire, registerHooks } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AppHost } from './app.node.ts';
import { createShell, type Shell } from './shell.node.ts';

let shell: Shell | undefined;

/** The shell of this process. Throws where bin/electron did not start it. */
export function currentShell(): Shell {
	if (shell === undefined) throw new Error('Not inside electron-chromium: start the app with its bin/electron');
	return shell;
}

interface Entry {
	readonly main: string;
	readonly appPath: string;
	readonly name: string;
	readonly version: string;
}

const readPackage = (folder: string): { main?: string; name?: string; productName?: string; version?: string } => {
	const file = join(folder, 'package.json');
	return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
};

function findEntry(argument: string): Entry {
	const path = resolve(argument);
	const isFolder = statSync(path).isDirectory();
	const appPath = isFolder ? path : dirname(path);
	const about = readPackage(appPath);
	const main = isFolder ? createRequire(join(path, 'package.json')).resolve(path) : path;
	return { main, appPath, name: about.productName ?? about.name ?? 'Electron', version: about.version ?? '0.0.0' };
}

const electronVersion = (): string => createRequire(import.meta.url)('electron/package.json').version;

function describeProcess(entry: Entry): void {
	const versions = { ...process.versions, electron: electronVersion(), 'electron-chromium': readPackage(join(import.meta.dirname, '..')).version ?? '0.0.0' };
	Object.defineProperty(process, 'versions', { value: Object.freeze(versions), enumerable: true, configurable: true });
	Object.defineProperty(process, 'type', { value: 'browser', enumerable: true });
	Object.defineProperty(process, 'resourcesPath', { value: entry.appPath, enumerable: true });
	Object.defineProperty(process, 'defaultApp', { value: true, enumerable: true });
}

function installElectron(): void {
	const url = new URL('./electron.node.ts', import.meta.url).href;
	registerHooks({
		resolve: (specifier, context, next) =>
			specifier === 'electron' || specifier === 'electron/main' || specifier === 'electron/common'
				? { url, format: 'module-typescript', shortCircuit: true }
				: next(specifier, context),
	});
}

async function run(argv: readonly string[]): Promise<void> {
	if (argv[0] === '--version' || argv[0] === '-v') {
		process.stdout.write(`v${electronVersion()}\n`);
		return;
	}
	const position = argv.findIndex((argument) => !argument.startsWith('-'));
	const argument = argv[position];
	if (argument === undefined) throw new Error('Usage: electron [switches] <folder or main script> [arguments]');
	const entry = findEntry(argument);
	const fullArgv = [process.argv[1] ?? 'electron', ...argv];
	process.argv = fullArgv;
	describeProcess(entry);
	const host: AppHost = { appPath: entry.appPath, name: entry.name, version: entry.version, argv: fullArgv, env: process.env };
	shell = createShell(host);
	installElectron();
	const { app } = shell;
	// As in Electron: switches before the program are Chromium's.
	for (const given of argv.slice(0, position)) {
		const [, name, value] = /^--([^=]+)(?:=(.*))?$/s.exec(given) ?? [];
		if (name !== undefined) app.commandLine.appendSwitch(name, value);
	}
	// Electron stays until it is told to quit, whatever the event loop holds.
	setInterval(() => {}, 2 ** 30);
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => app.quit());
	await import(pathToFileURL(entry.main).href);
	app.markReady();
}

if (import.meta.main) {
	run(process.argv.slice(2)).catch((error: unknown) => {
		process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
		process.exit(1);
	});
}
