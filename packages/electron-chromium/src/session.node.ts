import type { Protocol } from './protocol.node.ts';

type RequestHandler<Contents> = (contents: Contents, permission: string, callback: (granted: boolean) => void, details: PermissionDetails) => void;
type CheckHandler<Contents> = (contents: Contents | null, permission: string, requestingOrigin: string, details: PermissionDetails) => boolean;

export interface PermissionDetails {
	readonly requestingUrl: string;
	readonly securityOrigin: string;
	readonly isMainFrame: boolean;
	readonly embeddingOrigin?: string;
	readonly mediaTypes?: readonly string[];
	readonly mediaType?: string;
}

interface RequestDetails {
	readonly id: number;
	readonly url: string;
	readonly method: string;
	readonly resourceType: string;
}

interface HeadersReceived extends RequestDetails {
	readonly statusCode: number;
	readonly statusLine: string;
	readonly responseHeaders: Record<string, string[]>;
}

type BeforeRequest = (details: RequestDetails, callback: (response: { cancel?: boolean }) => void) => void;
type AfterHeaders = (details: HeadersReceived, callback: (response: { cancel?: boolean; responseHeaders?: Record<string, string | string[]> }) => void) => void;

/** Electron's permission, and the name that Chromium's `Browser.grantPermissions` knows it by. What is not here is never granted. */
const PERMISSIONS: readonly { readonly permission: string; readonly grant: string; readonly mediaType?: string }[] = [
	{ permission: 'media', grant: 'videoCapture', mediaType: 'video' },
	{ permission: 'media', grant: 'audioCapture', mediaType: 'audio' },
	{ permission: 'clipboard-read', grant: 'clipboardReadWrite' },
	{ permission: 'clipboard-sanitized-write', grant: 'clipboardSanitizedWrite' },
	{ permission: 'display-capture', grant: 'displayCapture' },
	{ permission: 'geolocation', grant: 'geolocation' },
	{ permission: 'idle-detection', grant: 'idleDetection' },
	{ permission: 'mediaKeySystem', grant: 'protectedMediaIdentifier' },
	{ permission: 'midi', grant: 'midi' },
	{ permission: 'midiSysex', grant: 'midiSysex' },
	{ permission: 'notifications', grant: 'notifications' },
	{ permission: 'storage-access', grant: 'storageAccess' },
	{ permission: 'top-level-storage-access', grant: 'topLevelStorageAccess' },
	{ permission: 'window-management', grant: 'windowManagement' },
];

const REQUEST_TIMEOUT_MS = 5000;

/** What a window's browser offers to its session. */
export interface SessionBrowser<Contents> {
	readonly contents: Contents;
	/** The URL of the main frame, as the app knows it. */
	readonly url: string;
	grant(browserOrigin: string, permissions: readonly string[]): Promise<void>;
	clearStorage(browserOrigin: string): Promise<void>;
}

const matches = (pattern: string, url: string): boolean => {
	if (pattern === '<all_urls>') return true;
	const source = pattern
		.split('*')
		.map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
		.join('.*');
	return new RegExp(`^${source}$`).test(url);
};

class WebRequest {
	#before: { urls: readonly string[]; listener: BeforeRequest } | undefined;
	#headers: { urls: readonly string[]; listener: AfterHeaders } | undefined;

	onBeforeRequest(...args: [BeforeRequest | null] | [{ urls: readonly string[] }, BeforeRequest | null]): void {
		const [filter, listener] = args.length === 1 ? [{ urls: ['<all_urls>'] }, args[0]] : args;
		this.#before = listener === null ? undefined : { urls: filter.urls, listener };
	}

	onHeadersReceived(...args: [AfterHeaders | null] | [{ urls: readonly string[] }, AfterHeaders | null]): void {
		const [filter, listener] = args.length === 1 ? [{ urls: ['<all_urls>'] }, args[0]] : args;
		this.#headers = listener === null ? undefined : { urls: filter.urls, listener };
	}

	/** For the router: whether the request may go on. */
	async allows(details: RequestDetails): Promise<boolean> {
		const before = this.#before;
		if (before === undefined || !before.urls.some((pattern) => matches(pattern, details.url))) return true;
		return new Promise((resolve) => before.listener(details, ({ cancel }) => resolve(cancel !== true)));
	}

	/** For the router: the headers to send to the page, or undefined to cancel. */
	async headers(details: HeadersReceived): Promise<Record<string, string[]> | undefined> {
		const { responseHeaders } = details;
		const received = this.#headers;
		if (received === undefined || !received.urls.some((pattern) => matches(pattern, details.url))) return responseHeaders;
		return new Promise((resolve) =>
			received.listener(details, (answer) => {
				if (answer.cancel === true) return resolve(undefined);
				const changed = answer.responseHeaders ?? responseHeaders;
				resolve(Object.fromEntries(Object.entries(changed).map(([name, value]) => [name, typeof value === 'string' ? [value] : value])));
			}),
		);
	}
}

/** Electron's `session.defaultSession`. Without a handler every permission is denied; Electron would grant them. */
export class Session<Contents> {
	readonly protocol: Protocol;
	readonly webRequest = new WebRequest();
	readonly #browsers = new Set<SessionBrowser<Contents>>();
	#requestHandler: RequestHandler<Contents> | null = null;
	#checkHandler: CheckHandler<Contents> | null = null;

	constructor(protocol: Protocol) {
		this.protocol = protocol;
	}

	setPermissionRequestHandler(handler: RequestHandler<Contents> | null): void {
		this.#requestHandler = handler;
		for (const browser of this.#browsers) void this.applyPermissions(browser);
	}

	setPermissionCheckHandler(handler: CheckHandler<Contents> | null): void {
		this.#checkHandler = handler;
		for (const browser of this.#browsers) void this.applyPermissions(browser);
	}

	/** HID, serial and USB devices cannot be granted in this shell at all. */
	setDevicePermissionHandler(_handler: ((details: unknown) => boolean) | null): void {}

	/** The spell checker is always off in this shell. */
	setSpellCheckerEnabled(_enable: boolean): void {}

	isSpellCheckerEnabled(): boolean {
		return false;
	}

	async clearStorageData(): Promise<void> {
		for (const browser of this.#browsers) await browser.clearStorage(this.#browserOrigin(browser.url));
	}

	/** No cache is kept: the profile has none. */
	async clearCache(): Promise<void> {}

	attach(browser: SessionBrowser<Contents>): void {
		this.#browsers.add(browser);
	}

	detach(browser: SessionBrowser<Contents>): void {
		this.#browsers.delete(browser);
	}

	/**
	 * Asks the handlers about every permission that Chromium can grant and tells it the answers, before a page can ask:
	 * the DevTools protocol has no event for a page's request.
	 */
	async applyPermissions(browser: SessionBrowser<Contents>): Promise<void> {
		const { url } = browser;
		if (!this.protocol.handles(url)) return;
		const grants: string[] = [];
		for (const entry of PERMISSIONS) if (await this.#isGranted(browser, entry)) grants.push(entry.grant);
		await browser.grant(this.#browserOrigin(url), grants);
	}

	#browserOrigin(url: string): string {
		return new URL(this.protocol.toBrowser(url)).origin;
	}

	async #isGranted(browser: SessionBrowser<Contents>, { permission, mediaType }: (typeof PERMISSIONS)[number]): Promise<boolean> {
		const request = this.#requestHandler;
		const check = this.#checkHandler;
		if (request === null && check === null) return false;
		const { url, contents } = browser;
		const origin = this.protocol.toApp(this.#browserOrigin(url));
		const common = { requestingUrl: url, securityOrigin: `${origin}/`, isMainFrame: true };
		if (check !== null && !check(contents, permission, origin, { ...common, ...(mediaType === undefined ? {} : { mediaType }) })) return false;
		if (request === null) return true;
		return new Promise((resolve) => {
			const timer = setTimeout(() => resolve(false), REQUEST_TIMEOUT_MS);
			const answer = (granted: boolean): void => {
				clearTimeout(timer);
				resolve(granted === true);
			};
			request(contents, permission, answer, { ...common, ...(mediaType === undefined ? {} : { mediaTypes: [mediaType] }) });
		});
	}
}
