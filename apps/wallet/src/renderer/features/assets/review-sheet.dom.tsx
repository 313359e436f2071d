import type { OwnershipReview } from '@holdfast/contract';
import type { ErrorInfo } from '@holdfast/kernel';
import { Banner, Button, Inline, KeyValueList, Panel, ProgressBar, Stack, Text } from '@holdfast/ui';
import type { ReactElement } from 'react';
import { useAction, useProgress } from '../../shell/calls.dom.ts';
import { Problem } from '../../shell/feedback.dom.tsx';
import { Screen } from '../../shell/screen.dom.tsx';

export interface ReviewSheetProps {
	readonly title: string;
	readonly review: OwnershipReview;
	/** What stays hidden, in a sentence. */
	readonly hidden: string;
	/** Above the error, where approving did not work. */
	readonly problem: string;
	readonly error: ErrorInfo | undefined;
	readonly isApproving: boolean;
	/** What is going on while it takes long; it can be cancelled then. */
	readonly working?: string;
	readonly isDiscarding: boolean;
	readonly onApprove: () => void;
	readonly onBack: () => void;
}

/** What is about to be signed or proven, in the vault process's words, to approve or to discard. */
export function ReviewSheet({ title, review, hidden, problem, error, working, isApproving, isDiscarding, onApprove, onBack }: ReviewSheetProps): ReactElement {
	return (
		<Screen key="review" title={title} lead={`${review.sentence}.`} back={{ label: 'Change', onNavigate: onBack }}>
			<Stack gap={5}>
				{review.warnings.map((warning) => (
					<Banner key={warning} tone="caution">
						{warning}
					</Banner>
				))}
				<Panel variant="sheet">
					<KeyValueList items={review.lines.map(({ label, value }) => ({ id: label, label, value }))} />
				</Panel>
				<Text size="sm" tone="muted">
					{hidden}
				</Text>
				<Problem title={problem} error={error} />
				{working !== undefined && isApproving ? (
					<Working id={review.id} label={working} />
				) : (
					<Inline justify="end">
						<Button isPending={isDiscarding} onPress={onBack}>
							Discard
						</Button>
						<Button variant="primary" isPending={isApproving} onPress={onApprove}>
							Approve
						</Button>
					</Inline>
				)}
			</Stack>
		</Screen>
	);
}

/** How far the work under this id is, with a button that stops it. */
export function Working({ id, label }: { readonly id: string; readonly label: string }): ReactElement {
	const progress = useProgress(id);
	const cancel = useAction('exchange.cancel');
	return (
		<Stack gap={3}>
			<ProgressBar label={label} value={progress?.done} max={progress?.of} />
			<Inline justify="end">
				<Button isPending={cancel.pending} onPress={() => void cancel.run({ id })}>
					Cancel
				</Button>
			</Inline>
		</Stack>
	);
}
