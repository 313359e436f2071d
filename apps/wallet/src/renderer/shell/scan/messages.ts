import type { QrFound } from '@holdfast/qr/decode';

/** What the page sends to the reader's worker, and what comes back. Pictures are handed over, not copied. */
export type ToReader =
	| { readonly kind: 'start'; readonly wasm: ArrayBuffer }
	| { readonly kind: 'read'; readonly seq: number; readonly picture: ImageBitmap; readonly thorough: boolean };

export type FromReader =
	| { readonly kind: 'read'; readonly seq: number; readonly found: readonly QrFound[] }
	/** The picture could not be searched. */
	| { readonly kind: 'failed'; readonly seq: number };
