import { HoldfastError } from '@holdfast/kernel';
import { bytesToHex, type Hex, hexToBigInt, hexToBytes, isAddress, isHex, keccak256, numberToHex, pad, size, toRlp } from 'viem';
import { decodeRlp } from './rlp.ts';

/** An account in the state (Yellow Paper §4.1). */
export interface AccountState {
	readonly nonce: bigint;
	readonly balance: bigint;
	readonly storageRoot: Hex;
	readonly codeHash: Hex;
}

/** A proof as `eth_getProof` gives it (EIP-1186), reduced to what proves: the rest of that answer is said again by the nodes. */
export interface StateProof {
	readonly address: Hex;
	/** Nodes of the state trie from its root down. */
	readonly accountProof: readonly Hex[];
	readonly storageProof: readonly { readonly slot: Hex; readonly proof: readonly Hex[] }[];
}

export const EMPTY_CODE_HASH: Hex = keccak256('0x');
/** Root of a trie with nothing in it: the hash of RLP's empty string. */
export const EMPTY_TRIE_ROOT: Hex = keccak256(toRlp('0x'));

/** A path has 64 nibbles, so no more nodes than that. */
const MAX_NODES = 64;
/** A full branch has 16 hashes of 33 bytes and a value. */
const MAX_NODE_BYTES = 1024;

const invalid = (message: string) => new HoldfastError('chain/bad-proof', message);

/**
 * What a state root says about an account; null where it proves that there is none.
 * @param stateRoot 32 bytes, from a header whose hash is trusted
 * @throws HoldfastError chain/bad-proof
 */
export async function proveAccount(stateRoot: Hex, address: Hex, proof: readonly Hex[]): Promise<AccountState | null> {
	if (!isAddress(address, { strict: false })) throw invalid('An account has an address of 20 bytes.');
	const value = await proven(stateRoot, address, proof);
	if (value === null) return null;
	const fields = decodeRlp(value, MAX_NODE_BYTES);
	if (!Array.isArray(fields) || fields.length !== 4) throw invalid('The proof of an account ends in something else.');
	const [nonce, balance, storageRoot, codeHash] = fields as Hex[];
	if (!isHex(nonce) || !isHex(balance) || !isHash(storageRoot) || !isHash(codeHash)) throw invalid('The proof of an account ends in something else.');
	return { nonce: integer(nonce), balance: integer(balance), storageRoot, codeHash };
}

/**
 * What an account's storage holds in a slot, as 32 bytes; zero where it proves that nothing is there.
 * @param storageRoot of the proven account
 * @param slot 32 bytes
 * @throws HoldfastError chain/bad-proof
 */
export async function proveSlot(storageRoot: Hex, slot: Hex, proof: readonly Hex[]): Promise<Hex> {
	if (!isHash(slot)) throw invalid('A slot has 32 bytes.');
	// Nodes give nothing, or the empty root itself, for an account that never stored anything.
	if (storageRoot === EMPTY_TRIE_ROOT) return numberToHex(0, { size: 32 });
	const value = await proven(storageRoot, slot, proof);
	if (value === null) return numberToHex(0, { size: 32 });
	const inner = decodeRlp(value, 33);
	if (typeof inner !== 'string' || size(inner) > 32) throw invalid('The proof of a slot ends in something else.');
	return pad(inner, { size: 32 });
}

const isHash = (value: unknown): value is Hex => isHex(value) && size(value) === 32 && value.length === 66;
const integer = (value: Hex): bigint => (value === '0x' ? 0n : hexToBigInt(value));

/** The value under a key of a trie whose keys are hashed ("secure" trie), or null where the nodes prove that there is none. */
async function proven(root: Hex, key: Hex, proof: readonly Hex[]): Promise<Hex | null> {
	if (!isHash(root)) throw invalid('A root has 32 bytes.');
	if (proof.length === 0 || proof.length > MAX_NODES) throw invalid('A proof has between 1 and 64 nodes.');
	for (const node of proof) {
		if (!isHex(node) || node.length % 2 !== 0 || node.length > 2 + 2 * MAX_NODE_BYTES) throw invalid('A proof has a node that cannot be one.');
	}
	// Loaded when it is needed: everything that talks to a chain imports this package.
	const { verifyMerkleProof } = await import('@ethereumjs/mpt');
	let value: Uint8Array | null;
	try {
		value = await verifyMerkleProof(
			hexToBytes(key),
			proof.map((node) => hexToBytes(node)),
			{ root: hexToBytes(root), useKeyHashing: true },
		);
	} catch (error) {
		throw new HoldfastError('chain/bad-proof', 'The nodes of a proof do not lead from the root to what they should prove.', { cause: error });
	}
	return value === null ? null : bytesToHex(value);
}
