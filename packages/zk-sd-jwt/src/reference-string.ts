import { hexDecode, hexEncode, sha256 } from '@holdfast/crypto';
import { bn254 } from '@noble/curves/bn254.js';
import { ZkSdJwtError } from './errors.ts';

/**
 * [x]_2 of the reference string that Barretenberg uses, from Aztec's ceremony of 2019 (176 participants): the second of two
 * points that a verifier needs. It is the constant that `@aztec/bb.js` pins by {@link CANONICAL_G2_SHA256}.
 */
export const CANONICAL_G2 = hexDecode(
	'0118c4d5b837bcc2bc89b5b398b5974e9f5944073b32078b7e231fec938883b0' +
		'260e01b251f6f1c7e7ff4e580791dee8ea51d87a358e038b4efe30fac09383c1' +
		'22febda3c0c0632a56475b4214e5615e11e6dd3f96e6cea2854a87d4dacc5e55' +
		'04fc6369f7110fe3d25156c1bb9a72859cf2a04641f99ba4ee413c80da6a5fe4',
);
/** [x]_1 of the same string: the second of its points. */
export const CANONICAL_X1 = hexDecode(
	'2d360628289ff943ff6bd1a87bbe4e62abe7fb61ba83effd266f22bdcf31e6f9' + '26b92a79e563c3f48252cce7feeca2f0f8d33dcb4ef7b0643bf07bd405700aaa',
);
export const CANONICAL_G2_SHA256 = hexEncode(sha256(CANONICAL_G2));

/**
 * `canonical`: powers of the secret of a public ceremony with many participants. `development`: made on one machine, whose
 * owner could have kept the secret and forge every proof.
 */
export type Setup = 'canonical' | 'development';

/** What there is to a reference string beside its many points. */
export interface ReferenceString {
	readonly setup: Setup;
	/** SHA-256 of [x]_2, hexadecimal: names the string in verdicts. */
	readonly id: string;
	/** [x]_2 as Barretenberg reads it: x.c0, x.c1, y.c0, y.c1, 32 bytes each, big-endian. */
	readonly g2: Uint8Array;
	/** [x]_1, x and y, 32 bytes each, big-endian. */
	readonly x1: Uint8Array;
	readonly points: number;
}

const number = (bytes: Uint8Array): bigint => BigInt(`0x${hexEncode(bytes)}`);

/** The generator of G1: the first point, and all that a verifier needs of them. */
export const G1_GENERATOR = new Uint8Array(64);
G1_GENERATOR[31] = 1;
G1_GENERATOR[63] = 2;

/**
 * Describes the string that these bytes are. Whether it is the canonical one is seen by its [x]_2 and never by a label. The
 * first two points of G1 must be [1]_1 and [x]_1 of the same x (a pairing); more points are bound by the hash under which the
 * file is kept.
 */
export function describeReferenceString(g1: Uint8Array, g2: Uint8Array): ReferenceString {
	const bad = (message: string, cause?: unknown): ZkSdJwtError =>
		new ZkSdJwtError('zk-sd-jwt/bad-reference-string', message, cause === undefined ? {} : { cause });
	if (g1.length < 128 || g1.length % 64 !== 0 || g2.length !== 128) throw bad('The reference string does not have the form that Barretenberg reads.');
	if (!G1_GENERATOR.every((byte, i) => byte === g1[i])) throw bad('The reference string does not start with the generator.');
	const { Fp2 } = bn254.fields;
	try {
		const x1 = bn254.G1.Point.fromAffine({ x: number(g1.subarray(64, 96)), y: number(g1.subarray(96, 128)) });
		const x2 = bn254.G2.Point.fromAffine({
			x: Fp2.fromBigTuple([number(g2.subarray(0, 32)), number(g2.subarray(32, 64))]),
			y: Fp2.fromBigTuple([number(g2.subarray(64, 96)), number(g2.subarray(96, 128))]),
		});
		x1.assertValidity();
		x2.assertValidity();
		const one = bn254.pairingBatch([
			{ g1: x1, g2: bn254.G2.Point.BASE },
			{ g1: bn254.G1.Point.BASE.negate(), g2: x2 },
		]);
		if (!bn254.fields.Fp12.eql(one, bn254.fields.Fp12.ONE)) throw bad('The two parts of the reference string do not belong together.');
	} catch (cause) {
		if (cause instanceof ZkSdJwtError) throw cause;
		throw bad('The reference string has a point that is not on the curve.', cause);
	}
	const id = hexEncode(sha256(g2));
	return { setup: id === CANONICAL_G2_SHA256 ? 'canonical' : 'development', id, g2, x1: g1.slice(64, 128), points: g1.length / 64 };
}
