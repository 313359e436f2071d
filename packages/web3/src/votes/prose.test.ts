import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { prose } from './prose.ts';

const flat = (markdown: string) =>
	prose(markdown).map(({ kind, parts }) => `${kind}: ${parts.map(({ text, url }) => (url ? `${text}<${url}>` : text)).join('')}`);

describe('a proposal’s text', () => {
	test('headings, paragraphs, lists, quotes, code and tables', () => {
		expect(flat('# Plan\n\nPay **Ada** 5.\n\n- one\n- two\n  - three\n\n> said\n\n```\nx = 1\n```\n\n---\n\n| a | b |\n|---|---|\n| 1 | 2 |')).toEqual([
			'heading: Plan',
			'paragraph: Pay Ada 5.',
			'item: one',
			'item: two',
			'item: three',
			'quote: said',
			'code: x = 1',
			'rule: ',
			'item: a | b',
			'item: 1 | 2',
		]);
	});

	test('a link keeps where it leads, whatever its words say; only https is one', () => {
		expect(flat('[https://good.example](https://evil.example/x)')).toEqual(['paragraph: https://good.example<https://evil.example/x>']);
		expect(flat('[a](javascript:alert(1)) [b](http://x.example) [c](data:text/html,x) [d](https://u:p@x.example)')).toEqual(['paragraph: a b c d']);
	});

	test('pictures and HTML are gone', () => {
		const made = JSON.stringify(
			prose(
				'![chart](https://spy.example/a.png) <img src="https://spy.example/b.png" onerror="x()">\n\n<script>alert(1)</script>\n\n[![in](https://spy.example/c.png)](https://a.example)',
			),
		);
		expect(made).toContain('[picture: chart]');
		expect(made).not.toMatch(/spy\.example|<img|<script/);
	});

	test('direction-changing characters are gone', () => expect(flat('pay \u202eadA')).toEqual(['paragraph: pay adA']));

	test('any text is read, bounded, and without markup', () => {
		fc.assert(
			fc.property(
				fc.string({ unit: fc.constantFrom('#', '*', '`', '[', ']', '(', ')', '!', '>', '-', '|', '\n', ' ', 'a', '<', '~', '&', '\u202e'), maxLength: 400 }),
				(text) => {
					for (const { parts } of prose(text)) for (const part of parts) expect(part.text).not.toMatch(/[\u202e\n]/);
				},
			),
			{ numRuns: 300 },
		);
		expect(prose('a\n\n'.repeat(50_000)).length).toBeLessThanOrEqual(1501);
		expect(prose(`${'>'.repeat(5000)} deep`).length).toBeLessThan(10);
	});
});
