import { decodeBytewords, encodeBytewords } from './bytewords.ts';
import { decodePart, encodePart, type Part } from './cbor.ts';
import { FountainEncoder } from './fountain.ts';

/** Characters of the densest QR code in its alphanumeric mode: no frame is longer. */
export const MAX_FRAME = 4296;

const SHAPE = /^ur:([a-z0-9-]{1,64})\/(?:(\d{1,10})-(\d{1,5})\/)?([a-z]+)$/;

/** A frame as it was read: a whole message, or a part of one. */
export type UrFrame =
	| { readonly kind: 'single'; readonly type: string; readonly cbor: Uint8Array }
	| { readonly kind: 'part'; readonly type: string; readonly part: Part };

/** Reads one frame (BCR-2020-005), in upper or lower case. Undefined for everything that is not one, or is not in order in itself. */
export function readFrame(text: string): UrFrame | undefined {
	if (text.length > MAX_FRAME) return undefined;
	const [, type, seqNum, seqLen, words] = SHAPE.exec(text.trim().toLowerCase()) ?? [];
	if (type === undefined || words === undefined) return undefined;
	const cbor = decodeBytewords(words);
	if (!cbor) return undefined;
	if (seqNum === undefined) return { kind: 'single', type, cbor };
	const part = decodePart(cbor);
	// What stands in clear has to agree with what the checksum covers.
	if (!part || part.seqNum !== Number(seqNum) || part.seqLen !== Number(seqLen)) return undefined;
	return { kind: 'part', type, part };
}

/** The frames of one message. A message that fits one frame has only that one. */
export class UrEncoder {
	readonly #type: string;
	readonly #message: Uint8Array;
	readonly #fountain: FountainEncoder;

	constructor(type: string, message: Uint8Array, fragmentLength: number) {
		this.#type = type;
		this.#message = message;
		this.#fountain = new FountainEncoder(message, fragmentLength);
	}

	/** Frames that are enough when none is lost. */
	get count(): number {
		return this.#fountain.count;
	}

	/** Frame number `seqNum`, from 1 and without end, in lower case. */
	frame(seqNum: number): string {
		if (this.count === 1) return `ur:${this.#type}/${encodeBytewords(this.#message)}`;
		const part = this.#fountain.part(seqNum);
		return `ur:${this.#type}/${part.seqNum}-${part.seqLen}/${encodeBytewords(encodePart(part))}`;
	}
}
