import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { contractArtifact, type TestContract } from './index.ts';

const FOLDER = join(import.meta.dirname, '..', 'contracts');
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const names = readdirSync(join(FOLDER, 'artifacts')).map((file) => file.replace(/\.json$/, '') as TestContract);
const lock = JSON.parse(readFileSync(join(FOLDER, 'package-lock.json'), 'utf8')) as {
	packages: Record<string, { version?: string; integrity?: string; resolved?: string }>;
};

it('has compiled every source as it is now', () => {
	const compiled = new Set<string>();
	for (const name of names) {
		for (const [path, hash] of Object.entries(contractArtifact(name).sources)) {
			if (!path.startsWith('src/')) continue;
			compiled.add(path.slice(4));
			expect(hash, `${path} has changed: run contracts/build.mjs`).toBe(sha256(readFileSync(join(FOLDER, path), 'utf8')));
		}
	}
	expect([...compiled].sort()).toEqual(readdirSync(join(FOLDER, 'src')).sort());
});

it('says which compiler and which packages it was compiled with, each with its integrity', () => {
	for (const name of names) expect(contractArtifact(name).compiler).toMatch(new RegExp(`^${lock.packages['node_modules/solc']?.version}\\+`));
	const packages = Object.entries(lock.packages).filter(([path]) => path !== '');
	expect(packages.length).toBeGreaterThan(3);
	for (const [path, { integrity }] of packages) expect(integrity, path).toMatch(/^sha512-/);
});

// Compiling takes 20 s of CPU and the registry: not in every run.
it.runIf(process.env.HOLDFAST_RECOMPILE)('compiles to the same artifacts again', { timeout: 600_000 }, () => {
	const { status, stderr } = spawnSync(process.execPath, [join(FOLDER, 'build.mjs'), '--check'], { encoding: 'utf8' });
	expect(stderr).not.toContain('does not follow');
	expect(status).toBe(0);
});
