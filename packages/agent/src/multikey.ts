import { base64urlDecode, type KeyType } from '@holdfast/crypto';
import { base58 } from '@scure/base';
import { DidError, invalidDid } from './errors.ts';

// Multicodec prefixes as unsigned varints: https://github.com/multiformats/multicodec
const PREFIXES: readonly { readonly type: KeyType; readonly prefix: readonly [number, number]; readonly length: number }[] = [
	{ type: 'Ed25519', prefix: [0xed, 0x01], length: 32 },
	{ type: 'X25519', prefix: [0xec, 0x01], length: 32 },
	{ type: 'Secp256k1', prefix: [0xe7, 0x01], length: 33 },
	{ type: 'Secp256r1', prefix: [0x80, 0x24], length: 33 },
];

// Base58 decoding is quadratic, so it is bounded first. The longest key here has 48 characters.
const MAX_LENGTH = 128;

/** A public key in the Multikey form (Controlled Identifiers 1.0 §2.2.2): `z` and base58btc of prefix and key. */
export function encodeMultikey(type: KeyType, publicKey: Uint8Array): string {
	const codec = PREFIXES.find((each) => each.type === type);
	if (!codec || publicKey.length !== codec.length) throw invalidDid('key-length');
	return `z${base58.encode(Uint8Array.of(...codec.prefix, ...publicKey))}`;
}

/** @throws DidError did/unsupported-key for a codec that is not known, did/invalid for bytes that are none */
export function decodeMultikey(multikey: string): { readonly type: KeyType; readonly publicKey: Uint8Array } {
	const bytes = decodeMultibase(multikey);
	const codec = PREFIXES.find(({ prefix }) => bytes[0] === prefix[0] && bytes[1] === prefix[1]);
	if (!codec) throw new DidError('did/unsupported-key', { data: { reason: 'multicodec' } });
	if (bytes.length !== codec.length + 2) throw invalidDid('key-length');
	return { type: codec.type, publicKey: bytes.slice(2) };
}

/** base58btc (`z`) and base64url (`u`), the two bases that Multikey and its forerunners use. */
export function decodeMultibase(text: string): Uint8Array {
	if (text.length > MAX_LENGTH) throw invalidDid('multibase');
	if (text.startsWith('z')) return decodeBase58(text.slice(1));
	try {
		if (text.startsWith('u')) return base64urlDecode(text.slice(1));
	} catch (error) {
		throw invalidDid('multibase', error);
	}
	throw invalidDid('multibase');
}

export function decodeBase58(text: string): Uint8Array {
	if (text.length > MAX_LENGTH) throw invalidDid('base58');
	try {
		return base58.decode(text);
	} catch {
		// The decoder's own error repeats the input.
		throw invalidDid('base58');
	}
}
