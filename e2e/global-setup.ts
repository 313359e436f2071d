import { spawnSync } from 'node:child_process';
import { existsSync, globSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { APP_FOLDER, REPOSITORY, shell } from './launcher/index.ts';

const newest = (patterns: readonly string[]): number =>
	Math.max(0, ...globSync(patterns, { cwd: REPOSITORY, exclude: (path) => path === 'node_modules' }).map((path) => statSync(join(REPOSITORY, path)).mtimeMs));

/** Builds the app when out/ is missing or older than what it is made from. */
export default function setup(): void {
	const built = join(APP_FOLDER, 'out/main/index.js');
	const sources = newest(['apps/wallet/src/**/*', 'apps/wallet/*.ts', 'apps/wallet/package.json', 'packages/*/src/**/*']);
	if (!existsSync(built) || statSync(built).mtimeMs < sources) {
		process.stdout.write('Building the app…\n');
		const { status } = spawnSync('npm', ['run', 'build', '--workspace', '@holdfast/wallet'], {
			cwd: REPOSITORY,
			stdio: ['ignore', 'ignore', 'inherit'],
			// npm is a .cmd file on Windows, which only a shell starts.
			shell: process.platform === 'win32',
		});
		if (status !== 0) throw new Error('The app could not be built.');
	}
	process.stdout.write(`Shell: ${shell() === 'electron' ? 'Electron' : 'the installed Chromium (Electron’s binary is not there)'}\n`);
}
