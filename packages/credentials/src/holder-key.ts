import { base64urlDecode, base64urlEncode, type Jwk, jwkToPublicKey, publicKeyToJwk, utf8, utf8Decode } from '@holdfast/crypto';
import type { Json, JsonObject } from '@holdfast/kernel';
import { isObject, stringMember } from './json.ts';

// Holder keys are met in `cnf` (RFC 7800), and in DIDs that contain their key. Nothing here needs the network.

/** The members that make a public key, checked to be a point on its curve; undefined for anything else, private keys included. */
export function publicJwk(value: Json | undefined): Jwk | undefined {
	if (!isObject(value) || Object.hasOwn(value, 'd')) return undefined;
	const kty = stringMember(value, 'kty');
	const crv = stringMember(value, 'crv');
	const x = stringMember(value, 'x');
	const y = stringMember(value, 'y');
	const alg = stringMember(value, 'alg');
	const use = stringMember(value, 'use');
	if (!x || (kty !== 'EC' && kty !== 'OKP')) return undefined;
	if (crv !== 'P-256' && crv !== 'secp256k1' && crv !== 'Ed25519' && crv !== 'X25519') return undefined;
	const jwk: Jwk = { kty, crv, x, ...(y === undefined ? {} : { y }), ...(alg === undefined ? {} : { alg }), ...(use === undefined ? {} : { use }) };
	try {
		jwkToPublicKey(jwk);
	} catch {
		return undefined;
	}
	return jwk;
}

/** Only what identifies the key, in the order of RFC 7638. */
export const bareJwk = (jwk: Jwk): Jwk => (jwk.y === undefined ? { crv: jwk.crv, kty: jwk.kty, x: jwk.x } : { crv: jwk.crv, kty: jwk.kty, x: jwk.x, y: jwk.y });

export const jwkJson = (jwk: Jwk): JsonObject => ({ ...bareJwk(jwk) });

/** The did:jwk of a key (did:jwk method specification). */
export const didJwk = (jwk: Jwk): string => `did:jwk:${base64urlEncode(utf8(JSON.stringify(bareJwk(jwk))))}`;

export const isDid = (text: string): boolean => /^did:[a-z0-9]+:[A-Za-z0-9._:%-]+$/.test(text);

/** A DID URL's DID. */
export const didOf = (url: string): string => url.split(/[#?/]/, 1)[0] ?? url;

/** The key inside a did:jwk or did:key (a DID or a DID URL of its only method); undefined for other methods and for damage. */
export function keyInDid(did: string): Jwk | undefined {
	const [bare = '', fragment] = did.split('#', 2);
	if (bare.length > 1_024) return undefined;
	if (bare.startsWith('did:jwk:')) {
		if (fragment !== undefined && fragment !== '0') return undefined;
		try {
			const value: Json = JSON.parse(utf8Decode(base64urlDecode(bare.slice('did:jwk:'.length))));
			return publicJwk(value);
		} catch {
			return undefined;
		}
	}
	if (bare.startsWith('did:key:')) {
		const id = bare.slice('did:key:'.length);
		if (fragment !== undefined && fragment !== id) return undefined;
		return keyInMultibase(id);
	}
	return undefined;
}

/** Multicodec prefixes (varint) of did:key, with the length of what follows. */
const MULTICODEC = [
	{ prefix: [0xed, 0x01], length: 32, type: 'Ed25519' },
	{ prefix: [0xe7, 0x01], length: 33, type: 'Secp256k1' },
	{ prefix: [0x80, 0x24], length: 33, type: 'Secp256r1' },
] as const;

function keyInMultibase(id: string): Jwk | undefined {
	if (!id.startsWith('z') || id.length > 128) return undefined;
	const bytes = base58(id.slice(1));
	if (!bytes) return undefined;
	const codec = MULTICODEC.find(({ prefix, length }) => bytes.length === length + 2 && bytes[0] === prefix[0] && bytes[1] === prefix[1]);
	if (!codec) return undefined;
	try {
		return publicKeyToJwk(codec.type, bytes.slice(2));
	} catch {
		return undefined;
	}
}

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** base58btc; the caller bounds the length. */
function base58(text: string): Uint8Array | undefined {
	let value = 0n;
	for (const character of text) {
		const digit = BASE58.indexOf(character);
		if (digit < 0) return undefined;
		value = value * 58n + BigInt(digit);
	}
	const bytes: number[] = [];
	for (; value > 0n; value >>= 8n) bytes.unshift(Number(value & 255n));
	for (const character of text) {
		if (character !== '1') break;
		bytes.unshift(0);
	}
	return Uint8Array.from(bytes);
}
