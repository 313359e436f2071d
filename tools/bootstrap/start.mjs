import { aptInstall, installLine } from './chromium.mjs';
import { toolScript } from './paths.mjs';
import { endTree, interruption, run, start } from './process.mjs';
import { complain, say } from './say.mjs';
import { appCommand, describeShell, findShell, findXvfbRun, hasDisplay, underVirtualScreen } from './shell.mjs';

const READY = /window ready/;
const SMOKE_TIMEOUT_MS = 90_000;
const SMOKE_EXIT_MS = 10_000;

/** Builds the app; turbo skips what has not changed since the last build. Quiet unless it fails. */
export async function buildApp({ root, node, environment }) {
	say('Building the app (skipped when nothing changed) …');
	const { code, output } = await run(
		node,
		[toolScript(root, 'turbo'), 'run', 'build', '--filter=@holdfast/wallet', '--output-logs=errors-only', '--log-prefix=none'],
		{ cwd: root, env: environment, capture: true },
	);
	if (code !== 0) complain(output);
	return code === 0;
}

/** `npm start`: builds, opens the window, and returns its exit code. */
export async function startApp(context, args) {
	const { root, node, environment } = context;
	const smoke = environment.HOLDFAST_SMOKE === '1' || args.includes('--smoke');
	const shell = await findShell(root, node, environment);
	if (shell === undefined) return 1;
	if (!(await buildApp(context))) return 1;

	const appArgs = smoke && !args.includes('--smoke') ? [...args, '--smoke'] : args;
	const app = appCommand(root, shell, node, appArgs);
	let line = app;
	if (!hasDisplay(environment)) {
		if (!findXvfbRun(environment) && !(await aptInstall(['xvfb', 'xauth']))) {
			complain(
				`This machine has no display (DISPLAY is not set). For a virtual one, which nobody sees, install:\n  ${installLine(process.platform, ['xvfb', 'xauth'])}`,
			);
			return 1;
		}
		say('This machine has no display: the window opens on a virtual one (xvfb-run), which nobody sees.');
		line = underVirtualScreen(app.command, app.args);
	}
	say(`Opening Holdfast ${describeShell(shell)}.`);
	const options = { cwd: root, env: { ...environment, ...app.env } };
	return smoke ? await runSmoke(line, options, shell) : (await start(line.command, line.args, options).done).code;
}

/** Opens the window, waits for the renderer's report, and closes it again. */
async function runSmoke({ command, args }, options, shell) {
	const { child, done } = start(command, args, { ...options, stdio: ['ignore', 'pipe', 'inherit'] });
	let ready = false;
	let seen = '';
	child.stdout?.setEncoding('utf8').on('data', (text) => {
		seen = `${seen}${text}`.slice(-4096);
		if (ready || !READY.test(seen)) return;
		ready = true;
		setTimeout(() => void endTree(child), SMOKE_EXIT_MS).unref();
	});
	const timer = setTimeout(() => void endTree(child), SMOKE_TIMEOUT_MS);
	const { code } = await done;
	clearTimeout(timer);
	if (!ready) {
		if (interruption() === undefined) complain(`The window did not report ready (exit code ${code}).\n${seen}`);
		return code === 0 ? 1 : code;
	}
	say(`Smoke test: the window opened ${describeShell(shell)} and its page reported ready.`);
	return 0;
}
