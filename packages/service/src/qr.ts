import type { Qr } from '@holdfast/contract';
import { encodeQr } from '@holdfast/qr';

/** The QR code of a link, as the contract carries it. */
export function qrOf(text: string): Qr {
	const { size, modules } = encodeQr(text);
	return { size, modules: modules.map((line) => line.map((dark) => (dark ? '1' : '0')).join('')).join('') };
}
