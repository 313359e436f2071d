import type { JsonObject } from '@holdfast/kernel';
import { describe, expect, it } from 'vitest';
import { builtinTypes, checkSchema } from './index.ts';
import { isDate } from './schema.ts';

describe('schemas', () => {
	it.each(builtinTypes.map((type) => [type.id, type] as const))('%s: its example fits, and less of it fits the schema for presentations', (_id, type) => {
		expect(checkSchema(type.schema, type.example)).toEqual({ result: 'fits' });
		expect(checkSchema(type.presentationSchema, {})).toEqual({ result: 'fits' });
		expect(checkSchema(type.presentationSchema, { ...type.example, more: 1 })).toEqual({ result: 'fits' });
		expect(checkSchema(type.schema, {})).toMatchObject({ result: 'violated' });
		expect(checkSchema(type.presentationSchema, { given_name: 5 })).toMatchObject({
			result: 'violated',
			at: '/given_name',
			reason: '“given_name” should be of type string.',
		});
	});

	it('says what is wrong in words, without the value', () => {
		const schema: JsonObject = {
			type: 'object',
			properties: { a: { type: 'string', format: 'date' }, b: { enum: [1] } },
			required: ['a'],
			additionalProperties: false,
		};
		expect(checkSchema(schema, {})).toMatchObject({ reason: 'the claims lack “a”.' });
		expect(checkSchema(schema, { a: 'canary' })).toMatchObject({ reason: '“a” should be a date.' });
		expect(checkSchema(schema, { a: '2026-01-01', c: 'canary' })).toMatchObject({ reason: 'the claims have a member that is not expected.' });
		expect(checkSchema(schema, { a: '2026-01-01', b: 'canary' })).toMatchObject({ reason: expect.not.stringContaining('canary') });
	});

	it('follows local references', () => {
		const schema: JsonObject = { $defs: { name: { type: 'string' } }, properties: { a: { $ref: '#/$defs/name' } } };
		expect(checkSchema(schema, { a: 'x' })).toEqual({ result: 'fits' });
		expect(checkSchema(schema, { a: 1 })).toMatchObject({ result: 'violated' });
	});

	const doubling: JsonObject = {
		$defs: Object.fromEntries(
			Array.from({ length: 30 }, (_, index) => [`d${index}`, { allOf: [{ $ref: `#/$defs/d${index + 1}` }, { $ref: `#/$defs/d${index + 1}` }] }]),
		),
		$ref: '#/$defs/d0',
	};
	it.each<[string, JsonObject]>([
		['a remote reference', { $ref: 'https://example.com/schema' }],
		['a relative reference', { properties: { a: { $ref: 'other.json' } } }],
		['a reference to itself', { properties: { a: { $ref: '#' } } }],
		['references that multiply', doubling],
		['a dynamic reference', { $dynamicRef: '#x' }],
		['an inner id', { properties: { a: { $id: 'https://example.com/x' } } }],
		['no JSON Schema at all', { type: 'nonsense' }],
		['too much', { enum: ['x'.repeat(70_000)] }],
		['too many levels', JSON.parse(`${'{"not":'.repeat(40)}{}${'}'.repeat(40)}`)],
		...['(a+)+$', '(a|a)*$', '(a*)*', '(?=a)', '(?<n>a)', 'a*a*a*$', '(a)\\1', 'a?a?a?a?a?a?a?a?a?', 'x'.repeat(300), '(a{1,9}){1,9}', '['].map(
			(pattern): [string, JsonObject] => [`the pattern ${pattern.slice(0, 20)}`, { properties: { a: { pattern } } }],
		),
		['a pattern for names', { patternProperties: { '(a+)+': {} } }],
	])('refuses a schema with %s', (_name, schema) => {
		expect(checkSchema(schema, { a: 'x' })).toMatchObject({ result: 'bad-schema' });
	});

	it('refuses a schema so deep that it cannot be written out', () => {
		let schema: JsonObject = {};
		for (let level = 0; level < 100_000; level += 1) schema = { not: schema };
		expect(checkSchema(schema, {})).toMatchObject({ result: 'bad-schema' });
	});

	it('does not run a pattern on long text, nor check long lists', () => {
		expect(checkSchema({ properties: { a: { pattern: '^x' } } }, { a: 'x'.repeat(600) })).toMatchObject({ result: 'violated' });
		expect(checkSchema({}, { a: Array.from({ length: 1_001 }, () => 1) })).toMatchObject({ result: 'violated' });
	});

	it('knows the calendar', () => {
		expect(['2024-02-29', '2026-12-31'].every(isDate)).toBe(true);
		expect(['2023-02-29', '2026-13-01', '2026-1-1', '20260101', ''].some(isDate)).toBe(false);
	});

	it('takes the formats of dates, addresses and mail', () => {
		const fits = (format: string, text: string) => checkSchema({ properties: { a: { format } } }, { a: text }).result === 'fits';
		expect(fits('date-time', '2026-01-01T00:00:00Z')).toBe(true);
		expect(fits('date-time', '2026-01-01')).toBe(false);
		expect(fits('uri', 'https://example.com')).toBe(true);
		expect(fits('uri', 'no uri')).toBe(false);
		expect(fits('email', 'a@example.com')).toBe(true);
		expect(fits('email', 'a@b@c')).toBe(false);
	});
});
