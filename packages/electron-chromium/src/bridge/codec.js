// Structured values as text, for the one channel between the preload world and the main process: the binding carries
// strings only. Plain script on purpose: Node imports it and the page gets the same bytes.

/**
 * JSON with a `$` tag for what JSON lacks. Refuses what the structured clone algorithm refuses (functions, symbols,
 * promises, platform objects), and cycles, which it would keep.
 *
 * @param {(bytes: Uint8Array) => string} toBase64
 * @param {(text: string) => Uint8Array} fromBase64
 * @returns {{ encode: (value: unknown) => string, decode: (text: string) => any }}
 */
export function makeCodec(toBase64, fromBase64) {
	const MAX_DEPTH = 1000;
	const kindOf = (value) => Object.prototype.toString.call(value).slice(8, -1);
	const refuse = () => {
		throw new Error('An object could not be cloned.');
	};
	const bytesOf = (view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
	const views = {
		Int8Array,
		Uint8Array,
		Uint8ClampedArray,
		Int16Array,
		Uint16Array,
		Int32Array,
		Uint32Array,
		Float32Array,
		Float64Array,
		BigInt64Array,
		BigUint64Array,
		DataView,
	};

	const pack = (value, depth) => {
		if (depth > MAX_DEPTH) refuse();
		switch (typeof value) {
			case 'string':
			case 'boolean':
				return value;
			case 'number':
				return Number.isFinite(value) && !Object.is(value, -0) ? value : { $: 'number', v: Object.is(value, -0) ? '-0' : String(value) };
			case 'undefined':
				return { $: 'undefined' };
			case 'bigint':
				return { $: 'bigint', v: String(value) };
			case 'object':
				return value === null ? null : packObject(value, depth + 1);
			default:
				return refuse();
		}
	};

	const packObject = (value, depth) => {
		if (Array.isArray(value)) return Array.from(value, (item) => pack(item, depth));
		if (ArrayBuffer.isView(value)) {
			const name = Object.hasOwn(views, kindOf(value)) ? kindOf(value) : refuse();
			return { $: 'view', c: name, v: toBase64(bytesOf(value)) };
		}
		switch (kindOf(value)) {
			case 'ArrayBuffer':
				return { $: 'buffer', v: toBase64(new Uint8Array(value)) };
			case 'Date':
				return { $: 'date', v: pack(value.getTime(), depth) };
			case 'RegExp':
				return { $: 'regexp', v: value.source, f: value.flags };
			case 'Map':
				return { $: 'map', v: Array.from(value, ([key, item]) => [pack(key, depth), pack(item, depth)]) };
			case 'Set':
				return { $: 'set', v: Array.from(value, (item) => pack(item, depth)) };
			case 'Error':
				return { $: 'error', n: String(value.name), m: String(value.message), s: String(value.stack ?? '') };
			case 'Object': {
				const packed = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, pack(item, depth)]));
				return Object.hasOwn(packed, '$') ? { $: 'object', v: packed } : packed;
			}
			default:
				return refuse();
		}
	};

	const unpackView = (value) => {
		const View = Object.hasOwn(views, value.c) ? views[value.c] : refuse();
		const bytes = fromBase64(value.v);
		if (View === Uint8Array) return bytes;
		const copy = bytes.slice().buffer;
		return new View(copy);
	};

	// Changes the parsed tree in place: no key of it can then reach a setter such as __proto__.
	const unpackInside = (value) => {
		for (const key of Object.keys(value)) value[key] = unpack(value[key]);
		return value;
	};

	const unpack = (value) => {
		if (typeof value !== 'object' || value === null) return value;
		if (Array.isArray(value) || !Object.hasOwn(value, '$')) return unpackInside(value);
		switch (value.$) {
			case 'number':
				return Number(value.v);
			case 'undefined':
				return undefined;
			case 'bigint':
				return BigInt(value.v);
			case 'view':
				return unpackView(value);
			case 'buffer':
				return fromBase64(value.v).slice().buffer;
			case 'date':
				return new Date(unpack(value.v));
			case 'regexp':
				return new RegExp(value.v, value.f);
			case 'map':
				return new Map(value.v.map(([key, item]) => [unpack(key), unpack(item)]));
			case 'set':
				return new Set(value.v.map(unpack));
			case 'error': {
				const error = new Error(value.m);
				error.name = value.n;
				error.stack = value.s;
				return error;
			}
			case 'object':
				return unpackInside(value.v);
			default:
				return refuse();
		}
	};

	return { encode: (value) => JSON.stringify(pack(value, 0)), decode: (text) => unpack(JSON.parse(text)) };
}
