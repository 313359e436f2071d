import type { Hex } from 'viem';
import type { ProvenState } from './reads.ts';

/** A call that only reads. */
export interface ReadCall {
	readonly to: Hex;
	readonly data: Hex;
}

/** Runs calls over proven state. Null where the call reverts. */
export type Machine = (call: ReadCall) => Promise<Hex | null>;

/** The EVM, loaded when it is needed: it is megabytes, and most of what uses this package never runs it. */
export async function loadMachine(state: ProvenState, chainId: number): Promise<Machine> {
	const { createMachine } = await import('./evm.ts');
	return createMachine(state, chainId);
}
