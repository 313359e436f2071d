import { type KeyBytes, utf8 } from '@holdfast/crypto';
import { bls12_381 } from '@noble/curves/bls12-381.js';
import { base58 } from '@scure/base';
import { DRAFT_API_ID, isPoint, keyGen } from './ciphersuite.ts';
import { BbsError } from './errors.ts';
import { withBytes } from './secrets.ts';

/** An issuer's public key: a point of G2, compressed, 96 bytes. */
export const PUBLIC_KEY_LENGTH = 96;

/** Multicodec `bls12_381-g2-pub` (0xeb) as an unsigned varint. */
const MULTICODEC = Uint8Array.of(0xeb, 0x01);

/** For another purpose than BBS, other key material must be used; `info` keeps ours apart. */
const KEY_INFO = utf8('holdfast-bbs-issuer/1');

/** The secret scalar from 32 or more secret bytes: KeyGen, draft-irtf-cfrg-bbs-signatures §3.4.1. */
export function issuerScalar(secret: KeyBytes): bigint {
	return withBytes(secret, (bytes) => {
		if (bytes.length < 32) throw new BbsError('bbs/bad-key', 'An issuer key needs at least 32 secret bytes.');
		return keyGen(bytes, KEY_INFO, DRAFT_API_ID);
	});
}

/** The public key to `secret`: SkToPk, §3.4.2. */
export const issuerPublicKey = (secret: KeyBytes): Uint8Array => bls12_381.G2.Point.BASE.multiply(issuerScalar(secret)).toBytes(true);

/** `publicKeyMultibase` of a Multikey (vc-di-bbs §2.1.1) for the issuer's DID document, in `assertionMethod`. */
export function publicKeyToMultibase(publicKey: Uint8Array): string {
	return `z${base58.encode(Uint8Array.from([...MULTICODEC, ...checkPublicKey(publicKey)]))}`;
}

/** The public key from `publicKeyMultibase`. Throws `bbs/bad-key`. */
export function publicKeyFromMultibase(text: string): Uint8Array {
	let bytes: Uint8Array;
	try {
		// 98 bytes are 134 or 135 characters; base58 takes quadratic time, so its length is checked first.
		if (!text.startsWith('z') || text.length > 140) throw badKey();
		bytes = base58.decode(text.slice(1));
	} catch {
		throw badKey();
	}
	if (bytes[0] !== MULTICODEC[0] || bytes[1] !== MULTICODEC[1]) throw badKey();
	return checkPublicKey(bytes.slice(2));
}

/** `publicKey` if it is a point of the subgroup and not the identity. Throws `bbs/bad-key`. */
export function checkPublicKey(publicKey: Uint8Array): Uint8Array {
	if (publicKey.length !== PUBLIC_KEY_LENGTH || !isPoint(publicKey, 'G2')) throw badKey();
	return publicKey;
}

const badKey = (): BbsError => new BbsError('bbs/bad-key', 'This is not a public key for BBS signatures.');
