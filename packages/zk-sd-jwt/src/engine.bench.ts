import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemRandom } from '@holdfast/kernel';
import { afterAll, describe, it } from 'vitest';
import { makeDevelopmentReferenceString } from './development-string.node.ts';
import { openEngine } from './engine-barretenberg.node.ts';
import { inputsOf, ordinary, party, statementOf } from './fixture.ts';
import { openReferenceString } from './reference-string-folder.node.ts';

// Warm: artifact and verification key loaded, the prover a new process each time, as in the app. Prints p50, p95 and the most memory.

const root = join(import.meta.dirname, '..', '..', '..');
const folder = join(root, '.cache', 'zk-sd-jwt', 'development-string');
if (!existsSync(join(folder, 'reference-string.sha256'))) await makeDevelopmentReferenceString(folder, 2 ** 18 + 1, systemRandom);
const referenceString = await openReferenceString(folder, { allowDevelopment: true });
const engine = openEngine({ referenceString, circuits: join(root, 'circuits', 'sd-jwt', 'target'), threads: 2 });
const who = party();
const inputs = await inputsOf(who, await ordinary(who));
const proof = await engine.prove(inputs);
await engine.verify(proof, statementOf(who));

const taken: { [what: string]: number[] } = {};
let memory = 0;
let processor = 0;
const measure = async (what: string, run: () => Promise<unknown>): Promise<void> => {
	const start = performance.now();
	await run();
	taken[what] = [...(taken[what] ?? []), performance.now() - start];
};

/** Memory (MB, the most so far) and processor time (ms) of the child process; nothing where there is no /proc. */
function sample(): void {
	try {
		for (const task of readdirSync('/proc/self/task')) {
			for (const pid of readFileSync(`/proc/self/task/${task}/children`, 'utf8').trim().split(' ').filter(Boolean)) {
				memory = Math.max(memory, Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024);
				// Fields 14 and 15 of proc_pid_stat(5), in hundredths of a second.
				const [user = 0, system = 0] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ').slice(13, 15).map(Number);
				processor = Math.max(processor, (user + system) * 10);
			}
		}
	} catch {
		// The process ended in between, or this is another system.
	}
}

afterAll(async () => {
	await engine.close();
	const at = (values: number[], part: number): string => (values.sort((a, b) => a - b)[Math.ceil(values.length * part) - 1] ?? 0).toFixed(0);
	for (const [what, values] of Object.entries(taken))
		process.stdout.write(`${what}: p50 ${at(values, 0.5)} ms, p95 ${at(values, 0.95)} ms, ${values.length} times\n`);
	process.stdout.write(`memory of the native prover: ${memory.toFixed(0)} MB; proof ${Math.floor((proof.proof.length * 3) / 4)} bytes\n`);
});

describe('an age from an unmodified SD-JWT VC, small circuit', () => {
	it('prove', { timeout: 600_000 }, async () => {
		const watch = setInterval(sample, 50);
		for (let i = 0; i < 5; i++) {
			const started = performance.now();
			processor = 0;
			await measure('prove, witness included', () =>
				engine.prove(inputs, {
					onStage: (stage) => {
						if (stage === 'proof') taken.witness = [...(taken.witness ?? []), performance.now() - started];
					},
				}),
			);
			taken['processor time of the native prover'] = [...(taken['processor time of the native prover'] ?? []), processor];
		}
		clearInterval(watch);
	});

	it('verify', async () => {
		for (let i = 0; i < 20; i++) await measure('verify', () => engine.verify(proof, statementOf(who)));
	});
});
