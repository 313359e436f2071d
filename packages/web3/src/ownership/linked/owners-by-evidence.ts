import { failed, HoldfastError, passed, skipped } from '@holdfast/kernel';
import { type Hex, isAddress } from 'viem';
import { checkEvidence } from '../verify.ts';
import type { OwnershipQuestion, ProveOwner } from './owners-group.ts';
import type { ClaimedOwner } from './published.ts';

export interface OwnersByEvidenceInput {
	/** Of the group's block, which the caller trusts. */
	readonly blockHash: Hex;
	readonly evidence: ReadonlyMap<string, readonly ClaimedOwner[]>;
	/** Asked where the evidence does not show that the account was the owner. */
	readonly otherwise?: ProveOwner;
}

const NO = new Set(['ownership/not-owner', 'ownership/no-such-token']);

/**
 * Answers questions about owners from evidence that came with the statements: nobody learns which accounts are looked at, and a node
 * that has long forgotten the block's state is enough. Evidence comes from anybody; each piece is looked at once, however many
 * questions there are about its token.
 *
 * "No" from evidence alone holds for owners with a key, not for a token in another token's account: there, what was left out of the
 * evidence could change the answer.
 */
export function ownersByEvidence({ blockHash, evidence, otherwise }: OwnersByEvidenceInput): ProveOwner {
	const known = new Map<bigint, Promise<ReadonlyMap<string, boolean>>>();

	/** What the evidence for a token says of each account that claims it. */
	const judge = async ({ chainId, collection, tokenId, blockNumber }: OwnershipQuestion): Promise<ReadonlyMap<string, boolean>> => {
		const owners = new Map<string, boolean>();
		for (const { owner, evidence: each } of evidence.get(String(tokenId)) ?? []) {
			if (!isAddress(owner, { strict: false }) || owners.get(owner) === true) continue;
			try {
				const { header } = await checkEvidence(each, blockHash, { chainId, standard: 'erc721', collection, tokenId }, owner);
				if (header.number === blockNumber) owners.set(owner, true);
			} catch (error) {
				if (!(error instanceof HoldfastError)) throw error;
				if (NO.has(error.code)) owners.set(owner, false);
			}
		}
		return owners;
	};

	return async (question, options) => {
		const { tokenId, blockNumber, owner } = question;
		const node = { check: 'owner', title: 'Owner', evidence: { block: String(blockNumber) } };
		const judged = known.get(tokenId) ?? judge(question);
		known.set(tokenId, judged);
		const owners = await judged;
		if (owners.get(owner) === true) return passed({ ...node, reason: 'By the evidence, the account owned the token at this block.' });
		if (otherwise) return otherwise(question, options);
		if (owners.get(owner) === false || [...owners.values()].includes(true)) {
			return failed({ ...node, reason: 'By the evidence, another account owned the token at this block.', code: 'ownership/not-owner' });
		}
		return skipped({ ...node, reason: 'There is no evidence for this owner, and no node to ask.', code: 'ownership/not-checked' });
	};
}
