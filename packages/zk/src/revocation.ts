import type { KeyBytes } from '@holdfast/crypto';
import { type Clock, epochSeconds } from '@holdfast/kernel';
import { REVOCATION_PLACES } from './attestation.ts';
import { malformed, ZkError } from './errors.ts';
import { decodeField, encodeField } from './field.ts';
import { poseidonPair, revocationMessage } from './hash.ts';
import { encodeSignature, readSignature, signField, verifyField } from './issuer-key.ts';
import { hasOnly, isRecord } from './json.ts';
import type { MerklePath } from './merkle.ts';
import type { IssuerPublicKey, RevocationList, RevocationRoot } from './model.ts';

const DEPTH = 20;

/** Revoked places in one list. Each costs a wallet up to 20 hashes, about 3 ms: a longer list could keep it busy for minutes. */
export const MAX_REVOKED = 10_000;

/** Roots of empty subtrees by height. */
const EMPTY: readonly bigint[] = (() => {
	const roots = [0n];
	for (let level = 0; level < DEPTH; level++) roots.push(poseidonPair(roots[level] ?? 0n, roots[level] ?? 0n));
	return roots;
})();

/** The tree of all places: 1 where revoked, 0 elsewhere. Only what is not empty is kept. */
export interface RevocationTree {
	readonly root: bigint;
	/** Siblings from the leaf up. */
	path(place: number): MerklePath;
}

/** Hashes between two steps: some 10 ms. */
const STEP = 64;

/** Grows a tree in steps, so that whoever has something else to do can do it in between. */
function* growing(revoked: Iterable<number>): Generator<void, RevocationTree> {
	const levels: Map<number, bigint>[] = [new Map()];
	for (const place of revoked) {
		if (!isPlace(place)) throw new ZkError('zk/bad-value', 'A revoked place does not exist.');
		levels[0]?.set(place, 1n);
	}
	const node = (level: number, at: number): bigint => levels[level]?.get(at) ?? EMPTY[level] ?? 0n;
	let hashes = 0;
	for (let level = 0; level < DEPTH; level++) {
		const above = new Map<number, bigint>();
		for (const at of levels[level]?.keys() ?? []) {
			const parent = at >> 1;
			if (above.has(parent)) continue;
			above.set(parent, poseidonPair(node(level, parent * 2), node(level, parent * 2 + 1)));
			if (++hashes % STEP === 0) yield;
		}
		levels.push(above);
	}
	return {
		root: node(DEPTH, 0),
		path(place) {
			const bits: number[] = [];
			const siblings: bigint[] = [];
			for (let level = 0; level < DEPTH; level++) {
				const at = place >> level;
				bits.push(at & 1);
				siblings.push(node(level, at ^ 1));
			}
			return { bits, siblings };
		},
	};
}

export function revocationTree(revoked: Iterable<number>): RevocationTree {
	const steps = growing(revoked);
	for (;;) {
		const step = steps.next();
		if (step.done) return step.value;
	}
}

/** Trees of the lists that were used last, by their places: a list that is signed anew, or read again, costs no hashing. */
const known = new Map<string, RevocationTree>();
const KEPT = 4;

function keep(key: string, tree: RevocationTree): RevocationTree {
	known.delete(key);
	known.set(key, tree);
	for (const oldest of known.keys()) {
		if (known.size <= KEPT) break;
		known.delete(oldest);
	}
	return tree;
}

/** The tree of a list in ascending order. */
export function treeOf(revoked: readonly number[]): RevocationTree {
	const key = revoked.join();
	return keep(key, known.get(key) ?? revocationTree(revoked));
}

/**
 * Does the hashing for a list beforehand, in steps of some milliseconds with a `pause` between them: publishing, reading and proving
 * with these places is quick from then on. A full list takes a quarter of a minute. Does nothing for what is no list: reading it says so.
 */
export async function prepareRevocations(revoked: unknown, pause: () => Promise<void>): Promise<void> {
	if (!Array.isArray(revoked) || revoked.length > MAX_REVOKED || !revoked.every((place) => isPlace(place))) return;
	const key = revoked.join();
	if (known.has(key)) return;
	const steps = growing(revoked);
	for (;;) {
		const step = steps.next();
		if (step.done) {
			keep(key, step.value);
			return;
		}
		await pause();
	}
}

const isPlace = (value: unknown): value is number => typeof value === 'number' && Number.isInteger(value) && value >= 1 && value < REVOCATION_PLACES;

/** The issuer's list of revoked places, signed for this moment. At most `MAX_REVOKED`; when they are more, it is time for a new key. */
export function publishRevocations(input: { readonly signingKey: KeyBytes; readonly revoked: readonly number[]; readonly now: Clock }): RevocationList {
	const revoked = [...new Set(input.revoked)].sort((a, b) => a - b);
	if (revoked.length > MAX_REVOKED) throw new ZkError('zk/too-large', 'The list of revoked credentials is full.', { data: { limit: MAX_REVOKED } });
	const { root } = treeOf(revoked);
	const at = epochSeconds(input.now);
	return { v: 1, root: encodeField(root), at, sig: encodeSignature(signField(input.signingKey, revocationMessage(root, at))), revoked };
}

const LATEST = 253_402_300_799;

/** Reads a signed root, strictly. Checks the form only. */
export function readRevocationRoot(json: unknown): RevocationRoot {
	if (!isRecord(json) || !hasOnly(json, ['v', 'root', 'at', 'sig'])) throw malformed('revocation root');
	const { v, root, at, sig } = json;
	if (v !== 1 || typeof at !== 'number' || !Number.isInteger(at) || at < 0 || at > LATEST || readSignature(sig) === undefined)
		throw malformed('revocation root');
	decodeField(root);
	return { v, root: root as string, at, sig: sig as string };
}

/** Reads an issuer's list, strictly, and checks that its root is the root of what it lists and that the issuer signed it. */
export function readRevocationList(json: unknown, issuerKey: IssuerPublicKey): RevocationList {
	if (!isRecord(json) || !Array.isArray(json.revoked)) throw malformed('revocation list');
	if (json.revoked.length > MAX_REVOKED)
		throw new ZkError('zk/too-large', 'The list of revoked credentials is too long to work with.', { data: { limit: MAX_REVOKED } });
	const { revoked, ...rest } = json as { readonly revoked: readonly unknown[] };
	const root = readRevocationRoot(rest);
	let previous = 0;
	for (const place of revoked) {
		if (!isPlace(place) || place <= previous) throw malformed('revocation list');
		previous = place;
	}
	const list = { ...root, revoked: revoked as readonly number[] };
	if (treeOf(list.revoked).root !== decodeField(list.root) || !isSignedRoot(root, issuerKey)) {
		throw new ZkError('zk/revocation-mismatch', "The list of revoked credentials does not fit its issuer's signature.");
	}
	return list;
}

/** Whether this issuer signed this root for this time. */
export function isSignedRoot(root: RevocationRoot, issuerKey: IssuerPublicKey): boolean {
	const signature = readSignature(root.sig);
	return signature !== undefined && verifyField(issuerKey, revocationMessage(decodeField(root.root), root.at), signature);
}
