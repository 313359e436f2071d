#!/usr/bin/env node
// The rules of the house that neither the type checker nor the linter knows. Usage: node tools/architecture.mjs [root]
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkWorkspace, formatFinding, RULES } from './architecture/rules.mjs';
import { readWorkspace } from './architecture/workspace.mjs';

const root = resolve(process.argv[2] ?? resolve(dirname(fileURLToPath(import.meta.url)), '..'));
const workspace = readWorkspace(root);
const findings = checkWorkspace(workspace);
for (const finding of findings) process.stdout.write(`${formatFinding(finding)}\n`);
process.stdout.write(
	`${RULES.length} rules over ${workspace.files.length} files of ${workspace.packages.length} packages: ${findings.length === 0 ? 'all hold' : `${findings.length} findings`}.\n`,
);
process.exitCode = findings.length === 0 ? 0 : 1;
