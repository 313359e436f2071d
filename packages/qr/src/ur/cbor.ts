// The little CBOR (RFC 8949) that a frame needs, in its deterministic form: whole numbers up to 32 bits, byte strings, one array of five.

const UNSIGNED = 0;
const BYTES = 2;
const ARRAY = 4;

/** Head of an item: major type and argument. */
export function head(major: number, value: number): number[] {
	const type = major << 5;
	if (value < 24) return [type | value];
	if (value < 0x100) return [type | 24, value];
	if (value < 0x10000) return [type | 25, value >>> 8, value & 0xff];
	return [type | 26, value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff];
}

export function encodeByteString(bytes: Uint8Array): Uint8Array {
	return Uint8Array.from([...head(BYTES, bytes.length), ...bytes]);
}

/** The bytes of one byte string that fills `cbor` exactly; undefined where it is anything else. */
export function decodeByteString(cbor: Uint8Array): Uint8Array | undefined {
	const reader = new Reader(cbor);
	const bytes = reader.byteString();
	return reader.atEnd ? bytes : undefined;
}

/** One frame of a message in several (BCR-2020-005, "part"). */
export interface Part {
	/** From 1. */
	readonly seqNum: number;
	/** Fragments of the message. */
	readonly seqLen: number;
	/** Bytes of the message. */
	readonly messageLen: number;
	/** CRC-32 of the message. */
	readonly checksum: number;
	/** One fragment, or several joined by exclusive or. */
	readonly data: Uint8Array;
}

export function encodePart({ seqNum, seqLen, messageLen, checksum, data }: Part): Uint8Array {
	const numbers = [seqNum, seqLen, messageLen, checksum].flatMap((value) => head(UNSIGNED, value));
	return Uint8Array.from([...head(ARRAY, 5), ...numbers, ...head(BYTES, data.length), ...data]);
}

/** Undefined for everything that is not exactly a part in deterministic encoding. */
export function decodePart(cbor: Uint8Array): Part | undefined {
	const reader = new Reader(cbor);
	if (reader.head(ARRAY) !== 5) return undefined;
	const seqNum = reader.head(UNSIGNED);
	const seqLen = reader.head(UNSIGNED);
	const messageLen = reader.head(UNSIGNED);
	const checksum = reader.head(UNSIGNED);
	const data = reader.byteString();
	if (seqNum === undefined || seqLen === undefined || messageLen === undefined || checksum === undefined || data === undefined || !reader.atEnd)
		return undefined;
	return { seqNum, seqLen, messageLen, checksum, data };
}

class Reader {
	readonly #bytes: Uint8Array;
	#at = 0;

	constructor(bytes: Uint8Array) {
		this.#bytes = bytes;
	}

	get atEnd(): boolean {
		return this.#at === this.#bytes.length;
	}

	/** The argument of an item of this type; undefined where the next item is another, is cut off, or is not in its shortest form. */
	head(major: number): number | undefined {
		const first = this.#bytes[this.#at];
		if (first === undefined || first >> 5 !== major) return undefined;
		const short = first & 0x1f;
		const size = short < 24 ? 0 : short === 24 ? 1 : short === 25 ? 2 : short === 26 ? 4 : undefined;
		if (size === undefined || this.#at + 1 + size > this.#bytes.length) return undefined;
		let value = size === 0 ? short : 0;
		for (let index = 1; index <= size; index++) value = value * 256 + (this.#bytes[this.#at + index] ?? 0);
		if (head(major, value).length !== 1 + size) return undefined;
		this.#at += 1 + size;
		return value;
	}

	byteString(): Uint8Array | undefined {
		const length = this.head(BYTES);
		if (length === undefined || this.#at + length > this.#bytes.length) return undefined;
		const bytes = this.#bytes.subarray(this.#at, this.#at + length);
		this.#at += length;
		return bytes;
	}
}
