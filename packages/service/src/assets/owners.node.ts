import type { StateSource } from '@holdfast/chain';
import { HoldfastError, passed, type ReportNode, warning } from '@holdfast/kernel';
import type { SemaphoreIdentity } from '@holdfast/semaphore';
import {
	blockByHand,
	blocksFromNodes,
	type GroupDefinition,
	identityFor,
	ownerAtBlock,
	ownersByEvidence,
	type ProveOwner,
	type PublishedLinks,
} from '@holdfast/web3';
import { getAddress } from 'viem';
import { ServiceError } from '../errors.ts';
import type { Session } from '../session.node.ts';
import { networkName, nodesFor, sourceFor } from './collections.node.ts';
import { collectionName } from './verify.node.ts';

/** Who this wallet is in one group. It follows from the recovery phrase, and is kept nowhere. */
export function identityIn(session: Session, definition: GroupDefinition): SemaphoreIdentity {
	const seed = session.vault.seedSecret({ purpose: 'owners/identity', context: '' });
	try {
		return seed.use((bytes) => identityFor(bytes, definition));
	} finally {
		seed.wipe();
	}
}

/** The collection by the wallet's own name for it, never one that came with the group. */
export const groupName = (session: Session, { chainId, collection }: GroupDefinition): string =>
	collectionName(session, chainId, getAddress(collection)) ?? `collection ${getAddress(collection)}`;

type Block = NonNullable<Awaited<ReturnType<StateSource['block']>>>;

const otherBlock = (): ServiceError =>
	new ServiceError('owners/other-block', 'The network has another block with this number than the group says. Do not use this group.');

/** The newest block that the network will keep, or where a node does not say which that is, its newest. */
export async function blockToDefine(source: StateSource): Promise<Block> {
	const safe = await source.block('safe').catch((error: unknown) => {
		if (error instanceof HoldfastError && ['chain/bad-header', 'chain/no-state'].includes(error.code)) return null;
		throw error;
	});
	const block = safe ?? (await source.block('latest'));
	if (block === null) throw new ServiceError('owners/no-block', 'The network’s node does not say what its newest block is.');
	return block;
}

/** The group's block, from a node that is asked about its state. */
export async function ownBlock(source: StateSource, { blockNumber, blockHash }: GroupDefinition): Promise<Block> {
	const block = await source.block(blockNumber);
	if (block === null) throw new ServiceError('owners/no-block', 'The network’s node does not have the group’s block.');
	if (block.header.hash !== blockHash) throw otherBlock();
	return block;
}

/** Whether the group's block is the network's: by the user's nodes, which learn its number alone, or by a hash that somebody looked up. */
export async function trustedBlock(
	session: Session,
	{ chainId, blockNumber, blockHash }: GroupDefinition,
	byHand: `0x${string}` | undefined,
): Promise<ReportNode> {
	const authority = byHand === undefined ? blocksFromNodes(networkName(session, chainId), nodesFor(session, chainId)) : blockByHand(byHand);
	const { hash, how, final, caution } = await authority(blockNumber);
	if (hash.toLowerCase() !== blockHash) throw otherBlock();
	const node = { check: 'owners/block', title: 'Block', evidence: { number: String(blockNumber), hash: blockHash } };
	if (final === false) return warning({ ...node, reason: `${how} It is so new that the network may still replace it.`, code: 'ownership/not-final' });
	return caution === undefined ? passed({ ...node, reason: how }) : warning({ ...node, reason: `${how} ${caution}`, code: 'ownership/block-not-checked' });
}

/** Who owned what: by the evidence in the list; for what has none the user's node is asked, if it may be. */
export const ownersOf = (session: Session, { chainId, blockHash }: GroupDefinition, { evidence }: PublishedLinks, mayAsk: boolean): ProveOwner =>
	ownersByEvidence({ blockHash, evidence, ...(mayAsk ? { otherwise: ownerAtBlock(sourceFor(session, chainId)) } : {}) });
