import { encodeAbiParameters, type Hex, isAddress, keccak256, stringToBytes } from 'viem';
import { LinkedError } from './errors.ts';

/** The owners of an ERC-721 collection at a block. */
export interface OwnerSet {
	/** EIP-155. */
	readonly chainId: number;
	readonly collection: Hex;
	readonly blockNumber: bigint;
}

const GROUP_TAG = keccak256(stringToBytes('holdfast/owners-group/1'));

/** Throws `linked/bad-value`. */
export function groupIdOf({ chainId, collection, blockNumber }: OwnerSet): Hex {
	if (!Number.isSafeInteger(chainId) || chainId < 1 || !isAddress(collection, { strict: false }) || blockNumber < 0n || blockNumber >> 256n !== 0n) {
		throw new LinkedError('linked/bad-value', 'A group of owners needs a network, a collection and a block.');
	}
	return keccak256(
		encodeAbiParameters(
			[{ type: 'bytes32' }, { type: 'uint256' }, { type: 'address' }, { type: 'uint256' }],
			[GROUP_TAG, BigInt(chainId), collection.toLowerCase() as Hex, blockNumber],
		),
	);
}
