import { expect, it } from 'vitest';
import { verdictOf } from './verdict.ts';

const report = (result: 'passed' | 'failed' | 'warning' | 'skipped') => ({ check: 'x', result, title: '', reason: '' });

it.each([
	[true, 'passed', 'passed'],
	[true, 'warning', 'warning'],
	[true, 'skipped', 'warning'],
	[true, 'failed', 'failed'],
	[false, 'passed', 'failed'],
	[false, 'warning', 'failed'],
] as const)('accepted %s with a report that %s is drawn as %s', (accepted, result, drawn) => {
	expect(verdictOf({ accepted, report: report(result) })).toBe(drawn);
});
