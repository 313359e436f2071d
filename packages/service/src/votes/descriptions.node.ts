import type { DescriptionRow } from '@holdfast/vault';
import { type Descriptor, type DescriptorFile, readDescriptor } from '@holdfast/web3';
import type { Session } from '../session.node.ts';

// How others describe contracts (ERC-7730), in files that the user added.

/** A file that was added, read. */
export interface ReadDescription {
	readonly row: DescriptionRow;
	/** Undefined for a file that others only build on. */
	readonly descriptor: Descriptor | undefined;
}

/**
 * Undefined for a file that has no contract of its own and that others build on.
 * @throws ProposalError web3/bad-descriptor
 */
export function readDescription(file: DescriptorFile, all: readonly DescriptorFile[]): Descriptor | undefined {
	try {
		return readDescriptor(file, all);
	} catch (error) {
		const isCommon = all.some(({ text }) => text.includes('"includes"') && text.includes(file.name));
		if (isCommon) return undefined;
		throw error;
	}
}

export const keptDescriptions = (session: Session): ReadDescription[] => {
	const rows = session.vault.descriptions.list();
	return rows.flatMap((row) => {
		try {
			return [{ row, descriptor: readDescription(row, rows) }];
		} catch {
			// What it builds on was removed since: it stays, and says nothing.
			return [{ row, descriptor: undefined }];
		}
	});
};

/** How the files that the user added describe contracts. */
export const descriptorsOf = (session: Session): Descriptor[] => keptDescriptions(session).flatMap(({ descriptor }) => descriptor ?? []);
