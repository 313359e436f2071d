import type { Activity } from '@holdfast/contract';
import { dayHeading } from '../../../shell/format.ts';

export interface DayGroup {
	readonly label: string;
	readonly entries: readonly Activity[];
}

/** Entries under their days, in the order they come (newest first). */
export function groupByDay(entries: readonly Activity[], now: number): DayGroup[] {
	const groups: { label: string; entries: Activity[] }[] = [];
	for (const entry of entries) {
		const label = dayHeading(entry.at, now);
		const last = groups.at(-1);
		if (last?.label === label) last.entries.push(entry);
		else groups.push({ label, entries: [entry] });
	}
	return groups;
}
