#!/usr/bin/env node
// The one door to every command of this repository. It runs before anything is installed, so it and
// everything under tools/bootstrap/ is plain JavaScript for Node 20 and later, without dependencies.
import { versionProblem } from './bootstrap/versions.mjs';

const problem = versionProblem(process.versions.node);
if (problem) {
	process.stderr.write(`${problem}\n`);
	process.exit(1);
}

const [command = 'help', ...args] = process.argv.slice(2);
const { runCommand } = await import('./bootstrap/commands.mjs');
process.exitCode = await runCommand(command, args);
