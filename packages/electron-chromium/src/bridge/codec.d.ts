export interface Codec {
	/** Throws `An object could not be cloned.` for what the structured clone algorithm refuses, and for cycles. */
	encode(value: unknown): string;
	// biome-ignore lint/suspicious/noExplicitAny: as with Electron, what comes over IPC has no type until it is parsed.
	decode(text: string): any;
}
export function makeCodec(toBase64: (bytes: Uint8Array) => string, fromBase64: (text: string) => Uint8Array): Codec;
