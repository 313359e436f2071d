import type { Collection, Tokens } from '@holdfast/contract';
import {
	Banner,
	Button,
	ConfirmDialog,
	IconDelete,
	IconPeople,
	IconProof,
	IconSearch,
	Inline,
	KeyValueList,
	Section,
	Stack,
	Text,
	TextField,
	useToast,
} from '@holdfast/ui';
import { type FormEvent, type ReactElement, useState } from 'react';
import { useLocation } from 'wouter';
import { useAction, useQuery } from '../../../shell/calls.dom.ts';
import { copyText } from '../../../shell/copy.dom.tsx';
import { Loaded, Problem } from '../../../shell/feedback.dom.tsx';
import { paths } from '../../../shell/paths.ts';
import { Screen } from '../../../shell/screen.dom.tsx';
import { isTokenId, standardName } from '../../../shell/tokens.ts';
import { NoCollection } from '../no-collection.dom.tsx';
import { WalletsSection } from './wallets.dom.tsx';

/** One collection: the account to receive its tokens into, what is there, and proofs of it. */
export function CollectionScreen({ id }: { readonly id: string }): ReactElement {
	const [, go] = useLocation();
	const collections = useQuery('assets.list', {}, ['assets', 'networks']);
	const found = collections.status === 'ready' ? collections.value.find((each) => each.id === id) : undefined;
	const toList = () => go(paths.assets);
	return (
		<Screen title={found?.name ?? 'Collection'} back={{ label: 'Assets', onNavigate: toList }}>
			<Loaded query={collections} what="this collection">
				{() => (found ? <CollectionView collection={found} onRemoved={toList} /> : <NoCollection />)}
			</Loaded>
		</Screen>
	);
}

function CollectionView({ collection, onRemoved }: { readonly collection: Collection; readonly onRemoved: () => void }): ReactElement {
	const [, go] = useLocation();
	const [isAsking, setAsking] = useState(false);
	const remove = useAction('assets.remove');
	const toast = useToast();
	const confirm = async () => {
		const result = await remove.run({ id: collection.id });
		setAsking(false);
		if (!result.ok) return;
		toast({ title: 'Collection removed', tone: 'positive' });
		onRemoved();
	};
	return (
		<Stack gap={6}>
			<Section title="Your account for it" description="Made for this collection alone. Receive its tokens here.">
				<Stack gap={4}>
					<KeyValueList
						items={[
							{ id: 'account', label: 'Receive into', value: collection.account, kind: 'mono', onCopy: () => copyText(collection.account) },
							{ id: 'network', label: 'Network', value: collection.network },
							{ id: 'contract', label: 'Contract', value: collection.contract, kind: 'mono', onCopy: () => copyText(collection.contract) },
							{ id: 'standard', label: 'Kind', value: standardName(collection.standard) },
						]}
					/>
					<Banner tone="caution" title="Holdfast cannot send tokens on yet">
						This account signs proofs and nothing else. The recovery phrase keeps it, but to move a token away you would need another program that takes the
						account’s key.
					</Banner>
				</Stack>
			</Section>
			<TokenList collection={collection} />
			<WalletsSection collection={collection} />
			{collection.standard === 'erc721' && (
				<Section
					title="Choose without being named"
					description="Owners who take part can vote or answer as “an owner”. Everybody can check that, and nobody sees which one it was."
				>
					<div>
						<Button icon={IconPeople} onPress={() => go(paths.unnamed(collection.id))}>
							Take part without being named
						</Button>
					</div>
				</Section>
			)}
			<Problem title="The collection was not removed" error={remove.error} />
			<Inline justify="end">
				<Button icon={IconDelete} onPress={() => setAsking(true)}>
					Remove collection
				</Button>
			</Inline>
			<ConfirmDialog
				isOpen={isAsking}
				title="Remove this collection?"
				confirmLabel="Remove collection"
				isDanger
				isPending={remove.pending}
				onConfirm={() => void confirm()}
				onCancel={() => setAsking(false)}
			>
				It no longer stands in this wallet. Tokens in its account stay yours: add the collection again, and the account is the same one.
			</ConfirmDialog>
		</Stack>
	);
}

function TokenList({ collection }: { readonly collection: Collection }): ReactElement {
	const [, go] = useLocation();
	const networks = useQuery('networks.list', {}, ['networks']);
	const look = useAction('assets.tokens');
	const [found, setFound] = useState<Tokens>();
	const [number, setNumber] = useState('');
	const rpcUrl = networks.status === 'ready' ? networks.value.find((each) => each.chainId === collection.chainId)?.rpcUrl : undefined;
	const host = rpcUrl === undefined ? 'the network’s node' : new URL(rpcUrl).hostname;
	const prove = (tokenId: string) => go(paths.proveToken(collection.id, tokenId));
	const isNumber = isTokenId(number.trim());
	const read = async () => {
		const result = await look.run({ id: collection.id });
		if (result.ok) setFound(result.value);
	};
	const submit = (event: FormEvent) => {
		event.preventDefault();
		if (isNumber) prove(number.trim());
	};
	return (
		<Section
			title="Your tokens"
			description={`Asked of ${host}. Its operator sees your internet address, and that this account and this collection belong together.`}
			actions={
				<Button size="small" icon={IconSearch} isPending={look.pending} pendingLabel="Looking…" onPress={() => void read()}>
					{found ? 'Look again' : 'Look up tokens'}
				</Button>
			}
		>
			<Stack gap={4}>
				<Problem title="Your tokens were not looked up" error={look.error} />
				{found && found.tokens.length === 0 && found.complete && <p>This account owns no token of the collection.</p>}
				{found && found.tokens.length > 0 && (
					<ul className="app-rows hf-list-reset" aria-label="Tokens">
						{found.tokens.map(({ tokenId, amount }) => (
							<li key={tokenId} className="app-row">
								<div className="app-row__words">
									<strong className="app-mono">Token {tokenId}</strong>
									{amount !== '1' && <Text size="sm" tone="muted">{`You have ${amount} of it.`}</Text>}
								</div>
								<Button size="small" icon={IconProof} onPress={() => prove(tokenId)} aria-label={`Prove that you own token ${tokenId}`}>
									Prove
								</Button>
							</li>
						))}
					</ul>
				)}
				{found && !found.complete && (
					<Stack gap={3}>
						<Banner tone="neutral" title="There may be more">
							The node did not look through the whole history. If you know a token’s number, give it here.
						</Banner>
						<form className="app-narrow" onSubmit={submit}>
							<Stack gap={3}>
								<TextField
									label="Token number"
									value={number}
									onChange={setNumber}
									inputMode="numeric"
									isMono
									maxLength={78}
									error={number === '' || isNumber ? undefined : 'A token’s number is a whole number.'}
								/>
								<Inline justify="end">
									<Button type="submit" isDisabled={!isNumber}>
										Prove this token
									</Button>
								</Inline>
							</Stack>
						</form>
					</Stack>
				)}
			</Stack>
		</Section>
	);
}
