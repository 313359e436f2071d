import { encodeFunctionData, getAddress, type Hex, hexToBigInt, isAddressEqual, parseAbi, recoverAddress, size, slice } from 'viem';
import { OwnershipError } from './errors.ts';
import { LIMITS } from './limits.ts';
import type { Machine } from './machine.ts';
import type { ProvenState } from './reads.ts';
import type { Token } from './statement.ts';
import { tokenBinding } from './token-bound.ts';

const ERC721 = parseAbi(['function ownerOf(uint256 tokenId) view returns (address)']);
const ERC1155 = parseAbi(['function balanceOf(address owner, uint256 id) view returns (uint256)']);
const ERC6551 = parseAbi(['function isValidSigner(address signer, bytes context) view returns (bytes4)']);
const ERC1271 = parseAbi(['function isValidSignature(bytes32 hash, bytes signature) view returns (bytes4)']);
/** What `isValidSigner` (ERC-6551) and `isValidSignature` (ERC-1271) answer where they agree. */
const VALID_SIGNER = '0x523e3260';
const VALID_SIGNATURE = '0x1626ba7e';

/** The calls that establish who owns a token: what a node is asked to expect. */
export const ownerCall = ({ standard, collection, tokenId }: Token, owner: Hex): { readonly to: Hex; readonly data: Hex } => ({
	to: collection,
	data:
		standard === 'erc721'
			? encodeFunctionData({ abi: ERC721, functionName: 'ownerOf', args: [tokenId] })
			: encodeFunctionData({ abi: ERC1155, functionName: 'balanceOf', args: [owner, tokenId] }),
});

export const signatureCall = (account: Hex, digest: Hex, signature: Hex): { readonly to: Hex; readonly data: Hex } => ({
	to: account,
	data: encodeFunctionData({ abi: ERC1271, functionName: 'isValidSignature', args: [digest, signature] }),
});

const word = (result: Hex | null): bigint | null => (result === null || size(result) < 32 ? null : hexToBigInt(slice(result, 0, 32)));
const answers = (result: Hex | null, magic: Hex): boolean => result !== null && size(result) >= 32 && slice(result, 0, 4) === magic;

function addressOf(value: bigint | null): Hex | null {
	return value === null || value === 0n || value >> 160n !== 0n ? null : getAddress(`0x${value.toString(16).padStart(40, '0')}`);
}

async function ownerOf(machine: Machine, collection: Hex, tokenId: bigint): Promise<Hex> {
	const owner = addressOf(word(await machine(ownerCall({ standard: 'erc721', chainId: 0, collection, tokenId }, '0x'))));
	if (owner === null) throw new OwnershipError('ownership/no-such-token', 'The collection names no owner for this token.');
	return owner;
}

/** How a holder came to own a token: the accounts between the two, each bound to a token that the next one owns. */
export interface Ownership {
	readonly through: readonly Hex[];
}

/**
 * Re-runs the collection's own code to find out whether `holder` owns the token.
 * @param account for ERC-1155, which does not name owners: the token-bound account that has it, where it is not the holder
 * @throws OwnershipError ownership/no-such-token, ownership/not-owner, ownership/unproven, ownership/too-much-work
 */
export async function establishOwner(state: ProvenState, machine: Machine, token: Token, holder: Hex, account?: Hex): Promise<Ownership> {
	const notOwner = () => new OwnershipError('ownership/not-owner', 'Somebody else owned this token at this block.');
	let owner: Hex;
	if (token.standard === 'erc721') owner = await ownerOf(machine, token.collection, token.tokenId);
	else {
		owner = account ?? holder;
		const balance = word(await machine(ownerCall(token, owner)));
		if (balance === null) throw new OwnershipError('ownership/no-such-token', 'The collection does not say how many of this token an account has.');
		if (balance === 0n) throw notOwner();
	}
	const through: Hex[] = [];
	while (!isAddressEqual(owner, holder)) {
		if (through.length >= LIMITS.tokenBoundDepth) throw notOwner();
		// Whoever the holder does not control has no part in the proof: an account that is not in it is simply another owner.
		const code = await state.code(owner.toLowerCase() as Hex).catch((error: unknown) => {
			if (error instanceof OwnershipError && error.code === 'ownership/unproven') return '0x' as const;
			throw error;
		});
		const binding = tokenBinding(owner, code);
		if (binding === null || binding.chainId !== BigInt(token.chainId)) throw notOwner();
		const controller = await ownerOf(machine, binding.collection, binding.tokenId);
		const accepted = await machine({ to: owner, data: encodeFunctionData({ abi: ERC6551, functionName: 'isValidSigner', args: [controller, '0x'] }) });
		if (!answers(accepted, VALID_SIGNER)) throw notOwner();
		through.push(owner);
		owner = controller;
	}
	return { through };
}

/**
 * Whether a signature is the holder's: by its key, or, where the holder is a contract, by that contract's own code (ERC-1271).
 * Undefined where it is not.
 */
export async function signedBy(state: ProvenState, machine: Machine, holder: Hex, digest: Hex, signature: Hex): Promise<'key' | 'contract' | undefined> {
	if (await signedByKey(holder, digest, signature)) return 'key';
	try {
		return answers(await machine(signatureCall(holder, digest, signature)), VALID_SIGNATURE) ? 'contract' : undefined;
	} catch (error) {
		// A holder who is not in the proof is taken for a key, as almost all are.
		if (error instanceof OwnershipError && error.code === 'ownership/unproven' && !(await isContract(state, holder))) return undefined;
		throw error;
	}
}

async function isContract(state: ProvenState, holder: Hex): Promise<boolean> {
	try {
		return (await state.code(holder.toLowerCase() as Hex)) !== '0x';
	} catch {
		return false;
	}
}

/** Whether the key of `holder` made the signature. */
export async function signedByKey(holder: Hex, digest: Hex, signature: Hex): Promise<boolean> {
	if (size(signature) !== 65) return false;
	try {
		return isAddressEqual(await recoverAddress({ hash: digest, signature }), holder);
	} catch {
		return false;
	}
}
