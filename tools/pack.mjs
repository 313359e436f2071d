#!/usr/bin/env node
// Builds installers for this machine's system: npm run pack, or npm run pack -- --dir for the folder only.
import { ROOT, scriptEnvironment } from './bootstrap/paths.mjs';
import { start } from './bootstrap/process.mjs';
import { buildApp } from './bootstrap/start.mjs';
import { builderCommand } from './package/builder.mjs';

const node = process.execPath;
const environment = scriptEnvironment(ROOT, node);
const built = await buildApp({ root: ROOT, node, environment });
process.exitCode = built ? (await start(node, builderCommand(ROOT, process.argv.slice(2)), { cwd: ROOT, env: environment }).done).code : 1;
