import { fileURLToPath } from 'node:url';
import { test } from 'vitest';
import { artifactsInFolder } from './artifacts-folder.node.ts';
import { snarkjsEngine } from './engine-snarkjs.ts';
import { circuitInputs } from './inputs.ts';
import type { CircuitId, ProvingCredential, StatementRequest } from './model.ts';
import { overAge } from './statement.ts';
import { credential, holderOf, TYPE } from './test/fixture.ts';
import { witnessCalculator } from './witness-calculator.ts';

// Each statement beside the cheapest one, and its parts beside the whole. One thread; artifacts are loaded before.
const other = credential({ holder: holderOf('transaction 2') });
const cases: readonly [CircuitId, StatementRequest, readonly ProvingCredential[]][] = [
	['bound', { statement: overAge(18, 20_261_125), types: [TYPE] }, [credential()]],
	['bound-revocable', { statement: overAge(18, 20_261_125), types: [TYPE], notRevoked: true }, [credential()]],
	['member', { statement: { kind: 'member', claim: ['nationalities', null], set: ['AT', 'FR'] }, types: [TYPE] }, [credential()]],
	['same-holder', { statement: { kind: 'same-holder' }, types: [TYPE, TYPE] }, [credential(), other]],
];
const few = { iterations: 5, time: 0, warmup: false };

test('statements', { timeout: 600_000 }, async ({ bench }) => {
	const artifacts = await artifactsInFolder(fileURLToPath(new URL('../../../circuits/', import.meta.url)), { production: false });
	const engine = snarkjsEngine({ artifacts });
	const prepared = await Promise.all(
		cases.map(async ([circuit, request, credentials]) => {
			const { inputs } = circuitInputs(request, credentials, 20_261_125, 42n);
			return { circuit, inputs, calculator: await witnessCalculator(await artifacts.wasm(circuit)), ...(await engine.prove(circuit, inputs)) };
		}),
	);
	const each = (what: string, run: (subject: (typeof prepared)[number]) => Promise<unknown>) =>
		prepared.map((subject) =>
			bench(`${subject.circuit}: ${what}`, async () => {
				await run(subject);
			}),
		);
	await bench.compare(...each('prove', ({ circuit, inputs }) => engine.prove(circuit, inputs)), few);
	await bench.compare(...each('witness', ({ calculator, inputs }) => calculator.calculate(inputs)), few);
	await bench.compare(...each('verify', ({ circuit, publicSignals, proof }) => engine.verify(circuit, publicSignals, proof)), few);
	await engine.close();
});
