import type { CdpConnection, CdpResult } from './cdp.node.ts';

/** A page of the shell's own, in a browser context of its own. Its origin is the only one that may read the clipboard. */
const HELPER_ORIGIN = 'https://clipboard.invalid';

interface Helper {
	readonly cdp: CdpConnection;
	readonly sessionId: string;
	readonly targetId: string;
}

/** What the window must know of the helper page, so as not to take it for a popup and to answer its one request. */
export interface ClipboardHost {
	readonly cdp: CdpConnection | undefined;
	/** Runs `open` while new page targets are expected. */
	expectTarget(open: () => Promise<string>): Promise<string>;
}

/** Chromium's answer to the helper page's only request. */
export const HELPER_PAGE = {
	responseCode: 200,
	responseHeaders: [
		{ name: 'Content-Type', value: 'text/html' },
		{ name: 'Content-Security-Policy', value: "default-src 'none'" },
	],
	body: '',
} as const;

export const isHelperUrl = (url: string): boolean => url === `${HELPER_ORIGIN}/`;

/** Electron's `clipboard` (44 and later: promises), text only, through a hidden page of the running Chromium. */
export class Clipboard {
	readonly #host: () => ClipboardHost | undefined;
	#helper: Helper | undefined;

	constructor(host: () => ClipboardHost | undefined) {
		this.#host = host;
	}

	async readText(): Promise<string> {
		return String(await this.#run('navigator.clipboard.readText()'));
	}

	async writeText(text: string): Promise<void> {
		await this.#run(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
	}

	clear(): void {
		this.writeText('').catch(() => {});
	}

	async #run(expression: string): Promise<unknown> {
		const { cdp, sessionId } = await this.#open();
		const { result, exceptionDetails } = await cdp.send(
			'Runtime.evaluate',
			{ expression, awaitPromise: true, returnByValue: true, userGesture: true },
			sessionId,
		);
		// Not Chromium's text: it could quote what was to be copied.
		if (exceptionDetails !== undefined) throw new Error('The clipboard could not be used');
		return result.value;
	}

	async #open(): Promise<Helper> {
		const host = this.#host();
		const cdp = host?.cdp;
		if (host === undefined || cdp === undefined) throw new Error('The clipboard needs an open window in this shell');
		if (this.#helper !== undefined && this.#helper.cdp === cdp) return this.#helper;
		const { browserContextId } = await cdp.send('Target.createBrowserContext', { disposeOnDetach: true });
		await cdp.send('Browser.grantPermissions', {
			origin: HELPER_ORIGIN,
			permissions: ['clipboardReadWrite', 'clipboardSanitizedWrite'],
			browserContextId,
		});
		const targetId = await host.expectTarget(async () => {
			const created: CdpResult = await cdp.send('Target.createTarget', { url: 'about:blank', browserContextId, hidden: true });
			return created.targetId;
		});
		const { sessionId } = await cdp.send('Target.attachToTarget', { targetId, flatten: true });
		await cdp.send('Emulation.setFocusEmulationEnabled', { enabled: true }, sessionId);
		await cdp.send('Page.enable', {}, sessionId);
		const loaded = new Promise<void>((resolve) => {
			const stop = cdp.on('Page.loadEventFired', (_params, session) => {
				if (session !== sessionId) return;
				stop();
				resolve();
			});
		});
		await cdp.send('Page.navigate', { url: `${HELPER_ORIGIN}/` }, sessionId);
		await loaded;
		this.#helper = { cdp, sessionId, targetId };
		return this.#helper;
	}
}
