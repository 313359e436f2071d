import { base64urlEncode, utf8 } from '@holdfast/crypto';
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js';

const HASHES = { 'sha-256': sha256, 'sha-384': sha384, 'sha-512': sha512 } as const;

/** Hash names (IANA Named Information) that are accepted in `_sd_alg`. Truncated and SHA-3 variants are not. */
export type SdAlg = keyof typeof HASHES;
export const isSdAlg = (name: unknown): name is SdAlg => typeof name === 'string' && Object.hasOwn(HASHES, name);

/** The digest of ASCII text, as base64url (RFC 9901 §4.2.3). */
export const digestText = (alg: SdAlg, text: string): string => base64urlEncode(HASHES[alg](utf8(text)));

export const hashBytes = (alg: SdAlg, data: Uint8Array): Uint8Array => HASHES[alg](data);
