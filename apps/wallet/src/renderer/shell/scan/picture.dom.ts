import { err, ok, type Result } from '@holdfast/kernel';
import type { PdfReading } from './pdf.dom.ts';
import { findQrCodes } from './reader.dom.ts';

/** Files larger than this are no pictures of QR codes. */
const MAX_FILE = 20 * 1024 * 1024;
/** The longest side of a picture that is searched; larger ones are scaled down first. */
const MAX_SIDE = 2400;

const unreadable = err({
	code: 'qr/not-a-picture',
	message: 'This file could not be read as a picture. Choose a PNG, JPEG or WebP image of the QR code, or a PDF.',
	data: {},
});

const isPdf = (file: Blob): boolean => file.type === 'application/pdf' || (file instanceof File && /\.pdf$/i.test(file.name));

/** The texts of the QR codes in a picture or on the pages of a PDF, each once. Nothing acts on them here. */
export async function readQrPicture(file: Blob, reading: PdfReading): Promise<Result<readonly string[]>> {
	if (file.size > MAX_FILE || file.type === 'image/svg+xml') return unreadable;
	if (isPdf(file)) {
		// A megabyte that is loaded when the first PDF comes.
		const { searchPdf } = await import('./pdf.dom.ts');
		const found = await searchPdf(file, async (page) => (await findQrCodes(page, true))?.map(({ text }) => text), reading);
		return found.ok && found.value.length === 0 ? notFound('on its pages') : found;
	}
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
	if (found.length === 0) return notFound('in this picture');
	return ok([...new Set(found.map(({ text }) => text))]);
}

const notFound = (where: string) =>
	err({ code: 'qr/not-found', message: `No QR code was found ${where}. Bring a picture in which the whole code is to be seen.`, data: {} });

/** The first picture among pasted or dropped things. */
export function pictureIn(data: DataTransfer | null): File | undefined {
	return [...(data?.files ?? [])].find((file) => file.type.startsWith('image/'));
}
