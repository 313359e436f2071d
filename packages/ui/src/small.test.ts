import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contrast, parseHex } from './contrast.ts';
import { imageDataUrl } from './data-url.ts';
import { middleEllipsis } from './ellipsis.ts';
import { isIsoDate, typeIsoDate } from './iso-date.ts';
import { QUIET_ZONE, qrPath } from './qr-path.ts';

describe('isIsoDate', () => {
	it('takes every day that exists', () => {
		fc.assert(
			fc.property(fc.date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true }), (date) => {
				const day = date.toISOString().slice(0, 10);
				expect(isIsoDate(day)).toBe(true);
				// Typing the digits alone gives the same day.
				expect([...day.replaceAll('-', '')].reduce((text, digit) => typeIsoDate(text + digit), '')).toBe(day);
			}),
		);
	});

	it.each(['2025-02-29', '2025-13-01', '2025-00-10', '2025-04-31', '25-04-01', '2025-4-1', '2025-04-01T00:00', '', '٢٠٢٥-٠٤-٠١'])('refuses %j', (text) => {
		expect(isIsoDate(text)).toBe(false);
	});

	it('leaves what is not digits alone, and lets a dash be typed', () => {
		fc.assert(fc.property(fc.string(), (text) => /^[\d-]*$/.test(text) || typeIsoDate(text) === text));
		expect(typeIsoDate('1990-')).toBe('1990-');
		expect(typeIsoDate('1990-04-')).toBe('1990-04-');
	});
});

describe('imageDataUrl', () => {
	it.each(['data:image/png;base64,AAAA', 'data:image/svg+xml,%3Csvg/%3E', 'data:image/svg+xml;charset=utf-8,%3Csvg/%3E'])('shows %s', (url) => {
		expect(imageDataUrl(url)).toBe(url);
	});

	it.each([
		'https://example.org/logo.png',
		'http://x',
		'//x/y.png',
		'data:text/html,<b>',
		'javascript:alert(1)',
		'blob:x',
		' data:image/png,',
		'data:image/pngx,',
		'',
	])('does not show %j', (url) => {
		expect(imageDataUrl(url)).toBeUndefined();
	});
});

describe('middleEllipsis', () => {
	it('keeps both ends and never grows', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'grapheme' }), (text) => {
				const short = middleEllipsis(text, 5, 4);
				expect([...short].length).toBeLessThanOrEqual(Math.max(10, Math.min(10, [...text].length)));
				expect(short.slice(0, 1)).toBe(text.slice(0, 1));
				expect(short.slice(-1)).toBe(text.slice(-1));
			}),
		);
	});
});

describe('qrPath', () => {
	it('draws exactly the dark modules, inside the quiet zone', () => {
		fc.assert(
			fc.property(fc.array(fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }), { minLength: 5, maxLength: 5 }), (matrix) => {
				const drawn = matrix.map((row) => row.map(() => false));
				for (const [, x, y, run] of qrPath(matrix).matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
					for (let step = 0; step < Number(run); step++) {
						const row = drawn[Number(y) - QUIET_ZONE];
						if (row) row[Number(x) - QUIET_ZONE + step] = true;
					}
				}
				expect(drawn).toEqual(matrix);
			}),
		);
	});
});

describe('tokens', () => {
	const css = readFileSync(join(import.meta.dirname, 'styles/tokens.css'), 'utf8')
		.replaceAll(/\/\*[\s\S]*?\*\//g, '')
		.replaceAll('"', "'");
	const rules = (selector: string) => {
		const start = css.indexOf('{', css.indexOf(selector)) + 1;
		return new Map(
			css
				.slice(start, css.indexOf('}', start))
				.split(';')
				.map((line) => line.split(':').map((part) => part.trim()) as [string, string])
				.filter(([name]) => name !== ''),
		);
	};
	const light = rules(":root,\n[data-theme='light']");
	const dark = rules("\n[data-theme='dark']");

	it('the two dark lists agree, and define what the light one does', () => {
		expect(rules(":root:not([data-theme='light'])")).toEqual(dark);
		expect([...dark.keys()]).toEqual([...light.keys()]);
	});

	describe.each([
		['light', light],
		['dark', dark],
	] as const)('%s', (_, tokens) => {
		const color = (name: string) => parseHex(tokens.get(`--hf-${name}`) ?? '') ?? [0, 0, 0];
		const surfaces = ['sunken', 'paper', 'surface', 'raised'];

		it.each(['ink', 'ink-muted', 'ink-faint', 'accent', 'positive', 'caution', 'negative'])('%s is legible on every surface (WCAG 1.4.3)', (ink) => {
			for (const surface of surfaces) expect(contrast(color(ink), color(surface)), surface).toBeGreaterThanOrEqual(4.5);
		});

		it.each(['accent', 'positive', 'caution', 'negative'])('%s and ink are legible on its soft background', (tone) => {
			for (const ink of [tone, 'ink', 'ink-muted']) expect(contrast(color(ink), color(`${tone}-soft`)), ink).toBeGreaterThanOrEqual(4.5);
		});

		it.each([
			['accent-ink', 'accent'],
			['accent-ink', 'accent-hover'],
			['accent-ink', 'accent-press'],
			['negative-ink', 'negative'],
			['negative-ink', 'negative-hover'],
		])('%s is legible on %s', (ink, ground) => {
			expect(contrast(color(ink), color(ground))).toBeGreaterThanOrEqual(4.5);
		});

		it('boundaries of controls stand out (WCAG 1.4.11)', () => {
			for (const surface of surfaces) expect(contrast(color('rule-strong'), color(surface)), surface).toBeGreaterThanOrEqual(3);
		});
	});
});
