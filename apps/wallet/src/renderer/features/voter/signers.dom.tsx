import type { SafeState } from '@holdfast/contract';
import { Badge, Button, ConfirmDialog, Inline, Stack, Text, useToast } from '@holdfast/ui';
import { type ReactElement, type ReactNode, useState } from 'react';
import { useLocation } from 'wouter';
import { useAction } from '../../shell/calls.dom.ts';
import { Problem } from '../../shell/feedback.dom.tsx';
import { paths } from '../../shell/paths.ts';

/** Which owners of a Safe have signed, of how many that have to. */
export function Signers({ state }: { readonly state: Pick<SafeState, 'signers' | 'need' | 'own'> }): ReactElement {
	return (
		<Stack gap={2}>
			<Inline>
				<Badge tone={state.signers.length >= state.need ? 'positive' : 'neutral'}>
					{state.signers.length} of {state.need}
				</Badge>
				{state.own && <Badge tone="info">You have signed</Badge>}
			</Inline>
			{state.signers.length === 0 ? (
				<Text tone="muted">Nobody has signed it yet.</Text>
			) : (
				<ul className="app-list" aria-label="Owners who have signed">
					{state.signers.map((owner) => (
						<li key={owner}>
							<span className="app-mono">{owner}</span>
						</li>
					))}
				</ul>
			)}
		</Stack>
	);
}

/** Writes a Safe's transaction or message with its signatures into a folder that is chosen. */
export function WriteFile({ daoId, id }: { readonly daoId: string; readonly id: string }): ReactElement {
	const toast = useToast();
	const write = useAction('safe.writeFile');
	const save = async () => {
		const result = await write.run({ daoId, proposalId: id });
		if (result.ok && result.value.path !== null) toast({ title: 'The file is written', description: result.value.path });
	};
	return (
		<>
			<Button isPending={write.pending} onPress={() => void save()}>
				Write a file for the other owners
			</Button>
			<Problem title="The file was not written" error={write.error} />
		</>
	);
}

/** Leaves the account's signature at the owners' service once more: it may not have arrived when it was made. */
export function LeaveSignature({ daoId, id, service }: { readonly daoId: string; readonly id: string; readonly service: string }): ReactElement {
	const toast = useToast();
	const leave = useAction('safe.leave');
	const send = async () => {
		const result = await leave.run({ daoId, proposalId: id });
		if (result.ok) toast({ title: `Your signature is at ${service}` });
	};
	return (
		<>
			<Button isPending={leave.pending} onPress={() => void send()}>
				Send your signature to {service} again
			</Button>
			<Problem title="The service did not take it" error={leave.error} />
		</>
	);
}

interface ForgetProps {
	readonly daoId: string;
	readonly id: string;
	/** `this transaction`. */
	readonly what: string;
	/** What going from this wallet means. */
	readonly children: ReactNode;
}

/** Takes a Safe's transaction or message out of this wallet, after a question, and goes back to the Safe. */
export function Forget({ daoId, id, what, children }: ForgetProps): ReactElement {
	const [, go] = useLocation();
	const forget = useAction('safe.forget');
	const [isForgetting, setForgetting] = useState(false);
	const remove = async () => {
		const result = await forget.run({ daoId, proposalId: id });
		setForgetting(false);
		if (result.ok) go(paths.dao(daoId));
	};
	return (
		<Stack gap={3}>
			<Problem title="It is still here" error={forget.error} />
			<Inline>
				<Button size="small" onPress={() => setForgetting(true)}>
					{`Forget ${what}`}
				</Button>
			</Inline>
			<ConfirmDialog
				isOpen={isForgetting}
				title={`Forget ${what}?`}
				confirmLabel="Forget"
				isPending={forget.pending}
				onConfirm={() => void remove()}
				onCancel={() => setForgetting(false)}
			>
				{children}
			</ConfirmDialog>
		</Stack>
	);
}
