// One end of the bridge between the page's world and the preload's world of the same frame. The two share DOM objects
// but no JavaScript objects: a MessagePort that both hold wrappers of is the channel, and `MessageEvent.data` is
// structured-cloned by Chromium when it is read in the other world. See README.md, "The bridge".
//
// The end in the page's world runs beside hostile code, from before that code's first line. So everything it will use
// is captured here, at document start, and nothing below may look up a property that page code could have redefined:
// no method calls on values, no spread, no iteration protocol, no assignment by index, descriptors without a prototype.

/**
 * @param {MessagePort} port the channel, known to nobody else
 * @param {string} inbound event name that this end listens to
 * @param {string} outbound event name that the other end listens to
 * @param {((key: string, api: unknown) => void) | undefined} onExpose only in the page's world
 * @returns {{ expose: (key: string, api: unknown) => void }}
 */
export function bridgeEnd(port, inbound, outbound, onExpose) {
	const { apply, ownKeys, getPrototypeOf, getOwnPropertyDescriptor, defineProperty, construct } = Reflect;
	const { isArray } = Array;
	const { dispatchEvent, addEventListener } = EventTarget.prototype;
	const MessageEventClass = MessageEvent;
	const ErrorClass = Error;
	const PromiseClass = Promise;
	const StringOf = String;
	const promiseThen = Promise.prototype.then;
	const promisePrototype = Promise.prototype;
	const objectPrototype = Object.prototype;
	const { get: mapGet, set: mapSet, delete: mapDelete } = Map.prototype;
	const { get: weakGet, set: weakSet } = WeakMap.prototype;
	const { preventDefault } = Event.prototype;
	const readData = getOwnPropertyDescriptor(MessageEvent.prototype, 'data').get;
	const MapClass = Map;
	const MAX_DEPTH = 1000;

	const own = (target, key, value) => defineProperty(target, key, { __proto__: null, value, writable: true, enumerable: true, configurable: true });
	const append = (list, value) => own(list, list.length, value);
	const ownValue = (target, key) => {
		const descriptor = typeof target === 'object' && target !== null ? getOwnPropertyDescriptor(target, key) : undefined;
		return descriptor === undefined ? undefined : descriptor.value;
	};
	const get = (map, key) => apply(mapGet, map, [key]);
	const set = (map, key, value) => apply(mapSet, map, [key, value]);
	/** Whether the other end could read the message: what cannot be cloned arrives as null, and nothing else says so. */
	const post = (data) => !apply(dispatchEvent, port, [construct(MessageEventClass, [outbound, { __proto__: null, data, cancelable: true }])]);
	const UNCLONEABLE = 'An object could not be cloned.';

	const functions = new Map();
	const idOfFunction = new WeakMap();
	const proxies = new Map();
	const settlers = new Map();
	const returns = new Map();
	let lastId = 0;

	const textOf = (error) => {
		try {
			const message = typeof error === 'object' && error !== null && 'message' in error ? error.message : error;
			return StringOf(message);
		} catch {
			return 'An error without a text';
		}
	};

	const refer = (refs, path, kind, id) => append(refs, { __proto__: null, path, kind, id });

	const idFor = (callee) => {
		const known = apply(weakGet, idOfFunction, [callee]);
		if (known !== undefined) return known;
		lastId += 1;
		apply(weakSet, idOfFunction, [callee, lastId]);
		set(functions, lastId, callee);
		return lastId;
	};

	const settleLater = (promise) => {
		lastId += 1;
		const id = lastId;
		apply(promiseThen, promise, [
			(value) => {
				let packed;
				try {
					packed = pack(value);
				} catch (error) {
					post({ __proto__: null, type: 'settle', id, ok: false, text: textOf(error) });
					return;
				}
				if (!post({ __proto__: null, type: 'settle', id, ok: true, packed })) post({ __proto__: null, type: 'settle', id, ok: false, text: UNCLONEABLE });
			},
			(error) => post({ __proto__: null, type: 'settle', id, ok: false, text: textOf(error) }),
		]);
		return id;
	};

	/** A copy in which functions and promises are left out and listed by path; all else is for the structured clone. */
	const pack = (root) => {
		const refs = [];
		const seen = new MapClass();
		const walk = (value, path, depth) => {
			if (depth > MAX_DEPTH) throw new ErrorClass('The value is nested too deeply');
			if (typeof value === 'function') {
				refer(refs, path, 'function', idFor(value));
				return undefined;
			}
			if (typeof value !== 'object' || value === null) return value;
			const prototype = getPrototypeOf(value);
			if (prototype === promisePrototype) {
				refer(refs, path, 'promise', settleLater(value));
				return undefined;
			}
			const list = isArray(value);
			if (!list && prototype !== objectPrototype && prototype !== null) return value;
			const known = get(seen, value);
			if (known !== undefined) return known;
			const copy = list ? [] : {};
			set(seen, value, copy);
			const keys = ownKeys(value);
			for (let index = 0; index < keys.length; index += 1) {
				const key = keys[index];
				const descriptor = getOwnPropertyDescriptor(value, key);
				if (typeof key === 'symbol' || descriptor === undefined || !descriptor.enumerable) continue;
				const next = [];
				for (let step = 0; step < path.length; step += 1) append(next, path[step]);
				append(next, key);
				own(copy, key, walk(value[key], next, depth + 1));
			}
			if (list) copy.length = value.length;
			return copy;
		};
		return { __proto__: null, value: walk(root, [], 0), refs };
	};

	const proxyFor = (id) => {
		const known = get(proxies, id);
		if (known !== undefined) return known;
		const proxy = (...args) => {
			lastId += 1;
			const call = lastId;
			if (!post({ __proto__: null, type: 'call', id, call, packed: pack(args) })) throw new ErrorClass(UNCLONEABLE);
			const answer = get(returns, call);
			apply(mapDelete, returns, [call]);
			if (answer === undefined) throw new ErrorClass('The other world did not answer');
			if (ownValue(answer, 'ok') !== true) throw new ErrorClass(StringOf(ownValue(answer, 'text')));
			return unpack(ownValue(answer, 'packed'));
		};
		set(proxies, id, proxy);
		return proxy;
	};

	const promiseFor = (id) =>
		new PromiseClass((resolve, reject) => {
			set(settlers, id, { __proto__: null, resolve, reject });
		});

	// Reads own properties only: a forged path can then not climb into a prototype.
	const unpack = (packed) => {
		let root = ownValue(packed, 'value');
		const refs = ownValue(packed, 'refs');
		for (let index = 0; index < refs.length; index += 1) {
			const ref = refs[index];
			const path = ownValue(ref, 'path');
			const id = ownValue(ref, 'id');
			const value = ownValue(ref, 'kind') === 'function' ? proxyFor(id) : promiseFor(id);
			if (path.length === 0) {
				root = value;
				continue;
			}
			let target = root;
			for (let step = 0; step < path.length - 1; step += 1) target = ownValue(target, path[step]);
			if (typeof target === 'object' && target !== null) own(target, path[path.length - 1], value);
		}
		return root;
	};

	const answer = (message) => {
		const call = ownValue(message, 'call');
		let packed;
		try {
			const callee = get(functions, ownValue(message, 'id'));
			if (callee === undefined) throw new ErrorClass('No such function');
			packed = pack(apply(callee, undefined, unpack(ownValue(message, 'packed'))));
		} catch (error) {
			post({ __proto__: null, type: 'return', call, ok: false, text: textOf(error) });
			return;
		}
		if (!post({ __proto__: null, type: 'return', call, ok: true, packed })) post({ __proto__: null, type: 'return', call, ok: false, text: UNCLONEABLE });
	};

	const settle = (message) => {
		const id = ownValue(message, 'id');
		const settler = get(settlers, id);
		if (settler === undefined) return;
		apply(mapDelete, settlers, [id]);
		if (ownValue(message, 'ok') === true) apply(settler.resolve, undefined, [unpack(ownValue(message, 'packed'))]);
		else apply(settler.reject, undefined, [new ErrorClass(StringOf(ownValue(message, 'text')))]);
	};

	const receive = (event) => {
		const message = apply(readData, event, []);
		if (message === null) return undefined;
		apply(preventDefault, event, []);
		switch (ownValue(message, 'type')) {
			case 'call':
				return answer(message);
			case 'return':
				return set(returns, ownValue(message, 'call'), message);
			case 'settle':
				return settle(message);
			case 'expose':
				return onExpose === undefined ? undefined : onExpose(ownValue(message, 'key'), unpack(ownValue(message, 'packed')));
			default:
				return undefined;
		}
	};
	apply(addEventListener, port, [inbound, receive]);

	return {
		expose(key, api) {
			if (!post({ __proto__: null, type: 'expose', key, packed: pack(api) })) throw new ErrorClass(UNCLONEABLE);
		},
	};
}
