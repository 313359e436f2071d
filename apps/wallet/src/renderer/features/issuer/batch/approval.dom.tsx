import type { Batch } from '@holdfast/contract';
import { Badge, Button, FileDrop, Inline, Section, Stack, useToast } from '@holdfast/ui';
import type { ReactElement } from 'react';
import { useAction } from '../../../shell/calls.dom.ts';
import { Problem } from '../../../shell/feedback.dom.tsx';

interface BatchApprovalProps {
	readonly batch: Batch;
	readonly approval: NonNullable<Batch['approval']>;
	readonly onChanged: () => void;
}

/** How many of those who have approved are enough. */
export const isApproved = ({ approval }: Batch): boolean =>
	approval === null || approval.approvers.filter(({ hasApproved }) => hasApproved).length >= approval.needed;

/** Whose approval a large table needs, and the files that pass between the two. */
export function BatchApproval({ batch, approval, onChanged }: BatchApprovalProps): ReactElement {
	const request = useAction('approvals.request');
	const take = useAction('approvals.take');
	const toast = useToast();
	const read = async (file: File) => {
		if (file.size === 0 || file.size > 128 * 1024) return;
		const result = await take.run({ id: batch.id, text: await file.text() });
		if (!result.ok) return;
		toast({ title: `${result.value.by} has approved it`, tone: 'positive' });
		onChanged();
	};
	return (
		<Section
			title="Approval of somebody else"
			description={`A table of this size needs ${approval.needed} of these approvals. A row that is mended afterwards needs them anew.`}
		>
			<Stack gap={4}>
				<ul className="app-rows hf-list-reset" aria-label="Approvals">
					{approval.approvers.map(({ name, hasApproved }) => (
						<li key={name} className="app-row">
							<span className="app-row__words">{name}</span>
							<Badge tone={hasApproved ? 'positive' : 'neutral'}>{hasApproved ? 'Approved' : 'Not yet'}</Badge>
						</li>
					))}
				</ul>
				<Inline>
					<Button
						isPending={request.pending}
						onPress={() =>
							void request.run({ id: batch.id }).then((result) => {
								if (result.ok && result.value.path !== null) toast({ title: 'The request was written', description: result.value.path, tone: 'positive' });
							})
						}
					>
						Write the request for them
					</Button>
				</Inline>
				<FileDrop
					label="An approval that came back"
					accept=".jwt,.txt,text/plain,application/jwt"
					onFile={(file) => void read(file)}
					isDisabled={take.pending}
				/>
				<Problem title="The request was not written" error={request.error} />
				<Problem title="The approval was not taken in" error={take.error} />
			</Stack>
		</Section>
	);
}
