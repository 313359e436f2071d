import { closeSync, openSync } from 'node:fs';
import { usage } from './errors.ts';
import { readSome } from './secret-input.node.ts';

/** What the service takes (PastedText), in characters; in bytes it can be four times that. */
const MAX_TEXT = 131_072;

/** At most `most` characters and a little more, so that what is too long shows. */
function readAll(fd: number, most: number): string {
	const buffer = Buffer.alloc(most * 4 + 1);
	let length = 0;
	while (length < buffer.length) {
		const got = readSome(fd, buffer, length, buffer.length - length);
		if (got === 0) break;
		length += got;
	}
	return buffer.toString('utf8', 0, length);
}

function readFile(path: string, most: number): string {
	let fd: number | undefined;
	try {
		fd = openSync(path, 'r');
		return readAll(fd, most);
	} catch (cause) {
		throw usage('The file after the @ cannot be read.', cause);
	} finally {
		if (fd !== undefined) closeSync(fd);
	}
}

/** A link, a document or JSON given as an argument, as a file with `@`, or on standard input with `-`. */
export function textArgument(argument: string, most = MAX_TEXT): string {
	const text = argument === '-' ? readAll(0, most) : argument.startsWith('@') ? readFile(argument.slice(1), most) : argument;
	if (text.length > most) throw usage('That is too long to be a link or a document.');
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

/** A contract on a chain, as CAIP-10 writes it: `eip155:1:0x…`. */
export function collectionArgument(text: string): { readonly chainId: number; readonly contract: `0x${string}` } {
	const [, chainId, contract] = /^eip155:([1-9]\d{0,14}):(0x[0-9a-fA-F]{40})$/.exec(text) ?? [];
	if (chainId === undefined || contract === undefined) throw usage('A collection is a chain id and a contract: eip155:1:0x…');
	return { chainId: Number(chainId), contract: contract as `0x${string}` };
}
