import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface BenchRow {
	readonly what: string;
	/** Milliseconds, one for each round. */
	readonly times: readonly number[];
	/** The row that this one is compared with, by its `what`. */
	readonly beside?: string;
	readonly note?: string;
}

const part = (values: readonly number[], share: number): number =>
	values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(values.length * share) - 1)] ?? Number.NaN;

/** Runs `work` a few times to warm up, then `rounds` times; gives the milliseconds of each. */
export async function measure(rounds: number, work: () => unknown, warmUp = 2): Promise<number[]> {
	for (let round = 0; round < warmUp; round += 1) await work();
	const times: number[] = [];
	for (let round = 0; round < rounds; round += 1) {
		const start = performance.now();
		await work();
		times.push(performance.now() - start);
	}
	return times;
}

/**
 * Prints a table of p50, p95 and ratios of medians, and leaves it as JSON for `npm run bench` to put together. Figures of one
 * machine at one moment: what tells something is the ratio.
 */
export function benchReport(title: string, rows: readonly BenchRow[], facts: Readonly<Record<string, string | number>> = {}): void {
	const table = rows.map(({ what, times, beside, note }) => {
		const p50 = part(times, 0.5);
		const other = rows.find((row) => row.what === beside);
		return {
			what,
			p50,
			p95: part(times, 0.95),
			rounds: times.length,
			...(other ? { beside: other.what, ratio: p50 / part(other.times, 0.5) } : {}),
			...(note === undefined ? {} : { note }),
		};
	});
	const width = Math.max(...table.map((row) => row.what.length), 4);
	const lines = table.map((row) => {
		const ratio = row.ratio === undefined ? '' : `  ${row.ratio.toFixed(2)} × ${row.beside}`;
		return `${row.what.padEnd(width)}  p50 ${row.p50.toFixed(1).padStart(9)} ms  p95 ${row.p95.toFixed(1).padStart(9)} ms${ratio}${row.note ? `  (${row.note})` : ''}`;
	});
	const known = Object.entries(facts).map(([name, value]) => `${name}: ${value}`);
	process.stdout.write(`\n${title}\n${[...lines, ...known].map((line) => `  ${line}`).join('\n')}\n`);
	const folder = process.env.HOLDFAST_BENCH_REPORTS;
	if (folder) writeFileSync(join(folder, `${title.toLowerCase().replace(/[^a-z0-9]+/g, '-')}.json`), JSON.stringify({ title, rows: table, facts }));
}
