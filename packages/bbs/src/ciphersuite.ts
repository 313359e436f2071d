import { concat, hexDecode, utf8 } from '@holdfast/crypto';
import { expand_message_xmd } from '@noble/curves/abstract/hash-to-curve.js';
import { bls12_381 } from '@noble/curves/bls12-381.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { i2osp } from './compact.ts';

/**
 * The ciphersuite BLS12-381-SHA-256 of draft-irtf-cfrg-bbs-signatures, §7.2.2, and its operations that the
 * library does not have in this form. Named as in the draft; tested against its vectors (§8.4).
 */
const CIPHERSUITE_ID = 'BBS_BLS12381G1_XMD:SHA-256_SSWU_RO_';
const EXPAND_LEN = 48;

/** The draft's own interface (§6.1); here only for its vectors. */
export const DRAFT_API_ID: Uint8Array = utf8(`${CIPHERSUITE_ID}H2G_HM2S_`);

/** Our interface (§6: "an application can define its own"): other messages, so other generators. */
export const API_ID: Uint8Array = utf8(`${CIPHERSUITE_ID}HOLDFAST_V1_`);

/** §7.2.2 */
export const P1: Uint8Array = hexDecode('a8ce256102840821a3e94ea9025e4662b205762f9776b3a766c872b948f1fd225e7c59698588e70d11406d161b4e28c9');
/** The generator of G2. */
export const BP2: Uint8Array = bls12_381.G2.Point.BASE.toBytes(true);
/** The order of G1 and G2. */
export const ORDER: bigint = bls12_381.fields.Fr.ORDER;

const expandMessage = (message: Uint8Array, dst: Uint8Array): Uint8Array => expand_message_xmd(message, dst, EXPAND_LEN, sha256);

/** hash_to_scalar, §4.2.2 */
export function hashToScalar(message: Uint8Array, dst: Uint8Array): bigint {
	let value = 0n;
	for (const byte of expandMessage(message, dst)) value = (value << 8n) | BigInt(byte);
	return value % ORDER;
}

/** messages_to_scalars for one message, §4.1.2 */
export const messageToScalar = (message: Uint8Array, apiId: Uint8Array): bigint => hashToScalar(message, concat(apiId, utf8('MAP_MSG_TO_SCALAR_AS_HASH_')));

/** create_generators, §4.1.1: `count` points, compressed. The first is Q_1. */
export function createGenerators(count: number, apiId: Uint8Array): Uint8Array[] {
	const seedDst = concat(apiId, utf8('SIG_GENERATOR_SEED_'));
	const generatorDst = concat(apiId, utf8('SIG_GENERATOR_DST_'));
	let v = expandMessage(concat(apiId, utf8('MESSAGE_GENERATOR_SEED')), seedDst);
	return Array.from({ length: count }, (_, index) => {
		v = expandMessage(concat(v, i2osp(index + 1, 8)), seedDst);
		return hashToCurve(v, generatorDst);
	});
}

/** hash_to_curve_g1, §7.2.2: a compressed point whose discrete logarithm nobody knows. */
export const hashToCurve = (message: Uint8Array, dst: Uint8Array): Uint8Array => bls12_381.G1.hashToCurve(message, { DST: dst }).toBytes(true);

/** calculate_domain, §4.2.1 */
export function calculateDomain(publicKey: Uint8Array, generators: readonly Uint8Array[], header: Uint8Array, apiId: Uint8Array): bigint {
	const input = concat(publicKey, i2osp(generators.length - 1, 8), ...generators, apiId, i2osp(header.length, 8), header);
	return hashToScalar(input, concat(apiId, utf8('H2S_')));
}

/** KeyGen, §3.4.1: the secret scalar from at least 32 secret bytes. */
export function keyGen(material: Uint8Array, info: Uint8Array, apiId: Uint8Array): bigint {
	return hashToScalar(concat(material, i2osp(info.length, 2), info), concat(apiId, utf8('KEYGEN_DST_')));
}

/** Whether these are the bytes of a point of the subgroup of prime order that is not the identity. */
export function isPoint(bytes: Uint8Array, group: 'G1' | 'G2'): boolean {
	try {
		const Point = group === 'G1' ? bls12_381.G1.Point : bls12_381.G2.Point;
		if (bytes.length !== (group === 'G1' ? 48 : 96)) return false;
		const point = Point.fromBytes(bytes);
		point.assertValidity();
		return !point.is0() && point.isTorsionFree();
	} catch {
		return false;
	}
}

/** A scalar as the library reads it: 32 bytes, least significant first. */
export const scalarToBytes = (scalar: bigint): Uint8Array => i2osp(scalar, 32).reverse();
