import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openArtifacts } from './artifacts.ts';
import { ZkError } from './errors.ts';
import type { Artifacts } from './model.ts';

/** The artifacts in a folder with a manifest.json (circuits/ of the repository, or its copy in the app). */
export async function artifactsInFolder(folder: string, options: { readonly production: boolean }): Promise<Artifacts> {
	let manifest: unknown;
	try {
		manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
	} catch (cause) {
		throw new ZkError('zk/artifact-missing', 'The list of circuits of this installation is missing. Install Holdfast again.', { cause });
	}
	return openArtifacts({ manifest, read: async (path) => new Uint8Array(await readFile(join(folder, path))), production: options.production });
}
