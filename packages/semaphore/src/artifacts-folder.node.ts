import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openSemaphoreArtifacts, type SemaphoreArtifacts } from './artifacts.ts';
import { SemaphoreError } from './errors.ts';

/** The circuit in a folder with a manifest.json: circuits/semaphore of the repository, or its copy in the app. */
export async function semaphoreArtifactsInFolder(folder: string): Promise<SemaphoreArtifacts> {
	let manifest: unknown;
	try {
		manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
	} catch (cause) {
		throw new SemaphoreError('semaphore/artifact-missing', 'The files for anonymous proofs are missing. Install Holdfast again.', { cause });
	}
	return openSemaphoreArtifacts({ manifest, read: async (path) => new Uint8Array(await readFile(join(folder, path))) });
}
