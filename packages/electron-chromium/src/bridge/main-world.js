// Runs in the page's world at document start, before any script of the page.

/**
 * @param {{ hello: string, subframes: boolean }} config
 * @param {Function} bridgeEnd
 */
export function mainWorld(config, bridgeEnd) {
	if (window !== window.top && !config.subframes) return;
	const { apply, defineProperty, ownKeys, getOwnPropertyDescriptor } = Reflect;
	const { freeze } = Object;
	const readPorts = getOwnPropertyDescriptor(MessageEvent.prototype, 'ports').get;
	const target = window;

	const deepFreeze = (value) => {
		if ((typeof value !== 'object' && typeof value !== 'function') || value === null || ArrayBuffer.isView(value)) return value;
		const keys = ownKeys(value);
		for (let index = 0; index < keys.length; index += 1) deepFreeze(getOwnPropertyDescriptor(value, keys[index])?.value);
		return freeze(value);
	};

	const onHello = (event) => {
		event.stopImmediatePropagation();
		const port = apply(readPorts, event, [])[0];
		bridgeEnd(port, 'to-page', 'to-preload', (key, api) =>
			defineProperty(target, key, { __proto__: null, value: deepFreeze(api), writable: false, enumerable: true, configurable: false }),
		);
	};
	document.addEventListener(config.hello, onHello, { capture: true, once: true });
}
