import type { Readable, Writable } from 'node:stream';

/** What Chromium answers or reports; its shape depends on the method, so the callers narrow it. */
// biome-ignore lint/suspicious/noExplicitAny: the protocol's own types are 20,000 lines that no code here needs.
export type CdpResult = any;

/** A command that Chromium refused. `message` is Chromium's text. */
export class CdpError extends Error {
	readonly method: string;
	readonly code: number;

	constructor(method: string, code: number, message: string, options?: ErrorOptions) {
		super(`${method}: ${message}`, options);
		this.name = 'CdpError';
		this.method = method;
		this.code = code;
	}
}

/** The connection ended, because Chromium ended. */
export class CdpClosedError extends Error {
	constructor(method: string) {
		super(`${method}: Chromium is gone`);
		this.name = 'CdpClosedError';
	}
}

interface Pending {
	readonly method: string;
	readonly resolve: (result: CdpResult) => void;
	readonly reject: (error: Error) => void;
}

type Listener = (params: CdpResult, sessionId: string | undefined) => void;

/**
 * The DevTools protocol over two inherited pipes (`--remote-debugging-pipe`): JSON messages that end with a NUL byte.
 * There is no port, so no other process of the machine can speak to the browser.
 */
export class CdpConnection {
	readonly #out: Writable;
	readonly #pending = new Map<number, Pending>();
	readonly #listeners = new Map<string, Set<Listener>>();
	readonly #closed = Promise.withResolvers<void>();
	#parts: Buffer[] = [];
	#nextId = 1;
	#isClosed = false;

	/**
	 * @param toBrowser the browser's descriptor 3
	 * @param fromBrowser the browser's descriptor 4
	 */
	constructor(toBrowser: Writable, fromBrowser: Readable) {
		this.#out = toBrowser;
		fromBrowser.on('data', (chunk: Buffer) => this.#read(chunk));
		fromBrowser.on('close', () => this.#close());
		fromBrowser.on('error', () => this.#close());
		toBrowser.on('error', () => this.#close());
	}

	/** Resolves when the connection has ended. Never rejects. */
	get closed(): Promise<void> {
		return this.#closed.promise;
	}

	get isClosed(): boolean {
		return this.#isClosed;
	}

	/** Sends one command, to the browser itself or to an attached session, and waits for its answer. */
	send(method: string, params: Record<string, unknown> = {}, sessionId?: string): Promise<CdpResult> {
		if (this.#isClosed) return Promise.reject(new CdpClosedError(method));
		const id = this.#nextId++;
		const { promise, resolve, reject } = Promise.withResolvers<CdpResult>();
		this.#pending.set(id, { method, resolve, reject });
		this.#out.write(`${JSON.stringify(sessionId === undefined ? { id, method, params } : { id, method, params, sessionId })}\0`);
		return promise;
	}

	/** Calls `listener` for each event of this name, in the order of arrival. Returns the way to stop. */
	on(event: string, listener: Listener): () => void {
		let set = this.#listeners.get(event);
		if (set === undefined) {
			set = new Set();
			this.#listeners.set(event, set);
		}
		set.add(listener);
		return () => set.delete(listener);
	}

	#read(chunk: Buffer): void {
		let start = 0;
		for (let end = chunk.indexOf(0); end !== -1; end = chunk.indexOf(0, start)) {
			this.#parts.push(chunk.subarray(start, end));
			const text = (this.#parts.length === 1 ? (this.#parts[0] ?? Buffer.alloc(0)) : Buffer.concat(this.#parts)).toString('utf8');
			this.#parts = [];
			start = end + 1;
			this.#dispatch(JSON.parse(text));
		}
		if (start < chunk.length) this.#parts.push(chunk.subarray(start));
	}

	#dispatch(message: CdpResult): void {
		if (typeof message.id === 'number') {
			const pending = this.#pending.get(message.id);
			this.#pending.delete(message.id);
			if (pending === undefined) return;
			if (message.error === undefined) pending.resolve(message.result);
			else pending.reject(new CdpError(pending.method, message.error.code, message.error.message));
			return;
		}
		for (const listener of [...(this.#listeners.get(message.method) ?? [])]) listener(message.params, message.sessionId);
	}

	#close(): void {
		if (this.#isClosed) return;
		this.#isClosed = true;
		for (const { method, reject } of this.#pending.values()) reject(new CdpClosedError(method));
		this.#pending.clear();
		this.#closed.resolve();
	}
}
