import type { Log, StateSource } from '@holdfast/chain';
import { displayText } from '@holdfast/kernel';
import {
	decodeAbiParameters,
	decodeFunctionResult,
	encodeFunctionData,
	type Hex,
	hexToBigInt,
	isAddressEqual,
	pad,
	parseAbi,
	size,
	slice,
	toEventSelector,
} from 'viem';
import { OwnershipError } from './errors.ts';
import type { TokenStandard } from './statement.ts';

// What the wallet shows of a collection, as the network's node tells it: for choosing, not for proving.

const ABI = parseAbi([
	'function name() view returns (string)',
	'function supportsInterface(bytes4 id) view returns (bool)',
	'function balanceOf(address owner) view returns (uint256)',
	'function ownerOf(uint256 tokenId) view returns (address)',
	'function tokenOfOwnerByIndex(address owner, uint256 index) view returns (uint256)',
]);
const ERC1155 = parseAbi(['function balanceOf(address owner, uint256 id) view returns (uint256)']);
const INTERFACES: readonly (readonly [TokenStandard, Hex])[] = [
	['erc721', '0x80ac58cd'],
	['erc1155', '0xd9b67a26'],
];
const TRANSFER = toEventSelector('Transfer(address,address,uint256)');
const TRANSFER_SINGLE = toEventSelector('TransferSingle(address,address,address,uint256,uint256)');
const TRANSFER_BATCH = toEventSelector('TransferBatch(address,address,address,uint256[],uint256[])');

/** Tokens that are looked for and shown at most. */
const MOST_TOKENS = 60;
/** Where a node does not look through all blocks at once: how many at a time, and how often. */
const WINDOW = 40_000n;
const MOST_WINDOWS = 12;

export interface CollectionFacts {
	/** Undefined where the contract says of neither that it is one. */
	readonly standard: TokenStandard | undefined;
	/** What the contract calls itself: nobody checks it. */
	readonly name: string | undefined;
}

/**
 * What a contract says of itself.
 * @throws OwnershipError ownership/no-contract; HoldfastError chain/*
 */
export async function describeCollection(source: StateSource, contract: Hex): Promise<CollectionFacts> {
	const block = await newest(source);
	if ((await source.code(contract, block)) === '0x') throw new OwnershipError('ownership/no-contract', 'There is no contract at this address on this network.');
	const read = (data: Hex) => source.call({ to: contract, data }, block);
	let standard: TokenStandard | undefined;
	for (const [each, id] of INTERFACES) {
		const answer = await read(encodeFunctionData({ abi: ABI, functionName: 'supportsInterface', args: [id] }));
		if (answer !== null && word(answer) === 1n) standard ??= each;
	}
	return { standard, name: text(await read(encodeFunctionData({ abi: ABI, functionName: 'name' }))) };
}

export interface OwnedTokens {
	readonly tokens: readonly { readonly tokenId: bigint; readonly amount: bigint }[];
	/** False where there may be more. */
	readonly complete: boolean;
}

/** Which tokens an account has, as far as the node can tell. */
export async function ownedTokens(
	source: StateSource,
	collection: { readonly contract: Hex; readonly standard: TokenStandard },
	owner: Hex,
): Promise<OwnedTokens> {
	const block = await newest(source);
	return collection.standard === 'erc721' ? ownedErc721(source, collection.contract, owner, block) : ownedErc1155(source, collection.contract, owner, block);
}

async function ownedErc721(source: StateSource, to: Hex, owner: Hex, block: bigint): Promise<OwnedTokens> {
	const read = async (data: Hex) => word(await source.call({ to, data }, block));
	const balance = await read(encodeFunctionData({ abi: ABI, functionName: 'balanceOf', args: [owner] }));
	if (balance === null) throw new OwnershipError('ownership/no-such-token', 'This contract does not say what an account owns.');
	const most = balance > BigInt(MOST_TOKENS) ? MOST_TOKENS : Number(balance);
	const found: bigint[] = [];
	// ERC-721's optional enumeration.
	for (let index = 0; index < most; index++) {
		const id = await read(encodeFunctionData({ abi: ABI, functionName: 'tokenOfOwnerByIndex', args: [owner, BigInt(index)] }));
		if (id === null) break;
		found.push(id);
	}
	if (found.length < most) {
		const topics = [TRANSFER, null, pad(owner, { size: 32 })];
		const received = await logsBackwards(source, to, [topics], block);
		const candidates = new Set(received.logs.flatMap(({ topics: [, , , id] }) => (id === undefined ? [] : [hexToBigInt(id)])).toReversed());
		for (const id of found) candidates.delete(id);
		for (const id of candidates) {
			if (found.length >= most) break;
			const now = await read(encodeFunctionData({ abi: ABI, functionName: 'ownerOf', args: [id] }));
			if (now !== null && isAddressEqual(addressOf(now), owner)) found.push(id);
		}
	}
	return { tokens: found.toSorted(ascending).map((tokenId) => ({ tokenId, amount: 1n })), complete: BigInt(found.length) === balance };
}

async function ownedErc1155(source: StateSource, to: Hex, owner: Hex, block: bigint): Promise<OwnedTokens> {
	const receiver = pad(owner, { size: 32 });
	const received = await logsBackwards(
		source,
		to,
		[
			[TRANSFER_SINGLE, null, null, receiver],
			[TRANSFER_BATCH, null, null, receiver],
		],
		block,
	);
	const ids = new Set(received.logs.flatMap(({ topics, data }) => (topics[0] === TRANSFER_SINGLE ? singleId(data) : batchIds(data))));
	const tokens: { tokenId: bigint; amount: bigint }[] = [];
	for (const tokenId of [...ids].slice(0, MOST_TOKENS)) {
		const amount = word(await source.call({ to, data: encodeFunctionData({ abi: ERC1155, functionName: 'balanceOf', args: [owner, tokenId] }) }, block));
		if (amount !== null && amount > 0n) tokens.push({ tokenId, amount });
	}
	return { tokens: tokens.toSorted((a, b) => ascending(a.tokenId, b.tokenId)), complete: received.complete && ids.size <= MOST_TOKENS };
}

const ascending = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);
const word = (result: Hex | null): bigint | null => (result === null || size(result) < 32 ? null : hexToBigInt(slice(result, 0, 32)));
const addressOf = (value: bigint): Hex => `0x${(value & ((1n << 160n) - 1n)).toString(16).padStart(40, '0')}`;

async function newest(source: StateSource): Promise<bigint> {
	const found = await source.block('latest');
	if (found === null) throw new OwnershipError('ownership/unknown-block', 'The network’s node does not say what its newest block is.');
	return found.header.number;
}

function text(result: Hex | null): string | undefined {
	if (result === null || size(result) > 4096) return undefined;
	try {
		return displayText(decodeFunctionResult({ abi: ABI, functionName: 'name', data: result }), 80) || undefined;
	} catch {
		return undefined;
	}
}

const singleId = (data: Hex): bigint[] => (size(data) < 32 ? [] : [hexToBigInt(slice(data, 0, 32))]);

function batchIds(data: Hex): bigint[] {
	try {
		return [...decodeAbiParameters([{ type: 'uint256[]' }, { type: 'uint256[]' }], data)[0]];
	} catch {
		return [];
	}
}

/** Events from the first block on, or as far back as the node can be made to look. */
async function logsBackwards(source: StateSource, address: Hex, filters: readonly (readonly (Hex | null)[])[], newestBlock: bigint) {
	const ask = async (fromBlock: bigint, toBlock: bigint) => {
		const answers: Log[] = [];
		for (const topics of filters) {
			const logs = await source.logs({ address, topics, fromBlock, toBlock });
			if (logs === null) return null;
			answers.push(...logs);
		}
		return answers;
	};
	const all = await ask(0n, newestBlock);
	if (all !== null) return { logs: all, complete: true };
	const logs: Log[] = [];
	let to = newestBlock;
	for (let window = 0; window < MOST_WINDOWS && to >= 0n; window++) {
		const from = to >= WINDOW ? to - WINDOW + 1n : 0n;
		const part = await ask(from, to);
		if (part === null) break;
		logs.unshift(...part);
		if (from === 0n) return { logs, complete: true };
		to = from - 1n;
	}
	return { logs, complete: false };
}
