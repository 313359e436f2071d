import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { _electron, type ElectronApplication } from 'playwright';
import type { App, LaunchOptions } from './app.ts';
import { APP_FOLDER } from './folders.ts';

/** As root, and on continuous integration, Chromium's own sandbox cannot be had. */
const switches = (): string[] => (process.getuid?.() === 0 || process.env.CI ? ['--no-sandbox'] : []);
const args = (options: LaunchOptions): string[] => [
	...switches(),
	...(options.switches ?? []),
	APP_FOLDER,
	`--profile=${options.userData}`,
	...(options.args ?? []),
];

/** The app in real Electron. It has no headless mode: on Linux without a display, run the tests under xvfb-run. */
export async function launchElectron(options: LaunchOptions, executablePath: string): Promise<App> {
	const application: ElectronApplication = await _electron.launch({ executablePath, args: args(options), cwd: APP_FOLDER });
	let output = '';
	const child = application.process();
	for (const stream of [child.stdout, child.stderr]) {
		stream?.on('data', (chunk: Buffer) => {
			output += chunk.toString('utf8');
		});
	}
	const page = await application.firstWindow();
	await page.waitForFunction(() => 'holdfast' in window && document.querySelector('main:not([aria-busy])') !== null);
	const close = () => application.close();
	return {
		shell: 'electron',
		page,
		userData: options.userData,
		vaultPid: async () => {
			const pid = await application.evaluate(
				({ app }) => app.getAppMetrics().find((each) => each.serviceName === 'Holdfast vault' || each.name === 'Holdfast vault')?.pid,
			);
			if (pid === undefined) throw new Error('There is no vault process');
			return pid;
		},
		output: () => output,
		async openLink(link) {
			const second = spawn(executablePath, [...args(options), link], { stdio: 'ignore' });
			await once(second, 'exit');
		},
		close,
		async relaunch() {
			await close();
			return launchElectron({ userData: options.userData, switches: options.switches ?? [] }, executablePath);
		},
	};
}
