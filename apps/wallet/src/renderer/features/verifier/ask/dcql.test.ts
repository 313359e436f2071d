import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readDcql } from './dcql.ts';

it('takes an object with credentials', () => {
	expect(readDcql('{"credentials":[{"id":"a","format":"dc+sd-jwt"}]}')).toHaveProperty('dcql.credentials');
});

it.each(['', '{', '[]', 'null', '{}', '{"credentials":{}}', '{"credentials":[]}'])('says what is wrong with %j', (text) => {
	expect(readDcql(text)).toHaveProperty('problem');
});

it('never throws', () => {
	fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => 'problem' in readDcql(text) || 'dcql' in readDcql(text)));
});
