import { type Address, concat, type Hex, hexToBigInt, isAddressEqual, numberToHex, pad, size } from 'viem';
import { z } from 'zod';
import { digestOf, parseTypedData, signingBytes, type TypedData, typedData } from '../typed-data/index.ts';
import type { ContractRef } from './adapter.ts';
import { VoteError } from './errors.ts';
import { zAddress, zHex } from './file-fields.ts';
import { signerOf } from './signatures.ts';

/** What one owner of a Safe signed. */
export interface OwnerSignature {
	readonly owner: Address;
	/** 65 bytes of the owner's key; where the owner is a contract, what that contract takes (EIP-1271). */
	readonly signature: Hex;
	readonly byContract: boolean;
}

/** A Safe's transaction or message, with the signatures that were collected so far: what owners send to each other. */
export interface SafeFile {
	readonly typedData: TypedData;
	/** For a message: the typed data that the Safe signs by it, so that every owner sees what it is. Its digest is the message. */
	readonly about?: TypedData;
	/** In the order of the owners' addresses, none twice. */
	readonly signatures: readonly OwnerSignature[];
}

const FORMAT = 'holdfast/safe-signatures';
const MAX_FILE = 500_000;
const MAX_OWNERS = 100;

const fileSchema = z.strictObject({
	format: z.literal(FORMAT),
	version: z.literal(1),
	typedData: z.looseObject({}),
	about: z.looseObject({}).optional(),
	signatures: z.array(z.strictObject({ owner: zAddress, signature: zHex, byContract: z.boolean() })).max(MAX_OWNERS),
});

const badFile = () => new VoteError('vote/bad-file', 'This is not a file with signatures for a Safe, or it was changed.');

/** The Safe that a file is for, which stands in the domain of what is signed. */
export function safeOf({ typedData: { struct, domain } }: Pick<SafeFile, 'typedData'>): ContractRef {
	const { chainId, verifyingContract } = domain;
	if ((struct !== 'safe-tx' && struct !== 'safe-message') || chainId === undefined || verifyingContract === undefined) throw badFile();
	return { system: 'safe', chainId, contract: verifyingContract };
}

/** How a contract asks a Safe for its signature: with the digest of 32 bytes (EIP-1271), or, a Safe its owner, with the bytes before hashing. */
export type MessageForm = 'digest' | 'bytes';

/** A file in which a Safe signs typed data as a contract does (EIP-1271): a ballot of OpenZeppelin 5, or the transaction of a Safe that it owns. */
export function safeMessageFile(safe: ContractRef, about: TypedData, form: MessageForm = 'digest'): SafeFile {
	const domain = { chainId: safe.chainId, verifyingContract: safe.contract };
	return { typedData: typedData('safe-message', domain, { message: form === 'digest' ? digestOf(about) : signingBytes(about) }), about, signatures: [] };
}

/**
 * Adds an owner's signature. Of a key, the owner follows from the signature; of a contract, nobody but the chain can tell whether it
 * is one.
 * @throws VoteError vote/bad-signature where it is not that of `owner`, if one is given
 */
export async function addSignature(
	file: SafeFile,
	{ signature, owner, byContract = false }: Partial<OwnerSignature> & Pick<OwnerSignature, 'signature'>,
): Promise<SafeFile> {
	if (byContract) {
		if (owner === undefined) throw badFile();
		return withSignature(file, { owner, signature, byContract });
	}
	const signer = await signerOf(digestOf(file.typedData), signature);
	if (owner !== undefined && !isAddressEqual(owner, signer)) {
		throw new VoteError('vote/bad-signature', 'This signature is not that of this owner over this message. It was not added.', { reason: 'other-signer' });
	}
	return withSignature(file, { owner: signer, signature, byContract });
}

/** Both files' signatures. @throws VoteError vote/other-message where they are not for the same */
export function mergeSafeFiles(one: SafeFile, other: SafeFile): SafeFile {
	if (digestOf(one.typedData) !== digestOf(other.typedData)) {
		throw new VoteError('vote/other-message', 'These files are about two different transactions or messages. Their signatures do not belong together.');
	}
	const base: SafeFile = (one.about ?? !other.about) ? one : { ...one, about: other.about };
	return other.signatures.reduce(withSignature, base);
}

function withSignature(file: SafeFile, added: OwnerSignature): SafeFile {
	// What a key has signed was checked; that a contract has signed is what a file says. It never takes the place of the other.
	if (added.byContract && file.signatures.some(({ owner, byContract }) => !byContract && isAddressEqual(owner, added.owner))) return file;
	const others = file.signatures.filter(({ owner }) => !isAddressEqual(owner, added.owner));
	const signatures = [...others, added].sort((a, b) => (hexToBigInt(a.owner) < hexToBigInt(b.owner) ? -1 : 1));
	return { ...file, signatures };
}

/**
 * The signatures as a Safe takes them: as many as it asks for, of owners in the order of their addresses (Safe.checkNSignatures).
 * A contract's is 65 bytes with v = 0 that point to the signature itself, behind the others.
 * @throws VoteError vote/too-few-signatures
 */
export function packSignatures({ signatures }: SafeFile, { owners, threshold }: { readonly owners: readonly Address[]; readonly threshold: number }): Hex {
	const valid = signatures.filter(({ owner }) => owners.some((each) => isAddressEqual(each, owner))).slice(0, threshold);
	if (valid.length < threshold || threshold < 1) {
		throw new VoteError('vote/too-few-signatures', 'More owners have to sign first.', { have: valid.length, need: threshold });
	}
	let offset = valid.length * 65;
	const fixed: Hex[] = [];
	const behind: Hex[] = [];
	for (const { owner, signature, byContract } of valid) {
		if (!byContract) {
			fixed.push(signature);
			continue;
		}
		fixed.push(concat([pad(owner), numberToHex(offset, { size: 32 }), '0x00']));
		behind.push(concat([numberToHex(size(signature), { size: 32 }), signature]));
		offset += 32 + size(signature);
	}
	return concat([...fixed, ...behind]).toLowerCase() as Hex;
}

const loose = ({ types, domain, primaryType, message }: TypedData) => ({ types, domain, primaryType, message });

export function writeSafeFile({ typedData: data, about, signatures }: SafeFile): string {
	return `${JSON.stringify({ format: FORMAT, version: 1, typedData: loose(data), ...(about ? { about: loose(about) } : {}), signatures }, null, '\t')}\n`;
}

/**
 * Reads a file from anybody. Every signature of a key is held to what it signs, and every message to what it is said to be about.
 * Whether the signers are owners, only the chain knows.
 * @throws VoteError vote/bad-file, vote/bad-signature; TypedDataError
 */
export async function readSafeFile(text: string): Promise<SafeFile> {
	let json: unknown;
	try {
		json = text.length > MAX_FILE ? undefined : JSON.parse(text);
	} catch {
		throw badFile();
	}
	const parsed = fileSchema.safeParse(json);
	if (!parsed.success) throw badFile();
	const data = parseTypedData(parsed.data.typedData);
	const about = parsed.data.about && parseTypedData(parsed.data.about);
	safeOf({ typedData: data });
	if (about && (data.struct !== 'safe-message' || (data.message.message !== digestOf(about) && data.message.message !== signingBytes(about)))) throw badFile();
	let file: SafeFile = { typedData: data, ...(about ? { about } : {}), signatures: [] };
	for (const signature of parsed.data.signatures) file = await addSignature(file, signature);
	if (file.signatures.length !== parsed.data.signatures.length) throw badFile();
	return file;
}
