import { Buffer } from 'node:buffer';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Every way in which a program would write a text: UTF-8, UTF-16, base64 and base64url at each of three offsets, hex. */
function spellings(text: string): { utf8: Buffer; others: Buffer[] } {
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
	return { utf8, others: [Buffer.from(text, 'utf16le'), Buffer.from(utf8.toString('hex')), ...encoded.map((each) => Buffer.from(each))] };
}

const isDigit = (byte: number | undefined) => byte !== undefined && byte >= 0x30 && byte <= 0x39;

/** Whether `digits` stand in `content` by themselves: six digits inside of a longer number are chance, and a browser keeps many numbers. */
function hasNumber(content: Buffer, digits: Buffer): boolean {
	for (let at = content.indexOf(digits); at !== -1; at = content.indexOf(digits, at + 1)) {
		if (!isDigit(content[at - 1]) && !isDigit(content[at + digits.length])) return true;
	}
	return false;
}

/** Which of `texts` stand in files below `folder`, in whatever spelling: `file: text`. */
export function foundBelow(folder: string, texts: readonly string[]): string[] {
	const wanted = texts.map((text) => {
		const { utf8, others } = spellings(text);
		const inUtf8 = (content: Buffer) => (/^\d+$/.test(text) ? hasNumber(content, utf8) : content.includes(utf8));
		return { text, stands: (content: Buffer) => inUtf8(content) || others.some((each) => content.includes(each)) };
	});
	return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => {
		if (!entry.isFile()) return [];
		const content = readFileSync(join(entry.parentPath, entry.name));
		return wanted.flatMap(({ text, stands }) => (stands(content) ? [`${entry.name}: ${text}`] : []));
	});
}
