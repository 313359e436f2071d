import { appScheme, toAppUrl, toBrowserUrl } from './app-url.ts';

type ProtocolHandler = (request: Request) => Response | Promise<Response>;

/** A request as Chromium's Fetch domain reports it. */
export interface PausedRequest {
	readonly url: string;
	readonly method: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly postDataEntries?: readonly { readonly bytes?: string }[];
}

/** What to answer: the Fetch domain's `fulfillRequest`. */
export interface Fulfilment {
	readonly responseCode: number;
	readonly responseHeaders: readonly { readonly name: string; readonly value: string }[];
	/** base64 */
	readonly body: string;
}

interface CustomScheme {
	readonly scheme: string;
	readonly privileges?: { readonly standard?: boolean; readonly secure?: boolean };
}

const BUILT_IN = new Set(['http', 'https', 'file', 'data', 'blob', 'about', 'javascript', 'chrome', 'ws', 'wss', 'ftp']);
const URL_HEADERS = new Set(['origin', 'referer', 'location']);

/** Electron's `protocol`: requests of a custom scheme are answered by a function, whole and from memory. */
export class Protocol {
	readonly schemes = new Set<string>();
	readonly #handlers = new Map<string, ProtocolHandler>();
	readonly #isReady: () => boolean;

	constructor(isReady: () => boolean) {
		this.#isReady = isReady;
	}

	registerSchemesAsPrivileged(customSchemes: readonly CustomScheme[]): void {
		if (this.#isReady()) throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready');
		for (const { scheme } of customSchemes) this.#add(scheme);
	}

	handle(scheme: string, handler: ProtocolHandler): void {
		if (this.#handlers.has(scheme)) throw new Error(`Failed to register protocol: ${scheme}`);
		this.#add(scheme);
		this.#handlers.set(scheme, handler);
	}

	unhandle(scheme: string): void {
		if (!this.#handlers.delete(scheme)) throw new Error(`Failed to unhandle protocol: ${scheme}`);
	}

	isProtocolHandled(scheme: string): boolean {
		return this.#handlers.has(scheme);
	}

	/** Whether a handler will answer this app URL. */
	handles(appUrl: string): boolean {
		const scheme = appScheme(appUrl, this.schemes);
		return scheme !== undefined && this.#handlers.has(scheme);
	}

	toApp(url: string): string {
		return toAppUrl(url, this.schemes);
	}

	toBrowser(url: string): string {
		return toBrowserUrl(url, this.schemes);
	}

	/** The handler's answer, or undefined when no handler is for this URL. A handler that throws rejects. */
	async respond(paused: PausedRequest): Promise<Fulfilment | undefined> {
		const url = this.toApp(paused.url);
		const handler = this.#handlers.get(appScheme(url, this.schemes) ?? '');
		if (handler === undefined) return undefined;
		const response = await handler(this.#request(url, paused));
		const responseHeaders = [...response.headers].map(([name, value]) => ({ name, value: URL_HEADERS.has(name) ? this.toBrowser(value) : value }));
		return { responseCode: response.status, responseHeaders, body: Buffer.from(await response.arrayBuffer()).toString('base64') };
	}

	#add(scheme: string): void {
		if (!/^[a-z][a-z0-9-]*$/.test(scheme) || BUILT_IN.has(scheme))
			throw new Error(`'${scheme}' cannot be a scheme here: lower-case letters, digits and hyphens`);
		this.schemes.add(scheme);
	}

	#request(url: string, paused: PausedRequest): Request {
		const headers = new Headers();
		for (const [name, value] of Object.entries(paused.headers)) headers.append(name, URL_HEADERS.has(name.toLowerCase()) ? this.toApp(value) : value);
		const body = Buffer.concat((paused.postDataEntries ?? []).map(({ bytes }) => Buffer.from(bytes ?? '', 'base64')));
		const hasBody = paused.method !== 'GET' && paused.method !== 'HEAD';
		return new Request(url, { method: paused.method, headers, ...(hasBody ? { body } : {}) });
	}
}
