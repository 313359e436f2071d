import type { Readable } from 'node:stream';
import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { malformed, tooLarge } from './errors.ts';
import { LIMITS } from './table.ts';

/** Parts of a packed file by name. */
export interface Package {
	readonly names: readonly string[];
	/** @throws TableError `table/malformed` where there is no such part */
	stream(name: string): Promise<Readable>;
	close(): void;
}

const MAX_PARTS = 10_000;

/** Opens a packed file and reads its list of parts. yauzl checks names and sizes against what is unpacked. */
export async function openPackage(path: string): Promise<Package> {
	let zip: ZipFile;
	try {
		zip = await openPromise(path, { autoClose: false });
	} catch (cause) {
		throw malformed('The file is damaged. Save it again.', cause);
	}
	const entries = new Map<string, Entry>();
	let unpacked = 0;
	try {
		if (zip.entryCount > MAX_PARTS) throw tooLarge('The file has more parts than a table needs.');
		for await (const entry of zip.eachEntry()) {
			unpacked += entry.uncompressedSize;
			if (unpacked > LIMITS.unpacked) throw tooLarge('The file unpacks to more than Holdfast reads. Divide it.');
			if (entry.isEncrypted()) throw malformed('The file is protected by a password. Save it without one.');
			entries.set(entry.fileName, entry);
		}
	} catch (error) {
		zip.close();
		throw error instanceof Error && 'code' in error && String(error.code).startsWith('table/')
			? error
			: malformed('The file is damaged. Save it again.', error);
	}
	return {
		names: [...entries.keys()],
		stream: async (name) => {
			const entry = entries.get(name);
			if (!entry) throw malformed('The file lacks a part that such files have. Save it again.');
			return zip.openReadStreamPromise(entry);
		},
		close: () => zip.close(),
	};
}

export interface XmlHandlers {
	/** Local names, without prefix. */
	open?(name: string, attributes: Readonly<Record<string, string>>): void;
	text?(text: string): void;
	close?(name: string): void;
}

const local = (name: string): string => name.slice(name.indexOf(':') + 1);

/**
 * Parses XML as it comes, calling back after each chunk through `between`, which may give out what was gathered. A text or a
 * tag that does not end is refused long before it fills the memory, and so is a document type.
 */
export async function* parseXml<T>(stream: Readable, handlers: XmlHandlers, between: () => Iterable<T>): AsyncGenerator<T, void> {
	const parser = new SaxesParser({ xmlns: false });
	let silent = 0;
	const heard = (): void => {
		silent = 0;
	};
	parser.on('doctype', () => {
		throw malformed('The file holds a document type, which such files do not have.');
	});
	parser.on('opentag', (tag: SaxesTagPlain) => {
		heard();
		handlers.open?.(local(tag.name), tag.attributes);
	});
	parser.on('closetag', (tag: SaxesTagPlain) => {
		heard();
		handlers.close?.(local(tag.name));
	});
	parser.on('text', (text) => {
		heard();
		handlers.text?.(text);
	});
	parser.on('error', (error) => {
		throw malformed('The file is damaged. Save it again.', error);
	});
	const decoder = new TextDecoder('utf-8', { fatal: true });
	let total = 0;
	try {
		for await (const chunk of stream) {
			const bytes = chunk as Buffer;
			total += bytes.length;
			silent += bytes.length;
			if (total > LIMITS.unpacked || silent > 4 << 20) throw tooLarge('The file unpacks to more than Holdfast reads. Divide it.');
			parser.write(decoder.decode(bytes, { stream: true }));
			yield* between();
		}
		parser.write(decoder.decode());
		parser.close();
		yield* between();
	} catch (error) {
		if (error instanceof Error && 'code' in error && String(error.code).startsWith('table/')) throw error;
		throw malformed('The file is damaged. Save it again.', error);
	} finally {
		stream.destroy();
	}
}

/** Reads a small part whole. */
export async function readXml(part: Package, name: string, handlers: XmlHandlers): Promise<void> {
	for await (const _ of parseXml(await part.stream(name), handlers, () => [])) {
		// Nothing is given out.
	}
}

/** The text of an attribute whatever its prefix. */
export function attribute(attributes: Readonly<Record<string, string>>, name: string): string | undefined {
	for (const [key, value] of Object.entries(attributes)) if (key === name || local(key) === name) return value;
	return undefined;
}
