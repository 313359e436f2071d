import { createRequire } from 'node:module';
import { parentPort } from 'node:worker_threads';

// Shutter's library is a Go runtime in WebAssembly: it writes globals, prints, and ends the process where it fails. So it runs in a
// thread of its own, which is told the choice and no secret of the wallet, and which ends after one choice.

export interface ShutterTask {
	/** UTF-8 of the choice's JSON. */
	readonly message: Uint8Array;
	readonly eonKey: Uint8Array;
	/** The proposal's id, 32 bytes. */
	readonly epochId: Uint8Array;
	/** 32 random bytes. */
	readonly sigma: Uint8Array;
}

interface Shutter {
	init(): Promise<void>;
	encrypt(message: Uint8Array, eonKey: Uint8Array, epochId: Uint8Array, sigma: Uint8Array): Promise<Uint8Array>;
}

parentPort?.once('message', ({ message, eonKey, epochId, sigma }: ShutterTask) => {
	void (async () => {
		const shutter = createRequire(import.meta.url)('@shutter-network/shutter-crypto') as Shutter;
		await shutter.init();
		parentPort?.postMessage(await shutter.encrypt(message, eonKey, epochId, sigma));
	})();
});
