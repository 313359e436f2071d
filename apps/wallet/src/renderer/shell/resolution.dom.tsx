import type { Resolution } from '@holdfast/contract';
import { Badge, Button, CopyButton, IconRefresh, Inline, Stack, Text } from '@holdfast/ui';
import type { ReactElement } from 'react';
import { copyText } from './copy.dom.tsx';
import { formatSpan } from './format.ts';

export interface ResolutionViewProps {
	readonly resolution: Resolution;
	readonly onRefresh: () => void;
	readonly isRefreshing: boolean;
}

/** A DID document, with how old it is. */
export function ResolutionView({ resolution, onRefresh, isRefreshing }: ResolutionViewProps): ReactElement {
	const json = JSON.stringify(resolution.document, null, 2);
	return (
		<Stack gap={3}>
			<Inline justify="between">
				<Inline>
					<Badge>{resolution.method}</Badge>
					{resolution.own && <Badge tone="info">Yours</Badge>}
					<Text as="span" size="sm" tone="muted">
						{resolution.fromCache ? `Kept here, read ${formatSpan(resolution.ageMs)} ago` : 'Read just now'}
					</Text>
				</Inline>
				<Inline>
					<CopyButton label="Copy DID document" variant="words" onCopy={() => copyText(json)} />
					<Button size="small" icon={IconRefresh} isPending={isRefreshing} onPress={onRefresh}>
						Refresh
					</Button>
				</Inline>
			</Inline>
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard */}
			<section className="app-json" aria-label="DID document as JSON" tabIndex={0}>
				<pre>{json}</pre>
			</section>
		</Stack>
	);
}
