import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contrast, documentFace, mix, PATTERN_STRENGTH, parseHex, toHex } from './contrast.ts';
import { guilloche } from './guilloche.ts';

const hex = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`);
const rgb = (text: string) => parseHex(text) ?? [0, 0, 0];

describe('contrast', () => {
	it('agrees with WCAG’s own ends', () => {
		expect(contrast([0, 0, 0], [255, 255, 255])).toBeCloseTo(21, 5);
		expect(contrast([119, 119, 119], [255, 255, 255])).toBeCloseTo(4.48, 2);
	});

	it('reads what it writes', () => {
		fc.assert(fc.property(hex, (text) => toHex(rgb(text)) === text));
	});

	it.each(['', 'red', '#12', '#12345', 'rgb(0,0,0)', '#fffffff', '#ggg', 'url(https://example.org)'])('refuses %j', (text) => {
		expect(parseHex(text)).toBeUndefined();
	});
});

describe('documentFace', () => {
	it('is legible for every colour that an issuer may send, also over the pattern', () => {
		fc.assert(
			fc.property(fc.string(), fc.option(hex, { nil: undefined }), fc.option(hex, { nil: undefined }), (seed, background, ink) => {
				const face = documentFace(seed, background, ink);
				const [paper, text] = [rgb(face.background), rgb(face.ink)];
				expect(contrast(paper, text)).toBeGreaterThanOrEqual(4.5);
				expect(contrast(mix(paper, text, PATTERN_STRENGTH), text)).toBeGreaterThanOrEqual(4.5);
			}),
			{ numRuns: 2_000 },
		);
	});

	it('keeps legible colours of an issuer as they are', () => {
		expect(documentFace('x', '#102030', '#ffffff')).toEqual({ background: '#102030', ink: '#ffffff' });
	});

	it('does not keep an ink that cannot be read', () => {
		const face = documentFace('x', '#ffffff', '#fefefe');
		expect(face.background).toBe('#ffffff');
		expect(face.ink).not.toBe('#fefefe');
	});

	it('takes one of its own colours where the issuer’s is not a colour', () => {
		expect(documentFace('x', 'javascript:alert(1)', '#ffffff')).toEqual(documentFace('x'));
	});
});

describe('guilloche', () => {
	it('is the same for the same seed, and another for another', () => {
		expect(guilloche('a')).toEqual(guilloche('a'));
		expect(guilloche('a')).not.toEqual(guilloche('b'));
	});

	it('is finite path data of bounded size for every seed', () => {
		fc.assert(
			fc.property(fc.string(), (seed) => {
				const { rings, band } = guilloche(seed);
				for (const path of [...rings.map((ring) => ring.path), band]) {
					expect(path).toMatch(/^[MLZ\d. -]+$/);
					expect(path.length).toBeLessThan(16_000);
				}
			}),
		);
	});
});
