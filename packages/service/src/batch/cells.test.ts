import type { FormField } from '@holdfast/contract';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { convertCell } from './cells.ts';

const number = { path: ['points'], label: 'Points', kind: 'number', required: true } as unknown as FormField;
const convert = (text: string) => convertCell(number, { text, kind: 'text' });

test.each(['9007199254740993', '12345678901234567890', '9'.repeat(400), '0.1234567890123456', '-1234567890123456.5'])(
	'%s would be changed, and is refused',
	(text) => {
		expect(convert(text)).toMatchObject({ wrong: { code: 'import/number-too-long' } });
	},
);

test.each(['9007199254740991', '-12.50', '007', '0.000012345678901234', '100000000000000'])('%s is kept', (text) => {
	expect(convert(text)).toEqual({ value: Number(text) });
});

test('what is taken says the same again', () => {
	fc.assert(
		fc.property(fc.maxSafeInteger(), fc.stringMatching(/^[1-9]\d{0,6}\.\d{0,6}[1-9]$/), (whole, broken) => {
			expect(convert(String(whole))).toEqual({ value: whole });
			expect(String((convert(broken) as { value: number }).value)).toBe(broken);
		}),
	);
});
