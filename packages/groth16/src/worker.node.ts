import { parentPort, workerData } from 'node:worker_threads';
import { Engine } from './engine.ts';
import { Groth16Error } from './errors.ts';
import type { Answer, Task, WorkerData } from './protocol.ts';
import { WitnessCalculator } from './witness-calculator.ts';

/** A prover's thread. It knows the key's layout and shares its memory; what it is to do comes task by task. */
const { module, layout, scratch, calculator: calculatorModule } = workerData as WorkerData;
const engine = new Engine(module, layout, scratch);
const calculator = calculatorModule ? new WitnessCalculator(calculatorModule) : undefined;

function perform(task: Task): Answer {
	if (task.kind === 'witness') {
		calculator?.calculate(task.inputs, new Uint32Array(scratch.memory.buffer, layout.witness, layout.variables * 8));
		return { ok: true, proof: undefined };
	}
	if (task.kind === 'finish') return { ok: true, proof: engine.finish(task.r, task.s) };
	if (task.kind === 'table') engine.fillTable(task.slice, task.table);
	else engine.run(task);
	return { ok: true, proof: undefined };
}

parentPort?.on('message', (task: Task) => {
	let answer: Answer;
	try {
		answer = perform(task);
	} catch (error) {
		// An unknown error's text stays here: it may hold what it was working on.
		answer =
			error instanceof Groth16Error
				? { ok: false, code: error.code, message: error.message }
				: { ok: false, code: 'groth16/failed', message: 'Proving failed inside Holdfast.' };
	}
	parentPort?.postMessage(answer);
});
