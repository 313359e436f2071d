// The steps of `npm test`, in order. Each says what it runs and how its result counts; a step that has nothing to
// run yet (`when` is false) is left out.
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { countCheck, countPlaywright, countVitest } from './counts.mjs';
import { readJson, toolScript } from './paths.mjs';
import { findXvfbRun, hasDisplay, underVirtualScreen } from './shell.mjs';

/** `context` = { root, node, environment, shell() }. Returns [{ name, title, when, command(), count(code) }]. */
export function testSteps(context) {
	const { root, node, environment } = context;
	const tool = (packageName, binName) => toolScript(root, packageName, binName);
	const script = (...path) => join(root, 'tools', ...path);
	const report = (name) => join(root, 'reports', `${name}.json`);
	const vitest = (name, args) => ({
		command: () => {
			freshReport(report(name));
			return { command: node, args: [tool('vitest'), 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report(name)}`, ...args] };
		},
		count: (code) => countVitest(readJson(report(name)), code),
	});
	const check = (command) => ({ command, count: countCheck });
	const has = (...path) => existsSync(join(root, ...path));

	return [
		{
			name: 'types',
			title: 'Types (tsc in every package)',
			// Two packages beside each other; threads in each as well would do much of the work twice.
			...check(() => ({
				command: node,
				args: [tool('turbo'), 'run', 'typecheck', '--continue', '--output-logs=errors-only', '--log-prefix=none', '--concurrency=2', '--', '--singleThreaded'],
			})),
		},
		{
			name: 'lint',
			title: 'Lint and format (biome)',
			...check(() => ({ command: node, args: [tool('@biomejs/biome', 'biome'), 'ci', '.', ...(process.stdout.isTTY ? [] : ['--colors=off'])] })),
		},
		{ name: 'arch', title: 'Architecture and licences', ...check(() => ({ command: node, args: [script('architecture.mjs')] })) },
		{
			name: 'dead',
			title: 'Dead code and unused dependencies (knip)',
			...check(() => ({ command: node, args: [tool('knip'), '--no-progress', '--no-config-hints'] })),
		},
		{
			name: 'unit',
			title: 'Unit and integration tests (vitest)',
			needsShell: true,
			// A slow machine is not a failure; what hangs still ends. Projects inherit these from the command line only, and
			// without a number of workers they keep one core free, which on two cores runs one file at a time.
			...vitest('unit', ['--pool=forks', `--maxWorkers=${Math.max(2, availableParallelism())}`, '--testTimeout=60000', '--hookTimeout=60000']),
		},
		{
			name: 'circuits',
			title: 'Circuits',
			when: has('circuits', 'package.json'),
			...vitest('circuits', ['--root', 'circuits', '--passWithNoTests']),
		},
		{
			name: 'build',
			title: 'Build',
			when: has('apps', 'wallet', 'src'),
			...check(() => ({
				command: node,
				args: [tool('turbo'), 'run', 'build', '--output-logs=errors-only', '--log-prefix=none'],
			})),
		},
		{
			name: 'pack',
			title: 'Packaging (app.asar, offline)',
			when: has('apps', 'wallet', 'src') && has('electron-builder.yml'),
			...check(() => ({ command: node, args: [script('pack-check.mjs')] })),
		},
		{
			name: 'e2e',
			title: 'End to end (Playwright)',
			when: has('e2e', 'playwright.config.ts'),
			needsShell: true,
			command: () => {
				freshReport(report('e2e'));
				const run = { command: node, args: [join(root, 'node_modules', 'playwright', 'cli.js'), 'test', '--reporter=list,json'] };
				const env = { PLAYWRIGHT_JSON_OUTPUT_FILE: report('e2e') };
				const cwd = join(root, 'e2e');
				if (hasDisplay(environment)) return { ...run, cwd, env };
				if (findXvfbRun(environment)) return { ...underVirtualScreen(run.command, run.args), cwd, env };
				return { ...run, cwd, env: { ...env, HOLDFAST_HEADLESS: '1' } };
			},
			count: (code) => countPlaywright(readJson(report('e2e')), code),
		},
	].filter((step) => step.when !== false);
}

/** An old report must never be counted for a run that wrote none. */
function freshReport(path) {
	mkdirSync(join(path, '..'), { recursive: true });
	rmSync(path, { force: true });
}
