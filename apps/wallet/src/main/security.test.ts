import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import {
	APP_URL,
	CONTENT_SECURITY_POLICY,
	cleanEnvironment,
	debuggerRefusal,
	externalHost,
	hardenApp,
	hardenSession,
	isTrustedSender,
	linkFrom,
	registerScheme,
	serveFiles,
	vaultEnvironment,
	windowOptions,
} from './security.main.ts';

// One test for each of the items 1 to 29 of the checklist in docs/threat-model.md. What only a browser can
// show (that a policy is enforced, that a popup does not open) is tested again in e2e/, in the real shell.

const app = join(import.meta.dirname, '../..');
const repository = join(app, '../..');

function sources(folder: string, match: RegExp): { path: string; text: string }[] {
	return readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter(
			(entry) => entry.isFile() && match.test(entry.name) && !/\.(test|bench)\.tsx?$/.test(entry.name) && !/node_modules|[\\/]out[\\/]/.test(entry.parentPath),
		)
		.map((entry) => {
			const path = join(entry.parentPath, entry.name);
			return { path, text: readFileSync(path, 'utf8') };
		});
}
const rendererSources = sources(join(app, 'src/renderer'), /\.(tsx?|html)$/);
const mainSources = sources(join(app, 'src/main'), /\.ts$/);
const preloadSources = sources(join(app, 'src/preload'), /\.ts$/);
// What stands in a folder `testing` is for tests alone: nothing that ships may import it.
const isTesting = /[\\/]testing[\\/]/;
const shipped = [
	...sources(join(app, 'src'), /\.tsx?$/),
	...sources(join(repository, 'packages'), /\.tsx?$/).filter(({ path }) => /[\\/]src[\\/]/.test(path) && !isTesting.test(path)),
];

const web = windowOptions('/preload.cjs').webPreferences ?? {};

/** Stands where Electron would, and keeps what it was told. */
function recordingSession() {
	const kept: Record<string, (...args: never[]) => unknown> = {};
	const keep = (name: string) => (handler: (...args: never[]) => unknown) => {
		kept[name] = handler;
	};
	const session = {
		setPermissionRequestHandler: keep('request'),
		setPermissionCheckHandler: keep('check'),
		setSpellCheckerEnabled: () => {},
		webRequest: { onBeforeRequest: keep('before') },
	};
	hardenSession(session as never);
	return {
		ask: (permission: string, url: string, mediaTypes?: string[]): boolean => {
			let answer = true;
			const details = { requestingUrl: url, ...(mediaTypes ? { mediaTypes } : {}) };
			(kept.request as unknown as (...args: unknown[]) => void)({ getURL: () => url }, permission, (granted: boolean) => (answer = granted), details);
			return answer;
		},
		check: (permission: string, origin: string, mediaType?: string): boolean =>
			(kept.check as unknown as (...args: unknown[]) => boolean)(null, permission, origin, { mediaType }),
		blocked: (url: string): boolean => {
			let cancel = false;
			(kept.before as unknown as (...args: unknown[]) => void)({ url }, (answer: { cancel: boolean }) => (cancel = answer.cancel));
			return cancel;
		},
	};
}

/** The handlers that a new page would get. */
function recordingContents() {
	const handlers = new Map<string, (event: { preventDefault(): void; url?: string }, url?: string) => void>();
	let open: (() => { action: string }) | undefined;
	const contents = { on: (name: string, handler: never) => handlers.set(name, handler), setWindowOpenHandler: (handler: never) => (open = handler) };
	let sandboxed = false;
	hardenApp({
		enableSandbox: () => {
			sandboxed = true;
		},
		on: (_name: string, created: (event: unknown, contents: unknown) => void) => created({}, contents),
	} as never);
	return {
		sandboxed: () => sandboxed,
		prevented: (name: string, url: string): boolean => {
			let prevented = false;
			handlers.get(name)?.({ preventDefault: () => (prevented = true), url });
			return prevented;
		},
		windowOpen: () => open?.().action,
	};
}

describe('Electron’s own list', () => {
	test('1: only secure content: the page reaches nothing but the app', () => {
		const { blocked } = recordingSession();
		for (const url of [
			'http://example.com/',
			'https://example.com/',
			'ws://127.0.0.1:1/',
			'file:///etc/passwd',
			'app://other/',
			'ftp://x/',
			'data:text/html,x',
			'chrome://gpu',
		])
			expect(blocked(url), url).toBe(true);
		for (const url of [APP_URL, 'app://holdfast/assets/a.js', 'data:image/png;base64,AA', 'blob:app://holdfast/1']) expect(blocked(url), url).toBe(false);
		expect(CONTENT_SECURITY_POLICY).not.toMatch(/http:/);
	});
	test('2: no Node in the page, its workers or its frames', () => {
		expect(web).toMatchObject({ nodeIntegration: false, nodeIntegrationInWorker: false, nodeIntegrationInSubFrames: false });
	});
	test('3: context isolation', () => expect(web.contextIsolation).toBe(true));
	test('4: sandbox, for the window and for every other renderer', () => {
		expect(web.sandbox).toBe(true);
		expect(recordingContents().sandboxed()).toBe(true);
	});
	test('5: permissions are denied, but the camera’s picture to our own page', () => {
		const { ask, check } = recordingSession();
		for (const permission of [
			'geolocation',
			'notifications',
			'midi',
			'clipboard-read',
			'hid',
			'usb',
			'serial',
			'openExternal',
			'display-capture',
			'idle-detection',
			'fullscreen',
		]) {
			expect(ask(permission, APP_URL), permission).toBe(false);
			expect(check(permission, 'app://holdfast'), permission).toBe(false);
		}
		expect(ask('media', APP_URL, ['video'])).toBe(true);
		expect(ask('media', APP_URL, ['audio'])).toBe(false);
		expect(ask('media', APP_URL, ['video', 'audio'])).toBe(false);
		expect(ask('media', APP_URL, [])).toBe(false);
		expect(ask('media', 'https://example.com/', ['video'])).toBe(false);
		expect(check('media', 'app://holdfast', 'video')).toBe(true);
		expect(check('media', 'app://holdfast', 'audio')).toBe(false);
		expect(check('media', 'https://example.com', 'video')).toBe(false);
	});
	test('6: web security', () => expect(web.webSecurity).toBe(true));
	test('7: the content security policy, directive by directive', () => {
		expect(CONTENT_SECURITY_POLICY.split('; ')).toEqual([
			"default-src 'none'",
			"script-src 'self' 'wasm-unsafe-eval'",
			"style-src 'self'",
			"font-src 'self'",
			"img-src 'self' data: blob:",
			"connect-src 'self'",
			"worker-src 'self'",
			"media-src 'self' blob:",
			"base-uri 'none'",
			"form-action 'none'",
			"frame-ancestors 'none'",
			"require-trusted-types-for 'script'",
			'trusted-types holdfast-worker',
		]);
	});
	test('8: no insecure content', () => expect(web.allowRunningInsecureContent).toBe(false));
	test('9: no experimental features', () => expect(web.experimentalFeatures).toBe(false));
	test('10: no Blink features', () => {
		expect(web).not.toHaveProperty('enableBlinkFeatures');
		for (const { path, text } of mainSources) expect(text, path).not.toMatch(/enableBlinkFeatures|enable-blink-features/);
	});
	test('11: no page allows popups', () => {
		for (const { path, text } of rendererSources) expect(text, path).not.toMatch(/allowpopups/i);
	});
	test('12: no webview, and none can be attached', () => {
		expect(web.webviewTag).toBe(false);
		expect(recordingContents().prevented('will-attach-webview', '')).toBe(true);
	});
	test('13: the page does not navigate', () => {
		const contents = recordingContents();
		for (const name of ['will-navigate', 'will-redirect', 'will-frame-navigate']) {
			for (const url of ['https://example.com/', 'app://holdfast/other.html', 'app://evil/index.html', 'file:///etc/passwd', 'javascript:alert(1)'])
				expect(contents.prevented(name, url), `${name} ${url}`).toBe(true);
			expect(contents.prevented(name, APP_URL)).toBe(false);
		}
	});
	test('14: no window opens', () => expect(recordingContents().windowOpen()).toBe('deny'));
	test('15: only https leaves for the browser, and its host can be named', () => {
		expect(externalHost('https://example.com/path?x=1')).toBe('example.com');
		expect(externalHost('https://example.com:8443/')).toBe('example.com:8443');
		for (const url of [
			'http://example.com',
			'javascript:alert(1)',
			'file:///etc/passwd',
			'smb://x',
			'https://user:secret@example.com/',
			'nonsense',
			`https://example.com/${'x'.repeat(3000)}`,
		])
			expect(externalHost(url), url).toBeNull();
	});
	test('16: Electron is one of the supported majors', () => {
		// The newest three majors are supported; 45 was the newest when this was written. Raise both together.
		const { version } = createRequire(import.meta.url)('electron/package.json') as { version: string };
		expect(Number(version.split('.')[0])).toBeGreaterThanOrEqual(43);
	});
	test('17: only our own main frame is listened to', () => {
		const frame = (url: string, parent: unknown = null) => isTrustedSender({ senderFrame: { url, parent } } as never);
		expect(frame(APP_URL)).toBe(true);
		expect(frame(`${APP_URL}#/wallet`)).toBe(true);
		for (const url of [
			'',
			'about:blank',
			'https://holdfast/index.html',
			'app://holdfast.evil/index.html',
			'app://holdfast/other.html',
			'app://holdfast@evil/index.html',
			'file:///index.html',
		])
			expect(frame(url), url).toBe(false);
		expect(frame(APP_URL, {}), 'a child frame').toBe(false);
		expect(isTrustedSender({ senderFrame: null } as never), 'a frame that is gone').toBe(false);
		// And nobody listens without asking.
		for (const { path, text } of mainSources) {
			const listens = text.match(/ipcMain\.(handle|on|once|handleOnce)\(/g)?.length ?? 0;
			expect(text.match(/isTrustedSender\(event\)/g)?.length ?? 0, path).toBeGreaterThanOrEqual(path.endsWith('security.main.ts') ? 0 : listens);
		}
	});
	test('18: a scheme of our own, never file:', () => {
		expect(new URL(APP_URL).protocol).toBe('app:');
		let registered: unknown;
		registerScheme({ registerSchemesAsPrivileged: (schemes: unknown) => (registered = schemes) } as never);
		expect(registered).toEqual([{ scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } }]);
		for (const { path, text } of mainSources) expect(text, path).not.toMatch(/loadFile\(|['"`]file:\/\//);
	});
	test('19: every fuse is set', () => {
		const { electronFuses } = parse(readFileSync(join(repository, 'electron-builder.yml'), 'utf8')) as { electronFuses: unknown };
		expect(electronFuses).toEqual({
			runAsNode: false,
			enableCookieEncryption: true,
			enableNodeOptionsEnvironmentVariable: false,
			enableNodeCliInspectArguments: false,
			enableEmbeddedAsarIntegrityValidation: true,
			onlyLoadAppFromAsar: true,
			loadBrowserProcessSpecificV8Snapshot: false,
			grantFileProtocolExtraPrivileges: false,
		});
	});
	test('20: the page gets two functions, and no Electron object', () => {
		const text = preloadSources.map((each) => each.text).join('\n');
		expect(text.match(/exposeInMainWorld/g)).toHaveLength(1);
		expect(text).toMatch(/exposeInMainWorld\('holdfast', bridge\)/);
		expect(text).toMatch(/const bridge: HoldfastBridge = \{\s*call:[\s\S]*?on:/);
		for (const { path, text: page } of rendererSources) expect(page, path).not.toMatch(/ipcRenderer|from 'electron'|require\(/);
	});
});

describe('Beyond the list', () => {
	let root: string;
	let get: (url: string, init?: RequestInit) => Response;
	beforeAll(() => {
		root = mkdtempSync(join(tmpdir(), 'holdfast-files-'));
		mkdirSync(join(root, 'web/assets'), { recursive: true });
		writeFileSync(join(root, 'secret.txt'), 'secret');
		writeFileSync(join(root, 'web/index.html'), '<p>hello</p>');
		writeFileSync(join(root, 'web/assets/a.js'), 'export {}');
		writeFileSync(join(root, 'web/assets/notes.txt'), 'not for the page');
		symlinkSync(join(root, 'secret.txt'), join(root, 'web/link.html'));
		serveFiles(
			{ handle: (_scheme: string, handler: (request: Request) => Response) => (get = (url, init) => handler(new Request(url, init))) } as never,
			join(root, 'web'),
		);
	});
	afterAll(() => rmSync(root, { recursive: true }));

	test('21: only the built files are served, and always with the policy', async () => {
		const page = get(APP_URL);
		expect(page.status).toBe(200);
		expect(await page.text()).toBe('<p>hello</p>');
		expect(get('app://holdfast/assets/a.js').headers.get('content-type')).toMatch(/javascript/);
		const refused = [
			'app://holdfast/',
			'app://holdfast/../secret.txt',
			'app://holdfast/assets/../../secret.txt',
			'app://holdfast/%2e%2e/secret.txt',
			'app://holdfast/..%2fsecret.txt',
			'app://holdfast//etc/passwd',
			'app://holdfast/assets/notes.txt',
			'app://holdfast/link.html',
			'app://other/index.html',
			'app://holdfast/constructor',
		];
		for (const url of refused) expect(get(url).status, url).toBe(404);
		expect(get(APP_URL, { method: 'POST' }).status).toBe(404);
		for (const response of [page, get('app://holdfast/nothing')]) {
			expect(response.headers.get('content-security-policy')).toBe(CONTENT_SECURITY_POLICY);
			expect(response.headers.get('x-content-type-options')).toBe('nosniff');
		}
	});
	test('22: every request leaves through the guarded fetch', () => {
		// electron-chromium talks to its browser, ui has no network, testkit is not shipped; serve.node.ts only answers.
		const exempt = /[\\/]packages[\\/](net|electron-chromium|ui|testkit)[\\/]/;
		for (const { path, text } of shipped.filter((each) => !exempt.test(each.path))) {
			expect(text, path).not.toMatch(/globalThis\.fetch\(|from 'undici'|XMLHttpRequest|new WebSocket|net\.request\(|from 'axios'/);
			expect(text, path).not.toMatch(/from '[^']*\/testing(\/[^']*)?'/);
			if (!path.endsWith('serve.node.ts')) expect(text, path).not.toMatch(/from 'node:(http|https|http2|net|tls|dgram)'/);
		}
	});
	test('23: a link from outside is kept as text, within bounds', () => {
		expect(linkFrom(['--flag', 'openid4vp://?client_id=x'])).toBe('openid4vp://?client_id=x');
		expect(linkFrom(['openid-credential-offer://?credential_offer=%7B%7D'])).toMatch(/^openid-credential-offer:/);
		expect(linkFrom(['OPENID4VP://x'])).toBe('OPENID4VP://x');
		for (const argument of ['https://example.com', 'javascript:alert(1)', 'file:///etc/passwd', '--openid4vp://', `openid4vp://${'x'.repeat(70_000)}`])
			expect(linkFrom([argument]), argument.slice(0, 40)).toBeNull();
	});
	test('24: one instance for a profile, decided before anything else starts', () => {
		const text = mainSources.find(({ path }) => path.endsWith('index.main.ts'))?.text ?? '';
		expect(text).toMatch(/else if \(!app\.requestSingleInstanceLock\(\)\)[\s\S]*else \{\s*start\(\);/);
		expect(text).toMatch(/'second-instance', \(_event, argv\) => linkArrived\(linkFrom\(argv\)\)/);
	});
	test('25: a packaged build does not start under a debugger, and has no developer tools', () => {
		for (const argument of ['--inspect', '--inspect=9229', '--inspect-brk', '--remote-debugging-port=0', '--remote-debugging-pipe', '--js-flags=--expose-gc']) {
			expect(debuggerRefusal(true, ['/app', argument]), argument).not.toBeNull();
			expect(debuggerRefusal(false, ['/app', argument]), argument).toBeNull();
		}
		expect(debuggerRefusal(true, ['/app', '--profile=/x', 'openid4vp://inspect'])).toBeNull();
		expect(web.devTools).toBe(false);
	});
	test('26: nothing in the environment logs, loads code or weakens TLS', () => {
		const hostile = {
			DEBUG: 'veramo:*',
			NODE_OPTIONS: '--require x',
			ELECTRON_RUN_AS_NODE: '1',
			NODE_TLS_REJECT_UNAUTHORIZED: '0',
			SSLKEYLOGFILE: '/tmp/k',
			HOME: '/home/a',
			LD_PRELOAD: 'x',
			AWS_SECRET_ACCESS_KEY: 's',
		};
		expect(cleanEnvironment({ ...hostile })).toEqual({ HOME: '/home/a', LD_PRELOAD: 'x', AWS_SECRET_ACCESS_KEY: 's' });
		expect(vaultEnvironment(hostile)).toEqual({ HOME: '/home/a' });
	});
	test('27: nothing updates itself unsigned: there is no updater', () => {
		for (const { path, text } of shipped) expect(text, path).not.toMatch(/autoUpdater|electron-updater/);
		expect(parse(readFileSync(join(repository, 'electron-builder.yml'), 'utf8'))).toMatchObject({ publish: null });
	});
	test('28: every other option of the window that a scanner asks for', () => {
		expect(web).toMatchObject({ navigateOnDragDrop: false, spellcheck: false, safeDialogs: true });
		for (const name of ['enableRemoteModule', 'affinity', 'nativeWindowOpen', 'disableBlinkFeatures', 'plugins', 'additionalArguments'])
			expect(web).not.toHaveProperty(name);
		for (const { path, text } of mainSources)
			expect(text, path).not.toMatch(/ignore-certificate-errors|certificate-error|disable-web-security|executeJavaScript|insertCSS|setCertificateVerifyProc/);
	});
	test('29: Trusted Types, with one policy that lets two workers of ours start, by their names', () => {
		expect(CONTENT_SECURITY_POLICY).toMatch(/require-trusted-types-for 'script'; trusted-types holdfast-worker$/);
		const makers = rendererSources.filter(({ text }) => text.includes('createPolicy('));
		expect(makers.map(({ path }) => path.replace(/.*renderer\//, ''))).toEqual(['shell/scan/workers.dom.ts']);
		expect(makers[0]?.text).toMatch(/const URLS = \{ reader: readerUrl, pdf: pdfUrl \} as const;/);
		expect(makers[0]?.text).toMatch(/if \(!Object\.values<string>\(URLS\)\.includes\(input\)\) throw/);
		expect(makers[0]?.text.match(/createPolicy\('|\.createHTML|\.createScript\b|new Worker\(/g)).toEqual(["createPolicy('", 'new Worker(']);
		for (const { path, text } of [...rendererSources, ...shipped.filter(({ path }) => path.includes('packages/ui'))])
			expect(text, path).not.toMatch(/dangerouslySetInnerHTML|\.innerHTML\s*=|insertAdjacentHTML|document\.write|new Function\(/);
	});
});
