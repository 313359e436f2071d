import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeField, encodeField } from './field.ts';
import { poseidonPair } from './hash.ts';
import { issuerPublicKey } from './issuer-key.ts';
import { isSignedRoot, MAX_REVOKED, prepareRevocations, publishRevocations, readRevocationList, readRevocationRoot, revocationTree } from './revocation.ts';
import { NOW, SIGNING_KEY } from './test/fixture.ts';

const key = issuerPublicKey(SIGNING_KEY);
const places = fc.uniqueArray(fc.integer({ min: 1, max: 2 ** 20 - 1 }), { maxLength: 20 });

/** Walks up a path as the circuit does. */
function climb(leaf: bigint, { bits, siblings }: { readonly bits: readonly number[]; readonly siblings: readonly bigint[] }): bigint {
	return siblings.reduce((node, sibling, level) => (bits[level] === 1 ? poseidonPair(sibling, node) : poseidonPair(node, sibling)), leaf);
}

test('each place leads to the root with 1 where it is revoked and 0 where it is not', () => {
	fc.assert(
		fc.property(places, fc.integer({ min: 1, max: 2 ** 20 - 1 }), (revoked, other) => {
			const tree = revocationTree(revoked);
			for (const place of [...revoked.slice(0, 3), other, ...revoked.slice(0, 2).map((each) => each ^ 1 || 1)]) {
				const isRevoked = revoked.includes(place);
				expect(climb(isRevoked ? 1n : 0n, tree.path(place))).toBe(tree.root);
				expect(climb(isRevoked ? 0n : 1n, tree.path(place))).not.toBe(tree.root);
			}
		}),
		{ numRuns: 15 },
	);
});

test('the root does not depend on order', () => {
	expect(revocationTree([5, 9, 1]).root).toBe(revocationTree([1, 5, 9]).root);
	expect(revocationTree([]).root).not.toBe(revocationTree([1]).root);
});

test('hashing ahead leaves room for others, is done once, and says nothing about what is no list', async () => {
	let pauses = 0;
	const pause = async () => {
		pauses += 1;
	};
	const revoked = Array.from({ length: 40 }, (_, index) => 1 + index * 25_013);
	await prepareRevocations(revoked, pause);
	expect(pauses).toBeGreaterThan(5);
	const before = pauses;
	await prepareRevocations(revoked, pause);
	const list = publishRevocations({ signingKey: SIGNING_KEY, revoked, now: NOW });
	expect(decodeField(list.root)).toBe(revocationTree(revoked).root);
	for (const bad of [null, 'x', [0], [1.5], ['1'], Array.from({ length: MAX_REVOKED + 1 }, (_, index) => index + 1)]) await prepareRevocations(bad, pause);
	expect(pauses).toBe(before);
});

test.each([0, -1, 2 ** 20, 1.5])('%s is not a place', (place) =>
	expect(() => revocationTree([place])).toThrow(expect.objectContaining({ code: 'zk/bad-value' })),
);

describe('a published list', () => {
	const list = publishRevocations({ signingKey: SIGNING_KEY, revoked: [9, 5, 5], now: NOW });
	const json = (change: object = {}) => JSON.parse(JSON.stringify({ ...list, ...change }));
	const mismatch = expect.objectContaining({ code: 'zk/revocation-mismatch' });

	test('is read', () => {
		expect(list.revoked).toEqual([5, 9]);
		expect(readRevocationList(json(), key)).toEqual(list);
	});
	test('with a place taken out', () => expect(() => readRevocationList(json({ revoked: [9] }), key)).toThrow(mismatch));
	test('of another issuer', () => expect(() => readRevocationList(json(), issuerPublicKey(new Uint8Array(32)))).toThrow(mismatch));
	test('dated anew', () => expect(() => readRevocationList(json({ at: list.at + 1 }), key)).toThrow(mismatch));
	test('with a root that is not its own', () => expect(() => readRevocationList(json({ root: encodeField(5n) }), key)).toThrow(mismatch));
	test.each([{ revoked: [9, 5] }, { revoked: [5, 5] }, { revoked: [0] }, { revoked: 'x' }, { at: -1 }, { at: 1.5 }, { v: 2 }, { more: 1 }, { sig: 'AA' }])(
		'malformed: %j',
		(change) => {
			expect(() => readRevocationList(json(change), key)).toThrow(expect.objectContaining({ code: 'zk/malformed' }));
		},
	);
	test('that is too long to work with', () => {
		const revoked = Array.from({ length: MAX_REVOKED + 1 }, (_, index) => index + 1);
		expect(() => readRevocationList(json({ revoked }), key)).toThrow(expect.objectContaining({ code: 'zk/too-large' }));
		expect(() => publishRevocations({ signingKey: SIGNING_KEY, revoked, now: NOW })).toThrow(expect.objectContaining({ code: 'zk/too-large' }));
	});
	test('shows its signed root without the list', () => {
		const { revoked: _revoked, ...root } = list;
		expect(readRevocationRoot(JSON.parse(JSON.stringify(root)))).toEqual(root);
		expect(isSignedRoot(root, key)).toBe(true);
		expect(isSignedRoot({ ...root, at: root.at + 1 }, key)).toBe(false);
	});
});
