import type { OwnershipReview } from '@holdfast/contract';
import { Banner, Button, Inline, Stack, TextField } from '@holdfast/ui';
import type { FormEvent, ReactElement } from 'react';
import { useAction } from '../../../shell/calls.dom.ts';
import { Problem } from '../../../shell/feedback.dom.tsx';
import { type KnownProps, RebuildGroup } from './group.dom.tsx';

/** Chooses as an owner who is not named, in a group that this wallet rebuilt. */
export function Choose({ known, onKnown, onReview }: KnownProps & { readonly onReview: (review: OwnershipReview) => void }): ReactElement {
	const { rebuilt } = known;
	return (
		<Stack gap={6}>
			<RebuildGroup known={known} onKnown={onKnown} />
			{rebuilt && !rebuilt.crowd.isMember && (
				<Banner tone="negative" title="You are not in this group">
					Your own statement is not in the list, or does not count. Take part first, and use the list that has your statement.
				</Banner>
			)}
			{rebuilt?.crowd.isMember && !rebuilt.group.isOver && <ChoiceForm id={rebuilt.group.id} known={known} onKnown={onKnown} onReview={onReview} />}
		</Stack>
	);
}

interface ChoiceFormProps extends KnownProps {
	readonly id: string;
	readonly onReview: (review: OwnershipReview) => void;
}

function ChoiceForm({ id, known, onKnown, onReview }: ChoiceFormProps): ReactElement {
	const prepare = useAction('owners.prepareChoice');
	const { purpose, choice } = known;
	const isReady = purpose.trim() !== '' && choice.trim() !== '';
	const submit = async (event: FormEvent) => {
		event.preventDefault();
		if (!isReady || prepare.pending) return;
		const result = await prepare.run({ id, purpose: purpose.trim(), choice: choice.trim() });
		if (result.ok) onReview(result.value);
	};
	return (
		<form className="app-narrow" onSubmit={(event) => void submit(event)}>
			<Stack gap={4}>
				<TextField
					label="What it is about"
					description="In exactly the words of whoever asks. You can choose once for it."
					value={purpose}
					onChange={(value) => onKnown({ ...known, purpose: value })}
					maxLength={300}
				/>
				<TextField
					label="Your choice"
					description="In exactly the words that can be chosen."
					value={choice}
					onChange={(value) => onKnown({ ...known, choice: value })}
					maxLength={300}
				/>
				<Problem title="The choice was not prepared" error={prepare.error} />
				<Inline justify="end">
					<Button type="submit" variant="primary" isPending={prepare.pending} isDisabled={!isReady}>
						Continue
					</Button>
				</Inline>
			</Stack>
		</form>
	);
}
