/** The way from a leaf to the root. Levels at which a node has no sibling are left out, and have no bit in `index`. */
export interface MerklePath {
	readonly root: bigint;
	readonly leaf: bigint;
	/** Bit i says on which side the node stands when it meets `siblings[i]`: 1 is right. */
	readonly index: number;
	readonly siblings: readonly bigint[];
}

/**
 * A lean incremental Merkle tree (LeanIMT): binary, as deep as its leaves need, and a node without a right child has its left
 * child's value. Knows nothing of what leaves may be.
 */
export class LeanImt {
	readonly #hash: (left: bigint, right: bigint) => bigint;
	/** From the leaves to the root, which stands alone in the last. */
	readonly #levels: bigint[][] = [[]];

	constructor(hash: (left: bigint, right: bigint) => bigint) {
		this.#hash = hash;
	}

	get size(): number {
		return this.#leaves.length;
	}

	get depth(): number {
		return this.#levels.length - 1;
	}

	/** `undefined` for a tree without leaves. */
	get root(): bigint | undefined {
		return this.#levels[this.depth]?.[0];
	}

	get leaves(): readonly bigint[] {
		return this.#leaves;
	}

	/** Appends. Each node above the new leaves is computed once. */
	append(leaves: readonly bigint[]): void {
		if (leaves.length === 0) return;
		const first = this.size;
		for (const leaf of leaves) this.#leaves.push(leaf);
		while (2 ** this.depth < this.size) this.#levels.push([]);
		this.#recompute(first, this.size - 1);
	}

	/** Puts another leaf at a place that has one. */
	replace(index: number, leaf: bigint): void {
		this.#at(index);
		this.#leaves[index] = leaf;
		this.#recompute(index, index);
	}

	/** Throws a RangeError where there is no leaf. */
	path(index: number): MerklePath {
		const leaf = this.#at(index);
		const siblings: bigint[] = [];
		let bits = 0;
		for (let level = 0, place = index; level < this.depth; level++, place >>>= 1) {
			const sibling = this.#levels[level]?.[place ^ 1];
			if (sibling === undefined) continue;
			bits += (place & 1) * 2 ** siblings.length;
			siblings.push(sibling);
		}
		return { root: this.root ?? leaf, leaf, index: bits, siblings };
	}

	/** The nodes above the leaves from `first` to `last`. */
	#recompute(first: number, last: number): void {
		for (let level = 0, from = first, to = last; level < this.depth; level++) {
			const [nodes, above] = [this.#levels[level] ?? [], this.#levels[level + 1] ?? []];
			from >>>= 1;
			to >>>= 1;
			for (let place = from; place <= to; place++) {
				const [left, right] = [nodes[place * 2] as bigint, nodes[place * 2 + 1]];
				above[place] = right === undefined ? left : this.#hash(left, right);
			}
		}
	}

	#at(index: number): bigint {
		const leaf = this.#leaves[index];
		if (leaf === undefined) throw new RangeError('There is no leaf at this place.');
		return leaf;
	}

	get #leaves(): bigint[] {
		return this.#levels[0] as bigint[];
	}
}
