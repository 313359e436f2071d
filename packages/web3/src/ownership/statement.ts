import { type Hex, hashTypedData, keccak256, stringToBytes, type TypedDataDomain, type TypedDataParameter } from 'viem';

/** How a collection counts: one owner for each token, or a balance for each owner and id. */
export type TokenStandard = 'erc721' | 'erc1155';

export const tokenStandards: readonly TokenStandard[] = ['erc721', 'erc1155'];

/** A token of a collection. */
export interface Token {
	/** EIP-155. */
	readonly chainId: number;
	readonly standard: TokenStandard;
	readonly collection: Hex;
	readonly tokenId: bigint;
}

/** What a holder signs (EIP-712): who owns which token at which block, for whom, for which request, until when and what for. */
export interface OwnershipStatement {
	readonly holder: Hex;
	/** Who owns the token, where the holder only acts for that wallet (delegate.xyz). */
	readonly owner?: Hex;
	readonly chainId: bigint;
	readonly collection: Hex;
	readonly tokenId: bigint;
	readonly blockNumber: bigint;
	readonly blockHash: Hex;
	/** The verifier's full client identifier (OpenID4VP 1.0 §5.9), or whatever it calls itself elsewhere. */
	readonly verifier: string;
	readonly nonce: Hex;
	/** Seconds since the epoch. */
	readonly issuedAt: bigint;
	readonly expiresAt: bigint;
	readonly purpose: string;
}

/** No chain and no contract: the statement is for a verifier, and names its chain itself. */
export const OWNERSHIP_DOMAIN = { name: 'Holdfast NFT Ownership', version: '1' } as const satisfies TypedDataDomain;

const ABOUT_TOKEN = [
	{ name: 'chainId', type: 'uint256' },
	{ name: 'collection', type: 'address' },
	{ name: 'tokenId', type: 'uint256' },
	{ name: 'blockNumber', type: 'uint256' },
	{ name: 'blockHash', type: 'bytes32' },
	{ name: 'verifier', type: 'string' },
	{ name: 'nonce', type: 'bytes32' },
	{ name: 'issuedAt', type: 'uint64' },
	{ name: 'expiresAt', type: 'uint64' },
	{ name: 'purpose', type: 'string' },
] as const;

/** Two types, so that what somebody signs who acts for an owner can never be shown as an owner's own, and names that owner. */
export const OWNERSHIP_TYPES = {
	NFTOwnershipPresentation: [{ name: 'holder', type: 'address' }, ...ABOUT_TOKEN],
	NFTDelegatePresentation: [{ name: 'holder', type: 'address' }, { name: 'owner', type: 'address' }, ...ABOUT_TOKEN],
} as const;

/** EIP-712's four members, as a signer takes them. */
export interface OwnershipTypedData {
	readonly domain: typeof OWNERSHIP_DOMAIN;
	readonly types: Readonly<Record<string, readonly TypedDataParameter[]>>;
	readonly primaryType: keyof typeof OWNERSHIP_TYPES;
	readonly message: OwnershipStatement & Readonly<Record<string, unknown>>;
}

/** The typed data of a statement. */
export function ownershipTypedData(message: OwnershipStatement): OwnershipTypedData {
	const primaryType = message.owner === undefined ? 'NFTOwnershipPresentation' : 'NFTDelegatePresentation';
	return { domain: OWNERSHIP_DOMAIN, types: { [primaryType]: OWNERSHIP_TYPES[primaryType] }, primaryType, message: { ...message } };
}

/** The 32 bytes that are signed. */
export const ownershipDigest = (statement: OwnershipStatement): Hex => hashTypedData(ownershipTypedData(statement));

/** A protocol's nonce, which may be any text, as the statement carries it. */
export const nonceBytes = (nonce: string): Hex => keccak256(stringToBytes(nonce));
