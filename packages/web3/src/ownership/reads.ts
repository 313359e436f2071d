import { type AccountState, type BlockHeader, EMPTY_CODE_HASH, proveAccount, proveSlot, type StateProof, type StateSource } from '@holdfast/chain';
import { HoldfastError } from '@holdfast/kernel';
import { type Hex, keccak256, numberToHex, pad, size } from 'viem';
import { OwnershipError } from './errors.ts';
import { LIMITS } from './limits.ts';

/** An account with its proof, the code behind its code hash where it was read, and the slots that were read. */
export interface AccountWitness extends StateProof {
	readonly code?: Hex;
}

/** State at one block, of which nothing is given that its root does not prove. Addresses and slots in lower case, 20 and 32 bytes. */
export interface ProvenState {
	readonly header: BlockHeader;
	account(address: Hex): Promise<AccountState | null>;
	code(address: Hex): Promise<Hex>;
	slot(address: Hex, slot: Hex): Promise<Hex>;
}

const ZERO: Hex = numberToHex(0, { size: 32 });
const lower = (value: Hex): Hex => value.toLowerCase() as Hex;

interface Entry {
	readonly account: AccountState | null;
	code?: Hex;
	readonly slots: Map<Hex, Hex>;
}

const badProof = (error: unknown): never => {
	if (error instanceof HoldfastError && error.code === 'chain/bad-proof') throw new OwnershipError('ownership/bad-proof', error.message, { cause: error });
	throw error;
};

function checkedCode(account: AccountState, code: Hex): Hex {
	if (size(code) > LIMITS.codeBytes) throw new OwnershipError('ownership/too-large', 'The code of a contract is larger than this wallet takes.');
	if (keccak256(code) !== account.codeHash) throw new OwnershipError('ownership/wrong-code', 'The code of a contract is not the code that the block names.');
	return code;
}

const unproven = (what: string) => new OwnershipError('ownership/unproven', `The proof leaves out ${what} that the contract reads.`);

/**
 * Checks every proof of a witness against the header's state root; what is left can be read, and nothing else.
 * @throws OwnershipError ownership/bad-proof, ownership/wrong-code, ownership/too-large
 */
export async function stateFromWitness(header: BlockHeader, accounts: readonly AccountWitness[]): Promise<ProvenState> {
	const entries = new Map<Hex, Entry>();
	for (const { address, accountProof, storageProof, code } of accounts) {
		const key = lower(address);
		if (entries.has(key)) throw new OwnershipError('ownership/malformed', 'The proof names an account twice.');
		const account = await proveAccount(header.stateRoot, key, accountProof).catch(badProof);
		const slots = new Map<Hex, Hex>();
		for (const { slot, proof } of storageProof)
			slots.set(lower(slot), account === null ? ZERO : await proveSlot(account.storageRoot, slot, proof).catch(badProof));
		const entry: Entry = { account, slots };
		if (code !== undefined) {
			if (account === null) throw new OwnershipError('ownership/wrong-code', 'The proof has code for an account that has none.');
			entry.code = checkedCode(account, code);
		}
		entries.set(key, entry);
	}
	const known = (address: Hex): Entry => {
		const entry = entries.get(address);
		if (!entry) throw unproven('an account');
		return entry;
	};
	return {
		header,
		account: async (address) => known(address).account,
		code: async (address) => {
			const { account, code } = known(address);
			if (code !== undefined) return code;
			if (account === null || account.codeHash === EMPTY_CODE_HASH) return '0x';
			throw unproven('the code of a contract');
		},
		slot: async (address, slot) => {
			const value = known(address).slots.get(slot);
			if (value === undefined) throw unproven('a place of a contract’s storage');
			return value;
		},
	};
}

/** State that is fetched with its proofs when it is read, and kept: what was read is the witness. */
export interface RecordedState extends ProvenState {
	/** Fetches in one go what a call is expected to read. */
	prefetch(list: readonly { readonly address: Hex; readonly slots: readonly Hex[] }[]): Promise<void>;
	/** What was read so far, least first: what was only prefetched is not in it. */
	witness(): AccountWitness[];
}

/**
 * Reads from a node and believes only what the header's state root proves.
 * @throws OwnershipError as {@link stateFromWitness}, HoldfastError chain/*
 */
export function stateFromSource(source: StateSource, header: BlockHeader, signal?: AbortSignal): RecordedState {
	interface Fetched extends Entry {
		readonly accountProof: readonly Hex[];
		readonly storage: Map<Hex, readonly Hex[]>;
		readonly readSlots: Set<Hex>;
		read: boolean;
		readCode: boolean;
	}
	const entries = new Map<Hex, Fetched>();
	const fetchProof = async (address: Hex, slots: readonly Hex[]): Promise<Fetched> => {
		signal?.throwIfAborted();
		const proof = await source.proof(address, slots, header.number);
		const account = await proveAccount(header.stateRoot, address, proof.accountProof).catch(badProof);
		let entry = entries.get(address);
		if (!entry) {
			if (entries.size >= 2 * LIMITS.accounts) throw tooMuch();
			entry = { account, slots: new Map(), accountProof: proof.accountProof, storage: new Map(), readSlots: new Set(), read: false, readCode: false };
			entries.set(address, entry);
		}
		for (const { slot, proof: nodes } of proof.storageProof) {
			entry.slots.set(lower(slot), account === null ? ZERO : await proveSlot(account.storageRoot, slot, nodes).catch(badProof));
			entry.storage.set(lower(slot), nodes);
		}
		return entry;
	};
	const known = async (address: Hex): Promise<Fetched> => {
		const entry = entries.get(address) ?? (await fetchProof(address, []));
		entry.read = true;
		if ([...entries.values()].filter(({ read }) => read).length > LIMITS.accounts) throw tooMuch();
		return entry;
	};
	return {
		header,
		account: async (address) => (await known(address)).account,
		code: async (address) => {
			const entry = await known(address);
			if (entry.account === null || entry.account.codeHash === EMPTY_CODE_HASH) return '0x';
			entry.readCode = true;
			entry.code ??= checkedCode(entry.account, await source.code(address, header.number));
			return entry.code;
		},
		slot: async (address, slot) => {
			const entry = await known(address);
			if (!entry.slots.has(slot)) await fetchProof(address, [slot]);
			entry.readSlots.add(slot);
			if ([...entries.values()].reduce((sum, each) => sum + each.readSlots.size, 0) > LIMITS.slots) throw tooMuch();
			return entry.slots.get(slot) ?? ZERO;
		},
		prefetch: async (list) => {
			for (const { address, slots } of list.slice(0, LIMITS.accounts)) {
				await fetchProof(
					lower(address),
					slots.slice(0, LIMITS.slots).map((slot) => lower(pad(slot, { size: 32 }))),
				);
			}
		},
		witness: () =>
			[...entries].flatMap(([address, { read, accountProof, storage, readSlots, readCode, code }]) =>
				read
					? [
							{
								address,
								accountProof,
								storageProof: [...readSlots].map((slot) => ({ slot, proof: storage.get(slot) ?? [] })),
								...(readCode && code !== undefined ? { code } : {}),
							},
						]
					: [],
			),
	};
}

const tooMuch = () => new OwnershipError('ownership/too-much-work', 'This contract reads more than a proof of this kind may hold.');
