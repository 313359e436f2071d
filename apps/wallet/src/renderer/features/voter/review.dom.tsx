import type { Vote, VoteReview } from '@holdfast/contract';
import { Banner, Button, Disclosure, Inline, KeyValueList, Panel, Stack, Text } from '@holdfast/ui';
import type { ReactElement } from 'react';
import { useAction } from '../../shell/calls.dom.ts';
import { Problem } from '../../shell/feedback.dom.tsx';
import { Screen } from '../../shell/screen.dom.tsx';

interface ReviewStepProps {
	readonly review: VoteReview;
	/** The screen that it came from. */
	readonly from: string;
	readonly onBack: () => void;
	readonly onDone: (vote: Vote) => void;
}

/** What will be signed, in the vault process's words. */
export function ReviewStep({ review, from, onBack, onDone }: ReviewStepProps): ReactElement {
	const approve = useAction('votes.approve');
	const refuse = useAction('votes.refuse');
	const sign = async (submit: boolean) => {
		const result = await approve.run({ id: review.id, submit });
		if (result.ok) onDone(result.value);
	};
	// A review is signed once: whatever became of it, it is not open any more.
	const isOver = approve.error !== undefined;
	const back = () => {
		if (!isOver) void refuse.run({ id: review.id });
		onBack();
	};
	return (
		<Screen
			key="review"
			title={from === 'Proposal' ? 'Review your vote' : 'Review what you sign'}
			lead={review.sentence}
			back={approve.pending ? undefined : { label: from, onNavigate: back }}
		>
			<Stack gap={5}>
				<Panel variant="sheet">
					<KeyValueList items={review.lines.map(({ label, value }) => ({ id: label, label, value }))} />
				</Panel>
				{review.warnings.map((warning) => (
					<Banner key={warning} tone="caution">
						{warning}
					</Banner>
				))}
				<Disclosure label="Digest">
					<Text size="sm" tone="muted">
						What the key signs (EIP-712), to compare with another device.
					</Text>
					<p className="app-mono">{review.digest}</p>
				</Disclosure>
				<Problem title="It was not handed in" error={approve.error} />
				<Inline justify="between">
					<Button isDisabled={approve.pending} onPress={back}>
						{isOver ? 'Back' : 'Do not sign'}
					</Button>
					{!isOver && (
						<Inline>
							{review.way === 'submit' && review.taker !== null && (
								<Button isDisabled={approve.pending} onPress={() => void sign(false)}>
									Sign only
								</Button>
							)}
							<Button variant="primary" isPending={approve.pending} onPress={() => void sign(review.way === 'submit')}>
								{review.taker === null ? 'Sign' : `Sign and send to ${review.taker}`}
							</Button>
						</Inline>
					)}
				</Inline>
			</Stack>
		</Screen>
	);
}
