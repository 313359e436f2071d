import { type Address, type Hex, recoverMessageAddress } from 'viem';
import type { TypedData } from '../../typed-data/index.ts';

/**
 * What Snapshot's sequencer takes. It knows a message by the SHA-256 of JSON.stringify(types), so that the order of the keys is part
 * of the format: our structs are written with `name` before `type`, and without EIP712Domain.
 */
export interface Envelope {
	readonly address: Address;
	readonly sig: Hex;
	readonly data: Pick<TypedData, 'domain' | 'types' | 'message'>;
}

export const envelope = ({ typedData, signer, signature }: { readonly typedData: TypedData; readonly signer: Address; readonly signature: Hex }): Envelope => {
	const { domain, types, message } = typedData;
	return { address: signer, sig: signature, data: { domain, types, message } };
};

/** Whether the receipt is the relayer's: its `personal_sign` over the text of the vote's signature (sequencer, `issueReceipt`). */
export async function isReceipt(signature: Hex, relayer: { readonly address: string; readonly receipt: string }): Promise<boolean> {
	try {
		return (await recoverMessageAddress({ message: signature, signature: relayer.receipt as Hex })).toLowerCase() === relayer.address.toLowerCase();
	} catch {
		return false;
	}
}
