import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { concat, type Hex, hashTypedData, keccak256, recoverAddress } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { describe, expect, test } from 'vitest';
import { digestOf, parseTypedData, signingBytes, structIds, structs, type TypedData, TypedDataError, typedData } from './index.ts';

interface Vector {
	readonly domain: Record<string, unknown>;
	readonly types: Record<string, { name: string; type: string }[]>;
	readonly primaryType: string;
	readonly message: Record<string, unknown>;
	readonly encodeType: string;
	readonly typeHash: Hex;
	readonly digest: Hex;
	readonly signature: Hex;
	readonly signer: Hex;
}
// Made with viem and checked against the contracts' constants; the key is the first of the well-known development chain.
const vectors = JSON.parse(readFileSync(new URL('../../test/dao-vectors.json', import.meta.url), 'utf8')) as Record<string, Vector>;
const signer = privateKeyToAccount('0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80');
const input = ({ domain, types, primaryType, message }: Vector) => ({ domain, types, primaryType, message });
const codeOf = (work: () => unknown): string => {
	try {
		work();
	} catch (error) {
		if (error instanceof TypedDataError) return error.code;
		throw error;
	}
	return 'none';
};

describe('vectors', () => {
	test('there are thirteen', () => expect(Object.keys(vectors)).toHaveLength(13));

	test.each(Object.entries(vectors))('%s: type hash, digest and signature', async (_name, vector) => {
		const data = parseTypedData(input(vector));
		expect(structs[data.struct].typeString).toBe(vector.encodeType);
		expect(structs[data.struct].typeHash).toBe(vector.typeHash);
		expect(digestOf(data)).toBe(vector.digest);
		expect(keccak256(signingBytes(data))).toBe(vector.digest);
		expect(signingBytes(data)).toMatch(/^0x1901[0-9a-f]{128}$/);
		expect(await signer.sign({ hash: digestOf(data) })).toBe(vector.signature);
		expect(await recoverAddress({ hash: digestOf(data), signature: vector.signature })).toBe(vector.signer);
	});
});

test('the constants of contracts that are in use', () => {
	// Safe.sol SAFE_TX_TYPEHASH, CompatibilityFallbackHandler SAFE_MSG_TYPEHASH, ERC20Votes DELEGATION_TYPEHASH.
	expect(structs['safe-tx'].typeHash).toBe('0xbb8310d486368db6bd6f849402fdd73ad53d316b5a4b2644ad6efe0f941286d8');
	expect(structs['safe-message'].typeHash).toBe('0x60b3cbf8b4a223d68d641b3b6ddf9a298e7f33710cf3d3a9d1146b5a6150fbca');
	expect(structs.delegation.typeHash).toBe('0xe48329057bfd03d55e49b547132e39cffd9c1820ad7b9d4c5307691425d15adf');
});

const value = (types: TypedData['types'], type: string): fc.Arbitrary<unknown> => {
	if (type.endsWith('[]')) return fc.array(value(types, type.slice(0, -2)), { maxLength: 4 });
	const fields = types[type];
	if (fields) return fc.record(Object.fromEntries(fields.map((field) => [field.name, value(types, field.type)])));
	if (type === 'string') return fc.string({ unit: 'grapheme' });
	if (type === 'bool') return fc.boolean();
	if (type === 'address') return fc.uint8Array({ minLength: 20, maxLength: 20 }).map((bytes) => `0x${Buffer.from(bytes).toString('hex')}`);
	if (type === 'bytes') return fc.uint8Array({ maxLength: 40 }).map((bytes) => `0x${Buffer.from(bytes).toString('hex')}`);
	if (type === 'bytes32') return fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => `0x${Buffer.from(bytes).toString('hex')}`);
	const bits = Number(type.slice(4));
	return fc.bigInt({ min: 0n, max: bits > 53 && bits <= 64 ? BigInt(Number.MAX_SAFE_INTEGER) : 2n ** BigInt(bits) - 1n }).map(String);
};
const anyData = fc.constantFrom(...structIds).chain((id) => {
	const { types, primaryType, domains } = structs[id];
	return fc.record({
		domain: fc
			.constantFrom(...domains)
			.map(({ fields, fixed }) =>
				Object.fromEntries(
					fields.map((name) => [name, fixed?.[name] ?? (name === 'chainId' ? 5 : name === 'verifyingContract' ? `0x${'ab'.repeat(20)}` : 'Some name')]),
				),
			),
		types: fc.constant(types),
		primaryType: fc.constant(primaryType),
		message: value(types, primaryType),
	});
});

test('canonical form: JSON, stable, and the same digest as the data that came in', () => {
	fc.assert(
		fc.property(anyData, (loose) => {
			const data = parseTypedData(loose);
			expect(digestOf(data)).toBe(hashTypedData(loose as unknown as Parameters<typeof hashTypedData>[0]));
			const { struct, ...wire } = JSON.parse(JSON.stringify(data)) as TypedData;
			expect(parseTypedData(wire)).toEqual(data);
			expect(typedData(struct, wire.domain, wire.message)).toEqual(data);
		}),
		{ numRuns: 200 },
	);
});

describe('what is not exactly a known message is refused', () => {
	const vote = vectors.oz5_ballot as Vector;
	const snapshot = vectors.snapshot_single as Vector;
	const ballot = vote.types.Ballot ?? [];
	const cases: [string, unknown, string][] = [
		['no object', 'Ballot', 'typed-data/malformed'],
		['a member beside the four', { ...input(vote), struct: 'governor-ballot' }, 'typed-data/malformed'],
		[
			'a renamed field',
			{ ...input(vote), types: { Ballot: ballot.map((f) => (f.name === 'support' ? { ...f, name: 'amount' } : f)) } },
			'typed-data/unknown-struct',
		],
		['fields in another order', { ...input(vote), types: { Ballot: [...ballot].reverse() } }, 'typed-data/unknown-struct'],
		['a type that is not used', { ...input(vote), types: { ...vote.types, Other: [{ name: 'a', type: 'string' }] } }, 'typed-data/unknown-struct'],
		['another struct under the name', { ...input(vote), types: { Ballot: [{ name: 'spender', type: 'address' }] } }, 'typed-data/unknown-struct'],
		['a primary type of the prototype', { ...input(vote), primaryType: '__proto__' }, 'typed-data/unknown-struct'],
		['a domain of another shape', { ...input(vote), domain: { ...vote.domain, salt: `0x${'00'.repeat(32)}` } }, 'typed-data/bad-domain'],
		['a domain without its chain', { ...input(vote), domain: { ...vote.domain, chainId: undefined } }, 'typed-data/bad-domain'],
		['Snapshot’s domain with a chain', { ...input(snapshot), domain: { ...snapshot.domain, chainId: 1 } }, 'typed-data/bad-domain'],
		['Snapshot’s domain in another version', { ...input(snapshot), domain: { ...snapshot.domain, version: '0.1.5' } }, 'typed-data/bad-domain'],
		[
			'a declared domain that is another',
			{ ...input(vote), types: { ...vote.types, EIP712Domain: [{ name: 'name', type: 'string' }] } },
			'typed-data/bad-domain',
		],
		['a field too many in the message', { ...input(vote), message: { ...vote.message, memo: 'x' } }, 'typed-data/bad-value'],
		['a field that is missing', { ...input(vote), message: { ...vote.message, nonce: undefined } }, 'typed-data/bad-value'],
		['an integer that does not fit', { ...input(vote), message: { ...vote.message, support: 256 } }, 'typed-data/bad-value'],
		['a negative integer', { ...input(vote), message: { ...vote.message, support: -1 } }, 'typed-data/bad-value'],
		['a fraction', { ...input(vote), message: { ...vote.message, support: 0.5 } }, 'typed-data/bad-value'],
		['a short address', { ...input(vote), message: { ...vote.message, voter: '0x01' } }, 'typed-data/bad-value'],
		['text that has no UTF-8', { ...input(snapshot), message: { ...snapshot.message, reason: '\ud800' } }, 'typed-data/bad-value'],
		['a list for a number', { ...input(snapshot), message: { ...snapshot.message, choice: [1] } }, 'typed-data/bad-value'],
	];
	test.each(cases)('%s', (_name, data, code) => expect(codeOf(() => parseTypedData(data))).toBe(code));

	test('an error says nothing of what came', () => {
		const secret = 'my-secret-reason';
		try {
			parseTypedData({ ...input(vote), message: { ...vote.message, [secret]: secret } });
		} catch (error) {
			expect(JSON.stringify([(error as TypedDataError).toInfo(), String(error)])).not.toContain(secret);
		}
	});

	test('a declared domain that is the same is taken', () => {
		const EIP712Domain = [
			{ name: 'name', type: 'string' },
			{ name: 'version', type: 'string' },
		];
		expect(digestOf(parseTypedData({ ...input(snapshot), types: { EIP712Domain, ...snapshot.types } }))).toBe(snapshot.digest);
	});
});

test('the bytes that are signed are prefix, domain separator and struct hash', () => {
	const data = parseTypedData(input(vectors.oz5_ballot as Vector));
	const bytes = signingBytes(data);
	expect(bytes.length).toBe(2 + 2 * 66);
	expect(concat([bytes])).toBe(bytes);
});
