/** The longest side of a picture that is searched for a QR code; larger ones are scaled down first. */
export const MAX_SIDE = 1600;
/** `qr.decode` takes nothing smaller. */
export const MIN_SIDE = 16;

/** The size at which a picture of `width` × `height` is searched: at most {@link MAX_SIDE}, same proportions. */
export function scanSize(width: number, height: number): { readonly width: number; readonly height: number } {
	const factor = Math.min(1, MAX_SIDE / Math.max(width, height, 1));
	const side = (length: number) => Math.max(MIN_SIDE, Math.round(length * factor));
	return { width: side(width), height: side(height) };
}

/** One byte a pixel from RGBA, over white where the picture is transparent (ITU-R BT.601 weights). */
export function luminanceOf(rgba: Uint8ClampedArray): Uint8Array {
	const pixels = new Uint8Array(Math.floor(rgba.length / 4));
	for (let index = 0; index < pixels.length; index += 1) {
		const at = index * 4;
		const light = (0.299 * (rgba[at] ?? 0) + 0.587 * (rgba[at + 1] ?? 0) + 0.114 * (rgba[at + 2] ?? 0)) / 255;
		const opacity = (rgba[at + 3] ?? 0) / 255;
		pixels[index] = Math.round(255 * (light * opacity + 1 - opacity));
	}
	return pixels;
}

/** Base64 with padding (RFC 4648 §4), in steps that fit a call's argument limit. */
export function base64Of(bytes: Uint8Array): string {
	let binary = '';
	for (let at = 0; at < bytes.length; at += 8192) binary += String.fromCharCode(...bytes.subarray(at, at + 8192));
	return btoa(binary);
}
