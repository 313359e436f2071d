import type { AssetWallet } from '@holdfast/contract';
import { HoldfastError } from '@holdfast/kernel';
import type { CollectionRow } from '@holdfast/vault';
import { type FoundOwnership, findOwnership, grantCall } from '@holdfast/web3';
import { getAddress } from 'viem';
import { z } from 'zod';
import { ServiceError } from '../errors.ts';
import type { Session } from '../session.node.ts';
import { accountFor, sourceFor, tokenOf } from './collections.node.ts';

// Where tokens of a collection are that this wallet's account can prove without having them: in an account that belongs to a token of
// its own (ERC-6551), or in a wallet whose owner lets it act for it (delegate.xyz).

type Address = `0x${string}`;

const MOST = 20;
const Stored = z.array(z.string()).max(MOST);

const settingOf = (collectionId: string): string => `assets.wallets:${collectionId}`;

export const walletsOf = (session: Session, { id }: Pick<CollectionRow, 'id'>): readonly Address[] =>
	(session.vault.settings.get(settingOf(id), Stored) ?? []) as Address[];

export function setWallets(session: Session, { id }: Pick<CollectionRow, 'id'>, wallets: readonly Address[]): void {
	session.vault.settings.set(settingOf(id), [...wallets]);
	session.changed('assets', id);
}

export function walletView(session: Session, row: CollectionRow, address: Address): AssetWallet {
	const { address: account } = accountFor(session, row);
	const token = { collection: row.contract as Address };
	return { address, grant: { ...grantCall(token, account, true) }, withdrawal: { ...grantCall(token, account, false) } };
}

/** @throws ServiceError assets/own-account, assets/too-many-wallets */
export function addWallet(session: Session, row: CollectionRow, text: string): void {
	const address = getAddress(text);
	const before = walletsOf(session, row);
	if (before.includes(address)) return;
	if (address === accountFor(session, row).address)
		throw new ServiceError('assets/own-account', 'This is the account that was made here. Its tokens are listed above.');
	if (before.length >= MOST) throw new ServiceError('assets/too-many-wallets', 'Twenty wallets are as many as one collection can have. Take one away first.');
	setWallets(session, row, [...before, address]);
}

const NOT_SO = new Set(['ownership/not-owner', 'ownership/no-such-token', 'ownership/not-delegated']);

/**
 * The proof that this wallet's account has to do with a token that `wallet` holds: it controls that account through a token of its own,
 * or acts for it.
 * @throws OwnershipError ownership/not-owner, ownership/not-delegated, …; HoldfastError chain/*
 */
export async function findThrough(
	session: Session,
	row: CollectionRow,
	tokenId: string,
	wallet: Address | undefined,
	signal?: AbortSignal,
): Promise<FoundOwnership> {
	const base = {
		source: sourceFor(session, row.chainId),
		token: tokenOf(row, tokenId),
		holder: accountFor(session, row).address,
		...(signal ? { signal } : {}),
	};
	if (wallet === undefined) return findOwnership(base);
	try {
		return await findOwnership({ ...base, ...(row.standard === 'erc1155' ? { account: wallet } : {}) });
	} catch (error) {
		if (!(error instanceof HoldfastError) || !NOT_SO.has(error.code)) throw error;
		return findOwnership({ ...base, owner: wallet });
	}
}

/** How the account can prove a token that is in `wallet`: as its own, as the owner's delegate, or not. */
export async function standingOf(session: Session, row: CollectionRow, tokenId: string, wallet: Address): Promise<'own' | 'delegate' | 'none'> {
	try {
		return (await findThrough(session, row, tokenId, wallet)).owner === undefined ? 'own' : 'delegate';
	} catch (error) {
		if (!(error instanceof HoldfastError) || !NOT_SO.has(error.code)) throw error;
		return 'none';
	}
}
