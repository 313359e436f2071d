import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Actor, scenarios } from '@holdfast/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, test } from 'vitest';
import { cliActor, printed } from './testing/cli-actor.node.ts';
import { type Terminal, terminal } from './testing/holdfast.node.ts';

// The suite that the service and the app pass, on the real command: every step is a process that asks for the passphrase.

const people = ['authority', 'holder'] as const;
let folder: string;
let shell: Terminal;

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), 'holdfast-cli-'));
	shell = terminal(join(folder, 'cache'));
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
		authority = cliActor(shell, join(scene, 'authority'));
		holder = cliActor(shell, join(scene, 'holder'));
	});
	afterEach(async () => {
		try {
			await Promise.all([authority.close(), holder.close()]);
		} finally {
			await shell.end();
			rmSync(scene, { recursive: true });
		}
	});

	for (const scenario of scenarios) test(scenario.name, () => scenario.run({ authority, holder }, format));
});
