import { displayText } from '@holdfast/kernel';

/** Text from outside on its way to a person; null where it is no text or empty once cleaned. */
export function cleanText(value: unknown, max = 200): string | null {
	if (typeof value !== 'string') return null;
	const clean = displayText(value, max);
	return clean === '' ? null : clean;
}

const DATA_IMAGE = /^data:image\/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/]+=*$/;
const MAX_LOGO = 128 * 1024;

/** A logo that may be shown without asking anybody on the network: a small bitmap in a `data:` URI (SVG is a document and stays out). */
export const localImage = (uri: unknown): string | null => (typeof uri === 'string' && uri.length <= MAX_LOGO && DATA_IMAGE.test(uri) ? uri : null);

/** A CSS colour of the form `#rgb` or `#rrggbb`, or null. */
export const colour = (value: unknown): string | null => (typeof value === 'string' && /^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i.test(value) ? value : null);
