import type { ErrorInfo } from '@holdfast/kernel';
import { Banner, Button, IconRefresh, Skeleton, Stack } from '@holdfast/ui';
import { type ReactElement, type ReactNode, useEffect, useState } from 'react';
import type { Query } from './calls.dom.ts';

export interface ProblemProps {
	/** Nothing is shown while there is none. */
	readonly error: ErrorInfo | undefined;
	/** What did not work, in a few words. */
	readonly title?: string;
	readonly onRetry?: (() => void) | undefined;
	readonly retryLabel?: string;
}

/** What went wrong and what to do, announced at once. The code is there for whoever has to look it up. */
export function Problem({ error, title, onRetry, retryLabel = 'Try again' }: ProblemProps): ReactElement | null {
	if (error === undefined) return null;
	return (
		<Banner
			tone="negative"
			role="alert"
			title={title}
			actions={
				onRetry && (
					<Button size="small" icon={IconRefresh} onPress={onRetry}>
						{retryLabel}
					</Button>
				)
			}
		>
			<p>{error.message}</p>
			<p className="app-code">{error.code}</p>
		</Banner>
	);
}

/** How long a read may take before its place is drawn, in milliseconds: local reads are faster than that. */
const PATIENCE = 120;

function Waiting({ words }: { readonly words: string }): ReactElement {
	const [isLong, setLong] = useState(false);
	useEffect(() => {
		const timer = setTimeout(() => setLong(true), PATIENCE);
		return () => clearTimeout(timer);
	}, []);
	return (
		<div aria-busy="true">
			{isLong && (
				<>
					<p className="hf-visually-hidden" role="status">
						{words}
					</p>
					<Stack gap={4}>
						<Skeleton width="60%" height="1.4rem" />
						<Skeleton height="6rem" />
						<Skeleton height="6rem" />
					</Stack>
				</>
			)}
		</div>
	);
}

export interface LoadedProps<T> {
	readonly query: Query<T>;
	/** What is being read: "your documents". */
	readonly what: string;
	readonly children: (value: T) => ReactNode;
}

/** Shows what a query found, or that it is on its way, or why it is not there and how to try again. */
export function Loaded<T>({ query, what, children }: LoadedProps<T>): ReactElement {
	if (query.status === 'loading') return <Waiting words={`Reading ${what}…`} />;
	if (query.status === 'failed') return <Problem title={`Holdfast could not read ${what}`} error={query.error} onRetry={query.reload} />;
	return <>{children(query.value)}</>;
}
