import { closeSync, openSync } from 'node:fs';
import { usage } from './errors.ts';
import { readSome } from './secret-input.node.ts';

/** What the service takes (PastedText), in characters; in bytes it can be four times that. */
const MAX_TEXT = 131_072;
const MAX_BYTES = MAX_TEXT * 4;

function readAll(fd: number): string {
	const buffer = Buffer.alloc(MAX_BYTES + 1);
	let length = 0;
	while (length < buffer.length) {
		const got = readSome(fd, buffer, length, buffer.length - length);
		if (got === 0) break;
		length += got;
	}
	return buffer.toString('utf8', 0, length);
}

function readFile(path: string): string {
	let fd: number | undefined;
	try {
		fd = openSync(path, 'r');
		return readAll(fd);
	} catch (cause) {
		throw usage('The file after the @ cannot be read.', cause);
	} finally {
		if (fd !== undefined) closeSync(fd);
	}
}

/** A link, a document or JSON given as an argument, as a file with `@`, or on standard input with `-`. */
export function textArgument(argument: string): string {
	const text = argument === '-' ? readAll(0) : argument.startsWith('@') ? readFile(argument.slice(1)) : argument;
	if (text.length > MAX_TEXT) throw usage('That is too long to be a link or a document.');
	return text.trim();
}

/** A whole number for an option. What range makes sense is the contract's to say. */
export function whole(option: string): (text: string) => number {
	return (text) => {
		if (!/^\d{1,9}$/.test(text)) throw usage(`${option} takes a whole number.`);
		return Number(text);
	};
}

/** JSON for an option, as text, @file or -. */
export function jsonArgument(option: string, argument: string): unknown {
	const text = textArgument(argument);
	try {
		return JSON.parse(text);
	} catch (cause) {
		throw usage(`${option} takes JSON: as it is, @file, or - for standard input.`, cause);
	}
}
