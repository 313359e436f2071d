// Runs in the preload's own world at document start. Page code has no reference to anything in here.

/**
 * @param {{ hello: string, subframes: boolean, binding: string, deliver: string }} config
 * @param {Function} bridgeEnd
 * @param {Function} makeCodec
 * @param {(require: Function, module: { exports: object }, exports: object, process: object) => void} preload
 */
export function isolatedWorld(config, bridgeEnd, makeCodec, preload) {
	const post = globalThis[config.binding];
	delete globalThis[config.binding];
	const isMainFrame = window === window.top;
	if (!isMainFrame && !config.subframes) return;

	const codec = makeCodec(
		(bytes) => bytes.toBase64(),
		(text) => Uint8Array.fromBase64(text),
	);
	const send = (message) => post(codec.encode(message));

	const pending = new Map();
	const listeners = new Map();
	let lastId = 0;

	const deliver = (text) => {
		const message = codec.decode(text);
		if (message.type === 'reply') {
			const settle = pending.get(message.id);
			pending.delete(message.id);
			if (message.ok) settle?.resolve(message.value);
			else settle?.reject(new Error(message.text));
			return;
		}
		for (const { listener } of [...(listeners.get(message.channel) ?? [])]) {
			try {
				listener({ sender: ipcRenderer, senderId: 0, ports: [] }, ...message.args);
			} catch (error) {
				reportError(error);
			}
		}
	};
	Object.defineProperty(globalThis, config.deliver, { value: deliver });

	const remove = (channel, listener) => {
		const list = listeners.get(channel) ?? [];
		const index = list.findLastIndex((entry) => entry.key === listener);
		if (index >= 0) list.splice(index, 1);
		return ipcRenderer;
	};
	const add = (channel, key, listener) => {
		if (typeof listener !== 'function') throw new TypeError('The listener must be a function');
		listeners.set(channel, [...(listeners.get(channel) ?? []), { key, listener }]);
		return ipcRenderer;
	};
	const ipcRenderer = {
		invoke(channel, ...args) {
			return new Promise((resolve, reject) => {
				lastId += 1;
				send({ type: 'invoke', id: lastId, channel: String(channel), args });
				pending.set(lastId, { resolve, reject });
			});
		},
		send: (channel, ...args) => send({ type: 'send', channel: String(channel), args }),
		on: (channel, listener) => add(channel, listener, listener),
		addListener: (channel, listener) => add(channel, listener, listener),
		once: (channel, listener) =>
			add(channel, listener, (...args) => {
				remove(channel, listener);
				listener(...args);
			}),
		off: remove,
		removeListener: remove,
		removeAllListeners(channel) {
			if (channel === undefined) listeners.clear();
			else listeners.delete(channel);
			return ipcRenderer;
		},
	};

	// The page's end is already listening: its script was registered first. Nobody else listens yet, as no script of the page has run.
	const channel = new MessageChannel();
	const bridge = bridgeEnd(channel.port1, 'to-preload', 'to-page', undefined);
	const hello = new MessageEvent(config.hello, { ports: [channel.port1], cancelable: true });
	document.dispatchEvent(hello);

	const contextBridge = {
		exposeInMainWorld(key, api) {
			if (typeof key !== 'string') throw new TypeError('The key must be a string');
			bridge.expose(key, api);
		},
	};

	if (isMainFrame) {
		let last = 0;
		const note = (event) => {
			if (!event.isTrusted || event.timeStamp - last < 1000) return;
			last = event.timeStamp;
			send({ type: 'activity' });
		};
		for (const name of ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart']) window.addEventListener(name, note, { capture: true, passive: true });
	}

	const electron = Object.freeze({ contextBridge: Object.freeze(contextBridge), ipcRenderer: Object.freeze(ipcRenderer) });
	const require = (name) => {
		if (name === 'electron' || name === 'electron/renderer' || name === 'electron/common') return electron;
		throw new Error(`module not found: ${name}`);
	};
	const module = { exports: {} };
	preload(require, module, module.exports, Object.freeze({ type: 'renderer', sandboxed: true, contextIsolated: true, isMainFrame }));
}
