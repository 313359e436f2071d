import { createRequire } from 'node:module';
import { babyjubjub } from '@noble/curves/misc.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeField, FIELD_ORDER } from './field.ts';
import {
	encodeSignature,
	isIssuerKey,
	issuerJwk,
	issuerPublicKey,
	readIssuerKey,
	readSignature,
	SUBGROUP_ORDER,
	signField,
	verifyField,
} from './issuer-key.ts';

// A second opinion. Its ES module cannot be loaded by Node (a named import from CommonJS), its CommonJS build can.
const zkKit = createRequire(import.meta.url)('@zk-kit/eddsa-poseidon') as {
	verifySignature(message: bigint, signature: { R8: [bigint, bigint]; S: bigint }, key: [bigint, bigint]): boolean;
	derivePublicKey(secret: Uint8Array): [bigint, bigint];
	signMessage(secret: Uint8Array, message: bigint): { R8: [bigint, bigint]; S: bigint };
};

const secrets = fc.uint8Array({ minLength: 32, maxLength: 32 });
const messages = fc.bigInt({ min: 0n, max: FIELD_ORDER - 1n });
const { Point } = babyjubjub;

/** Points of the whole curve, most of them outside the subgroup. */
function pointsOfTheCurve(count: number) {
	const { Fp } = Point;
	const found: InstanceType<typeof Point>[] = [];
	for (let y = 2n; found.length < count; y++) {
		const square = Fp.div(Fp.sub(1n, Fp.sqr(y)), Fp.sub(168_700n, Fp.mul(168_696n, Fp.sqr(y))));
		try {
			found.push(Point.fromAffine({ x: Fp.sqrt(square), y }));
		} catch {
			// No point has this y.
		}
	}
	return found;
}

test('signatures hold, here and in another implementation, and only for their message and key', () => {
	fc.assert(
		fc.property(secrets, messages, messages, (secret, message, other) => {
			const key = issuerPublicKey(secret);
			const { R8, S } = signField(secret, message);
			expect(verifyField(key, message, { R8, S })).toBe(true);
			expect(zkKit.verifySignature(message, { R8: [...R8] as [bigint, bigint], S }, [key.x, key.y])).toBe(true);
			expect(verifyField(key, other, { R8, S })).toBe(other === message);
			expect(verifyField(issuerPublicKey(new Uint8Array(32).fill(1)), message, { R8, S })).toBe(false);
		}),
		{ numRuns: 10 },
	);
});

test("another implementation's signatures hold here", () => {
	const secret = new Uint8Array(32).fill(3);
	const [x, y] = zkKit.derivePublicKey(secret);
	const { R8, S } = zkKit.signMessage(secret, 42n);
	expect(verifyField({ x, y }, 42n, { R8, S })).toBe(true);
});

test('signing is deterministic, and the nonce depends on the message', () => {
	const secret = new Uint8Array(32).fill(3);
	expect(signField(secret, 1n)).toEqual(signField(secret, 1n));
	expect(signField(secret, 1n).R8).not.toEqual(signField(secret, 2n).R8);
});

test('a malleated signature is refused: S made larger by the order of the subgroup', () => {
	const secret = new Uint8Array(32).fill(3);
	const key = issuerPublicKey(secret);
	const { R8, S } = signField(secret, 42n);
	expect(verifyField(key, 42n, { R8, S: S + SUBGROUP_ORDER })).toBe(false);
	expect(readSignature(encodeSignature({ R8, S: S + SUBGROUP_ORDER }))).toBeUndefined();
	expect(readSignature(encodeSignature({ R8, S }))).toEqual({ R8, S });
});

test('R8 off the curve is refused', () => {
	const secret = new Uint8Array(32).fill(3);
	const { R8, S } = signField(secret, 42n);
	expect(verifyField(issuerPublicKey(secret), 42n, { R8: [R8[0] + 1n, R8[1]], S })).toBe(false);
});

describe('keys that are refused', () => {
	const x = (value: bigint) => ({ kty: 'EC', crv: 'BabyJubjub', x: encodeField(value), y: encodeField(1n) });
	test('the identity', () => expect(() => readIssuerKey(x(0n))).toThrow('subgroup'));
	test('a point of order 2', () => expect(isIssuerKey(0n, FIELD_ORDER - 1n)).toBe(false));
	test('a point off the curve', () => expect(isIssuerKey(1n, 1n)).toBe(false));
	test('coordinates at or above the order of the field', () => {
		const key = issuerPublicKey(new Uint8Array(32).fill(3));
		expect(isIssuerKey(key.x, key.y)).toBe(true);
		expect(isIssuerKey(key.x + FIELD_ORDER, key.y)).toBe(false);
		expect(isIssuerKey(key.x, key.y + FIELD_ORDER)).toBe(false);
		expect(isIssuerKey(-key.x, key.y)).toBe(false);
	});

	test('points of every small order, and keys with a part of small order', () => {
		const key = Point.fromAffine(issuerPublicKey(new Uint8Array(32).fill(3)));
		const orders = new Set<string>();
		for (const point of pointsOfTheCurve(24)) {
			const torsion = point.multiplyUnsafe(SUBGROUP_ORDER - 1n).add(point);
			if (torsion.is0()) continue;
			const { x: tx, y: ty } = torsion.toAffine();
			orders.add([2, 4, 8].find((order) => torsion.multiplyUnsafe(BigInt(order)).is0())?.toString() ?? 'larger');
			expect(isIssuerKey(tx, ty)).toBe(false);
			const mixed = key.add(torsion).toAffine();
			expect(isIssuerKey(mixed.x, mixed.y)).toBe(false);
		}
		expect(orders.has('8')).toBe(true);
		expect(orders.has('larger')).toBe(false);
	});

	test('what is not a public key of this curve', () => {
		const good = issuerJwk(issuerPublicKey(new Uint8Array(32).fill(3)), 'zk-1');
		expect(readIssuerKey(JSON.parse(JSON.stringify(good)))).toEqual(issuerPublicKey(new Uint8Array(32).fill(3)));
		for (const bad of [
			null,
			'x',
			[],
			{},
			{ ...good, kty: 'OKP' },
			{ ...good, crv: 'P-256' },
			{ ...good, d: 'AA' },
			{ ...good, x: `${good.x}=` },
			{ ...good, x: 5 },
			{ ...good, y: 'AA' },
		]) {
			expect(() => readIssuerKey(bad)).toThrow(expect.objectContaining({ code: 'zk/bad-key' }));
		}
	});
});

test('secrets of another length are refused', () => {
	expect(() => issuerPublicKey(new Uint8Array(31))).toThrow('32 bytes');
	expect(() => signField(new Uint8Array(33), 1n)).toThrow('32 bytes');
});
