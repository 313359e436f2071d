import { type Address, type Hex, hexToBigInt, hexToNumber, isAddressEqual, type PublicClient, recoverAddress, serializeSignature, size, slice } from 'viem';
import { digestOf, type StructId, type TypedData } from '../typed-data/index.ts';
import { EIP1271, EIP1271_VALID } from './abis.ts';
import { VoteError } from './errors.ts';
import { kindOfAccount, maybe } from './reads.ts';

/** A message with a signature, on its way to a contract. */
export interface SignedData {
	readonly typedData: TypedData;
	/** Who signed: an account with a key, or a contract for which `signature` is what its EIP-1271 takes. */
	readonly signer: Address;
	readonly signature: Hex;
}

// The order of secp256k1, halved: OpenZeppelin takes no higher s (EIP-2).
const HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n;

/** Whose signature the contract asks the account itself about (EIP-1271). The others take what ecrecover takes. */
const ASKS_CONTRACTS: ReadonlySet<StructId> = new Set(['governor-ballot', 'governor-extended-ballot', 'governor-override-ballot']);

export const takesContracts = (struct: StructId): boolean => ASKS_CONTRACTS.has(struct);

const badSignature = (reason: 'form' | 'other-signer' | 'refused'): VoteError =>
	new VoteError('vote/bad-signature', 'This signature is not that of the voter over this message. Nothing was sent.', { reason });

export const contractVoter = (what: string): VoteError =>
	new VoteError('vote/contract-voter', `${what} takes signatures of accounts with a key only. A Safe or another contract has to send a transaction instead.`);

/** `r`, `s` and `v` of a signature of 65 bytes. @throws VoteError vote/bad-signature */
export function vrs(signature: Hex): { readonly v: number; readonly r: Hex; readonly s: Hex } {
	if (size(signature) !== 65) throw badSignature('form');
	const [r, s, v] = [slice(signature, 0, 32), slice(signature, 32, 64), hexToNumber(slice(signature, 64))];
	if ((v !== 27 && v !== 28) || hexToBigInt(s) > HALF_ORDER || hexToBigInt(r) === 0n || hexToBigInt(s) === 0n) throw badSignature('form');
	return { v, r, s };
}

/** The account whose key made the signature. @throws VoteError vote/bad-signature */
export async function signerOf(digest: Hex, signature: Hex): Promise<Address> {
	const { v, r, s } = vrs(signature);
	try {
		return await recoverAddress({ hash: digest, signature: serializeSignature({ r, s, yParity: v - 27 }) });
	} catch {
		throw badSignature('form');
	}
}

/**
 * A signature of 65 bytes as somebody hands it over, in the form that is checked and sent: lower case, v 27 or 28. Some devices give 0 or 1.
 * @throws VoteError vote/bad-signature
 */
export function readSignature(text: string): Hex {
	const [, rs, v] = /^0x([0-9a-f]{128})(1b|1c|00|01)$/.exec(text.trim().toLowerCase()) ?? [];
	if (rs === undefined || v === undefined) throw badSignature('form');
	return `0x${rs}${{ '00': '1b', '01': '1c' }[v] ?? v}`;
}

/** @throws VoteError vote/bad-signature where the key of `signer` did not make it */
export async function checkKeySignature({ typedData, signer, signature }: SignedData): Promise<void> {
	if (!isAddressEqual(await signerOf(digestOf(typedData), signature), signer)) throw badSignature('other-signer');
}

/** What the account's contract says of a signature (EIP-1271). */
export async function askContract(client: PublicClient, account: Address, digest: Hex, signature: Hex): Promise<boolean> {
	return (await maybe(client, { address: account, abi: EIP1271, functionName: 'isValidSignature', args: [digest, signature] })) === EIP1271_VALID;
}

/**
 * Holds a signature to what the contract will hold it to, so that nothing is sent that it would refuse, or, where it compares the
 * signer with nobody (OpenZeppelin 4, Bravo), would count for a stranger.
 * @throws VoteError vote/bad-signature, vote/contract-voter, vote/unreachable
 */
export async function checkSignature(client: PublicClient, signed: SignedData): Promise<void> {
	const { typedData, signer, signature } = signed;
	const kind = await kindOfAccount(client, signer);
	if (takesContracts(typedData.struct)) {
		if (kind === 'key') return checkKeySignature(signed);
		// OpenZeppelin asks whatever has code, an account of EIP-7702 too.
		if (!(await askContract(client, signer, digestOf(typedData), signature))) throw badSignature('refused');
		return;
	}
	if (kind === 'contract') throw contractVoter('This contract');
	return checkKeySignature(signed);
}
