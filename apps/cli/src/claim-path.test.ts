import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isWithin, pathToText, textToPath, textToPaths } from './claim-path.ts';

const path = fc.array(fc.oneof(fc.string({ minLength: 1 }), fc.nat(99_999_999), fc.constant(null)), { minLength: 1, maxLength: 6 });

describe('claim paths', () => {
	test('come back as they were', () => {
		fc.assert(
			fc.property(path, (each) => {
				expect(textToPath(pathToText(each))).toEqual(each);
			}),
		);
	});

	test('are told apart: no two paths have the same text', () => {
		fc.assert(
			fc.property(path, path, (a, b) => {
				expect(pathToText(a) === pathToText(b)).toBe(JSON.stringify(a) === JSON.stringify(b));
			}),
		);
	});

	test('stand in a list', () => {
		expect(textToPaths('given_name, address.locality,nationalities.*,a\\,b\\.c,')).toEqual([
			['given_name'],
			['address', 'locality'],
			['nationalities', null],
			['a,b.c'],
		]);
	});

	test('agreeing to a claim agrees to what is below it, and to nothing beside it', () => {
		const agreed = textToPaths('given_name,address,nationalities.*,degrees.0');
		for (const within of [['given_name'], ['address', 'locality'], ['nationalities', 1], ['degrees', 0, 'name']]) expect(isWithin(within, agreed)).toBe(true);
		for (const beyond of [['given_name_2'], ['birthdate'], ['address.locality'], ['nationalities'], ['nationalities', 'x'], ['degrees', 1]])
			expect(isWithin(beyond, agreed)).toBe(false);
	});
});
