import { kindOfType, MAX_PACKED, type QrMessageKind } from './message.ts';
import type { Part } from './ur/cbor.ts';
import { FountainDecoder } from './ur/fountain.ts';
import { readFrame } from './ur/ur.ts';

/** What one scanned text was to the reader. */
export type FrameReport =
	/** A frame of a message: `have` of `of` are there. `isNew` where this one brought something. */
	| { readonly state: 'progress'; readonly kind: QrMessageKind; readonly have: number; readonly of: number; readonly isNew: boolean }
	/** The message is whole; {@link unpackMessage} makes text of it. The reader has forgotten it. */
	| { readonly state: 'complete'; readonly kind: QrMessageKind; readonly cbor: Uint8Array }
	/** A frame of something that is not ours, by its type: a wallet for money, for example. */
	| { readonly state: 'foreign'; readonly type: string }
	/** No frame, or a damaged one. */
	| { readonly state: 'none' };

/** Messages that are put together at the same time: more than one camera view holds. */
const MOST_STREAMS = 4;
const MOST_FRAGMENTS = 1024;
const MOST_BYTES = MAX_PACKED + 5;

interface Stream {
	readonly kind: QrMessageKind;
	readonly decoder: FountainDecoder;
}

/**
 * Takes frames as a camera reads them: in any order, again and again, with gaps, with garbage and frames of other messages between.
 *
 * Everything is hostile until the checksum fits, and that says no more than that the message is whole. A frame is bounded before memory
 * is spent on it: {@link MOST_BYTES} bytes and {@link MOST_FRAGMENTS} fragments a message, {@link MOST_STREAMS} messages at a time. Where
 * a new message needs room, the one that is least far goes, so a flood of single frames cannot push out one that is being read.
 */
export class MessageReader {
	readonly #kinds: ReadonlySet<QrMessageKind>;
	readonly #streams = new Map<string, Stream>();

	/** `kinds`: what this reader waits for; frames of other kinds of ours are reported as `foreign`. */
	constructor(kinds: readonly QrMessageKind[]) {
		this.#kinds = new Set(kinds);
	}

	take(text: string): FrameReport {
		const frame = readFrame(text);
		if (!frame) return { state: 'none' };
		const kind = kindOfType(frame.type);
		if (kind === undefined || !this.#kinds.has(kind)) return { state: 'foreign', type: frame.type };
		if (frame.kind === 'single') return frame.cbor.length > MOST_BYTES ? { state: 'none' } : { state: 'complete', kind, cbor: frame.cbor };
		const { part } = frame;
		if (!isSane(part)) return { state: 'none' };
		const key = `${kind} ${part.seqLen} ${part.messageLen} ${part.checksum} ${part.data.length}`;
		const { decoder } = this.#streams.get(key) ?? this.#open(key, kind, part);
		const isNew = decoder.take(part);
		const message = isNew ? decoder.message() : undefined;
		if (message === undefined) return { state: 'progress', kind, have: decoder.rank, of: decoder.count, isNew };
		// Whole, or spoilt by a false frame: in both cases what comes next begins anew.
		this.#streams.delete(key);
		return message === null ? { state: 'progress', kind, have: 0, of: decoder.count, isNew: false } : { state: 'complete', kind, cbor: message };
	}

	/** Forgets everything. */
	clear(): void {
		this.#streams.clear();
	}

	#open(key: string, kind: QrMessageKind, part: Part): Stream {
		if (this.#streams.size >= MOST_STREAMS) {
			const [least] = [...this.#streams].sort(([, a], [, b]) => a.decoder.rank - b.decoder.rank);
			if (least) this.#streams.delete(least[0]);
		}
		const stream: Stream = { kind, decoder: new FountainDecoder(part) };
		this.#streams.set(key, stream);
		return stream;
	}
}

/** Whether a frame's numbers are such as an encoder writes. */
function isSane({ seqNum, seqLen, messageLen, data }: Part): boolean {
	return (
		seqNum >= 1 &&
		seqLen >= 2 &&
		seqLen <= MOST_FRAGMENTS &&
		messageLen >= 1 &&
		messageLen <= MOST_BYTES &&
		data.length >= 1 &&
		// Exactly the fragments that the message needs: no claim of a size that nobody has sent.
		Math.ceil(messageLen / data.length) === seqLen
	);
}
