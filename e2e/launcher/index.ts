import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { App, LaunchOptions, Shell } from './app.ts';
import { launchChromium } from './chromium.ts';
import { launchElectron } from './electron.ts';

export type { App, LaunchOptions, Shell } from './app.ts';
export { APP_FOLDER, REPOSITORY } from './folders.ts';

/** Electron's own binary, if it was fetched. `HOLDFAST_SHELL=chromium` passes it over. */
function electronBinary(): string | undefined {
	if (process.env.HOLDFAST_SHELL === 'chromium') return undefined;
	const folder = dirname(createRequire(import.meta.url).resolve('electron/package.json'));
	const named = join(folder, 'path.txt');
	if (!existsSync(named)) return undefined;
	const path = join(folder, 'dist', readFileSync(named, 'utf8').trim());
	return existsSync(path) ? path : undefined;
}

/** Which shell the tests run in: real Electron when its binary is there. */
export const shell = (): Shell => (electronBinary() === undefined ? 'chromium' : 'electron');

/** Starts the app. */
export function launch(options: LaunchOptions): Promise<App> {
	const binary = electronBinary();
	return binary === undefined ? launchChromium(options) : launchElectron(options, binary);
}
