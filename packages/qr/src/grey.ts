// Small operations on grey pictures, for a second look at one that could not be read.

/** One byte a pixel, rows from the top. */
export interface Grey {
	readonly width: number;
	readonly height: number;
	readonly data: Uint8Array;
}

interface Rgba {
	readonly width: number;
	readonly height: number;
	readonly data: Uint8Array | Uint8ClampedArray;
}

/** Luminance (ITU-R BT.601), over white where the picture is transparent. */
export function greyOf({ width, height, data: rgba }: Rgba): Grey {
	const data = new Uint8Array(width * height);
	for (let index = 0; index < data.length; index++) {
		const at = 4 * index;
		const light = 0.299 * (rgba[at] ?? 0) + 0.587 * (rgba[at + 1] ?? 0) + 0.114 * (rgba[at + 2] ?? 0);
		const opacity = (rgba[at + 3] ?? 0) / 255;
		data[index] = Math.round(light * opacity + 255 * (1 - opacity));
	}
	return { width, height, data };
}

export function rgbaOf({ width, height, data: grey }: Grey): { readonly width: number; readonly height: number; readonly data: Uint8ClampedArray } {
	const data = new Uint8ClampedArray(4 * grey.length);
	const words = new Uint32Array(data.buffer);
	for (let index = 0; index < grey.length; index++) words[index] = 0xff000000 | ((grey[index] ?? 0) * 0x010101);
	return { width, height, data };
}

/** The darkest and the lightest two per cent become black and white. */
export function stretched({ width, height, data }: Grey): Grey {
	const counts = new Uint32Array(256);
	for (const value of data) counts[value] = (counts[value] ?? 0) + 1;
	const edge = Math.floor(data.length / 50);
	const from = (start: number, step: 1 | -1): number => {
		let value = start;
		for (let seen = counts[value] ?? 0; seen <= edge && value + step >= 0 && value + step < 256; seen += counts[value] ?? 0) value += step;
		return value;
	};
	const low = from(0, 1);
	const range = Math.max(1, from(255, -1) - low);
	return { width, height, data: data.map((value) => Math.max(0, Math.min(255, Math.round(((value - low) * 255) / range)))) };
}

/** Each pixel as the mean of itself and its eight neighbours. */
export function blurred({ width, height, data }: Grey): Grey {
	const rows = new Uint16Array(data.length);
	for (let y = 0; y < height; y++) {
		for (let x = 0; x < width; x++) {
			const at = y * width + x;
			rows[at] = (data[x > 0 ? at - 1 : at] ?? 0) + (data[at] ?? 0) + (data[x < width - 1 ? at + 1 : at] ?? 0);
		}
	}
	const out = new Uint8Array(data.length);
	for (let y = 0; y < height; y++) {
		for (let x = 0; x < width; x++) {
			const at = y * width + x;
			out[at] = ((rows[y > 0 ? at - width : at] ?? 0) + (rows[at] ?? 0) + (rows[y < height - 1 ? at + width : at] ?? 0)) / 9;
		}
	}
	return { width, height, data: out };
}

/** The mean of ever more neighbours: `rounds` of {@link blurred}. */
const softened = (grey: Grey, rounds: number): Grey => (rounds === 0 ? grey : softened(blurred(grey), rounds - 1));

/**
 * Edges made steeper: each pixel moved away from the mean around it (unsharp mask). `fine` rounds of smoothing come first, against
 * noise that is finer than a module; what is the same over `coarse` rounds, such as a shadow, is left as it is.
 */
export function sharpened(grey: Grey, { fine, coarse, amount }: { readonly fine: number; readonly coarse: number; readonly amount: number }): Grey {
	const near = softened(grey, fine);
	const around = softened(near, coarse - fine);
	return { ...grey, data: near.data.map((value, at) => Math.max(0, Math.min(255, value + amount * (value - (around.data[at] ?? 0))))) };
}

/** Twice as wide and high, bilinear. */
export function upscaled({ width, height, data }: Grey): Grey {
	const [w, h] = [2 * width, 2 * height];
	const out = new Uint8Array(w * h);
	for (let y = 0; y < h; y++) {
		const sy = Math.max(0, Math.min(height - 1, y / 2 - 0.25));
		const [y0, fy] = [Math.floor(sy), sy % 1];
		const below = y0 + 1 < height ? width : 0;
		for (let x = 0; x < w; x++) {
			const sx = Math.max(0, Math.min(width - 1, x / 2 - 0.25));
			const [x0, fx] = [Math.floor(sx), sx % 1];
			const right = x0 + 1 < width ? 1 : 0;
			const at = y0 * width + x0;
			const top = (data[at] ?? 0) * (1 - fx) + (data[at + right] ?? 0) * fx;
			const bottom = (data[at + below] ?? 0) * (1 - fx) + (data[at + below + right] ?? 0) * fx;
			out[y * w + x] = top * (1 - fy) + bottom * fy;
		}
	}
	return { width: w, height: h, data: out };
}
