import { EventEmitter } from 'node:events';

/** The frame that sent a message, as the browser knows it. */
export interface SenderFrame {
	readonly url: string;
	/** `app://holdfast`; `null` for an opaque origin. */
	readonly origin: string;
	/** Null for the main frame. */
	readonly parent: SenderFrame | null;
	readonly top: SenderFrame | null;
	readonly name: string;
	readonly detached: boolean;
	isDestroyed(): boolean;
}

export interface IpcEvent<Contents> {
	readonly type: 'frame';
	readonly processId: number;
	readonly frameId: number;
	readonly sender: Contents;
	/** Null when the frame was gone before the message was read. */
	readonly senderFrame: SenderFrame | null;
	reply(channel: string, ...args: unknown[]): void;
}

// biome-ignore lint/suspicious/noExplicitAny: Electron's own type: what comes from a renderer has none until it is parsed.
type Handler<Contents> = (event: IpcEvent<Contents>, ...args: any[]) => unknown;

/** Electron's `ipcMain`. */
export class IpcMain<Contents> extends EventEmitter {
	readonly #handlers = new Map<string, Handler<Contents>>();

	handle(channel: string, listener: Handler<Contents>): void {
		if (this.#handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`);
		if (typeof listener !== 'function') throw new TypeError(`Expected handler to be a function, but found type '${typeof listener}'`);
		this.#handlers.set(channel, listener);
	}

	handleOnce(channel: string, listener: Handler<Contents>): void {
		this.handle(channel, (event, ...args) => {
			this.removeHandler(channel);
			return listener(event, ...args);
		});
	}

	removeHandler(channel: string): void {
		this.#handlers.delete(channel);
	}

	/** Runs the handler. Rejects with the text that Electron gives the renderer. */
	async dispatch(channel: string, event: IpcEvent<Contents>, args: readonly unknown[]): Promise<unknown> {
		try {
			const handler = this.#handlers.get(channel);
			if (handler === undefined) throw new Error(`No handler registered for '${channel}'`);
			return await handler(event, ...args);
		} catch (error) {
			throw new Error(`Error invoking remote method '${channel}': ${String(error)}`, { cause: error });
		}
	}
}
