import { failed, HoldfastError, passed, type ReportNode, skipped } from '@holdfast/kernel';
import type { Hex } from 'viem';
import type { OwnershipEvidence } from '../evidence.ts';
import { checkEvidence } from '../verify.ts';
import type { ProveOwner } from './owners-group.ts';

export interface OwnersByEvidenceInput {
	/** Of the group's block, which the caller trusts. */
	readonly blockHash: Hex;
	readonly evidence: ReadonlyMap<string, readonly OwnershipEvidence[]>;
	/** Asked where the evidence does not show that the account was the owner. */
	readonly otherwise?: ProveOwner;
}

const NO = new Set(['ownership/not-owner', 'ownership/no-such-token']);

/**
 * Answers questions about owners from evidence that came with the statements: nobody learns which accounts are looked at, and a node
 * that has long forgotten the block's state is enough. Evidence comes from anybody, so several pieces are tried.
 *
 * "No" from evidence alone holds for owners with a key, not for a token in another token's account: there, what was left out of the
 * evidence could change the answer.
 */
export function ownersByEvidence({ blockHash, evidence, otherwise }: OwnersByEvidenceInput): ProveOwner {
	return async (question, options) => {
		const { chainId, collection, tokenId, blockNumber, owner } = question;
		const node = { check: 'owner', title: 'Owner', evidence: { block: String(blockNumber) } };
		let no: ReportNode | undefined;
		for (const each of evidence.get(String(tokenId)) ?? []) {
			options.signal?.throwIfAborted();
			try {
				const { header } = await checkEvidence(each, blockHash, { chainId, standard: 'erc721', collection, tokenId }, owner);
				if (header.number === blockNumber) return passed({ ...node, reason: 'By the evidence, the account owned the token at this block.' });
			} catch (error) {
				if (!(error instanceof HoldfastError)) throw error;
				if (NO.has(error.code)) no = failed({ ...node, reason: error.message, code: error.code });
			}
		}
		if (otherwise) return otherwise(question, options);
		return no ?? skipped({ ...node, reason: 'There is no evidence for this owner, and no node to ask.', code: 'ownership/not-checked' });
	};
}
