import { err, ok, type Result } from '@holdfast/kernel';
import { findQrCodes } from './reader.dom.ts';

/** Files larger than this are no pictures of QR codes. */
const MAX_FILE = 20 * 1024 * 1024;
/** The longest side of a picture that is searched; larger ones are scaled down first. */
const MAX_SIDE = 2400;

const unreadable = err({
	code: 'qr/not-a-picture',
	message: 'This file could not be read as a picture. Choose a PNG, JPEG or WebP image of the QR code.',
	data: {},
});

/** The texts of the QR codes in a picture, each once. Nothing acts on them here. */
export async function readQrPicture(file: Blob): Promise<Result<readonly string[]>> {
	if (file.size > MAX_FILE || file.type === 'image/svg+xml') return unreadable;
	let picture: ImageBitmap;
	try {
		picture = await createImageBitmap(file);
		const factor = MAX_SIDE / Math.max(picture.width, picture.height, 1);
		if (factor < 1) {
			const whole = picture;
			picture = await createImageBitmap(whole, {
				resizeWidth: Math.max(1, Math.round(whole.width * factor)),
				resizeHeight: Math.max(1, Math.round(whole.height * factor)),
				resizeQuality: 'high',
			});
			whole.close();
		}
	} catch {
		return unreadable;
	}
	const found = await findQrCodes(picture, true);
	if (found === undefined) return err({ code: 'qr/no-decoder', message: 'The reader of QR codes could not be started. Restart Holdfast.', data: {} });
	if (found.length === 0) {
		return err({ code: 'qr/not-found', message: 'No QR code was found in this picture. Bring one in which the whole code is to be seen.', data: {} });
	}
	return ok([...new Set(found.map(({ text }) => text))]);
}

/** The first picture among pasted or dropped things. */
export function pictureIn(data: DataTransfer | null): File | undefined {
	return [...(data?.files ?? [])].find((file) => file.type.startsWith('image/'));
}
