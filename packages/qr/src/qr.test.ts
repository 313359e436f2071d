import { HoldfastError } from '@holdfast/kernel';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { collage, gallery, picture } from '../test/pictures.ts';
import { wasm } from '../test/wasm.node.ts';
import { createQrDecoder, MAX_PIXELS, type QrDecoder, type QrImage } from './decode.ts';
import { classifyQrText, encodeQr, QR_CAPACITY, type QrEcc, type QrMatrix, sizeForDistance } from './index.ts';

let decoder: QrDecoder;
beforeAll(async () => {
	decoder = await createQrDecoder(wasm());
});

/** The texts in a picture that stands still, as far as they are found. */
const textsIn = async (image: QrImage): Promise<string[]> => (await decoder.read(image, { thorough: true })).map((found) => found.text);

function codeOf(work: () => unknown): string {
	try {
		work();
	} catch (error) {
		if (error instanceof HoldfastError) return error.code;
		throw error;
	}
	return 'nothing thrown';
}

describe('round trip', () => {
	test('any text up to 300 characters, at any level', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.string({ minLength: 1, maxLength: 300, unit: 'grapheme' }),
				fc.constantFrom<QrEcc>('low', 'medium', 'quartile', 'high'),
				async (text, ecc) => {
					fc.pre(text.isWellFormed());
					expect(await textsIn(picture(encodeQr(text, { ecc })))).toEqual([text]);
				},
			),
			{ numRuns: 60 },
		);
	});

	test.each([0, 7, 33, 90, 135, 180, 270])('turned by %i degrees', async (angle) => {
		const text = 'openid4vp://?client_id=redirect_uri%3Ahttps%3A%2F%2Fverifier.example%2Fr&request_uri=x';
		expect(await textsIn(picture(encodeQr(text), { angle, scale: 6 }))).toEqual([text]);
	});

	test('light on dark, mirrored, with noise', async () => {
		const text = 'Grüße aus Zürich — 身分証';
		const { size, modules } = encodeQr(text);
		const mirrored: QrMatrix = { size, modules: modules.map((row) => row.toReversed()) };
		for (const drawing of [{ inverted: true }, { noise: 40 }, { inverted: true, angle: 90, noise: 30 }]) {
			expect(await textsIn(picture({ size, modules }, drawing))).toEqual([text]);
			expect(await textsIn(picture(mirrored, drawing))).toEqual([text]);
		}
	});

	test('several codes in one picture, each with its place', async () => {
		const texts = ['first of three', 'https://example.org/second', 'drittens'];
		const parts = texts.map((text, index) => ({ image: picture(encodeQr(text), { angle: 20 * index }), x: 20 + 210 * index, y: 30 * index }));
		const found = await decoder.read(collage(660, 260, parts));
		expect(found.map((each) => each.text).sort()).toEqual([...texts].sort());
		for (const { text, corners } of found) {
			const part = parts[texts.indexOf(text)];
			for (const { x, y } of corners) {
				expect(x).toBeGreaterThan(part?.x ?? 0);
				expect(x).toBeLessThan((part?.x ?? 0) + (part?.image.width ?? 0));
				expect(y).toBeGreaterThan(part?.y ?? 0);
			}
		}
	});

	test('a spot of damage is corrected', async () => {
		const { size, modules } = encodeQr('damaged but readable, thanks to error correction', { ecc: 'high' });
		const middle = Math.floor(size / 2);
		for (let row = middle - 2; row <= middle + 2; row++) for (let column = middle - 2; column <= middle + 2; column++) (modules[row] ?? [])[column] = true;
		expect(await textsIn(picture({ size, modules }))).toEqual(['damaged but readable, thanks to error correction']);
	});

	test('blurred, noisy, tilted, pale, striped, small and dark pictures: most, where a single look reads about half', { timeout: 30_000 }, async () => {
		let [all, quick, thorough] = [0, 0, 0];
		for (const { text, image } of gallery(5)) {
			all += 1;
			if ((await decoder.read(image))[0]?.text === text) quick += 1;
			const texts = await textsIn(image);
			if (texts[0] === text) thorough += 1;
			// A picture that is hard to read is read rightly or not at all.
			else expect(texts).toEqual([]);
		}
		expect(thorough / all).toBeGreaterThan(0.8);
		expect(quick / all).toBeLessThan(0.7);
	});
});

describe('limits', () => {
	test.each(Object.entries(QR_CAPACITY) as [QrEcc, number][])('%s holds %i bytes and not one more', (ecc, capacity) => {
		expect(encodeQr('a'.repeat(capacity), { ecc }).size).toBe(177);
		expect(codeOf(() => encodeQr('a'.repeat(capacity + 1), { ecc }))).toBe('qr/too-long');
	});

	test('a code grows with the distance and with its modules', () => {
		expect(sizeForDistance(25, 300)).toBeCloseTo(30);
		expect(sizeForDistance(25, 1000)).toBeCloseTo(100);
		expect(sizeForDistance(61, 300)).toBeGreaterThan(sizeForDistance(25, 300));
		expect(sizeForDistance(61, 10)).toBeCloseTo(34.5);
	});

	test('counts bytes, not characters, and uses the low level where the text needs the room', () => {
		expect(codeOf(() => encodeQr('é'.repeat(1477)))).toBe('qr/too-long');
		expect(encodeQr('a'.repeat(2953)).size).toBe(177);
		expect(codeOf(() => encodeQr(''))).toBe('qr/empty');
	});

	test('a picture without a code, with wrong sizes, or too large', async () => {
		const white = (width: number, height: number): QrImage => ({ width, height, data: new Uint8Array(width * height * 4).fill(255) });
		const refusal = (image: QrImage): Promise<string> =>
			decoder.read(image).then(
				() => 'nothing thrown',
				(error: unknown) => (error instanceof HoldfastError ? error.code : String(error)),
			);
		expect(await textsIn(white(100, 100))).toEqual([]);
		expect(await textsIn(white(1, 1))).toEqual([]);
		expect(await refusal({ ...white(10, 10), width: 11 })).toBe('qr/bad-image');
		for (const width of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) expect(await refusal({ ...white(10, 10), width })).toBe('qr/bad-image');
		expect(await refusal({ width: MAX_PIXELS, height: 2, data: new Uint8Array(4) })).toBe('qr/too-large');
		expect(await createQrDecoder(new ArrayBuffer(8)).catch((error: unknown) => (error as HoldfastError).code)).toBe('qr/no-decoder');
	});

	test('random pixels give a list', async () => {
		await fc.assert(
			fc.asyncProperty(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }), fc.infiniteStream(fc.nat(255)), async (width, height, bytes) => {
				const data = Uint8Array.from({ length: width * height * 4 }, () => bytes.next().value ?? 0);
				expect(await textsIn({ width, height, data })).toEqual([]);
			}),
			{ numRuns: 30 },
		);
	});
});

describe('classifyQrText', () => {
	test.each([
		['openid-credential-offer://?credential_offer=%7B%7D', 'credential-offer'],
		['OPENID-CREDENTIAL-OFFER://?credential_offer_uri=x', 'credential-offer'],
		['https://issuer.example/o?credential_offer_uri=https%3A%2F%2Fissuer.example%2F1', 'credential-offer'],
		[' {"credential_issuer":"https://issuer.example"}', 'credential-offer'],
		['openid4vp://?client_id=x&request_uri=y', 'presentation-request'],
		['haip-vp://?client_id=x', 'presentation-request'],
		['https://verifier.example/?client_id=x&request_uri=y', 'presentation-request'],
		['eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJ4In0.AAAAAAAAAAAAAAAAAAAAAAAA~WyJh~', 'credential'],
		['did:web:issuer.example', 'did'],
		['did:', 'text'],
		['https://example.org', 'url'],
		['http://[', 'text'],
		['WIFI:T:WPA;S:home;P:secret;;', 'wifi'],
		['bitcoin:1BoatSLRHtKNngkdXEeobR76b53LETtpyT', 'payment'],
		['ethereum:0xfb6916095ca1df60bb79Ce92ce3ea74c37c5d359', 'payment'],
		['BCD\n002\n1\nSCT\n\nRed Cross', 'payment'],
		['BEGIN:VCARD\nVERSION:3.0', 'contact'],
		['mailto:a@example.org', 'email'],
		['tel:+123', 'phone'],
		['otpauth://totp/x?secret=JBSWY3DPEHPK3PXP', 'one-time-password'],
		['upi://pay?pa=x', 'payment'],
		['UR:ORG-HOLDFAST-VP-RESPONSE/1-3/LPAD', 'frame'],
		['javascript:alert(1)', 'text'],
		['data:text/html,<script>', 'text'],
		['file:///etc/passwd', 'text'],
		['constructor:x', 'text'],
		['{"a":1}', 'text'],
		['{', 'text'],
		['', 'text'],
	])('%s is %s', (text, kind) => {
		expect(classifyQrText(text)).toBe(kind);
	});

	test('any text has a kind', () => {
		fc.assert(
			fc.property(fc.string(), (text) => {
				expect(classifyQrText(text)).toMatch(/^[a-z-]+$/);
			}),
		);
		expect(classifyQrText(`{${'['.repeat(60_000)}`)).toBe('text');
		expect(classifyQrText('a'.repeat(1_000_000))).toBe('text');
	});
});
