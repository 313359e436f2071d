import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FIXTURE, type FixtureApp, processesWith, startFixture } from '../test/driver.ts';
import { ChromiumMissingError, distPath, findChromium } from './index.ts';

const until = async (condition: () => boolean): Promise<void> => {
	while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
};

describe('the process', () => {
	let app: FixtureApp;
	beforeAll(async () => {
		app = await startFixture();
	});
	afterAll(() => app.stop());

	it('describes itself as Electron does, and says which shell it is', async () => {
		const about = await app.op('about');
		expect(about).toMatchObject({
			name: 'shell-fixture',
			version: '1.2.3',
			userData: app.userData,
			packaged: false,
			type: 'browser',
			backend: 'basic_text',
			encryption: false,
		});
		expect(about.electron).toMatch(/^45\./);
		expect(about.chromium).toMatch(/^\d/);
		expect(spawnSync(join(distPath, 'electron'), ['--version'], { encoding: 'utf8' }).stdout).toBe(`v${about.electron}\n`);
	});

	it('recovers from a crash of the renderer', async () => {
		await app.events();
		await app.op('crash');
		expect((await app.until('render-process-gone')).reason).toBe('crashed');
		await app.op('reload');
		await app.until('did-finish-load');
		expect((await app.page('fixture.who()')).frame.url).toBe('app://holdfast/index.html');
	});

	it('reloads into a fresh document', async () => {
		await app.page('window.mark = 1');
		await app.events();
		await app.op('reload');
		await app.until('did-finish-load');
		expect(await app.page('typeof window.mark')).toBe('undefined');
		expect(await app.page('fixture.add(1, 1)')).toBe(2);
	});

	it('has one window, and none with unsafe preferences', async () => {
		await expect(app.op('second')).rejects.toThrow('one window');
		await app.op('close');
		await until(() => app.process.exitCode !== null);
		const other = await startFixture({ window: false });
		for (const preferences of [
			{ nodeIntegration: true },
			{ contextIsolation: false },
			{ sandbox: false },
			{ webSecurity: false },
			{ webviewTag: true },
			{ enableBlinkFeatures: 'X' },
		]) {
			await expect(other.op('unsafe', { preferences })).rejects.toThrow('webPreferences');
		}
		expect(await other.op('windows')).toBe(0);
		await other.stop();
	});
});

describe('the appearance and the dialogs', () => {
	it('follow the app', async () => {
		const answers = join(mkdtempSync(join(tmpdir(), 'answers-')), 'answers.json');
		writeFileSync(answers, JSON.stringify([{ canceled: false, filePaths: ['/tmp/a'] }]));
		const app = await startFixture({ env: { HOLDFAST_DIALOG_ANSWERS: answers } });
		const dark = `matchMedia('(prefers-color-scheme: dark)').matches`;
		for (const source of ['dark', 'light', 'dark']) {
			expect(await app.op('theme', { source })).toBe(source === 'dark');
			expect(await app.page(dark)).toBe(source === 'dark');
		}
		expect(await app.op('dialog', { name: 'showOpenDialog', options: {} })).toEqual({ canceled: false, filePaths: ['/tmp/a'] });
		await expect(app.op('dialog', { name: 'showOpenDialog', options: {} })).rejects.toThrow('no answer left');
		await expect(app.op('open', { url: 'http://evil.example/' })).rejects.toThrow('Only https:');
		await expect(app.op('open', { url: 'file:///etc/passwd' })).rejects.toThrow('Only https:');
		await app.stop();
	});

	it('say what to install where no program for dialogs is', async () => {
		const app = await startFixture({ env: { PATH: '/nowhere', HOLDFAST_CHROMIUM: findChromium(), HOLDFAST_NODE: process.execPath }, window: false }).catch(
			() => undefined,
		);
		// The launcher itself needs a PATH on some systems; then there is nothing to see here.
		if (app === undefined) return;
		await expect(app.op('dialog', { name: 'showSaveDialog', options: {} })).rejects.toThrow('install zenity');
		await app.stop();
	});
});

describe('a utility process', () => {
	let app: FixtureApp;
	beforeAll(async () => {
		app = await startFixture({ window: false });
	});
	afterAll(() => app.stop());

	it('has a port, its own environment and arguments, and an exit code', async () => {
		const result = await app.op('fork', { args: ['--one', 'two'], message: { n: 1, list: [true, null] } });
		expect(result).toEqual({
			spawned: true,
			messages: [{ back: { n: 1, list: [true, null] }, type: 'utility', bytes: false }],
			out: 'from-parent clean --one two',
			code: 7,
			gone: true,
		});
	});

	it('can be killed', async () => {
		const result = await app.op('fork', { args: ['stay'], message: {}, kill: true });
		expect(result.code).not.toBe(0);
		expect(result.gone).toBe(true);
	});
});

describe('the lock', () => {
	it('lets one instance run, and tells it the arguments of the others', async () => {
		const userData = mkdtempSync(join(tmpdir(), 'electron-chromium-lock-'));
		const first = await startFixture({ lock: true, window: false, userData });
		const second = spawnSync(join(distPath, 'electron'), [FIXTURE, `--user-data-dir=${userData}`, 'openid4vp://request?x=1'], {
			encoding: 'utf8',
			env: { ...process.env, FIXTURE: JSON.stringify({ lock: true, window: false }), HOLDFAST_HEADLESS: '1' },
		});
		expect([second.status, second.stdout]).toEqual([0, 'second\n']);
		const told = await first.until('second-instance');
		expect(told.argv.at(-1)).toBe('openid4vp://request?x=1');
		expect(told.data).toEqual({ from: 'second' });
		await first.stop();
		const third = await startFixture({ lock: true, window: false, userData });
		await third.stop();
		rmSync(userData, { recursive: true });
	});

	it('of a killed instance does not hold', async () => {
		const userData = mkdtempSync(join(tmpdir(), 'electron-chromium-lock-'));
		const first = await startFixture({ lock: true, window: false, userData });
		first.process.kill('SIGKILL');
		await first.exited;
		expect(existsSync(join(userData, 'instance.lock'))).toBe(true);
		const second = await startFixture({ lock: true, window: false, userData });
		expect(await second.op('windows')).toBe(0);
		await second.stop();
		rmSync(userData, { recursive: true });
	});
});

describe('the end', () => {
	const ways: Record<string, (app: FixtureApp) => Promise<number | null>> = {
		quit: async (app) => {
			void app.op('quit').catch(() => undefined);
			return app.exited;
		},
		'exit with a code': async (app) => {
			void app.op('exit', { code: 3 }).catch(() => undefined);
			return app.exited;
		},
		'the window is closed': async (app) => {
			void app.op('close').catch(() => undefined);
			return app.exited;
		},
		'a signal': async (app) => {
			app.process.kill('SIGTERM');
			return app.exited;
		},
		'a kill': async (app) => {
			app.process.kill('SIGKILL');
			return app.exited;
		},
	};
	for (const [name, end] of Object.entries(ways)) {
		it(`leaves no Chromium behind: ${name}`, async () => {
			const userData = mkdtempSync(join(tmpdir(), 'electron-chromium-end-'));
			const app = await startFixture({ userData });
			expect(processesWith(userData).length).toBeGreaterThan(1);
			await app.page(
				`(() => { document.getElementById('text').value = 'canary-typed-text'; localStorage.setItem('k', 'canary-stored-text'); history.replaceState({}, '', '/canary-url') })()`,
			);
			const code = await end(app);
			expect(code).toBe(name === 'a kill' ? null : name === 'exit with a code' ? 3 : 0);
			await until(() => processesWith(userData).length === 0);
			if (name !== 'a kill') expect(readdirSync(userData).filter((entry) => entry.startsWith('chromium') || entry.startsWith('DevTools'))).toEqual([]);
			rmSync(userData, { recursive: true, maxRetries: 5 });
		});
	}
});

describe('the endpoint for tests', () => {
	const chromiumArguments = (userData: string): string =>
		processesWith(userData)
			.map((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8'))
			.join('\n');

	it('is closed unless asked for', async () => {
		const app = await startFixture();
		expect(chromiumArguments(app.userData)).not.toContain('--remote-debugging-port');
		expect(existsSync(join(app.userData, 'DevToolsActivePort'))).toBe(false);
		await app.stop();
	});

	it('lets Playwright drive the window', async () => {
		const app = await startFixture({ env: { HOLDFAST_E2E_ENDPOINT: '1' } });
		await until(() => existsSync(join(app.userData, 'DevToolsActivePort')));
		const [port, path] = readFileSync(join(app.userData, 'DevToolsActivePort'), 'utf8').split('\n');
		const browser = await chromium.connectOverCDP(`ws://127.0.0.1:${port}${path}`);
		const pages = browser.contexts().flatMap((context) => context.pages());
		expect(pages.length).toBe(1);
		await pages[0]?.locator('#text').fill('typed by a test');
		expect(await app.page('document.getElementById("text").value')).toBe('typed by a test');
		await browser.close();
		await app.stop();
	});

	it('is refused to a packaged app', async () => {
		await expect(startFixture({ env: { HOLDFAST_E2E_ENDPOINT: '1', HOLDFAST_PACKAGED: '1' } })).rejects.toThrow('refused in a packaged app');
	});
});

describe('finding Chromium', () => {
	it('takes the one that was named, or says what to type', () => {
		expect(findChromium({ HOLDFAST_CHROMIUM: process.execPath })).toBe(process.execPath);
		expect(() => findChromium({ HOLDFAST_CHROMIUM: '/nowhere/chromium', PATH: process.env.PATH })).toThrow(ChromiumMissingError);
		expect(() => findChromium({ PATH: '/nowhere' }, 'win32')).toThrow(/apt-get install chromium/);
	});
});
