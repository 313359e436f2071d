/** Files that make a package work; each pattern must match at least one. */
const REQUIRED = [
	['the main process', /^out\/main\/index\.js$/],
	['the vault process', /^out\/main\/vault-process\.js$/],
	['the preload', /^out\/preload\/index\.cjs$/],
	['the page', /^out\/renderer\/index\.html$/],
	["the page's script", /^out\/renderer\/assets\/[\w.-]+\.js$/],
	['the manifest', /^package\.json$/],
	['the database', /^node_modules\/better-sqlite3-multiple-ciphers\/prebuilds\/.+\.node$/],
	['argon2', /^node_modules\/@node-rs\/argon2-[\w-]+\/.+\.node$/],
];

/** The only folders of node_modules that may be packed: libraries with native code or WebAssembly of their own, and what they load. */
const PACKED_MODULES = /^node_modules\/(better-sqlite3-multiple-ciphers|@node-rs\/argon2[\w-]*|@shutter-network\/shutter-crypto)\//;

const FORBIDDEN = [
	['a source map', /\.map$/],
	['TypeScript source', /\.[mc]?tsx?$/],
	['a test', /(\.(test|spec|bench)\.|(^|\/)(tests?|__tests__|fixtures|gallery)\/)/],
	['C or C++ source', /\.(c|cc|cpp|h|hpp|gyp|gypi)$/],
	['development configuration', /(^|\/)(electron\.vite\.config|tsconfig|vitest\.config|biome\.json|turbo\.json|\.turbo\/|\.env)/],
	['a document', /\.(md|markdown)$/],
];

/**
 * What is wrong with a package. `entries` = [{ path, unpacked }], paths with `/` and without a leading one.
 * Returns sentences; none means that all is well.
 */
export function contentProblems(entries) {
	const problems = REQUIRED.filter(([, pattern]) => !entries.some(({ path }) => pattern.test(path))).map(
		([name, pattern]) => `app.asar lacks ${name} (${pattern.source}).`,
	);
	for (const { path, unpacked } of entries) {
		const forbidden = FORBIDDEN.find(([, pattern]) => pattern.test(path));
		if (forbidden !== undefined) problems.push(`app.asar holds ${forbidden[0]}: ${path}`);
		else if (path.startsWith('node_modules/') && !PACKED_MODULES.test(path)) problems.push(`app.asar holds a module that the bundle already has: ${path}`);
		else if (!path.startsWith('node_modules/') && !path.startsWith('out/') && path !== 'package.json')
			problems.push(`app.asar holds a file from outside out/: ${path}`);
		if (path.endsWith('.node') && !unpacked) problems.push(`${path} is inside app.asar; a native library must be unpacked.`);
	}
	return problems;
}
