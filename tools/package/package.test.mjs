import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { ROOT } from '../bootstrap/paths.mjs';
import { contentProblems } from './contents.mjs';
import { factoryFuseWire, fuseProblems, WANTED_FUSES } from './fuses.mjs';

const config = parse(readFileSync(join(ROOT, 'electron-builder.yml'), 'utf8'));

describe('electron-builder.yml', () => {
	test('every fuse that electron-builder can set is set, and to what is wanted', () => {
		const wanted = Object.entries(WANTED_FUSES)
			.filter(([name]) => name !== 'WasmTrapHandlers') // electron-builder cannot name it; Electron's default is the wanted state.
			.map(([name, on]) => [name[0].toLowerCase() + name.slice(1), on]);
		expect(config.electronFuses).toEqual(Object.fromEntries(wanted));
	});
	test('every fuse of this Electron has a wanted state', () => {
		const known = Object.keys(FuseV1Options).filter((name) => Number.isNaN(Number(name)));
		expect(Object.keys(WANTED_FUSES).sort()).toEqual(known.sort());
	});
	test('the archive is on, native libraries are outside it, and nothing is uploaded', () => {
		expect(config.asar).toBe(true);
		expect(config.asarUnpack).toEqual(['**/*.node']);
		expect(config.publish).toBeNull();
	});
	test('links of OpenID for Verifiable Credentials open the app', () => {
		expect(config.protocols[0].schemes).toEqual(['openid4vp', 'openid-credential-offer', 'haip-vp', 'haip-vci']);
	});
	test('macOS builds are hardened and notarised; every system has its installer', () => {
		expect(config.mac).toMatchObject({ hardenedRuntime: true, notarize: true, target: ['dmg'] });
		expect(config.win.target).toEqual(['nsis']);
		expect(config.linux.target).toEqual(['AppImage', 'deb']);
	});
});

describe('fuses read back', () => {
	let folder;
	let program;
	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), 'holdfast-fuses-'));
		program = join(folder, 'electron');
		writeFileSync(program, factoryFuseWire());
	});
	afterEach(() => rmSync(folder, { recursive: true, force: true }));

	const flip = (changes = {}) =>
		flipFuses(program, {
			version: FuseVersion.V1,
			...Object.fromEntries(Object.entries({ ...WANTED_FUSES, ...changes }).map(([name, on]) => [FuseV1Options[name], on])),
		});

	test('all as wanted', async () => {
		await flip();
		expect(await fuseProblems(program)).toEqual([]);
	});
	test.each(Object.keys(WANTED_FUSES))('%s the other way round is reported', async (name) => {
		await flip({ [name]: !WANTED_FUSES[name] });
		const problems = await fuseProblems(program);
		expect(problems).toHaveLength(1);
		expect(problems[0]).toContain(name);
	});
	test('a program as it leaves the factory is reported', async () => {
		expect((await fuseProblems(program)).length).toBeGreaterThan(5);
	});
});

describe('what app.asar holds', () => {
	const good = [
		'out/main/index.js',
		'out/main/vault-process.js',
		'out/preload/index.cjs',
		'out/renderer/index.html',
		'out/renderer/assets/index-x.js',
		'package.json',
		'node_modules/better-sqlite3-multiple-ciphers/lib/index.js',
	].map((path) => ({ path, unpacked: false }));
	const native = [
		'node_modules/better-sqlite3-multiple-ciphers/prebuilds/linux-x64.node',
		'node_modules/@node-rs/argon2-linux-x64-gnu/argon2.linux-x64-gnu.node',
	].map((path) => ({ path, unpacked: true }));

	test('a good package has no problems', () => {
		expect(contentProblems([...good, ...native])).toEqual([]);
	});
	test.each([...good.slice(0, 6), ...native].map(({ path }) => path))('%s missing is reported', (path) => {
		expect(contentProblems([...good, ...native].filter((entry) => entry.path !== path))).toHaveLength(1);
	});
	test('a native library inside the archive is reported', () => {
		expect(contentProblems([...good, ...native.map((entry) => ({ ...entry, unpacked: false }))])).toHaveLength(2);
	});
	test.each([
		'out/main/index.js.map',
		'out/main/index.ts',
		'out/renderer/app.test.js',
		'out/tests/x.js',
		'electron.vite.config.js',
		'src/main/index.js',
		'README.md',
		'node_modules/viem/index.js',
		'node_modules/better-sqlite3-multiple-ciphers/src/addon.cpp',
		'out/.env',
	])('%s does not belong there', (path) => {
		expect(contentProblems([...good, ...native, { path, unpacked: false }])).toHaveLength(1);
	});
});
