// Preloaded in each utility process: gives it Electron's `process.parentPort` and takes Node's own channel away.
import { EventEmitter } from 'node:events';

class ParentPort extends EventEmitter {
	readonly #early: unknown[] = [];
	readonly #send: (message: unknown) => void;

	constructor(send: (message: unknown) => void) {
		super();
		this.#send = send;
		// Messages that arrive before the script listens are kept for it.
		this.on('newListener', (name) => {
			if (name === 'message') queueMicrotask(() => this.start());
		});
	}

	receive(data: unknown): void {
		if (this.listenerCount('message') === 0) this.#early.push(data);
		else this.emit('message', { data, ports: [] });
	}

	postMessage(message: unknown): void {
		this.#send(message);
	}

	start(): void {
		while (this.listenerCount('message') > 0 && this.#early.length > 0) this.emit('message', { data: this.#early.shift(), ports: [] });
	}
}

const send = process.send?.bind(process);
if (send !== undefined) {
	const port = new ParentPort((message) => send(message as object));
	process.on('message', (data) => port.receive(data));
	// The parent is gone: whatever this process holds must not outlive it.
	process.on('disconnect', () => process.exit(0));
	Object.defineProperty(process, 'parentPort', { value: port, enumerable: true });
	Object.defineProperty(process, 'type', { value: 'utility', enumerable: true });
	Object.defineProperty(process, 'send', { value: undefined });
}
