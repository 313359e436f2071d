import type { StateSource } from '@holdfast/chain';
import { failed, HoldfastError, passed, type ReportNode } from '@holdfast/kernel';
import type { Hex } from 'viem';
import { OwnershipError } from './errors.ts';
import { collectEvidence } from './evidence.ts';

/** Who owned a token of an ERC-721 collection at a block. */
export interface OwnerQuestion {
	readonly chainId: number;
	readonly collection: Hex;
	readonly tokenId: bigint;
	readonly blockNumber: bigint;
	readonly owner: Hex;
}

const NO = new Set(['ownership/not-owner', 'ownership/no-such-token']);

/**
 * Answers such questions from a node whose blocks are trusted: what it says about the state is proven to be in the block. What could
 * not be found out is thrown, and is no "no". Fits `rebuildGroup`'s `proveOwner`.
 */
export function ownerAtBlock(source: StateSource): (question: OwnerQuestion, options?: { readonly signal?: AbortSignal }) => Promise<ReportNode> {
	// A group is a thousand questions about one block. What failed is asked again.
	const blocks = new Map<bigint, ReturnType<StateSource['block']>>();
	const blockAt = (number: bigint): ReturnType<StateSource['block']> => {
		const asked = blocks.get(number) ?? source.block(number);
		blocks.set(number, asked);
		asked.then(
			(block) => block ?? blocks.delete(number),
			() => blocks.delete(number),
		);
		return asked;
	};
	return async ({ chainId, collection, tokenId, blockNumber, owner }, { signal } = {}) => {
		const node = { check: 'owner', title: 'Owner', evidence: { block: String(blockNumber) } };
		if (source.chainId !== chainId) throw new OwnershipError('ownership/wrong-network', 'The node that could be asked is of another network.');
		const block = await blockAt(blockNumber);
		if (block === null || block.header.number !== blockNumber) throw new OwnershipError('ownership/unknown-block', 'The node does not have this block.');
		try {
			const token = { chainId, standard: 'erc721', collection, tokenId } as const;
			await collectEvidence({ source, block, token, holder: owner, ...(signal ? { signal } : {}) });
			return passed({ ...node, reason: 'The account owned the token at this block.' });
		} catch (error) {
			if (!(error instanceof HoldfastError) || !NO.has(error.code)) throw error;
			return failed({ ...node, reason: error.message, code: error.code });
		}
	};
}
