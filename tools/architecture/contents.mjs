// Rules about what a package and its files contain.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Visitor } from 'oxc-parser';
import { COPYLEFT_DEPENDENCIES } from './order.mjs';

const inManifest = (pkg, message) => ({ path: `${pkg.folder}/package.json`, line: 1, message });

export const packageContents = {
	name: 'package-contents',
	why: 'every package says what it is and has one public entry',
	*check(workspace) {
		for (const pkg of workspace.packages) {
			if (pkg.kind !== 'package') continue;
			for (const path of ['README.md', 'src/index.ts']) {
				if (!existsSync(join(workspace.root, pkg.folder, path))) yield { path: `${pkg.folder}/${path}`, line: 1, message: 'is missing' };
			}
		}
	},
};

/** The packages that link a copyleft library, themselves or through another package of the workspace. */
export function copyleftPackages(workspace) {
	const byName = new Map(workspace.packages.map((pkg) => [pkg.name, pkg]));
	const links = (pkg, seen = new Set()) => {
		if (seen.has(pkg)) return false;
		seen.add(pkg);
		return Object.keys(pkg.manifest.dependencies ?? {}).some(
			(name) => COPYLEFT_DEPENDENCIES.includes(name) || (byName.has(name) && links(byName.get(name), seen)),
		);
	};
	return new Set(workspace.packages.filter((pkg) => links(pkg)));
}

export const licenceField = {
	name: 'licence-field',
	why: 'packages are MIT; the wallet, and whatever links snarkjs or circomlib, is GPL-3.0-or-later',
	*check(workspace) {
		const copyleft = copyleftPackages(workspace);
		for (const pkg of workspace.packages) {
			const allowed = pkg.folder === 'apps/wallet' || copyleft.has(pkg) ? ['GPL-3.0-or-later'] : pkg.kind === 'package' ? ['MIT'] : ['MIT', 'GPL-3.0-or-later'];
			if (!allowed.includes(pkg.manifest.license)) yield inManifest(pkg, `"license" must be ${allowed.join(' or ')}, not ${pkg.manifest.license ?? 'missing'}`);
		}
	},
};

const EXACT = /^(?:npm:(?:@[\w.-]+\/)?[\w.-]+@)?\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?$/;

function* versions(manifest) {
	for (const field of ['dependencies', 'devDependencies', 'optionalDependencies']) {
		for (const [name, version] of Object.entries(manifest[field] ?? {})) yield [`${field}.${name}`, version];
	}
	const walk = function* (path, value) {
		if (typeof value === 'string') yield [path, value];
		else for (const [key, inner] of Object.entries(value)) yield* walk(`${path}.${key}`, inner);
	};
	yield* walk('overrides', manifest.overrides ?? {});
}

export const exactVersions = {
	name: 'exact-versions',
	why: 'what was reviewed and tested is what is installed',
	*check(workspace) {
		for (const pkg of [...workspace.packages, { folder: '.', manifest: workspace.manifest }]) {
			for (const [field, version] of versions(pkg.manifest)) {
				if (!EXACT.test(version) && !version.startsWith('$')) yield inManifest(pkg, `${field} is "${version}", not one exact version`);
			}
		}
	},
};

const CODE = /^[a-z0-9]+(-[a-z0-9]+)*\/[a-z0-9-]+$/;

/** Names of the classes whose first constructor argument is an error code: HoldfastError and what extends it unchanged. */
function codedClasses(workspace) {
	const coded = new Set(['HoldfastError']);
	const classes = [];
	for (const file of workspace.files) {
		new Visitor({
			ClassDeclaration(node) {
				const builder = node.body.body.find((member) => member.type === 'MethodDefinition' && member.kind === 'constructor');
				const first = builder?.value.params[0];
				classes.push({
					name: node.id?.name,
					parent: node.superClass?.name,
					takesCode: builder === undefined || (first?.name ?? first?.left?.name) === 'code',
				});
			},
		}).visit(file.program);
	}
	for (let before = -1; before !== coded.size; ) {
		before = coded.size;
		for (const { name, parent, takesCode } of classes) if (coded.has(parent) && takesCode && name !== undefined) coded.add(name);
	}
	return coded;
}

export const errorCodes = {
	name: 'error-code',
	why: 'codes are stable names of the form area/name, which other code and tests compare',
	*check(workspace) {
		const coded = codedClasses(workspace);
		const findings = [];
		for (const file of workspace.files) {
			if (file.isTest) continue;
			const check = (node, argument) => {
				if (argument?.type !== 'Literal' || typeof argument.value !== 'string' || CODE.test(argument.value)) return;
				findings.push({ path: file.path, line: file.lineOf(node.start), message: `"${argument.value}" is not of the form area/name` });
			};
			const parents = [];
			new Visitor({
				NewExpression(node) {
					if (coded.has(node.callee.name)) check(node, node.arguments[0]);
				},
				ClassDeclaration(node) {
					parents.push(node.superClass?.name);
				},
				'ClassDeclaration:exit'() {
					parents.pop();
				},
				CallExpression(node) {
					if (node.callee.type === 'Super' && coded.has(parents.at(-1))) check(node, node.arguments[0]);
				},
			}).visit(file.program);
		}
		yield* findings;
	},
};

export const noConsole = {
	name: 'no-console',
	why: 'a library that prints can print a secret; it returns values and throws errors instead',
	*check(workspace) {
		const findings = [];
		for (const file of workspace.files) {
			if (file.pkg.kind !== 'package' || file.isTest || !file.inPackage.startsWith('src/')) continue;
			new Visitor({
				MemberExpression(node) {
					if (node.object.type === 'Identifier' && node.object.name === 'console') {
						findings.push({ path: file.path, line: file.lineOf(node.start), message: 'console is not for packages' });
					}
				},
			}).visit(file.program);
		}
		yield* findings;
	},
};

/** Licences that may be part of a work under GPL-3.0-or-later (the FSF's list of compatible licences). */
const COMPATIBLE = new Set([
	'0BSD',
	'Apache-2.0',
	'Artistic-2.0',
	'BlueOak-1.0.0',
	'BSD-2-Clause',
	'BSD-3-Clause',
	'CC0-1.0',
	'GPL-3.0',
	'GPL-3.0-or-later',
	'GPL-3.0-only',
	'GPL-2.0-or-later',
	'ISC',
	'LGPL-2.1-or-later',
	'LGPL-3.0',
	'LGPL-3.0-only',
	'LGPL-3.0-or-later',
	'MIT',
	'MIT-0',
	'MPL-2.0',
	'OFL-1.1',
	'Python-2.0',
	'Unicode-3.0',
	'Unlicense',
	'WTFPL',
	'Zlib',
]);

/** Whether an SPDX expression leaves at least one compatible choice. */
export function isCompatible(expression) {
	const tokens = expression.match(/\(|\)|[^\s()]+/g) ?? [];
	let at = 0;
	const primary = () => {
		const token = tokens[at++];
		if (token !== '(') return COMPATIBLE.has(token ?? '');
		const inner = either();
		return tokens[at++] === ')' && inner;
	};
	const both = () => {
		let value = primary();
		while (tokens[at] === 'AND') {
			at += 1;
			value = primary() && value;
		}
		return value;
	};
	const either = () => {
		let value = both();
		while (tokens[at] === 'OR') {
			at += 1;
			value = both() || value;
		}
		return value;
	};
	return either() && at >= tokens.length;
}

function readLockfile(root) {
	const path = join(root, 'package-lock.json');
	return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).packages : {};
}

/** Where a manifest names no SPDX identifier: what the licence file in that very version says, read by a person. */
const READ_BY_HAND = { 'node_modules/esprima@1.2.5': 'BSD-2-Clause', 'node_modules/png-js@2.0.0': 'MIT' };

function licenceOf(root, path, entry) {
	const read = READ_BY_HAND[`${path}@${entry.version}`];
	if (read !== undefined) return read;
	if (entry.license !== undefined) return entry.license;
	const manifest = join(root, path, 'package.json');
	if (!existsSync(manifest)) return undefined;
	const { license, licenses } = JSON.parse(readFileSync(manifest, 'utf8'));
	return typeof license === 'string' ? license : (license?.type ?? licenses?.map((each) => each.type).join(' OR '));
}

export const dependencyLicences = {
	name: 'dependency-licences',
	why: 'the app is distributed under GPL-3.0-or-later, with everything that is in it',
	*check(workspace) {
		for (const [path, entry] of Object.entries(readLockfile(workspace.root))) {
			if (!path.includes('node_modules/') || entry.link || entry.dev || entry.devOptional) continue;
			const licence = licenceOf(workspace.root, path, entry);
			if (licence === undefined || !isCompatible(licence)) {
				yield {
					path: 'package-lock.json',
					line: 1,
					message: `${path} is under ${licence ?? 'no stated licence'}, which is not on the list of compatible licences`,
				};
			}
		}
	},
};

export const lockfileHosts = {
	name: 'lockfile-hosts',
	why: 'the lockfile pins contents by hash and leaves the registry to whoever installs',
	*check(workspace) {
		for (const [path, entry] of Object.entries(readLockfile(workspace.root))) {
			if (/^[a-z+]+:\/\//i.test(entry.resolved ?? '')) yield { path: 'package-lock.json', line: 1, message: `${path} names a host in "resolved"` };
			if (path.includes('node_modules/') && !entry.link && !entry.inBundle && entry.integrity === undefined) {
				yield { path: 'package-lock.json', line: 1, message: `${path} has no "integrity"` };
			}
		}
	},
};
