import type { TrustedIssuer } from '@holdfast/contract';
import { Button, ConfirmDialog, Dialog, EmptyState, IconAdd, IconTrust, Inline, Mono, Stack, Text, TextField } from '@holdfast/ui';
import { type FormEvent, type ReactElement, useState } from 'react';
import { useAction, useQuery } from '../../../shell/calls.dom.ts';
import { copyText } from '../../../shell/copy.dom.tsx';
import { Loaded, Problem } from '../../../shell/feedback.dom.tsx';
import { formatDay } from '../../../shell/format.ts';

function AddDialog({ isOpen, onClose }: { readonly isOpen: boolean; readonly onClose: () => void }): ReactElement {
	const [issuer, setIssuer] = useState('');
	const [name, setName] = useState('');
	const add = useAction('trust.add');
	const isIssuer = /^(did:|https:\/\/)\S+$/.test(issuer.trim());
	const close = () => {
		setIssuer('');
		setName('');
		add.clear();
		onClose();
	};
	const submit = async (event: FormEvent) => {
		event.preventDefault();
		if (!isIssuer || name.trim() === '' || add.pending) return;
		const result = await add.run({ issuer: issuer.trim(), name: name.trim() });
		if (result.ok) close();
	};
	return (
		<Dialog
			isOpen={isOpen}
			onClose={close}
			title="Add an issuer"
			actions={
				<>
					<Button onPress={close}>Cancel</Button>
					<Button type="submit" form="add-issuer" variant="primary" isPending={add.pending} isDisabled={!isIssuer || name.trim() === ''}>
						Add issuer
					</Button>
				</>
			}
		>
			<form id="add-issuer" onSubmit={(event) => void submit(event)}>
				<Stack gap={4}>
					<Text>You will accept what this issuer signs. Take its identifier from a source that you trust, such as its own website.</Text>
					<TextField
						label="Issuer’s identifier"
						description="A DID, or an https address."
						value={issuer}
						onChange={setIssuer}
						autoFocus
						isMono
						maxLength={2048}
						error={issuer.trim() === '' || isIssuer ? undefined : 'It starts with “did:” or “https://”.'}
					/>
					<TextField label="Name on your list" value={name} onChange={setName} maxLength={120} />
					<Problem title="The issuer was not added" error={add.error} />
				</Stack>
			</form>
		</Dialog>
	);
}

/** The issuers whose documents are accepted. */
export function TrustedIssuers(): ReactElement {
	const trusted = useQuery('trust.list', {}, ['trust']);
	const remove = useAction('trust.remove');
	const [isAdding, setAdding] = useState(false);
	const [removing, setRemoving] = useState<TrustedIssuer>();
	const add = (
		<Button icon={IconAdd} onPress={() => setAdding(true)}>
			Add an issuer
		</Button>
	);
	const confirm = async () => {
		if (!removing) return;
		const result = await remove.run({ issuer: removing.issuer });
		setRemoving(undefined);
		if (result.ok) trusted.reload();
	};
	return (
		<Stack gap={4}>
			<Problem title="The issuer was not removed" error={remove.error} />
			<Loaded query={trusted} what="your list of issuers">
				{(list) =>
					list.length === 0 ? (
						<EmptyState icon={IconTrust} title="No issuers on your list" action={add}>
							A signature says that a document is unchanged, not that its issuer may issue it. Whom you believe is up to you: put them here.
						</EmptyState>
					) : (
						<Stack gap={4}>
							<ul className="app-rows hf-list-reset" aria-label="Trusted issuers">
								{list.map((each) => (
									<li key={each.issuer} className="app-row">
										<div className="app-row__words">
											<strong>{each.name}</strong>
											<Text size="sm" tone="muted">
												<Mono label="identifier" onCopy={() => copyText(each.issuer)}>
													{each.issuer}
												</Mono>{' '}
												· added {formatDay(each.addedAt)}
											</Text>
										</div>
										<Button size="small" onPress={() => setRemoving(each)} aria-label={`Remove ${each.name}`}>
											Remove
										</Button>
									</li>
								))}
							</ul>
							<Inline>{add}</Inline>
						</Stack>
					)
				}
			</Loaded>
			<AddDialog
				isOpen={isAdding}
				onClose={() => {
					setAdding(false);
					trusted.reload();
				}}
			/>
			<ConfirmDialog
				isOpen={removing !== undefined}
				title="Remove this issuer?"
				confirmLabel="Remove issuer"
				isDanger
				isPending={remove.pending}
				onConfirm={() => void confirm()}
				onCancel={() => setRemoving(undefined)}
			>
				Documents signed by {removing?.name} are no longer accepted by your checks.
			</ConfirmDialog>
		</Stack>
	);
}
