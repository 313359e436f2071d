import { systemRandom } from '@holdfast/kernel';
import { HDKey } from '@scure/bip32';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deriveKey, generateMnemonic, hexDecode, hexEncode, KEY_TYPES, type KeyType, mnemonicToSeed } from './index.ts';

const SEED_1 = hexDecode('000102030405060708090a0b0c0d0e0f');
const SEED_2 = hexDecode('fffcf9f6f3f0edeae7e4e1dedbd8d5d2cfccc9c6c3c0bdbab7b4b1aeaba8a5a29f9c999693908d8a8784817e7b7875726f6c696663605d5a5754514e4b484542');
const RETRY_SEED = hexDecode('a7305bc8df8d0951f0cb224c0e95d7707cbdf2c6ce7e8d481fec69c7ff5e9446');

// SLIP-0010, "Test vectors": seed, curve, path, private key, public key.
const SLIP_10: readonly (readonly [Uint8Array, KeyType, string, string, string?])[] = [
	[
		SEED_1,
		'Ed25519',
		'm',
		'2b4be7f19ee27bbf30c667b642d5f4aa69fd169872f8fc3059c08ebae2eb19e7',
		'a4b2856bfec510abab89753fac1ac0e1112364e7d250545963f135f2a33188ed',
	],
	[SEED_1, 'Ed25519', "m/0'", '68e0fe46dfb67e368c75379acec591dad19df3cde26e63b93a8e704f1dade7a3'],
	[SEED_1, 'Ed25519', "m/0'/1'", 'b1d0bad404bf35da785a64ca1ac54b2617211d2777696fbffaf208f746ae84f2'],
	[SEED_1, 'Ed25519', "m/0'/1'/2'", '92a5b23c0b8a99e37d07df3fb9966917f5d06e02ddbd909c7e184371463e9fc9'],
	[SEED_1, 'Ed25519', "m/0'/1'/2'/2'", '30d1dc7e5fc04c31219ab25a27ae00b50f6fd66622f6e9c913253d6511d1e662'],
	[SEED_1, 'Ed25519', "m/0'/1'/2'/2'/1000000000'", '8f94d394a8e8fd6b1bc2f3f49f5c47e385281d5c17e65324b0f62483e37e8793'],
	[SEED_2, 'Ed25519', 'm', '171cb88b1b3c1db25add599712e36245d75bc65a1a5c9e18d76f9f2b1eab4012'],
	[SEED_2, 'Ed25519', "m/0'/2147483647'/1'/2147483646'/2'", '551d333177df541ad876a60ea71f00447931c0a9da16f227c11ea080d7391b8d'],
	[
		SEED_1,
		'Secp256r1',
		'm',
		'612091aaa12e22dd2abef664f8a01a82cae99ad7441b7ef8110424915c268bc2',
		'0266874dc6ade47b3ecd096745ca09bcd29638dd52c2c12117b11ed3e458cfa9e8',
	],
	[
		SEED_1,
		'Secp256r1',
		"m/0'",
		'6939694369114c67917a182c59ddb8cafc3004e63ca5d3b84403ba8613debc0c',
		'0384610f5ecffe8fda089363a41f56a5c7ffc1d81b59a612d0d649b2d22355590c',
	],
	[
		SEED_1,
		'Secp256r1',
		"m/0'/1",
		'284e9d38d07d21e4e281b645089a94f4cf5a5a81369acf151a1c3a57f18b2129',
		'03526c63f8d0b4bbbf9c80df553fe66742df4676b241dabefdef67733e070f6844',
	],
	[SEED_1, 'Secp256r1', "m/0'/1/2'", '694596e8a54f252c960eb771a3c41e7e32496d03b954aeb90f61635b8e092aa7'],
	[SEED_1, 'Secp256r1', "m/0'/1/2'/2", '5996c37fd3dd2679039b23ed6f70b506c6b56b3cb5e424681fb0fa64caf82aaa'],
	[SEED_1, 'Secp256r1', "m/0'/1/2'/2/1000000000", '21c4f269ef0a5fd1badf47eeacebeeaa3de22eb8e5b0adcd0f27dd99d34d0119'],
	[
		SEED_2,
		'Secp256r1',
		'm',
		'eaa31c2e46ca2962227cf21d73a7ef0ce8b31c756897521eb6c7b39796633357',
		'02c9e16154474b3ed5b38218bb0463e008f89ee03e62d22fdcc8014beab25b48fa',
	],
	// Derivation retry and seed retry.
	[
		SEED_1,
		'Secp256r1',
		"m/28578'",
		'06f0db126f023755d0b8d86d4591718a5210dd8d024e3e14b6159d63f53aa669',
		'02519b5554a4872e8c9c1c847115363051ec43e93400e030ba3c36b52a3e70a5b7',
	],
	[
		SEED_1,
		'Secp256r1',
		"m/28578'/33941",
		'092154eed4af83e078ff9b84322015aefe5769e31270f62c3f66c33888335f3a',
		'0235bfee614c0d5b2cae260000bb1d0d84b270099ad790022c1ae0b2e782efe120',
	],
	[
		RETRY_SEED,
		'Secp256r1',
		'm',
		'3b8c18469a4634517d6d0b65448f8e6c62091b45540a1743c5846be55d47d88f',
		'0383619fadcde31063d8c5cb00dbfe1713f3e6fa169d8541a798752a1c1ca0cb20',
	],
];

// BIP-32, "Test vectors" 1 and 2.
const BIP_32: readonly (readonly [Uint8Array, string, string])[] = [
	[SEED_1, 'm', 'xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi'],
	[SEED_1, "m/0'", 'xprv9uHRZZhk6KAJC1avXpDAp4MDc3sQKNxDiPvvkX8Br5ngLNv1TxvUxt4cV1rGL5hj6KCesnDYUhd7oWgT11eZG7XnxHrnYeSvkzY7d2bhkJ7'],
	[SEED_1, "m/0'/1", 'xprv9wTYmMFdV23N2TdNG573QoEsfRrWKQgWeibmLntzniatZvR9BmLnvSxqu53Kw1UmYPxLgboyZQaXwTCg8MSY3H2EU4pWcQDnRnrVA1xe8fs'],
	[SEED_1, "m/0'/1/2'", 'xprv9z4pot5VBttmtdRTWfWQmoH1taj2axGVzFqSb8C9xaxKymcFzXBDptWmT7FwuEzG3ryjH4ktypQSAewRiNMjANTtpgP4mLTj34bhnZX7UiM'],
	[SEED_1, "m/0'/1/2'/2", 'xprvA2JDeKCSNNZky6uBCviVfJSKyQ1mDYahRjijr5idH2WwLsEd4Hsb2Tyh8RfQMuPh7f7RtyzTtdrbdqqsunu5Mm3wDvUAKRHSC34sJ7in334'],
	[SEED_1, "m/0'/1/2'/2/1000000000", 'xprvA41z7zogVVwxVSgdKUHDy1SKmdb533PjDz7J6N6mV6uS3ze1ai8FHa8kmHScGpWmj4WggLyQjgPie1rFSruoUihUZREPSL39UNdE3BBDu76'],
	[SEED_2, 'm/0', 'xprv9vHkqa6EV4sPZHYqZznhT2NPtPCjKuDKGY38FBWLvgaDx45zo9WQRUT3dKYnjwih2yJD9mkrocEZXo1ex8G81dwSM1fwqWpWkeS3v86pgKt'],
	[
		SEED_2,
		"m/0/2147483647'/1/2147483646'/2",
		'xprvA2nrNbFZABcdryreWet9Ea4LvTJcGsqrMzxHx98MMrotbir7yrKCEXw7nadnHM8Dq38EGfSh6dqA9QWTyefMLEcBYJUuekgW4BYPJcr9E7j',
	],
];

const badPath = expect.objectContaining({ code: 'crypto/bad-path' });

describe('deriveKey', () => {
	for (const [seed, type, path, privateKey, publicKey] of SLIP_10) {
		it(`has the values of SLIP-0010 for ${type} ${path}, seed of ${seed.length} bytes`, () => {
			const pair = deriveKey(seed, { type, path });
			expect(pair.privateKey.use(hexEncode)).toBe(privateKey);
			if (publicKey) expect(hexEncode(pair.publicKey)).toBe(publicKey);
		});
	}

	it.each(BIP_32)('has the values of BIP-32 (%#)', (seed, path, xprv) => {
		const expected = HDKey.fromExtendedKey(xprv);
		const pair = deriveKey(seed, { type: 'Secp256k1', path });
		expect(pair.privateKey.use(hexEncode)).toBe(hexEncode(expected.privateKey ?? new Uint8Array()));
		expect(hexEncode(pair.publicKey)).toBe(hexEncode(expected.publicKey ?? new Uint8Array()));
	});

	it('gives the first Ethereum key of a well-known phrase', () => {
		const seed = mnemonicToSeed('test test test test test test test test test test test junk');
		const pair = deriveKey(seed, { type: 'Secp256k1', path: "m/44'/60'/0'/0/0" });
		expect(pair.privateKey.use(hexEncode)).toBe('ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80');
	});

	it('keeps its X25519 derivation: a change would lose keys', () => {
		const pair = deriveKey(SEED_1, { type: 'X25519', path: "m/0'/1'" });
		expect(hexEncode(pair.publicKey)).toMatchInlineSnapshot(`"d5c4aa82a449352aa9ee3131e28895cd7cc96e0175e7649eba2756601626c02a"`);
		expect(pair.privateKey.use(hexEncode)).not.toBe('b1d0bad404bf35da785a64ca1ac54b2617211d2777696fbffaf208f746ae84f2');
	});

	it('is deterministic, and different for every type and index', () => {
		const seed = mnemonicToSeed(generateMnemonic(systemRandom, 128));
		fc.assert(
			fc.property(fc.nat(0x7fffffff), fc.nat(0x7fffffff), (a, b) => {
				const keys = KEY_TYPES.map((type) => deriveKey(seed, { type, path: `m/7'/${a}'` }).privateKey.use(hexEncode));
				expect(KEY_TYPES.map((type) => deriveKey(seed, { type, path: `m/7'/${a}'` }).privateKey.use(hexEncode))).toEqual(keys);
				expect(new Set(keys).size).toBe(4);
				if (a !== b) expect(deriveKey(seed, { type: 'Ed25519', path: `m/7'/${b}'` }).privateKey.use(hexEncode)).not.toBe(keys[0]);
			}),
			{ numRuns: 10 },
		);
	});

	it('refuses a path that is not hardened for Ed25519 and X25519', () => {
		for (const type of ['Ed25519', 'X25519'] as const) expect(() => deriveKey(SEED_1, { type, path: "m/0'/1" })).toThrow(badPath);
	});

	it.each(['', '0', 'M/0', 'm/', 'm//0', 'm/-1', 'm/0h', "m/0''", 'm/2147483648', 'm/01', 'm/1e3', 'm/ 1', `m${'/0'.repeat(33)}`])(
		'refuses the path %j',
		(path) => {
			expect(() => deriveKey(SEED_1, { type: 'Secp256k1', path })).toThrow(badPath);
		},
	);

	it('refuses seeds that are too short or too long', () => {
		for (const length of [0, 15, 65]) {
			expect(() => deriveKey(new Uint8Array(length), { type: 'Ed25519', path: 'm' })).toThrow(expect.objectContaining({ code: 'crypto/bad-parameters' }));
		}
	});
});
