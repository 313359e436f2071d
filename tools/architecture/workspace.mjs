// Reads the workspace once: every manifest, every source file, and what each file imports.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { parseSync, Visitor } from 'oxc-parser';

const SOURCES = '**/*.{ts,tsx,mts,mjs,js,jsx}';
const SKIPPED_FOLDERS = new Set(['node_modules', 'out', 'dist', 'reports', '.turbo', 'test-results', 'playwright-report']);

/**
 * @typedef {{ specifier: string, line: number, names: string[], typeOnly: boolean, target?: SourceFile, packageName?: string, builtin: boolean, relative: boolean }} Import
 * @typedef {{ path: string, pkg: Package, inPackage: string, isTest: boolean, runtime: string | undefined, imports: Import[], program: object, lineOf: (offset: number) => number }} SourceFile
 * @typedef {{ name: string, short: string, folder: string, kind: 'package' | 'app' | 'other', manifest: object, files: SourceFile[] }} Package
 * @typedef {{ root: string, manifest: object, packages: Package[], files: SourceFile[] }} Workspace
 */

/** @returns {Workspace} */
export function readWorkspace(root) {
	const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
	const packages = manifest.workspaces
		.flatMap((pattern) => globSync(pattern, { cwd: root }))
		.filter((folder) => existsSync(join(root, folder, 'package.json')))
		.map((folder) => readPackage(root, folder.split(sep).join('/')))
		.sort((a, b) => a.folder.localeCompare(b.folder));
	const files = packages.flatMap((pkg) => pkg.files);
	const workspace = { root, manifest, packages, files };
	link(workspace);
	return workspace;
}

function readPackage(root, folder) {
	const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
	const top = folder.split('/')[0];
	const kind = top === 'packages' ? 'package' : top === 'apps' ? 'app' : 'other';
	const pkg = { name: manifest.name, short: basename(folder), folder, kind, manifest, files: [] };
	const paths = globSync(SOURCES, {
		cwd: join(root, folder),
		exclude: (entry) => SKIPPED_FOLDERS.has(basename(typeof entry === 'string' ? entry : entry.name)),
	});
	pkg.files = paths
		.map((path) => path.split(sep).join('/'))
		.filter((path) => !path.endsWith('.d.ts'))
		.sort()
		.map((path) => readSource(root, pkg, path));
	return pkg;
}

function readSource(root, pkg, inPackage) {
	const path = `${pkg.folder}/${inPackage}`;
	const text = readFileSync(join(root, path), 'utf8');
	const { program, errors } = parseSync(path, text);
	if (errors.length > 0) throw new Error(`${path} cannot be parsed: ${errors[0]?.message}`);
	const lineOf = lineFinder(text);
	return { path, pkg, inPackage, isTest: isTest(inPackage), runtime: runtimeOf(pkg, inPackage), imports: findImports(program, lineOf), program, lineOf };
}

/** Tests, benches and their helpers; configuration files at a package's top are held to the same, looser rules. */
function isTest(inPackage) {
	return (
		/\.(test|bench|spec|test-d)\.[a-z]+$/.test(inPackage) ||
		/(^|[/.])suite\.[a-z]+$/.test(inPackage) ||
		/(^|\/)(test|tests|testing|fixtures|gallery)\//.test(inPackage) ||
		/(^|\/)[\w.-]+\.config\.[a-z]+$/.test(inPackage) ||
		inPackage.startsWith('scripts/')
	);
}

const APP_FOLDERS = { main: 'main', preload: 'preload', renderer: 'dom', 'vault-process': 'node', prover: 'dom' };

/**
 * Where a file can run, from its suffix: `node`, `main`, `preload`, `dom`, or `pure`. `undefined` for what the rule
 * exempts: a package's index, tests, and everything outside src/. An app's index runs where its folder runs.
 */
export function runtimeOf(pkg, inPackage) {
	if (!inPackage.startsWith('src/') || isTest(inPackage)) return undefined;
	const suffix = /\.(node|main|preload|dom)\.[a-z]+$/.exec(inPackage)?.[1];
	if (suffix !== undefined) return suffix;
	if (/(^|\/)index\.[a-z]+$/.test(inPackage)) {
		return pkg.kind === 'app' ? APP_FOLDERS[inPackage.split('/')[1] ?? ''] : undefined;
	}
	return 'pure';
}

function lineFinder(text) {
	const starts = [0];
	for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
	return (offset) => {
		let low = 0;
		let high = starts.length - 1;
		while (low < high) {
			const middle = (low + high + 1) >> 1;
			if (starts[middle] <= offset) low = middle;
			else high = middle - 1;
		}
		return low + 1;
	};
}

function findImports(program, lineOf) {
	const found = [];
	const add = (node, source, names, typeOnly) => {
		if (source?.type === 'Literal' && typeof source.value === 'string') found.push({ specifier: source.value, line: lineOf(node.start), names, typeOnly });
	};
	const nameOf = (node) => node.name ?? node.value;
	new Visitor({
		ImportDeclaration(node) {
			const kinds = node.specifiers ?? [];
			const values = kinds.filter((each) => each.importKind !== 'type');
			const names = values.map((each) => (each.type === 'ImportSpecifier' ? nameOf(each.imported) : each.type === 'ImportDefaultSpecifier' ? 'default' : '*'));
			add(node, node.source, names, node.importKind === 'type' || (kinds.length > 0 && values.length === 0));
		},
		ExportNamedDeclaration(node) {
			if (node.source)
				add(
					node,
					node.source,
					node.specifiers.map((each) => nameOf(each.local)),
					node.exportKind === 'type' || (node.specifiers.length > 0 && node.specifiers.every((each) => each.exportKind === 'type')),
				);
		},
		ExportAllDeclaration(node) {
			add(node, node.source, ['*'], node.exportKind === 'type');
		},
		ImportExpression(node) {
			add(node, node.source, ['*'], false);
		},
		TSImportType(node) {
			add(node, node.source ?? node.argument?.literal ?? node.argument, ['*'], true);
		},
		CallExpression(node) {
			if (node.callee.type === 'Identifier' && node.callee.name === 'require') add(node, node.arguments[0], ['*'], false);
		},
	}).visit(program);
	return found;
}

/** Resolves every import to a file of the workspace, a package, or a builtin. */
function link(workspace) {
	const byPath = new Map(workspace.files.map((file) => [file.path, file]));
	const byName = new Map(workspace.packages.map((pkg) => [pkg.name, pkg]));
	for (const file of workspace.files) {
		for (const each of file.imports) {
			const specifier = each.specifier.replace(/\?.*$/, '');
			each.relative = specifier.startsWith('.');
			each.builtin = !each.relative && isBuiltin(specifier);
			if (each.relative) {
				each.absolute = relative(workspace.root, resolve(workspace.root, dirname(file.path), specifier))
					.split(sep)
					.join('/');
				each.target = byPath.get(each.absolute);
			} else if (!each.builtin && !specifier.startsWith('virtual:')) {
				each.packageName = specifier
					.split('/')
					.slice(0, specifier.startsWith('@') ? 2 : 1)
					.join('/');
				const pkg = byName.get(each.packageName);
				if (pkg === undefined) continue;
				const path = exportedFile(pkg, specifier);
				each.exported = path !== undefined;
				each.target = byPath.get(path);
			}
		}
	}
}

function exportedFile(pkg, specifier) {
	const { exports } = pkg.manifest;
	const key = specifier === pkg.name ? '.' : `.${specifier.slice(pkg.name.length)}`;
	const pattern = Object.keys(exports ?? {}).find((each) => each.endsWith('*') && key.startsWith(each.slice(0, -1)));
	const entry = exports?.[key] ?? (pattern === undefined ? undefined : exports[pattern].replace('*', key.slice(pattern.length - 1)));
	const path = typeof entry === 'string' ? entry : entry?.default;
	return path === undefined ? undefined : `${pkg.folder}/${path.replace(/^\.\//, '')}`;
}
