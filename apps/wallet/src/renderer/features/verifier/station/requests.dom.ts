import type { StationRequest } from '@holdfast/contract';
import type { ErrorInfo } from '@holdfast/kernel';
import { useCallback, useEffect, useRef, useState } from 'react';
import { call } from '../../../shell/bridge.dom.ts';

/** Requests that are made ahead, so that nobody in the queue waits for one. */
const AHEAD = 5;
/** One that has less than this left is not shown: somebody would scan it and be late. */
const LEAST_LEFT_MS = 60_000;
const LOOK_MS = 5000;

export interface Requests {
	readonly current: StationRequest | undefined;
	readonly error: ErrorInfo | undefined;
	/** The next person's turn. */
	readonly next: () => void;
}

/** One request for each person, from a stock that is filled up in time. */
export function useRequests(policyId: string): Requests {
	const stock = useRef<StationRequest[]>([]);
	const isFilling = useRef(false);
	const [current, setCurrent] = useState<StationRequest>();
	const [error, setError] = useState<ErrorInfo>();

	const next = useCallback(() => {
		const isGood = (each: StationRequest) => each.expiresAt - Date.now() > LEAST_LEFT_MS;
		const show = () => {
			stock.current = stock.current.filter(isGood);
			const first = stock.current.shift();
			if (first) setCurrent(first);
			return first !== undefined;
		};
		const isShown = show();
		if (stock.current.length > 1 || isFilling.current) return;
		isFilling.current = true;
		void call('station.requests', { policyId, count: AHEAD }).then((result) => {
			isFilling.current = false;
			setError(result.ok ? undefined : result.error);
			if (!result.ok) return;
			stock.current.push(...result.value);
			if (!isShown) show();
		});
	}, [policyId]);

	useEffect(() => next(), [next]);
	const expiresAt = current?.expiresAt;
	useEffect(() => {
		if (expiresAt === undefined) return undefined;
		const timer = setInterval(() => {
			if (expiresAt - Date.now() <= LEAST_LEFT_MS) next();
		}, LOOK_MS);
		return () => clearInterval(timer);
	}, [expiresAt, next]);
	return { current, error, next };
}
