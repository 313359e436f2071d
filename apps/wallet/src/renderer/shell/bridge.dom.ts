import type { CallInput, CallName, CallOutput, EventName, EventPayload, HoldfastBridge } from '@holdfast/contract';
import { err, type Result } from '@holdfast/kernel';

declare global {
	interface Window {
		/** Put there by the preload script. */
		readonly holdfast: HoldfastBridge;
	}
}

/** Calls the vault or main process. Never throws: a bridge that is gone (the wallet is locking) is an error like any other. */
export async function call<N extends CallName>(name: N, input: CallInput<N>): Promise<Result<CallOutput<N>>> {
	try {
		return await window.holdfast.call(name, input);
	} catch {
		return err({ code: 'app/disconnected', message: 'Holdfast could not reach its vault. Try again; if it stays so, restart Holdfast.', data: {} });
	}
}

/** Listens to an event; returns the function that stops listening. */
export function listen<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void {
	return window.holdfast.on(name, listener);
}
