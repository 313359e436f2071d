import { parentPort } from 'node:worker_threads';
import { type BbsRequest, createEngine, present } from '@holdfast/bbs';
import { errorInfo } from '@holdfast/kernel';

// Making a BBS presentation takes a second of one core without a pause: it has a thread of its own, and stopping it is
// ending the thread. The secret comes with the task and is wiped after it; it is in this process's memory anyway.

export interface BbsTask {
	readonly credential: string;
	readonly secret: Uint8Array;
	readonly request: BbsRequest;
	readonly now: number;
}
export type BbsAnswer = { readonly ok: true; readonly presentation: string } | { readonly ok: false; readonly code: string; readonly message: string };

parentPort?.once('message', (task: BbsTask) => {
	void (async (): Promise<BbsAnswer> => {
		try {
			return { ok: true, presentation: present(await createEngine(), task) };
		} catch (error) {
			const { code, message } = errorInfo(error);
			return { ok: false, code, message };
		} finally {
			task.secret.fill(0);
		}
	})().then((answer) => parentPort?.postMessage(answer));
});
