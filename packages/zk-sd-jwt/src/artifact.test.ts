import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ARTIFACT_SHA256, artifactHash, readArtifact } from './artifact.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const read = (name: string): string => readFileSync(join(root, 'circuits', 'sd-jwt', 'target', `${name}.json`), 'utf8');

it('every pinned artifact is there and is the one that is pinned', () => {
	for (const [name, hash] of Object.entries(ARTIFACT_SHA256)) {
		expect(artifactHash(read(name))).toBe(hash);
		expect(readArtifact(name as 'small', read(name)).bytecode.length).toBeGreaterThan(100_000);
	}
});

it('a changed, missing or unknown one is refused', () => {
	const refused = expect.objectContaining({ code: 'zk-sd-jwt/bad-artifact' });
	expect(() => readArtifact('small', `${read('small')} `)).toThrow(refused);
	expect(() => readArtifact('small', '')).toThrow(refused);
	expect(() => readArtifact('small', read('medium'))).toThrow(refused);
	expect(() => readArtifact('other' as 'small', read('small'))).toThrow(refused);
});

it('a build of the same source gives the same text', () => {
	// `forged` has all of the library's parts and compiles in seconds; `--check` without a name compares all of them.
	const script = join(root, 'packages', 'zk-sd-jwt', 'scripts', 'build-circuits.mjs');
	expect(execFileSync(process.execPath, [script, '--check', 'forged'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })).toContain(
		artifactHash(read('forged')),
	);
});
