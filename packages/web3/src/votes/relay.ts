import { type Address, encodeFunctionData, type Hash, type Hex, isAddressEqual, type PublicClient } from 'viem';
import { z } from 'zod';
import { type Message, parseTypedData, type StructId } from '../typed-data/index.ts';
import { BAAL, CAST_BY_SIGNATURE, CAST_BY_VRS, GOVERNOR, TOKEN } from './abis.ts';
import type { ContractRef, RelayCall } from './adapter.ts';
import { VoteError } from './errors.ts';
import { zAddress, zHex } from './file-fields.ts';
import { isNetworkError, onNetwork, unreachable } from './reads.ts';
import { checkKeySignature, checkSignature, type SignedData, takesContracts, vrs } from './signatures.ts';

const big = (value: unknown): bigint => BigInt(value as string | number);

/** How the calldata is made of the signed message. Everything that was signed is in it; nothing else is. */
const CALLS: Readonly<Partial<Record<StructId, (message: Message, signature: Hex) => Hex>>> = {
	'governor-ballot': (m, signature) =>
		encodeFunctionData({
			abi: CAST_BY_SIGNATURE,
			functionName: 'castVoteBySig',
			args: [big(m.proposalId), m.support as number, m.voter as Address, signature],
		}),
	'governor-extended-ballot': (m, signature) =>
		encodeFunctionData({
			abi: GOVERNOR,
			functionName: 'castVoteWithReasonAndParamsBySig',
			args: [big(m.proposalId), m.support as number, m.voter as Address, m.reason as string, m.params as Hex, signature],
		}),
	'governor-override-ballot': (m, signature) =>
		encodeFunctionData({
			abi: GOVERNOR,
			functionName: 'castOverrideVoteBySig',
			args: [big(m.proposalId), m.support as number, m.voter as Address, m.reason as string, signature],
		}),
	'bravo-ballot': (m, signature) => {
		const { v, r, s } = vrs(signature);
		return encodeFunctionData({ abi: CAST_BY_VRS, functionName: 'castVoteBySig', args: [big(m.proposalId), m.support as number, v, r, s] });
	},
	'baal-vote': (m, signature) => {
		const { v, r, s } = vrs(signature);
		return encodeFunctionData({
			abi: BAAL,
			functionName: 'submitVoteWithSig',
			args: [m.voter as Address, big(m.expiry), big(m.nonce), m.proposalId as number, m.support as boolean, v, r, s],
		});
	},
	delegation: delegateBySig,
	'baal-delegation': delegateBySig,
};

function delegateBySig(m: Message, signature: Hex): Hex {
	const { v, r, s } = vrs(signature);
	return encodeFunctionData({ abi: TOKEN, functionName: 'delegateBySig', args: [m.delegatee as Address, big(m.nonce), big(m.expiry), v, r, s] });
}

/**
 * The transaction that brings a signed vote or delegation onto the chain. It follows from what was signed alone: the contract and the
 * chain are those of the domain.
 * @throws VoteError vote/not-supported for a message that goes another way (Snapshot's, a Safe's), vote/bad-signature
 */
export function relayCall({ typedData, signature }: Pick<SignedData, 'typedData' | 'signature'>): RelayCall {
	const encode = CALLS[typedData.struct];
	const { chainId, verifyingContract } = typedData.domain;
	if (!encode || chainId === undefined || verifyingContract === undefined) {
		throw new VoteError('vote/not-supported', 'This kind of message is not brought onto a chain by a transaction of its own.', { struct: typedData.struct });
	}
	return { chainId, to: verifyingContract, data: encode(typedData.message, signature) };
}

/** As {@link relayCall}, for the DAO that it is meant for. @throws VoteError vote/other-dao */
export function relayCallOf(
	ref: Pick<ContractRef, 'chainId' | 'contract'>,
	signed: Pick<SignedData, 'typedData' | 'signature'>,
	structs: readonly StructId[],
): RelayCall {
	const { struct, domain } = signed.typedData;
	if (!structs.includes(struct) || domain.chainId !== ref.chainId || !domain.verifyingContract || !isAddressEqual(domain.verifyingContract, ref.contract)) {
		throw new VoteError('vote/other-dao', 'This was signed for another contract than this.', { struct });
	}
	return relayCall(signed);
}

/** Who can send a transaction, and pays for it. The vote's own account need not. */
export interface TransactionSender {
	send(call: RelayCall): Promise<Hash>;
}

/**
 * Sends a signed vote or delegation, after the signature was held to the message and the transaction tried out on the newest block.
 * Resolves when it is in a block.
 * @throws VoteError vote/bad-signature, vote/contract-voter, vote/would-fail, vote/failed, vote/unreachable
 */
export async function sendSigned(
	client: PublicClient,
	signed: SignedData,
	sender: TransactionSender,
): Promise<{ readonly hash: Hash; readonly blockNumber: bigint }> {
	const call = relayCall(signed);
	await checkSignature(client, signed);
	return sendCall(client, call, sender);
}

/** Tries a transaction out on the newest block, sends it, and waits for its block. @throws VoteError vote/would-fail, vote/failed, vote/unreachable */
export async function sendCall(
	client: PublicClient,
	call: RelayCall,
	sender: TransactionSender,
): Promise<{ readonly hash: Hash; readonly blockNumber: bigint }> {
	await tryOut(client, call);
	const hash = await sender.send(call);
	const { status, blockNumber } = await onNetwork(client, () => client.waitForTransactionReceipt({ hash }));
	if (status !== 'success') {
		throw new VoteError('vote/failed', 'The transaction is in a block, but the contract refused it: something changed in between. Look at the proposal again.');
	}
	return { hash, blockNumber };
}

/** @throws VoteError vote/would-fail where the contract refuses the call on the newest block; vote/wrong-chain, vote/unreachable */
export async function tryOut(client: PublicClient, { chainId, to, data }: RelayCall): Promise<void> {
	const served = await onNetwork(client, () => client.getChainId());
	if (served !== chainId) throw new VoteError('vote/wrong-chain', 'This was signed for another network than the one that was asked.', { chainId, served });
	try {
		await client.call({ to, data });
	} catch (error) {
		if (isNetworkError(error)) throw unreachable({ chainId }, error);
		throw new VoteError(
			'vote/would-fail',
			'The contract would refuse this now. The vote may be closed or already cast, or the signature may be for an older or later counter.',
			{ chainId },
			error,
		);
	}
}

/** A signed vote for somebody else to send. */
export interface RelayFile extends SignedData {
	readonly call: RelayCall;
}

const FORMAT = 'holdfast/relay';
const MAX_FILE = 200_000;
const fileSchema = z.strictObject({
	format: z.literal(FORMAT),
	version: z.literal(1),
	typedData: z.looseObject({}),
	signer: zAddress,
	signature: zHex,
	call: z.strictObject({ chainId: z.int().positive(), to: zAddress, data: zHex }),
});

/**
 * The file that is handed to whoever will send the vote: the message, the signature, and the transaction. Nothing in it is secret, and
 * whoever has it can hand the vote in, or hold it back.
 */
export function writeRelayFile(signed: SignedData): string {
	const { types, domain, primaryType, message } = signed.typedData;
	return `${JSON.stringify(
		{
			format: FORMAT,
			version: 1,
			typedData: { types, domain, primaryType, message },
			signer: signed.signer,
			signature: signed.signature,
			call: relayCall(signed),
		},
		null,
		'\t',
	)}\n`;
}

/**
 * Reads such a file, from anybody. The transaction has to be the one that follows from the signed message. Where only a key can have
 * signed, the signature is checked; where it may be a contract's, {@link sendSigned} asks it.
 * @throws VoteError vote/bad-file, vote/bad-signature; TypedDataError
 */
export async function readRelayFile(text: string): Promise<RelayFile> {
	const bad = () => new VoteError('vote/bad-file', 'This is not a file with a signed vote, or it was changed.');
	let json: unknown;
	try {
		json = text.length > MAX_FILE ? undefined : JSON.parse(text);
	} catch {
		throw bad();
	}
	const parsed = fileSchema.safeParse(json);
	if (!parsed.success) throw bad();
	const { signer, signature, call } = parsed.data;
	const signed = { typedData: parseTypedData(parsed.data.typedData), signer, signature };
	const expected = relayCall(signed);
	if (expected.chainId !== call.chainId || expected.to !== call.to || expected.data !== call.data) throw bad();
	const { voter } = signed.typedData.message;
	if (voter !== undefined && voter !== signer) throw bad();
	if (!takesContracts(signed.typedData.struct)) await checkKeySignature(signed);
	return { ...signed, call };
}
