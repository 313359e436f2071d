/** A colour as red, green and blue between 0 and 255. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** Reads `#rgb`, `#rrggbb` (and drops the alpha of `#rrggbbaa`); undefined for everything else. */
export function parseHex(text: string): Rgb | undefined {
	const match = /^#([0-9a-f]{3}|[0-9a-f]{6}|[0-9a-f]{8})$/i.exec(text.trim());
	const digits = match?.[1];
	if (!digits) return undefined;
	const long = digits.length === 3 ? [...digits].map((digit) => digit + digit).join('') : digits;
	return [0, 2, 4].map((at) => Number.parseInt(long.slice(at, at + 2), 16)) as unknown as Rgb;
}

/** `#rrggbb`. */
export function toHex(color: Rgb): string {
	return `#${color
		.map((channel) =>
			Math.round(Math.min(255, Math.max(0, channel)))
				.toString(16)
				.padStart(2, '0'),
		)
		.join('')}`;
}

/** Relative luminance between 0 and 1 (WCAG 2.2, definition of "relative luminance"). */
export function luminance([red, green, blue]: Rgb): number {
	const linear = (channel: number) => {
		const part = channel / 255;
		return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
	};
	return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

/** Contrast ratio between 1 and 21 (WCAG 2.2, definition of "contrast ratio"). */
export function contrast(a: Rgb, b: Rgb): number {
	const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
	return (light + 0.05) / (dark + 0.05);
}

/** `amount` of `b` over `a`, in sRGB as a browser composites. */
export function mix(a: Rgb, b: Rgb, amount: number): Rgb {
	return [a[0] + (b[0] - a[0]) * amount, a[1] + (b[1] - a[1]) * amount, a[2] + (b[2] - a[2]) * amount];
}

const LIGHT_INK: Rgb = [255, 253, 248];
const DARK_INK: Rgb = [29, 25, 19];
/** How much of the ink the engraved pattern may put under the text. */
export const PATTERN_STRENGTH = 0.16;
/** A little over AA's 4.5, because text stands on a pattern. */
const ENOUGH = 5;

/** The colours of a document's face. */
export interface Face {
	readonly background: string;
	readonly ink: string;
}

/** Quiet colours for documents whose issuer names none. */
const OWN_COLORS = ['#24415f', '#2f4a3d', '#5b2a33', '#3f3a5c', '#5a4524', '#28484d', '#4a3148', '#39424a'] as const;

/** A number from a text, the same on every machine (FNV-1a, 32 bits). */
export function hashText(text: string): number {
	let hash = 0x811c9dc5;
	for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
	return hash >>> 0;
}

/**
 * Background and ink for a document. The issuer's colours are kept where they can be read: its ink is used only
 * with contrast of at least 5:1 even over the pattern; otherwise ours, light or dark; a background on which neither
 * would do is moved, as little as needed, away from the ink.
 */
export function documentFace(seed: string, background?: string, ink?: string): Face {
	const own = OWN_COLORS[hashText(seed) % OWN_COLORS.length] ?? OWN_COLORS[0];
	const issuers = background === undefined ? undefined : parseHex(background);
	const wished = issuers ?? parseHex(own) ?? DARK_INK;
	const wishedInk = issuers && ink !== undefined ? parseHex(ink) : undefined;
	// The least contrast of the ink with the plain background and with the background under a line of the pattern.
	const legible = (face: Rgb, text: Rgb) => Math.min(contrast(face, text), contrast(mix(face, text, PATTERN_STRENGTH), text));
	if (wishedInk && legible(wished, wishedInk) >= ENOUGH) return { background: toHex(wished), ink: toHex(wishedInk) };
	const text = legible(wished, LIGHT_INK) >= legible(wished, DARK_INK) - 1.5 ? LIGHT_INK : DARK_INK;
	const away: Rgb = text === LIGHT_INK ? [0, 0, 0] : [255, 255, 255];
	let face = wished;
	for (let amount = 0.04; legible(face, text) < ENOUGH && amount <= 1; amount += 0.04) face = mix(wished, away, amount);
	return { background: toHex(face), ink: toHex(text) };
}
