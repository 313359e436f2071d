import { SecretBytes } from '@holdfast/crypto';
import { expect, test } from 'vitest';
import { FIELD_ORDER } from './field.ts';
import { holderBlinding, holderCommitment, holderSecret, nullifierOf } from './holder.ts';
import { HOLDER_SEED } from './test/fixture.ts';

test('secrets and blindings are field elements, one for each context and purpose', () => {
	const all = [
		holderSecret(HOLDER_SEED, 'a'),
		holderSecret(HOLDER_SEED, 'b'),
		holderBlinding(HOLDER_SEED, 'a'),
		holderBlinding(HOLDER_SEED, 'b'),
		holderSecret(new Uint8Array(32), 'a'),
	];
	expect(new Set(all).size).toBe(all.length);
	for (const each of all) expect(each > 0n && each < FIELD_ORDER).toBe(true);
	expect(holderSecret(SecretBytes.copy(HOLDER_SEED), 'a')).toBe(all[0]);
});

test('two commitments to one secret have nothing in common', () => {
	const secret = holderSecret(HOLDER_SEED, 'a');
	expect(holderCommitment({ secret, blinding: 1n })).not.toBe(holderCommitment({ secret, blinding: 2n }));
	expect(holderCommitment({ secret: 1n, blinding: 2n })).not.toBe(holderCommitment({ secret: 2n, blinding: 1n }));
});

test('a nullifier is one for each secret and scope, and none for no scope', () => {
	const all = [nullifierOf(1n, 5n), nullifierOf(1n, 6n), nullifierOf(2n, 5n)];
	expect(new Set(all).size).toBe(3);
	expect(nullifierOf(1n, 0n)).toBe(0n);
});

test('short seeds and empty contexts are refused', () => {
	expect(() => holderSecret(new Uint8Array(31), 'a')).toThrow('32 bytes');
	expect(() => holderSecret(HOLDER_SEED, '')).toThrow('short text');
	expect(() => holderSecret(HOLDER_SEED, '\ud800')).toThrow('short text');
});
