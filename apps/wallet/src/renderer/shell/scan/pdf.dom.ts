import { err, ok, type Result } from '@holdfast/kernel';
import { getDocument, PDFWorker } from 'pdfjs-dist';
import { startWorker } from './workers.dom.ts';

/** Pages that are looked at; a sheet of a thousand codes has 125. */
const MOST_PAGES = 200;
/** The longest side of a page in pixels: a code of two centimetres is read on A3. */
const SIDE = 2400;
/** Pictures inside the file with more pixels than this are left out. */
const MOST_PIXELS = 2 ** 25;

export interface PdfReading {
	/** Before each page. */
	readonly onPage: (page: number, of: number) => void;
	readonly signal: AbortSignal;
}

const refused = (code: string, message: string): Result<never> => err({ code, message, data: {} });

const PROBLEMS: Readonly<Record<string, Result<never>>> = {
	PasswordException: refused('qr/pdf-locked', 'This PDF is protected by a password. Save it without one, or bring a picture of the code.'),
};
const unreadable = refused('qr/not-a-pdf', 'This file could not be read as a PDF. Bring a picture of the code instead.');

/**
 * What `look` finds on the pages of a PDF, each text once. The file comes from anybody: it is taken apart in a thread of its own, which
 * runs nothing that is in it, fetches nothing, and is ended afterwards.
 */
export async function searchPdf(
	file: Blob,
	look: (page: ImageBitmap) => Promise<readonly string[] | undefined>,
	{ onPage, signal }: PdfReading,
): Promise<Result<readonly string[]>> {
	const thread = startWorker('pdf');
	const worker = PDFWorker.create({ port: thread });
	try {
		const task = getDocument({
			data: new Uint8Array(await file.arrayBuffer()),
			worker,
			disableFontFace: true,
			useSystemFonts: false,
			enableXfa: false,
			isOffscreenCanvasSupported: true,
			maxImageSize: MOST_PIXELS,
			verbosity: 0,
		});
		const document = await task.promise;
		const pages = Math.min(document.numPages, MOST_PAGES);
		const found = new Set<string>();
		for (let number = 1; number <= pages; number += 1) {
			if (signal.aborted) return refused('qr/stopped', 'You stopped this. Nothing was read.');
			onPage(number, pages);
			const page = await document.getPage(number);
			const { width, height } = page.getViewport({ scale: 1 });
			const viewport = page.getViewport({ scale: SIDE / Math.max(width, height, 1) });
			const canvas = globalThis.document.createElement('canvas');
			canvas.width = Math.max(1, Math.round(viewport.width));
			canvas.height = Math.max(1, Math.round(viewport.height));
			await page.render({ canvas, viewport, annotationMode: 0 }).promise;
			const texts = await look(await createImageBitmap(canvas));
			page.cleanup();
			if (texts === undefined) return refused('qr/no-decoder', 'The reader of QR codes could not be started. Restart Holdfast.');
			for (const text of texts) found.add(text);
		}
		return ok([...found]);
	} catch (error) {
		return (error instanceof Error ? PROBLEMS[error.name] : undefined) ?? unreadable;
	} finally {
		worker.destroy();
		thread.terminate();
	}
}
