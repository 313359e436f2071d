// `npm run bench`: every *.bench.ts, whose tables are printed as they come and put together in reports/bench.json.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { readJson, toolScript } from './paths.mjs';
import { run } from './process.mjs';
import { say } from './say.mjs';

/** Benchmarks write what they measure as JSON into the folder that HOLDFAST_BENCH_REPORTS names (testkit's `benchReport`). */
export async function runBench({ root, node, environment }, args) {
	const folder = join(root, 'reports', 'bench');
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });
	const { code } = await run(node, [toolScript(root, 'vitest'), 'bench', '--run', '--pool=forks', '--testTimeout=1800000', ...args], {
		cwd: root,
		env: { ...environment, HOLDFAST_BENCH_REPORTS: folder },
	});
	const tables = readdirSync(folder)
		.filter((name) => name.endsWith('.json'))
		.sort()
		.map((name) => readJson(join(folder, name)));
	const machine = { cores: cpus().length, processor: cpus()[0]?.model ?? '', node: process.version };
	writeFileSync(join(root, 'reports', 'bench.json'), `${JSON.stringify({ machine, tables }, null, '\t')}\n`);
	say(`\n${tables.length} tables are in reports/bench.json.`);
	return code;
}
