import { createQrDecoder, type QrDecoder } from '@holdfast/qr/decode';
import type { FromReader, ToReader } from './messages.ts';

// Pictures are hostile, and so is what decoders make of them: they are searched here, in a thread of the sandboxed page that has no bridge
// to the wallet. What is found leaves as text.

let decoder: Promise<QrDecoder> | undefined;
let canvas: OffscreenCanvas | undefined;

const post = (message: FromReader): void => globalThis.postMessage(message);

function pixels(picture: ImageBitmap): ImageData | undefined {
	const { width, height } = picture;
	if (canvas?.width !== width || canvas.height !== height) canvas = new OffscreenCanvas(width, height);
	const context = canvas.getContext('2d', { willReadFrequently: true });
	if (!context) return undefined;
	// A transparent picture is one on white.
	context.fillStyle = '#fff';
	context.fillRect(0, 0, width, height);
	context.drawImage(picture, 0, 0);
	picture.close();
	return context.getImageData(0, 0, width, height);
}

async function read({ seq, picture, thorough }: Extract<ToReader, { kind: 'read' }>): Promise<void> {
	try {
		const image = pixels(picture);
		if (!image || !decoder) return post({ kind: 'failed', seq });
		post({ kind: 'read', seq, found: await (await decoder).read(image, { thorough }) });
	} catch {
		post({ kind: 'failed', seq });
	}
}

globalThis.addEventListener('message', ({ data }: MessageEvent<ToReader>) => {
	if (data.kind === 'start') decoder = createQrDecoder(data.wasm);
	else void read(data);
});
