import type { QrFound } from '@holdfast/qr/decode';
import wasmUrl from 'zxing-wasm/reader/zxing_reader.wasm?url';
import type { FromReader, ToReader } from './messages.ts';
import { startWorker } from './workers.dom.ts';

type Answer = (found: readonly QrFound[] | undefined) => void;

/** The worker that searches pictures; started when the first one comes, and kept. */
let started: Promise<Worker> | undefined;
let seq = 0;
const waiting = new Map<number, Answer>();

const settle = (number: number, found: readonly QrFound[] | undefined): void => {
	waiting.get(number)?.(found);
	waiting.delete(number);
};

async function start(): Promise<Worker> {
	const wasm = await (await fetch(wasmUrl)).arrayBuffer();
	const worker = startWorker('reader');
	worker.addEventListener('message', ({ data }: MessageEvent<FromReader>) => settle(data.seq, data.kind === 'read' ? data.found : undefined));
	worker.addEventListener('error', () => {
		// A thread that died is started anew with the next picture.
		worker.terminate();
		started = undefined;
		for (const number of [...waiting.keys()]) settle(number, undefined);
	});
	worker.postMessage({ kind: 'start', wasm } satisfies ToReader, [wasm]);
	return worker;
}

/**
 * Searches a picture, which is handed over, for QR codes. Undefined where it could not be searched at all.
 *
 * `thorough`: look again in other lights where nothing is found; for a picture that stands still.
 */
export async function findQrCodes(picture: ImageBitmap, thorough: boolean): Promise<readonly QrFound[] | undefined> {
	started ??= start();
	let worker: Worker;
	try {
		worker = await started;
	} catch {
		started = undefined;
		picture.close();
		return undefined;
	}
	seq += 1;
	const number = seq;
	return new Promise((resolve) => {
		waiting.set(number, resolve);
		worker.postMessage({ kind: 'read', seq: number, picture, thorough } satisfies ToReader, [picture]);
	});
}
