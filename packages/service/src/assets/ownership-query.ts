import type { CallInput } from '@holdfast/contract';
import { displayText, type JsonObject } from '@holdfast/kernel';
import { type DcqlCredentialQuery, OWNERSHIP_FORMAT } from '@holdfast/oid4vc';
import { type TokenStandard, tokenStandards } from '@holdfast/web3';
import { getAddress, isAddress } from 'viem';

type Asked = Extract<CallInput<'verify.prepare'>['request'], { kind: 'ownership' }>;

/** A credential query (OpenID4VP 1.0 §6.1) for a proof that the holder owns a token. docs/ownership.md says what its members mean. */
export const ownershipQuery = (id: string, { chainId, contract, standard, tokenId, maxBlockAgeSec, delegates }: Omit<Asked, 'kind'>): JsonObject => ({
	id,
	format: OWNERSHIP_FORMAT,
	meta: {
		chain_id: chainId,
		collection: getAddress(contract),
		standard,
		...(tokenId === null ? {} : { token_id: tokenId }),
		...(maxBlockAgeSec === undefined ? {} : { max_block_age: maxBlockAgeSec }),
		...(delegates ? { delegates: true } : {}),
	},
});

export interface OwnershipQuery {
	readonly chainId: number;
	readonly collection: `0x${string}`;
	readonly standard: TokenStandard;
	/** Any token of the collection where it is absent. */
	readonly tokenId?: bigint;
	/** Whether it takes whoever the owner lets act for it. */
	readonly delegates?: boolean;
	/** Oldest block that the verifier takes, seconds. */
	readonly maxBlockAgeSec?: number;
}

/** What a query for a proof of ownership asks. Undefined where this wallet cannot answer or check it. */
export function readOwnershipQuery(query: DcqlCredentialQuery): OwnershipQuery | undefined {
	if (query.format !== OWNERSHIP_FORMAT || query.claims !== undefined || query.multiple === true) return undefined;
	const { chain_id: chainId, collection, standard, token_id: tokenId, max_block_age: age, delegates, ...rest } = query.meta ?? {};
	// What is not understood could narrow or widen the question.
	if (Object.keys(rest).length > 0) return undefined;
	if (delegates !== undefined && typeof delegates !== 'boolean') return undefined;
	if (typeof chainId !== 'number' || !Number.isSafeInteger(chainId) || chainId < 1) return undefined;
	if (typeof collection !== 'string' || !isAddress(collection)) return undefined;
	const known = tokenStandards.find((each) => each === standard);
	if (known === undefined) return undefined;
	if (tokenId !== undefined && (typeof tokenId !== 'string' || !/^(0|[1-9]\d{0,77})$/.test(tokenId) || BigInt(tokenId) >> 256n !== 0n)) return undefined;
	if (age !== undefined && (typeof age !== 'number' || !Number.isInteger(age) || age < 60 || age > 86_400)) return undefined;
	return {
		chainId,
		collection: getAddress(collection),
		standard: known,
		...(tokenId === undefined ? {} : { tokenId: BigInt(tokenId) }),
		...(age === undefined ? {} : { maxBlockAgeSec: age }),
		...(delegates === true ? { delegates } : {}),
	};
}

/** A query in words: `token 7 of Example Collection (0x…) on Ethereum`. Names are the wallet's own, never the verifier's. */
export function tokenInWords({ collection, tokenId }: Pick<OwnershipQuery, 'collection' | 'tokenId'>, name: string | undefined, network: string): string {
	const what = tokenId === undefined ? 'a token' : `token ${displayText(String(tokenId), 80)}`;
	return `${what} of ${name === undefined ? `the collection ${collection}` : `${name} (${collection})`} on ${network}`;
}
