import * as library from '@docknetwork/crypto-wasm';
import { hexDecode, hexEncode, utf8 } from '@holdfast/crypto';
import { bls12_381 } from '@noble/curves/bls12-381.js';
import { beforeAll, describe, expect, test } from 'vitest';
import { BP2, calculateDomain, createGenerators, DRAFT_API_ID, keyGen, messageToScalar, P1, scalarToBytes } from './ciphersuite.ts';
import { swapExponent } from './credential.ts';
import { createEngine } from './engine.ts';

/**
 * Test vectors of draft-irtf-cfrg-bbs-signatures, BLS12-381-SHA-256 (§8.4): our key generation, generators,
 * message scalars and domain together with the library's verification give what the draft says.
 */
const SECRET_KEY = '60e55110f76883a13d030b2f6bd11883422d5abde717569fc0731f51237169fc';
const PUBLIC_KEY =
	'a820f230f6ae38503b86c70dc50b61c58a77e45c39ab25c0652bbaa8fa136f2851bd4781c9dcde39fc9d1d52c9e60268061e7d7632171d91aa8d460acee0e96f1e7c4cfb12d3ff9ab5d5dc91c277db75c845d649ef3c4f63aebc364cd55ded0c';
const OTHER_KEY =
	'b064bd8d1ba99503cbb7f9d7ea00bce877206a85b1750e5583dd9399828a4d20610cb937ea928d90404c239b2835ffb104220a9c66a4c9ed3b54c0cac9ea465d0429556b438ceefb59650ddf67e7a8f103677561b7ef7fe3c3357ec6b94d41c6';
const HEADER = '11223344556677889900aabbccddeeff';
const MESSAGES = [
	'9872ad089e452c7b6e283dfac2a80d58e8d0ff71cc4d5e310a1debdda4a45f02',
	'c344136d9ab02da4dd5908bbba913ae6f58c2cc844b802a6f811f5fb075f9b80',
	'7372e9daa5ed31e6cd5c825eac1b855e84476a1d94932aa348e07b73',
	'77fe97eb97a1ebe2e81e4e3597a3ee740a66e9ef2412472c',
	'496694774c5604ab1b2544eababcf0f53278ff50',
	'515ae153e22aae04ad16f759e07237b4',
	'd183ddc6e2665aa4e2f088af',
	'ac55fb33a75909ed',
	'96012096',
	'',
];
const ONE =
	'84773160b824e194073a57493dac1a20b667af70cd2352d8af241c77658da5253aa8458317cca0eae615690d55b1f27164657dcafee1d5c1973947aa70e2cfbb4c892340be5969920d0916067b4565a0';
const TEN =
	'8339b285a4acd89dec7777c09543a43e3cc60684b0a6f8ab335da4825c96e1463e28f8c5f4fd0641d19cec5920d3a8ff4bedb6c9691454597bbd298288abed3632078557b2ace7d44caed846e1a0a1e8';
const NO_HEADER =
	'8c87e2080859a97299c148427cd2fcf390d24bea850103a9748879039262ecf4f42206f6ef767f298b6a96b424c1e86c26f8fba62212d0e05b95261c2cc0e5fdc63a32731347e810fd12e9c58355aa0d';
const SHUFFLED = [7, 9, 2, 6, 0, 8, 5, 1, 3, 4].map((at) => MESSAGES[at] ?? '');

beforeAll(async () => {
	await createEngine();
});

function verifies(signature: string, publicKey: string, header: string, messages: readonly string[]): boolean {
	const h = createGenerators(messages.length + 1, DRAFT_API_ID);
	const key = hexDecode(publicKey);
	const domain = calculateDomain(key, h, hexDecode(header), DRAFT_API_ID);
	const scalars = [domain, ...messages.map((message) => messageToScalar(hexDecode(message), DRAFT_API_ID))].map(scalarToBytes);
	return library.bbsVerifyConstantTime(scalars, swapExponent(hexDecode(signature)), key, { g1: P1, g2: BP2, h }, false).verified;
}

test('§8.4.1: key pair', () => {
	const material = hexDecode('746869732d49532d6a7573742d616e2d546573742d494b4d2d746f2d67656e65726174652d246528724074232d6b6579');
	const info = hexDecode('746869732d49532d736f6d652d6b65792d6d657461646174612d746f2d62652d757365642d696e2d746573742d6b65792d67656e');
	const scalar = keyGen(material, info, DRAFT_API_ID);
	expect(scalar.toString(16).padStart(64, '0')).toBe(SECRET_KEY);
	expect(hexEncode(bls12_381.G2.Point.BASE.multiply(scalar).toBytes(true))).toBe(PUBLIC_KEY);
	expect(hexEncode(library.bbsGeneratePublicKey(scalarToBytes(scalar), { g1: P1, g2: BP2, h: createGenerators(2, DRAFT_API_ID) }))).toBe(PUBLIC_KEY);
});

describe('§8.4.4: signatures', () => {
	test.each([
		['one message', true, ONE, PUBLIC_KEY, HEADER, MESSAGES.slice(0, 1)],
		['one message, changed', false, ONE, PUBLIC_KEY, HEADER, ['']],
		['one message and one that was not signed', false, ONE, PUBLIC_KEY, HEADER, MESSAGES.slice(0, 2)],
		['ten messages', true, TEN, PUBLIC_KEY, HEADER, MESSAGES],
		['ten messages, some missing', false, TEN, PUBLIC_KEY, HEADER, MESSAGES.slice(0, 2)],
		['ten messages in reverse', false, TEN, PUBLIC_KEY, HEADER, MESSAGES.toReversed()],
		['ten messages, shuffled', false, TEN, PUBLIC_KEY, HEADER, SHUFFLED],
		['another key', false, TEN, OTHER_KEY, HEADER, MESSAGES],
		['another header', false, TEN, PUBLIC_KEY, 'ffeeddccbbaa00998877665544332211', MESSAGES],
		['no header', true, NO_HEADER, PUBLIC_KEY, '', MESSAGES],
	])('%s: %s', (_, valid, signature, publicKey, header, messages) => {
		expect(verifies(signature, publicKey, header, messages)).toBe(valid);
	});
});

test('the generators differ from each other and from those of another interface', () => {
	const generators = [...createGenerators(12, DRAFT_API_ID), ...createGenerators(12, utf8('another interface'))].map(hexEncode);
	expect(new Set([...generators, hexEncode(P1)]).size).toBe(25);
});
