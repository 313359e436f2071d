import type { SafeState } from '@holdfast/contract';
import { Banner, Button, ConfirmDialog, Inline, Section, Stack } from '@holdfast/ui';
import { type ReactElement, useState } from 'react';
import { useLocation } from 'wouter';
import { useAction, useQuery } from '../../../shell/calls.dom.ts';
import { CopyField } from '../../../shell/copy.dom.tsx';
import { Loaded, Problem } from '../../../shell/feedback.dom.tsx';
import { paths } from '../../../shell/paths.ts';
import { LeaveSignature, Signers, WriteFile } from '../signers.dom.tsx';

interface SafePanelProps {
	readonly daoId: string;
	readonly proposalId: string;
	/** Whether it can still be carried out. */
	readonly isOpen: boolean;
}

/** Who has signed a Safe's transaction, how it reaches the other owners, and what carries it out. */
export function SafePanel({ daoId, proposalId, isOpen }: SafePanelProps): ReactElement {
	const [, go] = useLocation();
	const state = useQuery('safe.state', { daoId, proposalId }, ['votes']);
	const forget = useAction('safe.forget');
	const [isForgetting, setForgetting] = useState(false);
	return (
		<Section title="Owners who have signed">
			<Stack gap={5}>
				<Loaded query={state} what="who has signed">
					{(value) => (
						<Stack gap={5}>
							<Signers state={value} />
							<HandOn daoId={daoId} proposalId={proposalId} state={value} />
							{isOpen && value.execution === null && value.waits !== null && <Banner tone="info">{value.waits}</Banner>}
							{isOpen && value.execution && (
								<Stack gap={4}>
									<Banner tone="positive" title="Enough owners have signed">
										Anybody can send this transaction now, from any account: one of the owners, a relayer, another wallet of yours. Whoever sends it pays for
										it, and is seen to have sent it.
									</Banner>
									<CopyField label="Safe" value={value.execution.to} />
									<CopyField label="Call data" value={value.execution.data} description={`Chain ${value.execution.chainId}`} />
								</Stack>
							)}
						</Stack>
					)}
				</Loaded>
				<Problem title="It is still here" error={forget.error} />
				<Inline>
					<Button size="small" onPress={() => setForgetting(true)}>
						Forget this transaction
					</Button>
				</Inline>
			</Stack>
			<ConfirmDialog
				isOpen={isForgetting}
				title="Forget this transaction?"
				confirmLabel="Forget"
				isPending={forget.pending}
				onConfirm={() =>
					void forget.run({ daoId, proposalId }).then((result) => {
						setForgetting(false);
						if (result.ok) go(paths.dao(daoId));
					})
				}
				onCancel={() => setForgetting(false)}
			>
				It goes from this wallet only. Signatures that were handed on stay good until the Safe has carried out another transaction with this counter.
			</ConfirmDialog>
		</Section>
	);
}

interface HandOnProps {
	readonly daoId: string;
	readonly proposalId: string;
	readonly state: SafeState;
}

function HandOn({ daoId, proposalId, state }: HandOnProps): ReactElement {
	return (
		<Stack gap={3}>
			<Inline>
				<WriteFile daoId={daoId} id={proposalId} />
				{state.service !== null && state.own && <LeaveSignature daoId={daoId} id={proposalId} service={state.service} />}
			</Inline>
		</Stack>
	);
}
