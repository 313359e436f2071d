import { concat, type KeyBytes, SecretBytes, utf8 } from '@holdfast/crypto';
import { API_ID, hashToScalar } from './ciphersuite.ts';
import { BbsError } from './errors.ts';

export const withBytes = <T>(key: KeyBytes, fn: (bytes: Uint8Array) => T): T => (key instanceof SecretBytes ? key.use(fn) : fn(key));

/**
 * The two scalars that the issuer signs without seeing them: the holder's secret, the same for every
 * credential made with these bytes, and a blinding of its own for each, so that two issuers that compare
 * commitments see nothing in common.
 */
export function holderScalars(secret: KeyBytes, salt: Uint8Array): { readonly link: bigint; readonly blinding: bigint } {
	return withBytes(secret, (bytes) => {
		if (bytes.length !== 32) throw new BbsError('bbs/bad-key', 'A holder secret has 32 bytes.');
		return {
			link: hashToScalar(bytes, concat(API_ID, utf8('HOLDER_SECRET_'))),
			blinding: hashToScalar(concat(bytes, salt), concat(API_ID, utf8('HOLDER_BLINDING_'))),
		};
	});
}
