import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isCompatible } from './contents.mjs';
import { checkWorkspace, formatFinding, RULES } from './rules.mjs';
import { readWorkspace } from './workspace.mjs';

let root;
beforeEach(() => {
	root = mkdtempSync(join(tmpdir(), 'holdfast-arch-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const manifest = (name, extra = {}) => ({
	name: `@holdfast/${name}`,
	license: 'MIT',
	exports: { '.': './src/index.ts', './styles.css': './src/styles.css' },
	...extra,
});
const needs = (...names) => ({
	dependencies: Object.fromEntries(names.map((name) => [name.startsWith('@') || name === 'electron' ? name : `@holdfast/${name}`, '0.1.0'])),
});

/** A small workspace that keeps every rule; a test changes one thing in it. */
const CLEAN = {
	'package.json': { workspaces: ['apps/*', 'packages/*', 'e2e'], devDependencies: { vitest: '5.1.1' } },
	'package-lock.json': {
		packages: {
			'': {},
			'packages/kernel': { version: '0.1.0' },
			'node_modules/@holdfast/kernel': { resolved: 'packages/kernel', link: true },
			'node_modules/zod': { version: '4.6.7', integrity: 'sha512-x', license: 'MIT' },
			'node_modules/tool': { version: '1.0.0', integrity: 'sha512-y', license: 'SEE LICENSE IN X', dev: true },
		},
	},
	'packages/kernel/package.json': manifest('kernel'),
	'packages/kernel/README.md': '# kernel',
	'packages/kernel/src/index.ts': "export * from './error.ts';",
	'packages/kernel/src/error.ts': 'export class HoldfastError extends Error { constructor(code: string, message: string) { super(message); } }',
	'packages/vault/package.json': manifest('vault', needs('kernel')),
	'packages/vault/README.md': '# vault',
	'packages/vault/src/index.ts': "export { open } from './open.node.ts';",
	'packages/vault/src/open.node.ts':
		"import { existsSync } from 'node:fs';\nimport { VaultError } from './errors.ts';\nexport const open = () => { if (!existsSync('/x')) throw new VaultError('vault/not-found', 'x'); };",
	'packages/vault/src/errors.ts': "import { HoldfastError } from '@holdfast/kernel';\nexport class VaultError extends HoldfastError {}",
	'packages/vault/src/open.test.ts': "import { test } from 'vitest';\nimport { readFileSync } from 'node:fs';\ntest('x', () => readFileSync);",
	'packages/testkit/package.json': manifest('testkit', needs('kernel')),
	'packages/testkit/README.md': '# testkit',
	'packages/testkit/src/index.ts': '',
	'packages/electron-chromium/package.json': manifest('electron-chromium', { devDependencies: { electron: '45.4.1' } }),
	'packages/electron-chromium/README.md': '# electron-chromium',
	'packages/electron-chromium/src/index.ts': "import type { App } from 'electron';\nexport type Shell = App;",
	'packages/electron-chromium/src/allowed-names.ts': "export const ALLOWED_ELECTRON_NAMES = ['app', 'ipcMain', 'contextBridge', 'ipcRenderer'] as const;",
	'apps/wallet/package.json': manifest('wallet', {
		license: 'GPL-3.0-or-later',
		...needs('kernel', 'vault'),
		devDependencies: { electron: '45.4.1', react: '19.3.1' },
	}),
	'apps/wallet/src/main/index.main.ts': "import { app, type BrowserWindow } from 'electron';\nexport const a = app; export type W = BrowserWindow;",
	'apps/wallet/src/preload/index.preload.ts': "import { contextBridge } from 'electron';\ncontextBridge;",
	'apps/wallet/src/vault-process/index.node.ts': "import { open } from '@holdfast/vault';\nopen();",
	'apps/wallet/src/renderer/main.dom.tsx':
		"import { createRoot } from 'react';\nimport { HoldfastError } from '@holdfast/kernel';\nimport './features/holder/receive/receive.dom.tsx';\ncreateRoot; HoldfastError;",
	'apps/wallet/src/renderer/features/holder/receive/receive.dom.tsx': "import { label } from '../labels.ts';\nlabel;",
	'apps/wallet/src/renderer/features/holder/present/present.dom.tsx': 'export const present = 1;',
	'apps/wallet/src/renderer/features/issuer/compose/compose.dom.tsx': 'export const compose = 1;',
	'apps/wallet/src/renderer/features/holder/labels.ts': 'export const label = 1;',
	'e2e/package.json': { name: '@holdfast/e2e', license: 'GPL-3.0-or-later', devDependencies: { '@holdfast/testkit': '0.1.0' } },
	'e2e/story.spec.ts': "import '@holdfast/testkit';",
};

/** Writes the clean workspace with changes (`undefined` removes a file) and returns the findings. */
function findings(changes = {}) {
	for (const [path, content] of Object.entries({ ...CLEAN, ...changes })) {
		if (content === undefined) continue;
		mkdirSync(dirname(join(root, path)), { recursive: true });
		writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content));
	}
	return checkWorkspace(readWorkspace(root));
}

const rulesOf = (changes) => findings(changes).map((finding) => finding.rule);

test('a workspace that keeps the rules has no findings', () => {
	expect(findings().map(formatFinding)).toEqual([]);
});

test('a finding says where, which rule and why', () => {
	const [finding] = findings({ 'packages/vault/src/errors.ts': "\nimport '@holdfast/testkit';" });
	expect(formatFinding(finding)).toMatch(/^packages\/vault\/src\/errors\.ts:2 [a-z-]+ – .+: .+/);
});

/** One workspace per rule that breaks it, and nothing else. */
const BROKEN = [
	[
		'package-order',
		'a package that imports what stands after it',
		{
			'packages/kernel/package.json': manifest('kernel', needs('vault')),
			'packages/vault/package.json': manifest('vault'),
			'packages/vault/src/errors.ts': 'export class VaultError extends Error {}',
			'packages/kernel/src/error.ts': "import '@holdfast/vault';",
			'apps/wallet/src/renderer/main.dom.tsx': '',
		},
	],
	[
		'package-order',
		'a type of what stands after it',
		{
			'packages/kernel/package.json': manifest('kernel', needs('vault')),
			'packages/kernel/src/error.ts': "import type { open } from '@holdfast/vault'; export type O = typeof open; export class HoldfastError extends Error {}",
		},
	],
	[
		'package-order',
		'a package that imports an app',
		{
			'packages/vault/package.json': manifest('vault', needs('kernel', 'cli')),
			'apps/cli/package.json': manifest('cli'),
			'apps/cli/src/index.ts': '',
			'packages/vault/src/more.ts': "import '@holdfast/cli';",
		},
	],
	[
		'package-order',
		'testkit outside tests',
		{
			'apps/wallet/package.json': manifest('wallet', {
				license: 'GPL-3.0-or-later',
				...needs('kernel', 'vault', 'testkit'),
				devDependencies: { electron: '45.4.1', react: '19.3.1' },
			}),
			'apps/wallet/src/main/more.main.ts': "import '@holdfast/testkit';",
		},
	],
	[
		'package-order',
		'a package without a place',
		{ 'packages/extra/package.json': manifest('extra'), 'packages/extra/README.md': '#', 'packages/extra/src/index.ts': '' },
	],
	[
		'renderer-packages',
		'the renderer with another package',
		{ 'apps/wallet/src/renderer/keys.dom.ts': "import type { open } from '@holdfast/vault';\nexport type O = typeof open;" },
	],
	[
		'renderer-packages',
		'the renderer with a file of another process',
		{
			'apps/wallet/src/main/words.ts': 'export const a = 1;',
			'apps/wallet/src/renderer/keys.dom.ts': "import '../main/words.ts';",
		},
	],
	['renderer-reach', 'Node reached through an index', { 'packages/kernel/src/index.ts': "import 'node:fs';\nexport * from './error.ts';" }],
	['features', 'another role', { 'apps/wallet/src/renderer/features/holder/receive/receive.dom.tsx': "import '../../issuer/compose/compose.dom.tsx';" }],
	['features', 'another use case of the role', { 'apps/wallet/src/renderer/features/holder/receive/receive.dom.tsx': "import '../present/present.dom.tsx';" }],
	['runtime', 'Node in a pure file', { 'packages/vault/src/errors.ts': "import { join } from 'path';\nexport class VaultError extends Error { x = join; }" }],
	['runtime', 'a suffixed file in a pure one', { 'packages/vault/src/pure.ts': "import { open } from './open.node.ts';\nopen;" }],
	['runtime', 'a .node file in a .dom one', { 'packages/vault/src/view.dom.ts': "import { open } from './open.node.ts';\nopen;" }],
	[
		'runtime',
		'a .dom file in a .node one',
		{ 'packages/vault/src/view.dom.ts': 'export const a = 1;', 'packages/vault/src/more.node.ts': "import './view.dom.ts';" },
	],
	['runtime', 'Node in a preload', { 'apps/wallet/src/preload/more.preload.ts': "import 'node:fs';" }],
	[
		'veramo',
		'Veramo outside agent',
		{ 'packages/vault/package.json': manifest('vault', needs('kernel', '@veramo/core')), 'packages/vault/src/more.ts': "import '@veramo/core';" },
	],
	['electron-names', 'a name that only one shell has', { 'apps/wallet/src/main/index.main.ts': "import { Tray } from 'electron';\nTray;" }],
	['electron-names', 'everything at once', { 'apps/wallet/src/main/index.main.ts': "import * as electron from 'electron';\nelectron;" }],
	['electron-names', 'a preload with main names', { 'apps/wallet/src/preload/index.preload.ts': "import { app } from 'electron';\napp;" }],
	['electron-names', 'electron in a pure file', { 'apps/wallet/src/main/more.ts': "import { app } from 'electron';\napp;" }],
	['declared-dependencies', 'a package of the workspace that is not declared', { 'packages/vault/package.json': manifest('vault') }],
	['declared-dependencies', 'an npm package that is not declared', { 'packages/vault/src/more.ts': "import 'zod';" }],
	[
		'declared-dependencies',
		'a devDependency outside tests',
		{
			'packages/vault/package.json': manifest('vault', { ...needs('kernel'), devDependencies: { zod: '4.6.7' } }),
			'packages/vault/src/more.ts': "export const load = () => import('zod');",
		},
	],
	['inside-package', 'a path out of the package', { 'packages/vault/src/open.test.ts': "import '../../kernel/src/error.ts';" }],
	[
		'inside-package',
		'a file that is not exported',
		{ 'packages/vault/src/errors.ts': "import { HoldfastError } from '@holdfast/kernel/src/error.ts';\nexport class VaultError extends HoldfastError {}" },
	],
	['cycle', 'two modules that import each other', { 'packages/vault/src/a.ts': "import './b.ts';", 'packages/vault/src/b.ts': "import './a.ts';" }],
	['package-contents', 'no README', { 'packages/vault/README.md': undefined }],
	['licence-field', 'no licence', { 'packages/vault/package.json': manifest('vault', { ...needs('kernel'), license: undefined }) }],
	[
		'licence-field',
		'MIT that links snarkjs',
		{ 'packages/vault/package.json': manifest('vault', { dependencies: { '@holdfast/kernel': '0.1.0', snarkjs: '0.7.6' } }) },
	],
	[
		'licence-field',
		'a wallet that is not GPL',
		{ 'apps/wallet/package.json': manifest('wallet', { ...needs('kernel', 'vault'), devDependencies: { electron: '45.4.1', react: '19.3.1' } }) },
	],
	['exact-versions', 'a range', { 'packages/vault/package.json': manifest('vault', { dependencies: { '@holdfast/kernel': '0.1.0', zod: '^4.6.7' } }) }],
	['exact-versions', 'an override with a range', { 'package.json': { ...CLEAN['package.json'], overrides: { a: { b: '>=1.0.0' } } } }],
	[
		'error-code',
		'a code without an area',
		{ 'packages/vault/src/open.node.ts': "import { VaultError } from './errors.ts';\nexport const open = () => { throw new VaultError('NotFound', 'x'); };" },
	],
	[
		'error-code',
		'a code in a constructor',
		{
			'packages/vault/src/errors.ts':
				"import { HoldfastError } from '@holdfast/kernel';\nexport class VaultError extends HoldfastError { constructor(n: number) { super('Vault/Not_Found', 'x'); } }",
		},
	],
	['no-console', 'a library that prints', { 'packages/vault/src/more.ts': 'console.log(1);' }],
	[
		'dependency-licences',
		'a licence that does not go with the GPL',
		{ 'package-lock.json': { packages: { 'node_modules/x': { version: '1.0.0', integrity: 'sha512-x', license: 'SSPL-1.0' } } } },
	],
	['dependency-licences', 'no licence at all', { 'package-lock.json': { packages: { 'node_modules/x': { version: '1.0.0', integrity: 'sha512-x' } } } }],
	[
		'lockfile-hosts',
		'a host',
		{
			'package-lock.json': {
				packages: { 'node_modules/x': { version: '1.0.0', integrity: 'sha512-x', license: 'MIT', resolved: 'https://registry.example/x.tgz' } },
			},
		},
	],
	['lockfile-hosts', 'no integrity', { 'package-lock.json': { packages: { 'node_modules/x': { version: '1.0.0', license: 'MIT' } } } }],
];

describe('every rule refuses what it is for', () => {
	test.each(BROKEN)('%s: %s', (rule, _, changes) => {
		const found = rulesOf(changes);
		expect(found).toContain(rule);
		expect(new Set(found).size, `other rules fired too: ${found.join(', ')}`).toBeLessThanOrEqual(2);
	});
	test('no rule is without a negative test', () => {
		expect(RULES.map((rule) => rule.name).filter((name) => !BROKEN.some(([rule]) => rule === name))).toEqual([]);
	});
});

describe('what the rules allow', () => {
	test('types may come from a file of another runtime', () => {
		expect(rulesOf({ 'packages/vault/src/pure.ts': "import type { open } from './open.node.ts';\nexport type O = typeof open;" })).toEqual([]);
	});
	test('types of two modules may refer to each other', () => {
		expect(
			rulesOf({
				'packages/vault/src/a.ts': "import type { B } from './b.ts';\nexport type A = B;",
				'packages/vault/src/b.ts': "import './a.ts';\nexport type B = 1;",
			}),
		).toEqual([]);
	});
	test('a constructor with its own arguments is not taken for one with a code', () => {
		expect(
			rulesOf({
				'packages/vault/src/errors.ts':
					"import { HoldfastError } from '@holdfast/kernel';\nexport class VaultError extends HoldfastError { constructor(what: string) { super('vault/not-found', what); } }",
				'packages/vault/src/open.node.ts': "import { VaultError } from './errors.ts';\nexport const open = () => { throw new VaultError('A sentence.'); };",
			}),
		).toEqual([]);
	});
	test('what links snarkjs may be GPL', () => {
		expect(
			rulesOf({
				'packages/vault/package.json': manifest('vault', { license: 'GPL-3.0-or-later', dependencies: { '@holdfast/kernel': '0.1.0', snarkjs: '0.7.6' } }),
			}),
		).not.toContain('licence-field');
	});
});

describe('licence expressions', () => {
	test.each(['MIT', '(MIT OR GPL-3.0)', 'SSPL-1.0 OR Apache-2.0', '(MIT AND Zlib)', '(MIT AND BSD-3-Clause) OR SSPL-1.0'])('%s is compatible', (expression) => {
		expect(isCompatible(expression)).toBe(true);
	});
	test.each(['SSPL-1.0', 'MIT AND SSPL-1.0', 'UNLICENSED', 'SEE LICENSE IN LICENSE', '', 'CC-BY-NC-4.0', 'GPL-2.0-only', '(MIT', 'OR'])(
		'%s is not',
		(expression) => {
			expect(isCompatible(expression)).toBe(false);
		},
	);
});
