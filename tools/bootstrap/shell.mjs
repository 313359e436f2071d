// Which program shows the window: real Electron where its program is, else an installed Chromium.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { aptInstall, browserName, findChromium, installLine } from './chromium.mjs';
import { electronVersion, fetchElectron, findElectron } from './electron.mjs';
import { complain } from './say.mjs';

/**
 * Finds, fetches or installs a shell. `HOLDFAST_SHELL=electron` or `=chromium` insists on one.
 * Returns `{ kind, program, name, why }`, or `undefined` after saying what a person must type.
 */
export async function findShell(root, node, environment) {
	const wish = environment.HOLDFAST_SHELL;
	if (wish !== 'chromium') {
		const program = findElectron(root, environment) ?? (await fetchElectron(root, node, environment));
		if (program !== undefined) return { kind: 'electron', program, name: `Electron ${electronVersion(root)}` };
		if (wish === 'electron') {
			complain("Electron's own program is not here and could not be fetched. Remove HOLDFAST_SHELL to use an installed Chromium.");
			return undefined;
		}
	}
	let program = await findChromium(root, node, environment);
	if (program === undefined && (await aptInstall())) program = await findChromium(root, node, environment);
	if (program === undefined) {
		complain(`No Electron and no Chromium, Chrome or Edge was found to open the window. Install one, then run the same command again:\n  ${installLine()}`);
		return undefined;
	}
	const why = wish === 'chromium' ? 'as HOLDFAST_SHELL asks' : "Electron's own program could not be fetched";
	return { kind: 'chromium', program, name: `the installed ${await browserName(program)}`, why };
}

/** "in Electron 45.4.1", "in the installed Chromium 156 (Electron's own program could not be fetched)". */
export function describeShell(shell) {
	return shell.why === undefined ? `in ${shell.name}` : `in ${shell.name} (${shell.why})`;
}

/** The command line that opens the app in this shell. */
export function appCommand(root, shell, node, args, { isRoot = process.getuid?.() === 0, platform = process.platform } = {}) {
	const app = join(root, 'apps', 'wallet');
	if (shell.kind === 'chromium') {
		return {
			command: node,
			args: [join(root, 'packages', 'electron-chromium', 'src', 'run.node.ts'), app, ...args],
			env: { HOLDFAST_CHROMIUM: shell.program, HOLDFAST_NODE: node },
		};
	}
	// Chromium's sandbox refuses to start as root; a person who runs the app as root has already given that up.
	const sandbox = platform === 'linux' && isRoot ? ['--no-sandbox'] : [];
	return { command: shell.program, args: [...sandbox, app, ...args], env: {} };
}

/** Whether this machine can show a window without help. */
export function hasDisplay(environment = process.env, platform = process.platform) {
	return platform !== 'linux' || Boolean(environment.DISPLAY || environment.WAYLAND_DISPLAY);
}

/** Puts a command under a virtual screen. */
export function underVirtualScreen(command, args) {
	return { command: 'xvfb-run', args: ['--auto-servernum', '--server-args=-screen 0 1440x1000x24 -nolisten tcp', command, ...args] };
}

export function findXvfbRun(environment = process.env, exists = existsSync) {
	return [...(environment.PATH ?? '').split(':'), '/usr/bin'].some((folder) => folder !== '' && exists(join(folder, 'xvfb-run')));
}
