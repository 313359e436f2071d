import type { ClaimPath } from '@holdfast/credentials';
// Not from the package's index: it unpacks the constants of all sixteen widths, an eighth of a second.
import { poseidon2 } from 'poseidon-lite/poseidon2';
import { poseidon3 } from 'poseidon-lite/poseidon3';
import { poseidon4 } from 'poseidon-lite/poseidon4';
import { poseidon7 } from 'poseidon-lite/poseidon7';
import { hashToField, TAGS } from './field.ts';

export const poseidonPair = (left: bigint, right: bigint): bigint => poseidon2([left, right]);

/**
 * A claim's name: its path as JSON, with `null` for every place in a list. So each element of a list is a claim of the same
 * name, and a statement about the name is one about some element.
 */
export const claimNameHash = (path: ClaimPath): bigint =>
	hashToField('holdfast/claim-name/1', JSON.stringify(path.map((part) => (typeof part === 'number' ? null : part))));

export const typeHash = (type: string): bigint => hashToField('holdfast/credential-type/1', type);

export const textHash = (text: string): bigint => hashToField('holdfast/text/1', text);

export const saltOf = (seed: Uint8Array, index: number): bigint => hashToField('holdfast/salt/1', seed, Uint8Array.of(index));

export const leafHash = (leaf: { readonly name: bigint; readonly kind: number; readonly value: bigint; readonly salt: bigint }): bigint =>
	poseidon4([leaf.name, BigInt(leaf.kind), leaf.value, leaf.salt]);

export const commitmentHash = (secret: bigint, blinding: bigint): bigint => poseidon3([TAGS.holder, secret, blinding]);

export const nullifierHash = (secret: bigint, scope: bigint): bigint => poseidon3([TAGS.nullifier, secret, scope]);

/** What the issuer signs. */
export const attestationMessage = (input: {
	readonly type: bigint;
	readonly claimsRoot: bigint;
	readonly holder: bigint;
	readonly from: number | bigint;
	readonly until: number | bigint;
	readonly rev: number | bigint;
}): bigint => poseidon7([TAGS.attestation, input.type, input.claimsRoot, input.holder, BigInt(input.from), BigInt(input.until), BigInt(input.rev)]);

/** What the issuer signs about its revocation tree. */
export const revocationMessage = (root: bigint, at: number): bigint => poseidon3([TAGS.revocation, root, BigInt(at)]);
