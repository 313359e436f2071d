// Started by engine.test.ts: proves and verifies, with and without threads, and must then end by itself.
import { fileURLToPath } from 'node:url';
import { artifactsInFolder, circuitInputs, overAge, snarkjsEngine } from '../index.ts';
import { credential, TYPE } from './fixture.ts';

const artifacts = await artifactsInFolder(fileURLToPath(new URL('../../../../circuits/', import.meta.url)), { production: false });
const { inputs } = circuitInputs({ statement: overAge(18, 20_261_125), types: [TYPE] }, [credential()], 20_261_125, 42n);
for (const singleThread of [true, false]) {
	const engine = snarkjsEngine({ artifacts, singleThread });
	const { proof, publicSignals } = await engine.prove('bound', inputs);
	process.stdout.write(`${singleThread ? 'single' : 'threads'} ${await engine.verify('bound', publicSignals, proof)}\n`);
	await engine.close();
}
