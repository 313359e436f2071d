import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { base64urlDecode, base64urlEncode, concat, constantTimeEqual, hexDecode, hexEncode, utf8, utf8Decode } from './index.ts';

const badEncoding = expect.objectContaining({ code: 'crypto/bad-encoding' });
const bytes = fc.uint8Array({ maxLength: 200 });

describe('base64url', () => {
	it('has the values of RFC 7515 appendix C and RFC 4648 §10', () => {
		expect(base64urlEncode(Uint8Array.of(3, 236, 255, 224, 193))).toBe('A-z_4ME');
		expect(['', 'f', 'fo', 'foo', 'foob', 'fooba', 'foobar'].map((text) => base64urlEncode(utf8(text)))).toEqual([
			'',
			'Zg',
			'Zm8',
			'Zm9v',
			'Zm9vYg',
			'Zm9vYmE',
			'Zm9vYmFy',
		]);
	});

	it('agrees with Node and comes back', () => {
		fc.assert(
			fc.property(bytes, (value) => {
				const text = base64urlEncode(value);
				expect(text).toBe(Buffer.from(value).toString('base64url'));
				expect(base64urlDecode(text)).toEqual(value);
			}),
		);
	});

	it('accepts one spelling only', () => {
		for (const text of ['A', 'Zg==', 'Zg=', 'Zh', 'Zm9', '+/8A', 'Zm 9v', 'Zm9v\n', 'Zm9vä', 'AAAAA']) expect(() => base64urlDecode(text)).toThrow(badEncoding);
		fc.assert(
			fc.property(fc.string({ maxLength: 12 }), (text) => {
				let decoded: Uint8Array;
				try {
					decoded = base64urlDecode(text);
				} catch (error) {
					expect(error).toEqual(badEncoding);
					return;
				}
				expect(base64urlEncode(decoded)).toBe(text);
			}),
		);
	});
});

describe('hex and UTF-8', () => {
	it('come back', () => {
		fc.assert(fc.property(bytes, (value) => void expect(hexDecode(hexEncode(value))).toEqual(value)));
		fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => void expect(utf8Decode(utf8(text))).toBe(text)));
	});

	it('refuse what is not theirs', () => {
		for (const text of ['0', 'zz', '0x00', ' 00', '00\n']) expect(() => hexDecode(text)).toThrow(badEncoding);
		expect(() => utf8Decode(Uint8Array.of(0xc3, 0x28))).toThrow(badEncoding);
	});
});

describe('constantTimeEqual and concat', () => {
	it('compare and join', () => {
		fc.assert(
			fc.property(bytes, bytes, (a, b) => {
				expect(constantTimeEqual(a, b)).toBe(Buffer.compare(a, b) === 0);
				expect(constantTimeEqual(a, Uint8Array.from(a))).toBe(true);
				expect(concat(a, b)).toEqual(Uint8Array.from([...a, ...b]));
			}),
		);
	});
});
