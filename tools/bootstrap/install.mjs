import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readJson, stampFolder } from './paths.mjs';
import { run } from './process.mjs';
import { complain, duration, say } from './say.mjs';
import { major } from './versions.mjs';

const STAMP = 'installed-lockfile.sha256';

/** What the installed tree must agree with: the lockfile and the platform whose binaries were chosen. */
export function lockfileHash(root, platform = `${process.platform}-${process.arch}`) {
	return createHash('sha256')
		.update(readFileSync(join(root, 'package-lock.json')))
		.update(platform)
		.digest('hex');
}

/**
 * Why dependencies must be installed (`missing`, `stale`), or `undefined` when they need not be: the stamp of the last
 * install agrees, or npm's own record of node_modules does (somebody ran npm by hand).
 */
export function installReason(root, hash = lockfileHash(root)) {
	const record = readJson(join(root, 'node_modules', '.package-lock.json'));
	if (record === undefined) return 'missing';
	const stamp = join(stampFolder(root), STAMP);
	if (existsSync(stamp) && readFileSync(stamp, 'utf8').trim() === hash) return undefined;
	const lockfile = readJson(join(root, 'package-lock.json'));
	return lockfile !== undefined && recordAgrees(record.packages ?? {}, lockfile.packages ?? {}) ? undefined : 'stale';
}

/** Whether what is installed is what the lockfile says. What is optional may be missing: it can be for another platform. */
export function recordAgrees(installed, wanted) {
	const same = (a, b) => a !== undefined && b !== undefined && a.version === b.version && a.integrity === b.integrity && a.link === b.link;
	const inModules = Object.entries(wanted).filter(([path]) => path.includes('node_modules/'));
	return (
		inModules.every(([path, entry]) =>
			installed[path] === undefined ? entry.optional === true || entry.devOptional === true || entry.peer === true : same(installed[path], entry),
		) && Object.keys(installed).every((path) => !path.includes('node_modules/') || wanted[path] !== undefined)
	);
}

export function stampInstalled(root, hash = lockfileHash(root)) {
	const stamp = join(stampFolder(root), STAMP);
	mkdirSync(dirname(stamp), { recursive: true });
	writeFileSync(stamp, `${hash}\n`);
}

/** npm as a script for this Node: the npm that started us, else the one that came with Node, else `npm` on the path. */
export function npmCommand(environment = process.env, exists = existsSync, execPath = process.execPath, platform = process.platform) {
	const bundled =
		platform === 'win32'
			? join(dirname(execPath), 'node_modules', 'npm', 'bin', 'npm-cli.js')
			: join(dirname(execPath), '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js');
	for (const script of [environment.npm_execpath, bundled]) {
		if (script?.endsWith('npm-cli.js') && exists(script)) return { command: execPath, prefix: [script] };
	}
	return platform === 'win32' ? { command: 'cmd.exe', prefix: ['/d', '/s', '/c', 'npm'] } : { command: 'npm', prefix: [] };
}

/** npm's settings without those that a surrounding `npm start` hands down; they would change what `npm ci` does. */
export function npmEnvironment(base = process.env) {
	const kept = Object.entries(base).filter(
		([key]) => !/^npm_(package|lifecycle|command|execpath|node_execpath|config_(global|omit|include|ignore_scripts|production|offline))/i.test(key),
	);
	// A production environment would leave out the very tools that build and check the app.
	return { ...Object.fromEntries(kept), NODE_ENV: 'development' };
}

async function npm(root, args, options = {}) {
	const { command, prefix } = npmCommand();
	return run(command, [...prefix, ...args], { cwd: root, env: npmEnvironment(), ...options });
}

/** The packages whose install scripts may run: those that package.json (`allowScripts`) says yes to. */
export function allowedScripts(manifest) {
	return Object.entries(manifest.allowScripts ?? {})
		.filter(([, allowed]) => allowed === true)
		.map(([name]) => name);
}

/** Runs the install scripts that are allowed; with npm 10, which has no such list, exactly the same ones. */
async function runAllowedScripts(root) {
	const names = allowedScripts(readJson(join(root, 'package.json')) ?? {});
	return names.length === 0 ? 0 : (await npm(root, ['rebuild', ...names, '--ignore-scripts=false', '--loglevel=error'], { capture: true })).code;
}

/**
 * Installs exactly what the lockfile says, when it is missing or changed. No install script runs (.npmrc) but the
 * allowed ones. Returns whether the dependencies are there.
 */
export async function ensureDependencies(root) {
	const hash = lockfileHash(root);
	const reason = installReason(root, hash);
	if (reason === undefined) return true;
	say(
		reason === 'missing'
			? 'Installing dependencies (npm ci), about a minute the first time …'
			: 'The lockfile changed: installing dependencies again (npm ci) …',
	);
	const began = Date.now();
	const { code } = await npm(root, ['ci', '--include=dev', '--include=optional', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
	if (code !== 0) {
		complain('npm ci did not finish; its message is above. When the network was away, run the same command again.');
		return false;
	}
	await runAllowedScripts(root); // Whether Node 24 came out of it is checked by running it.
	stampInstalled(root, hash);
	say(`Dependencies installed in ${duration(Date.now() - began)}.`);
	return true;
}

/** The path of Node 24 inside the npm package `node`. */
export function packagedNode(root, platform = process.platform) {
	return join(root, 'node_modules', 'node', 'bin', platform === 'win32' ? 'node.exe' : 'node');
}

async function nodeMajor(path) {
	if (!existsSync(path)) return 0;
	const { code, output } = await run(path, ['--version'], { capture: true, timeoutMs: 20_000 });
	return code === 0 ? major(output) : 0;
}

/** The Node that runs the scripts: the pinned one, else the running one when it is new enough. `undefined` after saying what to do. */
export async function findScriptNode(root, wanted = 24) {
	const packaged = packagedNode(root);
	if ((await nodeMajor(packaged)) >= wanted) return packaged;
	if (major(process.versions.node) >= wanted) return process.execPath;
	say(`Fetching Node ${wanted} for the scripts (npm rebuild node --ignore-scripts=false) …`);
	await runAllowedScripts(root);
	if ((await nodeMajor(packaged)) >= wanted) return packaged;
	complain(
		`Node ${wanted} is needed to run Holdfast's scripts and could not be prepared: the npm package "node" was installed without its program. ` +
			`Install Node ${wanted} from https://nodejs.org, then run the same command again.`,
	);
	return undefined;
}
