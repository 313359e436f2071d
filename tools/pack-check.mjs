#!/usr/bin/env node
// Packs the built app without the network and looks inside: the right files, native libraries unpacked, nothing of
// development, every fuse as wanted. A folder with nothing but fuses stands in for Electron's own program.
// With a path to a packaged program it only reads that program's fuses: node tools/pack-check.mjs --fuses <program>
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getRawHeader } from '@electron/asar';
import { ROOT, scriptEnvironment } from './bootstrap/paths.mjs';
import { run } from './bootstrap/process.mjs';
import { builderCommand } from './package/builder.mjs';
import { contentProblems } from './package/contents.mjs';
import { factoryFuseWire, fuseProblems, WANTED_FUSES } from './package/fuses.mjs';

function report(problems, success) {
	process.stdout.write(`${problems.length === 0 ? success : problems.join('\n')}\n`);
	process.exitCode = problems.length === 0 ? 0 : 1;
}

function listEntries(archive) {
	const walk = (folder, prefix) =>
		Object.entries(folder.files).flatMap(([name, entry]) =>
			entry.files === undefined ? [{ path: `${prefix}${name}`, unpacked: entry.unpacked === true }] : walk(entry, `${prefix}${name}/`),
		);
	return walk(getRawHeader(archive).header, '');
}

/** Files that are packed beside app.asar: what proofs are made and checked with. */
function missingCircuits(resources) {
	const { wasm, zkey, vkey } = JSON.parse(readFileSync(join(ROOT, 'circuits', 'semaphore', 'manifest.json'), 'utf8'));
	const semaphore = ['manifest.json', 'LICENSE', wasm.path, zkey.path, vkey.path].map((name) => `semaphore/${name}`);
	return ['manifest.json', 'artifacts', ...semaphore]
		.filter((name) => !existsSync(join(resources, 'circuits', name)))
		.map((name) => `The package lacks resources/circuits/${name}.`);
}

async function packAndInspect() {
	if (!existsSync(join(ROOT, 'apps', 'wallet', 'out', 'main', 'index.js'))) {
		report(['apps/wallet/out is not built: run npm test -- build first.'], '');
		return;
	}
	const folder = mkdtempSync(join(tmpdir(), 'holdfast-pack-'));
	try {
		const electron = join(folder, 'electron-stub');
		const output = join(folder, 'out');
		mkdirSync(electron);
		writeFileSync(join(electron, 'electron'), factoryFuseWire(), { mode: 0o755 });
		const args = builderCommand(ROOT, ['--linux', 'dir', '--x64', `-c.electronDist=${electron}`, `-c.directories.output=${output}`]);
		const { code, output: log } = await run(process.execPath, args, { cwd: ROOT, env: scriptEnvironment(ROOT, process.execPath), capture: true });
		const archive = join(output, 'linux-unpacked', 'resources', 'app.asar');
		if (code !== 0 || !existsSync(archive)) {
			report([log.trim(), 'electron-builder did not pack the app.'], '');
			return;
		}
		const entries = listEntries(archive);
		const problems = [
			...contentProblems(entries),
			...missingCircuits(join(output, 'linux-unpacked', 'resources')),
			...(await fuseProblems(join(output, 'linux-unpacked', 'holdfast'))),
		];
		report(
			problems,
			`${entries.length} files in app.asar, ${entries.filter((entry) => entry.unpacked).length} unpacked, ${Object.keys(WANTED_FUSES).length} fuses as wanted.`,
		);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

if (process.argv[2] === '--fuses') {
	report(await fuseProblems(process.argv[3] ?? ''), `${Object.keys(WANTED_FUSES).length} fuses as wanted.`);
} else {
	await packAndInspect();
}
