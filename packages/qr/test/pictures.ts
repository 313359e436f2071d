import type { QrImage } from '../src/decode.ts';
import { encodeQr, type QrMatrix } from '../src/index.ts';

// Pictures of QR codes as a camera or a screenshot might have them, made from numbers alone: the same each time.

/** A small generator (mulberry32): fast, the same everywhere, not for secrets. */
export function numbers(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}

export interface Drawing {
	/** Pixels of a module. */
	readonly scale?: number;
	/** Degrees, clockwise. */
	readonly angle?: number;
	/** How far the far edge is away: 0 is flat, 0.3 makes it about a quarter shorter. */
	readonly tilt?: number;
	/** Box blur of this radius in pixels, twice. */
	readonly blur?: number;
	/** Standard deviation of the noise, in grey levels. */
	readonly noise?: number;
	/** Grey levels of dark and light modules. */
	readonly dark?: number;
	readonly light?: number;
	/** Strength of the stripes that a screen filmed by a camera shows, in grey levels. */
	readonly moire?: number;
	/** How much darker one side is than the other, in grey levels. */
	readonly shade?: number;
	readonly inverted?: boolean;
	readonly seed?: number;
	/** What stands around the code. */
	readonly around?: number;
}

/** Draws a code with its quiet zone, seen by an imaginary camera. */
export function picture(matrix: QrMatrix, drawing: Drawing = {}): QrImage {
	const { scale = 4, angle = 0, tilt = 0, blur = 0, noise = 0, moire = 0, shade = 0, inverted = false, seed = 1 } = drawing;
	const { dark = 20, light = 235, around = inverted ? dark : light } = drawing;
	const { size, modules } = matrix;
	const inner = (size + 8) * scale;
	const side = Math.ceil(inner * (angle % 90 === 0 ? 1 : 1.2)) + 8;
	const [sin, cos] = [Math.sin((angle * Math.PI) / 180), Math.cos((angle * Math.PI) / 180)];
	let grey = new Float32Array(side * side);
	const next = numbers(seed);
	const phase = next() * 6.28;
	const slope = 0.35 + next() * 0.5;
	// Four samples a pixel, as a lens would average them.
	for (let y = 0; y < side; y++) {
		for (let x = 0; x < side; x++) {
			let sum = 0;
			for (const [ox, oy] of [
				[0.25, 0.25],
				[0.75, 0.25],
				[0.25, 0.75],
				[0.75, 0.75],
			] as const) {
				const [dx, dy] = [x + ox - side / 2, y + oy - side / 2];
				const depth = 1 + (tilt * dy) / inner;
				const [u, v] = [(dx * cos + dy * sin) / depth, (dy * cos - dx * sin) / depth];
				const [across, down] = [(u + inner / 2) / scale, (v + inner / 2) / scale];
				if (across < 0 || down < 0 || across >= size + 8 || down >= size + 8) sum += around;
				else sum += (modules[Math.floor(down) - 4]?.[Math.floor(across) - 4] ?? false) !== inverted ? dark : light;
			}
			grey[y * side + x] = sum / 4 - (shade * x) / side + moire * Math.sin(phase + x * slope + y * slope * 0.6);
		}
	}
	for (let round = 0; round < 2 && blur > 0; round++) grey = boxBlur(grey, side, blur);
	const data = new Uint8ClampedArray(4 * side * side);
	for (const [index, value] of grey.entries()) {
		const level = noise === 0 ? value : value + noise * (next() + next() + next() + next() - 2) * 1.73;
		data.fill(level, 4 * index, 4 * index + 3);
		data[4 * index + 3] = 255;
	}
	return { width: side, height: side, data };
}

function boxBlur(grey: Float32Array, side: number, radius: number): Float32Array<ArrayBuffer> {
	const once = (source: Float32Array, step: number, line: number): Float32Array<ArrayBuffer> => {
		const out = new Float32Array(source.length);
		const [whole, rest] = [Math.floor(radius), radius % 1];
		for (let a = 0; a < side; a++) {
			for (let b = 0; b < side; b++) {
				let sum = 0;
				for (let offset = -whole - 1; offset <= whole + 1; offset++) {
					const weight = Math.abs(offset) > whole ? rest : 1;
					sum += weight * (source[a * line + Math.max(0, Math.min(side - 1, b + offset)) * step] ?? 0);
				}
				out[a * line + b * step] = sum / (1 + 2 * radius);
			}
		}
		return out;
	};
	return once(once(grey, 1, side), side, 1);
}

/** Puts pictures beside and under each other on one of `width` × `height`. */
export function collage(
	width: number,
	height: number,
	parts: readonly { readonly image: QrImage; readonly x: number; readonly y: number }[],
	around = 235,
): QrImage {
	const data = new Uint8ClampedArray(4 * width * height).fill(around);
	for (let at = 3; at < data.length; at += 4) data[at] = 255;
	for (const { image, x, y } of parts)
		for (let row = 0; row < image.height; row++) data.set(image.data.subarray(4 * row * image.width, 4 * (row + 1) * image.width), 4 * ((y + row) * width + x));
	return { width, height, data };
}

/** Kinds of trouble, each from slight to bad as `strength` goes from 0 to 1. */
export const TROUBLES: { readonly [name: string]: (strength: number, seed: number) => Drawing } = {
	blur: (s, seed) => ({ scale: 4, blur: 0.6 + 2.4 * s, noise: 4, seed }),
	noise: (s, seed) => ({ scale: 4, noise: 20 + 70 * s, blur: 0.4, seed }),
	perspective: (s, seed) => ({ scale: 4, tilt: 0.15 + 0.6 * s, angle: 40 * numbers(seed)() - 20, noise: 5, blur: 0.4, seed }),
	'low contrast': (s, seed) => ({ scale: 4, dark: 118 - 20 * (1 - s), light: 124 + 30 * (1 - s), noise: 2, shade: 40, blur: 0.4, seed }),
	moire: (s, seed) => ({ scale: 4, moire: 20 + 80 * s, noise: 6, blur: 0.4, seed }),
	small: (s, seed) => ({ scale: 2.4 - 1.1 * s, angle: 30 * numbers(seed)() - 15, noise: 4, seed }),
	'dark mode': (s, seed) => ({
		scale: 4,
		inverted: true,
		dark: 30,
		light: 215 - 100 * s,
		noise: 8 + 20 * s,
		blur: 0.5,
		angle: 60 * numbers(seed)(),
		around: 30,
		seed,
	}),
};

/** `count` pictures of each trouble, with what they say. */
export function* gallery(count: number): Generator<{ readonly trouble: string; readonly text: string; readonly image: QrImage }> {
	for (const [trouble, make] of Object.entries(TROUBLES)) {
		for (let index = 0; index < count; index++) {
			const text = `openid4vp://?client_id=redirect_uri%3Ahttps%3A%2F%2Fverifier.example%2F${index}&request_uri=https%3A%2F%2Fverifier.example%2Fr%2F${index}`;
			yield { trouble, text, image: picture(encodeQr(text), make(index / Math.max(1, count - 1), index + 1)) };
		}
	}
}
