import type { KeyPair } from '@holdfast/crypto';
import { signDigestRecoverable, uncompressedPublicKey } from '@holdfast/crypto';
import type { Clock } from '@holdfast/kernel';
import { bytesToHex, concat, type Hex, hexToBytes, numberToHex } from 'viem';
import { publicKeyToAddress } from 'viem/accounts';
import { accountPath } from '../accounts/context.ts';
import { digestOf, domainSeparator, parseTypedData, type TypedData, typedData } from '../typed-data/index.ts';
import { SigningRefused } from './errors.ts';
import { type Rendered, renderers } from './renderers.ts';
import type { Allowance, Review, ReviewRequest, VoteAccount } from './review.ts';

/** Reviews that were made here and not signed yet: nothing else is ever signed. */
const open = new WeakMap<Review, VoteAccount>();

/**
 * Puts into words what an account is asked to sign, or refuses.
 *
 * What it is follows from the type hash and the domain, both held against the account's own list; never from the primary type's name.
 * The result's typed data is written anew from what was read, and is the only thing that {@link signReviewed} signs.
 * @throws SigningRefused signing/*, TypedDataError typed-data/*
 */
export function reviewTypedData(account: VoteAccount, request: ReviewRequest, clock: Clock): Review {
	const data = allowedData(account, request.typedData);
	const inner = data.struct === 'safe-message' && request.about ? wordsAbout(data, request, request.about, clock) : undefined;
	const rendered = renderers[data.struct]({ account, domain: data.domain, message: data.message, request, now: clock.now(), ...(inner ? { inner } : {}) });
	const review: Review = deepFreeze({ account: account.address, struct: data.struct, ...rendered, typedData: data, digest: digestOf(data) });
	// A copy, so that nobody changes between looking and signing whose key it is.
	open.set(review, structuredClone(account));
	return review;
}

/** Typed data from anybody, read and written anew, in a domain and with members that the account is allowed. */
function allowedData(account: VoteAccount, unread: unknown): TypedData {
	const read = parseTypedData(unread);
	return typedData(read.struct, allowanceFor(account, read).domain, read.message);
}

/** The words of what a Safe's message is about: it is the digest of exactly this, which the Safe itself would sign if it had a key. */
function wordsAbout(message: TypedData, request: ReviewRequest, { typedData: about, account }: NonNullable<ReviewRequest['about']>, clock: Clock): Rendered {
	const data = allowedData(account, about);
	if (account.address !== message.domain.verifyingContract) throw new SigningRefused('signing/other-value', { fields: ['verifyingContract'] });
	if (message.message.message !== digestOf(data)) throw new SigningRefused('signing/no-words', { field: 'message' });
	return renderers[data.struct]({ account, domain: data.domain, message: data.message, request, now: clock.now() });
}

/** The vault, as far as signing needs it. The caller of `seedKey` wipes the key. */
export interface SeedKeys {
	seedKey(options: { readonly type: 'Secp256k1'; readonly path: string }): KeyPair;
}

/**
 * Signs what a review showed, once: 65 bytes, r ‖ s ‖ v (27 or 28). The key is derived for the time of the signature.
 * @throws SigningRefused signing/not-reviewed for a review that this process did not make or has signed, signing/wrong-key
 */
export function signReviewed(review: Review, keys: SeedKeys): Hex {
	const account = open.get(review);
	if (!account) throw new SigningRefused('signing/not-reviewed');
	open.delete(review);
	const pair = keys.seedKey({ type: 'Secp256k1', path: accountPath(account.context, account.index) });
	try {
		if (addressOf(pair) !== account.address) throw new SigningRefused('signing/wrong-key');
		const signature = signDigestRecoverable(pair.privateKey, hexToBytes(digestOf(review.typedData)));
		return concat([bytesToHex(signature.subarray(0, 64)), numberToHex(27 + (signature[64] ?? 0))]);
	} finally {
		pair.privateKey.wipe();
	}
}

/** The Ethereum address of a secp256k1 key. */
export const addressOf = (pair: Pick<KeyPair, 'publicKey'>) => publicKeyToAddress(bytesToHex(uncompressedPublicKey('Secp256k1', pair.publicKey)));

/**
 * What of the account's list a message is, by its type hash, its domain and the fields that are pinned.
 * @throws SigningRefused signing/not-for-this-account, signing/other-application, signing/other-value
 */
export function allowanceFor(account: VoteAccount, data: TypedData): Allowance {
	const kind = account.allowances.filter(({ struct }) => struct === data.struct);
	if (kind.length === 0) throw new SigningRefused('signing/not-for-this-account');
	const separator = domainSeparator(data.domain);
	const here = kind.filter(({ domain }) => domainSeparator(domain) === separator);
	if (here.length === 0) throw new SigningRefused('signing/other-application');
	const found = here.find(({ pins }) => Object.entries(pins).every(([field, value]) => data.message[field] === value));
	if (!found) throw new SigningRefused('signing/other-value', { fields: Object.keys(here[0]?.pins ?? {}) });
	return found;
}

function deepFreeze<T>(value: T): T {
	if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
		Object.freeze(value);
		for (const each of Object.values(value)) deepFreeze(each);
	}
	return value;
}
