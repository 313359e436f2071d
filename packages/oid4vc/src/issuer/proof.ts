import { type Jwk, jwkThumbprint } from '@holdfast/crypto';
import type { JsonObject } from '@holdfast/kernel';
import { decodeJwt, isJwsAlg, readPublicJwk, verifyJwt } from '../shared/jose.ts';
import type { DidKeyResolver } from '../shared/types.ts';
import { bindingMethods, proofAlgs } from './metadata.ts';
import type { CredentialConfiguration } from './types.ts';
import { WireError } from './wireError.ts';

/** What a proof of possession proves. */
export interface ProvenKey {
	readonly jwk: Jwk;
	readonly thumbprint: string;
	readonly did: string | undefined;
	/** To be consumed by the caller: single use. */
	readonly nonce: string;
	/** What else the proof says. */
	readonly claims: JsonObject;
}

export interface ProofExpectation {
	readonly configuration: CredentialConfiguration;
	/** The Credential Issuer Identifier. */
	readonly audience: string;
	/** Seconds since the epoch. */
	readonly now: number;
	readonly clockSkewSec: number;
	/** Oldest `iat` accepted, seconds. */
	readonly maxAgeSec: number;
	readonly resolveHolderKey: DidKeyResolver | undefined;
}

const invalid = (reason: string, description: string): WireError => new WireError(`oid4vci/proof-${reason}`, 'invalid_proof', description);

/**
 * Checks a `jwt` key proof (OpenID4VCI 1.0 Appendix F.1 and F.4), all but that the nonce is ours, which the store decides.
 *
 * @throws WireError `invalid_proof` or `invalid_nonce`, code `oid4vci/proof-*`
 */
export async function checkProof(compact: string, expected: ProofExpectation): Promise<ProvenKey> {
	const jwt = decodeJwt(compact);
	if (!jwt) throw invalid('malformed', 'The proof is not a JWT.');
	const { header, payload } = jwt;
	if (header.typ !== 'openid4vci-proof+jwt') throw invalid('wrong-typ', 'The proof is not of type openid4vci-proof+jwt.');
	if (header.crit !== undefined) throw invalid('critical', 'The proof has critical header parameters that are not supported.');
	if (!isJwsAlg(header.alg) || !proofAlgs(expected.configuration).includes(header.alg))
		throw invalid('unsupported-alg', 'The proof is signed with an algorithm that is not supported.');

	const { jwk, did } = await keyOf(header, header.alg, expected);
	if (!verifyJwt(jwt, jwk)) throw invalid('bad-signature', 'The signature of the proof is wrong.');

	if (payload.aud !== expected.audience) throw invalid('wrong-audience', 'The proof is not meant for this issuer.');
	if (typeof payload.iat !== 'number') throw invalid('stale', 'The proof does not say when it was made.');
	if (payload.iat > expected.now + expected.clockSkewSec) throw invalid('stale', 'The proof was made in the future.');
	if (payload.iat < expected.now - expected.maxAgeSec - expected.clockSkewSec) throw invalid('stale', 'The proof is too old.');
	if (typeof payload.nonce !== 'string' || payload.nonce === '')
		throw new WireError('oid4vci/proof-missing-nonce', 'invalid_nonce', 'The proof has no c_nonce. Get one from the nonce endpoint.');
	const { aud: _aud, iat: _iat, nonce, ...claims } = payload;
	return { jwk, did, thumbprint: jwkThumbprint(jwk), nonce: String(nonce), claims };
}

async function keyOf(
	header: { readonly [name: string]: unknown },
	alg: Parameters<DidKeyResolver>[0]['alg'],
	expected: ProofExpectation,
): Promise<{ jwk: Jwk; did: string | undefined }> {
	const methods = bindingMethods(expected.configuration);
	const named = ['jwk', 'kid', 'x5c', 'trust_chain'].filter((name) => header[name] !== undefined);
	if (named.length !== 1 || (named[0] !== 'jwk' && named[0] !== 'kid')) throw invalid('no-key', 'The proof has to name its key by exactly one of jwk and kid.');
	if (named[0] === 'jwk') {
		if (!methods.includes('jwk')) throw invalid('binding-not-supported', 'This credential is not bound to a plain key.');
		const jwk = readPublicJwk(header.jwk);
		if (!jwk) throw invalid('no-key', 'The key in the proof is not a public key that is supported.');
		return { jwk, did: undefined };
	}
	const kid = header.kid;
	if (typeof kid !== 'string' || kid.length > 4096 || !/^did:[a-z0-9]+:[^#]+#.+$/.test(kid)) throw invalid('no-key', 'The kid of the proof is not a DID URL.');
	const did = kid.slice(0, kid.indexOf('#'));
	const method = did.split(':').slice(0, 2).join(':');
	if (!expected.resolveHolderKey || !methods.some((each) => each === method || each === 'did'))
		throw invalid('binding-not-supported', 'This credential is not bound to DIDs of this method.');
	try {
		const { jwk } = await expected.resolveHolderKey({ did, kid, alg, relationship: 'authentication' });
		const checked = readPublicJwk(jwk);
		if (checked) return { jwk: checked, did };
	} catch {
		// Said below: why a stranger's DID does not resolve is not for the wire.
	}
	throw invalid('key-not-resolved', 'The key that the proof names was not found.');
}
