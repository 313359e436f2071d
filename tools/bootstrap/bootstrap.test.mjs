import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { installLine, shortBrowserName } from './chromium.mjs';
import { addCounts, countCheck, countPlaywright, countVitest, formatCounts } from './counts.mjs';
import { fetchFailedRecently, findElectron, rememberFetchFailure } from './electron.mjs';
import { allowedScripts, installReason, npmCommand, npmEnvironment, packagedNode, recordAgrees, stampInstalled } from './install.mjs';
import { scriptEnvironment, toolScript } from './paths.mjs';
import { run, start } from './process.mjs';
import { duration } from './say.mjs';
import { appCommand, describeShell, findXvfbRun, hasDisplay, underVirtualScreen } from './shell.mjs';
import { testSteps } from './steps.mjs';
import { major, versionProblem } from './versions.mjs';

let root;
beforeEach(() => {
	root = mkdtempSync(join(tmpdir(), 'holdfast-tools-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path, content) {
	mkdirSync(dirname(join(root, path)), { recursive: true });
	writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content));
}

describe('the Node version', () => {
	test.each(['18.20.4', '16.0.0', 'nonsense'])('%s is refused in plain words', (version) => {
		expect(versionProblem(version)).toMatch(/needs Node.js 20 or newer, and this is .*nodejs.org/);
	});
	test.each(['20.0.0', 'v20.20.2', '24.9.0', '31.1.0'])('%s is accepted', (version) => {
		expect(versionProblem(version)).toBeUndefined();
	});
	test('the first number is read', () => {
		expect(major('v24.9.0\n')).toBe(24);
		expect(major('')).toBe(0);
	});
});

describe('installing dependencies', () => {
	const lock = { packages: { '': {}, 'packages/a': { version: '1.0.0' }, 'node_modules/x': { version: '1.0.0', integrity: 'sha512-1' } } };
	const installed = { packages: { 'packages/a': { version: '1.0.0' }, 'node_modules/x': { version: '1.0.0', integrity: 'sha512-1' } } };

	test('missing without node_modules, and with an unfinished install', () => {
		write('package-lock.json', lock);
		expect(installReason(root)).toBe('missing');
		write('node_modules/x/package.json', {});
		expect(installReason(root)).toBe('missing');
	});
	test('not needed after a stamp; stale when the lockfile changes after it', () => {
		write('package-lock.json', lock);
		write('node_modules/.package-lock.json', { packages: {} });
		expect(installReason(root)).toBe('stale');
		stampInstalled(root);
		expect(installReason(root)).toBeUndefined();
		write('package-lock.json', { packages: { ...lock.packages, 'node_modules/y': { version: '1.0.0' } } });
		expect(installReason(root)).toBe('stale');
	});
	test("not needed when npm's own record agrees with the lockfile", () => {
		write('package-lock.json', lock);
		write('node_modules/.package-lock.json', installed);
		expect(installReason(root)).toBeUndefined();
	});
	test.each([
		['another version', { 'node_modules/x': { version: '1.0.1', integrity: 'sha512-1' } }],
		['other contents', { 'node_modules/x': { version: '1.0.0', integrity: 'sha512-2' } }],
		['something missing', {}],
		['something that the lockfile lacks', { ...installed.packages, 'node_modules/z': { version: '1.0.0' } }],
	])('%s is stale', (_, packages) => {
		expect(recordAgrees(packages, lock.packages)).toBe(false);
	});
	test('an optional package for another platform may be missing', () => {
		expect(recordAgrees(installed.packages, { ...lock.packages, 'node_modules/x-win32': { version: '1.0.0', optional: true } })).toBe(true);
	});
	test('only the install scripts that package.json says yes to are run', () => {
		expect(allowedScripts({ allowScripts: { node: true, anvil: false } })).toEqual(['node']);
		expect(allowedScripts({})).toEqual([]);
	});
	test('npm is the one that started us, else the one beside Node, else the one on the path', () => {
		const there = () => true;
		const gone = () => false;
		expect(npmCommand({ npm_execpath: '/n/npm-cli.js' }, there, '/bin/node')).toEqual({ command: '/bin/node', prefix: ['/n/npm-cli.js'] });
		expect(npmCommand({ npm_execpath: '/n/yarn.js' }, there, '/usr/bin/node', 'linux').prefix).toEqual(['/usr/lib/node_modules/npm/bin/npm-cli.js']);
		expect(npmCommand({}, gone, '/bin/node', 'linux')).toEqual({ command: 'npm', prefix: [] });
		expect(npmCommand({}, gone, 'C:\\node.exe', 'win32').command).toBe('cmd.exe');
	});
	test('settings of a surrounding npm run or a production environment do not leave tools out', () => {
		const environment = npmEnvironment({ NODE_ENV: 'production', npm_config_omit: 'dev', npm_package_name: 'x', npm_config_cache: '/c', HOME: '/h' });
		expect(environment).toEqual({ NODE_ENV: 'development', npm_config_cache: '/c', HOME: '/h' });
	});
});

describe('the environment of the scripts', () => {
	test('Node 24 and the installed tools come first, and nothing reports home', () => {
		const environment = scriptEnvironment('/r', '/r/node_modules/node/bin/node', { PATH: '/usr/bin' });
		expect(environment.PATH.split(':')).toEqual(['/r/node_modules/node/bin', '/r/node_modules/.bin', '/usr/bin']);
		expect(environment.TURBO_TELEMETRY_DISABLED).toBe('1');
	});
	test("a tool's script is found through its package.json", () => {
		write('node_modules/@scope/tool/package.json', { bin: { tool: './bin/tool.js' } });
		write('node_modules/single/package.json', { bin: 'cli.js' });
		expect(toolScript(root, '@scope/tool')).toBe(join(root, 'node_modules/@scope/tool/bin/tool.js'));
		expect(toolScript(root, 'single')).toBe(join(root, 'node_modules/single/cli.js'));
		expect(() => toolScript(root, '@scope/tool', 'other')).toThrow('has no program named other');
	});
	test('the packaged Node has its own name on Windows', () => {
		expect(packagedNode('/r', 'linux')).toBe(join('/r', 'node_modules', 'node', 'bin', 'node'));
		expect(packagedNode('/r', 'win32')).toBe(join('/r', 'node_modules', 'node', 'bin', 'node.exe'));
	});
});

describe('finding Electron', () => {
	test('its own folder, and the official override', () => {
		expect(findElectron(root, {}, 'linux')).toBeUndefined();
		write('node_modules/electron/path.txt', 'electron');
		write('node_modules/electron/dist/electron', '');
		expect(findElectron(root, {}, 'linux')).toBe(join(root, 'node_modules/electron/dist/electron'));
		write('elsewhere/electron', '');
		expect(findElectron(root, { ELECTRON_OVERRIDE_DIST_PATH: join(root, 'elsewhere') }, 'linux')).toBe(join(root, 'elsewhere/electron'));
		expect(findElectron(root, { ELECTRON_OVERRIDE_DIST_PATH: join(root, 'nowhere') }, 'linux')).toBeUndefined();
	});
	test('a failed fetch is remembered for a day, for that version only', () => {
		const hour = 60 * 60 * 1000;
		expect(fetchFailedRecently(root, '45.4.1', 0)).toBe(false);
		rememberFetchFailure(root, '45.4.1', 1000);
		expect(fetchFailedRecently(root, '45.4.1', 1000 + 23 * hour)).toBe(true);
		expect(fetchFailedRecently(root, '45.4.1', 1000 + 25 * hour)).toBe(false);
		expect(fetchFailedRecently(root, '46.0.0', 2000)).toBe(false);
		// A clock that was set back must not silence the fetch for ever.
		expect(fetchFailedRecently(root, '45.4.1', 0)).toBe(false);
	});
});

describe('opening the window', () => {
	const electron = { kind: 'electron', program: '/e/electron', name: 'Electron 45.4.1' };
	const chromium = { kind: 'chromium', program: '/usr/bin/chromium', name: 'the installed Chromium 156', why: "Electron's own program could not be fetched" };

	test('Electron gets the app and what was passed on; as root on Linux without a sandbox', () => {
		expect(appCommand('/r', electron, '/n', ['--smoke'], { isRoot: false, platform: 'linux' })).toEqual({
			command: '/e/electron',
			args: [join('/r', 'apps', 'wallet'), '--smoke'],
			env: {},
		});
		expect(appCommand('/r', electron, '/n', [], { isRoot: true, platform: 'linux' }).args[0]).toBe('--no-sandbox');
		expect(appCommand('/r', electron, '/n', [], { isRoot: true, platform: 'darwin' }).args[0]).not.toBe('--no-sandbox');
	});
	test('Chromium is driven by electron-chromium under Node 24', () => {
		const { command, args, env } = appCommand('/r', chromium, '/n', ['openid4vp://x']);
		expect(command).toBe('/n');
		expect(args.slice(1)).toEqual([join('/r', 'apps', 'wallet'), 'openid4vp://x']);
		expect(env.HOLDFAST_CHROMIUM).toBe('/usr/bin/chromium');
	});
	test('it says which shell it is', () => {
		expect(describeShell(electron)).toBe('in Electron 45.4.1');
		expect(describeShell(chromium)).toBe("in the installed Chromium 156 (Electron's own program could not be fetched)");
	});
	test('a display is only missing on Linux', () => {
		expect(hasDisplay({}, 'linux')).toBe(false);
		expect(hasDisplay({ DISPLAY: ':0' }, 'linux')).toBe(true);
		expect(hasDisplay({ WAYLAND_DISPLAY: 'wayland-0' }, 'linux')).toBe(true);
		expect(hasDisplay({}, 'darwin')).toBe(true);
	});
	test('the virtual screen runs the same command', () => {
		expect(underVirtualScreen('/n', ['a', 'b']).args.slice(-3)).toEqual(['/n', 'a', 'b']);
		expect(findXvfbRun({ PATH: '/x:/y' }, (path) => path === '/y/xvfb-run')).toBe(true);
		expect(findXvfbRun({ PATH: '/x' }, () => false)).toBe(false);
	});
	test("a browser's version line becomes a short name", () => {
		expect(shortBrowserName('Chromium 156.0.7204.92 built on Debian GNU/Linux 12 (bookworm)')).toBe('Chromium 156');
		expect(shortBrowserName('Google Chrome 150.0.1.2 ')).toBe('Google Chrome 150');
		expect(shortBrowserName('error')).toBeUndefined();
	});
	test('there is one line to type on every system', () => {
		expect(installLine('linux')).toContain('apt-get install -y --no-install-recommends chromium xvfb');
		expect(installLine('darwin')).toContain('brew');
		expect(installLine('win32')).toContain('winget');
	});
});

describe('counting', () => {
	test('a check counts as one', () => {
		expect(countCheck(0)).toEqual({ passed: 1, failed: 0, skipped: 0 });
		expect(countCheck(2)).toEqual({ passed: 0, failed: 1, skipped: 0 });
	});
	test('vitest: tests, skipped ones and files that could not be loaded', () => {
		const report = {
			numPassedTests: 5,
			numFailedTests: 1,
			numPendingTests: 1,
			numTodoTests: 1,
			testResults: [
				{ status: 'failed', assertionResults: [{ status: 'failed' }] },
				{ status: 'failed', assertionResults: [] },
				{ status: 'passed', assertionResults: [{ status: 'passed' }] },
			],
		};
		expect(countVitest(report, 1)).toEqual({ passed: 5, failed: 2, skipped: 2 });
	});
	test('a run that ended badly, or wrote no report, failed', () => {
		expect(countVitest({ numPassedTests: 3, testResults: [] }, 1)).toEqual({ passed: 3, failed: 1, skipped: 0 });
		expect(countVitest(undefined, 0)).toEqual({ passed: 0, failed: 1, skipped: 0 });
		expect(countPlaywright(undefined, 0)).toEqual({ passed: 0, failed: 1, skipped: 0 });
	});
	test('Playwright: flaky is a failure', () => {
		expect(countPlaywright({ stats: { expected: 4, unexpected: 1, flaky: 1, skipped: 2 } }, 1)).toEqual({ passed: 4, failed: 2, skipped: 2 });
	});
	test('the last line', () => {
		expect(formatCounts(addCounts([countCheck(0), countCheck(1)]))).toBe('1 passed, 1 failed');
		expect(formatCounts({ passed: 2, failed: 0, skipped: 1 })).toBe('2 passed, 0 failed, 1 skipped');
		expect(addCounts([])).toEqual({ passed: 0, failed: 0, skipped: 0 });
	});
	test('durations are for people', () => {
		expect(duration(1449)).toBe('1.4 s');
		expect(duration(125_000)).toBe('2 min 5 s');
	});
});

describe('the steps', () => {
	const names = () => testSteps({ root, node: '/n', environment: {} }).map((step) => step.name);

	test('what is not there yet is left out', () => {
		expect(names()).toEqual(['types', 'lint', 'arch', 'dead', 'unit']);
		write('circuits/package.json', {});
		write('apps/wallet/src/main/index.main.ts', '');
		write('electron-builder.yml', '');
		write('e2e/playwright.config.ts', '');
		expect(names()).toEqual(['types', 'lint', 'arch', 'dead', 'unit', 'circuits', 'build', 'pack', 'e2e']);
	});
	test('an old report is not counted for a run that wrote none', () => {
		write('node_modules/vitest/package.json', { bin: 'vitest.mjs' });
		write('reports/unit.json', { numPassedTests: 9 });
		const unit = testSteps({ root, node: '/n', environment: {} }).find((step) => step.name === 'unit');
		unit.command();
		expect(unit.count(0)).toEqual({ passed: 0, failed: 1, skipped: 0 });
	});
});

describe.skipIf(process.platform === 'win32')('processes', () => {
	test('the exit code and the output come back', async () => {
		expect(await run(process.execPath, ['-e', 'console.log("hello"); process.exit(3)'], { capture: true })).toMatchObject({ code: 3, output: 'hello\n' });
	});
	test('a program that does not exist gives 127, not an exception', async () => {
		expect(await run(join(root, 'nothing'), [], { capture: true })).toMatchObject({ code: 127 });
	});
	test('a program that takes too long is ended', async () => {
		const { code, timedOut } = await run(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { capture: true, timeoutMs: 300 });
		expect(timedOut).toBe(true);
		expect(code).not.toBe(0);
	});
	test('children that a program leaves behind end with it', async () => {
		const grandchild = "require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' }).unref()";
		const { child, done } = start(process.execPath, ['-e', `const c = ${grandchild.replace('.unref()', '')}; console.log(c.pid); c.unref();`], {
			stdio: ['ignore', 'pipe', 'ignore'],
		});
		let output = '';
		child.stdout.on('data', (data) => {
			output += data;
		});
		expect((await done).code).toBe(0);
		const pid = Number(output.trim());
		expect(pid).toBeGreaterThan(0);
		expect(() => process.kill(pid, 0)).toThrow();
	});
});
