import { QrError } from './errors.ts';
import { decodeByteString, encodeByteString } from './ur/cbor.ts';
import { nominalFragmentLength } from './ur/fountain.ts';
import { UrEncoder } from './ur/ur.ts';

// A message that does not fit one code: its text, packed with gzip, as a CBOR byte string in a uniform resource of our own type
// (BCR-2020-005), shown as a film of QR codes.

/** What travels: a request of OpenID4VP by value, or the answer to one (response mode `org.holdfast.qr`). */
export type QrMessageKind = 'presentation-request' | 'presentation';

/** Types of uniform resources, under our name: nobody else's reader takes them for something of its own. */
const TYPES: { readonly [kind in QrMessageKind]: string } = {
	'presentation-request': 'org-holdfast-vp-request',
	presentation: 'org-holdfast-vp-response',
};

/** Bytes of a packed message at most. */
export const MAX_PACKED = 32 * 1024;
/** Bytes of a message's text at most, unpacked: what the wallet takes as pasted text. */
export const MAX_UNPACKED = 128 * 1024;

export const kindOfType = (type: string): QrMessageKind | undefined => (Object.keys(TYPES) as QrMessageKind[]).find((kind) => TYPES[kind] === type);

/** How dense the codes are: bytes of a message in one frame. Fewer are read from further away, more are over sooner. */
export interface FrameOptions {
	readonly bytesPerFrame?: number;
}

export interface QrFrames {
	readonly kind: QrMessageKind;
	/** Frames that are enough when none is lost; 1 is a code that stands still. */
	readonly count: number;
	/** What frame number `seqNum` says, from 1 and without end: upper case, which a QR code holds in fewer modules. */
	frame(seqNum: number): string;
}

/** Codes of 61 modules; up to 97 where the film would be long otherwise. */
const FEW_BYTES = 180;
const MANY_BYTES = 460;
const COMFORTABLE_FRAMES = 40;
const LEAST_BYTES = 10;

/**
 * Packs a message into frames.
 *
 * @throws QrError `qr/empty`; `qr/message-too-long` for more than {@link MAX_PACKED} bytes packed or {@link MAX_UNPACKED} unpacked
 */
export async function encodeMessage(kind: QrMessageKind, text: string, options: FrameOptions = {}): Promise<QrFrames> {
	if (text === '') throw new QrError('qr/empty', 'There is nothing to put into a QR code.');
	const bytes = new TextEncoder().encode(text);
	const packed = bytes.length > MAX_UNPACKED ? undefined : await through(bytes, new CompressionStream('gzip'), MAX_PACKED);
	if (!packed) {
		throw new QrError('qr/message-too-long', 'This is too much for a film of QR codes. Ask for less, or answer over the network.', {
			data: { bytes: bytes.length, maxPacked: MAX_PACKED },
		});
	}
	const cbor = encodeByteString(packed);
	const most = options.bytesPerFrame ?? Math.min(MANY_BYTES, Math.max(FEW_BYTES, Math.ceil(cbor.length / COMFORTABLE_FRAMES)));
	const encoder = new UrEncoder(TYPES[kind], cbor, nominalFragmentLength(cbor.length, LEAST_BYTES, most));
	return { kind, count: encoder.count, frame: (seqNum) => encoder.frame(seqNum).toUpperCase() };
}

/**
 * Unpacks what the frames carried.
 *
 * @throws QrError `qr/bad-message` for what is no packed text; `qr/message-too-long` for what unpacks to more than {@link MAX_UNPACKED} bytes
 */
export async function unpackMessage(cbor: Uint8Array): Promise<string> {
	const packed = cbor.length > MAX_PACKED + 5 ? undefined : decodeByteString(cbor);
	if (!packed) throw badMessage();
	let bytes: Uint8Array | undefined;
	try {
		bytes = await through(packed, new DecompressionStream('gzip'), MAX_UNPACKED);
	} catch (cause) {
		throw badMessage(cause);
	}
	if (!bytes) throw new QrError('qr/message-too-long', 'What was scanned unpacks to more than it may.', { data: { maxUnpacked: MAX_UNPACKED } });
	try {
		return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
	} catch (cause) {
		throw badMessage(cause);
	}
}

const badMessage = (cause?: unknown): QrError => new QrError('qr/bad-message', 'What was scanned is not a message of Holdfast. Scan it again.', { cause });

/** What comes out of a stream; undefined as soon as it is more than `most` bytes. */
async function through(bytes: Uint8Array, { readable, writable }: CompressionStream | DecompressionStream, most: number): Promise<Uint8Array | undefined> {
	const writer = writable.getWriter();
	// The error comes out of the readable side as well, and is handled there.
	writer.write(bytes as Uint8Array<ArrayBuffer>).catch(() => undefined);
	writer.close().catch(() => undefined);
	const out = new Uint8Array(most);
	let length = 0;
	const reader = readable.getReader();
	for (;;) {
		const { done, value } = await reader.read();
		if (done) return out.slice(0, length);
		if (length + value.length > most) {
			await reader.cancel();
			return undefined;
		}
		out.set(value, length);
		length += value.length;
	}
}
