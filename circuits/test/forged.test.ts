import { CIRCUIT_IDS, type CircuitId, issuerPublicKey } from '@holdfast/zk';
import { FIELD_ORDER, KIND_NUMBERS, leafHash, merkleRoot, nullifierOf, SUBGROUP_ORDER, textHash } from '@holdfast/zk/reference';
import { beforeAll, describe, expect, test } from 'vitest';
import { modP, P } from '../soundness/r1cs.ts';
import { type Judge, judge } from './judge.ts';
import { bound, boundRevocable, inputsOf, member, type Raw, raw, SECRET_KEY, sameHolder } from './raw.ts';

/**
 * Forged witnesses: every signal is computed as an honest prover would compute it, from inputs that are not honest. The
 * constraints alone must refuse it, and they must refuse it in the part that is there for that: so without this part the
 * forgery would be accepted.
 */
const judges = {} as Record<CircuitId, Judge>;
beforeAll(async () => {
	for (const circuit of CIRCUIT_IDS) judges[circuit] = await judge(circuit);
});

/** Every broken constraint has a signal of one of these parts, and there is one. */
function refusedBy(circuit: CircuitId, witness: readonly bigint[], ...parts: readonly string[]): void {
	const complaints = judges[circuit].complaints(witness);
	expect(complaints.length).toBeGreaterThan(0);
	for (const names of complaints) expect(names.filter((name) => parts.some((part) => name.startsWith(`main.${part}`)))).not.toEqual([]);
}

const forged = async (circuit: CircuitId, inputs: Parameters<Judge['witness']>[0], ...parts: readonly string[]): Promise<void> =>
	refusedBy(circuit, await judges[circuit].witness(inputs), ...parts);

const SIGNATURE = 'attestation.signature';
const number = (from: Raw, name: string): bigint => from.inputs[name] as bigint;
const list = (from: Raw, name: string): readonly bigint[] => from.inputs[name] as readonly bigint[];

describe('bounds', () => {
	test('below the lower, above the upper', async () => {
		await forged('bound', bound(raw(), { low: 19_840_127n }), 'range.aboveLow');
		await forged('bound', bound(raw(), { high: 19_840_125n }), 'range.belowHigh');
		expect(await judges.bound.accepts(bound(raw(), { low: 19_840_126n, high: 19_840_126n }))).toBe(true);
	});

	test('a signed value of more than 48 bits, -1 included, is in no bounds', async () => {
		await forged('bound', bound(raw({ value: P - 1n }), { low: 0n, high: 20_081_125n }), 'range');
		await forged('bound', bound(raw({ value: 2n ** 48n }), { low: 0n, high: 2n ** 48n - 1n }), 'range');
		await forged('bound', bound(raw({ value: textHash('x') }), { low: 0n, high: 2n ** 48n - 1n }), 'range');
	});

	test('bounds beyond 48 bits, where the difference would wrap around', async () => {
		await forged('bound', bound(raw(), { low: P - 5n, high: 20_081_125n }), 'range.low', 'range.aboveLow');
		await forged('bound', bound(raw(), { high: 2n ** 48n }), 'range.high', 'range.belowHigh');
		await forged('bound', bound(raw(), { high: P - 1n }), 'range.high', 'range.belowHigh');
	});
});

describe('the claim', () => {
	test('another value, kind, name or salt than the one in the leaf', async () => {
		for (const name of ['value', 'kind', 'name', 'salt']) {
			const honest = raw({ value: 20_100_101n });
			await forged('bound', bound(honest, { [name]: name === 'value' ? 19_840_126n : 3n }), SIGNATURE, 'range');
		}
		await forged('bound', bound(raw({ value: 20_100_101n }), { value: 19_840_126n }), SIGNATURE);
		await forged('member', member(raw(), [19_840_126n], { kind: BigInt(KIND_NUMBERS.integer) }), SIGNATURE);
	});

	test('a leaf of another place, other siblings', async () => {
		await forged('bound', bound(raw(), { bits: [1n, 1n, 0n, 0n] }), SIGNATURE);
		await forged('bound', bound(raw(), { siblings: [1n, 2n, 3n, 4n] }), SIGNATURE);
	});

	test('a side that is neither 0 nor 1 would put any leaf under the signed root', async () => {
		// left = node + s * (sibling - node) and right = node + sibling - left have a solution (s, sibling) for every node.
		const minor = raw({ value: 20_100_101n });
		const node = leafHash({ name: number(minor, 'name'), kind: KIND_NUMBERS.date, value: 19_840_126n, salt: 1n });
		const [left, right] = [minor.hashes[2] ?? 0n, minor.hashes[3] ?? 0n];
		const sibling = modP(left + right - node);
		const side = modP((left - node) * inverse(modP(sibling - node)));
		const inputs = bound(minor, {
			value: 19_840_126n,
			salt: 1n,
			bits: [side, ...list(minor, 'bits').slice(1)],
			siblings: [sibling, ...list(minor, 'siblings').slice(1)],
		});
		const witness = await judges.bound.witness(inputs);
		expect(witness[judges.bound.wireOf.get('main.bits[0]') ?? -1]).toBe(side);
		const complaints = judges.bound.complaints(witness);
		// One single constraint stands between this forgery and a proof.
		expect(complaints.length).toBe(1);
		expect(complaints[0]).toContain('main.bits[0]');
	});
});

describe('the attestation', () => {
	test('for another type, holder, period, revocation id', async () => {
		for (const name of ['type', 'secret', 'blinding', 'from', 'until', 'revocationId']) {
			await forged('bound', bound(raw(), { [name]: name === 'until' ? 20_311_231n : name === 'from' ? 20_250_101n : 3n }), SIGNATURE);
		}
	});

	test('by another key', async () => {
		const other = issuerPublicKey(new Uint8Array(32).fill(8));
		await forged('bound', bound(raw(), { issuer: [other.x, other.y] }), SIGNATURE);
	});

	test('by a key that is no key: the identity, or of small order', async () => {
		// (0, -1) has order 2; 8 times any of these is the identity, which has no inverse of x.
		for (const issuer of [
			[0n, 1n],
			[0n, P - 1n],
		]) {
			await forged('bound', bound(raw(), { issuer }), SIGNATURE);
			const witness = await judges.bound.witness(bound(raw(), { issuer }));
			expect(judges.bound.complaints(witness).some((names) => names.some((name) => name.includes('signature.inverse')))).toBe(true);
		}
	});

	test('with S made larger by the order of the subgroup: the same equation, another signature', async () => {
		const honest = raw();
		const inputs = bound(honest, { S: number(honest, 'S') + SUBGROUP_ORDER });
		const complaints = judges.bound.complaints(await judges.bound.witness(inputs));
		expect(complaints.length).toBe(1);
		expect(complaints[0]?.some((name) => name.startsWith('main.attestation.signature.sRange'))).toBe(true);
	});

	test('with an R8 that is not on the curve', async () => {
		const honest = raw();
		const [x = 0n, y = 0n] = list(honest, 'R8');
		const complaints = judges.bound.complaints(await judges.bound.witness(bound(honest, { R8: [x + 1n, y] })));
		expect(complaints.some((names) => names.some((name) => name.startsWith('main.attestation.signature.onCurve')))).toBe(true);
	});

	test('with S = 0 or R8 = B8', async () => {
		await forged('bound', bound(raw(), { S: 0n }), SIGNATURE);
		await forged('bound', bound(raw(), { R8: [0n, 1n], S: 0n }), SIGNATURE);
	});

	test('not begun, over, or with days that are no numbers of 27 bits', async () => {
		await forged('bound', bound(raw({ from: 20_261_126n })), 'attestation.valid');
		await forged('bound', bound(raw({ until: 20_261_124n })), 'attestation.valid');
		await forged('bound', bound(raw({ from: P - 1n })), 'attestation.valid');
		await forged('bound', bound(raw({ until: P - 1n })), 'attestation.valid');
		await forged('bound', bound(raw({ until: 2n ** 27n })), 'attestation.valid');
		await forged('bound', bound(raw(), { today: P - 1n }), 'attestation.valid');
		expect(await judges.bound.accepts(bound(raw({ from: 20_261_125n, until: 20_261_125n })))).toBe(true);
	});
});

describe('what is tied to the proof', () => {
	test('a nullifier that is not the one of secret and scope', async () => {
		const witness = await judges.bound.witness(bound(raw()));
		expect(witness[1]).toBe(nullifierOf(1_234_567n, 99n));
		witness[1] = modP((witness[1] ?? 0n) + 1n);
		expect(judges.bound.complaints(witness).length).toBeGreaterThan(0);
	});

	test('no scope, no nullifier', async () => {
		const witness = await judges.bound.witness(bound(raw(), { scope: 0n }));
		expect(judges.bound.complaints(witness)).toEqual([]);
		expect(witness[1]).toBe(0n);
		witness[1] = 5n;
		refusedBy('bound', witness, 'nullifier');
	});

	test.each(CIRCUIT_IDS)('%s: the request cannot be exchanged', async (circuit) => {
		const inputs = {
			bound: () => bound(raw()),
			'bound-revocable': () => boundRevocable(raw(), [1]),
			member: () => member(raw(), [19_840_126n]),
			'same-holder': () => sameHolder(raw(), raw()),
		}[circuit]();
		const witness = await judges[circuit].witness(inputs);
		const wire = judges[circuit].wireOf.get('main.context') ?? -1;
		witness[wire] = (witness[wire] ?? 0n) + 1n;
		refusedBy(circuit, witness, 'context');
	});
});

describe('revocation', () => {
	test('a revoked place', async () => {
		await forged('bound-revocable', boundRevocable(raw(), [77]), 'notRevoked', 'revocationRoot');
		expect(await judges['bound-revocable'].accepts(boundRevocable(raw(), [76, 78]))).toBe(true);
	});

	test('the path of a neighbour who is not revoked', async () => {
		const siblings = boundRevocable(raw({ rev: 78n }), [77]).revocationSiblings as readonly string[];
		await forged('bound-revocable', boundRevocable(raw(), [77], { revocationSiblings: siblings.map(BigInt) }), 'notRevoked', 'revocationRoot');
		// Walking the neighbour's path by changing the bits of the own id.
		const witness = await judges['bound-revocable'].witness(boundRevocable(raw({ rev: 78n }), [77]));
		const wire = judges['bound-revocable'].wireOf.get('main.revocationId') ?? -1;
		witness[wire] = 77n;
		refusedBy('bound-revocable', witness, 'notRevoked', 'revocationId');
	});

	test('place 0, which stands for what cannot be revoked', async () => {
		const witness = await judges['bound-revocable'].witness(boundRevocable(raw({ rev: 0n }), [77]));
		const complaints = judges['bound-revocable'].complaints(witness);
		expect(complaints.length).toBe(1);
		expect(complaints[0]).toContain('main.notRevoked.inverse');
	});

	test('an id beyond the tree, whose low bits are somebody else', async () => {
		await forged('bound-revocable', boundRevocable(raw({ rev: 2n ** 20n + 5n }), [77]), 'notRevoked.place', 'revocationId', 'notRevoked.path');
		await forged('bound-revocable', boundRevocable(raw({ rev: P - 1n }), [77]), 'notRevoked.place', 'revocationId', 'notRevoked.path');
	});

	test('another root', async () => {
		await forged('bound-revocable', boundRevocable(raw(), [1], { revocationRoot: 5n }), 'notRevoked', 'revocationRoot');
	});
});

describe('sets', () => {
	test('a value that is not in it', async () => {
		await forged('member', member(raw(), [19_840_125n, 19_840_127n]), 'member', 'set');
	});

	test('another set than the one whose root is public', async () => {
		await forged('member', member(raw(), [19_840_126n], { set: merkleRoot(Array.from({ length: 32 }, () => 1n)) }), 'member', 'set');
	});

	test('a side that is neither 0 nor 1 would put any value into the set', async () => {
		const other = member(raw({ value: 5n }), [19_840_125n, 19_840_127n]);
		const [left, right, node] = [19_840_125n, 19_840_127n, 5n];
		const sibling = modP(left + right - node);
		const side = modP((left - node) * inverse(modP(sibling - node)));
		const bits = (other.setBits as readonly string[]).slice(1).map(BigInt);
		const siblings = (other.setSiblings as readonly string[]).slice(1).map(BigInt);
		const inputs = member(raw({ value: 5n }), [19_840_125n, 19_840_127n], { setBits: [side, ...bits], setSiblings: [sibling, ...siblings] });
		const complaints = judges.member.complaints(await judges.member.witness(inputs));
		expect(complaints.length).toBe(1);
		expect(complaints[0]).toContain('main.setBits[0]');
	});
});

describe('two credentials of one holder', () => {
	const second = { type: 5n, blinding: 9n, key: new Uint8Array(32).fill(9) };

	test('bound to two secrets', async () => {
		expect(await judges['same-holder'].accepts(sameHolder(raw(), raw(second)))).toBe(true);
		await forged('same-holder', sameHolder(raw(), raw({ ...second, secret: 5n })), 'attestations[1].signature');
		await forged('same-holder', sameHolder(raw({ secret: 5n }), raw(second), { secret: 1_234_567n }), 'attestations[0].signature');
	});

	test('one of them expired, or by another issuer, or of another type', async () => {
		await forged('same-holder', sameHolder(raw(), raw({ ...second, until: 20_261_124n })), 'attestations[1].valid');
		const { x, y } = issuerPublicKey(SECRET_KEY);
		await forged('same-holder', sameHolder(raw(), raw(second), { issuers: [x, y, x, y] }), 'attestations[1].signature');
		await forged('same-holder', sameHolder(raw(), raw(second), { types: [5n, 5n] }), 'attestations[0].signature');
	});
});

test('inputs above the order of the field are the numbers that they are congruent to', async () => {
	expect(await judges.bound.accepts(bound(raw(), { low: FIELD_ORDER }))).toBe(true);
	expect(inputsOf({ a: FIELD_ORDER })).toEqual({ a: FIELD_ORDER.toString() });
});

function inverse(value: bigint): bigint {
	let [result, base, exponent] = [1n, value, P - 2n];
	for (; exponent > 0n; exponent >>= 1n, base = modP(base * base)) if (exponent & 1n) result = modP(result * base);
	return result;
}
