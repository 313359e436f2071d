import { Buffer } from 'node:buffer';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Every way in which a program would write a text: UTF-8, UTF-16, base64 and base64url at each of three offsets, hex. */
function spellings(text: string): Buffer[] {
	const utf8 = Buffer.from(text, 'utf8');
	const encoded = [0, 1, 2].flatMap((offset) => {
		// What stands before and after is unknown, so the first and last characters are left out.
		const shifted = Buffer.concat([Buffer.alloc(offset), utf8]);
		const cut = (encoding: 'base64' | 'base64url') =>
			shifted
				.toString(encoding)
				.replace(/=+$/, '')
				.slice(offset === 0 ? 0 : 4, -2);
		return [cut('base64'), cut('base64url')];
	});
	return [utf8, Buffer.from(text, 'utf16le'), Buffer.from(utf8.toString('hex')), ...encoded.map((each) => Buffer.from(each))];
}

/** Which of `texts` stand in files below `folder`, in whatever spelling: `file: text`. */
export function foundBelow(folder: string, texts: readonly string[]): string[] {
	const wanted = texts.map((text) => ({ text, spellings: spellings(text) }));
	return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => {
		if (!entry.isFile()) return [];
		const content = readFileSync(join(entry.parentPath, entry.name));
		return wanted.flatMap(({ text, spellings: all }) => (all.some((each) => content.includes(each)) ? [`${entry.name}: ${text}`] : []));
	});
}
