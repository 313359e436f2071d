import { systemRandom } from '@holdfast/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { base64urlDecode, ecdhP256, generateKeyPair, hexDecode, hexEncode, jwkToPublicKey, keyPairFromPrivate, x25519SharedSecret } from './index.ts';

const agreementFailed = expect.objectContaining({ code: 'crypto/agreement-failed' });

describe('x25519SharedSecret', () => {
	it('has the values of RFC 7748 §5.2 and §6.1', () => {
		expect(
			x25519SharedSecret(
				hexDecode('a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4'),
				hexDecode('e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c'),
			).use(hexEncode),
		).toBe('c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552');
		const bob = keyPairFromPrivate('X25519', hexDecode('5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb'));
		expect(hexEncode(bob.publicKey)).toBe('de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f');
		expect(x25519SharedSecret(bob.privateKey, hexDecode('8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a')).use(hexEncode)).toBe(
			'4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742',
		);
	});

	it('refuses small-order keys and wrong lengths', () => {
		const { privateKey } = generateKeyPair('X25519', systemRandom);
		for (const key of [new Uint8Array(32), Uint8Array.of(1, ...new Array(31).fill(0)), new Uint8Array(31)]) {
			expect(() => x25519SharedSecret(privateKey, key)).toThrow(agreementFailed);
		}
	});
});

describe('ecdhP256', () => {
	it('has the values of RFC 7518 appendix C', () => {
		const bob = jwkToPublicKey({
			kty: 'EC',
			crv: 'P-256',
			x: 'weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ',
			y: 'e8lnCO-AlStT-NJVX-crhB7QRYhiix03illJOVAOyck',
		});
		const secret = ecdhP256(base64urlDecode('0_NxaRPUMQoAJt50Gz8YiTr8gRTwyEaCumd-MToTmIo'), bob.publicKey);
		expect(secret.use((bytes) => [...bytes])).toEqual([
			158, 86, 217, 29, 129, 113, 53, 211, 114, 131, 66, 131, 191, 132, 38, 156, 251, 49, 110, 163, 218, 128, 106, 72, 246, 218, 167, 121, 140, 254, 144, 196,
		]);
	});

	it('refuses a point off the curve', () => {
		const { privateKey } = generateKeyPair('Secp256r1', systemRandom);
		// x = 2^256 − 1 is no field element.
		expect(() => ecdhP256(privateKey, Uint8Array.of(2, ...new Array(32).fill(255)))).toThrow(agreementFailed);
		expect(() => ecdhP256(privateKey, new Uint8Array(65).fill(4))).toThrow(agreementFailed);
	});
});

it('both sides agree', () => {
	fc.assert(
		fc.property(fc.constantFrom(['X25519', x25519SharedSecret] as const, ['Secp256r1', ecdhP256] as const), ([type, agree]) => {
			const a = generateKeyPair(type, systemRandom);
			const b = generateKeyPair(type, systemRandom);
			expect(agree(a.privateKey, b.publicKey).use(hexEncode)).toBe(agree(b.privateKey, a.publicKey).use(hexEncode));
		}),
		{ numRuns: 10 },
	);
});
