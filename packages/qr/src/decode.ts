import { decodeQR } from 'qr/decode.js';
import { prepareZXingModule, type ReaderOptions, type ReadResult, readBarcodes, type ZXingModuleOverrides } from 'zxing-wasm/reader';
import { QrError } from './errors.ts';
import { blurred, type Grey, greyOf, rgbaOf, sharpened, stretched, upscaled } from './grey.ts';

/** Pixels as a canvas gives them: four bytes a pixel, rows from the top. */
export interface QrImage {
	readonly width: number;
	readonly height: number;
	readonly data: Uint8Array | Uint8ClampedArray;
}

/** A code in a picture. */
export interface QrFound {
	readonly text: string;
	/** Its corners in pixels, clockwise from the top left of the code itself; the picture's own where only the last look found it. */
	readonly corners: readonly { readonly x: number; readonly y: number }[];
}

export interface QrDecoder {
	/**
	 * Reads every QR code in a picture, light on dark and mirrored ones too, from the top left on; none is an empty list.
	 *
	 * `thorough` is for a picture that stands still: where nothing is found, it is looked at again stretched in contrast, smoothed,
	 * larger, and by another reader. A camera's next picture is worth more than a second look at this one.
	 *
	 * @throws QrError `qr/bad-image` (sizes do not fit the pixels), `qr/too-large`
	 */
	read(image: QrImage, options?: { readonly thorough?: boolean }): Promise<QrFound[]>;
}

// TypeScript has its types only in the DOM library, which whoever imports this without a DOM should not need.
const webAssembly = (globalThis as unknown as { readonly WebAssembly: { validate(program: ArrayBuffer): boolean } }).WebAssembly;

/** Pixels at most: a 16-megapixel photo. Scale larger ones down first. */
export const MAX_PIXELS = 16_777_216;
const MOST_CODES = 16;
/** A second look enlarges no picture beyond this. */
const MOST_ENLARGED = 4_000_000;
const LAST_LOOK_MS = 200;

const OPTIONS: ReaderOptions = {
	formats: ['QRCode'],
	maxNumberOfSymbols: MOST_CODES,
	textMode: 'Plain',
	tryHarder: true,
	tryRotate: true,
	tryInvert: true,
	tryDownscale: true,
};

/**
 * Opens the decoder. `wasm` is the program of `zxing-wasm/reader`, which the caller reads from where it ships: nothing is ever fetched
 * from elsewhere. It runs wherever WebAssembly does; run it away from keys, because pictures are hostile.
 *
 * @throws QrError `qr/no-decoder` where the program cannot be started
 */
export async function createQrDecoder(wasm: ArrayBuffer): Promise<QrDecoder> {
	// The library holds one program for the whole process: a broken one must not take the place of one that works.
	if (!webAssembly.validate(wasm)) throw noDecoder();
	// Without this, the library would look for its program on the network.
	const overrides: ZXingModuleOverrides = { wasmBinary: wasm, locateFile: () => 'no-such-file.wasm' };
	await prepareZXingModule({ overrides, fireImmediately: true }).catch((cause: unknown) => {
		throw noDecoder(cause);
	});
	return { read };
}

const noDecoder = (cause?: unknown): QrError => new QrError('qr/no-decoder', 'The reader of QR codes could not be started. Restart Holdfast.', { cause });

async function read(image: QrImage, { thorough = false }: { readonly thorough?: boolean } = {}): Promise<QrFound[]> {
	check(image);
	const found = await look(image, 1);
	if (found.length > 0 || !thorough) return found;
	for (const { grey, scale } of secondLooks(greyOf(image))) {
		for (const binarizer of ['LocalAverage', 'GlobalHistogram'] as const) {
			const better = await look(rgbaOf(grey), scale, { binarizer });
			if (better.length > 0) return better;
		}
	}
	return lastLook(image);
}

/** The library that draws our codes reads them as well, and is better at steep angles (see decode.bench.ts); it knows one code, and no place. */
function lastLook({ width, height, data }: QrImage): QrFound[] {
	try {
		const text = decodeQR({ width, height, data }, { format: 'RGBA', timeLimit: LAST_LOOK_MS });
		const corners = [
			{ x: 0, y: 0 },
			{ x: width, y: 0 },
			{ x: width, y: height },
			{ x: 0, y: height },
		];
		return text === '' ? [] : [{ text, corners }];
	} catch {
		return [];
	}
}

function check({ width, height, data }: QrImage): void {
	const whole = Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0;
	if (!whole || !(data instanceof Uint8Array || data instanceof Uint8ClampedArray)) throw badImage();
	if (width * height > MAX_PIXELS)
		throw new QrError('qr/too-large', 'This picture is too large. Use a smaller one, or a part of it.', { data: { maxPixels: MAX_PIXELS } });
	if (data.length !== width * height * 4) throw badImage();
}

const badImage = (): QrError => new QrError('qr/bad-image', 'This is not a picture that can be read.');

/** The picture in other lights, the most helpful first (see decode.bench.ts); made one after the other, because one is mostly enough. */
function* secondLooks(grey: Grey): Generator<{ readonly grey: Grey; readonly scale: number }> {
	const even = stretched(grey);
	// Noise, low contrast, light text on dark.
	yield { grey: sharpened(even, { fine: 2, coarse: 8, amount: 4 }), scale: 1 };
	if (4 * grey.width * grey.height <= MOST_ENLARGED) {
		const large = upscaled(even);
		// Small codes, out of focus.
		yield { grey: sharpened(large, { fine: 0, coarse: 4, amount: 3 }), scale: 2 };
		yield { grey: upscaled(blurred(even)), scale: 2 };
		yield { grey: large, scale: 2 };
	}
	yield { grey: sharpened(even, { fine: 0, coarse: 4, amount: 3 }), scale: 1 };
}

async function look({ width, height, data }: QrImage, scale: number, options: ReaderOptions = {}): Promise<QrFound[]> {
	const pixels = data instanceof Uint8ClampedArray ? data : new Uint8ClampedArray(data.buffer, data.byteOffset, data.length);
	const results = await readBarcodes({ width, height, data: pixels as Uint8ClampedArray<ArrayBuffer>, colorSpace: 'srgb' }, { ...OPTIONS, ...options });
	return results.filter((result) => result.isValid && result.text !== '').map((result) => foundIn(result, scale));
}

function foundIn({ bytes, text, position: { topLeft, topRight, bottomRight, bottomLeft } }: ReadResult, scale: number): QrFound {
	const corners = [topLeft, topRight, bottomRight, bottomLeft].map(({ x, y }) => ({ x: x / scale, y: y / scale }));
	return { text: utf8(bytes) ?? text, corners };
}

/** Text that is valid UTF-8 is UTF-8: without a mark in the code, the library would guess from the letters. */
function utf8(bytes: Uint8Array): string | undefined {
	try {
		return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
	} catch {
		return undefined;
	}
}
