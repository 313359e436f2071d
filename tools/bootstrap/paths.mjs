import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root. */
export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Where a tool's JavaScript entry is: run by Node itself, because Windows cannot spawn `.cmd` files without a shell. */
export function toolScript(root, packageName, binName = packageName.split('/').at(-1)) {
	const folder = join(root, 'node_modules', packageName);
	const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
	const path = typeof manifest.bin === 'string' ? manifest.bin : manifest.bin?.[binName];
	if (path === undefined) throw new Error(`${packageName} has no program named ${binName}.`);
	return join(folder, path);
}

/** The environment for every script: Node 24 and the installed tools first, and no tool that reports home. */
export function scriptEnvironment(root, node, base = process.env) {
	const pathKey = Object.keys(base).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH';
	const entries = [dirname(node), join(root, 'node_modules', '.bin'), base[pathKey] ?? ''];
	return {
		...base,
		[pathKey]: entries.filter((entry) => entry !== '').join(delimiter),
		DO_NOT_TRACK: '1',
		TURBO_TELEMETRY_DISABLED: '1',
		TURBO_NO_UPDATE_NOTIFIER: '1',
	};
}

/** A folder for stamps and reports that goes away with node_modules. */
export function stampFolder(root) {
	return join(root, 'node_modules', '.cache', 'holdfast');
}

export function readJson(path) {
	if (!existsSync(path)) return undefined;
	try {
		return JSON.parse(readFileSync(path, 'utf8'));
	} catch {
		return undefined;
	}
}
