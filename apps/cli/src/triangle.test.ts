import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Actor, scenarios } from '@holdfast/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, test } from 'vitest';
import { cliActor, printed } from './testing/cli-actor.node.ts';
import { inThisProcess, type Terminal, terminal } from './testing/holdfast.node.ts';

// The suite that the service and the app pass, on the command line. On the real command every step is a process that
// asks for the passphrase, and loading it takes a second: so only some scenarios run that way by default, and the others
// through the same `main` in this process. HOLDFAST_TEST_PROCESSES=all runs all of them in processes, in both formats.
const all = process.env.HOLDFAST_TEST_PROCESSES === 'all';
const IN_PROCESSES: Readonly<Record<string, readonly number[]>> = { 'dc+sd-jwt': [0], jwt_vc_json: [1] };

const people = ['authority', 'holder'] as const;
let folder: string;
let shell: Terminal;
let here: Terminal;

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), 'holdfast-cli-'));
	shell = terminal(join(folder, 'cache'));
	here = inThisProcess(folder);
	// One wallet each; every scenario starts from a copy of it.
	for (const name of people) printed(await shell.run(join(folder, name), ['init']));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe.each(['dc+sd-jwt', 'jwt_vc_json'] as const)('the command line with %s', (format) => {
	let authority: Actor;
	let holder: Actor;
	let scene: string;

	beforeEach(() => {
		scene = mkdtempSync(join(folder, 'scene-'));
		for (const name of people) cpSync(join(folder, name), join(scene, name), { recursive: true });
	});
	afterEach(async () => {
		try {
			await Promise.all([authority.close(), holder.close()]);
		} finally {
			await shell.end();
			await here.end();
			rmSync(scene, { recursive: true });
		}
	});

	for (const [index, scenario] of scenarios.entries()) {
		const processes = all || IN_PROCESSES[format]?.includes(index);
		// Dozens of processes, each of which loads the whole of it: minutes on a machine with other work.
		test(`${scenario.name} (${processes ? 'in processes' : 'in this one'})`, { timeout: 300_000 }, () => {
			authority = cliActor(processes ? shell : here, join(scene, 'authority'));
			holder = cliActor(processes ? shell : here, join(scene, 'holder'));
			return scenario.run({ authority, holder }, format);
		});
	}
});
