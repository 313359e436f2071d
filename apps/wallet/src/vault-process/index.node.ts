import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { err, errorInfo, systemClock, systemRandom } from '@holdfast/kernel';
import { createService, type Service } from '@holdfast/service';
import type { FromVault, ToVault } from './messages.ts';

// The only process with secrets. It has no window and no console; main starts it and ends it, and
// ending it is how the wallet locks.

const port = process.parentPort;
const send = (message: FromVault): void => port.postMessage(message);

const answers = new Map<number, (value: string | null) => void>();
let asked = 0;
let service: Service | undefined;
let idle = false;

/** How long after the last call the wallet may work by itself. */
const IDLE_AFTER_MS = 30_000;

const ask = (question: 'folder' | 'file', title: string, endings: readonly string[]): Promise<string | null> =>
	new Promise((resolve) => {
		asked += 1;
		answers.set(asked, resolve);
		send({ kind: 'ask', seq: asked, question, title, endings });
	});

function start({ dir, circuits, production }: Extract<ToVault, { kind: 'start' }>): void {
	service = createService({
		dir,
		clock: systemClock,
		random: systemRandom,
		proofs: {
			folder: circuits,
			production,
			referenceString: join(dir, '../reference-string'),
			threads: { groth16: new URL('./groth16-thread.js', import.meta.url), bbs: new URL('./bbs-thread.js', import.meta.url) },
		},
		shutterThread: new URL('./shutter-thread.js', import.meta.url),
		// Not beside other programs that need the processor either. (Windows tells no load: there it is always 0.)
		idle: { afterMs: IDLE_AFTER_MS, mayWork: () => idle && (loadavg()[0] ?? 0) < availableParallelism() },
		chooseFolder: (title) => ask('folder', title, []),
		chooseFile: (title, endings) => ask('file', title, endings),
		onEvent: (name, payload) => send({ kind: 'event', name, payload }),
		onAutoLockMinutes: (minutes) => send({ kind: 'auto-lock', minutes }),
	});
	send({ kind: 'ready' });
}

async function call(seq: number, name: string, input: unknown): Promise<void> {
	const result = service ? await service.call(name, input) : err(errorInfo(undefined));
	send({ kind: 'result', seq, result });
}

port.on('message', ({ data }: { data: ToVault }) => {
	if (data.kind === 'start') start(data);
	else if (data.kind === 'call') void call(data.seq, data.name, data.input);
	else if (data.kind === 'idle') idle = data.idle;
	else if (data.kind === 'answer') {
		answers.get(data.seq)?.(data.value);
		answers.delete(data.seq);
	} else {
		void (service?.close() ?? Promise.resolve()).finally(() => {
			send({ kind: 'closed' });
			process.exit(0);
		});
	}
});

// An unexpected error must not leave a half-working process with keys in it: it ends, main starts a
// locked one, and the journal tells what was cut off. Its text may hold input, so it is not printed.
process.on('uncaughtException', () => process.exit(70));
process.on('unhandledRejection', () => process.exit(70));
