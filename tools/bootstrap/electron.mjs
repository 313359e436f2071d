// Electron's own program is not in its npm package: it is fetched the first time it is needed, from a host that
// not every network reaches. A failed try must be quick, quiet, and not repeated at every start.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readJson, stampFolder } from './paths.mjs';
import { run } from './process.mjs';
import { duration, say } from './say.mjs';

const RETRY_AFTER_MS = 24 * 60 * 60 * 1000;
const PROBE_TIMEOUT_MS = 12_000;
const DOWNLOAD_TIMEOUT_MS = 15 * 60 * 1000;

export function electronPackage(root) {
	return join(root, 'node_modules', 'electron');
}

/** The version of the npm package, such as `45.4.1`; `undefined` when it is not installed. */
export function electronVersion(root) {
	return readJson(join(electronPackage(root), 'package.json'))?.version;
}

/**
 * Electron's program, as the npm package itself would find it: `ELECTRON_OVERRIDE_DIST_PATH` first, then `dist/`.
 * `undefined` when it is not on this machine.
 */
export function findElectron(root, environment = process.env, platform = process.platform) {
	const folder = electronPackage(root);
	const pathFile = join(folder, 'path.txt');
	const fallback = { win32: 'electron.exe', darwin: join('Electron.app', 'Contents', 'MacOS', 'Electron') }[platform] ?? 'electron';
	const relative = existsSync(pathFile) ? readFileSync(pathFile, 'utf8').trim() : fallback;
	const program = environment.ELECTRON_OVERRIDE_DIST_PATH ? join(environment.ELECTRON_OVERRIDE_DIST_PATH, relative) : join(folder, 'dist', relative);
	return existsSync(program) ? program : undefined;
}

function failureStamp(root) {
	return join(stampFolder(root), 'electron-fetch-failed.json');
}

/** Whether a failed fetch of this version is recent enough not to be tried again yet. */
export function fetchFailedRecently(root, version, now = Date.now()) {
	const stamp = readJson(failureStamp(root));
	return stamp?.version === version && now >= stamp.at && now - stamp.at < RETRY_AFTER_MS;
}

export function rememberFetchFailure(root, version, now = Date.now()) {
	const path = failureStamp(root);
	mkdirSync(dirname(path), { recursive: true });
	writeFileSync(path, JSON.stringify({ version, at: now }));
}

const PROBE = `
import { getArtifactRemoteURL } from '@electron/get';
const url = await getArtifactRemoteURL({ version: 'v' + process.argv[1], artifactName: 'electron', platform: process.platform, arch: process.arch, isGeneric: false });
const response = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(${PROBE_TIMEOUT_MS - 2000}) });
process.exit(response.ok ? 0 : 1);
`;

/** Fetches Electron's program when its host answers. Returns its path, or `undefined`. */
export async function fetchElectron(root, node, environment) {
	const version = electronVersion(root);
	if (version === undefined || environment.HOLDFAST_ELECTRON_FETCH === '0' || fetchFailedRecently(root, version)) return undefined;
	const probe = await run(node, ['--input-type=module', '-e', PROBE, version], { cwd: root, env: environment, capture: true, timeoutMs: PROBE_TIMEOUT_MS });
	if (probe.code === 0) {
		say(`Fetching Electron ${version} (about 120 MB, once) …`);
		const began = Date.now();
		await run(node, [join(electronPackage(root), 'install.js')], { cwd: root, env: environment, capture: true, timeoutMs: DOWNLOAD_TIMEOUT_MS });
		const program = findElectron(root, environment);
		if (program !== undefined) {
			say(`Electron fetched in ${duration(Date.now() - began)}.`);
			return program;
		}
	}
	rememberFetchFailure(root, version);
	return undefined;
}
