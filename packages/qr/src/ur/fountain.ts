import type { Part } from './cbor.ts';
import { chooseFragments } from './choose-fragments.ts';
import { crc32 } from './crc32.ts';

/** Bytes of a fragment: the message in as few equal pieces as `most` allows (BCR-2020-005). */
export function nominalFragmentLength(messageLen: number, least: number, most: number): number {
	const mostFragments = Math.max(1, Math.floor(messageLen / least));
	for (let count = 1; count < mostFragments; count++) {
		const length = Math.ceil(messageLen / count);
		if (length <= most) return length;
	}
	return Math.ceil(messageLen / mostFragments);
}

/** The fragments of a message; the last is filled up with zeros. */
export function partition(message: Uint8Array, length: number): Uint8Array[] {
	return Array.from({ length: Math.ceil(message.length / length) }, (_, index) => {
		const fragment = new Uint8Array(length);
		fragment.set(message.subarray(index * length, (index + 1) * length));
		return fragment;
	});
}

function xorInto(target: Uint8Array, source: Uint8Array): void {
	for (let at = 0; at < target.length; at++) target[at] = (target[at] ?? 0) ^ (source[at] ?? 0);
}

/** Makes frames without end: the fragments in order, then mixtures, so that no single frame is needed. */
export class FountainEncoder {
	readonly #fragments: readonly Uint8Array[];
	readonly #messageLen: number;
	readonly #checksum: number;

	constructor(message: Uint8Array, fragmentLength: number) {
		this.#fragments = partition(message, fragmentLength);
		this.#messageLen = message.length;
		this.#checksum = crc32(message);
	}

	get count(): number {
		return this.#fragments.length;
	}

	/** Frame number `seqNum`, from 1. */
	part(seqNum: number): Part {
		const data = new Uint8Array(this.#fragments[0]?.length ?? 0);
		for (const index of chooseFragments(seqNum, this.count, this.#checksum)) xorInto(data, this.#fragments[index] ?? data);
		return { seqNum, seqLen: this.count, messageLen: this.#messageLen, checksum: this.#checksum, data };
	}
}

/** One equation: which fragments are joined, and what they give. */
interface Row {
	readonly mask: Uint32Array;
	readonly data: Uint8Array;
}

/**
 * Puts a message together from frames in any order. Each frame is a linear equation over GF(2) in the fragments, and is brought into
 * triangular form as it comes: it is kept where it adds something, else dropped. So the message is there as soon as the frames
 * determine it, and no more rows are held than it has fragments.
 */
export class FountainDecoder {
	readonly #first: Omit<Part, 'seqNum'>;
	/** By the lowest fragment that the row still has. */
	readonly #rows: (Row | undefined)[];
	#rank = 0;

	/** `first` is any frame of the message; it is not taken yet. Its numbers are the caller's to bound. */
	constructor(first: Part) {
		this.#first = first;
		this.#rows = new Array<Row | undefined>(first.seqLen).fill(undefined);
	}

	/** Independent frames so far. */
	get rank(): number {
		return this.#rank;
	}

	get count(): number {
		return this.#first.seqLen;
	}

	/** Takes a frame of this message. True where it brought something new. */
	take({ seqNum, data }: Part): boolean {
		const row: Row = { mask: new Uint32Array(Math.ceil(this.count / 32)), data: data.slice() };
		for (const index of chooseFragments(seqNum, this.count, this.#first.checksum)) row.mask[index >>> 5] = (row.mask[index >>> 5] ?? 0) ^ (1 << (index & 31));
		for (let index = 0; index < this.count; index++) {
			if (!hasBit(row.mask, index)) continue;
			const known = this.#rows[index];
			if (!known) {
				this.#rows[index] = row;
				this.#rank += 1;
				return true;
			}
			joinInto(row, known);
		}
		return false;
	}

	/** The message once all is determined: undefined before, null where the checksum says that it is wrong. */
	message(): Uint8Array | null | undefined {
		if (this.#rank < this.count) return undefined;
		const { data, messageLen, checksum } = this.#first;
		const message = new Uint8Array(this.count * data.length);
		for (let index = this.count - 1; index >= 0; index--) {
			const row = this.#rows[index];
			if (!row) return undefined;
			for (let later = index + 1; later < this.count; later++) {
				const known = this.#rows[later];
				if (known && hasBit(row.mask, later)) joinInto(row, known);
			}
			message.set(row.data, index * data.length);
		}
		const whole = message.slice(0, messageLen);
		return crc32(whole) === checksum ? whole : null;
	}
}

const hasBit = (mask: Uint32Array, index: number): boolean => (((mask[index >>> 5] ?? 0) >>> (index & 31)) & 1) === 1;

function joinInto(target: Row, source: Row): void {
	for (let at = 0; at < target.mask.length; at++) target.mask[at] = (target.mask[at] ?? 0) ^ (source.mask[at] ?? 0);
	xorInto(target.data, source.data);
}
