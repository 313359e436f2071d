import { HoldfastError } from '@holdfast/kernel';
import type { GuardedFetch } from '@holdfast/net';
import { type Hex, isHex, numberToHex, pad } from 'viem';
import { checkChain, createChainClient } from './client.node.ts';
import { type BlockHeader, encodeHeader } from './header.ts';
import type { Network } from './network.ts';
import type { StateProof } from './state-proof.ts';

export type BlockTag = 'latest' | 'safe' | 'finalized';

export interface Call {
	readonly to: Hex;
	readonly data: Hex;
}

/** Accounts and slots that a call reads (EIP-2930). */
export type AccessList = readonly { readonly address: Hex; readonly slots: readonly Hex[] }[];

/** A node that is asked for state with proofs. What it says is checked by whoever uses it, not believed. */
export interface StateSource {
	readonly chainId: number;
	/** The header of a block, with its encoding; its fields give its hash. Null where the node does not have the block. */
	block(at: BlockTag | bigint): Promise<{ readonly rlp: Hex; readonly header: BlockHeader } | null>;
	/** What a call returns at a block; null where it reverts. */
	call(call: Call, block: bigint): Promise<Hex | null>;
	/** What a call reads; empty where the node cannot say (the method is an extension of some nodes). */
	accessList(call: Call, block: bigint): Promise<AccessList>;
	proof(address: Hex, slots: readonly Hex[], block: bigint): Promise<StateProof>;
	code(address: Hex, block: bigint): Promise<Hex>;
	/** Events of one contract, oldest first. Null where the node does not look through that many blocks. */
	logs(filter: LogFilter): Promise<readonly Log[] | null>;
}

export interface LogFilter {
	readonly address: Hex;
	/** By place; null for any. */
	readonly topics: readonly (Hex | null)[];
	readonly fromBlock: bigint;
	readonly toBlock: bigint;
}

export interface Log {
	readonly topics: readonly Hex[];
	readonly data: Hex;
}

/**
 * Asks a network's node for state with proofs, over the guarded fetch; first of all, which chain it serves.
 * Every method throws HoldfastError chain/unreachable, chain/wrong-chain or chain/no-state.
 */
export function createStateSource(network: Network, fetch: GuardedFetch): StateSource {
	const client = createChainClient(network, fetch);
	const { chainId } = network;
	// The methods are named one by one because viem's own actions drop what proves: nodes of proofs stay as the node gave them.
	const send = client.request as (request: { readonly method: string; readonly params: readonly unknown[] }) => Promise<unknown>;
	let checked: Promise<void> | undefined;
	// The same contract may stand at the same address of several chains: a node of another one must not be believed.
	const request: typeof send = async (question) => {
		checked ??= checkChain(network, fetch);
		try {
			await checked;
		} catch (error) {
			checked = undefined;
			throw error;
		}
		return send(question);
	};
	const ask = async (method: string, params: readonly unknown[]): Promise<unknown> => {
		try {
			return await request({ method, params });
		} catch (error) {
			throw refused(error, chainId);
		}
	};
	const record = (value: unknown): Readonly<Record<string, unknown>> => {
		if (typeof value !== 'object' || value === null) throw unexpected(chainId);
		return value as Readonly<Record<string, unknown>>;
	};
	const hexes = (value: unknown): Hex[] => {
		if (!Array.isArray(value) || !value.every((each) => isHex(each))) throw unexpected(chainId);
		return value as Hex[];
	};
	return {
		chainId,
		block: async (at) => {
			const found = await ask('eth_getBlockByNumber', [typeof at === 'bigint' ? numberToHex(at) : at, false]);
			return found === null || found === undefined ? null : encodeHeader(record(found));
		},
		call: async ({ to, data }, block) => {
			try {
				const result = await request({ method: 'eth_call', params: [{ to, data }, numberToHex(block)] });
				return isHex(result) ? result : null;
			} catch (error) {
				if (isRevert(error)) return null;
				throw refused(error, chainId);
			}
		},
		accessList: async ({ to, data }, block) => {
			let answer: unknown;
			try {
				answer = await request({ method: 'eth_createAccessList', params: [{ to, data }, numberToHex(block)] });
			} catch (error) {
				if (error instanceof HoldfastError) throw error;
				return [];
			}
			const list = record(answer).accessList;
			if (!Array.isArray(list)) return [];
			return list.map((entry) => {
				const { address, storageKeys } = record(entry);
				if (!isHex(address)) throw unexpected(chainId);
				return { address, slots: hexes(storageKeys) };
			});
		},
		proof: async (address, slots, block) => {
			const answer = record(await ask('eth_getProof', [address, slots, numberToHex(block)]));
			const storage = answer.storageProof;
			if (!Array.isArray(storage) || storage.length !== slots.length) throw unexpected(chainId);
			return {
				address,
				accountProof: hexes(answer.accountProof),
				storageProof: slots.map((slot, index) => ({ slot: pad(slot, { size: 32 }), proof: hexes(record(storage[index]).proof) })),
			};
		},
		code: async (address, block) => {
			const code = await ask('eth_getCode', [address, numberToHex(block)]);
			if (!isHex(code)) throw unexpected(chainId);
			return code;
		},
		logs: async ({ address, topics, fromBlock, toBlock }) => {
			let answer: unknown;
			try {
				answer = await request({
					method: 'eth_getLogs',
					params: [{ address, topics, fromBlock: numberToHex(fromBlock), toBlock: numberToHex(toBlock) }],
				});
			} catch (error) {
				const failure = refused(error, chainId);
				// Nodes bound the blocks or the events of one question, each with an error of its own.
				if (failure.code === 'chain/no-state') return null;
				throw failure;
			}
			if (!Array.isArray(answer)) throw unexpected(chainId);
			return answer.map((entry) => {
				const { topics: found, data } = record(entry);
				if (!isHex(data)) throw unexpected(chainId);
				return { topics: hexes(found), data };
			});
		},
	};
}

const unexpected = (chainId: number) =>
	new HoldfastError('chain/no-state', 'The network’s node answers in a form that is not Ethereum’s. Choose another one in the settings.', {
		data: { chainId },
	});

// JSON-RPC errors reach us inside viem's, whose messages hold the address of the node.
function* causes(error: unknown): Generator<{ readonly code?: unknown; readonly name?: unknown; readonly message?: unknown }> {
	for (let at = error, depth = 0; typeof at === 'object' && at !== null && depth < 8; at = (at as { cause?: unknown }).cause, depth++) yield at;
}

const isRevert = (error: unknown): boolean => {
	if (error instanceof HoldfastError) return false;
	for (const each of causes(error)) if (each.code === 3 || (typeof each.message === 'string' && /revert/i.test(each.message))) return true;
	return false;
};

function refused(error: unknown, chainId: number): HoldfastError {
	if (error instanceof HoldfastError) return error;
	for (const each of causes(error)) {
		if (typeof each.code === 'number' && each.name !== 'HoldfastError') {
			return new HoldfastError(
				'chain/no-state',
				'The network’s node does not give this state with its proof. It may keep only recent blocks, or not offer proofs: choose another one in the settings.',
				{ data: { chainId }, cause: error },
			);
		}
	}
	return new HoldfastError('chain/unreachable', 'The network’s node cannot be reached. Check its address in the settings.', {
		data: { chainId },
		cause: error,
	});
}
