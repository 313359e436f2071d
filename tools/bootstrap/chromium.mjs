import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { run } from './process.mjs';
import { complain, say } from './say.mjs';

const FIND = 'const { findChromium } = await import(process.argv[1]); process.stdout.write(findChromium());';

/**
 * An installed Chromium, Chrome or Edge; `undefined` when there is none. The shell itself looks for it, so that
 * there is one list of places; `HOLDFAST_CHROMIUM` lets a person choose.
 */
export async function findChromium(root, node, environment) {
	const finder = pathToFileURL(join(root, 'packages', 'electron-chromium', 'src', 'chromium.node.ts')).href;
	const { code, output } = await run(node, ['--no-warnings', '--input-type=module', '-e', FIND, finder], {
		capture: true,
		env: environment,
		timeoutMs: 20_000,
	});
	const path = output.trim();
	return code === 0 && path !== '' ? path : undefined;
}

/** `Chromium 156` from `Chromium 156.0.7204.92 built on Debian …`. */
export function shortBrowserName(versionLine) {
	const match = /^(.*?)\s+(\d+)\.[\d.]+/.exec(versionLine.trim());
	return match ? `${match[1]} ${match[2]}` : undefined;
}

export async function browserName(path) {
	// On Windows `--version` opens a window instead of answering.
	if (process.platform === 'win32') return path.endsWith('msedge.exe') ? 'Microsoft Edge' : 'Google Chrome';
	const { code, output } = await run(path, ['--version'], { capture: true, timeoutMs: 15_000 });
	return (code === 0 ? output.split('\n').map(shortBrowserName).find(Boolean) : undefined) ?? 'Chromium';
}

const DEBIAN_PACKAGES = ['chromium', 'xvfb', 'xauth', 'fonts-liberation'];

export function installLine(platform = process.platform, packages = DEBIAN_PACKAGES) {
	if (platform === 'darwin') return 'brew install --cask chromium';
	if (platform === 'win32') return 'winget install Google.Chrome';
	return `sudo apt-get update && sudo apt-get install -y --no-install-recommends ${packages.join(' ')}`;
}

async function apt(args) {
	return run('apt-get', args, { capture: true, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, timeoutMs: 10 * 60 * 1000 });
}

/** As root on Debian or Ubuntu, installs system packages; returns whether that worked. */
export async function aptInstall(packages = DEBIAN_PACKAGES, isRoot = process.getuid?.() === 0) {
	if (process.platform !== 'linux' || !isRoot || !existsSync('/usr/bin/apt-get')) return false;
	say(`Installing ${packages.join(', ')} with apt-get …`);
	await apt(['-q', 'update']);
	const { code, output } = await apt(['-q', 'install', '-y', '--no-install-recommends', ...packages]);
	if (code !== 0) complain(output.trim().split('\n').slice(-3).join('\n'));
	return code === 0;
}
