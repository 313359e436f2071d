import * as nodeCrypto from 'node:crypto';
import { systemRandom } from '@holdfast/kernel';
import { p256 } from '@noble/curves/nist.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	algOf,
	base64urlDecode,
	base64urlEncode,
	concat,
	generateKeyPair,
	hexDecode,
	hexEncode,
	type Jwk,
	type JwsAlg,
	jwkThumbprint,
	jwkToPublicKey,
	type KeyType,
	keyPairFromPrivate,
	publicKeyToJwk,
	sha256,
	signDigestRecoverable,
	signerOf,
	signJws,
	uncompressedPublicKey,
	utf8,
	verifyJws,
} from './index.ts';

const SIGNING_TYPES = ['Ed25519', 'Secp256k1', 'Secp256r1'] as const;
const badKey = expect.objectContaining({ code: 'crypto/bad-key' });
const decoded = (value: string) => base64urlDecode(value);

const RFC_8037 = {
	d: 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A',
	jwk: { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' },
	input: 'eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc',
	signature: 'hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg',
} as const;

const RFC_7515_A3 = {
	jwk: { kty: 'EC', crv: 'P-256', x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU', y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0' },
	d: 'jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI',
	input: 'eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ',
	signature: 'DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q',
} as const;

describe('specification vectors', () => {
	it.each([
		[
			'9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
			'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
			'',
			'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
		],
		[
			'4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
			'3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
			'72',
			'92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
		],
		[
			'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
			'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
			'af82',
			'6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
		],
	])('signs as RFC 8032 §7.1 (%#)', (secret, publicKey, message, signature) => {
		const pair = keyPairFromPrivate('Ed25519', hexDecode(secret));
		expect(hexEncode(pair.publicKey)).toBe(publicKey);
		expect(hexEncode(signJws('Ed25519', pair.privateKey, hexDecode(message)))).toBe(signature);
	});

	it('signs as RFC 8037 §A.4 and names the key as §A.3', () => {
		const { d, jwk, input, signature } = RFC_8037;
		expect(publicKeyToJwk('Ed25519', keyPairFromPrivate('Ed25519', decoded(d)).publicKey)).toEqual(jwk);
		expect(base64urlEncode(signJws('Ed25519', decoded(d), utf8(input)))).toBe(signature);
		expect(verifyJws('EdDSA', jwk, utf8(input), decoded(signature))).toBe(true);
		expect(jwkThumbprint(jwk)).toBe('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k');
	});

	it('verifies RFC 7515 §A.3 and reads its key', () => {
		const { jwk, d, input, signature } = RFC_7515_A3;
		expect(publicKeyToJwk('Secp256r1', keyPairFromPrivate('Secp256r1', decoded(d)).publicKey)).toEqual(jwk);
		expect(verifyJws('ES256', jwk, utf8(input), decoded(signature))).toBe(true);
		expect(verifyJws('ES256', jwk, utf8(input), signJws('Secp256r1', decoded(d), utf8(input)))).toBe(true);
	});

	it('names a key as RFC 7638 §3.1, whatever else the JWK holds', () => {
		const rsa = {
			kty: 'RSA',
			n: '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw',
			e: 'AQAB',
			alg: 'RS256',
			kid: '2011-04-29',
		} as const;
		expect(jwkThumbprint(rsa)).toBe('NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs');
		expect(jwkThumbprint({ ...RFC_8037.jwk, kid: 'any', use: 'sig' })).toBe(jwkThumbprint(RFC_8037.jwk));
	});
});

describe('signJws and verifyJws', () => {
	it.each(SIGNING_TYPES)('%s agrees with OpenSSL both ways', (type) => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 100 }), (data) => {
				const pair = generateKeyPair(type, systemRandom);
				const jwk = publicKeyToJwk(type, pair.publicKey);
				const publicKey = nodeCrypto.createPublicKey({ key: { ...jwk }, format: 'jwk' });
				const privateKey = nodeCrypto.createPrivateKey({ key: { ...jwk, d: pair.privateKey.use(base64urlEncode) }, format: 'jwk' });
				const hash = type === 'Ed25519' ? null : 'sha256';
				const signature = signJws(type, pair.privateKey, data);
				expect(signature).toHaveLength(64);
				expect(nodeCrypto.verify(hash, data, { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature)).toBe(true);
				expect(verifyJws(algOf(type), jwk, data, signature)).toBe(true);
				const theirs = new Uint8Array(nodeCrypto.sign(hash, data, { key: privateKey, dsaEncoding: 'ieee-p1363' }));
				// OpenSSL emits high s in every second ECDSA signature; ES256K takes low s only.
				const lowS = type !== 'Secp256k1' || !secp256k1.Signature.fromBytes(theirs).hasHighS();
				expect(verifyJws(algOf(type), jwk, data, theirs)).toBe(lowS);
			}),
			{ numRuns: 25 },
		);
	});

	it.each(SIGNING_TYPES)('%s: no changed bit, other data, other key or other length passes', (type) => {
		const pair = generateKeyPair(type, systemRandom);
		const jwk = publicKeyToJwk(type, pair.publicKey);
		const data = utf8('signing input');
		const signature = signJws(type, pair.privateKey, data);
		const alg = algOf(type);
		fc.assert(
			fc.property(fc.nat(511), (bit) => {
				const changed = Uint8Array.from(signature);
				changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
				expect(verifyJws(alg, jwk, data, changed)).toBe(false);
			}),
			{ numRuns: 40 },
		);
		expect(verifyJws(alg, jwk, utf8('signing inpuT'), signature)).toBe(false);
		expect(verifyJws(alg, publicKeyToJwk(type, generateKeyPair(type, systemRandom).publicKey), data, signature)).toBe(false);
		for (const wrong of [new Uint8Array(), signature.subarray(0, 63), concat(signature, Uint8Array.of(0)), new Uint8Array(64)]) {
			expect(verifyJws(alg, jwk, data, wrong)).toBe(false);
		}
	});

	it('does not take a signature for another algorithm than the key', () => {
		for (const type of SIGNING_TYPES) {
			const pair = generateKeyPair(type, systemRandom);
			const jwk = publicKeyToJwk(type, pair.publicKey);
			const signature = signJws(type, pair.privateKey, utf8('x'));
			for (const alg of ['EdDSA', 'ES256', 'ES256K'] as const) expect(verifyJws(alg, jwk, utf8('x'), signature)).toBe(alg === algOf(type));
			expect(verifyJws('none' as JwsAlg, jwk, utf8('x'), signature)).toBe(false);
		}
	});

	it('makes low s, takes high s for ES256 and refuses it for ES256K', () => {
		for (const [type, curve, taken] of [
			['Secp256r1', p256, true],
			['Secp256k1', secp256k1, false],
		] as const) {
			const pair = generateKeyPair(type, systemRandom);
			const jwk = publicKeyToJwk(type, pair.publicKey);
			const low = curve.Signature.fromBytes(signJws(type, pair.privateKey, utf8('x')));
			expect(low.hasHighS()).toBe(false);
			const high = new curve.Signature(low.r, curve.Point.Fn.ORDER - low.s).toBytes();
			expect(verifyJws(algOf(type), jwk, utf8('x'), high)).toBe(taken);
		}
	});

	it('is false for a key that is not valid, and for an agreement key', () => {
		const jwk = { ...RFC_7515_A3.jwk, y: RFC_7515_A3.jwk.x };
		expect(verifyJws('ES256', jwk, utf8(RFC_7515_A3.input), decoded(RFC_7515_A3.signature))).toBe(false);
		expect(() => algOf('X25519')).toThrow(badKey);
		expect(() => signJws('X25519', new Uint8Array(32).fill(1), utf8('x'))).toThrow(badKey);
		// The identity point as public key would verify R = s·B for anything.
		const smallOrder: Jwk = { kty: 'OKP', crv: 'Ed25519', x: base64urlEncode(Uint8Array.of(1, ...new Array(31).fill(0))) };
		expect(verifyJws('EdDSA', smallOrder, utf8('x'), concat(Uint8Array.of(1), new Uint8Array(63)))).toBe(false);
	});

	it('signs through a Signer', async () => {
		const signer = signerOf(generateKeyPair('Secp256r1', systemRandom), 'did:example:1#key');
		expect(signer).toMatchObject({ alg: 'ES256', kid: 'did:example:1#key' });
		expect(verifyJws(signer.alg, signer.publicJwk, utf8('x'), await signer.sign(utf8('x')))).toBe(true);
	});
});

describe('signDigestRecoverable', () => {
	it('gives a signature from which the key comes back', () => {
		const pair = generateKeyPair('Secp256k1', systemRandom);
		const digest = sha256('message');
		const signature = signDigestRecoverable(pair.privateKey, digest);
		expect(signature).toHaveLength(65);
		const recovered = secp256k1.Signature.fromBytes(signature.subarray(0, 64))
			.addRecoveryBit(signature[64] ?? 9)
			.recoverPublicKey(digest);
		expect(hexEncode(recovered.toBytes(true))).toBe(hexEncode(pair.publicKey));
	});

	it('refuses what is no digest', () => {
		expect(() => signDigestRecoverable(new Uint8Array(32).fill(1), utf8('x'))).toThrow(expect.objectContaining({ code: 'crypto/bad-parameters' }));
	});
});

describe('keys and JWKs', () => {
	it('come back for every type', () => {
		fc.assert(
			fc.property(fc.constantFrom<KeyType>('Ed25519', 'Secp256k1', 'Secp256r1', 'X25519'), (type) => {
				const { publicKey } = generateKeyPair(type, systemRandom);
				expect(jwkToPublicKey(publicKeyToJwk(type, publicKey))).toEqual({ type, publicKey });
			}),
			{ numRuns: 20 },
		);
	});

	it('has the uncompressed form', () => {
		const { publicKey } = generateKeyPair('Secp256k1', systemRandom);
		const uncompressed = uncompressedPublicKey('Secp256k1', publicKey);
		expect(uncompressed).toHaveLength(65);
		expect(publicKeyToJwk('Secp256k1', uncompressed)).toEqual(publicKeyToJwk('Secp256k1', publicKey));
		expect(() => uncompressedPublicKey('Ed25519', new Uint8Array(32))).toThrow(badKey);
	});

	const { jwk: ec } = RFC_7515_A3;
	const { jwk: okp } = RFC_8037;
	it.each<[string, unknown]>([
		['a private part', { ...ec, d: 'AA' }],
		['a point off the curve', { ...ec, y: ec.x }],
		['the curve of another kind', { ...ec, kty: 'OKP' }],
		['an unknown curve', { ...ec, crv: 'P-521' }],
		['a short coordinate', { ...ec, x: ec.x.slice(1) }],
		['a missing coordinate', { kty: 'EC', crv: 'P-256', x: ec.x }],
		['another alphabet', { ...ec, x: ec.x.replace('f', '+') }],
		['a coordinate that is not text', { ...ec, x: 7 }],
		['a coordinate too many', { ...okp, y: okp.x }],
		['a point off Ed25519', { ...okp, x: base64urlEncode(new Uint8Array(32).fill(2)) }],
		['a small-order point', { ...okp, x: base64urlEncode(new Uint8Array(32)) }],
		['a symmetric key', { kty: 'oct', k: 'AA' }],
	])('refuses a JWK with %s', (_name, jwk) => {
		expect(() => jwkToPublicKey(jwk as Jwk)).toThrow(badKey);
	});

	it('names no key without its required members', () => {
		expect(() => jwkThumbprint({ kty: 'EC', crv: 'P-256', x: ec.x })).toThrow(badKey);
		expect(() => jwkThumbprint({ kty: 'oct', k: 'AA' } as unknown as Jwk)).toThrow(badKey);
	});

	it.each([
		['zero', 'Secp256k1', '00'.repeat(32)],
		['the order', 'Secp256k1', 'fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141'],
		['the order', 'Secp256r1', 'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551'],
		['31 bytes', 'Ed25519', '01'.repeat(31)],
		['33 bytes', 'X25519', '01'.repeat(33)],
	] as const)('refuses %s as private key of %s', (_name, type, hex) => {
		expect(() => keyPairFromPrivate(type, hexDecode(hex))).toThrow(badKey);
	});

	it('draws again where the random bytes are no key', () => {
		const draws = [new Uint8Array(32), new Uint8Array(32).fill(255), new Uint8Array(32).fill(7)];
		const pair = generateKeyPair('Secp256k1', { bytes: () => draws.shift() ?? new Uint8Array() });
		expect(pair.privateKey.use(hexEncode)).toBe('07'.repeat(32));
	});
});
