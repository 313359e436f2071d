import type { CallInput, CallName, CallOutput, EventPayload } from '@holdfast/contract';
import type { ErrorInfo, Result } from '@holdfast/kernel';
import { useCallback, useEffect, useRef, useState } from 'react';
import { call, listen } from './bridge.dom.ts';

/** The areas that `data.changed` names. */
export type Area = EventPayload<'data.changed'>['area'];

/** What a reading call has answered so far. `reload` asks again and keeps the old value until the new one is there. */
export type Query<T> =
	| { readonly status: 'loading'; readonly reload: () => void }
	| { readonly status: 'failed'; readonly error: ErrorInfo; readonly reload: () => void }
	| { readonly status: 'ready'; readonly value: T; readonly reload: () => void };

const NO_AREAS: readonly Area[] = [];

/** Reads with a call, and reads again when one of `areas` changed. The latest question wins. */
export function useQuery<N extends CallName>(name: N, input: CallInput<N>, areas: readonly Area[] = NO_AREAS): Query<CallOutput<N>> {
	const key = JSON.stringify(input);
	const watched = areas.join(' ');
	const [answer, setAnswer] = useState<{ readonly key: string; readonly result: Result<CallOutput<N>> }>();
	const latest = useRef(0);

	const reload = useCallback(() => {
		latest.current += 1;
		const mine = latest.current;
		void call(name, JSON.parse(key) as CallInput<N>).then((result) => {
			if (mine === latest.current) setAnswer({ key, result });
		});
	}, [name, key]);

	useEffect(() => {
		reload();
		return () => {
			latest.current += 1;
		};
	}, [reload]);

	useEffect(() => {
		if (watched === '') return undefined;
		return listen('data.changed', ({ area }) => {
			if (watched.split(' ').includes(area)) reload();
		});
	}, [reload, watched]);

	if (answer === undefined || answer.key !== key) return { status: 'loading', reload };
	return answer.result.ok ? { status: 'ready', value: answer.result.value, reload } : { status: 'failed', error: answer.result.error, reload };
}

export interface Action<N extends CallName> {
	/** Makes the call. The result is returned as well, so that the caller can go on from it. */
	readonly run: (input: CallInput<N>) => Promise<Result<CallOutput<N>>>;
	readonly pending: boolean;
	/** Why the last run failed, until the next run or `clear`. */
	readonly error: ErrorInfo | undefined;
	readonly clear: () => void;
}

/** A call that the person starts. */
export function useAction<N extends CallName>(name: N): Action<N> {
	const [state, setState] = useState<{ readonly pending: boolean; readonly error: ErrorInfo | undefined }>({ pending: false, error: undefined });
	const run = useCallback(
		async (input: CallInput<N>) => {
			setState({ pending: true, error: undefined });
			const result = await call(name, input);
			setState({ pending: false, error: result.ok ? undefined : result.error });
			return result;
		},
		[name],
	);
	const clear = useCallback(() => setState({ pending: false, error: undefined }), []);
	return { run, pending: state.pending, error: state.error, clear };
}

/** How far the exchange `id` is; undefined before the first word about it. */
export function useProgress(id: string | undefined): EventPayload<'exchange.progress'> | undefined {
	const [progress, setProgress] = useState<EventPayload<'exchange.progress'>>();
	useEffect(
		() =>
			listen('exchange.progress', (event) => {
				if (event.id === id) setProgress(event);
			}),
		[id],
	);
	return progress?.id === id ? progress : undefined;
}
