// Rules about who may import whom.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ORDER, PRELOAD_ELECTRON_NAMES, RENDERER_PACKAGES, RUNTIME_MAY_IMPORT, RUNTIMES_WITH_NODE } from './order.mjs';

const at = (file, each, message) => ({ path: file.path, line: each.line, message });
const workspacePackage = (workspace, each) => workspace.packages.find((pkg) => pkg.name === each.packageName);
const inRenderer = (file) => file.pkg.kind === 'app' && file.inPackage.startsWith('src/renderer/');

function* eachImport(workspace) {
	for (const file of workspace.files) for (const each of file.imports) yield { file, each };
}

export const packageOrder = {
	name: 'package-order',
	why: 'arrows between packages go one way, so that each can be read and tested without what is built on it',
	*check(workspace) {
		for (const pkg of workspace.packages) {
			if (pkg.kind === 'package' && !PACKAGE_ORDER.includes(pkg.short)) {
				yield { path: `${pkg.folder}/package.json`, line: 1, message: `${pkg.short} has no place in PACKAGE_ORDER (tools/architecture/order.mjs)` };
			}
		}
		for (const { file, each } of eachImport(workspace)) {
			const target = workspacePackage(workspace, each);
			if (target === undefined || target === file.pkg) continue;
			if (target.short === 'testkit' && target.kind === 'package') {
				if (!file.isTest && file.pkg.kind !== 'other') yield at(file, each, 'only tests may import testkit');
				continue;
			}
			if (file.pkg.kind === 'other') continue;
			if (target.kind !== 'package') yield at(file, each, `a ${file.pkg.kind} must not import ${target.name}`);
			else if (file.pkg.kind === 'package' && PACKAGE_ORDER.indexOf(target.short) >= PACKAGE_ORDER.indexOf(file.pkg.short)) {
				yield at(file, each, `${file.pkg.short} stands before ${target.short} and must not import it`);
			}
		}
	},
};

export const rendererPackages = {
	name: 'renderer-packages',
	why: 'the page shows what the contract says and holds no domain code, keys or Node',
	*check(workspace) {
		for (const { file, each } of eachImport(workspace)) {
			if (!inRenderer(file) || file.isTest) continue;
			const target = workspacePackage(workspace, each);
			if (target !== undefined && !RENDERER_PACKAGES.includes(target.short)) {
				yield at(file, each, `the renderer may import only ${RENDERER_PACKAGES.join(', ')}, not ${target.short}`);
			}
			if (each.absolute?.startsWith(`${file.pkg.folder}/src/`) && !each.absolute.startsWith(`${file.pkg.folder}/src/renderer/`)) {
				yield at(file, each, 'the renderer must not import the files of another process');
			}
		}
	},
};

export const rendererReach = {
	name: 'renderer-reach',
	why: 'what the page pulls in, also through other packages, has to run in a page',
	*check(workspace) {
		const starts = workspace.files.filter((file) => inRenderer(file) && !file.isTest);
		const seen = new Set(starts);
		const queue = [...starts];
		for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
			for (const each of file.imports) {
				if (each.typeOnly) continue;
				if (each.builtin) yield at(file, each, `the renderer reaches this file, which imports ${each.specifier}`);
				if (each.target !== undefined && !seen.has(each.target)) {
					seen.add(each.target);
					queue.push(each.target);
				}
			}
		}
	},
};

/** `{ role, useCase }` of a renderer file; `useCase` is undefined for what a role's use cases share. */
function feature(path) {
	const match = /(?:^|\/)src\/renderer\/features\/([^/]+)\/(?:([^/]+)\/)?/.exec(path);
	return match ? { role: match[1], useCase: match[2] } : undefined;
}

export const features = {
	name: 'features',
	why: 'a use case can be changed or removed without touching another; what two need belongs to the shell, the role or ui',
	*check(workspace) {
		for (const { file, each } of eachImport(workspace)) {
			const from = feature(file.path);
			const to = each.absolute === undefined ? undefined : feature(each.absolute);
			if (from === undefined || to === undefined) continue;
			if (from.role !== to.role) yield at(file, each, `the role ${from.role} must not import the role ${to.role}`);
			else if (from.useCase !== undefined && to.useCase !== undefined && from.useCase !== to.useCase) {
				yield at(file, each, `the use case ${from.role}/${from.useCase} must not import ${to.role}/${to.useCase}`);
			}
		}
	},
};

export const runtimes = {
	name: 'runtime',
	why: 'a file’s suffix says where it can run, so it may import only what runs there',
	*check(workspace) {
		for (const { file, each } of eachImport(workspace)) {
			if (file.runtime === undefined || each.typeOnly) continue;
			if (each.builtin && !RUNTIMES_WITH_NODE.includes(file.runtime)) {
				yield at(file, each, `${describe(file.runtime)} must not import ${each.specifier}`);
			}
			if (each.relative && each.target?.runtime !== undefined && !RUNTIME_MAY_IMPORT[file.runtime].includes(each.target.runtime)) {
				yield at(file, each, `${describe(file.runtime)} must not import ${describe(each.target.runtime)} (${each.specifier})`);
			}
		}
	},
};

function describe(runtime) {
	return runtime === 'pure' ? 'a pure file' : `a .${runtime} file`;
}

export const veramo = {
	name: 'veramo',
	why: 'Veramo stays behind one package, which can be read and replaced alone',
	*check(workspace) {
		for (const { file, each } of eachImport(workspace)) {
			if (each.packageName?.startsWith('@veramo/') && file.pkg.short !== 'agent') yield at(file, each, `only agent may import ${each.packageName}`);
		}
	},
};

/** The names that both shells provide, from electron-chromium's list; `undefined` while that list does not exist. */
export function allowedElectronNames(root) {
	const path = join(root, 'packages', 'electron-chromium', 'src', 'allowed-names.ts');
	if (!existsSync(path)) return undefined;
	const list = /ALLOWED_ELECTRON_NAMES\b[^=]*=\s*(?:new Set\()?\[([^\]]*)\]/.exec(readFileSync(path, 'utf8'))?.[1];
	if (list === undefined) throw new Error('packages/electron-chromium/src/allowed-names.ts has no list ALLOWED_ELECTRON_NAMES.');
	return [...list.matchAll(/['"]([\w$]+)['"]/g)].map((match) => match[1]);
}

export const electronNames = {
	name: 'electron-names',
	why: 'the app may use only what both shells provide, and only main and preload may use it',
	*check(workspace) {
		const allowed = allowedElectronNames(workspace.root);
		for (const { file, each } of eachImport(workspace)) {
			if (each.packageName !== 'electron' || file.isTest) continue;
			// Types are erased; electron-chromium is typed against them.
			if (file.pkg.short === 'electron-chromium' && each.typeOnly) continue;
			if (file.pkg.folder !== 'apps/wallet' || (file.runtime !== 'main' && file.runtime !== 'preload')) {
				yield at(file, each, 'only .main and .preload files of apps/wallet may import electron');
				continue;
			}
			if (each.typeOnly) continue;
			for (const name of each.names) {
				if (allowed !== undefined && !allowed.includes(name)) yield at(file, each, `electron’s ${name} is not in ALLOWED_ELECTRON_NAMES`);
				else if (file.runtime === 'preload' && !PRELOAD_ELECTRON_NAMES.includes(name)) {
					yield at(file, each, `a preload may import only ${PRELOAD_ELECTRON_NAMES.join(' and ')} from electron, not ${name}`);
				}
			}
		}
	},
};

export const declaredDependencies = {
	name: 'declared-dependencies',
	why: 'a package names everything that it needs in its own package.json',
	*check(workspace) {
		const rootTools = Object.keys(workspace.manifest.devDependencies ?? {});
		for (const { file, each } of eachImport(workspace)) {
			if (each.packageName === undefined || each.packageName === file.pkg.name) continue;
			const { dependencies = {}, peerDependencies = {}, optionalDependencies = {}, devDependencies = {} } = file.pkg.manifest;
			const runtime = { ...dependencies, ...peerDependencies, ...optionalDependencies };
			if (each.packageName in runtime) continue;
			// The wallet is bundled: what its page needs is built in, and electron is the program that runs it.
			const bundled = file.pkg.folder === 'apps/wallet' && (inRenderer(file) || each.packageName === 'electron');
			const mayUseDev = file.isTest || each.typeOnly || bundled || file.pkg.kind === 'other';
			if (mayUseDev && (each.packageName in devDependencies || `@types/${each.packageName}` in devDependencies)) continue;
			if (file.isTest && rootTools.includes(each.packageName)) continue;
			const where = each.packageName in devDependencies ? 'only in devDependencies' : 'not declared';
			yield at(file, each, `${each.packageName} is ${where} in ${file.pkg.folder}/package.json`);
		}
	},
};

export const insidePackage = {
	name: 'inside-package',
	why: 'another package is reached through its exports only',
	*check(workspace) {
		for (const { file, each } of eachImport(workspace)) {
			if (each.absolute !== undefined && !each.absolute.startsWith(`${file.pkg.folder}/`)) yield at(file, each, `${each.specifier} leaves the package`);
			const target = workspacePackage(workspace, each);
			if (target !== undefined && target !== file.pkg && target.kind === 'package' && !each.exported) {
				yield at(file, each, `${each.specifier} is not exported by ${target.name}`);
			}
		}
	},
};

export const cycles = {
	name: 'cycle',
	why: 'modules that import each other can only be understood and initialised together',
	*check(workspace) {
		const state = new Map();
		const stack = [];
		const findings = [];
		const visit = (file) => {
			state.set(file, 'open');
			stack.push(file);
			for (const each of file.imports) {
				if (each.typeOnly || each.target === undefined) continue;
				if (state.get(each.target) === 'open') {
					const ring = stack.slice(stack.indexOf(each.target)).concat(each.target);
					findings.push(at(file, each, ring.map((member) => member.path).join(' → ')));
				} else if (!state.has(each.target)) visit(each.target);
			}
			stack.pop();
			state.set(file, 'done');
		};
		for (const file of workspace.files) if (!state.has(file)) visit(file);
		yield* findings;
	},
};
