import { Banner, Inline, Section, Stack } from '@holdfast/ui';
import type { ReactElement } from 'react';
import { useQuery } from '../../../shell/calls.dom.ts';
import { CopyField } from '../../../shell/copy.dom.tsx';
import { Loaded } from '../../../shell/feedback.dom.tsx';
import { Forget, LeaveSignature, Signers, WriteFile } from '../signers.dom.tsx';

interface SafePanelProps {
	readonly daoId: string;
	readonly proposalId: string;
	/** Whether it can still be carried out. */
	readonly isOpen: boolean;
}

/** Who has signed a Safe's transaction, how it reaches the other owners, and what carries it out. */
export function SafePanel({ daoId, proposalId, isOpen }: SafePanelProps): ReactElement {
	const state = useQuery('safe.state', { daoId, proposalId }, ['votes']);
	return (
		<Section title="Owners who have signed">
			<Stack gap={5}>
				<Loaded query={state} what="who has signed">
					{(value) => (
						<Stack gap={5}>
							<Signers state={value} />
							<Inline>
								<WriteFile daoId={daoId} id={proposalId} />
								{value.service !== null && value.own && <LeaveSignature daoId={daoId} id={proposalId} service={value.service} />}
							</Inline>
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
				<Forget daoId={daoId} id={proposalId} what="this transaction">
					It goes from this wallet only. Signatures that were handed on stay good until the Safe has carried out another transaction with this counter.
				</Forget>
			</Stack>
		</Section>
	);
}
