import { systemRandom } from '@holdfast/kernel';
import { describe, expect, it } from 'vitest';
import { algOf, generateKeyPair, holdKey, publicKeyToJwk, utf8, verifyJws } from './index.ts';

describe.each(['Ed25519', 'Secp256r1', 'Secp256k1'] as const)('%s, opened once', (type) => {
	it('signs as ours does, until it is released', () => {
		const pair = generateKeyPair(type, systemRandom);
		const jwk = publicKeyToJwk(type, pair.publicKey);
		const held = holdKey(type, pair.privateKey);
		for (const text of ['', 'a', 'x'.repeat(5000)]) {
			const signature = held.sign(utf8(text));
			expect(verifyJws(algOf(type), jwk, utf8(text), signature)).toBe(true);
			expect(verifyJws(algOf(type), jwk, utf8(`${text}.`), signature)).toBe(false);
		}
		held.release();
		expect(() => held.sign(utf8('a'))).toThrow();
		// The pair itself is untouched.
		expect(pair.privateKey.use((bytes) => bytes.some((byte) => byte !== 0))).toBe(true);
	});
});
