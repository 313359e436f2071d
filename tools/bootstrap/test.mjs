import { addCounts, countCheck, formatCounts } from './counts.mjs';
import { interruption, run } from './process.mjs';
import { complain, duration, say } from './say.mjs';
import { testSteps } from './steps.mjs';

/** Runs the chosen steps one after the other, goes on after a failure, and returns the counts of each. */
async function runSteps(steps, context) {
	const results = [];
	for (const [index, step] of steps.entries()) {
		say(`\n── ${index + 1}/${steps.length} ${step.title}`);
		const began = Date.now();
		const counts = await runStep(step, context);
		say(`── ${step.title}: ${formatCounts(counts)} in ${duration(Date.now() - began)}`);
		results.push({ step, counts });
		if (interruption() !== undefined) break;
	}
	return results;
}

async function runStep(step, { root, environment, shell }) {
	let shellEnvironment = {};
	if (step.needsShell) {
		const found = await shell();
		// The app's tests cannot run without a window; what is missing was said when it was looked for.
		if (found === undefined && step.name === 'e2e') return countCheck(1);
		if (found !== undefined) shellEnvironment = { [found.kind === 'electron' ? 'HOLDFAST_ELECTRON' : 'HOLDFAST_CHROMIUM']: found.program };
	}
	const { command, args, cwd = root, env = {} } = step.command();
	const { code, error } = await run(command, args, { cwd, env: { ...environment, ...shellEnvironment, ...env } });
	if (error !== undefined) complain(`${command} could not be started: ${error.message}`);
	return step.count(code);
}

function choose(steps, names) {
	if (names.length === 0) return steps;
	const unknown = names.filter((name) => !steps.some((step) => step.name === name));
	if (unknown.length > 0) {
		complain(`There is no step ${unknown.join(', ')}. The steps are: ${steps.map((step) => step.name).join(', ')}.`);
		return undefined;
	}
	return steps.filter((step) => names.includes(step.name));
}

/** `npm test`, or `npm test -- unit e2e` for some of its steps. The last line is the sum of all counts. */
export async function runTests(context, names) {
	const steps = choose(testSteps(context), names);
	if (steps === undefined) return 1;
	const began = Date.now();
	const results = await runSteps(steps, context);
	const total = addCounts(results.map(({ counts }) => counts));
	const failed = results.filter(({ counts }) => counts.failed > 0);

	say(`\nAll steps in ${duration(Date.now() - began)}.`);
	if (failed.length > 0) say(`Failed: ${failed.map(({ step, counts }) => `${step.title} (${counts.failed})`).join(', ')}.`);
	const stopped = interruption();
	if (stopped !== undefined) say(`Stopped by ${stopped} before the end.`);
	say(formatCounts(total));
	return total.failed > 0 || stopped !== undefined ? 1 : 0;
}
