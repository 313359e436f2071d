import type { FormField } from '@holdfast/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { claimsOf, fieldKey, placeProblems, problemsIn } from './claims.ts';

const field = (path: string[], kind: FormField['kind'], required = true): FormField => ({ path, label: path.join(' '), kind, required, disclosable: true });

describe('a filled form', () => {
	it('becomes nested claims of the right kinds', () => {
		const fields = [
			field(['name'], 'text'),
			field(['address', 'city'], 'text'),
			field(['address', 'zip'], 'number'),
			field(['member'], 'boolean'),
			field(['roles'], 'list'),
			field(['nick'], 'text', false),
		];
		const values = {
			[fieldKey(['name'])]: ' Ada ',
			[fieldKey(['address', 'city'])]: 'Paris',
			[fieldKey(['address', 'zip'])]: '12,5',
			[fieldKey(['member'])]: 'no',
			[fieldKey(['roles'])]: 'a\n\n b \n',
			[fieldKey(['nick'])]: '  ',
		};
		expect(claimsOf(fields, values)).toEqual({ claims: { name: 'Ada', address: { city: 'Paris', zip: 12.5 }, member: false, roles: ['a', 'b'] } });
	});

	it('says everything that is wrong at once', () => {
		const result = claimsOf([field(['a'], 'text'), field(['b'], 'number'), { ...field(['c'], 'choice'), options: [{ value: 'x', label: 'X' }] }], {
			[fieldKey(['b'])]: 'many',
			[fieldKey(['c'])]: 'y',
		});
		expect('problems' in result && result.problems.map((problem) => problem.path)).toEqual([['a'], ['b'], ['c']]);
	});

	it('keeps any key as data', () => {
		fc.assert(
			fc.property(fc.array(fc.string(), { minLength: 1, maxLength: 4 }), (path) => {
				const result = claimsOf([field(path, 'text')], { [fieldKey(path)]: 'v' });
				expect('claims' in result).toBe(true);
				let at: unknown = 'claims' in result ? result.claims : undefined;
				for (const part of path) {
					expect(Object.hasOwn(at as object, part)).toBe(true);
					at = (at as Record<string, unknown>)[part];
				}
				expect(at).toBe('v');
			}),
		);
		expect(({} as Record<string, unknown>).polluted).toBeUndefined();
	});
});

describe('problems from the vault', () => {
	it('go to their fields, list entries to their list, the rest stays general', () => {
		const problems = problemsIn({
			problems: [
				{ path: ['roles', 1], message: 'Too long.' },
				{ path: ['name'], message: 'First.' },
				{ path: ['name'], message: 'Second.' },
				{ path: [], message: 'Nothing fits.' },
				{ path: 'name', message: 'ignored' },
				null,
			],
		});
		expect(placeProblems([field(['name'], 'text'), field(['roles'], 'list')], problems)).toEqual({
			byField: { [fieldKey(['roles'])]: 'Too long.', [fieldKey(['name'])]: 'First.' },
			others: ['Nothing fits.'],
		});
	});
	it('are none when the data has another shape', () => expect(problemsIn({ problems: 'x' })).toEqual([]));
});
