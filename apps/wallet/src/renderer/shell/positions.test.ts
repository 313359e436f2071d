import { systemRandom } from '@holdfast/kernel';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { pickPositions } from './positions.ts';

it('picks different positions within the phrase, in order', () => {
	fc.assert(
		fc.property(fc.integer({ min: 1, max: 24 }), fc.integer({ min: 1, max: 24 }), (count, of) => {
			const positions = pickPositions(count, of, systemRandom);
			expect(positions).toHaveLength(Math.min(count, of));
			expect(new Set(positions).size).toBe(positions.length);
			expect([...positions].sort((a, b) => a - b)).toEqual(positions);
			for (const position of positions) expect(position >= 1 && position <= of).toBe(true);
		}),
	);
});
