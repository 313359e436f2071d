import { EventEmitter } from 'node:events';
import { preventable } from './app.node.ts';
import { originOf } from './app-url.ts';
import { makeCodec } from './bridge/codec.js';
import { type BridgeScripts, bridgeScripts } from './bridge.node.ts';
import { CdpClosedError, type CdpConnection, CdpError, type CdpResult } from './cdp.node.ts';
import { START_URL } from './chromium.node.ts';
import type { IpcEvent, IpcMain, SenderFrame } from './ipc-main.node.ts';
import type { Protocol } from './protocol.node.ts';
import type { Session, SessionBrowser } from './session.node.ts';

/** `webPreferences` as far as they mean something here. */
export interface WebPreferences {
	readonly preload?: string;
	readonly contextIsolation?: boolean;
	readonly sandbox?: boolean;
	readonly nodeIntegration?: boolean;
	readonly nodeIntegrationInWorker?: boolean;
	/** As in Electron: whether the preload runs in subframes too. It stays sandboxed. */
	readonly nodeIntegrationInSubFrames?: boolean;
	readonly webSecurity?: boolean;
	readonly allowRunningInsecureContent?: boolean;
	readonly experimentalFeatures?: boolean;
	readonly enableBlinkFeatures?: string;
	readonly webviewTag?: boolean;
	readonly devTools?: boolean;
	readonly spellcheck?: boolean;
	readonly [other: string]: unknown;
}

/** What the contents need of the rest of the shell. */
export interface ContentsHost {
	readonly ipc: IpcMain<WebContents>;
	readonly protocol: Protocol;
	readonly session: Session<WebContents>;
	/** Reported user input in the window. */
	readonly onActivity: () => void;
	/** The page gave itself a title. */
	readonly onGone: (details: { reason: string; exitCode: number }) => void;
}

export interface WindowOpenDetails {
	readonly url: string;
	readonly frameName: string;
	readonly features: string;
	readonly disposition: string;
	readonly referrer: { readonly url: string; readonly policy: string };
}

type WindowOpenHandler = (details: WindowOpenDetails) => { action: 'allow' | 'deny' };

/** One document: contexts point to it, so that a message of a document that is gone never carries the URL of the next one. */
interface FrameDocument {
	url: string;
}

interface Frame {
	readonly id: string;
	readonly parentId: string | undefined;
	name: string;
	document: FrameDocument;
}

interface Context {
	readonly id: number;
	readonly uniqueId: string;
	readonly frameId: string;
	readonly origin: string;
	readonly document: FrameDocument;
}

const codec = makeCodec(
	(bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64'),
	(text) => new Uint8Array(Buffer.from(text, 'base64')),
);

const LEVELS: Readonly<Record<string, string>> = { debug: 'debug', verbose: 'debug', warning: 'warning', error: 'error' };

/** Electron's error for a navigation that did not come to its end. */
class LoadError extends Error {
	readonly code: string;
	readonly url: string;

	constructor(code: string, url: string) {
		super(`${code} loading '${url}'`);
		this.code = code;
		this.url = url;
	}
}

/** Electron's `webContents`, on one page target. */
export class WebContents extends EventEmitter {
	readonly id: number;
	readonly session: Session<WebContents>;
	readonly #host: ContentsHost;
	readonly #scripts: BridgeScripts;
	readonly #ready = Promise.withResolvers<void>();
	readonly #frames = new Map<string, Frame>();
	readonly #contexts = new Map<number, Context>();
	#cdp: CdpConnection | undefined;
	#sessionId = '';
	#mainFrameId = '';
	#openHandler: WindowOpenHandler | undefined;
	#ownNavigation: string | undefined;
	#lastGood: string | undefined;
	#destroyed = false;
	#crashed = false;
	/** URLs of popups that were asked for and have not appeared yet. */
	readonly #opened: string[] = [];
	/** The document whose load event came last. */
	#loadedId = '';
	#sessionBrowser: SessionBrowser<WebContents> | undefined;

	constructor(id: number, preferences: WebPreferences, host: ContentsHost) {
		super();
		this.id = id;
		this.#host = host;
		this.session = host.session;
		this.#scripts = bridgeScripts(preferences.preload, preferences.nodeIntegrationInSubFrames === true);
		this.#ready.promise.catch(() => {});
	}

	// --- for the window ---

	/** Takes over a page target: from here on each of its documents gets the bridge and the preload. */
	async attach(cdp: CdpConnection, sessionId: string): Promise<void> {
		this.#cdp = cdp;
		this.#sessionId = sessionId;
		this.#listen(cdp);
		await this.command('Page.enable');
		const { frameTree } = await this.command('Page.getFrameTree');
		this.#mainFrameId = frameTree.frame.id;
		this.#frames.set(frameTree.frame.id, { id: frameTree.frame.id, parentId: undefined, name: '', document: { url: '' } });
		await Promise.all([
			this.command('Runtime.enable'),
			this.command('Inspector.enable'),
			this.command('Page.setLifecycleEventsEnabled', { enabled: true }),
			this.command('Runtime.addBinding', { name: this.#scripts.binding, executionContextName: this.#scripts.world }),
			// In this order: the page's end must listen before the preload's end speaks.
			this.command('Page.addScriptToEvaluateOnNewDocument', { source: this.#scripts.mainWorld }),
			this.command('Page.addScriptToEvaluateOnNewDocument', { source: this.#scripts.isolatedWorld, worldName: this.#scripts.world }),
		]);
		this.#sessionBrowser = {
			contents: this,
			get url() {
				return this.contents.#ownNavigation ?? this.contents.getURL();
			},
			grant: async (origin, permissions) => {
				await cdp.send('Browser.grantPermissions', { origin, permissions });
			},
			clearStorage: async (origin) => {
				await this.command('Storage.clearDataForOrigin', { origin, storageTypes: 'all' });
			},
		};
		this.session.attach(this.#sessionBrowser);
		this.#ready.resolve();
	}

	/** The target is gone. */
	detach(): void {
		if (this.#destroyed) return;
		this.#destroyed = true;
		if (this.#sessionBrowser !== undefined) this.session.detach(this.#sessionBrowser);
		this.#ready.reject(new Error('Object has been destroyed'));
		this.emit('destroyed');
	}

	async command(method: string, params: Record<string, unknown> = {}): Promise<CdpResult> {
		if (this.#cdp === undefined) throw new CdpClosedError(method);
		return this.#cdp.send(method, params, this.#sessionId);
	}

	/**
	 * Decides about a document request that Chromium has paused. Emits Electron's events, as one that the page itself
	 * began unless `loadURL` did. Never allows a URL without a handler.
	 */
	allowsNavigation(url: string, frameId: string, isRedirect: boolean): boolean {
		const isMainFrame = frameId === this.#mainFrameId;
		if (isMainFrame && !isRedirect && this.#ownNavigation === url) {
			this.#ownNavigation = undefined;
			return this.#host.protocol.handles(url);
		}
		const prevented = this.#announce(url, frameId, isRedirect);
		const allowed = !prevented && this.#host.protocol.handles(url);
		if (!allowed && !prevented) this.emit('did-fail-load', preventable(), -20, 'ERR_BLOCKED_BY_CLIENT', url, isMainFrame);
		return allowed;
	}

	/**
	 * A popup has appeared, and is being closed. `window.open` and links with a target have told their URL before; a link
	 * clicked with a modifier key has not.
	 */
	popupTarget(browserUrl: string): void {
		const known = browserUrl === '' ? 0 : this.#opened.indexOf(browserUrl);
		if (known >= 0) this.#opened.splice(known, 1);
		else this.#announcePopup(browserUrl, '', '');
	}

	// --- Electron's API ---

	get mainFrame(): SenderFrame {
		const frame = this.#frames.get(this.#mainFrameId);
		return this.#describe(frame, frame?.document, undefined);
	}

	isDestroyed(): boolean {
		return this.#destroyed;
	}

	isCrashed(): boolean {
		return this.#crashed;
	}

	getURL(): string {
		return this.#frames.get(this.#mainFrameId)?.document.url ?? '';
	}

	getTitle(): string {
		return '';
	}

	setWindowOpenHandler(handler: WindowOpenHandler): void {
		this.#openHandler = handler;
	}

	/** Resolves when the page has loaded; rejects with Electron's `ERR_…` text when it has not. */
	async loadURL(url: string): Promise<void> {
		await this.#ready.promise;
		this.#ownNavigation = url;
		if (this.#sessionBrowser !== undefined) await this.session.applyPermissions(this.#sessionBrowser);
		const { errorText, loaderId } = await this.command('Page.navigate', { url: this.#host.protocol.toBrowser(url) });
		this.#ownNavigation = undefined;
		if (typeof errorText === 'string' && errorText !== '') {
			const code = errorText.replace('net::', '');
			this.emit('did-fail-load', preventable(), -2, code, url, true);
			throw new LoadError(code, url);
		}
		this.#crashed = false;
		if (loaderId !== undefined && loaderId !== this.#loadedId) await this.#nextLoad();
	}

	reload(): void {
		void this.#reload();
	}

	/** Refused: page and preload are debugged through the test endpoint, and a packaged app not at all. */
	openDevTools(): void {
		this.emit('devtools-refused');
	}

	isDevToolsOpened(): boolean {
		return false;
	}

	/** Ends the renderer at once, as Electron's. `render-process-gone` follows. */
	forcefullyCrashRenderer(): void {
		this.command('Page.crash').catch(() => {});
	}

	/** Sends to the preload of the main frame. Throws `An object could not be cloned.` for what cannot be sent. */
	send(channel: string, ...args: unknown[]): void {
		const context = [...this.#contexts.values()].find(({ frameId }) => frameId === this.#mainFrameId);
		if (this.#destroyed) throw new TypeError('Object has been destroyed');
		const text = codec.encode({ type: 'event', channel, args });
		if (context !== undefined) this.#deliver(context, text);
	}

	/** Runs in the page's own world, as Electron's. */
	async executeJavaScript(code: string, userGesture = false): Promise<unknown> {
		await this.#ready.promise;
		const { result, exceptionDetails } = await this.command('Runtime.evaluate', { expression: code, userGesture, awaitPromise: true, returnByValue: true });
		if (exceptionDetails !== undefined) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
		return result.value;
	}

	// --- inside ---

	async #reload(): Promise<void> {
		const url = this.getURL();
		this.#ownNavigation = url;
		this.#crashed = false;
		await this.command('Page.reload').catch(() => {});
	}

	#nextLoad(): Promise<void> {
		return new Promise((resolve) => {
			const done = (): void => {
				this.off('did-finish-load', done);
				this.off('destroyed', done);
				this.off('render-process-gone', done);
				resolve();
			};
			this.on('did-finish-load', done);
			this.on('destroyed', done);
			this.on('render-process-gone', done);
		});
	}

	/** Emits the navigation events; true when a listener prevented it. */
	#announce(url: string, frameId: string, isRedirect: boolean): boolean {
		const isMainFrame = frameId === this.#mainFrameId;
		const frame = this.#frames.get(frameId);
		const event = preventable({ url, isMainFrame, isSameDocument: false, frame: this.#describe(frame, frame?.document, undefined), initiator: null });
		if (isRedirect) {
			this.emit('will-redirect', event, url, false, isMainFrame);
			return event.defaultPrevented;
		}
		this.emit('will-frame-navigate', event);
		if (isMainFrame) this.emit('will-navigate', event, url);
		return event.defaultPrevented;
	}

	#listen(cdp: CdpConnection): void {
		const on = (event: string, listener: (params: CdpResult) => void): void => {
			cdp.on(event, (params, sessionId) => {
				if (sessionId === this.#sessionId && !this.#destroyed) listener(params);
			});
		};
		on('Page.frameAttached', ({ frameId, parentFrameId }) => {
			this.#frames.set(frameId, { id: frameId, parentId: parentFrameId, name: '', document: { url: 'about:blank' } });
		});
		on('Page.frameDetached', ({ frameId, reason }) => {
			if (reason !== 'swap') this.#frames.delete(frameId);
		});
		on('Page.frameNavigated', ({ frame }) => this.#navigated(frame));
		on('Page.navigatedWithinDocument', ({ frameId, url }) => {
			const frame = this.#frames.get(frameId);
			if (frame === undefined) return;
			frame.document.url = this.#host.protocol.toApp(url);
			this.emit('did-navigate-in-page', preventable(), frame.document.url, frameId === this.#mainFrameId);
		});
		on('Page.domContentEventFired', () => this.emit('dom-ready', preventable()));
		on('Page.lifecycleEvent', ({ frameId, loaderId, name }) => {
			// The empty page that Chromium starts with is none of the app's.
			if (name !== 'load' || frameId !== this.#mainFrameId || this.getURL() === '' || this.getURL() === START_URL) return;
			this.#loadedId = loaderId;
			this.emit('did-finish-load', preventable());
		});
		on('Page.windowOpen', ({ url, windowName, windowFeatures }) => {
			this.#opened.push(url);
			this.#announcePopup(url, windowName === '_blank' ? '' : windowName, windowFeatures.join(','));
		});
		on('Runtime.executionContextCreated', ({ context }) => this.#contextCreated(context));
		on('Runtime.executionContextDestroyed', ({ executionContextId }) => this.#contexts.delete(executionContextId));
		on('Runtime.executionContextsCleared', () => this.#contexts.clear());
		on('Runtime.bindingCalled', ({ name, payload, executionContextId }) => {
			if (name === this.#scripts.binding) this.#received(payload, executionContextId);
		});
		on('Runtime.consoleAPICalled', ({ type, args, stackTrace }) => {
			const message = args.map((arg: CdpResult) => arg.value ?? arg.description ?? arg.unserializableValue ?? arg.type).join(' ');
			const { lineNumber = 0, url = '' } = stackTrace?.callFrames[0] ?? {};
			this.#console(LEVELS[type] ?? 'info', message, lineNumber + 1, url);
		});
		on('Runtime.exceptionThrown', ({ exceptionDetails }) => {
			const { exception, text, lineNumber, url = '' } = exceptionDetails;
			this.#console('error', `Uncaught ${exception?.description ?? text}`, lineNumber + 1, url);
		});
		on('Inspector.targetCrashed', () => {
			this.#crashed = true;
			this.#contexts.clear();
			const details = { reason: 'crashed', exitCode: 5 };
			this.emit('render-process-gone', preventable(), details);
			this.#host.onGone(details);
		});
	}

	#announcePopup(browserUrl: string, frameName: string, features: string): void {
		const url = this.#host.protocol.toApp(browserUrl);
		this.#openHandler?.({ url, frameName, features, disposition: 'foreground-tab', referrer: { url: '', policy: 'strict-origin-when-cross-origin' } });
	}

	#console(level: string, message: string, lineNumber: number, sourceId: string): void {
		const details = { level, message, lineNumber, sourceId: this.#host.protocol.toApp(sourceId), frame: this.mainFrame };
		this.emit('console-message', preventable(details));
	}

	#navigated(found: CdpResult): void {
		const url = this.#host.protocol.toApp(`${found.url}${found.urlFragment ?? ''}`);
		const known = this.#frames.get(found.id);
		this.#frames.set(found.id, { id: found.id, parentId: found.parentId ?? known?.parentId, name: found.name ?? '', document: { url } });
		if (found.id !== this.#mainFrameId) return;
		this.emit('did-navigate', preventable(), url, 200, 'OK');
		if (this.#host.protocol.handles(url)) {
			this.#lastGood = url;
			// A handler that looks at where the page is has an answer only now.
			if (this.#sessionBrowser !== undefined) this.session.applyPermissions(this.#sessionBrowser).catch(() => {});
			return;
		}
		this.#strayed(url);
	}

	/**
	 * The main frame shows a document that no handler answered for: a `blob:` or `about:` URL is loaded inside Chromium
	 * without a request that could be paused. Its messages carry its true URL; if the app forbids it, the page goes back.
	 */
	#strayed(url: string): void {
		if (this.#lastGood === undefined || url.startsWith('chrome-error:') || this.#ownNavigation === url) return;
		if (this.#announce(url, this.#mainFrameId, false)) this.loadURL(this.#lastGood).catch(() => {});
	}

	#contextCreated(context: CdpResult): void {
		const frame = this.#frames.get(context.auxData?.frameId);
		if (context.name !== this.#scripts.world || frame === undefined) return;
		this.#contexts.set(context.id, {
			id: context.id,
			uniqueId: context.uniqueId,
			frameId: frame.id,
			origin: this.#host.protocol.toApp(context.origin),
			document: frame.document,
		});
	}

	#describe(frame: Frame | undefined, document: FrameDocument | undefined, contextOrigin: string | undefined): SenderFrame {
		const url = document?.url ?? '';
		const parent = frame?.parentId === undefined ? undefined : this.#frames.get(frame.parentId);
		const frames = this.#frames;
		const self: SenderFrame = {
			url,
			origin: contextOrigin ?? originOf(url, this.#host.protocol.schemes),
			parent: frame?.parentId === undefined ? null : this.#describe(parent, parent?.document, undefined),
			get top() {
				return this.parent === null ? this : this.parent.top;
			},
			name: frame?.name ?? '',
			detached: frame === undefined,
			isDestroyed: () => frame === undefined || frames.get(frame.id)?.document !== document,
		};
		return self;
	}

	#received(payload: string, contextId: number): void {
		const context = this.#contexts.get(contextId);
		// A message of a document that is gone: nobody waits for an answer.
		if (context === undefined) return;
		const message = codec.decode(payload);
		if (message.type === 'activity') {
			this.#host.onActivity();
			return;
		}
		const frame = this.#frames.get(context.frameId);
		const event: IpcEvent<WebContents> = {
			type: 'frame',
			processId: 1,
			frameId: context.id,
			sender: this,
			senderFrame: frame === undefined ? null : this.#describe(frame, context.document, context.origin),
			reply: (channel, ...args) => this.#deliver(context, codec.encode({ type: 'event', channel, args })),
		};
		if (message.type === 'send') {
			this.emit('ipc-message', event, message.channel, ...message.args);
			this.#host.ipc.emit(message.channel, event, ...message.args);
			return;
		}
		if (message.type === 'invoke') void this.#invoke(context, event, message);
	}

	async #invoke(context: Context, event: IpcEvent<WebContents>, { id, channel, args }: CdpResult): Promise<void> {
		let text: string;
		try {
			text = codec.encode({ type: 'reply', id, ok: true, value: await this.#host.ipc.dispatch(channel, event, args) });
		} catch (error) {
			text = codec.encode({ type: 'reply', id, ok: false, text: error instanceof Error ? error.message : String(error) });
		}
		this.#deliver(context, text);
	}

	#deliver(context: Context, text: string): void {
		this.command('Runtime.callFunctionOn', {
			functionDeclaration: `function (text) { globalThis[${JSON.stringify(this.#scripts.deliver)}](text); }`,
			arguments: [{ value: text }],
			uniqueContextId: context.uniqueId,
			silent: true,
		}).catch((error: unknown) => {
			// The document, or the browser, has gone meanwhile: as in Electron, the message is lost with it.
			if (!(error instanceof CdpError) && !(error instanceof CdpClosedError)) throw error;
		});
	}
}
