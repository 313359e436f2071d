import { encodeQR } from 'qr';
import { QrError } from './errors.ts';

/** Error correction levels of ISO/IEC 18004: about 7, 15, 25 and 30 per cent of the code may be damaged. */
export type QrEcc = 'low' | 'medium' | 'quartile' | 'high';

export interface QrMatrix {
	/** Modules along one side, without the quiet zone. */
	readonly size: number;
	/** Rows from the top; true is dark. */
	readonly modules: boolean[][];
}

/** Bytes that a version 40 symbol holds in byte mode (ISO/IEC 18004, table 7). */
export const QR_CAPACITY: { readonly [ecc in QrEcc]: number } = { low: 2953, medium: 2331, quartile: 1663, high: 1273 };

/**
 * Encodes text as a QR code. The caller draws it with a quiet zone of 4 modules around it.
 *
 * `ecc` is `medium` when absent, and `low` where the text needs the room.
 *
 * @throws QrError `qr/empty`; `qr/too-long` for more than {@link QR_CAPACITY} bytes of UTF-8
 */
export function encodeQr(text: string, options: { readonly ecc?: QrEcc } = {}): QrMatrix {
	if (text === '') throw new QrError('qr/empty', 'There is nothing to put into a QR code.');
	const bytes = new TextEncoder().encode(text).length;
	const ecc = options.ecc ?? (bytes <= QR_CAPACITY.medium ? 'medium' : 'low');
	if (bytes > QR_CAPACITY[ecc]) {
		throw new QrError('qr/too-long', 'This is too long for one QR code. Use a link, or an offer or request by reference.', {
			data: { bytes, capacity: QR_CAPACITY[ecc] },
		});
	}
	// The library draws a border of at least one module; ours has none.
	const modules = encodeQR(text, 'raw', { ecc, border: 1 })
		.slice(1, -1)
		.map((row) => row.slice(1, -1));
	return { size: modules.length, modules };
}

/**
 * How large to draw a code that is read from `distanceMm` away: a tenth of the distance along a side is what cameras of phones and
 * laptops manage, as long as a module is no smaller than {@link LEAST_MODULE_MM}. Millimetres, quiet zone included.
 */
export function sizeForDistance(modules: number, distanceMm: number): number {
	const whole = modules + 2 * QUIET_ZONE;
	// A tenth is said of codes of 25 modules; denser ones have to grow with their modules.
	return Math.max((distanceMm / 10) * (whole / 33), whole * LEAST_MODULE_MM);
}

const QUIET_ZONE = 4;
const LEAST_MODULE_MM = 0.5;
