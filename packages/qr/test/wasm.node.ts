import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** The decoder's program, from where its package has it. */
export function wasm(): ArrayBuffer {
	const bytes = readFileSync(createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm'));
	return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
}
