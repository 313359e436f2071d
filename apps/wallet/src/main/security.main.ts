import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import type { App, BrowserWindowConstructorOptions, IpcMainEvent, IpcMainInvokeEvent, Protocol, Session } from 'electron';

// Every guard between hostile content and the wallet, in one file. The numbers are those of the
// checklist in docs/threat-model.md; security.test.ts has a test for each.

/** The page's address. The renderer has no other origin, and nothing else is ever loaded. (1, 8, 18) */
export const APP_SCHEME = 'app';
export const APP_HOST = 'holdfast';
export const APP_URL = `${APP_SCHEME}://${APP_HOST}/index.html`;

/** Content Security Policy, sent as a header with every answer. Trusted Types with one policy, which lets the readers of QR codes and of PDFs start their workers. (7, 29) */
export const CONTENT_SECURITY_POLICY = [
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
].join('; ');

const RESPONSE_HEADERS = {
	'content-security-policy': CONTENT_SECURITY_POLICY,
	'x-content-type-options': 'nosniff',
	'referrer-policy': 'no-referrer',
	'cross-origin-opener-policy': 'same-origin',
	'cross-origin-embedder-policy': 'require-corp',
	'cross-origin-resource-policy': 'same-origin',
	'permissions-policy': 'camera=(self), microphone=(), geolocation=(), payment=(), usb=(), serial=(), hid=()',
	'cache-control': 'no-store',
} as const;

/** The window's options. Nothing here is left to a default that might change. (2, 3, 4, 6, 8, 9, 10, 11, 12) */
export const windowOptions = (preload: string): BrowserWindowConstructorOptions => ({
	width: 1240,
	height: 860,
	minWidth: 720,
	minHeight: 560,
	show: false,
	title: 'Holdfast',
	autoHideMenuBar: true,
	webPreferences: {
		preload,
		nodeIntegration: false,
		nodeIntegrationInWorker: false,
		nodeIntegrationInSubFrames: false,
		contextIsolation: true,
		sandbox: true,
		webSecurity: true,
		allowRunningInsecureContent: false,
		experimentalFeatures: false,
		webviewTag: false,
		navigateOnDragDrop: false,
		spellcheck: false,
		safeDialogs: true,
		devTools: false,
	},
});

const DEBUG_SWITCHES = ['inspect', 'inspect-brk', 'inspect-port', 'inspect-publish-uid', 'remote-debugging-port', 'remote-debugging-pipe', 'js-flags'];
const DEBUG_VARIABLES = ['DEBUG', 'NODE_OPTIONS', 'NODE_DEBUG', 'ELECTRON_RUN_AS_NODE', 'NODE_EXTRA_CA_CERTS', 'NODE_TLS_REJECT_UNAUTHORIZED', 'SSLKEYLOGFILE'];

/** Why a packaged build refuses to start: a debugger could read the keys. Development builds are not refused. (25) */
export function debuggerRefusal(packaged: boolean, argv: readonly string[]): string | null {
	if (!packaged) return null;
	const found = argv.find((argument) => DEBUG_SWITCHES.some((name) => argument === `--${name}` || argument.startsWith(`--${name}=`)));
	return found === undefined ? null : 'Holdfast does not start with a debugger attached.';
}

/** Removes variables that log arguments, load foreign code or weaken TLS; child processes inherit what is left. (26) */
export function cleanEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
	for (const name of DEBUG_VARIABLES) delete env[name];
	return env;
}

/** The only variables that the vault process is given. (26) */
export function vaultEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
	const kept = ['HOME', 'USERPROFILE', 'APPDATA', 'LOCALAPPDATA', 'PATH', 'SYSTEMROOT', 'SystemRoot', 'TEMP', 'TMP', 'TMPDIR', 'LANG', 'LC_ALL', 'TZ'];
	return Object.fromEntries(kept.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}

/** Sandbox for every renderer, decided before the app is ready. (4) */
export function hardenApp(app: Pick<App, 'enableSandbox' | 'on'>): void {
	app.enableSandbox();
	app.on('web-contents-created', (_event, contents) => {
		// The page never navigates: a link that leads anywhere else is refused, whoever started it. (13)
		const refuse = (event: { preventDefault(): void; url?: string }, url?: string): void => {
			if ((event.url ?? url) !== APP_URL) event.preventDefault();
		};
		contents.on('will-navigate', refuse);
		contents.on('will-redirect', refuse);
		contents.on('will-frame-navigate', refuse);
		contents.on('will-attach-webview', (event) => event.preventDefault()); // 12
		contents.setWindowOpenHandler(() => ({ action: 'deny' })); // 14, 11
	});
}

/** Permissions: everything is denied, but the camera's picture for our own page. Never the microphone. (5) */
export function hardenSession(
	session: Pick<Session, 'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'webRequest' | 'setSpellCheckerEnabled'>,
): void {
	session.setPermissionRequestHandler((contents, permission, callback, details) => {
		const types = 'mediaTypes' in details ? (details.mediaTypes ?? []) : [];
		callback(
			permission === 'media' &&
				isAppUrl(contents?.getURL() ?? '') &&
				isAppUrl(details.requestingUrl) &&
				types.length > 0 &&
				types.every((type) => type === 'video'),
		);
	});
	session.setPermissionCheckHandler(
		(_contents, permission, origin, details) => permission === 'media' && isAppUrl(`${origin}/`) && details.mediaType === 'video',
	);
	// The page has no network: all that it shows comes from the app's own files. (1, 22)
	session.webRequest.onBeforeRequest((details, callback) => {
		callback({ cancel: !(isAppUrl(details.url) || details.url.startsWith('data:image/') || details.url.startsWith('blob:')) });
	});
	session.setSpellCheckerEnabled(false);
}

const isAppUrl = (url: string): boolean => {
	try {
		const parsed = new URL(url);
		return parsed.protocol === `${APP_SCHEME}:` && parsed.host === APP_HOST;
	} catch {
		return false;
	}
};

/** Whether a message comes from our own page's main frame. Anything unclear is a no. (17) */
export function isTrustedSender(event: Pick<IpcMainEvent | IpcMainInvokeEvent, 'senderFrame'>): boolean {
	const frame = event.senderFrame;
	return frame !== null && frame.parent === null && isAppUrl(frame.url) && frame.url.split(/[?#]/)[0] === APP_URL;
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
	'.html': 'text/html; charset=utf-8',
	'.js': 'text/javascript; charset=utf-8',
	'.css': 'text/css; charset=utf-8',
	'.svg': 'image/svg+xml',
	'.png': 'image/png',
	'.woff2': 'font/woff2',
	'.wasm': 'application/wasm',
};

/** Call before the app is ready. */
export function registerScheme(protocol: Pick<Protocol, 'registerSchemesAsPrivileged'>): void {
	protocol.registerSchemesAsPrivileged([{ scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } }]);
}

/**
 * Serves the built files and nothing else: the list is made once, at start, and a request is looked
 * up in it. No path is ever joined from a URL. (18, 21)
 */
export function serveFiles(protocol: Pick<Protocol, 'handle'>, root: string): void {
	const files = new Map<string, string>();
	for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
		const path = join(entry.parentPath, entry.name);
		if (entry.isFile() && CONTENT_TYPES[extname(entry.name)]) files.set(`/${relative(root, path).split(sep).join('/')}`, path);
	}
	protocol.handle(APP_SCHEME, (request) => {
		const url = new URL(request.url);
		const path = request.method === 'GET' && url.host === APP_HOST ? files.get(url.pathname) : undefined;
		if (path === undefined) return new Response('Not found', { status: 404, headers: { ...RESPONSE_HEADERS, 'content-type': 'text/plain' } });
		return new Response(readFileSync(path), { headers: { ...RESPONSE_HEADERS, 'content-type': CONTENT_TYPES[extname(path)] ?? 'application/octet-stream' } });
	});
}

/** The host to show before a page opens in the browser, or null when it must not be opened. (15) */
export function externalHost(url: string): string | null {
	try {
		const parsed = new URL(url);
		return parsed.protocol === 'https:' && parsed.username === '' && parsed.password === '' && url.length <= 2048 ? parsed.host : null;
	} catch {
		return null;
	}
}

const LINK_SCHEMES = ['openid4vp:', 'haip-vp:', 'openid-credential-offer:', 'haip-vci:'];
const LINK_LENGTH = 65_536;

/** The link among arguments from outside, or null. It is kept as text and acted on only when the user looks at it. (23, 24) */
export function linkFrom(argv: readonly string[]): string | null {
	return argv.find((argument) => argument.length <= LINK_LENGTH && LINK_SCHEMES.some((scheme) => argument.toLowerCase().startsWith(`${scheme}//`))) ?? null;
}
