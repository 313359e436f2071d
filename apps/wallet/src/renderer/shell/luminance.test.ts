import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { base64Of, luminanceOf, MAX_SIDE, MIN_SIDE, scanSize } from './luminance.ts';

describe('the size of a picture to scan', () => {
	it('stays within what qr.decode takes', () => {
		fc.assert(
			fc.property(fc.integer({ min: 1, max: 20_000 }), fc.integer({ min: 1, max: 20_000 }), (width, height) => {
				const size = scanSize(width, height);
				for (const side of [size.width, size.height]) {
					expect(side).toBeGreaterThanOrEqual(MIN_SIDE);
					expect(side).toBeLessThanOrEqual(MAX_SIDE);
				}
			}),
		);
	});
	it('leaves small pictures alone and keeps proportions', () => {
		expect(scanSize(640, 480)).toEqual({ width: 640, height: 480 });
		expect(scanSize(4000, 3000)).toEqual({ width: 1600, height: 1200 });
	});
});

describe('luminance', () => {
	it('maps black, white and transparent', () => {
		expect([...luminanceOf(Uint8ClampedArray.from([0, 0, 0, 255, 255, 255, 255, 255, 0, 0, 0, 0]))]).toEqual([0, 255, 255]);
	});
	it('has a byte for every pixel', () => {
		fc.assert(fc.property(fc.uint8ClampedArray({ maxLength: 400 }), (rgba) => luminanceOf(rgba).length === Math.floor(rgba.length / 4)));
	});
});

describe('base64', () => {
	it('round-trips, across the step too', () => {
		fc.assert(fc.property(fc.uint8Array({ maxLength: 20_000, minLength: 0 }), (bytes) => Buffer.from(base64Of(bytes), 'base64').equals(Buffer.from(bytes))));
	});
});
