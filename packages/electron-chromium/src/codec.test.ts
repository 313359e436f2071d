import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeCodec } from './bridge/codec.js';

const codec = makeCodec(
	(bytes) => Buffer.from(bytes).toString('base64'),
	(text) => new Uint8Array(Buffer.from(text, 'base64')),
);
const roundTrip = (value: unknown): unknown => codec.decode(codec.encode(value));

describe('the text form of structured values', () => {
	it('gives back any value', () => {
		const anything = fc.anything({
			withBigInt: true,
			withDate: true,
			withMap: true,
			withSet: true,
			withTypedArray: true,
			withSparseArray: false,
			withNullPrototype: false,
		});
		fc.assert(
			fc.property(anything, (value) => {
				expect(roundTrip(value)).toEqual(value);
			}),
		);
	});

	it('keeps keys that look like its own tags, and __proto__, as data', () => {
		for (const text of ['{"$":"map","v":1}', '{"$":{"$":"object"}}', '{"__proto__":{"polluted":true}}', '{"constructor":{"prototype":{"polluted":true}}}']) {
			const value = JSON.parse(text);
			const back = roundTrip(value) as object;
			expect(JSON.stringify(back)).toBe(text);
			expect(Object.getPrototypeOf(back)).toBe(Object.prototype);
		}
		expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
	});

	it('keeps views, buffers, errors and expressions apart', () => {
		const view = new Uint16Array([1, 65535]);
		expect(roundTrip(view.subarray(1))).toEqual(new Uint16Array([65535]));
		expect(roundTrip(view.buffer)).toBeInstanceOf(ArrayBuffer);
		expect(roundTrip(/a+/gi)).toEqual(/a+/gi);
		expect(roundTrip(new RangeError('too far'))).toMatchObject({ name: 'RangeError', message: 'too far' });
		expect(Object.is((roundTrip({ a: -0 }) as { a: number }).a, -0)).toBe(true);
	});

	it('refuses what cannot be cloned', () => {
		const cycle: { self?: unknown } = {};
		cycle.self = cycle;
		for (const value of [() => 1, Symbol('s'), Promise.resolve(1), new WeakMap(), cycle, { deep: [() => 1] }]) {
			expect(() => codec.encode(value)).toThrow('An object could not be cloned.');
		}
	});

	it('refuses text with an unknown tag or view', () => {
		expect(() => codec.decode('{"$":"other"}')).toThrow('An object could not be cloned.');
		expect(() => codec.decode('{"$":"view","c":"constructor","v":""}')).toThrow('An object could not be cloned.');
	});
});
