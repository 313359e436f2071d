import type { Result } from '@holdfast/kernel';
import type { CallInput, CallName, CallOutput } from './calls.ts';
import type { EventName, EventPayload } from './events.ts';

/** What the preload script puts on `window.holdfast`: all that the renderer can reach. */
export interface HoldfastBridge {
	call<N extends CallName>(name: N, input: CallInput<N>): Promise<Result<CallOutput<N>>>;
	/** Returns the function that stops listening. */
	on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void;
}

/** The IPC channels between preload and main. */
export const CALL_CHANNEL = 'holdfast:call';
export const EVENT_CHANNEL = 'holdfast:event';
