import { Secret } from '@holdfast/kernel';
import { argon2id } from '@noble/hashes/argon2.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deriveKek, hexEncode, utf8 } from './index.ts';

const salt = fc.uint8Array({ minLength: 8, maxLength: 32 });
const hex = async (...parameters: Parameters<typeof deriveKek>) => (await deriveKek(...parameters)).use(hexEncode);

describe('deriveKek', () => {
	it('gives the same bytes as another implementation', async () => {
		await fc.assert(
			fc.asyncProperty(fc.string({ unit: 'grapheme' }), salt, fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 2 }), async (text, bytes, t, p) => {
				const oracle = argon2id(utf8(text.normalize('NFKC')), bytes, { m: 32, t, p, dkLen: 32 });
				expect(await hex(text, { m: 32, t, p, salt: bytes })).toBe(hexEncode(oracle));
			}),
			{ numRuns: 25 },
		);
	});

	const parameters = { m: 64, t: 1, p: 1, salt: new Uint8Array(16) };

	it('takes a passphrase hidden in a Secret', async () => expect(await hex(new Secret('x'), parameters)).toBe(await hex('x', parameters)));

	it('is the same for every way to type a letter', async () => {
		expect(await hex('e\u0301\ufb01', parameters)).toBe(await hex('\u00e9fi', parameters));
		expect(await hex('E\u0301', parameters)).not.toBe(await hex('\u00e9', parameters));
	});

	it.each([
		{ m: 0 },
		{ m: 7 },
		{ m: 8.5 },
		{ m: 2 ** 32 },
		{ t: 0 },
		{ t: -1 },
		{ p: 0 },
		{ p: 256 },
		{ m: 15, p: 2 },
		{ salt: new Uint8Array(7) },
		{ t: Number.NaN },
	])('refuses %j', async (wrong) => {
		await expect(deriveKek('x', { ...parameters, ...wrong })).rejects.toMatchObject({ code: 'crypto/bad-parameters' });
	});
});
