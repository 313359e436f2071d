import { FIELD_ORDER } from '@holdfast/semaphore';
import { type Hex, hashTypedData, isAddressEqual, recoverAddress } from 'viem';
import { OWNERSHIP_DOMAIN } from '../statement.ts';
import { LinkedError } from './errors.ts';
import { groupIdOf, type OwnerSet } from './owner-set.ts';

/** What an owner signs, once for each group: "this commitment stands for the owner of this token". It is public, and says nothing about what is proven later. */
export interface LinkStatement {
	readonly owner: Hex;
	/** Of the Semaphore identity. */
	readonly commitment: bigint;
	readonly groupId: Hex;
	readonly tokenId: bigint;
	/** The block of the group, at which `owner` must own the token. */
	readonly blockNumber: bigint;
	/** Seconds since the epoch. */
	readonly expiresAt: bigint;
}

export interface SignedLink {
	readonly statement: LinkStatement;
	/** r, s, v of the owner's key: 65 bytes. */
	readonly signature: Hex;
}

export const LINK_TYPES = {
	LinkIdentity: [
		{ name: 'owner', type: 'address' },
		{ name: 'commitment', type: 'uint256' },
		{ name: 'groupId', type: 'bytes32' },
		{ name: 'tokenId', type: 'uint256' },
		{ name: 'blockNumber', type: 'uint256' },
		{ name: 'expiresAt', type: 'uint64' },
	],
} as const;

const UINT256 = 1n << 256n;
const UINT64 = 1n << 64n;

/** The statement for one token. */
export const linkStatement = (
	set: OwnerSet,
	link: { readonly owner: Hex; readonly tokenId: bigint; readonly commitment: bigint; readonly expiresAt: bigint },
): LinkStatement => ({ ...link, groupId: groupIdOf(set), blockNumber: set.blockNumber });

/** The typed data of a statement, as a signer takes it; in the domain of ownership statements. */
export function linkTypedData(message: LinkStatement) {
	return { domain: OWNERSHIP_DOMAIN, types: LINK_TYPES, primaryType: 'LinkIdentity', message } as const;
}

/** Whether the owner's key signed. */
export async function isSignedByOwner({ statement, signature }: SignedLink): Promise<boolean> {
	try {
		return isAddressEqual(await recoverAddress({ hash: hashTypedData(linkTypedData(statement)), signature }), statement.owner);
	} catch {
		return false;
	}
}

const MEMBERS = ['owner', 'commitment', 'groupId', 'tokenId', 'blockNumber', 'expiresAt', 'signature'];

/** A signed statement as JSON: numbers as decimal texts, addresses and the rest in lower-case hexadecimal. */
export const linkJson = ({ statement, signature }: SignedLink): { readonly [name: string]: string } => ({
	owner: statement.owner.toLowerCase(),
	commitment: String(statement.commitment),
	groupId: statement.groupId.toLowerCase(),
	tokenId: String(statement.tokenId),
	blockNumber: String(statement.blockNumber),
	expiresAt: String(statement.expiresAt),
	signature: signature.toLowerCase(),
});

/** Reads a signed statement from parsed JSON, strictly: one spelling for each. Checks nothing that it says. Throws `linked/malformed`. */
export function readLink(json: unknown): SignedLink {
	if (typeof json !== 'object' || json === null || Array.isArray(json)) throw malformed();
	const members = json as { readonly [name: string]: unknown };
	if (Object.keys(members).length !== MEMBERS.length || !MEMBERS.every((name) => Object.hasOwn(members, name))) throw malformed();
	const number = (name: string, limit: bigint): bigint => {
		const text = members[name];
		if (typeof text !== 'string' || !/^(?:0|[1-9][0-9]{0,77})$/.test(text) || BigInt(text) >= limit) throw malformed();
		return BigInt(text);
	};
	const hex = (name: string, bytes: number): Hex => {
		const text = members[name];
		if (typeof text !== 'string' || text.length !== 2 + bytes * 2 || !/^0x[0-9a-f]+$/.test(text)) throw malformed();
		return text as Hex;
	};
	const commitment = number('commitment', FIELD_ORDER);
	// 0 marks an empty place in a group.
	if (commitment === 0n) throw malformed();
	return {
		statement: {
			owner: hex('owner', 20),
			commitment,
			groupId: hex('groupId', 32),
			tokenId: number('tokenId', UINT256),
			blockNumber: number('blockNumber', UINT256),
			expiresAt: number('expiresAt', UINT64),
		},
		signature: hex('signature', 65),
	};
}

const malformed = (): LinkedError => new LinkedError('linked/malformed', 'This statement of an owner cannot be read.');
