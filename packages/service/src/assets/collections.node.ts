import { createStateSource, defaultNetworks, type Network, type StateSource } from '@holdfast/chain';
import type { Collection } from '@holdfast/contract';
import { displayText } from '@holdfast/kernel';
import type { CollectionRow } from '@holdfast/vault';
import { collectionAccount, type Token, type VoteAccount } from '@holdfast/web3';
import { ServiceError } from '../errors.ts';
import { networks } from '../networks.node.ts';
import type { Session } from '../session.node.ts';

export const networkOf = (session: Session, chainId: number): Network | undefined => networks(session.vault).find((each) => each.chainId === chainId);

/** @throws ServiceError network/unknown */
export function knownNetwork(session: Session, chainId: number): Network {
	const found = networkOf(session, chainId);
	if (!found) throw new ServiceError('network/unknown', 'This wallet does not know that network. Add it under Identities, Networks.', { chainId });
	return found;
}

export const sourceFor = (session: Session, chainId: number): StateSource => createStateSource(knownNetwork(session, chainId), session.fetch);

/** Every node that this wallet has for a network, to compare what they say: the user's own, and the public one of the same chain. */
export function nodesFor(session: Session, chainId: number): StateSource[] {
	const own = knownNetwork(session, chainId);
	const ours = own.custom ? defaultNetworks.filter((each) => each.chainId === chainId) : [];
	return [own, ...ours].map((network) => createStateSource(network, session.fetch));
}

export function storedCollection(session: Session, id: string): CollectionRow {
	const row = session.vault.collections.get(id);
	if (!row) throw new ServiceError('assets/no-such-collection', 'This collection is not in the wallet.');
	return row;
}

export const tokenOf = ({ chainId, standard, contract }: Pick<CollectionRow, 'chainId' | 'standard' | 'contract'>, tokenId: string): Token => ({
	chainId,
	standard,
	collection: contract as `0x${string}`,
	tokenId: BigInt(tokenId),
});

/** The account for a collection, derived anew each time: its key is kept nowhere. */
export const accountFor = (session: Session, { chainId, contract, name }: Pick<CollectionRow, 'chainId' | 'contract' | 'name'>): VoteAccount =>
	collectionAccount({ chainId, contract: contract as `0x${string}`, name }, session.vault);

export const networkName = (session: Session, chainId: number): string => displayText(networkOf(session, chainId)?.name ?? `chain ${chainId}`, 64);

export const collectionView = (session: Session, row: CollectionRow): Collection => ({
	id: row.id,
	chainId: row.chainId,
	network: networkName(session, row.chainId),
	contract: row.contract,
	standard: row.standard,
	name: row.name,
	account: accountFor(session, row).address,
	addedAt: row.addedAt,
});
