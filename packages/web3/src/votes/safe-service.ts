import type { GuardedFetch } from '@holdfast/net';
import { type Address, getAddress, type Hex, isAddressEqual, zeroAddress } from 'viem';
import { z } from 'zod';
import { digestOf, parseTypedData, type TypedData, typedData, walletRequest } from '../typed-data/index.ts';
import type { ContractRef } from './adapter.ts';
import { VoteError } from './errors.ts';
import { zAddress, zHex } from './file-fields.ts';
import { addSignature, type OwnerSignature, type SafeFile, safeOf } from './safe-file.ts';
import { safeVoteFile } from './safe-vote.ts';
import { json } from './snapshot/hub.ts';

export interface SafeServiceOptions {
	readonly fetch: GuardedFetch;
	/** Where the service is, up to `/api`: `https://api.safe.global/tx-service/eth`. */
	readonly url: string;
	/** Sent as a bearer token, in a header. */
	readonly apiKey?: string;
}

export interface Waiting {
	readonly files: readonly SafeFile[];
	/** Entries that are not what they say they are, or cannot be read: nothing of them is in `files`. */
	readonly refused: number;
	/** Signatures that were left out: not of the owner that is named, or of a kind that only the chain can judge. */
	readonly signaturesLeftOut: number;
}

/** The Safe Transaction Service (API of 2025, paths `/api/v1` and `/api/v2`): where owners leave transactions and signatures for each other. */
export interface SafeService {
	/** What waits from a counter on. The service learns the Safe. @throws VoteError vote/bad-answer, vote/key-refused, vote/too-many-requests; NetError */
	waiting(safe: ContractRef, fromNonce: bigint): Promise<Waiting>;
	/**
	 * Messages of the Safe that are votes on Snapshot, with the vote itself. Others are passed over: they are none of ours. The service
	 * learns the Safe. @throws as {@link waiting}
	 */
	votes(safe: ContractRef): Promise<Waiting>;
	/**
	 * Leaves one owner's signature there, and the transaction or message with it where the service does not know it. The service learns the owner.
	 * @throws VoteError vote/refused where it says no; as {@link waiting}
	 */
	confirm(file: SafeFile, signature: OwnerSignature): Promise<void>;
}

const zServedMessage = z.object({
	safe: zAddress,
	messageHash: zHex,
	/** Typed data, or a text, which no vote is. */
	message: z.unknown(),
	confirmations: z
		.array(z.object({ owner: zAddress, signature: zHex.nullish() }))
		.max(100)
		.nullish(),
});

const MAX_BYTES = 4 << 20;
const MOST = 100;
const zList = z.object({ results: z.array(z.unknown()).max(MOST * 2) });

/** Whole numbers come as numbers from one version of the service and as text from another. */
const zCount = z.union([z.string().regex(/^\d{1,78}$/), z.int().nonnegative()]).transform(BigInt);
const zOptionalAddress = zAddress.nullish().transform((value) => value ?? zeroAddress);
const zTransaction = z.object({
	safe: zAddress,
	to: zAddress,
	value: zCount,
	data: z
		.union([zHex, z.literal('0x')])
		.nullish()
		.transform((value): Hex => value ?? '0x'),
	operation: z.union([z.literal(0), z.literal(1)]),
	gasToken: zOptionalAddress,
	safeTxGas: zCount,
	baseGas: zCount,
	gasPrice: zCount,
	refundReceiver: zOptionalAddress,
	nonce: zCount,
	safeTxHash: zHex,
	confirmations: z
		.array(z.object({ owner: zAddress, signature: zHex.nullish(), signatureType: z.string().max(40).nullish() }))
		.max(MOST)
		.nullish(),
});

export function createSafeService({ fetch, url, apiKey }: SafeServiceOptions): SafeService {
	const base = url.replace(/\/+$/, '').replace(/\/api(?:\/v\d)?$/, '');

	async function ask(path: string, body?: object): Promise<Response> {
		const response = await fetch(`${base}/api/${path}`, {
			method: body === undefined ? 'GET' : 'POST',
			headers: {
				accept: 'application/json',
				...(body === undefined ? {} : { 'content-type': 'application/json' }),
				...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
			},
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
			maxBytes: MAX_BYTES,
		});
		if (response.status === 401 || response.status === 403) {
			throw new VoteError(
				'vote/key-refused',
				'The transaction service wants a key of its own, or does not take the one that it was given. Set it on the Safe’s page.',
			);
		}
		if (response.status === 429) throw new VoteError('vote/too-many-requests', 'The transaction service asks for a pause. Try again in a minute.');
		return response;
	}

	const badAnswer = (status: number) =>
		new VoteError('vote/bad-answer', 'The transaction service answered in a way that Holdfast cannot read. Check its address.', { status });

	const knows = async (path: string): Promise<boolean> => {
		const response = await ask(path);
		if (response.status !== 200 && response.status !== 404) throw badAnswer(response.status);
		return response.status === 200;
	};

	return {
		async waiting(safe, fromNonce) {
			const query = new URLSearchParams({ executed: 'false', nonce__gte: String(fromNonce), limit: String(MOST) });
			const response = await ask(`v2/safes/${getAddress(safe.contract)}/multisig-transactions/?${query}`);
			// It answers so for a Safe that it has never seen.
			if (response.status === 404) return { files: [], refused: 0, signaturesLeftOut: 0 };
			const answer = zList.safeParse(await json(response));
			if (response.status !== 200 || !answer.success) throw badAnswer(response.status);
			const files: SafeFile[] = [];
			let refused = 0;
			let signaturesLeftOut = 0;
			for (const entry of answer.data.results) {
				const read = await readTransaction(safe, entry);
				// Neither one bad entry nor one that was carried out meanwhile hides the others.
				if (read === undefined) refused += 1;
				else if (BigInt(String(read.file.typedData.message.nonce)) >= fromNonce) {
					files.push(read.file);
					signaturesLeftOut += read.leftOut;
				}
			}
			return { files, refused, signaturesLeftOut };
		},

		async votes(safe) {
			const response = await ask(`v1/safes/${getAddress(safe.contract)}/messages/?limit=${MOST}`);
			if (response.status === 404) return { files: [], refused: 0, signaturesLeftOut: 0 };
			const answer = zList.safeParse(await json(response));
			if (response.status !== 200 || !answer.success) throw badAnswer(response.status);
			const read = await Promise.all(answer.data.results.map((entry) => readMessage(safe, entry)));
			const found = read.filter((each) => typeof each === 'object');
			return {
				files: found.map(({ file }) => file),
				refused: read.filter((each) => each === 'refused').length,
				signaturesLeftOut: found.reduce((sum, { leftOut }) => sum + leftOut, 0),
			};
		},

		async confirm(file, { owner, signature }) {
			const hash = digestOf(file.typedData);
			const safe = `safes/${getAddress(safeOf(file).contract)}`;
			const response = file.about
				? (await knows(`v1/messages/${hash}/`))
					? await ask(`v1/messages/${hash}/signatures/`, { signature })
					: await ask(`v1/${safe}/messages/`, { message: JSON.parse(walletRequest(file.about)), signature, origin: 'Holdfast' })
				: (await knows(`v2/multisig-transactions/${hash}/`))
					? await ask(`v1/multisig-transactions/${hash}/confirmations/`, { signature })
					: await ask(`v2/${safe}/multisig-transactions/`, {
							...file.typedData.message,
							contractTransactionHash: hash,
							sender: owner,
							signature,
							origin: 'Holdfast',
						});
			if (response.status >= 400 && response.status < 500) {
				throw new VoteError('vote/refused', 'The transaction service did not take the signature. It is kept here: hand it on as a file.', {
					status: response.status,
				});
			}
			if (response.status !== 200 && response.status !== 201) throw badAnswer(response.status);
		},
	};
}

/**
 * What the service says of itself counts for nothing: the hash is that of the fields, the Safe is the one that was asked about, and each
 * signature is the owner's own. Undefined for anything else.
 */
async function readTransaction(safe: ContractRef, entry: unknown): Promise<{ readonly file: SafeFile; readonly leftOut: number } | undefined> {
	const parsed = zTransaction.safeParse(entry);
	if (!parsed.success || !isAddressEqual(parsed.data.safe, safe.contract)) return undefined;
	const { safe: _safe, safeTxHash, confirmations, ...message } = parsed.data;
	let data: TypedData;
	try {
		data = typedData('safe-tx', { chainId: safe.chainId, verifyingContract: safe.contract }, message);
	} catch {
		return undefined;
	}
	if (digestOf(data) !== safeTxHash) return undefined;
	return signedBy({ typedData: data, signatures: [] }, confirmations ?? []);
}

/** As {@link readTransaction}. Undefined for a message that is no vote of this Safe. */
async function readMessage(safe: ContractRef, entry: unknown): Promise<{ readonly file: SafeFile; readonly leftOut: number } | 'refused' | undefined> {
	const parsed = zServedMessage.safeParse(entry);
	if (!parsed.success) return 'refused';
	const { message, messageHash, confirmations } = parsed.data;
	let file: SafeFile;
	try {
		file = safeVoteFile(safe, parseTypedData(message));
	} catch {
		return undefined;
	}
	if (!isAddressEqual(parsed.data.safe, safe.contract) || digestOf(file.typedData) !== messageHash) return 'refused';
	return signedBy(file, confirmations ?? []);
}

interface Confirmation {
	readonly owner: Address;
	readonly signature?: Hex | null | undefined;
}

async function signedBy(unsigned: SafeFile, confirmations: readonly Confirmation[]): Promise<{ readonly file: SafeFile; readonly leftOut: number }> {
	let file = unsigned;
	let leftOut = 0;
	for (const { owner, signature } of confirmations) {
		try {
			if (!signature) throw new VoteError('vote/bad-signature', 'There is no signature.');
			file = await addSignature(file, { owner, signature });
		} catch {
			leftOut += 1;
		}
	}
	return { file, leftOut };
}
