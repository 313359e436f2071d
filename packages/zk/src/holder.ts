import { hkdf, type KeyBytes } from '@holdfast/crypto';
import { ZkError } from './errors.ts';
import { FIELD_ORDER, fromBytes } from './field.ts';
import { commitmentHash, nullifierHash } from './hash.ts';
import { isText } from './json.ts';
import type { HolderOpening } from './model.ts';

/**
 * The secret that attestations are bound to and nullifiers come from. One secret per context: credentials of one context can
 * be shown to belong to one holder, and share nullifiers; those of two contexts cannot. 48 bytes of HKDF are reduced, so that
 * the bias is below 2^-128.
 */
export const holderSecret = (seed: KeyBytes, context: string): bigint => derive(seed, 'holdfast/zk/holder-secret/1', context);

/**
 * The blinding of one commitment: `context` is different for every credential (the transaction of issuance, for example), so
 * that issuers cannot tell that two commitments hide one secret.
 */
export const holderBlinding = (seed: KeyBytes, context: string): bigint => derive(seed, 'holdfast/zk/holder-blinding/1', context);

/** What the holder gives to the issuer. It hides the secret from whoever cannot guess it. */
export const holderCommitment = (opening: HolderOpening): bigint => commitmentHash(opening.secret, opening.blinding);

/** The nullifier in a scope, as circuits/lib/holder.circom computes it: 0 for no scope. */
export const nullifierOf = (secret: bigint, scope: bigint): bigint => (nullifierHash(secret, scope) * scope) % FIELD_ORDER;

function derive(seed: KeyBytes, label: string, context: string): bigint {
	if (seed.length < 32) throw new ZkError('zk/bad-key', 'The seed of a holder secret must have at least 32 bytes.');
	if (!isText(context, 1024)) throw new ZkError('zk/bad-value', 'The context of a holder secret must be a short text.');
	const bytes = hkdf(seed, { info: `${label}\n${context}`, length: 48 });
	try {
		return bytes.use((each) => fromBytes(each) % FIELD_ORDER);
	} finally {
		bytes.wipe();
	}
}
