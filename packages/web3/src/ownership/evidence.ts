import type { BlockHeader, StateSource } from '@holdfast/chain';
import type { Hex } from 'viem';
import { delegationCall, establishDelegation } from './delegation.ts';
import { loadMachine } from './machine.ts';
import { establishOwner, type Ownership, ownerCall, signatureCall, signedByKey } from './owner.ts';
import { type AccountWitness, type RecordedState, stateFromSource } from './reads.ts';
import type { Token } from './statement.ts';

/** What convinces whoever trusts the block's hash, without asking anybody. */
export interface OwnershipEvidence {
	/** The block's header, RLP. */
	readonly header: Hex;
	readonly accounts: readonly AccountWitness[];
	/** ERC-1155 only: the token-bound account that has the token, where it is not the holder. */
	readonly account?: Hex;
}

export interface EvidenceInput {
	readonly source: StateSource;
	readonly block: { readonly rlp: Hex; readonly header: BlockHeader };
	readonly token: Token;
	readonly holder: Hex;
	/** See {@link OwnershipEvidence.account}. */
	readonly account?: Hex;
	/** Who owns the token, where the holder only acts for that wallet (delegate.xyz). */
	readonly owner?: Hex;
	readonly signal?: AbortSignal;
}

/** Evidence that is still being collected: a signature by a contract takes more of the state. */
export interface Collected {
	readonly ownership: Ownership;
	/** Adds what checks the signature, which only a contract's does. */
	withSignature(digest: Hex, signature: Hex): Promise<void>;
	evidence(): OwnershipEvidence;
}

/**
 * Collects what proves who owns a token, by running the same check that the verifier will run. The node's answers are checked on
 * the way, so a node that lies gives an error and no bad proof.
 * @throws OwnershipError ownership/not-owner where the holder (or `owner`) does not own it, ownership/not-delegated; HoldfastError chain/*
 */
export async function collectEvidence({ source, block, token, holder, account, owner, signal }: EvidenceInput): Promise<Collected> {
	const state = stateFromSource(source, block.header, signal);
	const machine = await loadMachine(state, token.chainId);
	await expect(state, source, ownerCall(token, account ?? owner ?? holder));
	const ownership = await establishOwner(state, machine, token, owner ?? holder, account);
	if (owner !== undefined) {
		await expect(state, source, delegationCall(token, owner, holder));
		await establishDelegation(machine, token, owner, holder);
	}
	return {
		ownership,
		withSignature: async (digest, signature) => {
			if (await signedByKey(holder, digest, signature)) return;
			const call = signatureCall(holder, digest, signature);
			await expect(state, source, call);
			await machine(call);
		},
		evidence: () => ({
			header: block.rlp,
			accounts: state.witness(),
			...(account === undefined ? {} : { account }),
		}),
	};
}

/** Most of what a call reads, in a few requests instead of one for each read. */
async function expect(state: RecordedState, source: StateSource, call: { readonly to: Hex; readonly data: Hex }): Promise<void> {
	const list = await source.accessList(call, state.header.number);
	await state.prefetch(list);
}
