import { contextName, createSafeService, digestOf, readSafeFile, type SafeFile, type SafeQueue, type SafeService, writeSafeFile } from '@holdfast/web3';
import { z } from 'zod';
import type { Session } from '../session.node.ts';

// Where the transactions of a Safe wait for their owners: here in the vault, and at a service that the owners share, if they have one.

type ContractRef = Parameters<SafeQueue['list']>[0];

const contextOf = ({ chainId, contract }: ContractRef): string => contextName({ kind: 'dao', chainId, contract });

/** Kept as the text that owners hand to each other, and checked as if one of them had handed it in whenever it is read. */
export const safeQueue = (session: Session): SafeQueue => ({
	async list(ref) {
		const files: SafeFile[] = [];
		for (const { file } of session.vault.safeFiles.list(contextOf(ref))) files.push(await readSafeFile(file));
		return files;
	},
	async find(_ref, digest) {
		const row = session.vault.safeFiles.get(digest);
		return row && readSafeFile(row.file);
	},
	async put(ref, file) {
		session.vault.safeFiles.put({ digest: digestOf(file.typedData), context: contextOf(ref), file: writeSafeFile(file), addedAt: session.clock.now() });
		session.changed('votes');
	},
});

// Beside the DAO, not in it: the key is a secret, and the DAO is shown.
const keySetting = (ref: ContractRef): string => `safe.service-key:${contextOf(ref)}`;

export function safeService(session: Session, ref: ContractRef): SafeService | undefined {
	if (!ref.serviceUrl) return undefined;
	const apiKey = session.vault.settings.get(keySetting(ref), z.string().nullable()) ?? undefined;
	return createSafeService({ fetch: session.fetch, url: ref.serviceUrl, ...(apiKey === undefined ? {} : { apiKey }) });
}

export const setServiceKey = (session: Session, ref: ContractRef, key: string | null): void => session.vault.settings.set(keySetting(ref), key);
