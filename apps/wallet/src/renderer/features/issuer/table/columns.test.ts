import type { FormField } from '@holdfast/contract';
import { expect, test } from 'vitest';
import { columnKey, columnUse, hasTwice, missing } from './columns.ts';

const field = (path: string[], required: boolean): FormField => ({ path, label: path.join(' '), kind: 'text', required, disclosable: true });
const fields = [field(['name'], true), field(['address', 'town'], false)];

test('a use goes into a select and comes back', () => {
	for (const use of [{ kind: 'claim', path: ['address', 'town'] }, { kind: 'holder' }, { kind: 'contact' }, { kind: 'nothing' }] as const)
		expect(columnUse(columnKey(use as never), fields)).toEqual(use);
	expect(columnUse('claim:unknown', fields)).toEqual({ kind: 'nothing' });
});

test('what is missing, and what is there twice', () => {
	expect(missing(fields, [{ kind: 'nothing' }])).toEqual(['name']);
	expect(missing(fields, [{ kind: 'claim', path: ['name'] }])).toEqual([]);
	expect(hasTwice([{ kind: 'contact' }, { kind: 'contact' }])).toBe(true);
	expect(hasTwice([{ kind: 'nothing' }, { kind: 'nothing' }])).toBe(false);
});
