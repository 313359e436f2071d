import type { Activity } from '@holdfast/contract';
import { expect, it } from 'vitest';
import { groupByDay } from './groups.ts';

const entry = (at: number): Activity => ({
	id: String(at),
	at,
	kind: 'received',
	title: '',
	party: null,
	shared: [],
	outcome: 'done',
	detail: null,
	report: null,
});

it('puts entries under their days and keeps their order', () => {
	const now = new Date(2026, 10, 22, 12).getTime();
	const hours = (count: number) => entry(now - count * 3_600_000);
	const entries = [hours(1), hours(2), hours(13), hours(100)];
	const groups = groupByDay(entries, now);
	expect(groups.map((group) => group.label)).toEqual(['Today', 'Yesterday', '18 November 2026']);
	expect(groups.flatMap((group) => group.entries)).toEqual(entries);
});
