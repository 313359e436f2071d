import { CALL_CHANNEL, type CallInput, type CallName, type CallOutput, calls, isCallName } from '@holdfast/contract';
import { err, type Result, settle } from '@holdfast/kernel';
import type { IpcMain } from 'electron';
import { isTrustedSender } from './security.main.ts';

type MainCallName = { [N in CallName]: (typeof calls)[N]['host'] extends 'main' ? N : never }[CallName];
export type MainHandlers = { [N in MainCallName]: (input: CallInput<N>) => CallOutput<N> | Promise<CallOutput<N>> };

export interface RouterOptions {
	readonly handlers: MainHandlers;
	readonly vault: { call(name: string, input: unknown): Promise<Result<unknown>> };
}

const REFUSED = err({ code: 'ipc/refused', message: 'This message did not come from the wallet window.', data: {} });
const UNKNOWN = err({ code: 'ipc/unknown-call', message: 'The wallet window asked for something that does not exist.', data: {} });
const INVALID = err({ code: 'ipc/invalid-input', message: 'The wallet window sent something that could not be read.', data: {} });

/** Takes calls from the renderer: checks who asks, then what, then hands it to main's own handler or the vault process. */
export function route(ipcMain: Pick<IpcMain, 'handle'>, options: RouterOptions): void {
	ipcMain.handle(CALL_CHANNEL, async (event, name: unknown, input: unknown): Promise<Result<unknown>> => {
		if (!isTrustedSender(event)) return REFUSED;
		if (!isCallName(name)) return UNKNOWN;
		const parsed = calls[name].input.safeParse(input);
		if (!parsed.success) return INVALID;
		if (calls[name].host === 'vault') return options.vault.call(name, parsed.data);
		const handler = options.handlers[name as MainCallName] as (input: unknown) => unknown;
		return settle(() => handler(parsed.data));
	});
}
