import { existsSync } from 'node:fs';
import { delimiter, join, posix, win32 } from 'node:path';
import { run } from './process.mjs';
import { complain, say } from './say.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'microsoft-edge-stable', 'microsoft-edge'];
const MAC_APPS = ['Chromium', 'Google Chrome', 'Microsoft Edge'];
const WINDOWS_PATHS = ['Chromium\\Application\\chrome.exe', 'Google\\Chrome\\Application\\chrome.exe', 'Microsoft\\Edge\\Application\\msedge.exe'];

/**
 * An installed Chromium, Chrome or Edge; `undefined` when there is none. The one that is found is handed to the
 * app in `HOLDFAST_CHROMIUM`, which also lets a person choose.
 */
export function findChromium(environment = process.env, platform = process.platform, exists = existsSync) {
	if (environment.HOLDFAST_CHROMIUM) return exists(environment.HOLDFAST_CHROMIUM) ? environment.HOLDFAST_CHROMIUM : undefined;
	return candidates(environment, platform).find((path) => exists(path));
}

function candidates(environment, platform) {
	if (platform === 'darwin') {
		const folders = ['/Applications', join(environment.HOME ?? '', 'Applications')];
		return folders.flatMap((folder) => MAC_APPS.map((app) => posix.join(folder, `${app}.app`, 'Contents', 'MacOS', app)));
	}
	if (platform === 'win32') {
		const folders = [environment.PROGRAMFILES, environment['PROGRAMFILES(X86)'], environment.LOCALAPPDATA].filter((folder) => folder);
		return folders.flatMap((folder) => WINDOWS_PATHS.map((path) => win32.join(folder, path)));
	}
	const folders = (environment.PATH ?? '').split(delimiter).concat('/usr/bin', '/usr/local/bin', '/snap/bin');
	return NAMES.flatMap((name) => folders.filter((folder) => folder !== '').map((folder) => posix.join(folder, name)));
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
