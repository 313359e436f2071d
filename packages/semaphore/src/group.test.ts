import { hkdfSync, randomBytes } from 'node:crypto';
import { Identity } from '@semaphore-protocol/identity';
import { LeanIMT } from '@zk-kit/lean-imt';
import fc from 'fast-check';
import { poseidon2 } from 'poseidon-lite';
import { expect, test } from 'vitest';
import vectors from '../test/vectors.json' with { type: 'json' };
import { SemaphoreGroup } from './group.ts';
import { deriveIdentity, identityOf } from './identity.ts';
import { LeanImt } from './lean-imt.ts';
import { FIELD_ORDER } from './numbers.ts';
import { toValue } from './values.ts';

const failure = (run: () => unknown): unknown => {
	try {
		run();
	} catch (error) {
		return (error as { code?: string }).code;
	}
	return 'nothing thrown';
};

// Cheap and not symmetric: what is compared here is the tree's shape.
const hash = (left: bigint, right: bigint): bigint => (left * 3n + right * 5n + 1n) % FIELD_ORDER;

const step = fc.oneof(
	fc.record({ append: fc.array(fc.bigInt({ min: 0n, max: FIELD_ORDER - 1n }), { maxLength: 9 }) }),
	fc.record({ place: fc.nat(), leaf: fc.bigInt({ min: 0n, max: FIELD_ORDER - 1n }) }),
);

test('the tree is the reference’s after any appending and replacing, and so are all paths', () => {
	fc.assert(
		fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), (steps) => {
			const mine = new LeanImt(hash);
			const reference = new LeanIMT(hash);
			for (const each of steps) {
				if ('append' in each) {
					mine.append(each.append);
					if (each.append.length > 0) reference.insertMany(each.append);
				} else if (mine.size > 0) {
					const place = each.place % mine.size;
					mine.replace(place, each.leaf);
					reference.update(place, each.leaf);
				}
				expect(mine.root).toBe(reference.root);
				expect([mine.size, mine.depth]).toEqual([reference.size, reference.depth]);
			}
			for (let place = 0; place < mine.size; place++) {
				const path = mine.path(place);
				expect(path).toEqual(reference.generateProof(place));
				expect(LeanIMT.verifyProof({ ...path, siblings: [...path.siblings] }, hash)).toBe(true);
			}
			expect(() => mine.path(mine.size)).toThrow(RangeError);
		}),
		{ numRuns: 300 },
	);
});

test('a group has the root and the paths that Semaphore’s own has', () => {
	const group = new SemaphoreGroup(vectors.members.map(BigInt));
	const { root, leaf, index, siblings } = group.path(BigInt(vectors.merkleProof.leaf));
	expect(String(group.root)).toBe(vectors.root);
	expect({ root: String(root), leaf: String(leaf), index, siblings: siblings.map(String) }).toEqual(vectors.merkleProof);
});

test('a removed member leaves an empty place, as in Semaphore’s groups', () => {
	const members = [11n, 12n, 13n, 14n, 15n];
	const group = new SemaphoreGroup(members);
	const reference = new LeanIMT((a, b) => poseidon2([a, b]), members);
	group.remove(13n);
	reference.update(2, 0n);
	expect(group.root).toBe(reference.root);
	expect([group.size, group.memberCount, group.has(13n)]).toEqual([5, 4, false]);
	expect(failure(() => group.path(13n))).toBe('semaphore/not-a-member');
	expect(failure(() => group.remove(13n))).toBe('semaphore/not-a-member');
	// From the list with its empty place the same group comes again.
	expect(new SemaphoreGroup(group.members).root).toBe(group.root);
});

test('what is no commitment, or is there already, does not come in, and nothing beside it does', () => {
	const group = new SemaphoreGroup([1n, 2n]);
	const before = group.root;
	expect(failure(() => group.add([3n, FIELD_ORDER]))).toBe('semaphore/bad-member');
	expect(failure(() => group.add([3n, -1n]))).toBe('semaphore/bad-member');
	expect(failure(() => group.add([3n, 1n]))).toBe('semaphore/duplicate-member');
	expect(failure(() => group.add([3n, 3n]))).toBe('semaphore/duplicate-member');
	expect(failure(() => group.add(Array.from({ length: 2 ** 20 - 1 }, () => 0n)))).toBe('semaphore/group-full');
	expect([group.root, group.memberCount, group.has(3n)]).toEqual([before, 2, false]);
});

test('identities are those of Semaphore’s own library', () => {
	for (const { privateKey, secretScalar, publicKey, commitment } of vectors.identities) {
		const identity = identityOf(Buffer.from(privateKey, 'hex'));
		expect([identity.secretScalar.reveal(), identity.publicKey.x, identity.publicKey.y, identity.commitment].map(String)).toEqual([
			secretScalar,
			...publicKey,
			commitment,
		]);
	}
	for (let i = 0; i < 10; i++) {
		const key = randomBytes(32);
		expect(identityOf(key).commitment).toBe(new Identity(key).commitment);
	}
});

test('a seed gives each group an identity of its own, the same each time, and does not print it', () => {
	const seed = new Uint8Array(32).fill(7);
	const identity = deriveIdentity(seed, 'group a');
	expect(deriveIdentity(seed, 'group a').commitment).toBe(identity.commitment);
	// A change here would take members out of the groups that they are in.
	const key = Buffer.from(hkdfSync('sha256', seed, new Uint8Array(0), 'holdfast/semaphore-identity/1\ngroup a', 32));
	expect(identity.commitment).toBe(new Identity(key).commitment);
	expect(deriveIdentity(seed, 'group b').commitment).not.toBe(identity.commitment);
	expect(deriveIdentity(new Uint8Array(32).fill(8), 'group a').commitment).not.toBe(identity.commitment);
	expect(JSON.stringify({ secret: identity.secretScalar })).toBe('{"secret":"[secret]"}');
	expect(failure(() => deriveIdentity(new Uint8Array(31), 'group a'))).toBe('semaphore/bad-seed');
	expect(failure(() => deriveIdentity(seed, ''))).toBe('semaphore/bad-value');
});

test('messages and scopes become the numbers that the reference makes of them', () => {
	for (const { text, value } of vectors.values) {
		// The reference converts a negative number and fails later, at its hash.
		if (value.startsWith('-')) expect(failure(() => toValue(text))).toBe('semaphore/bad-value');
		else expect(String(toValue(text)), text).toBe(value);
	}
	expect(toValue(Uint8Array.of(1, 0))).toBe(256n);
	for (const bad of [-1n, 1n << 256n, new Uint8Array(33), 'x'.repeat(32), '\ud800']) expect(failure(() => toValue(bad))).toBe('semaphore/bad-value');
});
