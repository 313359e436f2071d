import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { CallOutput } from '@holdfast/contract';
import { ServiceError } from '../errors.ts';
import type { Handlers } from '../service.node.ts';
import type { Session } from '../session.node.ts';

/** The canonical string as Aztec publishes it. */
const FILE = 'g1_compressed.dat';
const LARGEST = 256 * 1024 * 1024;

async function status(session: Session): Promise<CallOutput<'proofs.status'>> {
	const found = await session.proofs.referenceString();
	return { ordinary: found?.setup ?? 'none', mayDevelop: session.ports.proofs?.production === false };
}

export const proofHandlers: Handlers<'proofs.status' | 'proofs.importReferenceString' | 'proofs.developReferenceString'> = {
	'proofs.status': (_input, session) => status(session),

	'proofs.importReferenceString': async (_input, session) => {
		const folder = await session.ports.chooseFolder(`Choose the folder that holds ${FILE}`);
		if (folder === null) return status(session);
		const path = join(folder, FILE);
		const size = await stat(path).then(
			(found) => (found.isFile() ? found.size : 0),
			() => 0,
		);
		if (size === 0) throw new ServiceError('proofs/no-file', `There is no file ${FILE} in that folder.`);
		if (size > LARGEST) throw new ServiceError('proofs/too-large', 'That file is larger than any reference string.');
		await session.proofs.importReferenceString(new Uint8Array(await readFile(path)));
		return status(session);
	},

	'proofs.developReferenceString': async (_input, session) => {
		await session.proofs.developReferenceString();
		return status(session);
	},
};
