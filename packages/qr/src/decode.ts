import { decodeQR } from 'qr/decode.js';
import { QrError } from './errors.ts';

/** Pixels as a canvas gives them: four bytes a pixel, rows from the top. */
export interface QrImage {
	readonly width: number;
	readonly height: number;
	readonly data: Uint8Array | Uint8ClampedArray;
}

/** Pixels at most: a 16-megapixel photo. Scale larger ones down first. */
export const MAX_PIXELS = 16_777_216;

/**
 * Reads the text of the QR code in an image, light on dark too.
 *
 * `timeLimitMs` bounds what is spent on retries for a picture that is hard to read; 200 when absent.
 *
 * @throws QrError `qr/bad-image` (sizes do not fit the pixels), `qr/too-large`, `qr/not-found` (no code, or one that cannot be read)
 */
export function decodeQr(image: QrImage, options: { readonly timeLimitMs?: number } = {}): string {
	const { width, height, data } = image;
	const whole = Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0;
	if (!whole || !(data instanceof Uint8Array || data instanceof Uint8ClampedArray)) throw badImage();
	if (width * height > MAX_PIXELS)
		throw new QrError('qr/too-large', 'This picture is too large. Use a smaller one, or a part of it.', { data: { maxPixels: MAX_PIXELS } });
	if (data.length !== width * height * 4) throw badImage();
	try {
		return read(width, height, data, options.timeLimitMs ?? 200);
	} catch (first) {
		try {
			return read(width, height, inverted(data), options.timeLimitMs ?? 200);
		} catch {
			throw new QrError('qr/not-found', 'No QR code was found. Hold the camera still and bring the whole code into the picture.', { cause: first });
		}
	}
}

const badImage = (): QrError => new QrError('qr/bad-image', 'This is not a picture that can be read.');

const read = (width: number, height: number, data: Uint8Array | Uint8ClampedArray, timeLimit: number): string =>
	decodeQR({ width, height, data }, { format: 'RGBA', timeLimit });

function inverted(data: Uint8Array | Uint8ClampedArray): Uint8Array {
	const out = new Uint8Array(data.length);
	for (let index = 0; index < data.length; index++) out[index] = index % 4 === 3 ? (data[index] ?? 0) : 255 - (data[index] ?? 0);
	return out;
}
