import { ATTESTATION_CLAIM, type ClaimPath } from '@holdfast/credentials';
import { readDate } from './dates.ts';
import { ZkError } from './errors.ts';
import { claimNameHash, leafHash, saltOf, textHash } from './hash.ts';
import { type MerklePath, merklePath, merkleRoot } from './merkle.ts';
import type { AttestedKind, AttestedValue } from './model.ts';

/** Leaves of a tree of claims: the depth of circuits/lib/claim.circom is 4. */
export const MAX_CLAIMS = 16;

/** Integers from -2^47 to 2^47 - 1, shifted so that all are positive numbers of 48 bits. */
const INTEGER_SHIFT = 2 ** 47;

/** Characters of a text that is attested. */
const MAX_TEXT = 4096;

/** The numbers of the kinds in leaves and public inputs. Never reuse one. */
export const KIND_NUMBERS: { readonly [kind in AttestedKind]: number } = { date: 1, integer: 2, text: 3, boolean: 4 };

/** The largest value of a kind that has an order; the smallest is 0. */
export const HIGHEST: { readonly [kind in 'date' | 'integer']: bigint } = { date: 9999_12_31n, integer: 2n ** 48n - 1n };

export interface EncodedValue {
	readonly kind: AttestedKind;
	readonly value: bigint;
}

/** A JSON value as circuits see it, or `undefined` where it cannot be attested. */
export function encodeValue(value: unknown): EncodedValue | undefined {
	if (typeof value === 'boolean') return { kind: 'boolean', value: value ? 1n : 0n };
	if (typeof value === 'number') {
		if (!Number.isInteger(value) || value < -INTEGER_SHIFT || value >= INTEGER_SHIFT) return undefined;
		return { kind: 'integer', value: BigInt(value) + BigInt(INTEGER_SHIFT) };
	}
	if (typeof value !== 'string' || value.length > MAX_TEXT || !value.isWellFormed()) return undefined;
	const day = readDate(value);
	return day === undefined ? { kind: 'text', value: textHash(value) } : { kind: 'date', value: BigInt(day) };
}

export interface AttestableClaim {
	readonly path: readonly (string | number)[];
	readonly value: AttestedValue;
	readonly encoded: EncodedValue;
}

/** Every claim that can be attested, in the order of the document. Lists of lists, images and long texts are left out. */
export function attestableClaims(claims: { readonly [name: string]: unknown }): readonly AttestableClaim[] {
	const found: AttestableClaim[] = [];
	const walk = (path: readonly (string | number)[], value: unknown): void => {
		if (path.length > 8 || found.length > 1000) return;
		if (Array.isArray(value)) {
			for (const [index, each] of value.entries()) walk([...path, index], each);
		} else if (typeof value === 'object' && value !== null) {
			for (const [name, each] of Object.entries(value)) if (path.length > 0 || name !== ATTESTATION_CLAIM) walk([...path, name], each);
		} else {
			const encoded = encodeValue(value);
			if (encoded !== undefined && path.length > 0) found.push({ path, value: value as AttestedValue, encoded });
		}
	};
	walk([], claims);
	return found;
}

/** What statements are mostly about comes first where not everything fits: bounds, then what sets are made of (codes of countries, say). */
const IMPORTANCE: readonly AttestedKind[] = ['date', 'integer', 'boolean', 'text'];
const LONGEST_CODE = 3;
const importance = ({ value, encoded }: AttestableClaim): number =>
	IMPORTANCE.indexOf(encoded.kind) + (typeof value === 'string' && value.length > LONGEST_CODE && encoded.kind === 'text' ? 1 : 0);

/** The claims to attest: those at `paths` (a path means everything below it), or the 16 that statements are mostly about. */
export function chooseClaims(claims: { readonly [name: string]: unknown }, paths: readonly ClaimPath[] | undefined): readonly AttestableClaim[] {
	const all = attestableClaims(claims);
	if (paths === undefined) {
		const chosen = new Set([...all].sort((a, b) => importance(a) - importance(b)).slice(0, MAX_CLAIMS));
		return all.filter((each) => chosen.has(each));
	}
	const covers = (path: ClaimPath, claim: AttestableClaim): boolean =>
		path.every((part, index) => (part === null ? typeof claim.path[index] === 'number' : part === claim.path[index]));
	for (const path of paths) {
		if (!all.some((claim) => covers(path, claim)))
			throw new ZkError('zk/no-such-claim', 'One of the chosen claims cannot be attested: it is missing, an image, or not a plain value.');
	}
	const chosen = all.filter((claim) => paths.some((path) => covers(path, claim)));
	if (chosen.length > MAX_CLAIMS) {
		throw new ZkError('zk/too-many-claims', `An attestation covers at most ${MAX_CLAIMS} claims. Choose fewer.`, { data: { limit: MAX_CLAIMS } });
	}
	return chosen;
}

/** The value at a path of names and list positions, own properties only. */
export function valueAt(claims: unknown, path: readonly (string | number)[]): unknown {
	let value: unknown = claims;
	for (const part of path) {
		if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
		if (Array.isArray(value) !== (typeof part === 'number')) return undefined;
		value = (value as { readonly [key: string | number]: unknown })[part];
	}
	return value;
}

export interface ClaimLeaf {
	readonly path: readonly (string | number)[];
	readonly name: bigint;
	readonly kind: AttestedKind;
	readonly value: bigint;
	readonly salt: bigint;
}

export interface ClaimTree {
	readonly leaves: readonly ClaimLeaf[];
	readonly root: bigint;
	path(index: number): MerklePath;
}

/** The tree over the claims at `paths`. Throws `zk/no-such-claim` where one of them is missing or cannot be attested. */
export function claimTree(claims: unknown, paths: readonly (readonly (string | number)[])[], seed: Uint8Array): ClaimTree {
	const leaves = paths.map((path, index): ClaimLeaf => {
		const encoded = encodeValue(valueAt(claims, path));
		if (encoded === undefined) throw new ZkError('zk/no-such-claim', 'A claim that was attested is not in this credential.');
		return { path, name: claimNameHash(path), kind: encoded.kind, value: encoded.value, salt: saltOf(seed, index) };
	});
	const hashes = Array.from({ length: MAX_CLAIMS }, (_, index) => {
		const leaf = leaves[index];
		return leaf === undefined ? 0n : leafHash({ ...leaf, kind: KIND_NUMBERS[leaf.kind] });
	});
	return { leaves, root: merkleRoot(hashes), path: (index) => merklePath(hashes, index) };
}
