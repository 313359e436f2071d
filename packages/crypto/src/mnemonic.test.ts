import { systemRandom } from '@holdfast/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generateMnemonic, hexDecode, hexEncode, isMnemonicWord, mnemonicToSeed, validateMnemonic } from './index.ts';

// BIP-39, "Test vectors": entropy, phrase, seed with the passphrase TREZOR.
const VECTORS = [
	[
		'00000000000000000000000000000000',
		'abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about',
		'c55257c360c07c72029aebc1b53c05ed0362ada38ead3e3e9efa3708e53495531f09a6987599d18264c1e1c92f2cf141630c7a3c4ab7c81b2f001698e7463b04',
	],
	[
		'7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f',
		'legal winner thank year wave sausage worth useful legal winner thank yellow',
		'2e8905819b8723fe2c1d161860e5ee1830318dbf49a83bd451cfb8440c28bd6fa457fe1296106559a3c80937a1c1069be3a3a5bd381ee6260e8d9739fce1f607',
	],
	[
		'80808080808080808080808080808080',
		'letter advice cage absurd amount doctor acoustic avoid letter advice cage above',
		'd71de856f81a8acc65e6fc851a38d4d7ec216fd0796d0a6827a3ad6ed5511a30fa280f12eb2e47ed2ac03b5c462a0358d18d69fe4f985ec81778c1b370b652a8',
	],
	[
		'ffffffffffffffffffffffffffffffff',
		'zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo wrong',
		'ac27495480225222079d7be181583751e86f571027b0497b5b5d11218e0a8a13332572917f0f8e5a589620c6f15b11c61dee327651a14c34e18231052e48c069',
	],
	[
		'ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
		'zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo vote',
		undefined,
	],
] as const;

const [, FIRST] = VECTORS[0];
const code = (value: string) => expect.objectContaining({ code: value });

describe('recovery phrases', () => {
	it.each(VECTORS)('has the values of BIP-39 for %s', (entropy, phrase, seed) => {
		const bits = entropy.length === 32 ? 128 : 256;
		expect(generateMnemonic({ bytes: () => hexDecode(entropy) }, bits).join(' ')).toBe(phrase);
		if (seed) expect(mnemonicToSeed(phrase, 'TREZOR').use(hexEncode)).toBe(seed);
	});

	it('has the seed without a passphrase', () => {
		expect(mnemonicToSeed(FIRST.split(' ')).use(hexEncode)).toBe(
			'5eb00bbddcf069084889a8ab9155568165f5c453ccb85e70811aaed6f6da5fc19a5ac40b389cd370d086206dec8aa6c43daea6690f20ad3d8d48b2d2ce9e38e4',
		);
	});

	it('generates phrases that are valid', () => {
		for (const [bits, words] of [
			[128, 12],
			[256, 24],
		] as const) {
			const phrase = generateMnemonic(systemRandom, bits);
			expect(phrase).toHaveLength(words);
			expect(validateMnemonic(phrase)).toEqual(phrase);
		}
	});

	it('takes a phrase as people type it', () => expect(validateMnemonic(`  ${FIRST.toUpperCase().replaceAll(' ', '\n ')} `)).toEqual(FIRST.split(' ')));

	it('names the word that is unknown by its place and does not repeat it', () => {
		const words = FIRST.split(' ').with(4, 'abandom');
		try {
			validateMnemonic(words);
			expect.unreachable();
		} catch (error) {
			expect(error).toMatchObject({ code: 'crypto/mnemonic-word', data: { position: 5 } });
			expect(JSON.stringify(error)).not.toContain('abandom');
		}
	});

	it('tells a wrong length from a wrong checksum', () => {
		expect(() => validateMnemonic('abandon about')).toThrow(code('crypto/mnemonic-length'));
		expect(() => validateMnemonic('')).toThrow(code('crypto/mnemonic-length'));
		expect(() => validateMnemonic(FIRST.replace('about', 'above'))).toThrow(code('crypto/mnemonic-checksum'));
		expect(() => mnemonicToSeed(FIRST.replace('about', 'above'))).toThrow(code('crypto/mnemonic-checksum'));
	});

	it('notices almost every swap of two words, and never changes a phrase that it accepts', () => {
		const phrase = generateMnemonic({ bytes: (length) => Uint8Array.from({ length }, (_, i) => i * 37) }, 256);
		fc.assert(
			fc.property(fc.nat(23), fc.nat(23), (a, b) => {
				const swapped = phrase.with(a, phrase[b] ?? '').with(b, phrase[a] ?? '');
				try {
					expect(validateMnemonic(swapped)).toEqual(swapped);
				} catch (error) {
					expect(error).toEqual(code('crypto/mnemonic-checksum'));
				}
			}),
			{ numRuns: 30 },
		);
	});

	it('knows the words', () => {
		expect(isMnemonicWord('zoo')).toBe(true);
		expect(isMnemonicWord('zoos')).toBe(false);
	});
});
