import { systemRandom } from '@holdfast/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hexDecode, hexEncode, hkdf, open, SecretBytes, seal, utf8 } from './index.ts';

const openFailed = expect.objectContaining({ code: 'crypto/open-failed' });
const key = fc.uint8Array({ minLength: 32, maxLength: 32 });

describe('seal and open', () => {
	it('has the values of draft-irtf-cfrg-xchacha-03 §A.3.1', () => {
		const range = (from: number, length: number) => Uint8Array.from({ length }, (_, i) => from + i);
		const plaintext = utf8("Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.");
		const box = seal(range(0x80, 32), plaintext, hexDecode('50515253c0c1c2c3c4c5c6c7'), { bytes: (length) => range(0x40, length) });
		expect(hexEncode(box.subarray(0, 24))).toBe('404142434445464748494a4b4c4d4e4f5051525354555657');
		expect(hexEncode(box.subarray(24, 40))).toBe('bd6d179d3e83d43b9576579493c0e939');
		expect(hexEncode(box.subarray(-16))).toBe('c0875924c1c7987947deafd8780acf49');
	});

	it('comes back, and no box is like another', () => {
		fc.assert(
			fc.property(key, fc.uint8Array(), fc.uint8Array(), (secret, plaintext, aad) => {
				const box = seal(secret, plaintext, aad, systemRandom);
				expect(open(SecretBytes.copy(secret), box, aad)).toEqual(plaintext);
				expect(seal(secret, plaintext, aad, systemRandom)).not.toEqual(box);
			}),
		);
	});

	it('opens for no other key, no other context and no changed bit', () => {
		fc.assert(
			fc.property(key, fc.uint8Array({ maxLength: 40 }), fc.nat(), (secret, plaintext, where) => {
				const aad = utf8('context');
				const box = seal(secret, plaintext, aad, systemRandom);
				const changed = Uint8Array.from(box);
				const bit = where % (box.length * 8);
				changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
				expect(() => open(secret, changed, aad)).toThrow(openFailed);
				expect(() => open(secret, box, utf8('other'))).toThrow(openFailed);
				expect(() => open(secret, box.subarray(0, where % box.length), aad)).toThrow(openFailed);
				const other = Uint8Array.from(secret, (byte) => byte ^ 1);
				expect(() => open(other, box, aad)).toThrow(openFailed);
			}),
		);
	});

	it('refuses a key of another length', () => {
		const badKey = expect.objectContaining({ code: 'crypto/bad-key' });
		expect(() => seal(new Uint8Array(16), utf8(''), utf8(''), systemRandom)).toThrow(badKey);
		expect(() => open(new Uint8Array(33), new Uint8Array(64), utf8(''))).toThrow(badKey);
	});
});

describe('hkdf', () => {
	it('has the values of RFC 5869 §A.1', () => {
		const okm = hkdf(new Uint8Array(22).fill(0x0b), { salt: hexDecode('000102030405060708090a0b0c'), info: hexDecode('f0f1f2f3f4f5f6f7f8f9'), length: 42 });
		expect(okm.use(hexEncode)).toBe('3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865');
	});

	it('gives different keys for different purposes', () => {
		const master = new Uint8Array(32).fill(7);
		expect(hkdf(master, { info: 'a' }).use(hexEncode)).not.toBe(hkdf(master, { info: 'b' }).use(hexEncode));
	});
});
