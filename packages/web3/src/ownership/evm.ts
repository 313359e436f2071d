import { createCustomCommon, Hardfork, Mainnet } from '@ethereumjs/common';
import { createEVM, type EVM } from '@ethereumjs/evm';
import { SimpleStateManager } from '@ethereumjs/statemanager';
import { Account, Address } from '@ethereumjs/util';
import { bytesToHex, type Hex, hexToBytes } from 'viem';
import { OwnershipError } from './errors.ts';
import { LIMITS } from './limits.ts';
import type { Machine } from './machine.ts';
import type { ProvenState } from './reads.ts';

/** Arbitrum's `block.number` is the block of Ethereum, which its header does not say in the usual place. */
const FOREIGN_BLOCK_NUMBER = new Set([42161, 42170, 421614]);

/** The EVM's state: every read goes to what is proven, and what a call changes is forgotten with it. */
class ProvenStateManager extends SimpleStateManager {
	readonly #state: ProvenState;
	/** The EVM hands errors of its state on as they are; should it ever swallow one, the result must not count all the same. */
	failure: unknown;

	constructor(state: ProvenState) {
		super();
		this.#state = state;
	}

	async #guarded<T>(read: () => Promise<T>): Promise<T> {
		try {
			return await read();
		} catch (error) {
			this.failure ??= error;
			throw error;
		}
	}

	override async getAccount(address: Address): Promise<Account | undefined> {
		const top = this.topAccountStack();
		if (top.has(address.toString())) return top.get(address.toString());
		const account = await this.#guarded(() => this.#state.account(address.toString()));
		return account === null ? undefined : new Account(account.nonce, account.balance, hexToBytes(account.storageRoot), hexToBytes(account.codeHash));
	}

	override async getCode(address: Address): Promise<Uint8Array> {
		return hexToBytes(await this.#guarded(() => this.#state.code(address.toString())));
	}

	override async getStorage(address: Address, key: Uint8Array): Promise<Uint8Array> {
		return hexToBytes(await this.#guarded(() => this.#state.slot(address.toString(), bytesToHex(key))));
	}

	override putStorage(): Promise<void> {
		throw new Error('a static call wrote to storage');
	}
}

/**
 * An EVM over proven state at the header's block. Calls come from the zero address, are static and share {@link LIMITS.gas}.
 * A read of anything that is not proven (an account, code, a slot, an older block's hash, a blob's price) ends the call with
 * OwnershipError ownership/unproven; running out of gas with ownership/too-much-work.
 */
export async function createMachine(state: ProvenState, chainId: number): Promise<Machine> {
	const unproven = (what: string): never => {
		manager.failure ??= new OwnershipError('ownership/unproven', `The contract reads ${what}, which a state proof does not show.`);
		throw manager.failure;
	};
	const manager = new ProvenStateManager(state);
	const { header } = state;
	const evm: EVM = await createEVM({
		// Later rules only add to what a contract may do, so one set of rules serves every block and network.
		common: createCustomCommon({ chainId, name: `chain ${chainId}` }, Mainnet, { hardfork: Hardfork.Osaka }),
		stateManager: manager,
		blockchain: {
			getBlock: async () => unproven('the hash of another block'),
			putBlock: async () => undefined,
			shallowCopy: () => unproven('another chain'),
		},
	});
	const block = {
		header: {
			get number() {
				return FOREIGN_BLOCK_NUMBER.has(chainId) ? unproven('the number of a block on another network') : header.number;
			},
			coinbase: new Address(hexToBytes(header.beneficiary)),
			timestamp: header.timestamp,
			difficulty: header.difficulty,
			prevRandao: hexToBytes(header.prevRandao),
			gasLimit: header.gasLimit,
			baseFeePerGas: header.baseFeePerGas,
			getBlobGasPrice: () => unproven('the price of blobs'),
		},
	};
	let gas = LIMITS.gas;
	return async ({ to, data }) => {
		manager.failure = undefined;
		manager.originalStorageCache.clear();
		const code = hexToBytes(await state.code(to.toLowerCase() as Hex));
		if (code.length === 0) return null;
		if (gas <= 0n) throw tooMuchWork();
		const result = await evm
			.runCode({ code, data: hexToBytes(data), to: new Address(hexToBytes(to)), gasLimit: gas, isStatic: true, block })
			.catch((error: unknown) => {
				// A holder's own contract may be made to find what the EVM here does not do (a precompile that is not built in).
				throw manager.failure ?? new OwnershipError('ownership/cannot-run', 'A contract does something that this wallet cannot run.', { cause: error });
			});
		await evm.journal.cleanup();
		gas -= result.executionGasUsed;
		if (manager.failure !== undefined) throw manager.failure;
		const error = result.exceptionError?.error;
		if (error === undefined) return bytesToHex(result.returnValue);
		if (error === 'out of gas') throw tooMuchWork();
		return null;
	};
}

const tooMuchWork = () => new OwnershipError('ownership/too-much-work', 'The contract takes more work to ask than this wallet gives it.');
