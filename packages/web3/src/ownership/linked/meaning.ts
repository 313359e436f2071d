import type { KeyBytes } from '@holdfast/crypto';
import { deriveIdentity, type SemaphoreIdentity } from '@holdfast/semaphore';
import { encodeAbiParameters, type Hex, hexToBigInt, keccak256, stringToBytes } from 'viem';
import { LinkedError } from './errors.ts';
import { groupIdOf, type OwnerSet } from './owner-set.ts';

const SCOPE_TAG = keccak256(stringToBytes('holdfast/owners-scope/1'));
const CHOICE_TAG = keccak256(stringToBytes('holdfast/owners-choice/1'));

/** Characters of a purpose or a choice. */
const LONGEST = 1024;

export const isShortText = (text: unknown): text is string => typeof text === 'string' && text.length > 0 && text.length <= LONGEST && text.isWellFormed();

function textHash(text: string): Hex {
	if (!isShortText(text)) throw new LinkedError('linked/bad-value', `A purpose or a choice has 1 to ${LONGEST} characters.`);
	return keccak256(stringToBytes(text));
}

/** The scope of a group's proofs for one purpose: a proposal, a door, a draw. Each member can prove once in it. Throws `linked/bad-value`. */
export const scopeOf = (groupId: Hex, purposeId: string): bigint =>
	hexToBigInt(keccak256(encodeAbiParameters([{ type: 'bytes32' }, { type: 'bytes32' }, { type: 'bytes32' }], [SCOPE_TAG, groupId, textHash(purposeId)])));

/** The message for a choice. Throws `linked/bad-value`. */
export const messageOf = (choice: string): bigint =>
	hexToBigInt(keccak256(encodeAbiParameters([{ type: 'bytes32' }, { type: 'bytes32' }], [CHOICE_TAG, textHash(choice)])));

/** A person's identity in one group; identities of two groups have nothing in common. */
export const identityFor = (seed: KeyBytes, set: OwnerSet): SemaphoreIdentity => deriveIdentity(seed, groupIdOf(set));
