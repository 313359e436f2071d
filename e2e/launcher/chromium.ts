import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { distPath } from '@holdfast/electron-chromium';
import { chromium, type Page } from 'playwright';
import type { App, LaunchOptions } from './app.ts';
import { APP_FOLDER } from './folders.ts';
import { descendants, isAlive } from './processes.ts';

const START_MS = 30_000;
const STOP_MS = 10_000;

const start = (options: LaunchOptions): ChildProcess =>
	spawn(join(distPath, 'electron'), [...(options.switches ?? []), APP_FOLDER, `--profile=${options.userData}`, ...(options.args ?? [])], {
		stdio: ['ignore', 'pipe', 'pipe'],
		env: { ...process.env, HOLDFAST_E2E_ENDPOINT: '1', HOLDFAST_HEADLESS: process.env.HOLDFAST_HEADED === '1' ? '0' : '1' },
	});

async function until<T>(what: string, look: () => T | undefined | Promise<T | undefined>): Promise<T> {
	const end = Date.now() + START_MS;
	for (;;) {
		const found = await look();
		if (found !== undefined) return found;
		if (Date.now() > end) throw new Error(`The app did not get as far as: ${what}`);
		await delay(25);
	}
}

/** The app in electron-chromium, driven through the DevTools endpoint that it opens for tests. */
export async function launchChromium(options: LaunchOptions): Promise<App> {
	mkdirSync(options.userData, { recursive: true });
	const endpoint = join(options.userData, 'DevToolsActivePort');
	rmSync(endpoint, { force: true });
	const child = start(options);
	let output = '';
	for (const stream of [child.stdout, child.stderr]) {
		stream?.setEncoding('utf8').on('data', (chunk: string) => {
			output += chunk;
		});
	}
	const exited = once(child, 'exit');
	const pid = child.pid ?? 0;

	const address = await until('its DevTools endpoint', () => {
		if (child.exitCode !== null) throw new Error(`The app ended with ${child.exitCode}:\n${output}`);
		if (!existsSync(endpoint)) return undefined;
		const [port, path] = readFileSync(endpoint, 'utf8').split('\n');
		return path ? `ws://127.0.0.1:${port}${path}` : undefined;
	});
	const browser = await chromium.connectOverCDP(address);
	const page: Page = await until('its window', () =>
		browser
			.contexts()
			.flatMap((context) => context.pages())
			.find((each) => each.url().includes('holdfast')),
	);
	await page.waitForFunction(() => 'holdfast' in window && document.querySelector('main:not([aria-busy])') !== null);

	const close = async (): Promise<void> => {
		const below = descendants(pid);
		if (isAlive(pid)) child.kill('SIGTERM');
		const ended = await Promise.race([exited.then(() => true), delay(STOP_MS, false, { ref: false })]);
		if (!ended) child.kill('SIGKILL');
		await browser.close().catch(() => undefined);
		const left: string[] = [];
		for (const each of below) {
			for (let wait = 0; wait < 100 && isAlive(each.pid); wait += 1) await delay(25);
			if (!isAlive(each.pid)) continue;
			left.push(each.command.replaceAll('\0', ' '));
			process.kill(each.pid, 'SIGKILL');
		}
		if (!ended) throw new Error(`The app did not end when it was asked to:\n${output}`);
		if (left.length > 0) throw new Error(`The app left processes behind:\n${left.join('\n')}`);
	};
	return {
		shell: 'chromium',
		page,
		userData: options.userData,
		vaultPid: () => until('its vault process', () => descendants(pid).find((each) => each.command.includes('vault-process.js'))?.pid),
		output: () => output,
		async openLink(link) {
			const second = start({ userData: options.userData, args: [link] });
			await once(second, 'exit');
		},
		close,
		async relaunch() {
			await close();
			return launchChromium({ userData: options.userData, switches: options.switches ?? [] });
		},
	};
}
