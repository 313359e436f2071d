import { type BenchRow, benchReport } from '@holdfast/testkit';
import { BinaryBitmap, DecodeHintType, HybridBinarizer, QRCodeReader, RGBLuminanceSource } from '@zxing/library';
import jsQR from 'jsqr';
import { decodeQR } from 'qr/decode.js';
import { expect, test } from 'vitest';
import { gallery } from '../test/pictures.ts';
import { wasm } from '../test/wasm.node.ts';
import { createQrDecoder, type QrImage } from './decode.ts';

// How many of the same degraded pictures each decoder reads, and what it takes. 50 of each of seven troubles, made from numbers.

const EACH = Number(process.env.HOLDFAST_BENCH_PICTURES ?? 50);

type Read = (image: QrImage) => string | undefined | Promise<string | undefined>;

const quietly =
	(read: (image: QrImage) => string | undefined): Read =>
	(image) => {
		try {
			return read(image);
		} catch {
			return undefined;
		}
	};

function zxingJs({ width, height, data }: QrImage): string | undefined {
	const grey = Uint8ClampedArray.from({ length: width * height }, (_, index) => data[4 * index] ?? 0);
	const bitmap = new BinaryBitmap(new HybridBinarizer(new RGBLuminanceSource(grey, width, height)));
	return new QRCodeReader().decode(bitmap, new Map([[DecodeHintType.TRY_HARDER, true]])).getText();
}

test('decoders on degraded pictures', { timeout: 1_800_000 }, async () => {
	const decoder = await createQrDecoder(wasm());
	const readers: { readonly [what: string]: Read } = {
		'Holdfast, a still picture': async (image) => (await decoder.read(image, { thorough: true }))[0]?.text,
		'Holdfast, a camera’s picture': async (image) => (await decoder.read(image))[0]?.text,
		jsQR: (image) => jsQR(image.data as Uint8ClampedArray, image.width, image.height)?.data,
		'@zxing/library': quietly(zxingJs),
		qr: quietly((image) => decodeQR(image, { format: 'RGBA', timeLimit: 200 })),
	};
	const names = Object.keys(readers);
	const rows = new Map(names.map((name) => [name, { times: [] as number[], right: 0, wrong: 0 }]));
	const troubles = new Map<string, Map<string, number>>();
	let count = 0;
	for (const { trouble, text, image } of gallery(EACH)) {
		count += 1;
		const of = troubles.get(trouble) ?? new Map(names.map((name) => [name, 0]));
		troubles.set(trouble, of);
		for (const [name, read] of Object.entries(readers)) {
			const row = rows.get(name);
			if (!row) continue;
			const start = performance.now();
			const found = await read(image);
			row.times.push(performance.now() - start);
			if (found === text) {
				row.right += 1;
				of.set(name, (of.get(name) ?? 0) + 1);
			} else if (found !== undefined) row.wrong += 1;
		}
	}
	const share = (part: number, whole: number): string => `${Math.round((100 * part) / whole)} %`;
	benchReport(
		`Reading QR codes from ${count} degraded pictures`,
		[...rows].map(
			([what, { times, right, wrong }]): BenchRow => ({ what, times, beside: names[1] ?? what, note: `${share(right, count)} read, ${wrong} misread` }),
		),
		Object.fromEntries([...troubles].map(([trouble, of]) => [trouble, names.map((name) => share(of.get(name) ?? 0, EACH)).join(' | ')])),
	);
	expect(rows.get(names[0] ?? '')?.right).toBeGreaterThan(rows.get('jsQR')?.right ?? 0);
});
