import { hkdf, type KeyBytes } from '@holdfast/crypto';
import { Secret } from '@holdfast/kernel';
import { babyjubjub } from '@noble/curves/misc.js';
import { blake512 } from '@noble/hashes/blake1.js';
import { poseidon2 } from 'poseidon-lite/poseidon2';
import { SemaphoreError } from './errors.ts';
import { fromBigEndian } from './numbers.ts';
import { hashOfValue } from './values.ts';

/** A Semaphore v4 identity: an EdDSA key on Baby Jubjub. Groups hold its commitment. */
export interface SemaphoreIdentity {
	/** Whoever has it can prove as this member, and recognise all that this member ever proved. */
	readonly secretScalar: Secret<bigint>;
	readonly publicKey: { readonly x: bigint; readonly y: bigint };
	/** Poseidon of the public key. */
	readonly commitment: bigint;
}

/** Order of Baby Jubjub's subgroup (EIP-2494). */
const SUBGROUP_ORDER = 2736030358979909402780800718157159386076813972158567259200215660948447373041n;

/**
 * The identity for one group: its private key is 32 bytes of HKDF-SHA-256 of the seed (at least 32 bytes) and the group's id, so
 * that a person's identities in two groups have nothing in common, and each can be made again from the seed.
 *
 * Throws `semaphore/bad-seed`.
 */
export function deriveIdentity(seed: KeyBytes, groupId: string): SemaphoreIdentity {
	if (seed.length < 32) throw new SemaphoreError('semaphore/bad-seed', 'The seed of an anonymous identity must have at least 32 bytes.');
	if (groupId.length === 0 || groupId.length > 1024 || !groupId.isWellFormed()) {
		throw new SemaphoreError('semaphore/bad-value', 'The id of a group must be a short text.');
	}
	const key = hkdf(seed, { info: `holdfast/semaphore-identity/1\n${groupId}`, length: 32 });
	try {
		return key.use(identityOf);
	} finally {
		key.wipe();
	}
}

/** The identity of a private key, the same as that of `new Identity(privateKey)` of @semaphore-protocol/identity 4. */
export function identityOf(privateKey: Uint8Array): SemaphoreIdentity {
	const scalar = scalarOf(privateKey);
	const { x, y } = babyjubjub.Point.BASE.multiply(scalar).toAffine();
	return { secretScalar: new Secret(scalar), publicKey: { x, y }, commitment: poseidon2([x, y]) };
}

/** RFC 8032, 5.1.5, with BLAKE-512 for SHA-512 and divided by the cofactor, as circomlib and zk-kit do it. */
function scalarOf(privateKey: Uint8Array): bigint {
	const digest = blake512(privateKey);
	const low = digest.subarray(0, 32).reverse();
	try {
		// Little-endian: the first byte is now the last.
		low[31] = (low[31] ?? 0) & 0xf8;
		low[0] = ((low[0] ?? 0) & 0x7f) | 0x40;
		return (fromBigEndian(low) >> 3n) % SUBGROUP_ORDER;
	} finally {
		digest.fill(0);
	}
}

/**
 * What a proof by this identity shows in a scope: the same number each time, so that a second proof is noticed; without the secret
 * nobody can tell whose it is, or that two scopes' numbers belong together.
 */
export const nullifierOf = (identity: SemaphoreIdentity, scope: bigint): bigint => poseidon2([hashOfValue(scope), identity.secretScalar.reveal()]);
