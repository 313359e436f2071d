import { base64urlDecode, base64urlEncode, type Jwk, type JwsAlg, jwkToPublicKey, type Signer, sha256, utf8, utf8Decode, verifyJws } from '@holdfast/crypto';
import type { Json, JsonObject, Random } from '@holdfast/kernel';
import { z } from 'zod';

const ALGS: readonly JwsAlg[] = ['EdDSA', 'ES256', 'ES256K'];
const MAX_JWT = 256 * 1024;

/** The algorithms that Holdfast signs with and accepts, in its order of preference. */
export const jwsAlgs: readonly JwsAlg[] = ['ES256', 'EdDSA', 'ES256K'];

export const isJwsAlg = (alg: unknown): alg is JwsAlg => ALGS.includes(alg as JwsAlg);

/** A compact JWS taken apart. Nothing is verified yet. */
export interface DecodedJwt {
	readonly header: JsonObject;
	readonly payload: JsonObject;
	readonly signingInput: Uint8Array;
	readonly signature: Uint8Array;
}

function jsonObject(part: string): JsonObject | null {
	const value: unknown = JSON.parse(utf8Decode(base64urlDecode(part)));
	return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
}

/** Takes a compact JWS (RFC 7515 §3.1) apart. Null where it is none: the caller says what that means. */
export function decodeJwt(compact: string): DecodedJwt | null {
	if (compact.length > MAX_JWT) return null;
	const parts = compact.split('.');
	const [head, body, sig] = parts;
	if (parts.length !== 3 || !head || !body || !sig) return null;
	try {
		const header = jsonObject(head);
		const payload = jsonObject(body);
		if (!header || !payload) return null;
		return { header, payload, signingInput: utf8(`${head}.${body}`), signature: base64urlDecode(sig) };
	} catch {
		return null;
	}
}

/** Verifies against `jwk`. The header's `alg` has to be one of ours and to fit the key. */
export function verifyJwt(jwt: DecodedJwt, jwk: Jwk): boolean {
	const alg = jwt.header.alg;
	if (!isJwsAlg(alg)) return false;
	try {
		return verifyJws(alg, jwk, jwt.signingInput, jwt.signature);
	} catch {
		return false;
	}
}

/** Signs a compact JWS. `alg` comes from the signer. */
export async function signJwt(signer: Signer, header: JsonObject, payload: JsonObject): Promise<string> {
	const encode = (value: Json): string => base64urlEncode(utf8(JSON.stringify(value)));
	const input = `${encode({ alg: signer.alg, ...header })}.${encode(payload)}`;
	return `${input}.${base64urlEncode(await signer.sign(utf8(input)))}`;
}

const zPublicJwk = z.object({
	kty: z.enum(['EC', 'OKP']),
	crv: z.enum(['Ed25519', 'secp256k1', 'P-256']),
	x: z.string().max(100),
	y: z.string().max(100).optional(),
	alg: z.string().max(40).optional(),
	kid: z.string().max(500).optional(),
	d: z.never().optional(),
});

/** A public signing key from outside: checked in shape and on its curve, private parts refused, other members dropped. Null where it is none. */
export function readPublicJwk(value: unknown): Jwk | null {
	const parsed = zPublicJwk.safeParse(value);
	if (!parsed.success) return null;
	const { kty, crv, x, y } = parsed.data;
	const jwk: Jwk = y === undefined ? { kty, crv, x } : { kty, crv, x, y };
	try {
		jwkToPublicKey(jwk);
		return jwk;
	} catch {
		return null;
	}
}

/** SHA-256 of a text, base64url: how codes, tokens and nonces are stored. */
export const hashOf = (text: string): string => base64urlEncode(sha256(text));

/** `bytes` random bytes as base64url. */
export const randomToken = (random: Random, bytes = 32): string => base64urlEncode(random.bytes(bytes));

export { base64urlEncode, utf8, utf8Decode };
