import { HoldfastError } from '@holdfast/kernel';
import { type Hex, hexToBigInt, isHex, keccak256, size, toRlp } from 'viem';
import { decodeRlp, isList } from './rlp.ts';

/** What a block's header says, as far as calls to its state can ask for it. */
export interface BlockHeader {
	readonly hash: Hex;
	readonly parentHash: Hex;
	readonly stateRoot: Hex;
	readonly number: bigint;
	/** Seconds since the epoch. */
	readonly timestamp: bigint;
	readonly beneficiary: Hex;
	readonly gasLimit: bigint;
	readonly difficulty: bigint;
	/** `mixHash`: the beacon chain's randomness since the merge (EIP-4399). */
	readonly prevRandao: Hex;
	readonly baseFeePerGas: bigint;
}

/** No network has headers near this: extra data is bounded, and every other field is fixed. */
const MAX_HEADER_BYTES = 4096;
const FEWEST_FIELDS = 15;
const MOST_FIELDS = 32;
/** Where each field of interest stands (Ethereum Yellow Paper §4.4; EIP-1559 adds the base fee), with its length in bytes. */
const AT = { parentHash: 0, beneficiary: 2, stateRoot: 3, difficulty: 7, number: 8, gasLimit: 9, timestamp: 11, mixHash: 13, baseFee: 15 } as const;

const malformed = () => new HoldfastError('chain/bad-header', 'This is not the header of a block.');

/**
 * Reads a header in its RLP encoding. The hash is computed from exactly these bytes, so whoever trusts it trusts every field.
 * @throws HoldfastError chain/bad-header
 */
export function readHeader(rlp: Hex): BlockHeader {
	const fields = decodeRlp(rlp, MAX_HEADER_BYTES);
	if (!isList(fields) || fields.length < FEWEST_FIELDS || fields.length > MOST_FIELDS) throw malformed();
	const bytes = (at: number, length: number): Hex => {
		const field = fields[at];
		if (typeof field !== 'string' || size(field) !== length) throw malformed();
		return field;
	};
	const integer = (at: number, most: number): bigint => {
		const field = fields[at];
		if (typeof field !== 'string' || size(field) > most || field.startsWith('0x00')) throw malformed();
		return field === '0x' ? 0n : hexToBigInt(field);
	};
	return {
		hash: keccak256(rlp),
		parentHash: bytes(AT.parentHash, 32),
		beneficiary: bytes(AT.beneficiary, 20),
		stateRoot: bytes(AT.stateRoot, 32),
		difficulty: integer(AT.difficulty, 32),
		number: integer(AT.number, 8),
		gasLimit: integer(AT.gasLimit, 8),
		timestamp: integer(AT.timestamp, 8),
		prevRandao: bytes(AT.mixHash, 32),
		baseFeePerGas: fields.length > AT.baseFee ? integer(AT.baseFee, 32) : 0n,
	};
}

/** The order of a header's fields as a node's JSON names them; those from the base fee on came with later forks. */
const JSON_FIELDS = [
	['parentHash', 'bytes'],
	['sha3Uncles', 'bytes'],
	['miner', 'bytes'],
	['stateRoot', 'bytes'],
	['transactionsRoot', 'bytes'],
	['receiptsRoot', 'bytes'],
	['logsBloom', 'bytes'],
	['difficulty', 'integer'],
	['number', 'integer'],
	['gasLimit', 'integer'],
	['gasUsed', 'integer'],
	['timestamp', 'integer'],
	['extraData', 'bytes'],
	['mixHash', 'bytes'],
	['nonce', 'bytes'],
	['baseFeePerGas', 'integer'],
	['withdrawalsRoot', 'bytes'],
	['blobGasUsed', 'integer'],
	['excessBlobGas', 'integer'],
	['parentBeaconBlockRoot', 'bytes'],
	['requestsHash', 'bytes'],
] as const;

/**
 * The RLP encoding of a block that a node described in JSON (`eth_getBlockByNumber`), and what it says. A node's word is only
 * taken where the fields hash to the block's hash.
 * @throws HoldfastError chain/bad-header where the network's headers have another form, or the node does not tell the truth
 */
export function encodeHeader(block: Readonly<Record<string, unknown>>): { readonly rlp: Hex; readonly header: BlockHeader } {
	const encoded: Hex[] = [];
	for (const [index, [name, kind]] of JSON_FIELDS.entries()) {
		const value = block[name];
		if (value === undefined || value === null) {
			if (index < FEWEST_FIELDS) throw malformed();
			break;
		}
		if (!isHex(value) || value.length > 2 * MAX_HEADER_BYTES) throw malformed();
		if (kind === 'bytes') encoded.push(value);
		else {
			const number = value === '0x' ? 0n : hexToBigInt(value);
			const digits = number.toString(16);
			encoded.push(number === 0n ? '0x' : `0x${digits.length % 2 === 0 ? digits : `0${digits}`}`);
		}
	}
	const rlp = toRlp(encoded);
	const header = readHeader(rlp);
	if (typeof block.hash !== 'string' || block.hash.toLowerCase() !== header.hash) {
		throw new HoldfastError('chain/bad-header', 'The node describes a block whose fields do not give its hash.');
	}
	return { rlp, header };
}
