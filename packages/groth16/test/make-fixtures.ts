/**
 * Makes fixtures/signed-claim.{wasm,zkey}.gz and prints their hashes: `node test/make-fixtures.ts`, ten minutes, in a
 * folder of its own. The key is worthless by intent: its ceremony's secrets stand below. Two runs give two keys.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { curves, powersOfTau, zKey } from 'snarkjs';

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, '..', '..', '..', 'node_modules');
const work = mkdtempSync(join(tmpdir(), 'holdfast-groth16-'));
const at = (name: string): string => join(work, name);

cpSync(join(here, 'fixtures', 'signed-claim.circom'), at('signed-claim.circom'));
cpSync(join(modules, 'circomlib'), at('circomlib'), { recursive: true });
execFileSync(process.execPath, [join(modules, 'circom2', 'cli.js'), 'signed-claim.circom', '--r1cs', '--wasm', '--O2', '-o', '.'], { cwd: work });

const curve = await curves.getCurveFromName('bn128');
await powersOfTau.newAccumulator(curve, 13, at('0.ptau'));
await powersOfTau.contribute(at('0.ptau'), at('1.ptau'), 'holdfast test', 'holdfast groth16 test fixture, worthless');
await powersOfTau.preparePhase2(at('1.ptau'), at('final.ptau'));
await zKey.newZKey(at('signed-claim.r1cs'), at('final.ptau'), at('0.zkey'));
await zKey.contribute(at('0.zkey'), at('signed-claim.zkey'), 'holdfast test', 'holdfast groth16 test fixture, worthless 2');
await curve.terminate();

for (const [name, source] of [
	['signed-claim.zkey', at('signed-claim.zkey')],
	['signed-claim.wasm', at(join('signed-claim_js', 'signed-claim.wasm'))],
] as const) {
	const bytes = readFileSync(source);
	writeFileSync(join(here, 'fixtures', `${name}.gz`), gzipSync(bytes, { level: 9 }));
	process.stdout.write(`${createHash('sha256').update(bytes).digest('hex')}  ${name}\n`);
}
