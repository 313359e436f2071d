import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The folder that holds an executable named `electron`: the value for `ELECTRON_OVERRIDE_DIST_PATH`. */
export const distPath: string = fileURLToPath(new URL('../bin', import.meta.url));

export interface LaunchOptions {
	/** Folder with a package.json, or a main script. */
	readonly appPath: string;
	readonly args?: readonly string[];
	/** Added to this process's environment; undefined takes a variable away. */
	readonly env?: Readonly<Record<string, string | undefined>>;
	readonly stdio?: 'inherit' | 'pipe' | 'ignore';
}

/** Starts the app in this shell, as `bin/electron <appPath> <args>` does. */
export function launch({ appPath, args = [], env = {}, stdio = 'inherit' }: LaunchOptions): ChildProcess {
	return spawn(
		process.platform === 'win32' ? process.execPath : `${distPath}/electron`,
		[...(process.platform === 'win32' ? [fileURLToPath(new URL('./run.node.ts', import.meta.url))] : []), appPath, ...args],
		{
			stdio: ['ignore', stdio, stdio],
			env: { ...process.env, ...env },
		},
	);
}
