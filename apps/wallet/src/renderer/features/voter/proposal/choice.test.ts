import fc from 'fast-check';
import { expect, test } from 'vitest';
import { choiceOf, emptyChoice, moved, shareOf } from './choice.ts';

const options = [1, 2, 3].map((value) => ({ value, label: String(value), power: null }));

test('nothing is chosen for the voter where a choice is needed; an order always is one', () => {
	const empty = emptyChoice(options);
	expect(choiceOf('one', empty)).toBeNull();
	expect(choiceOf('weights', { ...empty, weights: { 1: 0 } })).toBeNull();
	expect(choiceOf('several', empty)).toEqual({ kind: 'several', options: [] });
	expect(choiceOf('ranked', empty)).toEqual({ kind: 'ranked', options: [1, 2, 3] });
	expect(choiceOf('weights', { ...empty, weights: { 1: 3, 2: undefined, 3: 1 } })).toEqual({ kind: 'weights', weights: { 1: 3, 3: 1 } });
	expect(shareOf({ 1: 3, 3: 1 }, 1)).toBe(75);
	expect(shareOf({}, 1)).toBe(0);
});

test('moving keeps every option, and stops at the ends', () => {
	fc.assert(
		fc.property(fc.uniqueArray(fc.integer()), fc.integer({ min: -1, max: 12 }), fc.constantFrom(1 as const, -1 as const), (list, from, by) => {
			const result = moved(list, from, by);
			expect([...result].sort()).toEqual([...list].sort());
			if (from >= 0 && from < list.length && from + by >= 0 && from + by < list.length) expect(result[from + by]).toBe(list[from]);
			else expect(result).toBe(list);
		}),
	);
});
