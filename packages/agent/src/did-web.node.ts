import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DIDDocument } from 'did-resolver';
import { didWebFile, didWebLocation } from './did-web.ts';
import { parseDid } from './document.ts';

/**
 * Writes a did:web document below a web server's root folder and returns the file's path. A reader sees
 * the old document or the new one, never a part: the file is written beside its place and renamed.
 */
export async function publishDidWeb(document: DIDDocument, folder: string, draftName: string): Promise<string> {
	const path = join(folder, ...didWebFile(didWebLocation(parseDid(document.id).id)));
	await mkdir(dirname(path), { recursive: true });
	const draft = `${path}.${draftName}.tmp`;
	try {
		const file = await open(draft, 'w', 0o644);
		try {
			await file.writeFile(`${JSON.stringify(document, null, '\t')}\n`);
			await file.sync();
		} finally {
			await file.close();
		}
		await rename(draft, path);
	} catch (error) {
		await rm(draft, { force: true });
		throw error;
	}
	return path;
}
