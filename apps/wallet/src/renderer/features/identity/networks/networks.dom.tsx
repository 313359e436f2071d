import type { Network } from '@holdfast/contract';
import { Badge, Button, ConfirmDialog, Dialog, EmptyState, IconAdd, IconNetwork, Inline, Stack, Text, TextField } from '@holdfast/ui';
import { type FormEvent, type ReactElement, useState } from 'react';
import { useAction, useQuery } from '../../../shell/calls.dom.ts';
import { Loaded, Problem } from '../../../shell/feedback.dom.tsx';

function AddNetwork({ onClose, onAdded }: { readonly onClose: () => void; readonly onAdded: () => void }): ReactElement {
	const [name, setName] = useState('');
	const [chainId, setChainId] = useState('');
	const [rpcUrl, setRpcUrl] = useState('');
	const [registry, setRegistry] = useState('');
	const save = useAction('networks.save');
	const isChain = /^[1-9]\d{0,14}$/.test(chainId.trim());
	const isUrl = URL.canParse(rpcUrl.trim());
	const isRegistry = registry.trim() === '' || /^0x[0-9a-fA-F]{40}$/.test(registry.trim());
	const isReady = name.trim() !== '' && isChain && isUrl && isRegistry;
	const submit = async (event: FormEvent) => {
		event.preventDefault();
		if (!isReady || save.pending) return;
		const result = await save.run({
			name: name.trim(),
			chainId: Number(chainId),
			rpcUrl: rpcUrl.trim(),
			ethrRegistry: registry.trim() === '' ? null : registry.trim(),
		});
		if (result.ok) onAdded();
	};
	return (
		<Dialog
			isOpen
			onClose={onClose}
			title="Add a network"
			actions={
				<>
					<Button onPress={onClose}>Cancel</Button>
					<Button type="submit" form="add-network" variant="primary" isPending={save.pending} isDisabled={!isReady}>
						Add network
					</Button>
				</>
			}
		>
			<form id="add-network" onSubmit={(event) => void submit(event)}>
				<Stack gap={4}>
					<TextField label="Name" value={name} onChange={setName} autoFocus maxLength={64} />
					<TextField
						label="Chain id"
						value={chainId}
						onChange={setChainId}
						inputMode="numeric"
						isMono
						error={chainId === '' || isChain ? undefined : 'A chain id is a whole number, such as 1.'}
					/>
					<TextField
						label="RPC address"
						description="Its operator sees which accounts you look up."
						value={rpcUrl}
						onChange={setRpcUrl}
						type="url"
						placeholder="https://"
						isMono
						error={rpcUrl === '' || isUrl ? undefined : 'Write a whole address, with https://.'}
					/>
					<TextField
						label="did:ethr registry"
						isOptional
						description="The contract’s address; without it did:ethr does not work on this network."
						value={registry}
						onChange={setRegistry}
						placeholder="0x"
						isMono
						error={isRegistry ? undefined : 'An address is 0x and 40 hexadecimal digits.'}
					/>
					<Problem title="The network was not added" error={save.error} />
				</Stack>
			</form>
		</Dialog>
	);
}

/** The Ethereum networks that did:ethr and did:pkh can use. */
export function Networks(): ReactElement {
	const networks = useQuery('networks.list', {}, ['networks']);
	const remove = useAction('networks.remove');
	const [isAdding, setAdding] = useState(false);
	const [removing, setRemoving] = useState<Network>();
	const confirm = async () => {
		if (!removing) return;
		const result = await remove.run({ chainId: removing.chainId });
		setRemoving(undefined);
		if (result.ok) networks.reload();
	};
	const add = (
		<Button icon={IconAdd} onPress={() => setAdding(true)}>
			Add a network
		</Button>
	);
	return (
		<Stack gap={4}>
			<Problem title="The network was not removed" error={remove.error} />
			<Loaded query={networks} what="the networks">
				{(list) =>
					list.length === 0 ? (
						<EmptyState icon={IconNetwork} title="No networks" action={add}>
							did:ethr needs one. The other identities work without.
						</EmptyState>
					) : (
						<Stack gap={4}>
							<ul className="app-rows hf-list-reset" aria-label="Networks">
								{list.map((each) => (
									<li key={each.chainId} className="app-row">
										<div className="app-row__words">
											<Inline>
												<strong>{each.name}</strong>
												<Badge>{`chain ${each.chainId}`}</Badge>
												{each.custom && <Badge tone="info">Added by you</Badge>}
												{each.ethrRegistry === null && <Badge tone="caution">no did:ethr</Badge>}
											</Inline>
											<Text size="sm" tone="muted">
												<span className="app-mono">{each.rpcUrl}</span>
											</Text>
										</div>
										{each.custom && (
											<Button size="small" onPress={() => setRemoving(each)} aria-label={`Remove ${each.name}`}>
												Remove
											</Button>
										)}
									</li>
								))}
							</ul>
							<Inline>{add}</Inline>
						</Stack>
					)
				}
			</Loaded>
			{isAdding && (
				<AddNetwork
					onClose={() => setAdding(false)}
					onAdded={() => {
						setAdding(false);
						networks.reload();
					}}
				/>
			)}
			<ConfirmDialog
				isOpen={removing !== undefined}
				title="Remove this network?"
				confirmLabel="Remove network"
				isDanger
				isPending={remove.pending}
				onConfirm={() => void confirm()}
				onCancel={() => setRemoving(undefined)}
			>
				Identities on {removing?.name} can no longer be looked up until you add it again.
			</ConfirmDialog>
		</Stack>
	);
}
