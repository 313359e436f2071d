import { HoldfastError } from '@holdfast/kernel';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { classifyQrText, decodeQr, encodeQr, MAX_PIXELS, QR_CAPACITY, type QrEcc, type QrImage, type QrMatrix } from './index.ts';

interface Drawing {
	readonly scale?: number;
	/** Degrees, clockwise. */
	readonly angle?: number;
	readonly inverted?: boolean;
	/** Grey levels of noise. */
	readonly noise?: number;
}

/** Draws with a quiet zone of 4 modules, turned about the middle, as a camera might see it. */
function draw({ size, modules }: QrMatrix, { scale = 4, angle = 0, inverted = false, noise = 0 }: Drawing = {}): QrImage {
	const inner = (size + 8) * scale;
	const side = Math.ceil(inner * (angle % 90 === 0 ? 1 : Math.SQRT2));
	const [sin, cos] = [Math.sin((angle * Math.PI) / 180), Math.cos((angle * Math.PI) / 180)];
	const data = new Uint8ClampedArray(side * side * 4);
	for (let y = 0; y < side; y++) {
		for (let x = 0; x < side; x++) {
			const [dx, dy] = [x + 0.5 - side / 2, y + 0.5 - side / 2];
			const column = Math.floor((dx * cos + dy * sin + inner / 2) / scale) - 4;
			const row = Math.floor((dy * cos - dx * sin + inner / 2) / scale) - 4;
			const dark = (modules[row]?.[column] ?? false) !== inverted;
			const grey = (dark ? 20 : 235) + ((x * 7919 + y * 104729) % (2 * noise + 1)) - noise;
			data.set([grey, grey, grey, 255], (y * side + x) * 4);
		}
	}
	return { width: side, height: side, data };
}

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
	test('any text up to 300 characters, at any level', () => {
		fc.assert(
			fc.property(fc.string({ minLength: 1, maxLength: 300, unit: 'grapheme' }), fc.constantFrom<QrEcc>('low', 'medium', 'quartile', 'high'), (text, ecc) => {
				fc.pre(text.isWellFormed());
				expect(decodeQr(draw(encodeQr(text, { ecc })), { timeLimitMs: 2000 })).toBe(text);
			}),
			{ numRuns: 60 },
		);
	});

	test.each([0, 7, 33, 90, 135, 180, 270])('turned by %i degrees', (angle) => {
		const text = 'openid4vp://?client_id=redirect_uri%3Ahttps%3A%2F%2Fverifier.example%2Fr&request_uri=x';
		expect(decodeQr(draw(encodeQr(text), { angle, scale: 6 }), { timeLimitMs: 2000 })).toBe(text);
	});

	test('light on dark, and with noise', () => {
		const matrix = encodeQr('Grüße aus Zürich — 身分証');
		for (const drawing of [{ inverted: true }, { noise: 40 }, { inverted: true, angle: 90, noise: 30 }]) {
			expect(decodeQr(draw(matrix, drawing), { timeLimitMs: 2000 })).toBe('Grüße aus Zürich — 身分証');
		}
	});

	test('a spot of damage is corrected', () => {
		const { size, modules } = encodeQr('damaged but readable, thanks to error correction', { ecc: 'high' });
		const middle = Math.floor(size / 2);
		for (let row = middle - 2; row <= middle + 2; row++) for (let column = middle - 2; column <= middle + 2; column++) (modules[row] ?? [])[column] = true;
		expect(decodeQr(draw({ size, modules }), { timeLimitMs: 2000 })).toBe('damaged but readable, thanks to error correction');
	});
});

describe('limits', () => {
	test.each(Object.entries(QR_CAPACITY) as [QrEcc, number][])('%s holds %i bytes and not one more', (ecc, capacity) => {
		expect(encodeQr('a'.repeat(capacity), { ecc }).size).toBe(177);
		expect(codeOf(() => encodeQr('a'.repeat(capacity + 1), { ecc }))).toBe('qr/too-long');
	});

	test('counts bytes, not characters, and uses the low level where the text needs the room', () => {
		expect(codeOf(() => encodeQr('é'.repeat(1477)))).toBe('qr/too-long');
		expect(encodeQr('a'.repeat(2953)).size).toBe(177);
		expect(codeOf(() => encodeQr(''))).toBe('qr/empty');
	});

	test('a picture without a code, with wrong sizes, or too large', () => {
		const white = (width: number, height: number): QrImage => ({ width, height, data: new Uint8Array(width * height * 4).fill(255) });
		expect(codeOf(() => decodeQr(white(100, 100)))).toBe('qr/not-found');
		expect(codeOf(() => decodeQr(white(1, 1)))).toBe('qr/not-found');
		expect(codeOf(() => decodeQr({ ...white(10, 10), width: 11 }))).toBe('qr/bad-image');
		for (const width of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) expect(codeOf(() => decodeQr({ ...white(10, 10), width }))).toBe('qr/bad-image');
		expect(codeOf(() => decodeQr({ width: MAX_PIXELS, height: 2, data: new Uint8Array(4) }))).toBe('qr/too-large');
	});

	test('random pixels give a text or a coded error', () => {
		fc.assert(
			fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }), fc.infiniteStream(fc.nat(255)), (width, height, bytes) => {
				const data = Uint8Array.from({ length: width * height * 4 }, () => bytes.next().value ?? 0);
				expect(['qr/not-found', 'nothing thrown']).toContain(codeOf(() => decodeQr({ width, height, data })));
			}),
			{ numRuns: 40 },
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
		['javascript:alert(1)', 'text'],
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
