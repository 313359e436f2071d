import type { StateSource } from '@holdfast/chain';
import type { Hex } from 'viem';
import { OwnershipError } from './errors.ts';

/** A block that the verifier believes in. */
export interface TrustedBlock {
	readonly hash: Hex;
	/** One sentence for a person: who says so. */
	readonly how: string;
	/** Whether the network may still replace it; undefined where nobody was asked. */
	readonly final?: boolean;
	/** Set where fewer nodes than the verifier has could be asked: a sentence about it. */
	readonly caution?: string;
}

/** Where a verifier has its blocks from. Throws coded errors. */
export type BlockAuthority = (number: bigint) => Promise<TrustedBlock>;

/** A block's hash that somebody looked up: nothing is asked of anybody. */
export const blockByHand =
	(hash: Hex): BlockAuthority =>
	async () => ({ hash, how: 'The hash of the block was given by hand.' });

/**
 * Asks the verifier's own nodes, each for itself; all that answer have to name the same block. Tells them a block's number and
 * nothing about the token or its owner.
 * @param name of the network
 */
export const blocksFromNodes =
	(name: string, nodes: readonly Pick<StateSource, 'block'>[]): BlockAuthority =>
	async (number) => {
		const answers = await Promise.allSettled(nodes.map((node) => node.block(number)));
		const hashes = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value?.header.hash ?? null] : []));
		const failure = answers.find((answer) => answer.status === 'rejected');
		const [hash] = hashes;
		if (hash === undefined) throw failure?.reason ?? new OwnershipError('ownership/block-not-checked', `There is no node for ${name} to ask.`);
		if (hashes.some((each) => each !== hash)) throw new OwnershipError('ownership/nodes-disagree', `The nodes for ${name} do not agree on this block.`);
		if (hash === null) throw new OwnershipError('ownership/unknown-block', `The node for ${name} does not know this block.`);
		return {
			hash,
			how: hashes.length === 1 ? `Your node for ${name} knows this block.` : `${hashes.length} nodes for ${name}, asked one by one, know this block.`,
			...(failure ? { caution: `Of ${nodes.length} nodes for ${name}, ${hashes.length} could be asked.` } : {}),
			...(await finality(nodes, number)),
		};
	};

async function finality(nodes: readonly Pick<StateSource, 'block'>[], number: bigint): Promise<{ readonly final?: boolean }> {
	// "safe" is what a network's own rules promise to keep; some networks know only "finalized".
	for (const tag of ['safe', 'finalized'] as const) {
		for (const node of nodes) {
			const found = await node.block(tag).catch(() => null);
			if (found) return { final: found.header.number >= number };
		}
	}
	return {};
}
