import type { BlockHeader, StateSource } from '@holdfast/chain';
import { type Clock, epochSeconds, HoldfastError } from '@holdfast/kernel';
import { getAddress, type Hex } from 'viem';
import type { OwnershipBundle } from './bundle.ts';
import { OwnershipError } from './errors.ts';
import { type Collected, collectEvidence } from './evidence.ts';
import { LIMITS } from './limits.ts';
import { type OwnershipStatement, type OwnershipTypedData, ownershipDigest, ownershipTypedData, type Token } from './statement.ts';

export interface FindOwnershipInput {
	readonly source: StateSource;
	readonly token: Token;
	readonly holder: Hex;
	/** ERC-1155 through a token-bound account: that account. */
	readonly account?: Hex;
	/** The wallet that owns the token and has let the holder act for it (delegate.xyz). */
	readonly owner?: Hex;
	readonly signal?: AbortSignal;
}

/** A token that the holder owned at a block, with the proof of it: what remains is the holder's signature. */
export interface FoundOwnership {
	readonly token: Token;
	readonly holder: Hex;
	readonly header: BlockHeader;
	/** Who owns it, where the holder only acts for that wallet. */
	readonly owner?: Hex;
	/** Token-bound accounts between the token and the holder. */
	readonly through: readonly Hex[];
	readonly collected: Collected;
}

/**
 * Why the newest block is asked instead of one that stays: too new an owner, a node that keeps only recent state, or one whose
 * older state does not fit its blocks (a development node's first block).
 */
const TRY_NEWER = new Set([
	'ownership/not-owner',
	'ownership/no-such-token',
	'ownership/not-delegated',
	'ownership/bad-proof',
	'ownership/unknown-block',
	'chain/no-state',
	'chain/bad-header',
]);

/**
 * Proves that the holder owns the token, at the newest block that the network will keep, or else at the newest block.
 * @throws OwnershipError ownership/not-owner, ownership/no-such-token, …; HoldfastError chain/*
 */
export async function findOwnership(input: FindOwnershipInput): Promise<FoundOwnership> {
	const at = async (tag: 'safe' | 'latest'): Promise<FoundOwnership> => {
		input.signal?.throwIfAborted();
		const block = await input.source.block(tag);
		if (block === null) throw new OwnershipError('ownership/unknown-block', 'The network’s node does not say what its newest block is.');
		const collected = await collectEvidence({ ...input, block });
		const owner = input.owner === undefined ? {} : { owner: getAddress(input.owner) };
		return { token: input.token, holder: getAddress(input.holder), ...owner, header: block.header, through: collected.ownership.through, collected };
	};
	try {
		return await at('safe');
	} catch (error) {
		if (!(error instanceof HoldfastError) || !TRY_NEWER.has(error.code)) throw error;
		return at('latest');
	}
}

export interface StatementInput {
	readonly found: FoundOwnership;
	readonly verifier: string;
	readonly nonce: Hex;
	readonly purpose: string;
	readonly clock: Clock;
	/** Seconds for which the statement is good. Default 300. */
	readonly lifeSec?: number;
}

/** The statement that would be signed: what a review shows. */
export function ownershipStatement({ found, verifier, nonce, purpose, clock, lifeSec = 300 }: StatementInput): OwnershipStatement {
	if (verifier.length > LIMITS.verifier || purpose.length > LIMITS.purpose || lifeSec > LIMITS.lifeSec) {
		throw new OwnershipError('ownership/too-large', 'A proof of ownership cannot say that much.');
	}
	const now = epochSeconds(clock);
	return {
		holder: found.holder,
		...(found.owner === undefined ? {} : { owner: found.owner }),
		chainId: BigInt(found.token.chainId),
		collection: getAddress(found.token.collection),
		tokenId: found.token.tokenId,
		blockNumber: found.header.number,
		blockHash: found.header.hash,
		verifier,
		nonce,
		issuedAt: BigInt(now),
		expiresAt: BigInt(now + lifeSec),
		purpose,
	};
}

export interface SignOwnershipInput {
	readonly found: FoundOwnership;
	/** Of {@link ownershipStatement}, for the same `found`. */
	readonly statement: OwnershipStatement;
	/** Signs by the holder's key, or makes what the holder's contract accepts. */
	readonly sign: (data: OwnershipTypedData) => Promise<Hex>;
}

/** Has the statement signed, and gives the bundle for the verifier. */
export async function signOwnership({ found, statement, sign }: SignOwnershipInput): Promise<OwnershipBundle> {
	const signature = await sign(ownershipTypedData(statement));
	const { collected, token } = found;
	await collected.withSignature(ownershipDigest(statement), signature);
	return { standard: token.standard, statement, signature, evidence: collected.evidence() };
}
