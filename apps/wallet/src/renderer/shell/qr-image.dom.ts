import { err, type Result } from '@holdfast/kernel';
import { call } from './bridge.dom.ts';
import { base64Of, luminanceOf, scanSize } from './luminance.ts';

/** Files larger than this are no pictures of QR codes. */
const MAX_FILE = 20 * 1024 * 1024;

const unreadable = err({
	code: 'qr/not-a-picture',
	message: 'This file could not be read as a picture. Choose a PNG, JPEG or WebP image of the QR code.',
	data: {},
});

/** Finds the QR code in a picture and returns its text. Nothing acts on the text here. */
export async function readQrImage(file: Blob): Promise<Result<{ readonly text: string }>> {
	if (file.size > MAX_FILE || file.type === 'image/svg+xml') return unreadable;
	let bitmap: ImageBitmap;
	try {
		bitmap = await createImageBitmap(file);
	} catch {
		return unreadable;
	}
	const { width, height } = scanSize(bitmap.width, bitmap.height);
	const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
	if (context === null) return unreadable;
	context.drawImage(bitmap, 0, 0, width, height);
	bitmap.close();
	const luminance = base64Of(luminanceOf(context.getImageData(0, 0, width, height).data));
	return call('qr.decode', { width, height, luminance });
}

/** The first picture among pasted or dropped things. */
export function pictureIn(data: DataTransfer | null): File | undefined {
	return [...(data?.files ?? [])].find((file) => file.type.startsWith('image/'));
}
