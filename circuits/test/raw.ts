// Credentials and inputs as an attacker, a careless issuer or an honest wallet could make them: nothing is checked here.
import type { CircuitInputs } from '@holdfast/zk';
import { issuerPublicKey } from '@holdfast/zk';
import {
	attestationMessage,
	claimNameHash,
	commitmentHash,
	KIND_NUMBERS,
	leafHash,
	merklePath,
	merkleRoot,
	revocationTree,
	signField,
	textHash,
	typeHash,
} from '@holdfast/zk/reference';

export const SECRET_KEY = new Uint8Array(32).fill(7);

export interface RawOptions {
	readonly key?: Uint8Array;
	readonly type?: bigint;
	readonly name?: bigint;
	readonly kind?: number;
	readonly value?: bigint;
	readonly salt?: bigint;
	/** Where the leaf stands. */
	readonly index?: number;
	/** The other leaves; 0 where absent. */
	readonly leaves?: readonly bigint[];
	readonly secret?: bigint;
	readonly blinding?: bigint;
	readonly from?: bigint;
	readonly until?: bigint;
	readonly rev?: bigint;
}

export interface Raw {
	readonly root: bigint;
	readonly hashes: readonly bigint[];
	/** Inputs of an attestation and its claim, as numbers. */
	readonly inputs: { readonly [name: string]: bigint | readonly bigint[] };
}

export function raw(options: RawOptions = {}): Raw {
	const key = options.key ?? SECRET_KEY;
	const issuer = issuerPublicKey(key);
	const type = options.type ?? typeHash('urn:eudi:pid:1');
	const name = options.name ?? claimNameHash(['birthdate']);
	const kind = options.kind ?? KIND_NUMBERS.date;
	const value = options.value ?? 19_840_126n;
	const salt = options.salt ?? 4711n;
	const index = options.index ?? 2;
	const hashes = Array.from({ length: 16 }, (_, at) => options.leaves?.[at] ?? (at < 5 ? textHash(`leaf ${at}`) : 0n));
	hashes[index] = leafHash({ name, kind, value, salt });
	const root = merkleRoot(hashes);
	const secret = options.secret ?? 1_234_567n;
	const blinding = options.blinding ?? 7_654_321n;
	const from = options.from ?? 20_260_101n;
	const until = options.until ?? 20_301_231n;
	const rev = options.rev ?? 77n;
	const message = attestationMessage({ type, claimsRoot: root, holder: commitmentHash(secret, blinding), from, until, rev });
	const { R8, S } = signField(key, message);
	const { bits, siblings } = merklePath(hashes, index);
	return {
		root,
		hashes,
		inputs: {
			issuer: [issuer.x, issuer.y],
			type,
			name,
			kind: BigInt(kind),
			value,
			salt,
			bits: bits.map(BigInt),
			siblings,
			secret,
			blinding,
			from,
			until,
			revocationId: rev,
			R8: [...R8],
			S,
		},
	};
}

type Values = { readonly [name: string]: bigint | readonly bigint[] };

export const inputsOf = (values: Values): CircuitInputs =>
	Object.fromEntries(Object.entries(values).map(([name, value]) => [name, typeof value === 'bigint' ? value.toString() : value.map(String)]));

export const PUBLIC = { today: 20_261_125n, context: 424_242n, scope: 99n } as const;

export const bound = (from: Raw, change: Values = {}): CircuitInputs => inputsOf({ ...from.inputs, ...PUBLIC, low: 0n, high: 20_081_125n, ...change });

export const boundRevocable = (from: Raw, revoked: readonly number[], change: Values = {}): CircuitInputs => {
	const tree = revocationTree(revoked);
	const place = Number(from.inputs.revocationId as bigint) % 2 ** 20;
	return inputsOf({
		...from.inputs,
		...PUBLIC,
		low: 0n,
		high: 20_081_125n,
		revocationRoot: tree.root,
		revocationSiblings: tree.path(place).siblings,
		...change,
	});
};

/** The set as the verifier builds it: the value must be in it, or the path is that of its first element. */
export const member = (from: Raw, set: readonly bigint[], change: Values = {}): CircuitInputs => {
	const leaves = Array.from({ length: 32 }, (_, index) => set[Math.min(index, set.length - 1)] ?? 0n);
	const path = merklePath(leaves, Math.max(0, leaves.indexOf(from.inputs.value as bigint)));
	return inputsOf({ ...from.inputs, ...PUBLIC, set: merkleRoot(leaves), setBits: path.bits.map(BigInt), setSiblings: path.siblings, ...change });
};

export const sameHolder = (first: Raw, second: Raw, change: Values = {}): CircuitInputs => {
	const both = (name: string): bigint[] => [first, second].flatMap(({ inputs }) => inputs[name] as bigint | readonly bigint[]) as bigint[];
	return inputsOf({
		...PUBLIC,
		issuers: both('issuer'),
		types: both('type'),
		secret: first.inputs.secret as bigint,
		claimsRoot: [first.root, second.root],
		blinding: both('blinding'),
		from: both('from'),
		until: both('until'),
		revocationId: both('revocationId'),
		R8: both('R8'),
		S: both('S'),
		...change,
	});
};
