import type { AssetWallet, CallOutput, Collection } from '@holdfast/contract';
import { Badge, Banner, Button, Disclosure, IconProof, Inline, Section, Stack, Text, TextField } from '@holdfast/ui';
import { type FormEvent, type ReactElement, useState } from 'react';
import { useLocation } from 'wouter';
import { useAction, useQuery } from '../../../shell/calls.dom.ts';
import { CopyField } from '../../../shell/copy.dom.tsx';
import { Loaded, Problem } from '../../../shell/feedback.dom.tsx';
import { paths } from '../../../shell/paths.ts';

/** Tokens that stay where they are: in an account of another token, or in a wallet that lets this account act for it. */
export function WalletsSection({ collection }: { readonly collection: Collection }): ReactElement {
	const wallets = useQuery('assets.wallets', { id: collection.id }, ['assets']);
	return (
		<Section
			title="Tokens in another wallet"
			description="They stay there. Its owner lets this account prove them (delegate.xyz), or the wallet belongs to a token of this account (ERC-6551)."
		>
			<Stack gap={5}>
				<Loaded query={wallets} what="the wallets">
					{(list) => (
						<Stack gap={5}>
							{list.map((wallet) => (
								<WalletView key={wallet.address} collection={collection} wallet={wallet} />
							))}
						</Stack>
					)}
				</Loaded>
				<Add collection={collection} />
			</Stack>
		</Section>
	);
}

type Found = CallOutput<'assets.walletTokens'>;

function WalletView({ collection, wallet }: { readonly collection: Collection; readonly wallet: AssetWallet }): ReactElement {
	const [, go] = useLocation();
	const look = useAction('assets.walletTokens');
	const remove = useAction('assets.removeWallet');
	const [found, setFound] = useState<Found>();
	const { address } = wallet;
	const read = async () => {
		const result = await look.run({ id: collection.id, address });
		if (result.ok) setFound(result.value);
	};
	const mayProve = found?.standing === 'own' || found?.standing === 'delegate';
	return (
		<Stack gap={3}>
			<Inline>
				<span className="app-mono">{address}</span>
				{found?.standing === 'delegate' && <Badge tone="positive">Lets this account act for it</Badge>}
				{found?.standing === 'own' && <Badge tone="positive">Belongs to a token of this account</Badge>}
				{found?.standing === 'none' && <Badge tone="caution">Not allowed</Badge>}
			</Inline>
			<Inline>
				<Button size="small" isPending={look.pending} pendingLabel="Looking…" onPress={() => void read()} aria-label={`Look what ${address} has`}>
					{found ? 'Look again' : 'Look what it has'}
				</Button>
				<Button
					size="small"
					isPending={remove.pending}
					onPress={() => void remove.run({ id: collection.id, address })}
					aria-label={`Forget the wallet ${address}`}
				>
					Forget this wallet
				</Button>
			</Inline>
			<Problem title="It was not looked up" error={look.error} />
			<Problem title="It is still here" error={remove.error} />
			{found && found.tokens.length === 0 && (
				<Text>{found.complete ? 'It has no token of this collection.' : 'None was found; the node did not look through the whole history.'}</Text>
			)}
			{found?.standing === 'none' && (
				<Stack gap={3}>
					<Banner tone="info" title="Its owner has to allow it">
						Send this transaction from that wallet. It lets this account prove what the wallet has of this collection, and do nothing else with it. Everybody
						can see on the chain that the two belong together: it protects that wallet’s key, and hides nothing.
					</Banner>
					<CopyField label="Contract" value={wallet.grant.to} description={`delegate.xyz’s registry, on ${collection.network}`} />
					<CopyField label="Call data" value={wallet.grant.data} description="delegateContract(this account, this collection, “holdfast ownership”, true)" />
				</Stack>
			)}
			{mayProve && (
				<ul className="app-rows hf-list-reset" aria-label={`Tokens in ${address}`}>
					{found.tokens.map(({ tokenId, amount }) => (
						<li key={tokenId} className="app-row">
							<div className="app-row__words">
								<strong className="app-mono">Token {tokenId}</strong>
								{amount !== '1' && <Text size="sm" tone="muted">{`${amount} of it.`}</Text>}
							</div>
							<Button
								size="small"
								icon={IconProof}
								onPress={() => go(paths.proveTokenFrom(collection.id, tokenId, address))}
								aria-label={`Prove token ${tokenId} of ${address}`}
							>
								Prove
							</Button>
						</li>
					))}
				</ul>
			)}
			{found?.standing === 'delegate' && (
				<Disclosure label="End it">
					<Stack gap={3}>
						<Text size="sm" tone="muted">
							Send this from that wallet. Proofs that were made stay good for their last minutes.
						</Text>
						<CopyField label="Contract" value={wallet.withdrawal.to} />
						<CopyField label="Call data" value={wallet.withdrawal.data} />
					</Stack>
				</Disclosure>
			)}
		</Stack>
	);
}

function Add({ collection }: { readonly collection: Collection }): ReactElement {
	const add = useAction('assets.addWallet');
	const [address, setAddress] = useState('');
	const [isChecked, setChecked] = useState(false);
	const isAddress = /^0x[0-9a-fA-F]{40}$/.test(address.trim());
	const submit = async (event: FormEvent) => {
		event.preventDefault();
		setChecked(true);
		if (!isAddress || add.pending) return;
		const result = await add.run({ id: collection.id, address: address.trim() });
		if (!result.ok) return;
		setAddress('');
		setChecked(false);
	};
	return (
		<form className="app-narrow" onSubmit={(event) => void submit(event)} noValidate>
			<Stack gap={3}>
				<TextField
					label="Address of the wallet"
					description="Nobody is asked yet."
					value={address}
					onChange={(value) => {
						add.clear();
						setAddress(value);
					}}
					placeholder="0x"
					isMono
					maxLength={64}
					error={isChecked && !isAddress ? 'An address is 0x and 40 hexadecimal digits.' : undefined}
				/>
				<Problem title="The wallet was not added" error={add.error} />
				<Inline>
					<Button type="submit" isPending={add.pending}>
						Add this wallet
					</Button>
				</Inline>
			</Stack>
		</form>
	);
}
