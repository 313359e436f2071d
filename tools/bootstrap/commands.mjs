import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runBench } from './bench.mjs';
import { runConformance } from './conformance.mjs';
import { ensureDependencies, findScriptNode } from './install.mjs';
import { ROOT, scriptEnvironment, toolScript } from './paths.mjs';
import { start } from './process.mjs';
import { complain, say } from './say.mjs';
import { describeShell, findShell } from './shell.mjs';
import { startApp } from './start.mjs';
import { runTests } from './test.mjs';
import { SCRIPT_NODE } from './versions.mjs';

const COMMANDS = {
	start: { help: 'build and open the app', run: startApp },
	test: { help: 'every check and test; name steps to run only those', run: runTests },
	check: { help: 'types, lint and architecture only', run: (context) => runTests(context, ['types', 'lint', 'arch']) },
	cli: { help: 'holdfast without a window', run: (context, args) => script(context, 'apps/cli/bin/holdfast.mjs', args) },
	demo: {
		help: 'issue, receive and verify one credential on this machine',
		run: (context, args) => script(context, 'apps/cli/bin/holdfast.mjs', ['demo', ...args]),
	},
	conformance: {
		help: 'only the tests against vectors of the specifications',
		run: (context) => runConformance(context),
	},
	bench: {
		help: 'benchmarks (*.bench.ts); they print ratios',
		run: (context, args) => runBench(context, args),
	},
	ceremony: {
		help: 'the setup of the zero-knowledge circuits: begin, contribute, beacon, verify',
		run: (context, args) => script(context, 'circuits/ceremony.mjs', args),
	},
	pack: { help: 'build installers with electron-builder', run: (context, args) => script(context, 'tools/pack.mjs', args) },
};

async function program({ root, node, environment }, args) {
	return (await start(node, args, { cwd: root, env: environment, foreground: true }).done).code;
}

async function script(context, path, args) {
	if (!existsSync(join(context.root, path))) {
		complain(`${path} is not part of this version.`);
		return 1;
	}
	return program(context, [join(context.root, path), ...args]);
}

function help() {
	say('node tools/bootstrap.mjs <command>   (the same as npm run <command>)');
	for (const [name, { help: text }] of Object.entries(COMMANDS)) say(`  ${name.padEnd(12)} ${text}`);
}

/** Prepares what every command needs, then runs it. Returns the exit code. */
export async function runCommand(name, args) {
	const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
	if (command === undefined) {
		help();
		return name === 'help' ? 0 : 1;
	}
	if (!(await ensureDependencies(ROOT))) return 1;
	const node = await findScriptNode(ROOT, SCRIPT_NODE);
	if (node === undefined) return 1;
	const environment = scriptEnvironment(ROOT, node);
	let shell;
	return command.run(
		{
			root: ROOT,
			node,
			environment,
			shell: () => {
				shell ??= findShell(ROOT, node, environment).then((found) => {
					if (found !== undefined) say(`The app's window opens ${describeShell(found)}.`);
					return found;
				});
				return shell;
			},
		},
		args,
	);
}
