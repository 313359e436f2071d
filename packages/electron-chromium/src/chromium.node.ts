import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { CdpConnection } from './cdp.node.ts';

/** No Chromium was found; the message says what to type. */
export class ChromiumMissingError extends Error {
	constructor() {
		super(
			'No Chromium was found. Install one (Debian and Ubuntu: apt-get install chromium), or set HOLDFAST_CHROMIUM to the path of a Chromium, Chrome, Edge or Brave.',
		);
		this.name = 'ChromiumMissingError';
	}
}

const LINUX_NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge', 'microsoft-edge-stable', 'brave-browser'];
const MAC_APPS = [
	'Chromium.app/Contents/MacOS/Chromium',
	'Google Chrome.app/Contents/MacOS/Google Chrome',
	'Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
	'Brave Browser.app/Contents/MacOS/Brave Browser',
];
const WINDOWS_PATHS = ['Chromium\\Application\\chrome.exe', 'Google\\Chrome\\Application\\chrome.exe', 'Microsoft\\Edge\\Application\\msedge.exe'];

const isExecutable = (path: string): boolean => {
	try {
		accessSync(path, constants.X_OK);
		return true;
	} catch {
		return false;
	}
};

const usualPaths = (platform: NodeJS.Platform, env: NodeJS.ProcessEnv): string[] => {
	if (platform === 'darwin') return ['/Applications', join(env.HOME ?? '/', 'Applications')].flatMap((folder) => MAC_APPS.map((app) => join(folder, app)));
	if (platform === 'win32') {
		const roots = [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA].filter((root) => root !== undefined);
		return roots.flatMap((root) => WINDOWS_PATHS.map((path) => join(root, path)));
	}
	const folders = [...(env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/local/bin', '/snap/bin', '/var/lib/flatpak/exports/bin'];
	return LINUX_NAMES.flatMap((name) => folders.filter((folder) => folder !== '').map((folder) => join(folder, name)));
};

/**
 * The Chromium to use: `HOLDFAST_CHROMIUM` when set, else the first of the usual places.
 * @throws {ChromiumMissingError} also when `HOLDFAST_CHROMIUM` names nothing that can be run: a wrong setting is not worked around
 */
export function findChromium(env: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform): string {
	const chosen = env.HOLDFAST_CHROMIUM;
	const candidates = chosen !== undefined && chosen !== '' ? [chosen] : usualPaths(platform, env);
	const found = candidates.find(isExecutable);
	if (found === undefined) throw new ChromiumMissingError();
	return found;
}

/** Nothing typed, visited or shown may be kept, offered, corrected or sent by the browser itself. */
const PREFERENCES = {
	alternate_error_pages: { enabled: false },
	autofill: { credit_card_enabled: false, enabled: false, profile_enabled: false },
	browser: { check_default_browser: false, enable_spellchecking: false, has_seen_welcome_page: true },
	credentials_enable_service: false,
	credentials_enable_autosignin: false,
	dns_prefetching: { enabled: false },
	net: { network_prediction_options: 2 },
	payments: { can_make_payment_enabled: false },
	profile: { password_manager_enabled: false, password_manager_leak_detection: false, exit_type: 'Normal', exited_cleanly: true },
	safebrowsing: { enabled: false, enhanced: false },
	search: { suggest_enabled: false },
	session: { restore_on_startup: 5 },
	signin: { allowed: false, allowed_on_next_startup: false },
	spellcheck: { dictionaries: [], use_spelling_service: false },
	translate: { enabled: false },
	url_keyed_anonymized_data_collection: { enabled: false },
	webrtc: { ip_handling_policy: 'disable_non_proxied_udp', multiple_routes_enabled: false, nonproxied_udp_enabled: false },
};

/** Makes an empty profile. Whatever a killed run has left there goes first. */
export function prepareProfile(folder: string): void {
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(join(folder, 'Default'), { recursive: true, mode: 0o700 });
	writeFileSync(join(folder, 'Default', 'Preferences'), JSON.stringify(PREFERENCES));
	writeFileSync(join(folder, 'First Run'), '');
	// Session restore stores what is typed into plain text fields. A file where its folder should be: it cannot.
	writeFileSync(join(folder, 'Default', 'Sessions'), '');
}

/** What the window shows before the app loads anything. */
export const START_URL = 'data:text/html,';

const FEATURES_OFF = [
	'AutofillServerCommunication',
	'CertificateTransparencyComponentUpdater',
	'DialMediaRouteProvider',
	'GlobalMediaControls',
	'InterestFeedContentSuggestions',
	'MediaRouter',
	'NetworkTimeServiceQuerying',
	'OptimizationHints',
	'PasswordManager',
	'SpareRendererForSitePerProcess',
	'Translate',
];

const FLAGS = [
	'--disable-background-networking',
	'--disable-breakpad',
	'--disable-client-side-phishing-detection',
	'--disable-component-extensions-with-background-pages',
	'--disable-component-update',
	'--disable-crash-reporter',
	'--disable-default-apps',
	'--disable-dev-shm-usage',
	'--disable-domain-reliability',
	'--disable-extensions',
	`--disable-features=${FEATURES_OFF.join(',')}`,
	'--disable-quic',
	'--disable-session-crashed-bubble',
	'--disable-spell-checking',
	'--disable-sync',
	'--disk-cache-dir=/dev/null',
	'--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
	'--metrics-recording-only',
	'--no-default-browser-check',
	'--no-first-run',
	'--no-pings',
	'--noerrdialogs',
	'--password-store=basic',
	// Requests never leave: each one is answered here or refused (see #route in browser-window.node.ts). This is the second
	// lock, for what the Fetch domain does not see (WebSocket, WebRTC, preconnect): a proxy that does not exist, for
	// loopback too. Chromium then resolves no names either.
	'--proxy-bypass-list=<-loopback>',
	'--proxy-server=socks5://127.0.0.1:9',
	'--use-mock-keychain',
	'--webrtc-ip-handling-policy=disable_non_proxied_udp',
];

export interface ChromiumOptions {
	readonly path: string;
	readonly profile: string;
	readonly headless: boolean;
	readonly width: number;
	readonly height: number;
	/** Opens a DevTools endpoint on loopback beside the pipe. For tests only: any process of the machine can then drive the window. */
	readonly endpoint: boolean;
	readonly switches: readonly string[];
}

export interface Chromium {
	readonly process: ChildProcess;
	readonly cdp: CdpConnection;
}

let saidNoSandbox = false;

/** Starts Chromium on an empty profile, with one window and the DevTools protocol on a pipe. */
export function startChromium(options: ChromiumOptions): Chromium {
	const flags = [
		'--remote-debugging-pipe',
		`--user-data-dir=${options.profile}`,
		`--window-size=${options.width},${options.height}`,
		...FLAGS,
		...options.switches,
		`--app=${START_URL}`,
	];
	if (options.headless) flags.unshift('--headless=new');
	if (options.endpoint) flags.unshift('--remote-debugging-port=0', '--remote-debugging-address=127.0.0.1');
	if (process.getuid?.() === 0) {
		flags.unshift('--no-sandbox');
		if (!saidNoSandbox) process.stderr.write('electron-chromium: running as root, so Chromium runs without its sandbox. Use an ordinary account.\n');
		saidNoSandbox = true;
	}
	prepareProfile(options.profile);
	const child = spawn(options.path, flags, {
		stdio: ['ignore', 'ignore', process.env.HOLDFAST_CHROMIUM_LOG === '1' ? 'inherit' : 'ignore', 'pipe', 'pipe'],
		// Not what the app was given: the browser has no use for it.
		env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('HOLDFAST_') && name !== 'NODE_OPTIONS')),
	});
	child.on('error', (error) => process.stderr.write(`electron-chromium: ${options.path} could not be started: ${error.message}\n`));
	const cdp = new CdpConnection(child.stdio[3] as Writable, child.stdio[4] as Readable);
	return { process: child, cdp };
}

/** Whether the profile holds a written endpoint; its first line is the port, its second the path. */
export const endpointFile = (profile: string): string | undefined => {
	const file = join(profile, 'DevToolsActivePort');
	return existsSync(file) ? file : undefined;
};
