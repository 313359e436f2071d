import type { Verification } from '@holdfast/contract';
import { Badge, Button, EmptyState, IconVerify, Inline, Text, type Tone } from '@holdfast/ui';
import type { ReactElement } from 'react';
import { useLocation } from 'wouter';
import { useQuery } from '../../../shell/calls.dom.ts';
import { Loaded } from '../../../shell/feedback.dom.tsx';
import { formatMoment } from '../../../shell/format.ts';
import { paths } from '../../../shell/paths.ts';

function stateOf(verification: Verification): { readonly word: string; readonly tone: Tone } {
	switch (verification.state) {
		case 'open':
			return { word: 'Waiting', tone: 'info' };
		case 'received':
			return { word: 'Checking', tone: 'info' };
		case 'done':
			return verification.verdict?.accepted ? { word: 'Verified', tone: 'positive' } : { word: 'Not verified', tone: 'negative' };
		case 'refused':
			return { word: 'Refused', tone: 'caution' };
		case 'expired':
			return { word: 'Expired', tone: 'caution' };
		case 'cancelled':
			return { word: 'Cancelled', tone: 'neutral' };
	}
}

/** What was asked of others, and what came of it. */
export function Requests(): ReactElement {
	const [, go] = useLocation();
	const requests = useQuery('verify.list', {}, ['verifications']);
	return (
		<Loaded query={requests} what="your requests">
			{(list) =>
				list.length === 0 ? (
					<EmptyState icon={IconVerify} title="No requests yet">
						Ask somebody to show a document. They decide in their own wallet, and you see what they showed and how far it can be relied on.
					</EmptyState>
				) : (
					<ul className="app-rows hf-list-reset" aria-label="Requests">
						{list.map((each) => {
							const { word, tone } = stateOf(each);
							return (
								<li key={each.id} className="app-row">
									<div className="app-row__words">
										<Inline>
											<strong>{each.title}</strong>
											<Badge tone={tone}>{word}</Badge>
										</Inline>
										<Text size="sm" tone="muted">
											{each.verdict?.sentence ?? each.asks.join('; ')} · {formatMoment(each.receivedAt ?? each.createdAt)}
										</Text>
									</div>
									<Button size="small" onPress={() => go(paths.verification(each.id))} aria-label={`Show request: ${each.title}`}>
										Show
									</Button>
								</li>
							);
						})}
					</ul>
				)
			}
		</Loaded>
	);
}
