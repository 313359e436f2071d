import { describe, expect, it } from 'vitest';
import { txCodeProblem } from './tx-code.ts';

describe('a transaction code', () => {
	const six = { length: 6, numeric: true, description: '' };
	it('is taken when it has the announced form', () => expect(txCodeProblem('012345', six)).toBeUndefined());
	it('is taken in any form that was not announced', () => expect(txCodeProblem('a', { length: null, numeric: false, description: '' })).toBeUndefined());
	it.each(['', '12345', '1234567', '12345a', '１２３４５６'])('%j is stopped before a try is lost', (code) => expect(txCodeProblem(code, six)).toBeDefined());
});
