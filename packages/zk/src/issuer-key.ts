import { base64urlEncode, hkdf, type KeyBytes, utf8 } from '@holdfast/crypto';
import { babyjubjub } from '@noble/curves/misc.js';
import { poseidon5 } from 'poseidon-lite/poseidon5';
import { ZkError } from './errors.ts';
import { decodeField, encodeField, FIELD_ORDER, fromBytes, readBytes, toBytes } from './field.ts';
import { isRecord } from './json.ts';
import type { BabyJubjubJwk, IssuerPublicKey } from './model.ts';

const { Point } = babyjubjub;
type Point = InstanceType<typeof Point>;

/** Base8 of EIP-2494, the generator of the subgroup of prime order; noble's base point. */
const BASE = Point.BASE;

/** Order of that subgroup. The curve has 8 times as many points. */
export const SUBGROUP_ORDER = 2736030358979909402780800718157159386076813972158567259200215660948447373041n;

const badKey = (message: string, cause?: unknown): ZkError => new ZkError('zk/bad-key', message, cause === undefined ? {} : { cause });

/** The point with these coordinates, or `undefined` where it is not on the curve. */
function pointAt(x: bigint, y: bigint): Point | undefined {
	if (x < 0n || y < 0n || x >= FIELD_ORDER || y >= FIELD_ORDER) return undefined;
	try {
		const point = Point.fromAffine({ x, y });
		point.assertValidity();
		return point;
	} catch {
		// noble calls the identity invalid too; nothing here needs it.
		return undefined;
	}
}

/**
 * Whether a point may be an issuer's key: on the curve, of prime order, not the identity. A circuit takes this on trust.
 * A point of small order, or with a part of small order, would verify signatures that its holder never made.
 */
export function isIssuerKey(x: bigint, y: bigint): boolean {
	const point = pointAt(x, y);
	return point !== undefined && !point.is0() && point.isTorsionFree();
}

/** The checked key of coordinates. Throws `zk/bad-key`. */
export function issuerKeyFrom(x: bigint, y: bigint): IssuerPublicKey {
	if (!isIssuerKey(x, y)) throw badKey('This is not a valid Baby Jubjub key: it must be a point of the subgroup of prime order.');
	return { x, y };
}

/** A number below the subgroup's order, from 48 bytes of HKDF: the bias is below 2^-128. Never 0. */
function derive(secret: KeyBytes, info: Uint8Array): bigint {
	if (secret.length !== 32) throw badKey('A Baby Jubjub signing key has 32 bytes.');
	const bytes = hkdf(secret, { info, length: 48 });
	try {
		return bytes.use((each) => (fromBytes(each) % (SUBGROUP_ORDER - 1n)) + 1n);
	} finally {
		bytes.wipe();
	}
}

const scalarOf = (secret: KeyBytes): bigint => derive(secret, utf8('holdfast/zk/eddsa-scalar/1'));

const affine = (point: Point): IssuerPublicKey => {
	const { x, y } = point.toAffine();
	return { x, y };
};

/** The public key of 32 secret bytes: a multiple of the subgroup's generator, so it needs no check. */
export const issuerPublicKey = (secret: KeyBytes): IssuerPublicKey => affine(BASE.multiply(scalarOf(secret)));

export function issuerJwk(key: IssuerPublicKey, kid?: string): BabyJubjubJwk {
	return { kty: 'EC', crv: 'BabyJubjub', x: encodeField(key.x), y: encodeField(key.y), ...(kid === undefined ? {} : { kid }) };
}

/** Reads and checks a key from a DID document or issuer metadata. Throws `zk/bad-key`. Members that a JWK may have besides are ignored, a private one is refused. */
export function readIssuerKey(jwk: unknown): IssuerPublicKey {
	if (!isRecord(jwk) || jwk.kty !== 'EC' || jwk.crv !== 'BabyJubjub' || Object.hasOwn(jwk, 'd')) throw badKey('This is not a Baby Jubjub public key.');
	let x: bigint;
	let y: bigint;
	try {
		x = decodeField(jwk.x);
		y = decodeField(jwk.y);
	} catch (cause) {
		throw badKey('This is not a Baby Jubjub public key.', cause);
	}
	return issuerKeyFrom(x, y);
}

export interface EddsaSignature {
	readonly R8: readonly [bigint, bigint];
	readonly S: bigint;
}

/**
 * EdDSA with Poseidon, as circomlib's EdDSAPoseidonVerifier checks it: S * B8 = R8 + h * 8A. The nonce is derived from the key
 * and the message, so no randomness is needed and none can be bad. The arithmetic is noble's, on big integers.
 */
export function signField(secret: KeyBytes, message: bigint): EddsaSignature {
	const scalar = scalarOf(secret);
	const key = affine(BASE.multiply(scalar));
	const nonce = derive(secret, new Uint8Array([...utf8('holdfast/zk/eddsa-nonce/1\n'), ...toBytes(message)]));
	const R8 = affine(BASE.multiply(nonce));
	const challenge = poseidon5([R8.x, R8.y, key.x, key.y, message]);
	return { R8: [R8.x, R8.y], S: (nonce + challenge * 8n * scalar) % SUBGROUP_ORDER };
}

/** Whether the signature holds, as strictly as the circuit: S below the subgroup's order, R8 on the curve. The key must be a checked one. */
export function verifyField(key: IssuerPublicKey, message: bigint, { R8, S }: EddsaSignature): boolean {
	const point = pointAt(key.x, key.y);
	const r8 = pointAt(R8[0], R8[1]);
	if (point === undefined || r8 === undefined || S <= 0n || S >= SUBGROUP_ORDER || message < 0n || message >= FIELD_ORDER) return false;
	const challenge = poseidon5([R8[0], R8[1], key.x, key.y, message]);
	// 8 * challenge is reduced: the key has prime order.
	const factor = (challenge * 8n) % SUBGROUP_ORDER;
	return factor !== 0n && BASE.multiply(S).equals(r8.add(point.multiplyUnsafe(factor)));
}

/** R8.x, R8.y and S, 32 bytes each, base64url. */
export function encodeSignature({ R8, S }: EddsaSignature): string {
	const bytes = new Uint8Array(96);
	for (const [index, value] of [R8[0], R8[1], S].entries()) bytes.set(toBytes(value), index * 32);
	return base64urlEncode(bytes);
}

/** `undefined` where it is malformed: wrong length, coordinates not below the field order, S not below the subgroup's order. */
export function readSignature(text: unknown): EddsaSignature | undefined {
	const bytes = readBytes(text, 96);
	if (bytes === undefined) return undefined;
	const [x, y, S] = [0, 32, 64].map((at) => fromBytes(bytes.subarray(at, at + 32))) as [bigint, bigint, bigint];
	return x < FIELD_ORDER && y < FIELD_ORDER && S < SUBGROUP_ORDER ? { R8: [x, y], S } : undefined;
}
