import { encodeFunctionData, type Hex, hexToBigInt, parseAbi, size, slice, stringToHex } from 'viem';
import { OwnershipError } from './errors.ts';
import type { Machine } from './machine.ts';
import type { Token } from './statement.ts';

/**
 * delegate.xyz's registry, version 2: deployed at this address on every network, by a method that ties the address to its code.
 * Sources: delegate-registry, src/DelegateRegistry.sol and IDelegateRegistry.sol.
 */
export const DELEGATE_REGISTRY: Hex = '0x00000000000000447e69651d841bD8D104Bed493';

/** The right that is asked for. Whoever was given all rights (the empty one) has this one too, by the registry's own rules. */
export const OWNERSHIP_RIGHTS: Hex = stringToHex('holdfast ownership', { size: 32 });

const CHECK = parseAbi([
	'function checkDelegateForERC721(address to, address from, address contract_, uint256 tokenId, bytes32 rights) view returns (bool)',
	'function checkDelegateForERC1155(address to, address from, address contract_, uint256 tokenId, bytes32 rights) view returns (uint256)',
]);
const GRANT = parseAbi(['function delegateContract(address to, address contract_, bytes32 rights, bool enable) payable returns (bytes32)']);

/** The question whether `owner` lets `delegate` act for it with this token: what a node is asked to expect. */
export const delegationCall = ({ standard, collection, tokenId }: Token, owner: Hex, delegate: Hex): { readonly to: Hex; readonly data: Hex } => ({
	to: DELEGATE_REGISTRY,
	data: encodeFunctionData({
		abi: CHECK,
		functionName: standard === 'erc721' ? 'checkDelegateForERC721' : 'checkDelegateForERC1155',
		args: [delegate, owner, collection, tokenId, OWNERSHIP_RIGHTS],
	}),
});

/** The transaction by which an owner lets `delegate` prove what it owns of a collection, or no longer does. For the owner's own wallet. */
export const grantCall = ({ collection }: Pick<Token, 'collection'>, delegate: Hex, enable: boolean): { readonly to: Hex; readonly data: Hex } => ({
	to: DELEGATE_REGISTRY,
	data: encodeFunctionData({ abi: GRANT, functionName: 'delegateContract', args: [delegate, collection, OWNERSHIP_RIGHTS, enable] }),
});

/**
 * Re-runs the registry's own code.
 * @throws OwnershipError ownership/not-delegated, ownership/unproven, ownership/too-much-work
 */
export async function establishDelegation(machine: Machine, token: Token, owner: Hex, delegate: Hex): Promise<void> {
	const answer = await machine(delegationCall(token, owner, delegate));
	if (answer === null || size(answer) < 32 || hexToBigInt(slice(answer, 0, 32)) === 0n) {
		throw new OwnershipError('ownership/not-delegated', 'The owner of this token has not let this account act for it (delegate.xyz).');
	}
}
