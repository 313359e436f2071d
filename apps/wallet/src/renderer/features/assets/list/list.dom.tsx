import type { CallInput, Collection, TokenStandard } from '@holdfast/contract';
import { Badge, Button, Dialog, Disclosure, EmptyState, IconAdd, IconCollectible, Inline, RadioGroup, Select, Stack, Text, TextField } from '@holdfast/ui';
import { type FormEvent, type ReactElement, useState } from 'react';
import { useLocation } from 'wouter';
import { useAction, useQuery } from '../../../shell/calls.dom.ts';
import { Loaded, Problem } from '../../../shell/feedback.dom.tsx';
import { paths } from '../../../shell/paths.ts';
import { Screen } from '../../../shell/screen.dom.tsx';
import { isAddress, STANDARD_OPTIONS, standardName } from '../../../shell/tokens.ts';

/** Collections of tokens, each with an account that no other collection knows. */
export function AssetsScreen(): ReactElement {
	const [, go] = useLocation();
	const collections = useQuery('assets.list', {}, ['assets', 'networks']);
	const [isAdding, setAdding] = useState(false);
	const add = (
		<Button variant="primary" icon={IconAdd} onPress={() => setAdding(true)}>
			Add a collection
		</Button>
	);
	const isEmpty = collections.status === 'ready' && collections.value.length === 0;
	return (
		<Screen
			title="Assets"
			lead={isEmpty ? undefined : 'Each collection has an account of its own. Whoever sees one learns nothing about the others.'}
			action={isEmpty ? undefined : add}
		>
			<Loaded query={collections} what="your collections">
				{(list) =>
					list.length === 0 ? (
						<EmptyState icon={IconCollectible} title="No collections yet" action={add}>
							Add a collection of tokens (NFTs) and you get an address for it alone. With a token there you can prove that you own it, and show no other account
							of yours.
						</EmptyState>
					) : (
						<ul className="app-rows hf-list-reset" aria-label="Collections">
							{list.map((each) => (
								<Row key={each.id} collection={each} onOpen={() => go(paths.collection(each.id))} />
							))}
						</ul>
					)
				}
			</Loaded>
			{isAdding && (
				<AddCollection
					onClose={() => setAdding(false)}
					onAdded={(id) => {
						setAdding(false);
						go(paths.collection(id));
					}}
				/>
			)}
		</Screen>
	);
}

function Row({ collection, onOpen }: { readonly collection: Collection; readonly onOpen: () => void }): ReactElement {
	return (
		<li className="app-row">
			<div className="app-row__words">
				<Inline>
					<strong>{collection.name}</strong>
					<Badge>{collection.network}</Badge>
					<Badge>{standardName(collection.standard)}</Badge>
				</Inline>
				<Text size="sm" tone="muted">
					Your account: <span className="app-mono">{collection.account}</span>
				</Text>
			</div>
			<Button size="small" onPress={onOpen} aria-label={`Open ${collection.name}`}>
				Open
			</Button>
		</li>
	);
}

function AddCollection({ onClose, onAdded }: { readonly onClose: () => void; readonly onAdded: (id: string) => void }): ReactElement {
	const networks = useQuery('networks.list', {}, ['networks']);
	const add = useAction('assets.add');
	const [chainId, setChainId] = useState<string>();
	const [contract, setContract] = useState('');
	const [name, setName] = useState('');
	const [standard, setStandard] = useState<TokenStandard | 'ask'>('ask');
	const list = networks.status === 'ready' ? networks.value : [];
	const network = list.find((each) => String(each.chainId) === chainId) ?? list[0];
	const isContract = isAddress(contract.trim());
	const isReady = network !== undefined && isContract;
	const submit = async (event: FormEvent) => {
		event.preventDefault();
		if (!isReady || add.pending) return;
		const input: CallInput<'assets.add'> = { chainId: network.chainId, contract: contract.trim() };
		if (name.trim() !== '') input.name = name.trim();
		if (standard !== 'ask') input.standard = standard;
		const result = await add.run(input);
		if (result.ok) onAdded(result.value.id);
	};
	return (
		<Dialog
			isOpen
			onClose={onClose}
			title="Add a collection"
			actions={
				<>
					<Button onPress={onClose}>Cancel</Button>
					<Button type="submit" form="add-collection" variant="primary" isPending={add.pending} pendingLabel="Looking it up…" isDisabled={!isReady}>
						Add collection
					</Button>
				</>
			}
		>
			<form id="add-collection" onSubmit={(event) => void submit(event)}>
				<Stack gap={4}>
					<Select
						label="Network"
						options={list.map((each) => ({ value: String(each.chainId), label: each.name }))}
						value={network === undefined ? undefined : String(network.chainId)}
						onChange={setChainId}
					/>
					<TextField
						label="Contract"
						description="The collection’s address. Take it from the collection’s own site."
						value={contract}
						onChange={setContract}
						placeholder="0x"
						isMono
						autoFocus
						maxLength={42}
						error={contract === '' || isContract ? undefined : 'An address is 0x and 40 hexadecimal digits.'}
					/>
					<Disclosure label="Name and kind">
						<Stack gap={4}>
							<TextField
								label="Name"
								isOptional
								description="Only you see it. Empty: what the contract calls itself."
								value={name}
								onChange={setName}
								maxLength={80}
							/>
							<RadioGroup
								label="How it counts"
								options={[{ value: 'ask' as const, label: 'Ask the contract' }, ...STANDARD_OPTIONS]}
								value={standard}
								onChange={setStandard}
							/>
						</Stack>
					</Disclosure>
					{network && (
						<Text size="sm" tone="muted">
							What the contract is, is asked of {new URL(network.rpcUrl).hostname}. Its operator sees that somebody at your internet address looks at this
							collection.
						</Text>
					)}
					<Problem title="The collection was not added" error={add.error} />
				</Stack>
			</form>
		</Dialog>
	);
}
