import { base64urlEncode, type Jwk, type KeyPair, sha256, signJws, utf8, verifyJws } from '@holdfast/crypto';
import { ZkError } from './errors.ts';
import { encodeField, hashToField, readBytes } from './field.ts';
import type { RequestContext } from './model.ts';

/** The request's hash as a field element. Every part is hashed with its length, so that none can reach into the next. */
export function requestHash(context: RequestContext): bigint {
	if (context.nonce === '' || context.audience === '') throw new ZkError('zk/bad-value', 'A request needs a nonce and an audience.');
	return hashToField('holdfast/request/1', context.nonce, context.audience, context.responseUri, context.query);
}

/** What stands in a proof that was made before its request: the hash of a key that is used once. */
export const oneTimeKeyHash = (publicKey: Uint8Array): bigint => hashToField('holdfast/one-time-key/1', publicKey);

/** What the one-time key signs: the request, and the public signals of the very proof. */
function bindingInput(context: RequestContext, publicSignals: readonly string[]): Uint8Array {
	const signals = base64urlEncode(sha256(publicSignals.join(',')));
	return utf8(`holdfast/one-time-binding/1\n${encodeField(requestHash(context))}\n${signals}`);
}

export const signBinding = (key: KeyPair, context: RequestContext, publicSignals: readonly string[]): string =>
	base64urlEncode(signJws('Ed25519', key.privateKey, bindingInput(context, publicSignals)));

export function verifyBinding(key: string, sig: string, context: RequestContext, publicSignals: readonly string[]): boolean {
	const signature = readBytes(sig, 64);
	const jwk: Jwk = { kty: 'OKP', crv: 'Ed25519', x: key };
	return signature !== undefined && verifyJws('EdDSA', jwk, bindingInput(context, publicSignals), signature);
}
