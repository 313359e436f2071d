import { createWriteStream } from 'node:fs';
import { access, rename, rm } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { HoldfastError } from '@holdfast/kernel';
import { ServiceError } from './errors.ts';
import type { Session } from './session.node.ts';

/**
 * Writes a file into a folder that the user chooses, for its owner's eyes only, and whole or not at all. A file of that name is
 * not replaced: the new one gets a number. Null where no folder was chosen.
 *
 * @throws ServiceError files/not-written, and what `content` throws
 */
export async function writeChosen(
	session: Session,
	name: string,
	content: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>,
	signal?: AbortSignal,
): Promise<string | null> {
	const folder = await session.ports.chooseFolder(`Choose a folder for ${name}`);
	if (folder === null) return null;
	const part = join(folder, `${name}.part`);
	try {
		await pipeline(Readable.from(content), createWriteStream(part, { mode: 0o600, flush: true }), signal ? { signal } : {});
		const path = join(folder, await freeName(folder, name));
		await rename(part, path);
		return path;
	} catch (cause) {
		await rm(part, { force: true }).catch(() => undefined);
		if (cause instanceof HoldfastError) throw cause;
		if (signal?.aborted) throw new ServiceError('files/cancelled', 'You stopped this. Nothing was written.');
		throw new ServiceError('files/not-written', 'The file could not be written. Is there room, and may Holdfast write there?', {}, cause);
	}
}

async function freeName(folder: string, name: string): Promise<string> {
	const ending = extname(name);
	for (let n = 1; ; n += 1) {
		const candidate = n === 1 ? name : `${name.slice(0, -ending.length)}-${n}${ending}`;
		const taken = await access(join(folder, candidate)).then(
			() => true,
			() => false,
		);
		if (!taken) return candidate;
	}
}
