import { concatHex, getContractAddress, type Hex, hexToBigInt, isAddressEqual, keccak256, size, slice } from 'viem';

/** ERC-6551's registry: deployed at this address on every network, by a method that ties the address to its code. */
export const TOKEN_BOUND_REGISTRY: Hex = '0x000000006551c19487814612e58FE06813775758';

// ERC-6551, "Account proxy": an ERC-1167 proxy whose code ends in salt, chain id, token contract and token id, 32 bytes each.
const CREATION_HEAD: Hex = '0x3d60ad80600a3d3981f3';
const PROXY_HEAD: Hex = '0x363d3d373d3d3d363d73';
const PROXY_TAIL: Hex = '0x5af43d82803e903d91602b57fd5bf3';
const CODE_BYTES = 173;

/** The token that controls an account. */
export interface TokenBinding {
	readonly chainId: bigint;
	readonly collection: Hex;
	readonly tokenId: bigint;
}

/**
 * Which token an account is bound to, read from its proven code; null where it is no account that ERC-6551's registry made.
 * Not asked of the account itself: any contract could answer, and an escrow must not make its owner the owner of what it keeps.
 */
export function tokenBinding(address: Hex, code: Hex): TokenBinding | null {
	if (size(code) !== CODE_BYTES || slice(code, 0, 10) !== PROXY_HEAD || slice(code, 30, 45) !== PROXY_TAIL) return null;
	const salt = slice(code, 45, 77);
	const made = getContractAddress({
		opcode: 'CREATE2',
		from: TOKEN_BOUND_REGISTRY,
		salt,
		bytecodeHash: keccak256(concatHex([CREATION_HEAD, code])),
	});
	if (!isAddressEqual(made, address) || hexToBigInt(slice(code, 109, 121)) !== 0n) return null;
	return { chainId: hexToBigInt(slice(code, 77, 109)), collection: slice(code, 121, 141), tokenId: hexToBigInt(slice(code, 141, 173)) };
}
