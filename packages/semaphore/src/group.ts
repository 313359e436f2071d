import { poseidon2 } from 'poseidon-lite/poseidon2';
import { SemaphoreError } from './errors.ts';
import { LeanImt, type MerklePath } from './lean-imt.ts';
import { FIELD_ORDER } from './numbers.ts';

/** The deepest tree that the circuit here is for. */
export const TREE_DEPTH = 20;

export const GROUP_LIMIT = 2 ** TREE_DEPTH;

/** A place whose member was removed, in Semaphore's groups. No identity has this commitment. */
const REMOVED = 0n;

/**
 * A Semaphore v4 group: identity commitments in a LeanIMT with Poseidon. The order counts: the same members in another order have
 * another root.
 */
export class SemaphoreGroup {
	readonly #tree = new LeanImt((left, right) => poseidon2([left, right]));
	readonly #places = new Map<bigint, number>();

	/** Throws what {@link add} throws. */
	constructor(members: readonly bigint[] = []) {
		this.add(members);
	}

	/** 0 for a group without members. */
	get root(): bigint {
		return this.#tree.root ?? 0n;
	}

	get depth(): number {
		return this.#tree.depth;
	}

	/** Places, those of removed members included. */
	get size(): number {
		return this.#tree.size;
	}

	/** Members, without the removed ones. */
	get memberCount(): number {
		return this.#places.size;
	}

	/** In order; 0 where a member was removed. */
	get members(): readonly bigint[] {
		return [...this.#tree.leaves];
	}

	has(commitment: bigint): boolean {
		return this.#places.has(commitment);
	}

	/**
	 * Appends members, all or none; 0 stands for a removed one. Throws `semaphore/bad-member` for what is not a field element,
	 * `semaphore/duplicate-member`, `semaphore/group-full`.
	 */
	add(members: readonly bigint[]): void {
		if (this.size + members.length > GROUP_LIMIT) throw new SemaphoreError('semaphore/group-full', `A group has at most ${GROUP_LIMIT} members.`);
		const added = new Set<bigint>();
		for (const member of members) {
			if (member < 0n || member >= FIELD_ORDER) throw new SemaphoreError('semaphore/bad-member', 'A member of this group is not an identity’s commitment.');
			if (member === REMOVED) continue;
			if (added.has(member) || this.has(member)) throw new SemaphoreError('semaphore/duplicate-member', 'A member is in this group twice.');
			added.add(member);
		}
		const first = this.size;
		for (const [i, member] of members.entries()) if (member !== REMOVED) this.#places.set(member, first + i);
		this.#tree.append(members);
	}

	/** Leaves the place empty, so that the others keep theirs. Throws `semaphore/not-a-member`. */
	remove(commitment: bigint): void {
		this.#tree.replace(this.#placeOf(commitment), REMOVED);
		this.#places.delete(commitment);
	}

	/** Throws `semaphore/not-a-member`. */
	path(commitment: bigint): MerklePath {
		return this.#tree.path(this.#placeOf(commitment));
	}

	#placeOf(commitment: bigint): number {
		const place = this.#places.get(commitment);
		if (place === undefined) throw new SemaphoreError('semaphore/not-a-member', 'This identity is not a member of the group.');
		return place;
	}
}
