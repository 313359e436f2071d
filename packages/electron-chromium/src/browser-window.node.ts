import { EventEmitter } from 'node:events';
import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type App, preventable } from './app.node.ts';
import type { CdpConnection, CdpResult } from './cdp.node.ts';
import { type Chromium, endpointFile, findChromium, startChromium } from './chromium.node.ts';
import { HELPER_PAGE, isHelperUrl } from './clipboard.node.ts';
import type { IpcMain } from './ipc-main.node.ts';
import type { NativeTheme } from './native-theme.node.ts';
import type { PowerMonitor } from './power-monitor.node.ts';
import type { Protocol } from './protocol.node.ts';
import type { Session } from './session.node.ts';
import { WebContents, type WebPreferences } from './web-contents.node.ts';

export interface BrowserWindowOptions {
	readonly width?: number;
	readonly height?: number;
	readonly title?: string;
	readonly show?: boolean;
	readonly webPreferences?: WebPreferences;
	readonly [other: string]: unknown;
}

/** The parts of the shell that a window is tied to. */
export interface WindowHost {
	readonly app: App;
	readonly ipc: IpcMain<WebContents>;
	readonly protocol: Protocol;
	readonly session: Session<WebContents>;
	readonly theme: NativeTheme;
	readonly power: PowerMonitor;
	readonly windows: Set<BrowserWindow>;
}

const CLOSE_TIMEOUT_MS = 3000;
const PROFILE = 'chromium-profile';
const ENDPOINT = 'DevToolsActivePort';

/** Refuses what would open the page to Node or the page to the network: here these are not options. */
function refuseUnsafe(preferences: WebPreferences): void {
	const required: Readonly<Record<string, boolean>> = {
		contextIsolation: true,
		sandbox: true,
		webSecurity: true,
		nodeIntegration: false,
		nodeIntegrationInWorker: false,
		allowRunningInsecureContent: false,
		experimentalFeatures: false,
		webviewTag: false,
	};
	for (const [name, safe] of Object.entries(required)) {
		if (preferences[name] !== undefined && preferences[name] !== safe) throw new Error(`webPreferences.${name} must be ${safe}`);
	}
	if (preferences.enableBlinkFeatures) throw new Error('webPreferences.enableBlinkFeatures must be empty');
}

let nextId = 1;

/** Electron's `BrowserWindow`, one at a time: each has a Chromium of its own, which ends with it. */
export class BrowserWindow extends EventEmitter {
	/** Set once by the shell, before the app's code runs. */
	static host: WindowHost;

	static getAllWindows(): BrowserWindow[] {
		return [...BrowserWindow.host.windows];
	}

	static getFocusedWindow(): BrowserWindow | null {
		return BrowserWindow.getAllWindows().find((window) => window.isFocused()) ?? null;
	}

	static fromWebContents(contents: WebContents): BrowserWindow | null {
		return BrowserWindow.getAllWindows().find((window) => window.webContents === contents) ?? null;
	}

	static fromId(id: number): BrowserWindow | null {
		return BrowserWindow.getAllWindows().find((window) => window.id === id) ?? null;
	}

	readonly id: number;
	readonly webContents: WebContents;
	readonly #host = BrowserWindow.host;
	readonly #options: BrowserWindowOptions;
	readonly #closed = Promise.withResolvers<void>();
	#chromium: Chromium | undefined;
	#targetId = '';
	/** Pages of the shell's own. */
	readonly #ownTargets = new Set<string>();
	/** Popups, from when they appear: nothing is loaded into them while they are being closed. */
	readonly #strangers = new Set<string>();
	/** New pages, while one of them is expected to be the shell's own. */
	#unsorted: string[] | undefined;
	#windowId: number | undefined;
	#destroyed = false;
	#minimized = false;
	#fullScreen = false;
	#visible = true;
	#focused = false;
	#title: string;

	constructor(options: BrowserWindowOptions = {}) {
		super();
		if (!this.#host.app.isReady()) throw new Error('Cannot create BrowserWindow before app is ready');
		if (this.#host.windows.size > 0) throw new Error('This shell has one window at a time: close the first one before making another');
		const preferences = options.webPreferences ?? {};
		refuseUnsafe(preferences);
		this.id = nextId++;
		this.#options = options;
		this.#title = options.title ?? this.#host.app.getName();
		this.#visible = options.show !== false;
		this.webContents = new WebContents(this.id, preferences, {
			ipc: this.#host.ipc,
			protocol: this.#host.protocol,
			session: this.#host.session,
			onActivity: () => this.#host.power.noteActivity(),
			onGone: (details) => this.#host.app.emit('render-process-gone', preventable(), this.webContents, details),
		});
		this.#host.windows.add(this);
		this.webContents.once('did-finish-load', () => this.emit('ready-to-show'));
		this.webContents.once('did-finish-load', () => {
			if (this.#options.title !== undefined) this.setTitle(this.#title);
		});
		this.#host.app.emit('web-contents-created', preventable(), this.webContents);
		this.#host.app.emit('browser-window-created', preventable(), this);
		this.#start().catch((error: unknown) => {
			if (this.#destroyed) return;
			process.stderr.write(`electron-chromium: ${error instanceof Error ? error.message : String(error)}\n`);
			process.exitCode = 1;
			void this.#end();
		});
	}

	/** Runs `open`, which makes a page of the shell's own; any other page that appears meanwhile is closed as usual. */
	async expectTarget(open: () => Promise<string>): Promise<string> {
		this.#unsorted = [];
		try {
			const targetId = await open();
			this.#ownTargets.add(targetId);
			return targetId;
		} finally {
			const strangers = this.#unsorted.filter((targetId) => !this.#ownTargets.has(targetId));
			this.#unsorted = undefined;
			for (const targetId of strangers) this.#closeTarget(targetId);
		}
	}

	/** The connection, for the parts of the shell that speak to the browser itself. Undefined before it has started. */
	get cdp(): CdpConnection | undefined {
		return this.#chromium?.cdp;
	}

	loadURL(url: string): Promise<void> {
		return this.webContents.loadURL(url);
	}

	reload(): void {
		this.webContents.reload();
	}

	close(): void {
		if (this.#destroyed) return;
		const event = preventable();
		this.emit('close', event);
		if (!event.defaultPrevented) this.destroy();
	}

	destroy(): void {
		void this.#end();
	}

	/** Resolves when the window and its Chromium are gone. */
	get whenClosed(): Promise<void> {
		return this.#closed.promise;
	}

	isDestroyed(): boolean {
		return this.#destroyed;
	}

	show(): void {
		this.#visible = true;
		this.#minimized = false;
		this.#setWindowState('normal');
		this.focus();
	}

	hide(): void {
		this.#visible = false;
		this.#setWindowState('minimized');
	}

	isVisible(): boolean {
		return this.#visible && !this.#minimized;
	}

	focus(): void {
		this.webContents.command('Page.bringToFront').catch(() => {});
	}

	isFocused(): boolean {
		return this.#focused;
	}

	minimize(): void {
		this.#minimized = true;
		this.#setWindowState('minimized');
		this.emit('minimize');
	}

	restore(): void {
		this.#minimized = false;
		this.#setWindowState('normal');
		this.emit('restore');
	}

	setFullScreen(flag: boolean): void {
		if (flag === this.#fullScreen) return;
		this.#fullScreen = flag;
		this.#setWindowState(flag ? 'fullscreen' : 'normal');
	}

	isFullScreen(): boolean {
		return this.#fullScreen;
	}

	isMinimized(): boolean {
		return this.#minimized;
	}

	setTitle(title: string): void {
		this.#title = title;
		this.webContents.executeJavaScript(`document.title = ${JSON.stringify(title)}; undefined`).catch(() => {});
	}

	getTitle(): string {
		return this.#title;
	}

	/** No effect, as Electron's on Linux. Chromium offers none on other systems either. */
	setContentProtection(_enable: boolean): void {}

	isContentProtected(): boolean {
		return false;
	}

	setMenu(_menu: null): void {}

	removeMenu(): void {}

	setMenuBarVisibility(_visible: boolean): void {}

	async #start(): Promise<void> {
		const { app, theme } = this.#host;
		const userData = app.getPath('userData');
		const endpoint = process.env.HOLDFAST_E2E_ENDPOINT === '1';
		if (endpoint && app.isPackaged) throw new Error('HOLDFAST_E2E_ENDPOINT is refused in a packaged app');
		rmSync(join(userData, ENDPOINT), { force: true });
		const profile = join(userData, PROFILE);
		const chromium = startChromium({
			path: findChromium(),
			profile,
			headless: process.env.HOLDFAST_HEADLESS === '1',
			width: this.#options.width ?? 800,
			height: this.#options.height ?? 600,
			endpoint,
			switches: app.commandLine.appended,
		});
		this.#chromium = chromium;
		const { cdp } = chromium;
		process.once('exit', this.#killNow);
		chromium.process.once('exit', (code, signal) => {
			if (!this.#destroyed && code !== 0) {
				process.stderr.write(`electron-chromium: Chromium ended by itself (${signal ?? code})\n`);
				process.exitCode = 1;
			}
			void this.#end();
		});
		void cdp.closed.then(() => this.#end());

		cdp.on('Fetch.requestPaused', (paused) => {
			this.#route(cdp, paused).catch(() => {
				cdp.send('Fetch.failRequest', { requestId: paused.requestId, errorReason: 'Failed' }).catch(() => {});
			});
		});
		// At the level of the browser: workers, popups and whatever the browser itself wants to fetch are included.
		await cdp.send('Fetch.enable', { patterns: [{ urlPattern: '*' }] });
		const first = Promise.withResolvers<CdpResult>();
		cdp.on('Target.targetCreated', ({ targetInfo }) => {
			if (targetInfo.type !== 'page') return;
			if (this.#targetId === '') {
				this.#targetId = targetInfo.targetId;
				first.resolve(targetInfo);
			} else if (this.#unsorted !== undefined) this.#unsorted.push(targetInfo.targetId);
			// A popup. Auto-attach would not do to catch it: it makes window.open() wait for a debugger.
			else if (targetInfo.targetId !== this.#targetId && !this.#ownTargets.has(targetInfo.targetId)) {
				this.#closeTarget(targetInfo.targetId);
				this.webContents.popupTarget(targetInfo.url);
			}
		});
		cdp.on('Target.targetDestroyed', ({ targetId }) => {
			if (targetId === this.#targetId) void this.#end();
		});
		await cdp.send('Target.setDiscoverTargets', { discover: true, filter: [{ type: 'page' }] });
		await first.promise;
		await cdp.send('Browser.setDownloadBehavior', { behavior: 'deny' });
		const { sessionId } = await cdp.send('Target.attachToTarget', { targetId: this.#targetId, flatten: true });
		await this.webContents.attach(cdp, sessionId);
		await theme.attach(this.webContents);
		if (endpoint) await this.#publishEndpoint(profile, userData);
		this.#windowId = (await cdp.send('Browser.getWindowForTarget', { targetId: this.#targetId }).catch(() => undefined))?.windowId;
		if (!this.#visible) this.#setWindowState('minimized');
	}

	async #publishEndpoint(profile: string, userData: string): Promise<void> {
		let file = endpointFile(profile);
		for (; file === undefined && !this.#destroyed; file = endpointFile(profile)) await delay(20);
		if (file !== undefined) copyFileSync(file, join(userData, ENDPOINT));
	}

	async #route(cdp: CdpConnection, paused: CdpResult): Promise<void> {
		const { protocol, session } = this.#host;
		const { requestId, request, resourceType, frameId, redirectedRequestId } = paused;
		const refuse = (errorReason: string): Promise<CdpResult> => cdp.send('Fetch.failRequest', { requestId, errorReason });
		// The main frame of a page has the id of its target: no page of the app can be taken for the shell's own.
		if (isHelperUrl(request.url) && this.#ownTargets.has(frameId)) return cdp.send('Fetch.fulfillRequest', { requestId, ...HELPER_PAGE });
		if (this.#strangers.has(frameId)) return refuse('BlockedByClient');
		const url = protocol.toApp(request.url);
		if (resourceType === 'Document' && !this.webContents.allowsNavigation(url, frameId, redirectedRequestId !== undefined)) return refuse('Aborted');
		// A service worker would stand between the page and the handlers.
		if (Object.keys(request.headers).some((name) => name.toLowerCase() === 'service-worker')) return refuse('BlockedByClient');
		const details = { id: 0, url, method: request.method, resourceType: String(resourceType).toLowerCase() };
		if (!protocol.handles(url) || !(await session.webRequest.allows(details))) return refuse('BlockedByClient');
		const answer = await protocol.respond({ ...request, url: request.url });
		if (answer === undefined) return refuse('BlockedByClient');
		const received: Record<string, string[]> = {};
		for (const { name, value } of answer.responseHeaders) received[name] = [...(received[name] ?? []), value];
		const headers = await session.webRequest.headers({
			...details,
			statusCode: answer.responseCode,
			statusLine: `HTTP/1.1 ${answer.responseCode}`,
			responseHeaders: received,
		});
		if (headers === undefined) return refuse('BlockedByClient');
		const responseHeaders = Object.entries(headers).flatMap(([name, values]) => values.map((value) => ({ name, value })));
		await cdp.send('Fetch.fulfillRequest', { requestId, responseCode: answer.responseCode, responseHeaders, body: answer.body });
	}

	#closeTarget(targetId: string): void {
		this.#strangers.add(targetId);
		this.cdp?.send('Target.closeTarget', { targetId }).catch(() => {});
	}

	#setWindowState(windowState: string): void {
		if (this.#windowId === undefined) return;
		this.cdp?.send('Browser.setWindowBounds', { windowId: this.#windowId, bounds: { windowState } }).catch(() => {});
	}

	// The process is ending, nothing asynchronous runs any more.
	readonly #killNow = (): void => {
		this.#chromium?.process.kill('SIGKILL');
		this.#wipe();
	};

	#wipe(): void {
		rmSync(join(this.#host.app.getPath('userData'), PROFILE), { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
		rmSync(join(this.#host.app.getPath('userData'), ENDPOINT), { force: true });
	}

	async #end(): Promise<void> {
		if (this.#destroyed) return;
		this.#destroyed = true;
		this.webContents.detach();
		const child = this.#chromium?.process;
		if (child !== undefined && child.exitCode === null && child.signalCode === null) {
			const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
			this.cdp?.send('Browser.close').catch(() => {});
			const timer = setTimeout(() => child.kill('SIGKILL'), CLOSE_TIMEOUT_MS);
			await exited;
			clearTimeout(timer);
		}
		process.off('exit', this.#killNow);
		this.#wipe();
		this.#host.windows.delete(this);
		this.emit('closed');
		this.#closed.resolve();
		if (this.#host.windows.size === 0) this.#host.app.allWindowsClosed();
	}
}
